package dispatch

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch/http1"
	"tollgate/providers"
)

// certificate makes one that nobody has signed but itself.
func certificate(t *testing.T, change func(*x509.Certificate)) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "upstream"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	if change != nil {
		change(c)
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// trusting returns net/http's client as it is for TLS, but that it trusts a pool, and what
// a test changes.
func trusting(t *testing.T, pool *x509.CertPool, change func(*http.Transport)) standard {
	t.Helper()
	c := newStandard(true, time.Minute, nil)
	make := c.aged.make
	c.aged.make = func() *http.Transport {
		tr := make()
		tr.TLSClientConfig = &tls.Config{RootCAs: pool}
		if change != nil {
			change(tr)
		}
		return tr
	}
	t.Cleanup(c.close)
	return c
}

func requestTo(origin, body string) *request {
	h := &head{provider: &catalog.Provider{Name: "peer"}, origin: origin, header: http.Header{"User-Agent": {"test"}}}
	_ = h.write("peer")
	return &request{head: h, Request: http1.Request{Method: "POST", Target: "/v1/x", Fields: []http1.Field{{Name: "Content-Type", Value: "application/json"}}, Body: [][]byte{[]byte(body)}, FirstByte: 10 * time.Second}}
}

// secure is a server behind TLS and its client.
type secure struct {
	*httptest.Server
	client standard
	conns  atomic.Int64
}

func (s *secure) request(body string) *request { return requestTo(s.URL, body) }

type connKey struct{}

// cut ends the connection of a request under it.
func cut(r *http.Request, reset bool) {
	c := r.Context().Value(connKey{}).(*tls.Conn).NetConn().(*net.TCPConn)
	if reset {
		_ = c.SetLinger(0)
	}
	_ = c.Close()
}

// bothProtocols runs a test over TLS, with HTTP/1.1 and with HTTP/2.
func bothProtocols(t *testing.T, test func(t *testing.T, proto int, serve func(http.HandlerFunc) *secure)) {
	for proto := 1; proto <= 2; proto++ {
		t.Run(fmt.Sprintf("HTTP/%d", proto), func(t *testing.T) {
			test(t, proto, func(h http.HandlerFunc) *secure {
				t.Helper()
				cert, pool := certificate(t, nil)
				s := &secure{client: trusting(t, pool, nil)}
				s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.ProtoMajor != proto {
						t.Errorf("a request in %s", r.Proto)
					}
					h(w, r)
				}))
				s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
				s.EnableHTTP2 = proto == 2
				s.Config.ErrorLog = log.New(io.Discard, "", 0)
				s.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) }
				s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
					if state == http.StateNew {
						s.conns.Add(1)
					}
				}
				s.StartTLS()
				t.Cleanup(s.Close)
				return s
			})
		})
	}
}

// TestSecureAnswers: bodies of every size and their trailers, both ways, on one connection.
func TestSecureAnswers(t *testing.T) {
	bothProtocols(t, func(t *testing.T, _ int, serve func(http.HandlerFunc) *secure) {
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			w.Header().Set("X-Request-Id", "up-1")
			w.Header().Set("Trailer", "X-Late")
			w.WriteHeader(http.StatusAccepted)
			for len(b) > 0 {
				n := min(len(b), 300<<10)
				_, _ = w.Write(b[:n])
				w.(http.Flusher).Flush()
				b = b[n:]
			}
			w.Header().Set("X-Late", "1")
		})
		for _, size := range []int{0, 1, 8 << 10, 1 << 20, 5 << 20} {
			body := strings.Repeat("é", size/2) + strings.Repeat("x", size%2)
			res, fate, err := s.client.do(t.Context(), s.request(body))
			if err != nil {
				t.Fatal(fate, err)
			}
			res.Patience(10 * time.Second)
			b, err := io.ReadAll(res)
			if err != nil || string(b) != body || res.Status() != http.StatusAccepted || res.Get("X-Request-Id") != "up-1" {
				t.Fatalf("%d bytes: %d, %d bytes, %v", size, res.Status(), len(b), err)
			}
			res.Close()
		}
		if n := s.conns.Load(); n != 1 {
			t.Errorf("%d connections", n)
		}
	})
}

// TestSecureStaleConnections: a connection that the server gave up is never a caller's
// failure; one that breaks under a request is, and the request is not sent again.
func TestSecureStaleConnections(t *testing.T) {
	for _, reset := range []bool{false, true} {
		t.Run(fmt.Sprintf("reset %v", reset), func(t *testing.T) {
			bothProtocols(t, func(t *testing.T, proto int, serve func(http.HandlerFunc) *secure) {
				t.Run("ended while it was unused", func(t *testing.T) {
					var conn atomic.Pointer[http.Request]
					s := serve(func(w http.ResponseWriter, r *http.Request) { conn.Store(r); _, _ = io.WriteString(w, "ok") })
					for range 4 {
						res, fate, err := s.client.do(t.Context(), s.request("{}"))
						if err != nil && fate != http1.Sent {
							res, fate, err = s.client.do(t.Context(), s.request("{}"))
						}
						if err != nil {
							t.Fatal(fate, err)
						}
						if b, err := io.ReadAll(res); err != nil || string(b) != "ok" {
							t.Fatalf("%q, %v", b, err)
						}
						res.Close()
						cut(conn.Load(), reset)
					}
				})
				t.Run("ended under a request", func(t *testing.T) {
					var breaks atomic.Bool
					var calls atomic.Int64
					s := serve(func(w http.ResponseWriter, r *http.Request) {
						_, _ = io.Copy(io.Discard, r.Body)
						calls.Add(1)
						if breaks.Load() {
							cut(r, reset)
							return
						}
						_, _ = io.WriteString(w, "ok")
					})
					breaks.Store(true)
					if _, fate, err := s.client.do(t.Context(), s.request("{}")); err == nil || fate != http1.Sent || calls.Load() != 1 {
						t.Errorf("the first: %v, %v, %d calls", fate, err, calls.Load())
					}
					breaks.Store(false)
					if _, body, err := once(t.Context(), s.client, s.request("{}")); err != nil || body != "ok" {
						t.Errorf("the next: %q, %v", body, err)
					}
					breaks.Store(true)
					if _, fate, err := s.client.do(t.Context(), s.request("{}")); err == nil || fate != http1.Stale || calls.Load() != 3 {
						t.Errorf("the third: %v, %v, %d calls", fate, err, calls.Load())
					}
				})
				t.Run("ended within an answer", func(t *testing.T) {
					s := serve(func(w http.ResponseWriter, r *http.Request) {
						_, _ = io.WriteString(w, "half")
						w.(http.Flusher).Flush()
						time.Sleep(20 * time.Millisecond)
						cut(r, reset)
					})
					if status, body, err := once(t.Context(), s.client, s.request("{}")); status != 200 || body != "half" || err == nil {
						t.Errorf("%d %q %v", status, body, err)
					}
				})
			})
		})
	}
}

// TestSecureEarlyAnswer: a server that will not read a large request is heard.
func TestSecureEarlyAnswer(t *testing.T) {
	bothProtocols(t, func(t *testing.T, _ int, serve func(http.HandlerFunc) *secure) {
		s := serve(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "big", http.StatusRequestEntityTooLarge) })
		if status, body, err := once(t.Context(), s.client, s.request(strings.Repeat("x", 32<<20))); status != 413 || body != "big\n" || err != nil {
			t.Errorf("%d %q %v", status, body, err)
		}
	})
}

// TestSecureWriteTimeout: a server that does not take a request in time is given up, and
// one that takes its time is waited for.
func TestSecureWriteTimeout(t *testing.T) {
	bothProtocols(t, func(t *testing.T, _ int, serve func(http.HandlerFunc) *secure) {
		const pause, size = 500 * time.Millisecond, 32 << 20 // more than the kernel takes for a server that does not read
		gone := make(chan struct{})
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength == size {
				<-gone
				return
			}
			time.Sleep(pause)
			_, _ = io.Copy(io.Discard, r.Body)
		})
		if status, _, err := once(t.Context(), s.client, s.request(strings.Repeat("x", size-1))); status != 200 || err != nil {
			t.Errorf("a slow one: %d, %v", status, err)
		}
		s.client.write = pause
		began := time.Now()
		_, fate, err := s.client.do(t.Context(), s.request(strings.Repeat("x", size)))
		if took := time.Since(began); !errors.Is(err, os.ErrDeadlineExceeded) || fate != http1.Unsent || took < pause {
			t.Errorf("one that stops: %v, %v after %v", fate, err, took)
		}
		close(gone)
	})
}

// TestProxySaysNothing: a proxy that takes a connection and does not lead on is given up as a
// server that takes none is, and another deployment may be called.
func TestProxySaysNothing(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	s := newStandard(true, time.Minute, nil)
	plain := s.aged.make
	s.aged.make = func() *http.Transport {
		tr := plain()
		tr.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: ln.Addr().String()})
		return tr
	}
	defer s.close()
	if s.connect != 10*time.Second {
		t.Errorf("a connection may take %v", s.connect)
	}
	s.connect = 50 * time.Millisecond
	_, fate, err := s.do(t.Context(), requestTo("https://vendor.invalid", "{}"))
	if e := providers.AsError(classify(t.Context(), err, fate, "")); fate != http1.Unsent || e == nil || e.Kind != providers.Unreachable {
		t.Errorf("%v, %v", fate, err)
	}
}

// seen waits for what must happen, however busy the machine is.
func seen(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(20 * time.Second):
		t.Fatalf("the server never saw %s", what)
	}
}

// TestSecureDeadlines: for the headers, and for each stretch of the body.
func TestSecureDeadlines(t *testing.T) {
	bothProtocols(t, func(t *testing.T, _ int, serve func(http.HandlerFunc) *secure) {
		gone := make(chan struct{}, 2)
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			if string(b) == "at once" {
				return
			}
			if string(b) != "mute" {
				_, _ = io.WriteString(w, "a")
				w.(http.Flusher).Flush()
			}
			<-r.Context().Done()
			gone <- struct{}{}
		})
		if _, _, err := once(t.Context(), s.client, s.request("at once")); err != nil {
			t.Fatal(err)
		}
		r := s.request("mute") // over a connection that is there: the time is for the answer alone
		r.FirstByte = 500 * time.Millisecond
		if _, fate, err := s.client.do(t.Context(), r); !errors.Is(err, os.ErrDeadlineExceeded) || fate != http1.Sent {
			t.Fatalf("headers: %v, %v", fate, err)
		}
		seen(t, "that nobody waits for the headers", gone)
		res, _, err := s.client.do(t.Context(), s.request("talk"))
		if err != nil {
			t.Fatal(err)
		}
		res.Patience(time.Minute)
		var b [10]byte
		if n, err := res.Read(b[:]); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		res.Patience(50 * time.Millisecond)
		time.Sleep(100 * time.Millisecond)
		before := time.Now()
		if _, err := res.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(before) < 40*time.Millisecond {
			t.Errorf("body: %v after %v", err, time.Since(before))
		}
		res.Close()
		seen(t, "that nobody reads the body", gone)
	})
}

// TestSecureCancel: before the first byte and within the answer, the server sees at once
// that nobody waits, and the other calls on the same connection go on.
func TestSecureCancel(t *testing.T) {
	bothProtocols(t, func(t *testing.T, proto int, serve func(http.HandlerFunc) *secure) {
		type call struct{ begun, gone chan struct{} }
		calls := map[string]call{}
		for _, name := range []string{"headers", "body"} {
			calls[name] = call{make(chan struct{}), make(chan struct{})}
		}
		release := make(chan struct{})
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			name := string(b)
			if name != "headers" {
				_, _ = io.WriteString(w, "a")
				w.(http.Flusher).Flush()
			}
			if name == "other" {
				<-release
				_, _ = io.WriteString(w, "b")
				return
			}
			close(calls[name].begun)
			<-r.Context().Done()
			close(calls[name].gone)
		})
		other, _, err := s.client.do(t.Context(), s.request("other"))
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range calls {
			ctx, cancel := context.WithCancelCause(t.Context())
			go func() {
				<-c.begun
				time.Sleep(10 * time.Millisecond)
				cancel(io.ErrClosedPipe)
			}()
			if _, _, err := once(ctx, s.client, s.request(name)); err == nil {
				t.Errorf("%s: no error", name)
			}
			seen(t, name+" being left", c.gone)
		}
		close(release)
		if b, err := io.ReadAll(other); err != nil || string(b) != "ab" {
			t.Errorf("the other call: %q, %v", b, err)
		}
		other.Close()
		if n := s.conns.Load(); proto == 2 && n != 1 {
			t.Errorf("%d connections", n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, fate, err := s.client.do(ctx, s.request("{}")); err == nil || fate != http1.Unsent {
			t.Errorf("cancelled before: %v, %v", fate, err)
		}
	})
}

// TestSecureHeadersTooLong: what no client would keep is no answer.
func TestSecureHeadersTooLong(t *testing.T) {
	bothProtocols(t, func(t *testing.T, _ int, serve func(http.HandlerFunc) *secure) {
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			for i := range 70 {
				w.Header().Set(fmt.Sprintf("X-Secret-%d", i), strings.Repeat("a", 1000))
			}
			_, _ = io.WriteString(w, "ok")
		})
		_, fate, err := s.client.do(t.Context(), s.request("{}"))
		if err == nil || fate != http1.Sent {
			t.Fatalf("%v, %v", fate, err)
		}
		if e := providers.AsError(classify(t.Context(), err, fate, "")); e == nil || e.Kind != providers.BadAnswer || strings.Contains(Told(e), "ecret") {
			t.Errorf("%+v", e)
		}
	})
}

// TestCertificates: a server that is not who it should be is not called.
func TestCertificates(t *testing.T) {
	own, pool := certificate(t, nil)
	other, _ := certificate(t, nil)
	expired, expiredPool := certificate(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	future, futurePool := certificate(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })
	elsewhere, elsewherePool := certificate(t, func(c *x509.Certificate) { c.IPAddresses = nil; c.DNSNames = []string{"elsewhere.example"} })
	for name, c := range map[string]struct {
		cert tls.Certificate
		pool *x509.CertPool
		ok   bool
	}{
		"as it should be": {own, pool, true},
		"unknown":         {other, pool, false},
		"expired":         {expired, expiredPool, false},
		"not yet valid":   {future, futurePool, false},
		"another name":    {elsewhere, elsewherePool, false},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
			s.TLS, s.EnableHTTP2 = &tls.Config{Certificates: []tls.Certificate{c.cert}}, true
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			defer s.Close()
			_, fate, err := trusting(t, c.pool, nil).do(t.Context(), requestTo(s.URL, "{}"))
			if (err == nil) != c.ok || (calls.Load() == 1) != c.ok {
				t.Fatalf("%v, %d calls", err, calls.Load())
			}
			if c.ok {
				return
			}
			e := providers.AsError(classify(t.Context(), err, fate, ""))
			if fate != http1.Unsent || e.Kind != providers.Unreachable || !strings.Contains(e.Message, "certificate") || !strings.Contains(Told(e), "x509: ") {
				t.Errorf("%v: %+v, the log says %q", fate, e, Told(e))
			}
		})
	}
}

// TestNoTLS: a server that does not speak it, or says nothing, is not called.
func TestNoTLS(t *testing.T) {
	for name, says := range map[string]string{"plain HTTP": "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			done := make(chan struct{})
			go func() {
				defer close(done)
				c, err := ln.Accept()
				if err != nil {
					return
				}
				defer c.Close()
				_, _ = io.WriteString(c, says)
				_, _ = io.Copy(io.Discard, c)
			}()
			c := trusting(t, nil, func(tr *http.Transport) { tr.TLSHandshakeTimeout = 200 * time.Millisecond })
			_, fate, err := c.do(t.Context(), requestTo("https://"+ln.Addr().String(), "{}"))
			if err == nil || fate != http1.Unsent {
				t.Errorf("%v, %v", fate, err)
			}
			<-done
		})
	}
}

// The frames of HTTP/2 that the peer below sends and knows.
const (
	frameData, frameHeaders, frameReset, frameSettings, framePing, frameGoAway = 0, 1, 3, 4, 6, 7
	flagEnd                                                                    = 1 // of a stream, or an acknowledgement
	flagHeaders                                                                = 4
)

// peer2 is a server of HTTP/2 that sends the frames it is told to.
type peer2 struct {
	net.Listener
	client standard
	conns  atomic.Int64
	calls  atomic.Int64
	deaf   atomic.Bool // answers no ping
}

// conn2 is one of its connections.
type conn2 struct{ net.Conn }

func (c conn2) frame(kind, flags byte, stream uint32, payload ...byte) {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	b = binary.BigEndian.AppendUint32(append(b, flags), stream)
	_, _ = c.Write(append(b, payload...))
}

// ok answers a request; with more, a part of the body is still to come.
func (c conn2) ok(stream uint32, body string, more bool) {
	c.frame(frameHeaders, flagHeaders, stream, 0x88) // :status 200
	flags := byte(flagEnd)
	if more {
		flags = 0
	}
	c.frame(frameData, flags, stream, []byte(body)...)
}

func (c conn2) reset(stream, code uint32) {
	c.frame(frameReset, 0, stream, binary.BigEndian.AppendUint32(nil, code)...)
}

func (c conn2) goAway(last, code uint32, debug string) {
	c.frame(frameGoAway, 0, 0, append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), code), debug...)...)
}

// newPeer2 calls answer for each request, the first of all being 0, once it has come whole.
func newPeer2(t *testing.T, change func(*http.Transport), answer func(c conn2, call int, stream uint32)) *peer2 {
	t.Helper()
	cert, pool := certificate(t, nil)
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	p := &peer2{Listener: ln, client: trusting(t, pool, change)}
	var wg sync.WaitGroup
	closing := make(chan struct{})
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			p.conns.Add(1)
			wg.Go(func() { p.serve(conn2{c}, answer) })
			wg.Go(func() { <-closing; c.Close() })
		}
	})
	t.Cleanup(func() { ln.Close(); close(closing); wg.Wait() })
	return p
}

func (p *peer2) request(body string) *request { return requestTo("https://"+p.Addr().String(), body) }

func (p *peer2) serve(c conn2, answer func(conn2, int, uint32)) {
	defer c.Close()
	if _, err := io.ReadFull(c, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	c.frame(frameSettings, 0, 0)
	for {
		var h [9]byte
		if _, err := io.ReadFull(c, h[:]); err != nil {
			return
		}
		payload := make([]byte, binary.BigEndian.Uint32(h[:])>>8)
		if _, err := io.ReadFull(c, payload); err != nil {
			return
		}
		switch kind, flags, stream := h[3], h[4], binary.BigEndian.Uint32(h[5:]); {
		case kind == frameSettings && flags&flagEnd == 0:
			c.frame(frameSettings, flagEnd, 0)
		case kind == framePing && flags&flagEnd == 0 && !p.deaf.Load():
			c.frame(framePing, flagEnd, 0, payload...)
		case (kind == frameHeaders || kind == frameData) && flags&flagEnd != 0:
			answer(c, int(p.calls.Add(1))-1, stream)
		}
	}
}

// TestResetStream: a request that the server gives up is not sent again, except where the
// server says that it has not touched it.
func TestResetStream(t *testing.T) {
	const protocolError, internalError, refused, cancel, calm = 1, 2, 7, 8, 11
	for _, code := range []uint32{0, protocolError, internalError, cancel, calm} {
		for _, used := range []bool{false, true} {
			t.Run(fmt.Sprintf("code %d, used before %v", code, used), func(t *testing.T) {
				first := 0
				if used {
					first = 1
				}
				p := newPeer2(t, nil, func(c conn2, call int, stream uint32) {
					if call != first {
						c.ok(stream, "ok", false)
						return
					}
					c.reset(stream, code)
				})
				if used {
					if _, _, err := once(t.Context(), p.client, p.request("{}")); err != nil {
						t.Fatal(err)
					}
				}
				if _, fate, err := p.client.do(t.Context(), p.request("{}")); err == nil || fate != http1.Sent || p.calls.Load() != int64(first)+1 {
					t.Errorf("%v, %v, %d calls", fate, err, p.calls.Load())
				}
				// After an error of the protocol net/http does not use the connection again.
				if _, body, err := once(t.Context(), p.client, p.request("{}")); err != nil || body != "ok" || code != protocolError && p.conns.Load() != 1 {
					t.Errorf("the next one: %q, %v, %d connections", body, err, p.conns.Load())
				}
			})
		}
	}
	t.Run("refused", func(t *testing.T) {
		p := newPeer2(t, nil, func(c conn2, call int, stream uint32) {
			if call == 1 {
				c.reset(stream, refused)
				return
			}
			c.ok(stream, "ok", false)
		})
		for range 2 {
			if _, body, err := once(t.Context(), p.client, p.request("{}")); err != nil || body != "ok" {
				t.Errorf("%q, %v", body, err)
			}
		}
		if p.calls.Load() != 3 {
			t.Errorf("%d calls", p.calls.Load())
		}
	})
	t.Run("refused for good", func(t *testing.T) {
		p := newPeer2(t, nil, func(c conn2, call int, stream uint32) {
			if call == 0 {
				c.ok(stream, "ok", false)
				return
			}
			c.reset(stream, refused)
		})
		if _, _, err := once(t.Context(), p.client, p.request("{}")); err != nil {
			t.Fatal(err)
		}
		if _, fate, err := p.client.do(t.Context(), p.request("{}")); err == nil || fate != http1.Unsent || p.calls.Load() != 1+maxUntouched {
			t.Errorf("%v, %v, %d calls", fate, err, p.calls.Load())
		}
	})
	t.Run("within the answer", func(t *testing.T) {
		p := newPeer2(t, nil, func(c conn2, call int, stream uint32) { c.ok(stream, "half", true); c.reset(stream, internalError) })
		if status, body, err := once(t.Context(), p.client, p.request("{}")); status != 200 || body != "half" || err == nil {
			t.Errorf("%d %q %v", status, body, err)
		}
	})
}

// TestGoAway: a server that wants no more requests answers those it has taken; those that
// it has not taken go over another connection.
func TestGoAway(t *testing.T) {
	t.Run("taken", func(t *testing.T) {
		p := newPeer2(t, nil, func(c conn2, call int, stream uint32) {
			c.goAway(stream, 0, "")
			time.Sleep(20 * time.Millisecond)
			c.ok(stream, "ok", false)
		})
		for range 3 {
			if _, body, err := once(t.Context(), p.client, p.request("{}")); err != nil || body != "ok" {
				t.Errorf("%q, %v", body, err)
			}
		}
		if p.conns.Load() != 3 || p.calls.Load() != 3 {
			t.Errorf("%d connections, %d calls", p.conns.Load(), p.calls.Load())
		}
	})
	t.Run("not taken", func(t *testing.T) {
		p := newPeer2(t, nil, func(c conn2, call int, stream uint32) {
			if stream > 1 {
				c.goAway(1, 0, "")
				return
			}
			c.ok(stream, "ok", false)
		})
		for range 2 {
			if _, body, err := once(t.Context(), p.client, p.request("{}")); err != nil || body != "ok" {
				t.Errorf("%q, %v", body, err)
			}
		}
		if p.conns.Load() != 2 || p.calls.Load() != 3 {
			t.Errorf("%d connections, %d calls", p.conns.Load(), p.calls.Load())
		}
	})
	t.Run("in anger", func(t *testing.T) {
		p := newPeer2(t, nil, func(c conn2, call int, stream uint32) { c.goAway(stream, 11, "the secret"); c.Close() })
		_, fate, err := p.client.do(t.Context(), p.request("{}"))
		if err == nil || fate != http1.Sent || p.calls.Load() != 1 {
			t.Fatalf("%v, %v, %d calls", fate, err, p.calls.Load())
		}
		e := providers.AsError(classify(t.Context(), err, fate, ""))
		if e == nil || e.Kind != providers.Lost || strings.Contains(Told(e), "secret") {
			t.Errorf("%+v, the log says %q", e, Told(e))
		}
	})
}

// TestPings: a connection on which nothing comes any more is given up, and with it the
// stream that waits on it.
func TestPings(t *testing.T) {
	often := func(tr *http.Transport) {
		tr.HTTP2 = &http.HTTP2Config{SendPingTimeout: 300 * time.Millisecond, PingTimeout: 500 * time.Millisecond}
	}
	p := newPeer2(t, often, func(c conn2, call int, stream uint32) { c.ok(stream, "half", call == 0) })
	res, _, err := p.client.do(t.Context(), p.request("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	p.deaf.Store(true)
	res.Patience(time.Minute)
	if b, err := io.ReadAll(res); err == nil || errors.Is(err, os.ErrDeadlineExceeded) || !bytes.Equal(b, []byte("half")) {
		t.Errorf("%q, %v", b, err)
	}
	p.deaf.Store(false)
	if _, body, err := once(t.Context(), p.client, p.request("{}")); err != nil || body != "half" || p.conns.Load() != 2 {
		t.Errorf("the next one: %q, %v, %d connections", body, err, p.conns.Load())
	}
}

// TestBusyConnectionsComeOfAge: a connection of HTTP/2 that never stands still comes of age
// too. What runs on it goes on, and new requests go over a new one.
func TestBusyConnectionsComeOfAge(t *testing.T) {
	release := make(chan struct{})
	p := newPeer2(t, nil, func(c conn2, call int, stream uint32) {
		if call > 0 {
			c.ok(stream, "ok", false)
			return
		}
		c.ok(stream, "a", true)
		go func() { <-release; c.frame(frameData, flagEnd, stream, 'b') }()
	})
	long, _, err := p.client.do(t.Context(), p.request("{}"))
	if err != nil {
		t.Fatal(err)
	}
	call := func(conns int64) {
		t.Helper()
		if _, body, err := once(t.Context(), p.client, p.request("{}")); err != nil || body != "ok" || p.conns.Load() != conns {
			t.Errorf("%q, %v, %d connections, want %d", body, err, p.conns.Load(), conns)
		}
	}
	call(1)
	call(1)
	p.client.aged.born = p.client.aged.born.Add(-http1.MaxAge)
	call(2)
	call(2)
	close(release)
	if b, err := io.ReadAll(long); err != nil || string(b) != "ab" {
		t.Errorf("the long answer: %q, %v", b, err)
	}
	long.Close()
}
