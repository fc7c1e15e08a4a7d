package toll

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
	"tollgate/providers/openai"
	"tollgate/providers/wire"
)

// TestBackgroundPlaces: so many calls are followed and no more; one that ends makes room.
func TestBackgroundPlaces(t *testing.T) {
	var f following
	f.start()
	defer f.close()
	var leave func()
	for i := range MaxBackground {
		if leave = f.take(); leave == nil {
			t.Fatalf("no place for call %d", i+1)
		}
	}
	if f.take() != nil {
		t.Fatalf("a place for call %d", MaxBackground+1)
	}
	leave()
	if f.take() == nil || f.take() != nil {
		t.Fatal("one that left does not make room for one")
	}
}

// TestFollowingEnds: at the end of the process nobody is followed on, what was is waited for,
// and each call is left as it is to the next process.
func TestFollowingEnds(t *testing.T) {
	g, _, _, _ := gate(t, 0)
	g.dispatch = &dispatch.Dispatcher{}
	left := 0
	follow := func() *noted {
		m, hold := metering(t, providers.Responses, `{"model":"m","input":"hello"}`, catalog.Deployment{Provider: &catalog.Provider{}})
		m.toll, m.running = g, "resp_1"
		m.slot = func() { time.Sleep(50 * time.Millisecond); left++ }
		g.followOn(m)
		return hold
	}
	before := follow()
	stop(t, g)
	if left != 1 || len(before.ended) != 0 {
		t.Errorf("%d of one call were left, settled: %+v", left, before.ended)
	}
	after := follow()
	if left != 2 || len(after.ended) != 0 {
		t.Errorf("once nobody follows: %d of one call were left, settled: %+v", left-1, after.ended)
	}
}

// TestResume: a call that went on without a process is corrected to what it has used, at the
// price that it was admitted at; where that is not the price any more, or nothing is told, it
// stays uncertain.
func TestResume(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "GET /responses/done":
			_, _ = io.WriteString(w, `{"id":"done","status":"completed","output":[],"usage":{"input_tokens":10,"output_tokens":3,"total_tokens":13}}`)
		case "GET /responses/silent":
			_, _ = io.WriteString(w, `{"id":"silent","status":"completed","output":[]}`)
		case "GET /responses/lost":
			http.NotFound(w, r)
		default:
			t.Errorf("asked for %s %s", r.Method, r.URL.Path)
		}
	}))
	defer srv.Close()
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	dep := &catalog.Deployment{ID: "up/m", Provider: &catalog.Provider{Name: "up", Base: base, FirstByte: time.Minute, Gap: time.Minute,
		Kind: providers.Kind{Codec: openai.New(openai.Quirks{Has: providers.Operations()})}}}
	price := func(version string) accounting.Priced {
		p, err := accounting.NewPriced(accounting.Tariff{Version: version, Rates: accounting.Rates{accounting.Input: 1_000_000, accounting.Output: 1_000_000}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	same, other := price("v"), price("w")
	find := func(model, deployment string) catalog.Candidate {
		if deployment != "up/m" {
			t.Errorf("looked for %s", deployment)
		}
		return map[string]catalog.Candidate{
			"paid": catalog.Paid{Deployment: dep, Price: same}, "ceiling": catalog.Unpriced{Deployment: dep, Ceiling: &same},
			"dearer": catalog.Paid{Deployment: dep, Price: other}, "unpriced": catalog.Unpriced{Deployment: dep}, "free": catalog.Free{Deployment: dep},
		}[model]
	}
	for _, full := range []bool{false, true} {
		g, b, log, _ := gate(t, 0)
		b.set(false)
		g.dispatch = &dispatch.Dispatcher{}
		calls := map[string]bool{"paid done": true, "ceiling done": true, "paid silent": false, "paid lost": false, "dearer done": false, "unpriced done": false, "free done": false, "gone done": false}
		var all []ledger.Going
		for id := range calls {
			r, err := g.ledger.Reserve(t.Context(), attemptOf(id), quote(t, 50))
			if err != nil {
				t.Fatal(err)
			}
			model, running, _ := strings.Cut(id, " ")
			all = append(all, ledger.Going{Hold: ledger.Hold{ID: id, At: begun, PriceVersion: "v", Facts: ledger.Facts{RequestID: "r-" + id, Model: model, Deployment: "up/m"}, Progress: ledger.Progress{Running: running}}, Reservation: r})
		}
		if full {
			for range MaxBackground {
				g.follow.take()
			}
		}
		g.Resume(all, find)
		g.follow.all.Wait()
		entries := b.posted()
		for _, e := range entries {
			if !calls[e.Hold.ID] || full || e.Outcome.Cost.Total != 13 || e.Outcome.Source != accounting.Reported || e.Outcome.Status != "ok" {
				t.Errorf("full %v: %+v", full, e)
			}
		}
		if want := 2; !full && len(entries) != want || log.has("too many are followed") != full || !log.has("what it costs is not known any more") || log.has("no usage to tell") == full {
			t.Errorf("full %v: %d entries; the log: %s", full, len(entries), log.b.String())
		}
		if n := len(g.follow.places); !full && n != 0 {
			t.Errorf("%d places are taken", n)
		}
		stop(t, g)
		g.dispatch.Close()
	}
}

// broken is a dialect whose requests cannot be written.
type broken struct{ providers.Codec }

func (broken) Supports(providers.Operation) bool { return true }
func (broken) Encode(providers.Call, providers.Target) (providers.Request, error) {
	panic("an index out of range")
}

// TestCallsThatAreNotSent leave no hold behind: one too many to be followed holds nothing, and
// one that ends in a panic, which goes on to whoever recovers, is booked as uncertain.
func TestCallsThatAreNotSent(t *testing.T) {
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1_000_000, accounting.Output: 1_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	g, b, _, _ := gate(t, 0)
	defer stop(t, g)
	b.set(false)
	g.dispatch = &dispatch.Dispatcher{}
	body, err := wire.ParseObject([]byte(`{"model":"m","input":"hello"}`))
	if err != nil {
		t.Fatal(err)
	}
	c := catalog.Paid{Deployment: &catalog.Deployment{ID: "up/m", DefaultOutput: 10, Provider: &catalog.Provider{Kind: providers.Kind{Codec: broken{}}}}, Price: price}
	call := Call{Call: providers.Call{Operation: providers.Responses, AttemptID: "one", Body: body}, Params: wire.Params{Choices: 1, InputBound: 5, Background: true}, Who: access.Principal{Key: &access.Key{ID: "k"}}, Model: "m"}
	for range MaxBackground {
		g.follow.take()
	}
	if _, err := g.Paid(t.Context(), c, call); !errors.Is(err, ErrBackgroundFull) || !slices.Equal(b.released, []string{"one"}) || len(b.holds) != 0 {
		t.Errorf("one too many: %v, released %q, %d holds", err, b.released, len(b.holds))
	}
	call.AttemptID, call.Params.Background = "two", false
	func() {
		defer func() {
			if v := recover(); v != "an index out of range" {
				t.Errorf("it went on as %v", v)
			}
		}()
		_, _ = g.Paid(t.Context(), c, call)
	}()
	if all := b.posted(); len(all) != 1 || all[0].Hold.ID != "two" || all[0].Outcome.Status != "panic" || all[0].Outcome.Source != accounting.Uncertain || len(b.holds) != 0 {
		t.Errorf("a panic: %+v, %d holds", all, len(b.holds))
	}
}
