package beside

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Recording is what LiteLLM answered to the requests of a group.
type Recording struct {
	LiteLLM string     `json:"litellm"` // its version
	Group   string     `json:"group"`
	Answers []Recorded `json:"answers"`
}

// Recorded is one request as it was sent, with its variables, and the answer.
type Recorded struct {
	Name    string            `json:"name"`
	Call    string            `json:"call"`
	As      string            `json:"as,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
	Raw     string            `json:"raw,omitempty"`
	Answer  Answer            `json:"answer"`
}

// A list of objects that is longer than longest, in bytes as JSON, is recorded as its
// first four: they show what all of them look like.
const longest = 16 << 10

func shorten(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, member := range x {
			x[k] = shorten(member)
		}
	case []any:
		for i := range x {
			x[i] = shorten(x[i])
		}
		if text, err := json.Marshal(x); err == nil && len(text) > longest && len(x) > 4 {
			return x[:4]
		}
	}
	return v
}

// NewRecorded puts a request and its answer together. Long lists of the answer are
// shortened in it.
func NewRecorded(r Request, a Answer) Recorded {
	a.Body = shorten(a.Body)
	return Recorded{Name: r.Name, Call: r.Call, As: r.As, Headers: r.Headers, Body: r.Body, Raw: r.Raw, Answer: a}
}

func recordedFile(dir, group string) string { return filepath.Join(dir, group+".json") }

// Write writes a recording into a folder.
func (r Recording) Write(dir string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(r); err != nil {
		return err
	}
	return os.WriteFile(recordedFile(dir, r.Group), b.Bytes(), 0o644)
}

// ReadRecording reads the recording of a group from a folder. Numbers stay as they
// were written.
func ReadRecording(dir, group string) (Recording, error) {
	var r Recording
	text, err := os.ReadFile(recordedFile(dir, group))
	if err != nil {
		return r, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&r); err != nil {
		return r, fmt.Errorf("%s: %w", recordedFile(dir, group), err)
	}
	return r, nil
}
