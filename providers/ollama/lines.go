package ollama

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"tollgate/providers/wire"
)

// lineReader reads lines of up to [wire.MaxEvent] bytes. Buffers grow only as far
// as a line needs.
type lineReader struct {
	r    *bufio.Reader
	line []byte
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 16<<10)}
}

// next returns the next line that is not blank, without its end, and whether it
// had one: the last line of the input may have none. The line is valid until the
// next call. At the end of the input it returns [io.EOF].
func (l *lineReader) next() (line []byte, ended bool, err error) {
	for {
		line, ended, err := l.read()
		if err != nil || len(bytes.TrimSpace(line)) > 0 {
			return line, ended, err
		}
	}
}

func (l *lineReader) read() (line []byte, ended bool, err error) {
	l.line = l.line[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.line)+len(part) > wire.MaxEvent {
			return nil, false, wire.ErrEventTooLong
		}
		l.line = append(l.line, part...)
		switch {
		case err == nil:
			return l.line[:len(l.line)-1], true, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(l.line) > 0:
			return l.line, false, nil
		default:
			return nil, false, err // with a read error, half a line is nothing
		}
	}
}
