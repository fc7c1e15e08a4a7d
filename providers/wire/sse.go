package wire

import (
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
// blank line is dropped, as the specification has it (HTML standard, 9.2.6), unless it is
// the end mark: that cannot be half of something else, and some servers send none after it.
type EventReader struct {
	r        io.Reader
	buf      []byte
	from, to int    // what of buf is not yet taken
	searched int    // how much of that has no line end
	skip     bool   // the last line ended in CR: an LF right after it belongs to it
	data     []byte // of an event of several lines
}

// The memory of a reader: what it begins with, and what it keeps after a long event.
const (
	eventBuffer = 4 << 10
	keptBuffer  = 64 << 10
)

// NewEventReader returns a reader of the events in r.
func NewEventReader(r io.Reader) *EventReader {
	return &EventReader{r: r, buf: make([]byte, eventBuffer)}
}

var dataField = []byte("data:")

// Next returns the name and the data of the next event. The data is valid until
// the next call. At the end of the input it returns [io.EOF].
func (e *EventReader) Next() (name string, data []byte, err error) {
	if data := e.simple(); data != nil {
		return "", data, nil
	}
	e.shrink()
	if e.from == e.to && !e.skip { // what comes in one piece is most often one event
		if err := e.fill(); err != nil {
			return "", nil, err
		}
		if data := e.simple(); data != nil {
			return "", data, nil
		}
	}
	has := false
	for {
		line, err := e.readLine()
		if err != nil {
			if err == io.EOF && e.endsDone() { //nolint:errorlint // a connection that broke ends otherwise
				return name, []byte(Done), nil
			}
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

// endsDone says whether what is left at the end of the input is the end mark. It takes it.
func (e *EventReader) endsDone() bool {
	rest := e.buf[e.from:e.to]
	e.from, e.searched = e.to, 0
	last, ok := e.data, true
	if len(last) == 0 {
		last, ok = bytes.CutPrefix(rest, dataField)
	} else if bytes.HasPrefix(rest, dataField) {
		return false
	}
	return ok && string(bytes.TrimSpace(last)) == Done
}

// Start passes over a byte order mark, which the specification allows, and white space at
// the beginning of the input, and returns the first byte after them. It takes no more.
func (e *EventReader) Start() (byte, error) {
	const mark = "\uFEFF"
	for {
		b := e.buf[e.from:e.to]
		switch {
		case len(b) < len(mark) && strings.HasPrefix(mark, string(b)):
			err := e.fill()
			if err == nil {
				continue
			}
			if len(b) == 0 {
				return 0, err
			}
			return b[0], nil
		case strings.HasPrefix(string(b[:min(len(b), len(mark))]), mark):
			e.from += len(mark)
		}
		return e.first()
	}
}

func (e *EventReader) first() (byte, error) {
	for {
		for ; e.from < e.to; e.from++ {
			switch b := e.buf[e.from]; b {
			case ' ', '\t', '\r', '\n':
			default:
				return b, nil
			}
		}
		if err := e.fill(); err != nil {
			return 0, err
		}
	}
}

// Read reads on from where the last event has ended, for an input that turns out to hold
// none.
func (e *EventReader) Read(p []byte) (int, error) {
	if e.from < e.to {
		n := copy(p, e.buf[e.from:e.to])
		e.from += n
		return n, nil
	}
	return e.r.Read(p)
}

// simple takes an event of one data line that is there whole, which nearly all are. It
// returns nil, and takes nothing, if the next one is any other.
func (e *EventReader) simple() []byte {
	data, n := e.Peek()
	if n > 0 {
		e.from, e.searched = e.from+n, 0
	}
	return data
}

// Peek returns the data of the next event, if that has a data line and nothing else and
// is there whole, and how many bytes it takes. It does not read.
func (e *EventReader) Peek() (data []byte, size int) {
	b := e.buf[e.from:e.to]
	if e.skip || !bytes.HasPrefix(b, dataField) {
		return nil, 0
	}
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return nil, 0
	}
	size, blank := i+1, b[i+1:]
	if b[i-1] == '\r' {
		i--
		if len(blank) < 2 || blank[0] != '\r' || blank[1] != '\n' {
			return nil, 0
		}
		size += 2
	} else if size++; len(blank) == 0 || blank[0] != '\n' {
		return nil, 0
	}
	if bytes.IndexByte(b[:i], '\r') >= 0 {
		return nil, 0
	}
	data = b[len(dataField):i:i]
	if len(data) > 0 && data[0] == ' ' {
		data = data[1:]
	}
	return data, size
}

// shrink gives up the memory of a long event.
func (e *EventReader) shrink() {
	e.data = e.data[:0]
	if cap(e.data) > keptBuffer {
		e.data = nil
	}
	if len(e.buf) > keptBuffer && e.to-e.from <= eventBuffer {
		small := make([]byte, eventBuffer)
		e.from, e.to = 0, copy(small, e.buf[e.from:e.to])
		e.buf = small
	}
}

// readLine returns the next line without its end. It is valid until the next call.
func (e *EventReader) readLine() ([]byte, error) {
	for {
		b := e.buf[e.from:e.to]
		if e.skip && len(b) > 0 {
			e.skip = false
			if b[0] == '\n' {
				e.from++
				b = b[1:]
			}
		}
		if i := bytes.IndexAny(b[e.searched:], "\r\n"); i >= 0 {
			i += e.searched
			e.skip = b[i] == '\r'
			e.from, e.searched = e.from+i+1, 0
			return b[:i], nil
		}
		if e.searched = len(b); e.searched > MaxEvent {
			return nil, ErrEventTooLong
		}
		if err := e.fill(); err != nil {
			return nil, err // a line without its end is dropped
		}
	}
}

// fill reads at least one byte.
func (e *EventReader) fill() error {
	switch {
	case e.from == e.to:
		e.from, e.to = 0, 0
	case e.to == len(e.buf) && e.from > 0:
		e.from, e.to = 0, copy(e.buf, e.buf[e.from:e.to])
	case e.to == len(e.buf):
		e.buf = append(e.buf, make([]byte, len(e.buf))...)
	}
	for range maxEmptyReads {
		n, err := e.r.Read(e.buf[e.to:])
		e.to += n
		if n > 0 {
			return nil // an error comes again
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// maxEmptyReads is how often a reader may bring nothing and no error.
const maxEmptyReads = 100

// AppendEvent appends one event with the given payload: `data: ` and a blank
// line. A payload of several lines becomes several data lines.
func AppendEvent(dst, payload []byte) []byte {
	if bytes.IndexByte(payload, '\n') < 0 {
		return append(append(append(dst, "data: "...), payload...), "\n\n"...)
	}
	for line := range bytes.SplitSeq(payload, []byte("\n")) {
		dst = append(append(append(dst, "data: "...), line...), '\n')
	}
	return append(dst, '\n')
}

// ErrorObject is OpenAI's error object. Param and Code are null when empty.
type ErrorObject struct {
	Message, Type, Param, Code string
	More                       []Member // further members, in order
	Beside                     []Member // members that stand beside the error, in order
}

// Member is one member of a JSON object: a key and a raw JSON value.
type Member struct {
	Key   string
	Value []byte
}

// Body returns `{"error":{…}}`, with what stands beside the error.
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
	b = append(b, '}')
	for _, m := range e.Beside {
		b = AppendString(append(b, ','), m.Key)
		b = append(append(b, ':'), m.Value...)
	}
	return append(b, '}')
}

// Excerpt cuts text to at most limit bytes of valid UTF-8 on one line.
func Excerpt(text string, limit int) string {
	if len(text) <= limit && isExcerpt(text) {
		return text
	}
	return Cut(strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " "), limit)
}

// Cut cuts text to at most limit bytes of valid UTF-8.
func Cut(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= limit {
		return text
	}
	cut := limit - len("…")
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return fmt.Sprintf("%s…", text[:cut])
}

// isExcerpt says of most texts that are on one line already, with single spaces.
func isExcerpt(text string) bool {
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return before != ' ' || text == ""
}
