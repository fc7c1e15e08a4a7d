package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// marked finds the canaries in a text: the worker, and the request.
var marked = regexp.MustCompile(`cnry-(\d+)-(\d+)-y`)

// foreign says which canaries of a text are not the one that may be there. Without one,
// the first decides.
func foreign(text, own string) (strange []string) {
	for _, m := range marked.FindAllString(text, -1) {
		if own == "" {
			own = m
		}
		if m != own && !slices.Contains(strange, m) {
			strange = append(strange, m)
		}
	}
	return strange
}

// mimic is an upstream that answers with what it was asked, and looks whether what it
// was sent is of one request alone.
func mimic(t *testing.T, calls *atomic.Int64) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost {
			return
		}
		calls.Add(1)
		if strange := foreign(r.URL.String()+fmt.Sprint(r.Header)+string(raw), ""); len(strange) > 0 {
			t.Errorf("an upstream call mixes %v: %v %s", strange, r.Header, raw)
		}
		var b struct {
			Model    string
			Stream   bool
			Messages []struct{ Content string }
			Input    string
		}
		if err := json.Unmarshal(raw, &b); err != nil {
			t.Errorf("%v: %s", err, raw)
			return
		}
		text := b.Input
		for _, m := range b.Messages {
			text += m.Content
		}
		const usage = `"usage":{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000}`
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "up-"+text)
		switch {
		case strings.HasPrefix(b.Model, "broken"):
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":{"message":"cannot answer %s","type":"invalid_request_error","code":null}}`, text)
		case strings.HasSuffix(r.URL.Path, "/embeddings"):
			fmt.Fprintf(w, `{"object":"list","model":%q,"data":[{"object":"embedding","index":0,"embedding":[0.5],"of":%q}],"usage":{"prompt_tokens":1000,"total_tokens":1000}}`, b.Model, text)
		case b.Stream:
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 4 {
				fmt.Fprintf(w, "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%q},\"finish_reason\":null}]}\n\n", fmt.Sprint(i, " ", text))
				_ = http.NewResponseController(w).Flush()
			}
			fmt.Fprintf(w, "data: {\"id\":\"x\",\"choices\":[],%s}\n\ndata: [DONE]\n\n", usage)
		default:
			fmt.Fprintf(w, `{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}],%s}`, text, usage)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// tenant is one of two who share the program.
type tenant struct {
	person
	budget ledger.Budget
	paid   atomic.Int64 // calls of 0.011 USD
	embeds atomic.Int64 // calls of 0.001 USD
}

// TestA33_CanariesNeverCross: 64 clients of two tenants, each on a connection of its own
// that is kept, send thousands of calls of every kind, each call with a canary of its own
// in its path, headers, body and Idempotency-Key. No canary of another call is in any
// answer, upstream call, line of the log or row of the books, and each tenant has paid
// for his own calls to the last nano-dollar (trust.md T33; wire.md 9, case 14).
func TestA33_CanariesNeverCross(t *testing.T) {
	t.Parallel()
	const workers = 64
	each := 32 // 2048 calls; wire.md asks for 10,000, which TOLLGATE_MIXED=157 makes
	if n, err := strconv.Atoi(os.Getenv("TOLLGATE_MIXED")); err == nil {
		each = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var upstream atomic.Int64
	up := mimic(t, &upstream)
	g := audited(t, strings.ReplaceAll(`
providers:
  gpu:   { kind: vllm, url: MIMIC/v1 }
  cloud: { kind: openai, url: MIMIC/v1, key: env:CLOUD_KEY }
models:
  free: gpu/free
  broken: gpu/broken
  paid: { to: cloud/paid, price: { input: 1, output: 10 } }
  broken-paid: { to: cloud/broken, price: { input: 1, output: 10 } }
`, "MIMIC", up.URL))
	tenants := []*tenant{{}, {}}
	for _, one := range tenants {
		one.person = g.person(control.KeyChange{})
		one.budget = g.budget(one.person, ledger.User, "1000000")
	}
	var served, sent atomic.Int64
	var wg sync.WaitGroup
	for worker := range workers {
		of := tenants[worker%2]
		name := fmt.Sprintf("cnry-%d-0-y", worker)
		_, key, err := g.srv.control.CreateKey(t.Context(), control.KeyOwner{UserID: of.user, TeamID: of.team}, control.KeyChange{Name: &name, EndUsers: ptr(true)})
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(worker)))
			client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			mine := &gate{t: t, url: g.url, client: client}
			for n := range each {
				own := fmt.Sprintf("cnry-%d-%d-y", worker, n+1)
				// A body's length differs from call to call, so that what is left of a longer one shows.
				content := own + strings.Repeat(" "+own, rng.IntN(30))
				h := header{"X-Client-Request-Id": own, "User-Agent": "agent/" + own, "X-Tollgate-End-User": own, "X-Other": own}
				if rng.IntN(2) == 0 {
					h["Idempotency-Key"] = own
				}
				method, path, body, want := "POST", "/v1/chat/completions", "", 200
				chat := func(model string, stream bool) {
					body = fmt.Sprintf(`{"model":%q,"stream":%v,"max_tokens":1000,"metadata":{"x":%q},"messages":[{"role":"user","content":%q}]}`, model, stream, own, content)
				}
				calls := int64(1)
				switch rng.IntN(10) {
				case 0:
					chat("free", false)
				case 1:
					chat("free", true)
				case 2:
					chat("paid", false)
					of.paid.Add(1)
				case 3:
					chat("paid", true)
					of.paid.Add(1)
				case 4:
					path, body = "/v1/embeddings", fmt.Sprintf(`{"model":"paid","input":%q}`, content)
					of.embeds.Add(1)
				case 5:
					chat([]string{"broken", "broken-paid"}[rng.IntN(2)], rng.IntN(2) == 0)
					want = 400
				case 6:
					chat("none-"+own, false)
					want, calls = 404, 0
				case 7:
					method, path, want, calls = "GET", "/v1/models/"+own, 404, 0
				case 8:
					chat("free", false)
					body, want, calls = body[:len(body)-1], 400, 0
				case 9:
					method, path, calls = "GET", "/models", 0
				}
				a, err := mine.try(method, path, key, body, h)
				if err != nil || a.Status != want {
					t.Errorf("%s %s of %s: %d %s %v", method, path, own, a.Status, a.Body, err)
					return
				}
				served.Add(1)
				sent.Add(calls)
				if strange := foreign(fmt.Sprint(a.Header)+a.Body, own); len(strange) > 0 {
					t.Errorf("the answer to %s %s of %s has %v: %s", method, path, own, strange, a.Body)
				}
				if calls > 0 && !strings.Contains(a.Body, own) {
					t.Errorf("the answer to %s %s of %s is not its own: %s", method, path, own, a.Body)
				}
			}
		})
	}
	wg.Wait()
	if n := served.Load(); n != int64(workers*each) {
		t.Errorf("%d calls of %d", n, workers*each)
	}
	if a, b := upstream.Load(), sent.Load(); a != b {
		t.Errorf("%d calls reached the upstream, %d were sent", a, b)
	}
	g.settled()
	for i, one := range tenants {
		want := one.paid.Load()*11_000_000 + one.embeds.Load()*1_000_000
		if got := g.posted(one.budget); got != want {
			t.Errorf("tenant %d has paid %d, want %d", i, got, want)
		}
		if got := g.query("select count(*) from entries where user_id = ? and cost > 0", one.user); got != one.paid.Load()+one.embeds.Load() {
			t.Errorf("tenant %d has %d entries, want %d", i, got, one.paid.Load()+one.embeds.Load())
		}
	}
	lines := 0
	for line := range strings.Lines(g.logs.String()) {
		lines++
		if strange := foreign(line, ""); len(strange) > 0 {
			t.Errorf("a line of the log mixes calls: %s", line)
		}
	}
	if int64(lines) < sent.Load() {
		t.Errorf("%d lines of log for %d calls", lines, sent.Load())
	}
	g.eventually("the records are written", func() bool {
		return g.query("select count(*) from entries where end_user like 'cnry-%'") == tenants[0].paid.Load()+tenants[0].embeds.Load()+tenants[1].paid.Load()+tenants[1].embeds.Load()
	})
	db := g.connect()
	defer db.Close()
	rows := must(db.Query("select end_user, count(*) from entries where cost > 0 group by end_user having count(*) > 1"))(t)
	defer rows.Close()
	for rows.Next() {
		var who string
		var n int
		if err := rows.Scan(&who, &n); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%d entries are put down to %s, who made one call", n, who)
	}
	if a := g.do("GET", "/metrics", "", "", nil); marked.MatchString(a.Body) {
		t.Errorf("the metrics have labels of calls: %s", a.Body)
	}
}

func ptr[T any](v T) *T { return &v }
