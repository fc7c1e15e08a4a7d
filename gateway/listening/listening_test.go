package listening

import (
	"net"
	"net/netip"
	"strings"
	"testing"
)

// TestA15_OwnListeners: a listener is known by every spelling of its address, and nothing
// else is taken for one.
func TestA15_OwnListeners(t *testing.T) {
	mine := "" // an address of this machine that is not of itself alone
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if p, err := netip.ParsePrefix(i.String()); err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() {
			mine = p.Addr().String()
		}
	}
	if mine == "" {
		t.Log("this machine has no address but its loopback: that one is not tried")
		mine = "127.0.0.1"
	}
	for listen, urls := range map[string]map[string]bool{
		"127.0.0.1:4000": {
			"http://127.0.0.1:4000/v1": true, "http://localhost:4000": true, "http://LOCALHOST.:4000/v1": true, "http://a.localhost:4000": true, "https://127.0.0.1:4000": true,
			"http://[::ffff:127.0.0.1]:4000": true, "http://[::ffff:7f00:1]:4000/x": true, "http://0.0.0.0:4000": true, "http://[::]:4000": true,
			"http://127.0.0.1:4001": false, "http://127.0.0.2:4000": false, "http://[::1]:4000": false, "http://10.0.0.1:4000": false, "http://127.0.0.1/v1": false,
			"http://example.org:4000": false, "http://localhost.example.org:4000": false, "": false, "http://": false, "http://:4000": false, "http://127.0.0.1:x": false, "http://127.0.0.1:99999": false,
		},
		"[::1]:4000": {"http://[::1]:4000": true, "http://[0:0:0:0:0:0:0:1]:4000": true, "http://localhost:4000": true, "http://[::]:4000": true, "http://127.0.0.1:4000": false, "http://[::2]:4000": false},
		":4000": {
			"http://127.0.0.1:4000": true, "http://127.9.9.9:4000": true, "http://[::1]:4000": true, "http://0.0.0.0:4000": true, "http://localhost:4000": true, "http://" + mine + ":4000": true,
			"http://[::ffff:" + mine + "]:4000": true, "http://" + mine + ":4001": false, "http://192.0.2.1:4000": false, "http://gpu1:4000": false,
		},
		"0.0.0.0:4000":    {"http://127.0.0.1:4000": true, "http://" + mine + ":4000": true, "http://[::1]:4000": false, "http://192.0.2.1:4000": false},
		"[::]:80":         {"http://127.0.0.1/v1": true, "http://localhost": true, "https://127.0.0.1/v1": false},
		"localhost:4000":  {"http://127.0.0.1:4000": true, "http://[::1]:4000": true, "http://localhost:4000": true, "http://gpu1:4000": false},
		"Gate.Example:4":  {"http://gate.example:4": true, "http://gate.example.:4/v1": true, "http://gate.example:5": false, "http://127.0.0.1:4": false},
		"127.0.0.1:0":     {"http://127.0.0.1:0": false, "http://127.0.0.1": false},
		"127.0.0.1:65535": {"http://127.0.0.1:65535": true, "http://127.0.0.1:99999": false},
		"127.0.0.1:99999": {"http://127.0.0.1:65535": false, "http://127.0.0.1:99999": false},
		"nothing":         {"http://127.0.0.1:4000": false},
		"192.0.2.7:4000":  {"http://192.0.2.7:4000": true, "http://127.0.0.1:4000": false, "http://0.0.0.0:4000": false},
	} {
		own := &Own{}
		own.Add(listen)
		if own.Add(listen); len(own.all) > 1 {
			t.Errorf("%s is known twice", listen)
		}
		for u, is := range urls {
			if err := own.Check(u); (err != nil) != is || err != nil && !strings.Contains(err.Error(), listen) {
				t.Errorf("%s and %q: %v, want an error %v", listen, u, err, is)
			}
		}
	}
	own := &Own{}
	own.Add(":4000")
	for to, is := range map[string]bool{"127.0.0.1:4000": true, "[::ffff:127.0.0.1]:4000": true, "[::1%lo]:4000": true, mine + ":4000": true, "127.0.0.1:4001": false, "192.0.2.1:4000": false} {
		if got := own.Is(netip.MustParseAddrPort(to)); got != is {
			t.Errorf("%s: %v", to, got)
		}
	}
	var none *Own
	if none.Is(netip.MustParseAddrPort("127.0.0.1:4000")) || none.Check("http://127.0.0.1:4000") != nil {
		t.Error("nobody listens, and is called")
	}
}
