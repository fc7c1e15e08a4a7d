package http1

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
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
	nc, err := NewDialer(nil).DialContext(t.Context(), "tcp", ln.Addr().String())
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
	if d := NewDialer(nil); d.Timeout != 5*time.Second {
		t.Errorf("a connection may take %v", d.Timeout)
	}
}

// TestNoRoom: who has no file left for a connection is told apart from a server that takes
// none.
func TestNoRoom(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	socket := func(e syscall.Errno) error { return dial(os.NewSyscallError("socket", e)) }
	for _, c := range []struct {
		err  error
		ours bool
	}{
		{socket(syscall.EMFILE), true}, {socket(syscall.ENFILE), true}, {socket(syscall.ENOBUFS), true}, {socket(syscall.ENOMEM), true},
		{dial(&net.DNSError{Err: "dial udp 127.0.0.53:53: socket: too many open files", Name: "engine"}), true},
		{dial(&net.DNSError{Err: "no such host", Name: "engine", IsNotFound: true}), false},
		{dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), false}, {dial(os.NewSyscallError("connect", syscall.EADDRNOTAVAIL)), false}, {nil, false},
	} {
		if got := NoRoom(c.err); got != c.ours {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

// TestA15_AddressesThatAreNeverCalled: however it is written, an address that serves a
// machine's own credentials is not dialled.
func TestA15_AddressesThatAreNeverCalled(t *testing.T) {
	for _, address := range []string{
		"169.254.169.254:80", "[::ffff:169.254.169.254]:80", "[::ffff:a9fe:a9fe]:80", "[fe80::1%1]:80", "0.0.0.0:80", "[::]:80",
		"224.0.0.1:80", "[ff02::1]:80", "[fd00:ec2::254]:80", "100.100.100.200:80", "168.63.129.16:80", "192.0.0.192:80", "[::ffff:168.63.129.16]:80",
		"[64:ff9b::a9fe:a9fe]:80", "[64:ff9b::100.100.100.200]:80", "[64:ff9b::]:80",
	} {
		_, err := NewDialer(nil).DialContext(context.Background(), "tcp", address)
		if !NeverCalled(err) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"127.0.0.1:1", "[::1]:1", "10.0.0.1:1", "192.168.0.1:1", "8.8.8.8:1", "[fd00::1]:1", "100.64.0.1:1", "168.63.129.17:1", "[64:ff9b::10.0.0.1]:1", "[64:ff9b:1::a9fe:a9fe]:1"} {
		if err := mayCall(address, nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// flipping is a name server that leads every name to the address that was said last.
type flipping struct {
	conn net.PacketConn
	mu   sync.Mutex
	to   [][4]byte
}

func newFlipping(t *testing.T) *flipping {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &flipping{conn: conn}
	var wg sync.WaitGroup
	wg.Go(func() {
		for b := make([]byte, 1<<10); ; {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			if _, err := conn.WriteTo(f.answer(b[:n]), from); err != nil {
				t.Error(err)
			}
		}
	})
	t.Cleanup(func() { _ = conn.Close(); wg.Wait() })
	return f
}

// answer answers a question for an IPv4 address, and says to others that there is none.
func (f *flipping) answer(question []byte) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	end := 12 // of the question, behind its name
	for question[end] != 0 {
		end += 1 + int(question[end])
	}
	end += 5
	out := append([]byte(nil), question[:end]...)
	copy(out[2:12], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	if question[end-3] != 1 {
		return out
	}
	out[7] = byte(len(f.to))
	for _, a := range f.to {
		out = append(append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4), a[:]...)
	}
	return out
}

// TestA15_NamesThatLeadElsewhere: a name is looked at where it leads at the moment of each
// connection, and nobody connects to the program itself or to what is never called, whatever
// the name led to before and leads to besides.
func TestA15_NamesThatLeadElsewhere(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	mine, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Close()
	ours := mine.Addr().(*net.TCPAddr).AddrPort()
	names := newFlipping(t)
	d := NewDialer(func(a netip.AddrPort) bool { return a == ours })
	d.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", names.conn.LocalAddr().String())
	}}
	const name = "engine.example."
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	_, own, _ := net.SplitHostPort(mine.Addr().String())
	loop, metadata := [4]byte{127, 0, 0, 1}, [4]byte{169, 254, 169, 254}
	for i, c := range []struct {
		port string
		to   [][4]byte
		why  error
	}{
		{port, [][4]byte{loop}, nil},
		{port, [][4]byte{metadata}, errAddress},
		{port, [][4]byte{loop}, nil},
		{port, [][4]byte{metadata, {224, 0, 0, 1}}, errAddress},
		{port, [][4]byte{{0, 0, 0, 0}}, errAddress},
		{port, [][4]byte{metadata, loop}, nil}, // one of the two is a server
		{own, [][4]byte{loop}, errOwn},
		{own, [][4]byte{{0, 0, 0, 0}}, errAddress},
	} {
		names.mu.Lock()
		names.to = c.to
		names.mu.Unlock()
		nc, err := d.DialContext(t.Context(), "tcp", net.JoinHostPort(name, c.port))
		if (err == nil) != (c.why == nil) || !errors.Is(err, c.why) || OwnCalled(err) != (c.why == errOwn) { //nolint:errorlint // it stands in the table
			t.Errorf("%d, %v: %v, want %v", i, c.to, err, c.why)
		}
		if err == nil {
			if got := nc.RemoteAddr().String(); got != ln.Addr().String() {
				t.Errorf("%d: it leads to %s", i, got)
			}
			_ = nc.Close()
		}
	}
}
