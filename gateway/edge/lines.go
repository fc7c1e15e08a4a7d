package edge

import "bytes"

// lines follows what a connection reads, to know whether a request's first line ended in
// CR LF: of that line the server below keeps the words only.
//
// A request that the server waited for is followed from its first byte. Of one that was
// sent together with the request before it nobody says where it begins; it is taken to
// end its line in a bare LF if anything in between reads like a line that does.
type lines struct {
	begun  bool // the first byte of the request is known
	open   bool // its first line has not ended
	length int  // of the line so far, 2 for more than one byte
	last   byte // of it
	wrong  bool // it ended in a bare LF
	later  bool // something behind it reads like a first line that does

	kept int // of tail
	tail [len(version) + 1]byte
}

// version is what stands at the end of a request's first line, and a digit behind it.
const version = "HTTP/1."

// begin says that the byte that is read next is the first of a request.
func (l *lines) begin() {
	if !l.begun {
		*l = lines{begun: true, open: true}
	}
}

// end says that a request has been answered.
func (l *lines) end() { l.begun = false }

// bare says whether the line of the request that is answered ended in a bare LF.
func (l *lines) bare() bool {
	if l.begun {
		return l.wrong
	}
	return l.later
}

// read follows what was read.
func (l *lines) read(b []byte) {
	if l.open {
		b = l.first(b)
	}
	if l.later || len(b) == 0 {
		return
	}
	var seam [2 * len(l.tail)]byte // where this piece and the last one meet
	n := copy(seam[:], l.tail[:l.kept])
	n += copy(seam[n:], b[:min(len(b), len(l.tail))])
	l.later = bareLine(seam[:n]) || bareLine(b)
	if len(b) >= len(l.tail) {
		l.kept = copy(l.tail[:], b[len(b)-len(l.tail):])
	} else {
		l.kept = copy(l.tail[:], seam[max(0, n-len(l.tail)):n])
	}
}

// first follows the first line, before which empty ones may stand, and returns what is
// behind it.
func (l *lines) first(b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '\n')
		line := b
		if i >= 0 {
			line = b[:i]
		}
		if len(line) > 0 {
			l.length, l.last = min(l.length+len(line), 2), line[len(line)-1]
		}
		if i < 0 {
			return nil
		}
		b = b[i+1:]
		crlf := l.length > 0 && l.last == '\r'
		l.wrong = l.wrong || !crlf
		if l.length > 1 || l.length == 1 && !crlf {
			l.open = false
			return b
		}
		l.length = 0
	}
}

// bareLine says whether something in b reads like the end of a request's first line that
// is a bare LF.
func bareLine(b []byte) bool {
	for {
		i := bytes.Index(b, []byte(version))
		if i < 0 || i+len(version)+1 >= len(b) {
			return false
		}
		if b[i+len(version)+1] == '\n' {
			return true
		}
		b = b[i+len(version):]
	}
}
