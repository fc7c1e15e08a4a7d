// Package address knows which addresses are never an upstream's, since machines are told
// their credentials there or no single machine is, and which are of private networks, by
// every spelling of each.
//
// It imports nothing of ours and resolves no name. It knows neither who would call an address
// nor what the program itself listens at.
package address

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

var (
	errNever = errors.New("the host is an address that is never called: link-local, unspecified, multicast or a cloud's metadata service; write where the engine or the vendor is")
	errOdd   = errors.New("the host is an address in a spelling that not everybody reads alike: write it as 127.0.0.1 is written")
)

// metadata are cloud services that are not at a link-local address, and of which machines
// learn their own credentials: of AWS, Google, Oracle, Scaleway, Akamai and Alibaba in IPv6,
// of Alibaba, Azure and Oracle in IPv4.
var metadata = prefixes("fd00:ec2::/32", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128", "fd00:42::42/128", "fd00:a9fe:a9fe::1/128", "fd00:100::100:200/128",
	"100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32")

// local are prefixes of private networks beside those that [netip.Addr] has a method for: of
// carriers, of this host, of protocols, of tests, reserved, Azure's for its machines alone,
// and the former site-local ones.
var local = prefixes("100.64.0.0/10", "0.0.0.0/8", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "168.63.129.16/32", "fec0::/10")

// carriers are prefixes of IPv6 addresses that stand for the IPv4 address at one of their
// bytes: of NAT64, of 6to4, of SIIT, and the former compatible ones.
var carriers = []struct {
	netip.Prefix
	at int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},
	{netip.MustParsePrefix("2002::/16"), 2},
	{netip.MustParsePrefix("::ffff:0:0:0/96"), 12},
	{netip.MustParsePrefix("::/96"), 12},
}

func prefixes(all ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(all))
	for i, s := range all {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func in(prefixes []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(a) })
}

// NeverCalled says that no upstream is at an address: it is one of this link alone, where
// machines in a cloud ask for their own credentials, or one that is no single machine's.
func NeverCalled(a netip.Addr) bool {
	a = meant(a)
	return a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || in(metadata, a)
}

// CheckUpstream returns an error that says what to write for the host of an upstream's URL
// that is an address as it is written, and either one that is never called or spelled so that
// not everybody reads the same. Where a name leads is looked at when it is called.
func CheckUpstream(host string) error {
	host = strings.TrimSuffix(host, ".")
	a, err := netip.ParseAddr(host)
	switch {
	case err == nil && NeverCalled(a):
		return errNever
	case err != nil && endsInNumber(host):
		return errOdd
	}
	return nil
}

// Private says that the host of a URL is of a private network as it is written: an address
// of one, or a name that is only known there.
func Private(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if a, err := read(host); err == nil {
		a = meant(a)
		return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || in(local, a)
	}
	return !strings.ContainsAny(host, ".:") || // a bare name, as localhost, is one of the local network
		slices.ContainsFunc([]string{".localhost", ".local", ".internal"}, func(end string) bool { return strings.HasSuffix(host, end) })
}

// meant is the address that another one stands for, or that one itself.
func meant(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	for _, c := range carriers {
		if c.Contains(a) && !a.IsLoopback() {
			whole := a.As16()
			return netip.AddrFrom4([4]byte(whole[c.at : c.at+4]))
		}
	}
	return a
}

// endsInNumber says of what is no address as all read it that some read it as one: names do
// not end in a number, and resolvers take 2130706433, 0x7f.1 and 0177.0.0.1 for 127.0.0.1, or
// do not.
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	_, err := strconv.ParseUint(last, 0, 64)
	return err == nil || last != "" && strings.Trim(last, "0123456789") == ""
}

// read reads an address in any spelling.
func read(host string) (netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return a, nil
	}
	return readOdd(host)
}

// readOdd reads the spellings of an IPv4 address that resolvers still take: one to four
// parts, each decimal, octal or hexadecimal (inet_aton).
func readOdd(host string) (netip.Addr, error) {
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return netip.Addr{}, strconv.ErrSyntax
	}
	var v uint64
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 0, 64)
		if err != nil {
			return netip.Addr{}, err
		}
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts)) // the last part has what is left
		}
		if n >= 1<<bits {
			return netip.Addr{}, strconv.ErrRange
		}
		v = v<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}), nil
}
