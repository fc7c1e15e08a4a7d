package edge

import (
	"bytes"
	"strconv"
)

// unframed takes the frames off an answer that the server sends in chunks, for a client of
// HTTP/1.0, which has none: there the end of the connection is the end of the body (RFC
// 9112, 6.1 and 6.3). The server sends a body of unknown length in no other way. What comes
// in is the server's own, so nothing here doubts its form. The zero value is at the beginning
// of an answer.
type unframed struct {
	at     unframing
	line   []byte // of the header, or the size of a chunk, as far as it has come
	left   int    // bytes of the chunk's data, and of the line end behind it
	chunks bool   // the answer has frames
}

// unframing is what of an answer comes next.
type unframing uint8

const (
	theHeader unframing = iota
	aSize
	aChunk
	theBody // of an answer without frames
	nothing // after the last chunk: no answer has trailers
)

// cut says that the body has not come to its end.
func (u *unframed) cut() bool { return u.chunks && u.at != nothing }

// strip appends to out what of p a client is to get.
func (u *unframed) strip(out, p []byte) []byte {
	for len(p) > 0 {
		switch u.at {
		case theHeader, aSize:
			end := bytes.IndexByte(p, '\n') + 1
			if end == 0 {
				u.line = append(u.line, p...)
				return out
			}
			u.line, p = append(u.line, p[:end]...), p[end:]
			out = u.take(out)
			u.line = u.line[:0]
		case aChunk:
			n := min(len(p), u.left)
			out = append(out, p[:min(n, max(u.left-len(lineEnd), 0))]...)
			if u.left, p = u.left-n, p[n:]; u.left == 0 {
				u.at = aSize
			}
		case theBody:
			return append(out, p...)
		case nothing:
			return out
		}
	}
	return out
}

const lineEnd = "\r\n"

// take takes a whole line.
func (u *unframed) take(out []byte) []byte {
	switch line := string(u.line); {
	case u.at == aSize:
		size, err := strconv.ParseUint(string(bytes.TrimRight(u.line, lineEnd)), 16, 31)
		if err != nil || size == 0 {
			u.at = nothing
			return out
		}
		u.at, u.left = aChunk, int(size)+len(lineEnd)
		return out
	case line == "Transfer-Encoding: chunked"+lineEnd:
		u.chunks = true
		return out
	case line == lineEnd && u.chunks:
		u.at = aSize
	case line == lineEnd:
		u.at = theBody
	}
	return append(out, u.line...)
}
