// Package listening knows where the program itself listens, however that is written, so that
// no upstream is one of its own listeners: a call there would come in again as another call,
// and that one again.
//
// It imports nothing of ours. It resolves no name, and knows neither what listens nor who
// calls.
package listening

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Own are the listeners of the program. There are none in the zero value, and none of a nil
// one. Its methods may be called at the same time.
type Own struct {
	mu  sync.RWMutex
	all []listener
}

type listener struct {
	said string     // host:port, as it was told
	name string     // of its host, if that is no address
	addr netip.Addr // of its host; unspecified is every address of the machine
	port uint16
}

// Add notes a listener's address, host:port. A port of 0 is not known yet, and what is no
// address of a listener is none.
func (o *Own) Add(address string) {
	host, port, err := net.SplitHostPort(address)
	n, bad := strconv.ParseUint(port, 10, 16)
	if err != nil || bad != nil || n == 0 {
		return
	}
	l := listener{said: address, port: uint16(n)}
	switch a, err := netip.ParseAddr(host); {
	case err == nil:
		l.addr = a.Unmap().WithZone("")
	case host == "":
		l.addr = netip.IPv6Unspecified()
	default:
		l.name = plain(host)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.Contains(o.all, l) {
		o.all = append(o.all, l)
	}
}

// Is says whether a connection to an address would be one to the program itself.
func (o *Own) Is(to netip.AddrPort) bool {
	_, is := o.at(to.Addr(), to.Port())
	return is
}

// Check returns an error for the URL of an upstream that is one of the listeners, as it is
// written. What its name leads to is not looked up: [Own.Is] is asked about that, at the
// moment of the connection. Of what is no URL it says nothing.
func (o *Own) Check(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return nil // who reads it says so
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil
	}
	if said, is := o.named(plain(u.Hostname()), uint16(n)); is {
		return fmt.Errorf("tollgate itself listens there (%s), and its calls would come back to it: write where the engine or the vendor is", said)
	}
	return nil
}

func plain(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

// The name of this machine to itself, and where it leads.
const localhost = "localhost"

var loopback = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}

func (o *Own) named(host string, port uint16) (said string, is bool) {
	if a, err := netip.ParseAddr(host); err == nil {
		return o.at(a, port)
	}
	if host == localhost || strings.HasSuffix(host, "."+localhost) {
		for _, a := range loopback {
			if said, is := o.at(a, port); is {
				return said, true
			}
		}
	}
	for _, l := range o.known() {
		if l.port == port && l.name != "" && l.name == host {
			return l.said, true
		}
	}
	return "", false
}

func (o *Own) at(a netip.Addr, port uint16) (said string, is bool) {
	a = a.Unmap().WithZone("")
	for _, l := range o.known() {
		if l.port == port && l.reached(a) {
			return l.said, true
		}
	}
	return "", false
}

func (o *Own) known() []listener {
	if o == nil {
		return nil
	}
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.all // what is there is never changed
}

// reached says whether a connection to an address, at the right port, is one to the
// listener. One to no particular address goes to this machine.
func (l listener) reached(a netip.Addr) bool {
	switch {
	case l.name == localhost, l.addr.IsLoopback() && a.IsUnspecified():
		return a.IsLoopback() || a.IsUnspecified()
	case l.name != "":
		return false
	case !l.addr.IsUnspecified():
		return a == l.addr
	case l.addr.Is4() && a.Is6():
		return false
	}
	return a.IsLoopback() || a.IsUnspecified() || machines(a)
}

// machines says whether an address is one of this machine's. Where the system does not tell
// them, which sandboxes forbid, only those are known that every machine has.
func machines(a netip.Addr) bool {
	all, err := net.InterfaceAddrs()
	return err == nil && slices.ContainsFunc(all, func(i net.Addr) bool {
		p, err := netip.ParsePrefix(i.String())
		return err == nil && p.Addr().Unmap().WithZone("") == a
	})
}
