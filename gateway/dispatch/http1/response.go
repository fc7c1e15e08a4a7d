package http1

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
	"net/textproto"
	"strings"
	"time"
)

// Response is an answer of which the headers are there. It is used by one goroutine.
type Response struct {
	client *Client
	cn     *conn // nil after Close
	stop   func() bool

	status int
	keep   bool // the connection can be used again after the body
	frame  frame
	left   int64 // of a body of known length, or of a chunk
	// after says that the end of a chunk is still to be read.
	after      bool
	extensions int
	err        error // what every further read returns

	patience time.Duration // for what is still to be read; 0: no limit
	armed    bool          // its deadline is set
}

// frame is how the end of a body is known.
type frame uint8

const (
	empty   frame = iota // there is none
	fixed                // by its length
	chunked              // by a chunk of length zero
	toEnd                // by the end of the connection, which proves nothing
)

// exchange sends a request and reads the headers of its answer.
func (r *Response) exchange(req *Request) (Fate, error) {
	cn := r.cn
	cn.acquire()
	r.Patience(req.FirstByte)
	if err := r.arm(cn.taken); err != nil {
		return Unsent, err
	}
	sent, early, err := cn.send(req)
	fate := Unsent
	if sent == all {
		fate = Sent
	}
	if err != nil {
		if sent == none || errors.Is(err, errDeadline) {
			return fate, err
		}
		r.Patience(earlyPatience) // it may have said why it takes no more
	}
	failed := r.arm(cn.wrote)
	if failed == nil {
		failed = r.readHead()
	}
	if failed != nil {
		if err != nil && !cn.came {
			failed = err
		}
		if cn.came { // it has answered what it had, and may have worked for it
			fate = Sent
		}
		return fate, failed
	}
	if early || err != nil {
		r.keep = false // the rest of the request is not sent
	}
	return fate, nil
}

// Patience bounds how long reading may take from now on, until it is called again; it
// counts from the next read that has to wait. 0 bounds nothing.
func (r *Response) Patience(d time.Duration) { r.patience, r.armed = d, false }

// await is called before each wait for the network.
func (r *Response) await() error {
	if r.armed {
		return nil
	}
	return r.arm(now())
}

// arm sets the deadline of what is read from now on.
func (r *Response) arm(now time.Time) error {
	r.armed = true
	if r.patience > 0 {
		return r.cn.readWithin(now, r.patience)
	}
	r.cn.readBy = time.Time{}
	return r.cn.nc.SetReadDeadline(time.Time{})
}

// Status is the status code.
func (r *Response) Status() int { return r.status }

// Length is how many bytes the body has; -1 if that is not known.
func (r *Response) Length() int64 {
	switch r.frame {
	case empty:
		return 0
	case fixed:
		return r.left
	}
	return -1
}

// Get returns the first value of a header; "" if there is none. It may be called until
// Close.
func (r *Response) Get(name string) string {
	const usual = "application/json" // it need not be copied
	for rest := r.cn.head; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		if len(line) > len(name) && line[len(name)] == ':' && equalFold(line[:len(name)], name) {
			if value := trim(line[len(name)+1:]); string(value) != usual {
				return string(value)
			}
			return usual
		}
	}
	return ""
}

// Header returns all headers.
func (r *Response) Header() http.Header {
	h := http.Header{}
	for rest := r.cn.head; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		name, value, _ := bytes.Cut(line, []byte(":"))
		key := textproto.CanonicalMIMEHeaderKey(string(name))
		h[key] = append(h[key], string(trim(value)))
	}
	return h
}

// readHead reads the status line and the headers, and passes over interim answers.
func (r *Response) readHead() error {
	left := MaxHead
	for interim := 0; ; interim++ {
		if interim > maxInterim {
			return malformed("more than %d interim answers", maxInterim)
		}
		if err := r.readOneHead(&left); err != nil {
			if errors.Is(err, io.EOF) && r.cn.came {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		if r.status >= 200 {
			return nil
		}
		if r.status == http.StatusSwitchingProtocols {
			return malformed("a switch to a protocol that was not asked for")
		}
	}
}

func (r *Response) readOneHead(left *int) error {
	cn := r.cn
	next := func() ([]byte, error) {
		line, err := cn.line(*left, r.await)
		if *left -= len(line) + 2; err == nil && *left < 0 {
			err = malformed("the headers are longer than %d bytes", MaxHead)
		}
		return line, err
	}
	line, err := next()
	if err != nil {
		return err
	}
	old, err := r.readStatus(line)
	if err != nil {
		return err
	}
	h := headers{length: -1, persists: !old}
	cn.head = cn.head[:0]
	for {
		line, err := next()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			break
		}
		if err := h.field(line); err != nil {
			return err
		}
		cn.head = append(append(cn.head, line...), '\n')
	}
	return r.frameBody(h, old)
}

// readStatus reads a status line and says whether it is HTTP/1.0.
func (r *Response) readStatus(line []byte) (old bool, err error) {
	const version = "HTTP/1."
	if len(line) < len("HTTP/1.1 200") || string(line[:len(version)]) != version || line[8] != ' ' || len(line) > 12 && line[12] != ' ' {
		return false, malformed("no status line")
	}
	if line[7] != '0' && line[7] != '1' {
		return false, malformed("a version that is not HTTP/1.0 or HTTP/1.1")
	}
	status := 0
	for _, c := range line[9:12] {
		if c < '0' || c > '9' {
			return false, malformed("no status line")
		}
		status = status*10 + int(c-'0')
	}
	if status < 100 || status > 599 {
		return false, malformed("the status %d", status)
	}
	if bad(line[12:]) {
		return false, malformed("a control character in the status line")
	}
	r.status = status
	return line[7] == '0', nil
}

// headers is what headers say of the connection and of the body's length.
type headers struct {
	length   int64 // -1: not said
	chunked  bool
	persists bool // the connection may be used again
	closes   bool // it may not, whatever else is said
}

func (h *headers) field(line []byte) error {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || !isToken(line[:colon]) {
		return malformed("a header line without a name") // folded lines are among them
	}
	name, value := line[:colon], trim(line[colon+1:])
	if bad(value) {
		return malformed("a control character in a header")
	}
	switch {
	case equalFold(name, "Content-Length"):
		if h.length >= 0 {
			return malformed("Content-Length stands twice")
		}
		n, ok := number(value)
		if !ok {
			return malformed("a Content-Length that is no length")
		}
		h.length = n
	case equalFold(name, "Transfer-Encoding"):
		if h.chunked || !equalFold(value, "chunked") {
			return malformed("a Transfer-Encoding other than chunked")
		}
		h.chunked = true
	case equalFold(name, "Connection"):
		for token := range bytes.SplitSeq(value, []byte(",")) {
			switch token = trim(token); {
			case equalFold(token, "close"):
				h.closes = true
			case equalFold(token, "keep-alive"):
				h.persists = true
			}
		}
	}
	return nil
}

// frameBody decides how the body ends (RFC 9112, 6.3). What can be read in two ways is
// refused.
func (r *Response) frameBody(h headers, old bool) error {
	r.keep = h.persists && !h.closes
	switch {
	case h.chunked && h.length >= 0:
		return malformed("Content-Length and Transfer-Encoding together")
	case h.chunked && old:
		return malformed("Transfer-Encoding in HTTP/1.0")
	case r.status == http.StatusNoContent || r.status == http.StatusNotModified:
		r.frame = empty
		// A body where none may be would be read as the next answer.
		r.keep = r.keep && !h.chunked && h.length <= 0
	case h.chunked:
		r.frame = chunked
	case h.length >= 0:
		r.frame, r.left = fixed, h.length
	default:
		r.frame, r.keep = toEnd, false
	}
	return nil
}

// number reads a length in decimal digits.
func number(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// Read reads of the body. [io.EOF] says that it has ended as its framing has it; without
// a framing that is no proof. A body that breaks off is [io.ErrUnexpectedEOF].
func (r *Response) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err := r.body(p)
	if err != nil {
		r.err = err
	}
	return n, err
}

func (r *Response) body(p []byte) (int, error) {
	switch r.frame {
	case fixed:
		if r.left == 0 {
			return 0, io.EOF
		}
		n, err := r.some(p[:min(int64(len(p)), r.left)])
		r.left -= int64(n)
		return n, unexpected(err)
	case chunked:
		return r.chunks(p)
	case toEnd:
		return r.some(p)
	}
	return 0, io.EOF
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// some reads what was read ahead, or else from the connection: into p at once if it is
// large.
func (r *Response) some(p []byte) (int, error) {
	cn := r.cn
	if cn.r == cn.w {
		if err := r.await(); err != nil {
			return 0, err
		}
		if len(p) >= len(cn.buf)/2 {
			return cn.read(p)
		}
		if err := cn.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, cn.buffered())
	cn.r += n
	return n, nil
}

// chunks reads of a chunked body: as much as was read ahead, over the ends of chunks,
// and waits only for the first byte.
func (r *Response) chunks(p []byte) (total int, err error) {
	for total < len(p) {
		if r.left == 0 {
			if total > 0 && !r.chunkIsHere() {
				return total, nil
			}
			if err := r.nextChunk(); err != nil {
				if errors.Is(err, io.EOF) && r.frame == chunked {
					err = io.ErrUnexpectedEOF
				}
				return total, err
			}
		}
		if total > 0 && r.cn.r == r.cn.w {
			return total, nil
		}
		n, err := r.some(p[total:min(int64(len(p)), int64(total)+r.left)])
		total += n
		if r.left -= int64(n); r.left == 0 {
			r.after = true
		}
		if err != nil {
			return total, unexpected(err)
		}
	}
	return total, nil
}

// chunkIsHere says whether the line before a further chunk was read ahead. Of the last
// chunk it says no: what comes after it may have to be waited for.
func (r *Response) chunkIsHere() bool {
	b := r.cn.buffered()
	if r.after {
		if len(b) < 2 {
			return false
		}
		b = b[2:]
	}
	return len(b) > 0 && b[0] != '0' && bytes.IndexByte(b, '\n') >= 0
}

// nextChunk reads the line before a chunk. After the last one it reads the trailer
// section and returns [io.EOF].
func (r *Response) nextChunk() error {
	if r.after {
		line, err := r.cn.line(0, r.await)
		if err != nil {
			if Malformed(err) {
				err = malformed("a chunk is longer than it says")
			}
			return err
		}
		if len(line) > 0 {
			return malformed("a chunk is longer than it says")
		}
		r.after = false
	}
	line, err := r.cn.line(maxChunkLine, r.await)
	if err != nil {
		return err
	}
	size, digits := int64(0), 0
	for ; digits < len(line); digits++ {
		v := hexValue[line[digits]]
		if v < 0 {
			break
		}
		if size > math.MaxInt64>>8 {
			return malformed("a chunk of absurd length")
		}
		size = size<<4 | int64(v)
	}
	extension := trim(line[digits:])
	if digits == 0 || len(extension) > 0 && extension[0] != ';' || bad(extension) {
		return malformed("no length of a chunk")
	}
	if r.extensions += len(line) - digits; r.extensions > maxExtension {
		return malformed("more than %d bytes of chunk extensions", maxExtension)
	}
	if size > 0 {
		r.left = size
		return nil
	}
	for left := maxTrailer; ; {
		line, err := r.cn.line(left, r.await)
		if err != nil {
			return err
		}
		if len(line) == 0 {
			r.frame = empty
			return io.EOF
		}
		if left -= len(line) + 2; left < 0 {
			return malformed("trailers of more than %d bytes", maxTrailer)
		}
		if colon := bytes.IndexByte(line, ':'); colon <= 0 || !isToken(line[:colon]) || bad(line[colon:]) {
			return malformed("a trailer line without a name")
		}
	}
}

// complete says that the body was read to its end, as its framing has it.
func (r *Response) complete() bool {
	return r.frame == empty || r.frame == fixed && r.left == 0
}

// Close ends the answer. A connection whose answer was read to its end is used again;
// any other is closed, by which the server knows that nobody waits. It may be called
// more than once.
func (r *Response) Close() error {
	cn := r.cn
	if cn == nil {
		return nil
	}
	if r.err == nil {
		r.err = errClosed
	}
	whole := r.complete() && r.keep && cn.r == cn.w
	if !r.stop() || !whole {
		r.drop()
		return nil
	}
	r.cn = nil
	cn.release()
	r.client.give(cn)
	return nil
}

// drop closes the connection.
func (r *Response) drop() {
	r.stop()
	cn := r.cn
	r.cn = nil
	cn.release()
	r.client.discard(cn)
}

// bad says that there is a control character other than a tab.
func bad(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}

func trim(b []byte) []byte { return bytes.Trim(b, " \t") }

// equalFold compares with a name in ASCII.
func equalFold[T string | []byte](b T, name string) bool {
	return len(b) == len(name) && strings.EqualFold(string(b), name)
}

// hexValue is the value of a hexadecimal digit; -1 of what is none.
var hexValue = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i, c := range []byte("0123456789") {
		t[c] = int8(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = int8(10+i), int8(10+i)
	}
	return t
}()
