package http1

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"tollgate/gateway/address"
)

var (
	errAddress = errors.New("the address is link-local, unspecified, multicast or a cloud's metadata service: such addresses are not called")
	errOwn     = errors.New("the address is one that tollgate itself listens at: the call would come back to it")
)

// NewDialer returns the dialer of connections to upstreams: both address families are
// tried, and a peer that is gone without a word is noticed. Addresses are looked at once
// names are resolved, at the moment of the connection, so that a name cannot lead
// elsewhere than it did when it was looked at; see [NeverCalled]. own says of an address
// that the program itself listens there; nil says it of none.
func NewDialer(own func(netip.AddrPort) bool) *net.Dialer {
	return &net.Dialer{
		Timeout:         ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAlive, Interval: keepAlive},
		Control: func(_, target string, raw syscall.RawConn) error {
			if err := mayCall(target, own); err != nil {
				return err
			}
			var failed error
			if err := raw.Control(func(fd uintptr) { failed = setUserTimeout(fd) }); err != nil {
				return err
			}
			return failed
		},
	}
}

// NeverCalled says that a dial failed because the server's name leads to an address that
// is never called; see [address.NeverCalled].
func NeverCalled(err error) bool { return errors.Is(err, errAddress) }

// OwnCalled says that a dial failed because the server is the program itself.
func OwnCalled(err error) bool { return errors.Is(err, errOwn) }

// NoRoom says that a dial failed because this process or machine had no room for another
// connection, which says nothing of the server.
func NoRoom(err error) bool {
	var dns *net.DNSError // which keeps of its reason no more than the words
	for _, shortage := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		if errors.Is(err, shortage) || errors.As(err, &dns) && strings.HasSuffix(dns.Err, shortage.Error()) {
			return true
		}
	}
	return false
}

func mayCall(target string, own func(netip.AddrPort) bool) error {
	to, err := netip.ParseAddrPort(target)
	if err != nil {
		return err
	}
	if address.NeverCalled(to.Addr()) {
		return errAddress
	}
	if own != nil && own(to) {
		return errOwn
	}
	return nil
}
