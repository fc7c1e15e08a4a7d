package dispatch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"tollgate/gateway/dispatch/http1"
)

// TestLeftWhileConnecting: a connection that is being made is given up when the request that
// it is made for leaves, and not after its own deadline.
func TestLeftWhileConnecting(t *testing.T) {
	for name, says := range map[string]string{"to somebody silent": "", "with half a record": "\x16\x03\x03"} {
		t.Run(name, func(t *testing.T) {
			ln := listen(t)
			accepted, left := make(chan struct{}), make(chan error, 1)
			go func() {
				c, err := ln.Accept()
				if err != nil {
					left <- err
					return
				}
				defer c.Close()
				_, _ = io.WriteString(c, says)
				close(accepted)
				_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
				_, err = io.Copy(io.Discard, c)
				left <- err
			}()
			c := trusting(t, nil, func(tr *http.Transport) { tr.TLSHandshakeTimeout = time.Hour })
			c.connect = time.Hour
			ctx, leave := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, fate, err := c.do(ctx, requestTo("https://"+ln.Addr().String(), "{}"))
				if fate != http1.Unsent {
					t.Errorf("fate %v", fate)
				}
				ended <- err
			}()
			<-accepted
			leave()
			if err := <-ended; err == nil {
				t.Error("it was answered")
			}
			if err := <-left; errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the connection is still being made")
			}
		})
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

// gated is a connection that reads nothing before it may.
type gated struct {
	net.Conn
	may chan struct{}
}

func (g gated) Read(p []byte) (int, error) {
	<-g.may
	return g.Conn.Read(p)
}

// TestOthersGoOnConnecting: who leaves while connections are made takes none from those who
// wait on, and none that is in use.
func TestOthersGoOnConnecting(t *testing.T) {
	bothProtocols(t, func(t *testing.T, proto int, serve func(http.HandlerFunc) *secure) {
		hold := make(chan struct{})
		s := serve(func(w http.ResponseWriter, _ *http.Request) {
			<-hold
			_, _ = io.WriteString(w, "answer")
		})
		dialed := make(chan gated)
		plain := s.client.aged.make
		s.client.aged.make = func() *http.Transport {
			tr := plain()
			dial := tr.DialContext
			tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := dial(ctx, network, address)
				if err != nil {
					return nil, err
				}
				g := gated{conn, make(chan struct{})}
				dialed <- g
				return g, nil
			}
			return tr
		}
		ask := func(ctx context.Context) chan error {
			done := make(chan error, 1)
			go func() {
				res, _, err := s.client.do(ctx, s.request("{}"))
				if err == nil {
					_, err = io.ReadAll(res)
					err = errors.Join(err, res.Close())
				}
				done <- err
			}()
			return done
		}
		comes := func() (conn gated, asked chan error, leave context.CancelFunc) {
			ctx, leave := context.WithCancel(t.Context())
			asked = ask(ctx)
			return <-dialed, asked, leave
		}
		leaves := func(conn gated, asked chan error, leave context.CancelFunc) {
			t.Helper()
			leave()
			if err := <-asked; err == nil {
				t.Error("who left was answered")
			}
			for until := time.Now().Add(10 * time.Second); !errors.Is(conn.SetDeadline(time.Time{}), net.ErrClosed); time.Sleep(time.Millisecond) {
				if time.Now().After(until) {
					t.Fatal("the connection of who left is open")
				}
			}
			close(conn.may)
		}

		mine, first, leave := comes()
		theirs, second, _ := comes()
		leaves(mine, first, leave)
		close(theirs.may)
		if proto == 1 { // else they share that connection
			leaves(comes())
		}
		close(hold)
		if err := <-second; err != nil {
			t.Errorf("who waited on: %v", err)
		}
	})
}
