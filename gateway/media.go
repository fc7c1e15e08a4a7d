package gateway

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tollgate/gateway/access"
)

// CheckMedia refuses media that points into a private network: an upstream would
// fetch it from where it stands. Names are not resolved, since who fetches resolves
// them again; what is refused are addresses and names that are private as written.
func CheckMedia(urls []string) error {
	for _, raw := range urls {
		u, err := url.Parse(strings.TrimSpace(raw))
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || !ascii(u.Hostname()) || privateHost(u.Hostname()) {
			return access.ErrMediaPrivate
		}
	}
	return nil
}

// ascii says that whoever fetches reads the same host: characters that look like others,
// such as full-width digits, become those on the way.
func ascii(host string) bool {
	return !strings.ContainsFunc(host, func(r rune) bool { return r > '~' })
}

func privateHost(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal") || !strings.ContainsAny(host, ".:") && !numeric(host) {
		return true // a bare name is one of the local network
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		if addr, err = oldAddress(host); err != nil {
			return false
		}
	}
	addr = within(addr.Unmap())
	return addr.IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast() || addr.IsLinkLocalMulticast() || addr.IsUnspecified() || addr.IsMulticast() ||
		slices.ContainsFunc(local, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// local are prefixes of private networks beside those that have a name of their own: of
// carriers, of this host, of tests and protocols, reserved, Azure's for its machines alone,
// and the former site-local ones.
var local = []netip.Prefix{netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("168.63.129.16/32"), netip.MustParsePrefix("fec0::/10")}

// carriers are prefixes of IPv6 addresses that stand for the IPv4 address at a byte of
// theirs: of NAT64, of 6to4, and the former compatible ones.
var carriers = map[netip.Prefix]int{netip.MustParsePrefix("64:ff9b::/96"): 12, netip.MustParsePrefix("2002::/16"): 2, netip.MustParsePrefix("::/96"): 12}

// within is the address that another one stands for, or that one itself.
func within(addr netip.Addr) netip.Addr {
	for prefix, at := range carriers {
		if prefix.Contains(addr) && addr != netip.IPv6Loopback() {
			whole := addr.As16()
			return netip.AddrFrom4([4]byte(whole[at : at+4]))
		}
	}
	return addr
}

func numeric(host string) bool {
	_, err := strconv.ParseUint(host, 0, 64)
	return err == nil
}

// oldAddress reads the spellings of an IPv4 address that resolvers still take: one
// to four parts, each decimal, octal or hexadecimal (inet_aton).
func oldAddress(host string) (netip.Addr, error) {
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
		if i == len(parts)-1 {
			if n >= 1<<(8*(5-len(parts))) {
				return netip.Addr{}, strconv.ErrRange
			}
			v = v<<(8*(5-len(parts))) | n
			break
		}
		if n > 255 {
			return netip.Addr{}, strconv.ErrRange
		}
		v = v<<8 | n
	}
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}), nil
}
