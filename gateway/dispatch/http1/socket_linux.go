package http1

import (
	"errors"
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
