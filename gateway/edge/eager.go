package edge

import (
	"io"
	"net"
)

// eagerBytes is what is read of a connection when less is asked for. An everyday request
// with its headers is shorter.
const eagerBytes = 2 << 10

// Eager returns a listener whose connections read ahead a little. The server gives its
// buffer away while a connection is idle and asks for one byte to wait for the next
// request; with the byte comes the request, which saves a call into the kernel each.
func Eager(ln net.Listener) net.Listener { return eagerListener{ln} }

type eagerListener struct{ net.Listener }

func (l eagerListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok && err == nil {
		return &eager{TCPConn: tcp}, nil
	}
	return c, err
}

// eager is a connection that is read by one goroutine at a time: its server's.
type eager struct {
	*net.TCPConn
	from, to int
	ahead    [eagerBytes]byte
}

// Read returns what was read ahead before it reads on.
func (c *eager) Read(p []byte) (int, error) {
	if c.from == c.to {
		if len(p) >= len(c.ahead) {
			return c.TCPConn.Read(p)
		}
		n, err := c.TCPConn.Read(c.ahead[:])
		if n == 0 {
			return 0, err
		}
		c.from, c.to = 0, n
	}
	n := copy(p, c.ahead[c.from:c.to])
	c.from += n
	return n, nil
}

// WriteTo keeps a copy from going around Read.
func (c *eager) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{c})
}
