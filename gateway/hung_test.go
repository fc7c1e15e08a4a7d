package gateway_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway"
)

// hung are books that give no answer until they are let go, whatever those who ask wait for.
type hung struct {
	closedBooks
	let chan struct{}
}

func (b *hung) Standings(_ context.Context, counters []ledger.Counter) ([]ledger.Standing, error) {
	b.calls.Add(1)
	<-b.let
	return make([]ledger.Standing, len(counters)), nil
}

// TestListsDoNotWaitForBooksThatHang: what can be called is listed without them, paid models
// closed; however many ask, the books are not asked by all of them; and once they answer,
// paid models are open.
func TestListsDoNotWaitForBooksThatHang(t *testing.T) {
	books := &hung{let: make(chan struct{})}
	g, who, _ := newGate(t, books, 1e15)
	list := func() map[string]gateway.ModelStatus {
		t.Helper()
		got := make(chan map[string]gateway.ModelStatus, 1)
		go func() {
			by := map[string]gateway.ModelStatus{}
			for _, m := range g.Models(t.Context(), who) {
				by[m.Name] = m
			}
			got <- by
		}()
		select {
		case by := <-got:
			return by
		case <-time.After(20 * time.Second):
			t.Fatal("the list waits for the books")
			return nil
		}
	}
	for range 100 {
		by := list()
		if m := by["paid"]; m.Open || !strings.Contains(m.Why, "books do not answer") {
			t.Fatalf("%+v", m)
		}
		if m := by["vllm"]; !m.Open {
			t.Fatalf("%+v", m)
		}
	}
	if m, err := g.Model(t.Context(), who, "paid"); err != nil || m.Open {
		t.Errorf("%+v %v", m, err)
	}
	if n := books.calls.Load(); n > 2 { // one that has found out, and one that asks whether it is so still
		t.Errorf("the books were asked %d times", n)
	}
	asked := books.calls.Load()
	if m, err := g.Model(t.Context(), who, "vllm"); err != nil || !m.Open || books.calls.Load() != asked {
		t.Errorf("the books were asked for what is free: %+v %v", m, err)
	}
	close(books.let)
	for until := time.Now().Add(15 * time.Second); !list()["paid"].Open; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the books answer, and paid models stay closed")
		}
	}
}

// broken are books in which something is wrong with the program itself.
type broken struct{ closedBooks }

func (*broken) Standings(context.Context, []ledger.Counter) ([]ledger.Standing, error) {
	panic("an index out of range")
}

// TestAListsPanicIsItsOwn: what panics while the books are asked ends the request that asked,
// where the edge recovers, and not the program; the next list asks again.
func TestAListsPanicIsItsOwn(t *testing.T) {
	g, who, _ := newGate(t, &broken{}, 1e15)
	for range 2 {
		func() {
			defer func() {
				if v := recover(); v != "an index out of range" {
					t.Errorf("recovered %v", v)
				}
			}()
			g.Models(t.Context(), who)
		}()
	}
}
