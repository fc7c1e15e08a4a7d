package dispatch_test

import (
	"errors"
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
				for _, stream := range []bool{false, true} {
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
						if stream {
							_, _ = io.WriteString(w, "data: {\"choices\":[]}\n\ndata: [DONE]\n\n")
							return
						}
						_, _ = io.WriteString(w, `{"choices":[]}`)
					}))
					dep, out := deployment(t, srv.URL), call(t, stream)
					dep.RetryAmbiguous, out.Resend = c.ambiguous, c.resend
					do := func() error {
						reply, err := d.Do(t.Context(), dep, out)
						if err == nil && stream {
							if _, err := read(reply.Stream); !errors.Is(err, io.EOF) {
								t.Error(err)
							}
							reply.Stream.Close()
						}
						return err
					}
					if err := do(); err != nil {
						t.Fatal(err)
					}
					reset.Store(true)
					calls.Store(0)
					err := do()
					srv.Close()
					if calls.Load() != c.calls || (err == nil) != (c.calls > 1) {
						t.Errorf("stream %v: the upstream had it %d times, not %d; %v", stream, calls.Load(), c.calls, err)
					}
					if err != nil && !dispatch.WasSent(err) {
						t.Errorf("%v: it had left", err)
					}
				}
			})
		}
	})
}
