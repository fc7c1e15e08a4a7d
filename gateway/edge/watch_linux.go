package edge

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Watch calls gone once if the peer of a connection closes it or half of it. The
// server framework does not tell, so the socket is asked: a peek that parks in the
// network poller until something arrives. The returned stop must be called, and
// returns, before the connection is read again. A peer that sends more (a pipelined
// request) is there; what it does afterwards a slow look at the socket's state tells.
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
	raw, err := sc.SyscallConn()
	if err != nil {
		return func() {}
	}
	w := &watch{raw: raw, conn: conn, gone: gone, quit: make(chan struct{}), done: make(chan struct{})}
	go w.run()
	return w.stop
}

// lookEvery is how often a socket with unread bytes is looked at.
const lookEvery = 250 * time.Millisecond

type watch struct {
	raw      syscall.RawConn
	conn     net.Conn
	gone     func()
	quit     chan struct{}
	done     chan struct{}
	stopping atomic.Bool
	once     sync.Once
}

func (w *watch) run() {
	defer close(w.done)
	for !w.stopping.Load() {
		closed, data := false, false
		err := w.raw.Read(func(fd uintptr) bool {
			var b [1]byte
			n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
			switch {
			case errors.Is(err, syscall.EAGAIN):
				return w.stopping.Load()
			case errors.Is(err, syscall.EINTR):
				return false
			case err != nil, n == 0:
				closed = true
			default:
				data = true
			}
			return true
		})
		switch {
		case w.stopping.Load():
			return
		case closed:
			w.gone()
			return
		case data:
			w.look()
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			// The server's own read deadline, not ours: the peer may still be there.
			if w.conn.SetReadDeadline(time.Time{}) != nil {
				return
			}
		case err != nil:
			w.gone()
			return
		}
	}
}

// look asks the kernel for the connection's state while bytes wait unread.
func (w *watch) look() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-w.quit:
			return
		case <-tick.C:
		}
		left := false
		err := w.raw.Control(func(fd uintptr) {
			info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
			left = err != nil || info.State != unix.BPF_TCP_ESTABLISHED
		})
		if left || err != nil {
			w.gone()
			return
		}
	}
}

func (w *watch) stop() {
	w.once.Do(func() {
		w.stopping.Store(true)
		close(w.quit)
		_ = w.conn.SetReadDeadline(time.Unix(1, 0)) // wakes the peek; a dead connection needs none
		<-w.done
		_ = w.conn.SetReadDeadline(time.Time{})
	})
}
