package address

import (
	"net/netip"
	"testing"
)

// TestAddresses: what an address is does not depend on how it is written.
func TestAddresses(t *testing.T) {
	const (
		never   = 1 << iota // as an address
		refused             // as the host of an upstream
		odd                 // the same, for its spelling
		private             // as the host of media
	)
	for host, is := range map[string]int{
		// One address, by every spelling.
		"169.254.169.254": never | refused | private, "169.254.169.254.": refused | private, "::ffff:169.254.169.254": never | refused | private, "::ffff:a9fe:a9fe": never | refused | private,
		"64:ff9b::a9fe:a9fe": never | refused | private, "2002:a9fe:a9fe::1": never | refused | private, "::a9fe:a9fe": never | refused | private, "::ffff:0:a9fe:a9fe": never | refused | private,
		"0:0:0:0:0:FFFF:A9FE:A9FE": never | refused | private, "2852039166": odd | private, "0xa9fea9fe": odd | private, "0xA9.254.0251.0376": odd | private, "169.254.43518": odd | private,
		// Where machines are told their credentials.
		"fd00:ec2::254": never | refused | private, "fd00:ec2::23": never | refused | private, "fd20:ce::254": never | refused | private, "fd00:c1::a9fe:a9fe": never | refused | private,
		"fd00:42::42": never | refused | private, "fd00:a9fe:a9fe::1": never | refused | private, "fd00:100::100:200": never | refused | private, "100.100.100.200": never | refused | private,
		"168.63.129.16": never | refused | private, "::ffff:168.63.129.16": never | refused | private, "64:ff9b::100.100.100.200": never | refused | private, "192.0.0.192": never | refused | private,
		// No single machine's, or of one link.
		"0.0.0.0": never | refused | private, "0": odd | private, "::": never | refused | private, "64:ff9b::": never | refused | private, "224.0.0.1": never | refused | private, "239.1.1.1": never | refused | private,
		"ff02::1": never | refused | private, "ff0e::1": never | refused | private, "fe80::1": never | refused | private, "fe80::1%eth0": never | refused | private, "169.254.0.1": never | refused | private,
		// Private networks, where engines are.
		"127.0.0.1": private, "::1": private, "::1%lo": private, "10.0.0.1": private, "172.16.3.4": private, "192.168.1.1": private, "fd00::1": private, "fd00:ec3::254": private, "100.64.0.1": private,
		"100.100.100.201": private, "192.0.0.191": private, "198.18.0.1": private, "240.0.0.1": private, "255.255.255.255": private, "fec0::1": private, "0.1.2.3": private,
		"::ffff:10.0.0.1": private, "64:ff9b::10.0.0.1": private, "2002:a00:1::1": private, "::127.0.0.1": private,
		"2130706433": odd | private, "0x7f000001": odd | private, "0177.0.0.1": odd | private, "127.1": odd | private, "0x7f.1": odd | private, "10.1": odd | private,
		"localhost": private, "LOCALHOST.": private, "a.localhost": private, "printer.local": private, "a.b.c.d.local": private, "metadata.google.internal": private, "intranet": private, "": private,
		// Others' machines.
		"8.8.8.8": 0, "93.184.216.34": 0, "168.63.129.17": 0, "198.20.0.1": 0, "2606:2800:220:1::1": 0, "64:ff9b::8.8.8.8": 0, "2002:808:808::1": 0, "64:ff9b:1::a9fe:a9fe": 0,
		"example.org": 0, "EXAMPLE.ORG.": 0, "localhost.example.org": 0, "internal.example.org": 0, "169.254.169.254.example.org": 0, "0x7f.example.org": 0, "1.1": odd, "134744072": odd,
		// Numbers that are no addresses.
		"256.1.1.1": odd, "256.1": odd, "10.0.0.1.0": odd, "1.2.3.4.5": odd, "08.1.1.1": odd, "1.1.1.08": odd, "4294967296": odd | private, "99999999999999999999": odd | private, "0x": private,
	} {
		if a, err := netip.ParseAddr(host); err == nil && NeverCalled(a) != (is&never != 0) {
			t.Errorf("%q is never called: %v", host, !(is&never != 0))
		}
		switch err := CheckUpstream(host); {
		case is&refused != 0 && err != errNever, is&odd != 0 && err != errOdd, is&(refused|odd) == 0 && err != nil: //nolint:errorlint // they are returned as they are
			t.Errorf("%q as an upstream: %v", host, err)
		}
		if Private(host) != (is&private != 0) {
			t.Errorf("%q is private: %v", host, !(is&private != 0))
		}
	}
}
