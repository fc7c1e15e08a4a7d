package litellm

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
	"tollgate/providers"
	"tollgate/providers/wire"
)

func FuzzRead(f *testing.F) {
	for _, body := range []string{
		`{}`, `{"model":"m","tags":["a"],"metadata":{"tags":[1],"a":"b"},"store":true}`, `{"tags":1}`, `{"a":1,"timeout":"1e9","b":2}`, `{"fallbacks":[{"m":["x"]},"y"]}`,
		`{"metadata":"{\"user_id\":1}","litellm_metadata":{"user":"u"}}`, `{ "num_retries" : 1 , "mock_x":null , "cache":{} }`, `{"t\u0061gs":1,"x":2}`, `{"metadata":{}}`,
	} {
		f.Add([]byte(body), uint8(providers.Chat), "1")
		f.Add([]byte(body), uint8(providers.Messages), "")
	}
	d := &Dialect{EndUser: []edge.Name{edge.Name("X-User")}, Limits: func(scope.Account) []limits.Rule { return nil }, Budgets: func(scope.Account) []ledger.Budget { return nil }, Now: time.Now}
	f.Fuzz(func(t *testing.T, body []byte, op uint8, header string) {
		before, err := wire.ParseObject(body)
		if err != nil {
			return
		}
		req := gateway.Request{Operation: providers.Operation(op), Body: before, Who: access.Principal{Key: &access.Key{ID: "k"}}}
		if err := d.Read(&req, func(edge.Name) string { return header }, func(edge.Name, string) {}); err != nil {
			return
		}
		after, err := wire.ParseObject(req.Body.Bytes())
		if err != nil {
			t.Fatalf("%q became %q: %v", body, req.Body.Bytes(), err)
		}
		var kept []string
		for _, key := range before.Keys() {
			if wordFor(key) == nil && key != "metadata" {
				kept = append(kept, key)
			}
		}
		var left []string
		for _, key := range after.Keys() {
			if key != "metadata" {
				left = append(left, key)
				was, _ := before.Raw(key)
				if is, _ := after.Raw(key); string(is) != string(was) {
					t.Fatalf("%q became %q", body, req.Body.Bytes())
				}
			}
		}
		if !slices.Equal(kept, left) {
			t.Fatalf("%q became %q", body, req.Body.Bytes())
		}
		if raw, ok := after.Raw("metadata"); ok && raw[0] == '{' {
			inner, err := wire.ParseObject(raw)
			if err == nil && slices.ContainsFunc(inner.Keys(), func(k string) bool { return slices.Contains(inMetadata, k) }) {
				t.Fatalf("%q became %q", body, req.Body.Bytes())
			}
		}
		if w := req.Wishes; w != nil && (len(w.Fallbacks) > maxFallbacks || w.Timeout < 0 || w.Timeout > maxTimeout || w.Retries != nil && (*w.Retries < 0 || *w.Retries > maxRetries)) {
			t.Fatalf("%q asks for %+v", body, w)
		}
		if len(req.Session) > maxLabel || len(req.Labels.ClientRequestID) > maxLabel {
			t.Fatalf("%q: a label of %d bytes", body, len(req.Session))
		}
	})
}

// TestEveryWordIsListed: no word that reads something is without a limit or a meaning; the
// list is the one of the reference.
func TestEveryWordIsListed(t *testing.T) {
	for _, key := range strings.Fields(`tags litellm_metadata guardrails cache fallbacks num_retries timeout litellm_session_id litellm_trace_id
		disable_fallbacks no-log prompt_id prompt_variables enforced_params drop_params mock_response mock_testing_fallbacks mock_timeout mock_delay mock_tool_calls
		litellm_system_prompt litellm_disabled_callbacks litellm_credential_name langfuse_secret_key langfuse_public_key langsmith_api_key humanloop_api_key user_config model_list
		custom_llm_provider api_version turn_off_message_logging merge_reasoning_content_in_choices`) {
		if wordFor(key) == nil {
			t.Errorf("%s would reach an upstream", key)
		}
	}
	for _, key := range strings.Fields(`model messages user stream seed store metadata tools temperature extra_body timeouts mock safety_identifier prompt`) {
		if wordFor(key) != nil {
			t.Errorf("%s is not LiteLLM's", key)
		}
	}
}

// TestEachWordIsSaid: what becomes of a word is told of each, and of nothing else.
func TestEachWordIsSaid(t *testing.T) {
	if have, want := slices.Sorted(maps.Keys(said)), slices.Sorted(maps.Keys(words)); !slices.Equal(have, want) {
		t.Errorf("said of %v, the words are %v", have, want)
	}
}
