package dispatch_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"tollgate/gateway/dispatch"
)

// TestWhatMayBeSentTwice: an upstream that reads a request and resets a connection which
// was used before has it once, unless serving it twice costs nothing or the operator
// says that it does not matter.
func TestWhatMayBeSentTwice(t *testing.T) {
	eachClient(t, func(t *testing.T, d *dispatch.Dispatcher) {
		for _, c := range []struct {
			name              string
			resend, ambiguous bool
			calls             int64
		}{
			{"as it is", false, false, 1},
			{"it costs nothing", true, false, 2},
			{"retry_ambiguous", false, true, 2},
		} {
			t.Run(c.name, func(t *testing.T) {
				var calls atomic.Int64
				var reset atomic.Bool
				srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					calls.Add(1)
					if reset.CompareAndSwap(true, false) {
						conn, _, err := w.(http.Hijacker).Hijack()
						if err != nil {
							t.Error(err)
							return
						}
						_ = conn.(*net.TCPConn).SetLinger(0)
						_ = conn.Close()
						return
					}
					_, _ = io.WriteString(w, `{"choices":[]}`)
				}))
				defer srv.Close()
				dep, out := deployment(t, srv.URL), call(t, false)
				dep.RetryAmbiguous, out.Resend = c.ambiguous, c.resend
				if _, err := d.Do(t.Context(), dep, out); err != nil {
					t.Fatal(err)
				}
				reset.Store(true)
				calls.Store(0)
				_, err := d.Do(t.Context(), dep, out)
				if calls.Load() != c.calls || (err == nil) != (c.calls > 1) {
					t.Errorf("the upstream had it %d times, not %d; %v", calls.Load(), c.calls, err)
				}
				if err != nil && !dispatch.WasSent(err) {
					t.Errorf("%v: it had left", err)
				}
			})
		}
	})
}
