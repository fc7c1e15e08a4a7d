package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers"
	"tollgate/providers/providertest"
)

// answerModelConfig has models whose upstreams call them by another name.
const answerModelConfig = `
providers:
  gift:   { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: free }
  cloud:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
  laptop: { kind: ollama, url: UPSTREAM }
models:
  qwen: gift/Qwen/Qwen3-32B
  gpt: cloud/gpt-2026-11-01
  llama: laptop/llama3.2:3b
  odd: gift/odd
  "all/*": gift/*
  nick: qwen
  broken: cloud/broken
  pool: [cloud/broken, gift/Qwen/Qwen3-32B]
  falls:
    targets: [ { to: cloud/broken, order: 1 }, { to: nick, order: 2 } ]
`

// modelsIn are the names that an answer, or the events of a stream, give to the model.
func modelsIn(a answer) map[string]bool {
	found := map[string]bool{}
	for _, data := range append(a.events(), a.Body) {
		if !gjson.Valid(data) {
			continue
		}
		for _, path := range []string{"model", "response.model", "message.model"} {
			if v := gjson.Get(data, path); v.Exists() {
				found[v.String()] = true
			}
		}
	}
	return found
}

// TestAnswersNameTheModelAsAsked: with the setting every answer of every operation has the
// client's name for the model, whole and as a stream, and nothing else of it changes;
// without it each is the upstream's. The books and the log have the upstream's name in both.
func TestAnswersNameTheModelAsAsked(t *testing.T) {
	t.Parallel()
	plain, named := start(t, answerModelConfig), start(t, answerModelConfig+"answer_model: asked\n")
	p, q := plain.person(control.KeyChange{}), named.person(control.KeyChange{})
	streamed := map[providers.Operation]bool{providers.Chat: true, providers.Completions: true, providers.Responses: true, providers.Messages: true, providers.Transcriptions: true}
	for model, theirs := range map[string]string{"qwen": "Qwen/Qwen3-32B", "nick": "Qwen/Qwen3-32B", "gpt": "gpt-2026-11-01", "llama": "llama3.2:3b", "all/some/thing": "some/thing"} {
		for _, g := range []*gate{plain, named} {
			g.up.Set(theirs, providertest.Script{ChunkedText: true})
		}
		for _, op := range providers.Operations() {
			if model == "llama" && op != providers.Chat && op != providers.Embeddings {
				continue // the scripted upstream speaks no more of Ollama's dialect
			}
			for _, stream := range []bool{false, true} {
				if stream && !streamed[op] {
					continue
				}
				what := fmt.Sprintf("%s of %s, stream %v", op, model, stream)
				was, is := plain.asked(p, op, model, stream), named.asked(q, op, model, stream)
				if was.Status != 200 || is.Status != 200 {
					t.Errorf("%s: %d %s, %d %s", what, was.Status, was.Body, is.Status, is.Body)
					continue
				}
				before, after := modelsIn(was), modelsIn(is)
				if len(before) == 0 || op == providers.Moderations {
					if len(after) != len(before) || after[model] {
						t.Errorf("%s: the upstream's answer names %v, with the setting %v", what, before, after)
					}
					continue
				}
				if len(before) != 1 || !before[theirs] || len(after) != 1 || !after[model] {
					t.Errorf("%s: named %v without the setting and %v with it, want %s and %s", what, before, after, theirs, model)
				}
				if a, b := strings.ReplaceAll(was.Body, `"`+theirs+`"`, `"`+model+`"`), is.Body; a != b && !op.Kept() && op != providers.Responses && op != providers.ResponsesCompact && model != "llama" {
					t.Errorf("%s: more than the name has changed:\n%s\n%s", what, was.Body, is.Body)
				}
				if is.Header.Get("X-Tollgate-Model") != was.Header.Get("X-Tollgate-Model") {
					t.Errorf("%s: headers differ: %v, %v", what, is.Header, was.Header)
				}
				if id := is.Header.Get("X-Request-Id"); op == providers.Chat {
					named.settled()
					if line := named.line(id); line["answered"] != theirs {
						t.Errorf("%s: the log says that %v has answered, want %s", what, line["answered"], theirs)
					}
					if model == "gpt" && named.entry(id).Answered != theirs {
						t.Errorf("%s: the books say %q", what, named.entry(id).Answered)
					}
				}
			}
		}
	}
}

// asked is the answer to a request of an operation.
func (g *gate) asked(p person, op providers.Operation, model string, stream bool) answer {
	g.t.Helper()
	id := g.ready(p, op, model)
	ask := everyOperation[op]
	body, h := strings.ReplaceAll(ask.body, "NAME", model), header{}
	form := strings.HasPrefix(body, "--XX")
	if form {
		h["Content-Type"] = mediaForm
	}
	switch {
	case stream && form:
		body = "--XX\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n" + body
	case stream:
		body = `{"stream":true,` + body[1:]
	}
	return g.do(op.Spec().Method, strings.ReplaceAll(ask.path, "ID", id), p.key, body, h)
}

// TestAnswersNameWhatTookOver: a client learns that another model has answered, by the
// name that it could ask for.
func TestAnswersNameWhatTookOver(t *testing.T) {
	t.Parallel()
	g := start(t, answerModelConfig+"compatibility: litellm\n")
	g.up.Set("broken", providertest.Script{Status: 500, Body: `{"error":{"message":"no"}}`})
	p := g.person(control.KeyChange{Aliases: &map[string]string{"mine": "gpt", "weak": "broken"}})
	poor := g.person(control.KeyChange{Aliases: &map[string]string{"mine": "gpt"}, BudgetFallback: &[]string{"qwen"}})
	g.budget(poor, ledger.Key, "0")
	for _, c := range []struct {
		what  string
		who   person
		model string
		more  string
		want  string
	}{
		{"nothing", p, "mine", `"fallbacks":["qwen"]`, "mine"},
		{"another deployment", p, "pool", ``, "pool"},
		{"a model of the route", p, "falls", ``, "nick"},
		{"a model of the request", p, "weak", `"fallbacks":["nick"]`, "nick"},
		{"what the key may use for nothing", poor, "mine", ``, "qwen"},
	} {
		for _, stream := range []string{"false", "true"} {
			g.mend()
			a := g.chat(c.who, c.model, strings.TrimPrefix(c.more+`,"stream":`+stream, ","), nil)
			if found := modelsIn(a); a.Status != 200 || len(found) != 1 || !found[c.want] {
				t.Errorf("%s took over, stream %s: %d, named %v, want %s: %s", c.what, stream, a.Status, found, c.want, a.Body)
			}
		}
	}
}
