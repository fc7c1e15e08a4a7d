package beside

import (
	"bufio"
	"bytes"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Answer is what a program answered, without what changes from run to run: in place of
// times, ids, secrets and addresses stand words in angle brackets.
type Answer struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"` // those that a client may look at, in lower case
	Body    any               `json:"body,omitempty"`    // of JSON
	Events  []Event           `json:"events,omitempty"`  // of a stream
	Text    string            `json:"text,omitempty"`    // of anything else
}

// Event is one of a stream of server-sent events.
type Event struct {
	Name string `json:"name,omitempty"`
	Data any    `json:"data"` // JSON, or the text that is none, such as "[DONE]"
}

// NewAnswer takes an answer apart. values are the program's variables, which its
// answers are told by.
func NewAnswer(status int, header http.Header, body []byte, values map[string]string) Answer {
	c := newCleaner(values)
	a := Answer{Status: status, Headers: map[string]string{}}
	for name, all := range header {
		if name = strings.ToLower(name); looked(name) {
			a.Headers[name] = c.header(name, all[0])
		}
	}
	var v any
	switch kind, _, _ := mime.ParseMediaType(header.Get("Content-Type")); {
	case kind == "text/event-stream":
		a.Events = c.events(body)
	case decode(body, &v) == nil:
		a.Body = c.value("", v)
	case strings.HasPrefix(kind, "audio/") || !utf8.Valid(body):
		a.Text = "<bytes>"
	default:
		a.Text = c.text(string(body))
	}
	return a
}

// decode keeps numbers as they were written.
func decode(body []byte, v *any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	return dec.Decode(v)
}

var headersLookedAt = []string{"content-type", "retry-after", "www-authenticate", "location", "allow", "rate_limit_type", "reset_at", "x-should-retry"}

func looked(name string) bool {
	return slices.Contains(headersLookedAt, name) || strings.HasPrefix(name, "x-litellm-") ||
		strings.HasPrefix(name, "x-ratelimit-") || strings.HasPrefix(name, "llm_provider-")
}

// cleaner replaces what changes from run to run.
type cleaner struct{ known *strings.Replacer }

func newCleaner(values map[string]string) cleaner {
	// The longest first, so that no value is cut by another that begins it.
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int { return len(values[b]) - len(values[a]) })
	var pairs []string
	for _, name := range names {
		if len(values[name]) >= 16 { // shorter ones were chosen by the requests
			pairs = append(pairs, values[name], "<"+name+">")
		}
	}
	return cleaner{strings.NewReplacer(pairs...)}
}

// The order counts: a time holds a date, and a path may hold anything.
var replaced = []struct {
	form *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`(?:/[\w.-]+)+/(site-packages|lib/python[\d.]+)/`), "<python>/"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d| UTC)?`), "<time>"},
	{regexp.MustCompile(`\b20\d\d-\d\d-\d\d\b`), "<date>"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<uuid>"},
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "<hash>"},
	{regexp.MustCompile(`\bsk-\.\.\.\S{4}`), "sk-...<last>"},
	{regexp.MustCompile(`\bsk-[A-Za-z0-9_-]{20,}`), "<key>"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "<address>"},
	{regexp.MustCompile(`\b0x[0-9a-f]{8,}`), "<pointer>"},
	{regexp.MustCompile(`\b(chatcmpl|cmpl|resp|msg)[-_][A-Za-z0-9_=-]{12,}`), "$1-<id>"},
}

func (c cleaner) text(s string) string {
	s = c.known.Replace(s)
	for _, r := range replaced {
		s = r.form.ReplaceAllString(s, r.by)
	}
	return s
}

func (c cleaner) header(name, value string) string {
	if strings.HasSuffix(name, "-ms") || strings.HasPrefix(name, "x-litellm-timing") {
		return "<ms>"
	}
	if name == "llm_provider-date" {
		return "<time>"
	}
	return c.text(value)
}

// changing are the members whose values are durations of this run, or ciphers.
var changing = regexp.MustCompile(`_ms$|^duration$|^latency|^average_response_time|_seconds$|^uptime|^pid$`)

// cleanNumber stands for a number that changes from run to run.
const cleanNumber = "<number>"

// earliest is the first second that is taken for a time: 2020.
const earliest = 1577836800

func (c cleaner) value(key string, v any) any {
	switch x := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(x))
		for k, member := range x {
			out[c.text(k)] = c.value(k, member)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = c.value(key, e)
		}
		return out
	case string:
		return c.text(x)
	case json.Number:
		if f, err := x.Float64(); err == nil && (f >= earliest && f < 3*earliest || changing.MatchString(key) && f != 0) {
			return cleanNumber
		}
		return x
	}
	return v
}

func (c cleaner) events(body []byte) []Event {
	var events []Event
	var name string
	lines := bufio.NewScanner(bytes.NewReader(body))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			name = value
		case "data":
			var v any
			if decode([]byte(value), &v) != nil || value == "[DONE]" {
				v = c.text(value)
			}
			events = append(events, Event{name, c.value("", v)})
			name = ""
		}
	}
	return events
}
