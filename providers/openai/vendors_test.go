package openai_test

import (
	"context"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"tollgate/providers"
	"tollgate/providers/openai"
)

func TestKinds(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range openai.Kinds() {
		base, err := url.Parse(k.URL)
		switch {
		case k.Name == "" || seen[k.Name] || k.Codec == nil:
			t.Errorf("%q stands twice or lacks something", k.Name)
		case err != nil || base.Host == "" || strings.HasSuffix(k.URL, "/"):
			t.Errorf("%s: URL %q", k.Name, k.URL)
		case k.Local && (k.NeedsKey || k.Catalogue != "" || base.Hostname() != "localhost"):
			t.Errorf("%s: a local server costs nothing and is here", k.Name)
		case k.Local && (k.IdleTimeout <= 0 || k.IdleTimeout >= 5*time.Second):
			t.Errorf("%s: an idle connection may be closed under a call: %v", k.Name, k.IdleTimeout)
		case !k.Local && (!k.NeedsKey || k.Catalogue == "" || base.Scheme != "https"):
			t.Errorf("%s: a hosted vendor takes a key over TLS and has prices", k.Name)
		}
		seen[k.Name] = true
	}
	for _, name := range []string{"openai", "vllm", "llamacpp", "lmstudio", "sglang", "anthropic", "gemini", "mistral", "groq", "deepseek",
		"xai", "together", "fireworks", "cerebras", "perplexity", "deepinfra", "moonshot", "dashscope", "openrouter", "nebius", "sambanova", "cohere"} {
		if !seen[name] {
			t.Errorf("no row %q", name)
		}
	}
}

func TestModels(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []providers.Model
	}{
		"vLLM with an adapter": {`{"data":[{"id":"base","root":"/secret","max_model_len":1024},{"id":"lora","root":"/secret/l","parent":"base","max_model_len":null}]}`,
			[]providers.Model{{ID: "base", Context: 1024}, {ID: "lora"}}},
		"OpenRouter":      {`{"data":[{"id":"a/b","context_length":131072}]}`, []providers.Model{{ID: "a/b", Context: 131072}}},
		"Groq":            {`{"object":"list","data":[{"id":"x","context_window":8192}]}`, []providers.Model{{ID: "x", Context: 8192}}},
		"a bare list":     {` [{"id":"t","context_length":-5},{"id":7},{}]`, []providers.Model{{ID: "t"}}},
		"none":            {`{"data":[]}`, []providers.Model{}},
		"an odd context":  {`{"data":[{"id":"x","max_model_len":"4096"},{"id":"y","max_model_len":1.5}]}`, []providers.Model{{ID: "x"}, {ID: "y"}}},
		"another list":    {`[1,2]`, nil},
		"another object":  {`{"models":[]}`, nil},
		"deep":            {strings.Repeat("[", 1<<20), nil},
		"an empty list":   {`[]`, nil},
		"not JSON at all": {`pong`, nil},
	} {
		got, err := openai.New(openai.Quirks{}).Models(t.Context(), func(_ context.Context, r providers.Request) (int, []byte, error) {
			if r.Method != "GET" || r.Path != "/models" {
				t.Errorf("%s %s", r.Method, r.Path)
			}
			return 200, []byte(c.body), nil
		})
		if !reflect.DeepEqual(got, c.want) || (err == nil) != (c.want != nil) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}
