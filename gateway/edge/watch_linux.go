package edge

import (
	"net"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// lookEvery is how often the kernel is asked who has left. A client that leaves is
// noticed after twice that at the latest.
const lookEvery = 20 * time.Millisecond

// Watch calls gone once if the peer of a connection closes it or half of it. The server
// framework does not tell, so the kernel is asked, from which bytes that wait unread (a
// pipelined request) do not hide it. Nothing is read from the connection, and a request
// that is answered within a round or two costs no call into the kernel. The returned
// stop must be called before the connection is closed; after it gone is not called any
// more. gone must not call stop.
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
var watched = watchers{long: map[uint64]*watch{}, epoll: -1}

// watchers has the kernel follow the connections of requests that run for longer than a
// round. One goroutine sees to it, which runs while any connection is watched.
type watchers struct {
	mu          sync.Mutex
	first, last *watch            // of requests that have just come, in the order they came
	long        map[uint64]*watch // that run for longer, by their number
	followed    uint64            // the last number
	round       uint64            // how many times the kernel was asked
	running     bool

	// Of the goroutine alone.
	epoll  int      // -1 until the first request runs for long; kept from then on
	old    []*watch // the kernel has yet to be told of
	events [256]unix.EpollEvent
}

type watch struct {
	conn syscall.Conn
	gone func()

	// Under the watchers' lock.
	prev, next *watch
	since      uint64 // the round in which it came
	fresh      bool   // among those that have just come
	number     uint64 // among those that run for longer

	mu       sync.Mutex // held while the kernel is told of it, and while gone runs
	followed bool       // the kernel was told
	ended    bool       // stopped, or gone
}

func (a *watchers) add(w *watch) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.since, w.fresh = a.round, true
	if w.prev = a.last; w.prev != nil {
		w.prev.next = w
	} else {
		a.first = w
	}
	a.last = w
	if !a.running {
		a.running = true
		go a.run()
	}
}

func (a *watchers) remove(w *watch) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if w.fresh {
		a.unlist(w)
	} else {
		delete(a.long, w.number)
	}
}

// unlist takes a watch from those that have just come.
func (a *watchers) unlist(w *watch) {
	if w.next != nil {
		w.next.prev = w.prev
	} else {
		a.last = w.prev
	}
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		a.first = w.next
	}
	w.prev, w.next, w.fresh = nil, nil, false
}

func (a *watchers) run() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for range tick.C {
		if !a.age() {
			return
		}
		untold := a.old[:0]
		for _, w := range a.old {
			if !a.follow(w) {
				untold = append(untold, w) // there was no room: again in the next round
			}
		}
		clear(a.old[len(untold):])
		a.old = untold
		for a.look() == len(a.events) {
		}
	}
}

// age begins a round, in which those are followed that came before the last one. It says
// no when nobody is watched any more.
func (a *watchers) age() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.first == nil && len(a.long) == 0 {
		a.old, a.running = nil, false
		return false
	}
	for w := a.first; w != nil && w.since < a.round; w = a.first { // most requests are over by then
		a.unlist(w)
		a.followed++
		w.number = a.followed
		a.long[w.number] = w
		a.old = append(a.old, w)
	}
	a.round++
	return true
}

// follow has the kernel note when the peer leaves, or that it has left before. It says no
// if the kernel has no room for another connection now.
func (a *watchers) follow(w *watch) bool {
	if a.epoll < 0 {
		fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
		if err != nil {
			return false
		}
		a.epoll = fd
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return true
	}
	event := unix.EpollEvent{Events: unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR | unix.EPOLLET, Fd: int32(w.number), Pad: int32(w.number >> 32)} // both come back as they are
	var full error
	if !w.control(func(fd int) { full = unix.EpollCtl(a.epoll, unix.EPOLL_CTL_ADD, fd, &event) }) {
		w.leave()
		return true
	}
	w.followed = full == nil
	return w.followed
}

// look asks the kernel who has left, and says how many it named.
func (a *watchers) look() int {
	if a.epoll < 0 {
		return 0
	}
	n, err := unix.EpollWait(a.epoll, a.events[:], 0)
	if err != nil {
		return 0 // interrupted: again in the next round
	}
	for _, e := range a.events[:n] {
		a.mu.Lock()
		w := a.long[uint64(uint32(e.Fd))|uint64(uint32(e.Pad))<<32]
		a.mu.Unlock()
		if w == nil { // it was stopped a moment ago
			continue
		}
		w.mu.Lock()
		if !w.ended {
			w.leave()
		}
		w.mu.Unlock()
	}
	return n
}

// leave is told of a peer that has left, under the watch's lock.
func (w *watch) leave() {
	w.ended = true
	watched.remove(w)
	w.gone()
}

// control calls f with the socket, unless that is closed.
func (w *watch) control(f func(fd int)) bool {
	raw, err := w.conn.SyscallConn()
	return err == nil && raw.Control(func(fd uintptr) { f(int(fd)) }) == nil
}

func (w *watch) stop() {
	watched.remove(w)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	if w.followed {
		w.control(func(fd int) { _ = unix.EpollCtl(watched.epoll, unix.EPOLL_CTL_DEL, fd, nil) }) // a socket that is closed is not followed
	}
}
