package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
	"tollgate/providers"
	"tollgate/providers/providertest"
)

// everyOperation is one request for each operation there is. NAME stands for the model and
// ID for a response that it has made; costs says that a vendor may charge for it. An
// operation without a line here fails the tests.
var everyOperation = map[providers.Operation]struct {
	path, body string
	costs      bool
}{
	providers.Chat:        {"/v1/chat/completions", `{"model":"NAME","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}`, true},
	providers.Completions: {"/v1/completions", `{"model":"NAME","max_tokens":50,"prompt":"hi"}`, true},
	providers.Embeddings:  {"/v1/embeddings", `{"model":"NAME","input":"hi"}`, true},

	providers.Responses:            {"/v1/responses", `{"model":"NAME","max_output_tokens":50,"input":"hi"}`, true},
	providers.ResponsesCompact:     {"/v1/responses/compact", `{"model":"NAME","input":[{"role":"user","content":"hi"}]}`, true},
	providers.ResponsesInputTokens: {"/v1/responses/input_tokens", `{"model":"NAME","input":"hi"}`, false},
	providers.ResponsesGet:         {"/v1/responses/ID", "", false},
	providers.ResponsesCancel:      {"/v1/responses/ID/cancel", "", false},
	providers.ResponsesDelete:      {"/v1/responses/ID", "", false},
	providers.ResponsesInputItems:  {"/v1/responses/ID/input_items", "", false},

	providers.Messages:    {"/v1/messages", `{"model":"NAME","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}`, true},
	providers.CountTokens: {"/v1/messages/count_tokens", `{"model":"NAME","messages":[{"role":"user","content":"hi"}]}`, false},

	providers.Transcriptions:   {"/v1/audio/transcriptions", audioForm("NAME", wav(1)), true},
	providers.Translations:     {"/v1/audio/translations", audioForm("NAME", wav(1)), true},
	providers.Speech:           {"/v1/audio/speech", `{"model":"NAME","input":"hello","voice":"v"}`, true},
	providers.ImageGenerations: {"/v1/images/generations", `{"model":"NAME","prompt":"a cat"}`, true},
	providers.ImageEdits:       {"/v1/images/edits", formOf(`name="image"; filename="a.png"`, "x", `name="model"`, "NAME", `name="prompt"`, "a dog"), true},
	providers.ImageVariations:  {"/v1/images/variations", formOf(`name="model"`, "NAME", `name="image"; filename="a.png"`, "x"), true},
	providers.Moderations:      {"/v1/moderations", `{"model":"NAME","input":"hi"}`, false},
	providers.Rerank:           {"/v1/rerank", `{"model":"NAME","query":"a","documents":["b","c"]}`, true},
	providers.Score:            {"/v1/score", `{"model":"NAME","text_1":"a","text_2":["b"]}`, true},
	providers.Tokenize:         {"/tokenize", `{"model":"NAME","prompt":"a"}`, false},
	providers.Detokenize:       {"/detokenize", `{"model":"NAME","tokens":[1]}`, false},
}

// everyOperationConfig has a provider of each price state, and behind each a model of
// every name.
const everyOperationConfig = `
providers:
  gift:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: free }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
  blank: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY }
models:
  "free/*": gift/*
  "paid/*": cloud/*
  "unknown/*": blank/*
  "ceiling/*": { to: blank/*, ceiling_price: { input: 1, output: 10 } }
  paid2: cloud/paid2
`

// ready makes what an operation on a model asks about: a response for those on kept ones,
// which is paid for before anybody is out of money.
func (g *gate) ready(p person, op providers.Operation, model string) (id string) {
	g.t.Helper()
	if !op.Kept() {
		return ""
	}
	a, id := g.respond(p, model, "")
	if a.Status != 200 {
		g.t.Fatalf("%s makes no response: %d %s", model, a.Status, a.Body)
	}
	return id
}

// pathsOf are all paths of the route table that lead to an operation, those without /v1
// and those that name the model included: the one of everyOperation first. NAME stands for
// the model.
func pathsOf(op providers.Operation) []string {
	first := everyOperation[op].path
	paths := []string{first}
	if op.Kept() {
		return paths
	}
	for _, r := range routeTable {
		path := strings.Replace(r.path, "/+/", "/NAME/", 1)
		before, ok := strings.CutSuffix(path, op.Spec().Path)
		if ok && r.method == op.Spec().Method && path != first && (before == "" || before == "/v1" || before == "/v2" || strings.HasSuffix(before, "/NAME")) {
			paths = append(paths, path)
		}
	}
	return paths
}

// each asks for an operation of a model, by one of its paths.
func (g *gate) each(p person, op providers.Operation, path, model, id string) (answer, error) {
	ask := everyOperation[op]
	h := header{"X-Tollgate-End-User": p.endUser}
	if strings.HasPrefix(ask.body, "--XX") {
		h["Content-Type"] = mediaForm
	}
	return g.try(op.Spec().Method, strings.NewReplacer("ID", id, "NAME", model).Replace(path), p.key, strings.ReplaceAll(ask.body, "NAME", model), h)
}

// calls is how many calls for a model reached the upstream, beside those on what it keeps.
func (g *gate) calls(model string) (n int) {
	for _, m := range g.called() {
		if m == model {
			n++
		}
	}
	return n
}

// TestEveryOperationHasARequest: an operation cannot be forgotten here.
func TestEveryOperationHasARequest(t *testing.T) {
	for _, op := range providers.Operations() {
		if everyOperation[op].path == "" {
			t.Errorf("%s has no request in everyOperation", op)
		}
	}
	// Nor can a path to a model.
	var walked []string
	for _, op := range providers.Operations() {
		walked = append(walked, pathsOf(op)...)
	}
	for _, r := range routeTable {
		path := strings.Replace(r.path, "/+/", "/NAME/", 1)
		if r.access == edge.AnyKey && r.method == "POST" && !strings.Contains(path, ":id") && !slices.Contains(walked, path) {
			t.Errorf("no operation is asked for at %s", path)
		}
	}
	if len(everyOperation) != len(providers.Operations()) {
		t.Errorf("%d requests for %d operations", len(everyOperation), len(providers.Operations()))
	}
}

// TestTableA_EveryOperation is table A for all that a client can ask of a model: whatever
// is free is served in every state of every budget, as is what costs nothing at any price;
// what costs is served where it can be held for, and otherwise reaches nobody.
func TestTableA_EveryOperation(t *testing.T) {
	states := []string{"none", "zero", "room", "tight", "spent", "down"}
	// Rows by price, cells by state; where the operation costs.
	rows := map[string][]outcomeA{
		"free":    {servedFree, servedFree, servedFree, servedFree, servedFree, servedFree},
		"paid":    {servedPaid, refused, servedPaid, refused, refused, refusedDown},
		"unknown": {servedNull, refusedNull, refusedNull, refusedNull, refusedNull, refusedNull},
		"ceiling": {servedNull, refused, servedPaid, refused, refused, refusedDown},
	}
	for _, scope := range ledger.Kinds() {
		t.Run(string(scope), func(t *testing.T) {
			t.Parallel()
			for i, state := range states {
				if state == "down" && scope != ledger.Key {
					continue // books that do not answer are not asked in which scope; TestTableA has them all
				}
				t.Run(state, func(t *testing.T) {
					g := start(t, everyOperationConfig)
					p := g.person(control.KeyChange{})
					ids := map[string]string{}
					for price := range rows {
						for _, op := range providers.Operations() {
							name := fmt.Sprintf("%s/%s-%s-0", price, price, op)
							ids[name] = g.ready(p, op, name)
						}
					}
					if state == "tight" {
						g.broke(p, scope, state)
					} else {
						g.bring(p, scope, state)
					}
					before := g.books()
					if state == "down" {
						defer g.blockBooks()()
					}
					g.up.Reset()
					// One path of each operation at a time: all at once hold more than there is
					// room for. No scope is about a path, so one scope has them all.
					for n, more := 0, true; more && (n == 0 || scope == ledger.Key); n++ {
						more = false
						var wg sync.WaitGroup
						for price, cells := range rows {
							for _, op := range providers.Operations() {
								want := cells[i]
								if !everyOperation[op].costs {
									want = servedFree
								}
								if paths := pathsOf(op); n < len(paths) {
									more = true
									if n > 0 && state == "down" && price != "free" {
										continue // each waits until the books are given up
									}
									wg.Go(func() { g.cellOfEvery(p, op, paths[n], fmt.Sprintf("%s-%s-%d", price, op, n), price, ids, want) })
								}
							}
						}
						wg.Wait()
					}
					if now := g.books(); state != "none" && state != "room" && now != before {
						t.Errorf("refused and free calls moved the books from %+v to %+v", before, now)
					}
					if n := g.query("select count(*) from holds"); n != 0 {
						t.Errorf("%d holds are open", n)
					}
					if n := g.query("select count(*) from entries where deployment like 'gift/%'"); n != 0 {
						t.Errorf("%d entries of free models", n)
					}
				})
			}
		})
	}
}

func (g *gate) cellOfEvery(p person, op providers.Operation, path, model, price string, ids map[string]string, want outcomeA) {
	t := g.t
	name := price + "/" + model
	a, err := g.each(p, op, path, name, ids[name])
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	switch {
	case a.Status != want.status:
		t.Errorf("%s: %d, want %d: %.300s", name, a.Status, want.status, a.Body)
	case want.status != 200:
		if n := g.calls(model); n != 0 {
			t.Errorf("%s: refused, and %d calls reached the upstream", name, n)
		}
		// Anthropic's surface has the words of its own.
		if got := a.errorField(t, "type"); op.Spec().Surface == providers.OpenAI && got != want.kind {
			t.Errorf("%s: type %q, want %q: %s", name, got, want.kind, a.Body)
		}
	default:
		if n := g.calls(model); !op.Kept() && n != 1 {
			t.Errorf("%s: %d calls reached the upstream, want 1", name, n)
		}
		if free := price == "free" || !everyOperation[op].costs; free != (a.Header.Get("X-Tollgate-Price") == "free") {
			t.Errorf("%s: price %q", name, a.Header.Get("X-Tollgate-Price"))
		}
		if want == servedPaid {
			if e := g.entry(a.Header.Get("X-Request-Id")); e.Operation != op.String() || e.Cost == nil || *e.Cost <= 0 || *e.Cost > e.Held {
				t.Errorf("%s: booked as %+v", name, e)
			}
		}
	}
}

// TestTableB_EveryOperation is what matters of table B for all that a client can ask of a
// model, by a caller with nothing: where something free can answer it does, alone; nothing
// that costs is called.
func TestTableB_EveryOperation(t *testing.T) {
	t.Parallel()
	const config = everyOperationConfig + `
  alias-free: direct-free
  direct-free: gift/free
  alias-paid: direct-paid
  direct-paid: cloud/paid
  all-free: { targets: [ { to: gift/free, order: 1 }, { to: gift/free2, order: 1 } ] }
  all-paid: { targets: [ { to: cloud/paid, order: 1 }, { to: cloud/paid2, order: 1 } ] }
  mixed: { targets: [ { to: gift/free, order: 1 }, { to: cloud/paid, order: 1, weight: 1000 } ] }
  free-then-paid: [gift/free, cloud/paid]
  paid-then-free: [cloud/paid, gift/free]
  unknown-then-free: [blank/unknown, gift/free]
  paid-then-unknown: [cloud/paid, blank/unknown]
  busy-then-paid: [gift/free-busy, cloud/paid]
`
	served := map[string]bool{"direct-free": true, "alias-free": true, "all-free": true, "mixed": true, "free-then-paid": true, "paid-then-free": true, "unknown-then-free": true,
		"direct-paid": false, "alias-paid": false, "all-paid": false, "paid-then-unknown": false, "busy-then-paid": false}
	for i, scope := range ledger.Kinds() {
		// LiteLLM's clients are told in other words, and nothing else.
		g := audited(t, config+[]string{"", "compatibility: litellm\n"}[i%2])
		g.up.Set("free-busy", providertest.Script{Status: 503, Body: `{"error":{"message":"the engine says no","type":"engine_error","code":null}}`})
		p := g.person(control.KeyChange{})
		g.budget(p, scope, "0")
		before := g.books()
		for model, serves := range served {
			for _, op := range providers.Operations() {
				if op.Kept() || !everyOperation[op].costs {
					continue // these are about one deployment, or free at any
				}
				for _, path := range pathsOf(op) {
					g.up.Reset()
					g.mend()
					a, err := g.each(p, op, path, model, "")
					if err != nil {
						t.Fatal(err)
					}
					if (a.Status == 200) != serves || serves && a.Header.Get("X-Tollgate-Price") != "free" {
						t.Errorf("%s: %s of %s: %d %.300s", scope, path, model, a.Status, a.Body)
					}
					for _, m := range g.called() {
						if !strings.HasPrefix(m, "free") {
							t.Errorf("%s: %s of %s: %s was called, which is not free", scope, path, model, m)
						}
					}
				}
			}
		}
		if now := g.books(); now != before {
			t.Errorf("%s: the books moved from %+v to %+v", scope, before, now)
		}
	}
}
