package ollama_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"tollgate/providers"
	"tollgate/providers/ollama"
)

func TestModels(t *testing.T) {
	const tags = `{"models":[
		{"name":"new:8b","details":{"context_length":40960},"capabilities":["completion","tools"]},
		{"name":"Llama3.2:latest"},
		{"name":"embed:latest"},
		{"name":"both:latest"},
		{"name":"oldembed:latest"},
		{"name":"painter:latest"},
		{"name":"gone:latest"},
		{"name":"broken:latest"},
		{"name":"stub:latest"},
		{"model":"gpt-oss:120b-cloud","remote_host":"https://ollama.com:443","details":{"context_length":131072}},
		{"name":"user/glm:cloud"},
		{"name":"user/glm:9b-Cloud"},
		{"name":"old:latest"},
		{"name":"cloud/llama:8b","details":{"context_length":1},"capabilities":["completion"]},
		{}]}`
	shows := map[string]string{
		"Llama3.2:latest": `{"model_info":{"general.architecture":"llama","llama.context_length":131072},"capabilities":["completion"]}`,
		"embed:latest":    `{"model_info":{"general.architecture":"bert","bert.context_length":512},"capabilities":["embedding"]}`,
		"both:latest":     `{"capabilities":["embedding","completion"]}`,
		"oldembed:latest": `{"model_info":{"general.architecture":"bert","bert.context_length":-1,"bert.pooling_type":1}}`,
		"old:latest":      `{"model_info":{"general.architecture":"llama"}}`,
		"painter:latest":  `{"capabilities":["image"]}`,
		"new:8b":          `{"model_info":{"general.architecture":"qwen3","qwen3.context_length":40960},"capabilities":["completion"]}`,
		"cloud/llama:8b":  `{"capabilities":["completion"]}`,
		"stub:latest":     `{"remote_host":"http://10.0.0.7:11434","capabilities":["completion"]}`,
	}
	asked := map[string]int{}
	fetch := func(_ context.Context, r providers.Request) (int, []byte, error) {
		asked[r.Path]++
		switch r.Method + " " + r.Path {
		case "GET /api/tags":
			return 200, []byte(tags), nil
		case "GET /api/ps":
			return 200, []byte(`{"models":[{"name":"llama3.2"},{"model":"embed:latest"}]}`), nil
		case "POST /api/show":
			var ask struct{ Model string }
			if err := json.Unmarshal(r.Body, &ask); err != nil || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s, %v, %v", r.Body, r.Header, err)
			}
			switch s := shows[ask.Model]; {
			case ask.Model == "broken:latest":
				return 500, []byte(`{"error":"unsupported file"}`), nil
			case s != "":
				return 200, []byte(s), nil
			}
			return 404, []byte(`{"error":"model not found"}`), nil
		}
		t.Errorf("asked for %s %s", r.Method, r.Path)
		return 500, nil, nil
	}
	got, err := ollama.New().Models(t.Context(), fetch)
	if err != nil {
		t.Fatal(err)
	}
	want := []providers.Model{
		{ID: "new:8b", Context: 40960},
		{ID: "Llama3.2:latest", Context: 131072, Loaded: true},
		{ID: "embed:latest", Context: 512, Embedder: true, Loaded: true},
		{ID: "both:latest"},
		{ID: "oldembed:latest", Embedder: true},
		{ID: "broken:latest"},
		{ID: "stub:latest", Remote: "10.0.0.7"},
		{ID: "gpt-oss:120b-cloud", Context: 131072, Remote: "ollama.com"},
		{ID: "user/glm:cloud", Remote: "ollama.com"},
		{ID: "user/glm:9b-Cloud", Remote: "ollama.com"},
		{ID: "old:latest"},
		{ID: "cloud/llama:8b", Context: 1},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if asked["/api/show"] != 11 || asked["/api/tags"] != 1 || asked["/api/ps"] != 1 {
		t.Errorf("asked %v", asked)
	}
}

// TestModelsRecorded reads what a real server has said of itself.
func TestModelsRecorded(t *testing.T) {
	dir := "testdata/recorded/"
	tags := readFile(t, dir+"tags/response.txt")
	models, err := ollama.New().Models(t.Context(), func(_ context.Context, r providers.Request) (int, []byte, error) {
		switch r.Path {
		case "/api/tags":
			return 200, tags, nil
		case "/api/ps":
			return 200, readFile(t, dir+"ps/response.txt"), nil
		}
		show := map[string]string{`{"model":"tiny-embed:latest"}`: "show_embed", `{"model":"tiny-tools:latest"}`: "show_tools"}
		return 200, readFile(t, dir+cmp.Or(show[string(r.Body)], "show")+"/response.txt"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]providers.Model{}
	for _, m := range models {
		byID[m.ID] = m
	}
	if m := byID["tiny:latest"]; m.Context != 8192 || !m.Loaded || m.Embedder {
		t.Errorf("%+v", m)
	}
	if m := byID["tiny-embed:latest"]; !m.Embedder || !m.Loaded { // although its tags say completion
		t.Errorf("%+v", m)
	}
}

func TestModelsFails(t *testing.T) {
	broken := errors.New("connection refused")
	for _, at := range []string{"/api/tags", "/api/ps", "/api/show"} {
		for name, fail := range map[string]func() (int, []byte, error){
			"no connection": func() (int, []byte, error) { return 0, nil, broken },
			"garbage":       func() (int, []byte, error) { return 200, []byte("<html>"), nil },
		} {
			_, err := ollama.New().Models(t.Context(), func(_ context.Context, r providers.Request) (int, []byte, error) {
				if r.Path == at {
					return fail()
				}
				return http.StatusOK, []byte(`{"models":[{"name":"a"}]}`), nil
			})
			if err == nil || !strings.Contains(err.Error(), at) {
				t.Errorf("%s at %s: %v", name, at, err)
			}
		}
	}
}

// TestNamesOfTheCloud: by its tag a model is known to run on its maker's machines.
func TestNamesOfTheCloud(t *testing.T) {
	for name, want := range map[string]bool{"glm:cloud": true, "gpt-oss:120b-cloud": true, "user/glm:cloud": true, "cloud": false, "glm:8b": false, "cloud/glm:8b": false, "glm:cloudy": false, "glm-cloud": false} {
		if ollama.Kind().Remote(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
