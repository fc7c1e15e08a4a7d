package http1

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
)

var (
	errAddress = errors.New("the address is link-local, unspecified, multicast or a cloud's metadata service: such addresses are not called")
	errOwn     = errors.New("the address is one that tollgate itself listens at: the call would come back to it")
)

// metadata are cloud services that are not at a link-local address: of AWS, Alibaba, Azure
// and Oracle.
var metadata = []netip.Addr{netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("168.63.129.16"), netip.MustParseAddr("192.0.0.192")}

// translated are the IPv6 addresses that stand for the IPv4 address in their last four bytes.
var translated = netip.MustParsePrefix("64:ff9b::/96")

// NewDialer returns the dialer of connections to upstreams: both address families are
// tried, and a peer that is gone without a word is noticed. Addresses are looked at once
// names are resolved, at the moment of the connection, so that a name cannot lead
// elsewhere than it did when it was looked at; see [NeverCalled]. own says of an address
// that the program itself listens there; nil says it of none.
func NewDialer(own func(netip.AddrPort) bool) *net.Dialer {
	return &net.Dialer{
		Timeout:         ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAlive, Interval: keepAlive},
		Control: func(_, address string, raw syscall.RawConn) error {
			if err := mayCall(address, own); err != nil {
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
// is never called: one of this link alone, where machines in a cloud ask for their own
// credentials, or one that is no single machine's.
func NeverCalled(err error) bool { return errors.Is(err, errAddress) }

// OwnCalled says that a dial failed because the server is the program itself.
func OwnCalled(err error) bool { return errors.Is(err, errOwn) }

func mayCall(address string, own func(netip.AddrPort) bool) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	a := to.Addr().Unmap().WithZone("")
	if translated.Contains(a) {
		whole := a.As16()
		a = netip.AddrFrom4([4]byte(whole[12:]))
	}
	if a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() {
		return errAddress
	}
	for _, m := range metadata {
		if a == m {
			return errAddress
		}
	}
	if own != nil && own(to) {
		return errOwn
	}
	return nil
}
