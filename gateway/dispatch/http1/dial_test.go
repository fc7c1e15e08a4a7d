package http1

import (
	"context"
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestP5_PeersThatAreGone: a connection is probed every 15 s, and given up when what was sent
// is not taken for 30 s.
func TestP5_PeersThatAreGone(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	nc, err := NewDialer().DialContext(t.Context(), "tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	raw, err := nc.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		for what, o := range map[string][3]int{
			"probed":                   {unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
			"seconds to the first":     {unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 15},
			"seconds between two":      {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 15},
			"ms for what is not taken": {unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 30_000},
		} {
			if got, err := unix.GetsockoptInt(int(fd), o[0], o[1]); err != nil || got != o[2] {
				t.Errorf("%s: %d, want %d (%v)", what, got, o[2], err)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	if d := NewDialer(); d.Timeout != 5*time.Second {
		t.Errorf("a connection may take %v", d.Timeout)
	}
}

// TestA15_AddressesThatAreNeverCalled: however it is written, an address that serves a
// machine's own credentials is not dialled.
func TestA15_AddressesThatAreNeverCalled(t *testing.T) {
	for _, address := range []string{
		"169.254.169.254:80", "[::ffff:169.254.169.254]:80", "[::ffff:a9fe:a9fe]:80", "[fe80::1%1]:80", "0.0.0.0:80", "[::]:80",
		"224.0.0.1:80", "[ff02::1]:80", "[fd00:ec2::254]:80", "100.100.100.200:80",
	} {
		_, err := NewDialer().DialContext(context.Background(), "tcp", address)
		if !NeverCalled(err) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"127.0.0.1:1", "[::1]:1", "10.0.0.1:1", "192.168.0.1:1", "8.8.8.8:1", "[fd00::1]:1", "100.64.0.1:1"} {
		if err := mayCall(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
