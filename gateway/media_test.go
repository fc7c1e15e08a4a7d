package gateway_test

import (
	"errors"
	"testing"

	"tollgate/gateway"
	"tollgate/gateway/access"
)

func TestCheckMedia(t *testing.T) {
	for u, ok := range map[string]bool{
		"https://example.org/cat.png": true, "http://93.184.216.34/a": true, "https://[2606:2800:220:1::1]/a": true, "HTTPS://EXAMPLE.ORG/": true,
		"https://example.org:8443/a?b=c": true, "http://8.8.8.8": true, "http://1.1": true,
		"http://127.0.0.1/a": false, "http://localhost/": false, "http://LOCALHOST./": false, "http://a.localhost/": false, "http://10.0.0.1/": false,
		"http://172.16.3.4/": false, "http://192.168.1.1/": false, "http://169.254.169.254/latest/meta-data": false, "http://100.64.0.1/": false,
		"http://0.0.0.0/": false, "http://0/": false, "http://[::1]/": false, "http://[fe80::1]/": false, "http://[fd00::1]/": false, "http://[::ffff:10.0.0.1]/": false,
		"http://2130706433/": false, "http://0x7f000001/": false, "http://0177.0.0.1/": false, "http://127.1/": false, "http://10.1/": false, "http://0x7f.1/": false,
		"http://printer.local/": false, "http://metadata.google.internal/": false, "http://intranet/": false,
		"file:///etc/passwd": false, "ftp://example.org/": false, "gopher://x/": false, "//example.org/a": false, "/etc/passwd": false, "": false, "http://": false, "http://exa mple/": false,
		"http://１２７.0.0.1/": false, "http://127。0。0。1/": false, "http://ⓛocalhost/": false, "http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1/": false, "http://xn--mnchen-3ya.de/": true,
		"http://[64:ff9b::10.0.0.1]/": false, "http://[64:ff9b::a9fe:a9fe]/": false, "http://[64:ff9b::8.8.8.8]/": true, "http://[::127.0.0.1]/": false, "http://[2002:a00:1::1]/": false, "http://[2002:808:808::1]/": true, "http://[fec0::1]/": false,
		"http://127.0.0.1\\@example.org/": false, "http://example.org\\@127.0.0.1/": false, "http://127.0.0.1#@example.org/": false, "http://127.0.0.1?@example.org/": false, "http://[::1%25lo]/": false,
		"http://user@127.0.0.1/": false, "http://example.org@127.0.0.1/": false, "http://239.1.1.1/": false, "http://168.63.129.16/machine": false, "http://168.63.129.17/": true, "http://192.0.0.192/latest": false, "http://198.18.0.1/": false, "http://198.20.0.1/": true, "http://255.255.255.255/": false, "http://240.0.0.1/": false,
	} {
		err := gateway.CheckMedia([]string{u})
		if (err == nil) != ok || err != nil && !errors.Is(err, access.ErrMediaPrivate) {
			t.Errorf("%q: %v, want it to pass %v", u, err, ok)
		}
	}
	if err := gateway.CheckMedia([]string{"https://example.org/", "http://127.0.0.1/"}); err == nil {
		t.Error("one of two passes for both")
	}
}
