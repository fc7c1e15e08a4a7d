// Package storetest gives tests databases on the PostgreSQL server that .ci/services
// started, and a network between a program and that server that fails.
//
// It imports nothing of ours and knows no schema. It knows of PostgreSQL's protocol how a
// commit and the text of a statement look on the wire, and no more.
package storetest

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Fate is what becomes of a connection over which a commit is asked for.
type Fate int

// The fates.
const (
	Pass   Fate = iota // nothing happens to it
	Before             // it breaks before the server hears of the commit
	During             // it breaks when the server has just heard of it
	After              // it breaks when the server has answered, before the program hears of that
)

// Wire carries connections from a program to its server, and can be cut. Its methods
// are safe for concurrent use.
type Wire struct {
	t      testing.TB
	ln     net.Listener
	server string // host:port
	url    url.URL
	wg     sync.WaitGroup

	mu    sync.Mutex
	cut   bool
	still chan struct{} // closed when what is silent speaks again; nil: nothing is
	fate  func() Fate
	said  func(text string)     // of each statement; nil: nobody listens
	conns map[net.Conn]struct{} // both ends of each connection
}

// NewWire makes a wire to the server of a URL, which must say sslmode=disable. It ends
// with the test.
func NewWire(t testing.TB, database string) *Wire {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{t: t, ln: ln, server: u.Host, url: *u, conns: map[net.Conn]struct{}{}}
	w.url.Host = ln.Addr().String()
	w.wg.Go(w.accept)
	t.Cleanup(func() {
		_ = ln.Close()
		w.Mend()
		w.Break()
		w.wg.Wait()
	})
	return w
}

// URL is the database's, over the wire.
func (w *Wire) URL() string { return w.url.String() }

// Break breaks every connection. New ones are carried.
func (w *Wire) Break() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.conns {
		_ = c.Close()
	}
}

// Cut breaks every connection and carries none until Mend.
func (w *Wire) Cut() {
	w.mu.Lock()
	w.cut = true
	w.mu.Unlock()
	w.Break()
}

// Silence carries nothing any more, over connections that stay, until Mend.
func (w *Wire) Silence() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.still == nil {
		w.still = make(chan struct{})
	}
}

// Mend undoes Cut and Silence.
func (w *Wire) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
	if w.still != nil {
		close(w.still)
		w.still = nil
	}
}

// speak waits while the wire is silent.
func (w *Wire) speak() {
	w.mu.Lock()
	still := w.still
	w.mu.Unlock()
	if still != nil {
		<-still
	}
}

// OnCommit asks at each commit what becomes of its connection; nil lets all pass.
func (w *Wire) OnCommit(fate func() Fate) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fate = fate
}

// OnStatement tells the text of each statement that the server is to read, of connections
// that begin from now on. The values that go with it are no part of it.
func (w *Wire) OnStatement(said func(text string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = said
}

// statements reads what a program sends for the texts in it.
type statements struct {
	begun bool // what comes first has no type
	rest  []byte
	said  func(string)
}

func (s *statements) read(b []byte) {
	for s.rest = append(s.rest, b...); ; {
		head := 4
		if s.begun {
			head = 5
		}
		if len(s.rest) < head {
			return
		}
		size := head - 4 + int(binary.BigEndian.Uint32(s.rest[head-4:]))
		if len(s.rest) < size {
			return
		}
		body := s.rest[head:size]
		switch kind := s.rest[0]; {
		case !s.begun:
		case kind == 'P': // Parse: the statement's name, and its text
			_, body, _ = bytes.Cut(body, []byte{0})
			fallthrough
		case kind == 'Q':
			text, _, _ := bytes.Cut(body, []byte{0})
			s.said(string(text))
		}
		s.begun, s.rest = true, s.rest[size:]
	}
}

func (w *Wire) next() Fate {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fate == nil {
		return Pass
	}
	return w.fate()
}

func (w *Wire) accept() {
	for {
		c, err := w.ln.Accept()
		if err != nil {
			return
		}
		w.wg.Go(func() { w.carry(c) })
	}
}

func (w *Wire) carry(program net.Conn) {
	defer program.Close()
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return // the server is gone: the program sees that too
	}
	defer server.Close()
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		return
	}
	w.conns[program], w.conns[server] = struct{}{}, struct{}{}
	listens := &statements{said: w.said}
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.conns, program)
		delete(w.conns, server)
	}()

	deaf := make(chan struct{}) // closed when the program shall hear nothing any more
	ended := make(chan struct{})
	w.wg.Go(func() {
		defer close(ended)
		defer program.Close()
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			select {
			case <-deaf:
				return // the answer to the commit, or the end
			default:
			}
			if n > 0 {
				if _, err := program.Write(buf[:n]); err != nil {
					return
				}
			}
			if err != nil {
				return
			}
		}
	})
	buf := make([]byte, 64<<10)
	for {
		n, err := program.Read(buf)
		if n > 0 {
			if listens.said != nil {
				listens.read(buf[:n])
			}
			w.speak()
			fate := Pass
			if bytes.HasSuffix(buf[:n], []byte("commit\x00")) {
				fate = w.next()
			}
			switch fate {
			case Before:
				return
			case After:
				close(deaf)
			}
			if _, err := server.Write(buf[:n]); err != nil {
				return
			}
			switch fate {
			case During:
				return
			case After:
				<-ended
				return
			}
		}
		if err != nil {
			return
		}
	}
}
