package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxEvent is the longest single event that is read from an upstream, in bytes.
// Image and audio deltas are megabytes long.
const MaxEvent = 16 << 20

// ErrEventTooLong says that an upstream sent an event longer than [MaxEvent].
var ErrEventTooLong = errors.New("an event of the upstream is too long")

// Done is the payload that ends a chat or completions stream.
const Done = "[DONE]"

// EventReader reads server-sent events: lines may end in LF, CR or CRLF, comments
// are skipped, several data lines of one event are joined by LF. An event without
// data is skipped, since OpenAI's clients choke on it. A last event without its
// blank line is dropped, as the specification has it (HTML standard, 9.2.6).
type EventReader struct {
	r    *bufio.Reader
	data []byte
	line []byte
	skip bool // the last line ended in CR: an LF right after it belongs to it
}

// NewEventReader returns a reader of the events in r.
func NewEventReader(r io.Reader) *EventReader {
	return &EventReader{r: bufio.NewReaderSize(r, 16<<10)}
}

// Next returns the name and the data of the next event. The data is valid until
// the next call. At the end of the input it returns [io.EOF].
func (e *EventReader) Next() (name string, data []byte, err error) {
	e.data = e.data[:0]
	has := false
	for {
		line, err := e.readLine()
		if err != nil {
			return "", nil, err
		}
		if len(line) == 0 {
			if !has {
				name = ""
				continue
			}
			return name, e.data[:len(e.data)-1], nil
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "data":
			if len(e.data)+len(value) > MaxEvent {
				return "", nil, ErrEventTooLong
			}
			e.data = append(append(e.data, value...), '\n')
			has = true
		case "event":
			name = string(value)
		}
	}
}

func (e *EventReader) readLine() ([]byte, error) {
	e.line = e.line[:0]
	for {
		chunk, err := e.r.Peek(max(1, e.r.Buffered()))
		if len(chunk) == 0 {
			return nil, err // a line without its end is dropped
		}
		if e.skip {
			e.skip = false
			if chunk[0] == '\n' {
				_, _ = e.r.Discard(1)
				continue
			}
		}
		i := bytes.IndexAny(chunk, "\r\n")
		n := i
		if i < 0 {
			n = len(chunk)
		}
		if len(e.line)+n > MaxEvent {
			return nil, ErrEventTooLong
		}
		e.line = append(e.line, chunk[:n]...)
		if i >= 0 {
			e.skip = chunk[i] == '\r'
			n++
		}
		_, _ = e.r.Discard(n) // what was peeked is buffered
		if i >= 0 {
			return e.line, nil
		}
	}
}

// AppendEvent appends one event with the given payload: `data: ` and a blank
// line. A payload of several lines becomes several data lines.
func AppendEvent(dst, payload []byte) []byte {
	for line := range bytes.SplitSeq(payload, []byte("\n")) {
		dst = append(append(append(dst, "data: "...), line...), '\n')
	}
	return append(dst, '\n')
}

// ErrorObject is OpenAI's error object. Param and Code are null when empty.
type ErrorObject struct {
	Message, Type, Param, Code string
	More                       []Member // further members, in order
}

// Member is one member of a JSON object: a key and a raw JSON value.
type Member struct {
	Key   string
	Value []byte
}

// Body returns `{"error":{…}}`.
func (e ErrorObject) Body() []byte {
	orNull := func(dst []byte, s string) []byte {
		if s == "" {
			return append(dst, "null"...)
		}
		return AppendString(dst, s)
	}
	b := AppendString([]byte(`{"error":{"message":`), e.Message)
	b = orNull(append(b, `,"type":`...), e.Type)
	b = orNull(append(b, `,"param":`...), e.Param)
	b = orNull(append(b, `,"code":`...), e.Code)
	for _, m := range e.More {
		b = AppendString(append(b, ','), m.Key)
		b = append(append(b, ':'), m.Value...)
	}
	return append(b, "}}"...)
}

// Excerpt cuts text to at most limit bytes of valid UTF-8 on one line.
func Excerpt(text string, limit int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	if len(text) <= limit {
		return text
	}
	cut := limit - len("…")
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return fmt.Sprintf("%s…", text[:cut])
}
