package edge

import (
	"net"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// lookEvery is how often the sockets of running requests are looked at. A client that
// leaves is noticed after twice that at the latest.
const lookEvery = 250 * time.Millisecond

// Watch calls gone once if the peer of a connection closes it or half of it. The server
// framework does not tell, so the kernel is asked for the connection's state, which
// bytes that wait unread (a pipelined request) do not hide. Nothing is read from the
// connection, and a request that is answered at once costs no call into the kernel. The
// returned stop must be called before the connection is closed; after it gone is not
// called any more. gone must not call stop.
func Watch(conn net.Conn, gone func()) (stop func()) {
	for {
		around, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = around.NetConn()
	}
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return func() {}
	}
	w := &watch{conn: sc, gone: gone}
	watched.add(w)
	return w.stop
}

// watched is every connection that is watched.
var watched watchers

// watchers looks at all of them in turn, in one goroutine that runs while there are any.
type watchers struct {
	mu      sync.Mutex
	first   *watch
	running bool
	round   uint64 // how many times all were looked at
}

type watch struct {
	conn syscall.Conn
	gone func()

	// Under the watchers' lock.
	prev, next *watch
	since      uint64 // the round in which it came
	listed     bool

	mu    sync.Mutex // held while it is looked at
	raw   syscall.RawConn
	ended bool // stopped, or gone
}

func (a *watchers) add(w *watch) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.since, w.listed = a.round, true
	if w.next = a.first; w.next != nil {
		w.next.prev = w
	}
	a.first = w
	if !a.running {
		a.running = true
		go a.run()
	}
}

func (a *watchers) remove(w *watch) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !w.listed {
		return
	}
	w.listed = false
	if w.next != nil {
		w.next.prev = w.prev
	}
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		a.first = w.next
	}
	w.prev, w.next = nil, nil
}

func (a *watchers) run() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var old []*watch
	for range tick.C {
		a.mu.Lock()
		if a.first == nil {
			a.running = false
			a.mu.Unlock()
			return
		}
		old = old[:0]
		for w := a.first; w != nil; w = w.next {
			if w.since < a.round { // most requests are over before their second round
				old = append(old, w)
			}
		}
		a.round++
		a.mu.Unlock()
		for i, w := range old {
			w.look()
			old[i] = nil
		}
	}
}

func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || !w.left() {
		return
	}
	w.ended = true
	watched.remove(w)
	w.gone()
}

// left asks the kernel whether the peer has closed the connection or half of it.
func (w *watch) left() bool {
	if w.raw == nil {
		raw, err := w.conn.SyscallConn()
		if err != nil {
			return true
		}
		w.raw = raw
	}
	left := false
	err := w.raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		left = err == nil && info.State != unix.BPF_TCP_ESTABLISHED
	})
	return left || err != nil
}

func (w *watch) stop() {
	watched.remove(w)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
}
