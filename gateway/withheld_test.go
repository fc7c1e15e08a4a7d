package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/toll"
	"tollgate/providers"
)

// torn are books that have room for every call and do not take the first end of a request's.
type torn struct {
	closedBooks
	ended sync.Map // by request
	after func()   // an end was not taken; nil: nothing
}

func (b *torn) Reserve(_ context.Context, h ledger.Hold) ([]ledger.Standing, error) {
	return make([]ledger.Standing, len(h.Claims)), nil
}

func (b *torn) Settle(_ context.Context, e ledger.Entry) error {
	if _, before := b.ended.LoadOrStore(e.Hold.Facts.RequestID, true); !before {
		if b.after != nil {
			b.after()
		}
		return fmt.Errorf("%w: torn", ledger.ErrUnavailable)
	}
	return nil
}

func (b *torn) Release(context.Context, ledger.Hold) error { return nil }

// TestWithheldAnswerGivesWayToAFreeOne: an answer that the books did not take is not given
// out and will be charged. What is free needs no books and is served in its place; nobody
// pays for a second one, and where nothing answers this is what is told.
func TestWithheldAnswerGivesWayToAFreeOne(t *testing.T) {
	books := &torn{}
	g, who, up := newGate(t, books, 1e15)
	for name, c := range map[string]struct {
		model  string
		deny   bool     // the client takes nothing else
		key    []string // what its key names for want of money
		free   bool     // a free one answers
		called string
	}{
		"the next is free":     {model: "paidfirst", free: true, called: "gpt-5 a"},
		"one of the tier is":   {model: "mixed", free: true, called: "gpt-5 a"},
		"the last is":          {model: "paidtwicefirst", free: true, called: "gpt-5 a"},
		"the key's is":         {model: "paid", key: []string{"vllm"}, free: true, called: "gpt-5 a"},
		"the key's costs":      {model: "paid", key: []string{"paidtwice"}, called: "gpt-5"},
		"nothing else":         {model: "paid", called: "gpt-5"},
		"all cost":             {model: "paidtwice", called: "gpt-5"},
		"the free one fails":   {model: "invain", called: "gpt-5 down"},
		"the client denies it": {model: "paidfirst", deny: true, called: "gpt-5"},
		"and its key's":        {model: "paid", deny: true, key: []string{"vllm"}, called: "gpt-5"},
	} {
		up.Reset()
		g.Balancer.Mend()
		req := request(t, providers.Chat, c.model, false, who)
		req.ID = name
		key := *who.Key
		key.BudgetFallback = c.key
		req.Who.Key, req.NoFallback = &key, c.deny
		reply, err := g.Do(&gateway.Lifetime{}, req)
		var called []string
		for _, call := range up.Calls() {
			called = append(called, call.Model)
		}
		if c.model == "mixed" && !slices.Contains(called, "gpt-5") {
			continue // one in a thousand
		}
		switch {
		case strings.Join(called, " ") != c.called:
			t.Errorf("%s: %v were called", name, called)
		case c.free && (err != nil || reply.State != "free" || !slices.Equal(reply.Tried, []string{"cloud/gpt-5=books_unavailable"}) || reply.Attempts != 2):
			t.Errorf("%s: %+v, %v", name, reply, err)
		case !c.free && !errors.Is(err, toll.ErrUnsettled):
			t.Errorf("%s: %v", name, err)
		}
		if _, tried := gateway.TriedOf(err); !c.free && !slices.Contains(tried, "cloud/gpt-5=books_unavailable") {
			t.Errorf("%s: tried %v", name, tried)
		}
	}
}

// TestWithheldAnswerWhoseTimeIsUp: the time that a request has may be over while the books
// are waited for. That is not what it has failed for: whoever asked again would pay again.
func TestWithheldAnswerWhoseTimeIsUp(t *testing.T) {
	books := &torn{}
	g, who, _ := newGate(t, books, 1e15)
	var life gateway.Lifetime
	books.after = func() { life.End(gateway.OutOfTime(time.Second)) }
	if _, err := g.Do(&life, request(t, providers.Chat, "paidfirst", false, who)); !errors.Is(err, toll.ErrUnsettled) || providers.AsError(err) != nil {
		t.Error(err)
	}
}
