package main

import (
	"context"
	"sync/atomic"
	"testing"

	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestT14_SlotsComeBack: whichever way a request ends, its slot is free again.
func TestT14_SlotsComeBack(t *testing.T) {
	t.Parallel()
	g := start(t, limitsConfig)
	p := g.person(control.KeyChange{})
	g.limit(per(scope.Key, p.keyID, -1, -1, 1))
	stream := `"stream":true`
	text := providertest.Script{Text: "one two three four"}
	with := func(change func(*providertest.Script)) providertest.Script {
		s := text
		change(&s)
		return s
	}
	call := func(model, extra string) func() {
		return func() { g.chat(p, model, extra, nil) }
	}
	leave := func(model, extra string, began func(*live)) func() {
		return func() {
			g.up.Reset()
			if began == nil {
				_, cancel := g.background(p, "/v1/chat/completions", chatBody(p, model, extra))
				g.arrived(1)
				cancel()
				return
			}
			l := g.open(p, "/v1/chat/completions", chatBody(p, model, extra))
			began(l)
			l.cancel()
		}
	}
	for _, model := range []string{"free", "paid"} {
		for name, c := range map[string]struct {
			script providertest.Script
			do     func()
		}{
			"answered":                {text, call(model, "")},
			"streamed":                {text, call(model, stream)},
			"bad request":             {text, call(model, `"max_tokens":"x"`)},
			"no such model":           {text, call("nothing", "")},
			"upstream 400":            {providertest.Script{Status: 400, Body: "{}"}, call(model, "")},
			"upstream 429":            {providertest.Script{Status: 429, Body: "{}"}, call(model, "")},
			"upstream 500":            {providertest.Script{Status: 500, Body: "{}"}, call(model, "")},
			"upstream 500, streaming": {providertest.Script{Status: 500, Body: "{}"}, call(model, stream)},
			"nonsense":                {providertest.Script{Body: "nonsense"}, call(model, "")},
			"nonsense, streaming":     {providertest.Script{Body: "nonsense"}, call(model, stream)},
			"a whole answer cut":      {with(func(s *providertest.Script) { s.CutAfter = 1 }), call(model, "")},
			"a stream cut":            {with(func(s *providertest.Script) { s.CutAfter = 2 }), call(model, stream)},
			"an error in the stream":  {with(func(s *providertest.Script) { s.ErrorFrameAfter = 2 }), call(model, stream)},
			"no usage":                {with(func(s *providertest.Script) { s.NoUsage = true }), call(model, stream)},
			"client leaves before":    {providertest.Script{Hang: true}, leave(model, "", nil)},
			"client leaves, stream":   {providertest.Script{Hang: true}, leave(model, stream, nil)},
			"client leaves within":    {with(func(s *providertest.Script) { s.HangAfter = 2 }), leave(model, stream, func(l *live) { l.next() })},
			"client leaves unread":    {with(func(s *providertest.Script) { s.HangAfter = 3 }), leave(model, stream, func(*live) {})},
			"unreachable":             {text, call("dead", "")},
			"elsewhere":               {text, call("dead-first", stream)},
		} {
			g.mend()
			g.up.Set(model, c.script)
			c.do()
			g.up.Set(model, providertest.Script{})
			g.eventually(model+", "+name+": the slot comes back", func() bool { return g.chat(p, "free2", "", nil).Status == 200 })
		}
	}
	for _, extra := range []string{"", stream} {
		for _, script := range []providertest.Script{{Hang: true}, with(func(s *providertest.Script) { s.HangAfter = 1 })} {
			g.mend()
			g.up.Set("late", script)
			g.chat(p, "late", extra, nil)
			if a := g.chat(p, "free2", "", nil); a.Status != 200 {
				t.Errorf("after a deadline of ours: %d %s", a.Status, a.Body)
			}
		}
	}
	t.Run("refused for money", func(t *testing.T) {
		b := g.budget(p, scope.User, "0")
		if a := g.chat(p, "paid", "", nil); a.errorField(t, "code") != "budget_exceeded" {
			t.Errorf("%s", a.Body)
		}
		if a := g.chat(p, "free2", "", nil); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if err := g.srv.control.DeleteBudget(context.Background(), b.ID); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("the books are down", func(t *testing.T) {
		release := g.blockBooks()
		if a := g.chat(p, "paid", "", nil); a.Status != 503 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if a := g.chat(p, "free2", "", nil); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		release()
	})
}

// TestT14_SlotsComeBackAfterAPanic: in the middle of everything, before and within an
// answer.
func TestT14_SlotsComeBackAfterAPanic(t *testing.T) {
	t.Parallel()
	panicking := &panicRecorder{}
	g := startWith(t, limitsConfig, func(s *server) {
		panicking.next = s.gateway.Recorder
		s.gateway.Recorder = panicking
	})
	p := g.person(control.KeyChange{})
	g.limit(per(scope.Key, p.keyID, 100, 1000, 1))
	for _, extra := range []string{"", `"stream":true`, `"stream":true,"stream_options":{"include_usage":true}`} {
		for _, script := range []providertest.Script{{}, {Status: 500, Body: "{}"}, {Text: "a b c d", CutAfter: 2}} {
			g.up.Set("free", script)
			panicking.on.Store(true)
			_, _ = g.try("POST", "/v1/chat/completions", p.key, chatBody(p, "free", extra), nil)
			panicking.on.Store(false)
			g.eventually("the slot comes back", func() bool { return g.chat(p, "free2", "", nil).Status == 200 })
		}
	}
	if panicking.times.Load() == 0 {
		t.Fatal("nothing panicked: this test proves nothing")
	}
}

// panicRecorder is a fault in the middle of the program.
type panicRecorder struct {
	next  gateway.Recorder
	on    atomic.Bool
	times atomic.Int64
}

func (r *panicRecorder) Record(x gateway.Record) {
	if r.on.Load() {
		r.times.Add(1)
		panic("a fault")
	}
	r.next.Record(x)
}
