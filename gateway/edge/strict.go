package edge

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tollgate/providers/wire"
)

// What two servers could read in two ways is refused before anybody is asked who
// calls, and the connection is closed: what follows on it cannot be trusted.
var (
	ErrAmbiguousLength = errors.New("the request has both Content-Length and Transfer-Encoding")
	ErrTransfer        = errors.New("this Transfer-Encoding is not understood: send chunked or none")
	ErrTrailer         = errors.New("trailers are not taken: send these fields as headers")
	ErrBareLF          = errors.New("a line of the request or of its headers does not end in CR LF")
	ErrFolded          = errors.New("a header goes on on the next line: send it on one")
	ErrHeaderTwice     = errors.New("a header stands twice that may stand once")
	ErrHeaderName      = errors.New("the name of a header has a space in it")
	ErrTarget          = errors.New("the request must name a path and no other host: send GET /v1/models, not GET http://host/v1/models")
	ErrMalformed       = errors.New("this is no well-formed HTTP/1.1 request")
)

// strict refuses a request whose head is not written in the one normal way. The
// server below has already refused what it could not read at all. It looks at the path as
// it was sent, with the root path that may stand before a route's own.
func strict(c *fiber.Ctx, root string) error {
	h, path := &c.Request().Header, target(c)
	err := checkHead(h.RawHeaders())
	if k, ok := c.Context().Conn().(*conn); ok && err == nil && k.lines.bare() { // a call within the process has none
		err = ErrBareLF
	}
	if v := string(h.Protocol()); err == nil && v != "HTTP/1.1" && v != "HTTP/1.0" {
		err = ErrMalformed
	}
	if err == nil && (len(path) == 0 || path[0] != '/') {
		err = ErrTarget
	}
	if err != nil {
		c.Context().SetConnectionClose()
		return err
	}
	if !normal(path, root) {
		return ErrNoRoute
	}
	return nil
}

// target is the path of a request as it was sent: a view.
func target(c *fiber.Ctx) []byte {
	path, _, _ := bytes.Cut(c.Request().Header.RequestURI(), []byte("?"))
	return path
}

// below is what of a path stands below a root path, and whether anything does. The root
// path is compared as it is written, and ends where a segment does: /llmx is not below /llm.
func below(path []byte, root string) (rest []byte, ok bool) {
	rest, ok = bytes.CutPrefix(path, []byte(root))
	switch {
	case root == "" || !ok:
		return path, false
	case len(rest) == 0:
		return []byte("/"), true
	}
	return rest, rest[0] == '/'
}

// checkHead looks at the headers as they came, which the parser keeps beside what it
// made of them: it joins folded lines, takes a bare LF, and drops one of two lengths.
func checkHead(raw []byte) error {
	length, chunked := false, false
	var foreign []byte // a header of ours that there is not
	seen := 0          // of single, a bit each
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, '\n')
		if end < 1 || raw[end-1] != '\r' {
			return ErrBareLF
		}
		line := raw[:end-1]
		raw = raw[end+1:]
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			return ErrFolded
		}
		colon := bytes.IndexByte(line, ':')
		if colon < 0 {
			return ErrMalformed
		}
		name := line[:colon]
		if bytes.IndexByte(name, ' ') >= 0 {
			return ErrHeaderName
		}
		if len(name) > len(ours) && is(name[:len(ours)], ours) && !slices.ContainsFunc(asked, func(h string) bool { return is(name, h) }) {
			foreign = name
		}
		for i, once := range single {
			if len(name) == len(once) && is(name, once) {
				if seen&(1<<i) != 0 {
					return twice(once)
				}
				seen |= 1 << i
			}
		}
		switch len(name) {
		case len("Content-Length"):
			length = length || is(name, "Content-Length")
		case len("Transfer-Encoding"):
			if is(name, "Transfer-Encoding") {
				if !is(bytes.Trim(line[colon+1:], " \t"), "chunked") {
					return ErrTransfer
				}
				chunked = true
			}
		case len("Trailer"):
			if is(name, "Trailer") {
				return ErrTrailer
			}
		}
	}
	switch {
	case length && chunked:
		return ErrAmbiguousLength
	case foreign != nil: // whoever sends it wants something that would not be done
		return &wire.ErrField{Field: wire.Excerpt(string(foreign), wire.MaxFieldName), Problem: "no request has such a header; known are " + strings.Join(asked, ", ")}
	}
	return nil
}

// asked are tollgate's own headers of requests, and ours is how all of its own begin.
var asked = []string{"X-Tollgate-Actor", "X-Tollgate-End-User", "X-Tollgate-Fallback", "X-Tollgate-Session", "X-Tollgate-Tags"}

const ours = "X-Tollgate-"

// twice says which header stands twice.
func twice(name string) error {
	return &InField{Field: name, Err: fmt.Errorf("%w: %s", ErrHeaderTwice, name)}
}

// single are the headers of which two servers could each follow another one. Host and
// the lengths the server below sees to.
var single = []string{"Authorization", "X-Api-Key", "Api-Key", "Ocp-Apim-Subscription-Key", "X-Goog-Api-Key", "Content-Type", "Content-Encoding"}

// is compares what came with a word, in any case.
func is(b []byte, word string) bool { return strings.EqualFold(string(b), word) }

// named are the paths below which a name stands that may need a slash of its own,
// written as %2F.
var named = []string{"/v1/models/", "/models/", "/openai/deployments/", "/engines/", "/api/v1/tags/", "/api/v1/credentials/", "/key/", "/model/", "/fallback/", "/credentials/", "/access_group/"}

// normal says whether a path is spelled in the one way in which no server in front of
// this one, or behind it, can read another path: no empty or dot segments, no slash at
// the end, no parameters, nothing encoded that needs no encoding, nothing bare that
// does. root is the root path, which changes nothing but where a name stands.
func normal(path []byte, root string) bool {
	if len(path) == 1 {
		return true
	}
	segment := 1 // where it starts
	for i := 1; i < len(path); i++ {
		c, width := path[i], 1
		switch {
		case c <= ' ', c >= 0x7f, c == ';', c == '\\', c == '#':
			return false
		case c == '%':
			if i+2 >= len(path) {
				return false
			}
			high, low := unhex(path[i+1]), unhex(path[i+2])
			if high < 0 || low < 0 {
				return false
			}
			c, width = byte(high<<4|low), 3
			if c < ' ' || c == 0x7f || unreserved(c) || (c == '/' && !inName(path[:i], root)) {
				return false
			}
		}
		if c == '/' {
			if dots(path[segment:i]) {
				return false
			}
			segment = i + width
		}
		i += width - 1
	}
	return !dots(path[segment:])
}

// dots says whether a segment is empty, or a step up or on the spot.
func dots(segment []byte) bool {
	switch string(segment) {
	case "", ".", "..":
		return true
	}
	return false
}

func inName(before []byte, root string) bool {
	if rest, ok := below(before, root); ok {
		before = rest
	}
	for _, prefix := range named {
		if bytes.HasPrefix(before, []byte(prefix)) {
			return true
		}
	}
	return false
}

// unreserved is what a path never needs to encode (RFC 3986, 2.3).
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// hardenServer changes what the framework's server would do with requests that never
// reach a route. Its errors quote what the connection's buffer holds, which may be
// the next request, of somebody else behind the same proxy. A method that the
// framework does not know it answers in words of its own; here it goes the way of one
// that it knows and no route has.
func hardenServer(app *fiber.App) {
	server := app.Server()
	server.SecureErrorLogMessage = true
	serve := server.Handler
	server.Handler = func(ctx *fasthttp.RequestCtx) {
		switch string(ctx.Method()) {
		case fiber.MethodGet, fiber.MethodHead, fiber.MethodPost, fiber.MethodPut, fiber.MethodDelete, fiber.MethodPatch,
			fiber.MethodOptions, fiber.MethodTrace, fiber.MethodConnect:
		default:
			ctx.Request.Header.SetMethod(fiber.MethodTrace)
		}
		serve(ctx)
	}
}
