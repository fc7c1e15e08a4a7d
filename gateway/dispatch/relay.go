package dispatch

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tollgate/gateway/dispatch/http1"
	"tollgate/gateway/listening"
)

// The deadlines of requests that are passed on as they are. The server sets its own, which
// are mostly shorter.
const (
	relayIdle      = 4 * time.Second // below the five seconds of Python's servers
	relayFirstByte = 10 * time.Minute
	relayGap       = 10 * time.Minute
)

// Relay passes requests on to one server as they came, with the credential of whoever
// sent them. Nothing is sent twice, no redirect is followed and no answer is inflated.
type Relay struct {
	client       standard
	origin, path string
}

// NewRelay returns a relay to the server at a base URL, which is none that listens at own.
func NewRelay(base *url.URL, own *listening.Own) *Relay {
	return &Relay{client: newStandard(base.Scheme == "https", relayIdle, own), origin: base.Scheme + "://" + base.Host, path: strings.TrimSuffix(base.EscapedPath(), "/")}
}

// Relayed is an answer of which the headers are there. Body must be closed; what it fails
// with is what [Relay.Do] fails with.
type Relayed struct {
	Status int
	Header http.Header
	Length int64 // of the body, in bytes; -1 if unknown
	Body   io.ReadCloser
}

// Do sends a request. target is path and query as they came. A failure is a
// [*providers.Error], or the cause with which ctx has ended.
func (r *Relay) Do(ctx context.Context, method, target string, header http.Header, body []byte) (*Relayed, error) {
	if _, named := header["User-Agent"]; !named {
		header["User-Agent"] = []string{""} // else net/http names itself
	}
	out := &request{head: &head{origin: r.origin, header: header}, Request: http1.Request{Method: method, Target: r.path + target, Body: [][]byte{body}, FirstByte: relayFirstByte}}
	x, fate, err := r.client.exchange(ctx, out)
	if err != nil {
		return nil, classify(ctx, err, fate, noFirstByte)
	}
	return &Relayed{Status: x.Status(), Header: x.Header(), Length: x.Length(), Body: &relayedBody{ctx, x}}, nil
}

// Close gives up the idle connections.
func (r *Relay) Close() { r.client.close() }

type relayedBody struct {
	ctx context.Context
	x   *exchange
}

// Read reads what is there. An answer may stand still for a while, and not for longer.
func (b *relayedBody) Read(p []byte) (int, error) {
	b.x.Patience(relayGap)
	n, err := b.x.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // a reader's own end is io.EOF itself
		err = classify(b.ctx, err, http1.Sent, stoodStill)
	}
	return n, err
}

func (b *relayedBody) Close() error { return b.x.Close() }
