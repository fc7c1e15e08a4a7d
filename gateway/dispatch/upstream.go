package dispatch

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch/http1"
	"tollgate/gateway/listening"
	"tollgate/providers"
)

// idleTimeout is how long an unused connection is kept where the kind of provider does
// not say.
const idleTimeout = 55 * time.Second

// origin is where connections lead to. Two providers share none, though they lead to the
// same server.
type origin struct{ name, scheme, host string }

// upstream is a server with its connections.
type upstream struct {
	client client
	heads  [2]atomic.Pointer[head] // used last: with the provider's own header for the credential, and with another
}

// upstreams are the servers that were called. They are read without a lock.
type upstreams struct {
	mu   sync.Mutex
	all  atomic.Pointer[map[origin]*upstream]
	make func(h *head, scheme, host string, idle time.Duration, own *listening.Own) client // nil: newClient
}

// of returns the server of a provider, and the head of its requests. keyHeader names the
// header for the credential; "" leaves it to the provider. own is nobody's to call.
func (u *upstreams) of(p *catalog.Provider, keyHeader string, own *listening.Own) (client, *head, error) {
	if p.Kind.Transport != nil {
		h, err := newHead(p, keyHeader)
		return standard{within: p.Kind.Transport, write: http1.WriteTimeout}, h, err
	}
	kind := 0
	if keyHeader != "" {
		kind = 1
	}
	key := origin{p.Name, p.Base.Scheme, p.Base.Host}
	if all := u.all.Load(); all != nil {
		if up := (*all)[key]; up != nil {
			if h := up.heads[kind].Load(); h != nil && h.provider == p && h.keyHeader == keyHeader {
				return up.client, h, nil
			}
		}
	}
	h, err := newHead(p, keyHeader)
	if err != nil {
		return nil, nil, err
	}
	up := u.add(key, p, h, own)
	up.heads[kind].Store(h)
	return up.client, h, nil
}

func (u *upstreams) add(key origin, p *catalog.Provider, h *head, own *listening.Own) *upstream {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := map[origin]*upstream{}
	if old := u.all.Load(); old != nil {
		if up := (*old)[key]; up != nil {
			return up
		}
		for k, up := range *old {
			all[k] = up
		}
	}
	connect := newClient
	if u.make != nil {
		connect = u.make
	}
	up := &upstream{client: connect(h, key.scheme, key.host, cmp.Or(p.Kind.IdleTimeout, idleTimeout), own)}
	all[key] = up
	u.all.Store(&all)
	return up
}

func (u *upstreams) rest() {
	if all := u.all.Load(); all != nil {
		for _, up := range *all {
			up.client.rest()
		}
	}
}

func (u *upstreams) close() {
	if all := u.all.Load(); all != nil {
		for _, up := range *all {
			up.client.close()
		}
	}
}

// head is what every request to a provider carries: once as lines and once as a map.
// Both hold the credential and go nowhere but out.
type head struct {
	provider  *catalog.Provider
	keyHeader string
	origin    string // scheme and host
	path      string // of the base URL
	lines     []byte
	header    http.Header
	names     []string        // of the header, in order
	theirs    map[string]bool // what the operator set, and a codec may set otherwise
}

func newHead(p *catalog.Provider, keyHeader string) (*head, error) {
	h := &head{provider: p, keyHeader: keyHeader, origin: "http://" + p.Name + ".invalid", header: http.Header{}, theirs: map[string]bool{}} // for one inside the process
	host := p.Name + ".invalid"
	if p.Base != nil {
		h.origin, h.path, host = p.Base.Scheme+"://"+p.Base.Host, p.Base.EscapedPath(), hostField(p.Base.Host)
	}
	for k, v := range p.Headers {
		k = textproto.CanonicalMIMEHeaderKey(k)
		h.header[k] = []string{v.Reveal()}
		h.theirs[k] = true
	}
	own := func(k, v string) {
		k = textproto.CanonicalMIMEHeaderKey(k)
		h.header[k] = []string{v}
		delete(h.theirs, k)
	}
	own("User-Agent", "tollgate")
	own("Accept-Encoding", "identity")
	if !p.Secret.IsZero() {
		if name := cmp.Or(keyHeader, p.Kind.Header); name != "" {
			own(name, p.Secret.Reveal())
		} else {
			own("Authorization", "Bearer "+p.Secret.Reveal())
		}
	}
	return h, h.write(host)
}

// write makes the lines, in the order of their names.
func (h *head) write(host string) error {
	var err error
	if h.lines, err = http1.AppendField(h.lines, "Host", host); err != nil {
		return &providers.Error{Kind: providers.Unreachable, Message: "the upstream's address cannot be written in a header"}
	}
	h.names = slices.Sorted(maps.Keys(h.header))
	for _, name := range h.names {
		if h.lines, err = http1.AppendField(h.lines, name, h.header[name][0]); err != nil {
			return &providers.Error{Kind: providers.Unreachable, Message: fmt.Sprintf("the header %q of the provider %s has a name or value that HTTP cannot carry", name, h.provider.Name)}
		}
	}
	return nil
}

// without is the head less what the operator set under a name.
func (h *head) without(name string) *head {
	less := &head{provider: h.provider, origin: h.origin, path: h.path, header: h.header.Clone(), theirs: h.theirs}
	delete(less.header, name)
	_ = less.write(hostField(strings.TrimPrefix(strings.TrimPrefix(h.origin, "https://"), "http://"))) // it was written before, with more
	return less
}

// request makes the request of a codec one to a provider. What the codec says goes
// before what the operator set, and neither before what is set here.
func (h *head) request(r providers.Request, firstByte time.Duration) *request {
	base := h.path
	if r.Root {
		base = strings.TrimSuffix(base, "/v1")
	}
	out := &request{head: h, Request: http1.Request{Method: r.Method, Target: base + r.Path, Body: r.Pieces, FirstByte: firstByte}}
	out.Fields = out.room[:0]
	if out.shared = out.Body != nil; !out.shared {
		out.lone[0] = r.Body
		out.Body = out.lone[:]
	}
	for _, f := range r.Header {
		if slices.Contains(h.names, f.Name) {
			if !h.theirs[f.Name] {
				continue
			}
			out.head = out.head.without(f.Name)
		}
		out.Fields = append(out.Fields, http1.Field(f))
	}
	out.Head = out.head.lines
	return out
}

// address is where to dial.
func address(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), "80")
}

// hostField is a host as the Host header has it: without the zone of an address, which
// is this machine's own affair.
func hostField(host string) string {
	open, zone := strings.IndexByte(host, '['), strings.IndexByte(host, '%')
	end := strings.IndexByte(host, ']')
	if open != 0 || zone < 0 || end < zone {
		return host
	}
	return host[:zone] + host[end:]
}
