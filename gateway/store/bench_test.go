package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway"
)

// benchCallers is how many calls run at the same time.
const benchCallers = 64

// used is the processor time of this process so far.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPaidCall is what the books of one paid call cost: a hold on three budgets and
// its end. What counts is cpu-ns/op; the disk decides the rest.
func BenchmarkPaidCall(b *testing.B) {
	s := fresh(b)
	user, key, all := claim("file-000000000000", "01JDQ3ZK6M2V7T5A9C4E8G", money(1<<60)), claim("file-000000000001", "01JDQ3ZK6M2V7T5A9C4E8H", money(1<<60)), claim("file-000000000002", "", money(1<<60))
	lines := []accounting.Line{{Meter: accounting.Input, Count: 20, Rate: 1e9}, {Meter: accounting.Output, Count: 10, Rate: 1e10}}
	b.ReportAllocs()
	var next, commits atomic.Int64
	commits.Store(-s.writer.commits.Load())
	b.ResetTimer()
	began := used(b)
	var wg sync.WaitGroup
	for range benchCallers {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				h := hold(fmt.Sprintf("0N%020d", n), 100_000, user, key, all)
				h.At = time.Now()
				h.Facts = ledger.Facts{RequestID: fmt.Sprintf("0M%020d", n), KeyID: key.Counter.Account.ID, UserID: user.Counter.Account.ID, Operation: "chat", Model: "paid", Deployment: "cloud/m"}
				if _, err := s.Reserve(b.Context(), h); err != nil {
					b.Error(err)
					return
				}
				e := ledger.Entry{Hold: h, Outcome: ledger.Outcome{At: time.Now(), Usage: accounting.Usage{accounting.Input: 20, accounting.Output: 10, accounting.Requests: 1},
					Source: accounting.Reported, Status: "ok", Model: "m", Cost: &accounting.Cost{Total: 120_000, Lines: lines}}}
				if err := s.Settle(b.Context(), e); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(used(b)-began)/float64(b.N), "cpu-ns/op")
	b.ReportMetric(2*float64(b.N)/float64(commits.Load()+s.writer.commits.Load()), "steps/commit")
}

// BenchmarkRecord is what the record of a free call costs.
func BenchmarkRecord(b *testing.B) {
	s := fresh(b)
	b.ReportAllocs()
	began := used(b)
	for i := range b.N {
		if i%256 == 0 {
			for s.calls.length() > callBatch {
				time.Sleep(time.Millisecond)
			}
		}
		s.Record(gateway.Record{At: time.Now(), RequestID: fmt.Sprintf("0M%020d", i), KeyID: "01JDQ3ZK6M2V7T5A9C4E8H", UserID: "01JDQ3ZK6M2V7T5A9C4E8G", Operation: "chat",
			Model: "free", Deployment: "gpu/m", Answered: "m", Price: "free", Usage: accounting.Usage{accounting.Input: 20, accounting.Output: 10}, Source: accounting.Reported, Status: "ok", Took: time.Millisecond})
	}
	s.calls.close()
	b.ReportMetric(float64(used(b)-began)/float64(b.N), "cpu-ns/op")
}
