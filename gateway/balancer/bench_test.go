package balancer

import (
	"context"
	"testing"
	"time"

	"tollgate/gateway/catalog"
)

// BenchmarkCall is what a call of a deployment costs beside the call itself.
func BenchmarkCall(b *testing.B) {
	bal := New(time.Now, fakeLog())
	dep := at("gpu")
	b.ReportAllocs()
	for b.Loop() {
		if bal.Usable(dep) != nil {
			b.Fatal("left out")
		}
		u, err := bal.Enter(context.Background(), dep, Call{})
		if err != nil {
			b.Fatal(err)
		}
		u.Answered(true)
		u.Done()
	}
}

// BenchmarkPick is what the choice among four engines costs.
func BenchmarkPick(b *testing.B) {
	for _, how := range catalog.Balances() {
		b.Run(string(how), func(b *testing.B) {
			bal := New(time.Now, fakeLog())
			tier := tierOf(how, named(4)...)
			b.ReportAllocs()
			for b.Loop() {
				bal.Pick(tier, 1)
			}
		})
	}
}
