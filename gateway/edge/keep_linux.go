package edge

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// goneAfter is how long a client may not acknowledge what was sent to it before its
// connection counts as lost, in milliseconds. Without it a client whose cable was pulled
// is noticed after a quarter of an hour.
const goneAfter = 30_000

// keep has the kernel notice a client that is gone without a word.
func keep(nc net.Conn) {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return
	}
	if raw, err := sc.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { // without it the connection is as good, and its loss is noticed later
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, goneAfter)
		})
	}
}
