package beside

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"
)

// Ask sends a request to the program at url, whose variables are values, and keeps among
// them what the request saves.
func Ask(ctx context.Context, client *http.Client, url string, r Request, values map[string]string) (Answer, error) {
	payload, err := r.Payload(values)
	if err != nil {
		return Answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, r.Method(), url+Fill(r.Path(), values), bytes.NewReader(payload))
	if err != nil {
		return Answer{}, fmt.Errorf("request %q: %w", r.Name, err)
	}
	req.Header.Set("User-Agent", "beside")
	if payload != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.As != "nobody" {
		req.Header.Set("Authorization", "Bearer "+values[cmp.Or(r.As, "master")])
	}
	for name, value := range r.Headers {
		req.Header.Set(name, Fill(value, values))
	}
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, fmt.Errorf("request %q: %w", r.Name, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		// A stream that its upstream cut may end without an end.
		body = fmt.Appendf(body, "\n\ndata: {\"beside\": \"the connection was broken\"}\n\n")
	}
	r.Saved(body, values)
	return NewAnswer(resp.StatusCode, resp.Header, body, values), nil
}

// Values are the variables that a program's requests begin with.
func Values(master string) map[string]string {
	day := func(n int) string { return time.Now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	return map[string]string{"master": master, "config": configFile, "today": day(0), "tomorrow": day(1)}
}

// configFile is what both programs read.
var configFile, _ = filepath.Abs("testdata/litellm.yaml")
