package http1

import (
	"net"
	"syscall"
)

// NewDialer returns the dialer of connections to upstreams: both address families are
// tried, and a peer that is gone without a word is noticed.
func NewDialer() *net.Dialer {
	return &net.Dialer{
		Timeout:         ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAlive, Interval: keepAlive},
		Control: func(_, _ string, raw syscall.RawConn) error {
			var failed error
			if err := raw.Control(func(fd uintptr) { failed = setUserTimeout(fd) }); err != nil {
				return err
			}
			return failed
		},
	}
}
