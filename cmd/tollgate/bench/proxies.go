//go:build bench

package main

import (
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/valyala/fasthttp"
)

// proxy runs one of the two that tollgate is measured beside. They look at nothing and
// write nothing down.
func proxy(kind, address, upstream string) {
	switch kind {
	case "fasthttp":
		fail("%v", serveFast(address, upstream))
	case "nethttp":
		fail("%v", serveNet(address, upstream))
	}
	fail("no proxy %q", kind)
}

// serveFast passes requests on with fasthttp at both ends. A stream is read and
// flushed by the connection's own goroutine, without a pipe.
func serveFast(address, upstream string) error {
	client := &fasthttp.HostClient{Addr: upstream, MaxConns: 4096, StreamResponseBody: true,
		NoDefaultUserAgentHeader: true, DisableHeaderNamesNormalizing: true, DisablePathNormalizing: true}
	handle := func(c *fasthttp.RequestCtx) {
		res := fasthttp.AcquireResponse()
		res.StreamBody = true
		if err := client.Do(&c.Request, res); err != nil {
			fasthttp.ReleaseResponse(res)
			c.Error(err.Error(), fasthttp.StatusBadGateway)
			return
		}
		c.SetStatusCode(res.StatusCode())
		c.Response.Header.SetContentTypeBytes(res.Header.ContentType())
		body := &passed{res.BodyStream(), res}
		if n := res.Header.ContentLength(); n >= 0 {
			_, err := io.Copy(c, body)
			_ = body.Close()
			if err != nil {
				c.Error(err.Error(), fasthttp.StatusBadGateway)
			}
			return
		}
		c.SetBodyStream(body, -1)
	}
	server := &fasthttp.Server{Handler: handle, MaxRequestBodySize: 64 << 20, NoDefaultServerHeader: true}
	return server.ListenAndServe(address)
}

type passed struct {
	io.Reader
	res *fasthttp.Response
}

func (p *passed) Close() error {
	err := p.res.CloseBodyStream()
	fasthttp.ReleaseResponse(p.res)
	return err
}

// serveNet passes requests on with the standard library.
func serveNet(address, upstream string) error {
	to := &url.URL{Scheme: "http", Host: upstream}
	p := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport:     &http.Transport{MaxIdleConns: 4096, MaxIdleConnsPerHost: 4096, DisableCompression: true},
		FlushInterval: -1,
	}
	return http.ListenAndServe(address, p)
}
