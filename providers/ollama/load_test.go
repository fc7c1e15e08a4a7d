package ollama

import (
	"context"
	"maps"
	"slices"
	"testing"

	"tollgate/providers"
)

func TestLoad(t *testing.T) {
	for body, want := range map[string][]string{
		`{"models":[{"name":"Llama3:8B","model":"llama3:8b"},{"name":"","model":"qwen3"}]}`: {"llama3:8b", "qwen3:latest"},
		`{"models":[]}`: {},
		`{}`:            {},
	} {
		got, err := load(t.Context(), func(_ context.Context, r providers.Request) (int, []byte, error) {
			if r.Method != "GET" || r.Path != "/api/ps" {
				t.Errorf("%s %s", r.Method, r.Path)
			}
			return 200, []byte(body), nil
		})
		if names := slices.Sorted(maps.Keys(got.Loaded)); err != nil || got.Loaded == nil || got.Requests || !slices.Equal(names, want) {
			t.Errorf("%s: %+v %v", body, got, err)
		}
	}
	for status, body := range map[int]string{404: "no", 200: "no"} {
		if got, err := load(t.Context(), func(context.Context, providers.Request) (int, []byte, error) { return status, []byte(body), nil }); err == nil {
			t.Errorf("%d %s: %+v", status, body, got)
		}
	}
}
