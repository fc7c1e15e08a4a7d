package http1

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func setUserTimeout(fd uintptr) error {
	return unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(userTimeout.Milliseconds()))
}

// look says what waits on a socket to be read, without waiting for it.
func look(fd uintptr) sight {
	var b [1]byte
	for {
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			return nothing
		case err != nil, n == 0:
			return ended
		}
		return bytesWait
	}
}

// converse has one request written, and then reads the first of its answer. The runtime
// calls it again whenever there may be something to read, until it says that it is done.
func (cn *conn) converse(fd uintptr) (done bool) {
	if len(cn.out) > 0 {
		if cn.used {
			if cn.seen = look(fd); cn.seen != nothing {
				return true
			}
		}
		n, err := again(func() (int, error) { return syscall.Write(int(fd), cn.out) })
		if err != nil && !errors.Is(err, syscall.EAGAIN) {
			cn.failed = cn.fault("write", err)
		}
		if cn.out = cn.out[max(n, 0):]; len(cn.out) > 0 {
			return true
		}
		if cn.used { // nothing was there a moment ago
			return false
		}
		// What came on a new connection before this turn wakes nobody any more.
	}
	n, err := again(func() (int, error) { return syscall.Read(int(fd), cn.buf) })
	switch {
	case errors.Is(err, syscall.EAGAIN):
		return false
	case err != nil:
		cn.failed = cn.fault("read", err)
	case n == 0:
		cn.failed = io.EOF
	default:
		cn.w, cn.came = n, true
	}
	return true
}

// again calls until no signal has interrupted it.
func again(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}

// fault is a failure as the net package would have it.
func (cn *conn) fault(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: cn.nc.LocalAddr(), Addr: cn.nc.RemoteAddr(), Err: os.NewSyscallError(op, err)}
}
