package dispatch

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/http"
)

// net/http goes on with a connection whose request has left, for the sake of later ones; here
// it is given up with the request that it is made for. Each that waits has one of its own
// made, so nobody waits in vain; one that is complete may be anybody's, and stays.

type leavingKey struct{}

// withLeaving is a request's context in which the end of leaving ends the connections that
// are being made for the request.
func withLeaving(ctx, leaving context.Context) context.Context {
	return context.WithValue(ctx, leavingKey{}, leaving)
}

type dial func(ctx context.Context, network, address string) (net.Conn, error)

// leaving is a dial that ends with the request that it is for.
func (d dial) leaving(ctx context.Context, network, address string) (net.Conn, error) {
	leaving, ok := ctx.Value(leavingKey{}).(context.Context)
	if !ok {
		return d(ctx, network, address)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(leaving, cancel)
	conn, err := d(ctx, network, address)
	if stayed := stop(); err != nil {
		return nil, err
	} else if !stayed {
		_ = conn.Close() // nobody is left to tell
		return nil, context.Canceled
	}
	return conn, nil
}

// secured is a dial of a transport with the handshake of TLS behind it, which net/http would
// make itself, as it does beyond a proxy.
func secured(t *http.Transport) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		conn, err := t.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		config := cmp.Or(t.TLSClientConfig, &tls.Config{}).Clone()
		config.NextProtos = []string{"h2", "http/1.1"}
		config.ServerName = cmp.Or(config.ServerName, host)
		ctx, cancel := context.WithTimeout(ctx, t.TLSHandshakeTimeout)
		defer cancel()
		over := tls.Client(conn, config)
		if err := over.HandshakeContext(ctx); err != nil {
			_ = conn.Close() // the handshake's failure is told
			return nil, err
		}
		return over, nil
	}
}
