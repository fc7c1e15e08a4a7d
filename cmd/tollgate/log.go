package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"time"

	"tollgate/providers/wire"
)

// The bounds of what the log holds back, because a line for each request written alone
// costs as much as reading the request; and of how long anybody waits for whoever reads it.
const (
	logHeld     = 64 << 10               // bytes
	logWait     = 100 * time.Millisecond // a line waits no longer than this
	logPatience = time.Second
)

// newLog returns a log to a writer. What is worth a warning is written at once and
// brings with it what waits; end writes what waits and ends the waiting. A person at a
// terminal gets each line at once, as text. What is below level is not written; nil is info.
func newLog(w io.Writer, level slog.Leveler) (log *slog.Logger, end func()) {
	options := &slog.HandlerOptions{Level: level}
	if f, ok := w.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(w, options)), func() {}
		}
	}
	l := &lines{to: w}
	l.timer = time.AfterFunc(logWait, l.flush)
	return slog.New(urgent{slog.NewJSONHandler(l, options), l}), l.end
}

// lines gathers whole lines and writes them together. Nobody waits for long if nobody reads
// them: a pipe that is full must not stop the gateway. What does not fit then is lost, and
// counted, as is what a full disk does not take.
type lines struct {
	to    io.Writer
	timer *time.Timer

	mu     sync.Mutex
	held   []byte
	spare  []byte        // what was written last, to be filled next
	busy   chan struct{} // closed when what is being written is written; nil: nothing is
	wanted bool          // what is held is to be written after that
	stuck  bool          // it takes too long: nobody waits for it any more
	lost   int64         // lines since then, or since they could not be written
	ended  bool

	torn bool // what was written last ends within a line; of whoever writes
}

// Write takes one or more whole lines.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	full := func() bool { return len(l.held) > 0 && len(l.held)+len(p) > logHeld }
	for full() && !l.stuck {
		l.write()
	}
	if full() {
		l.lost++
		return len(p), nil
	}
	if len(l.held) == 0 && !l.ended {
		l.timer.Reset(logWait)
	}
	if l.held = append(l.held, p...); l.ended {
		l.write()
	}
	return len(p), nil
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
}

// write has what is held written, and waits for it as long as it is worth it. The mutex is
// held, but for the wait.
func (l *lines) write() {
	waits := 1
	if l.busy != nil {
		l.wanted, waits = true, 2 // for what is being written, and for what is held
	} else if len(l.held) > 0 {
		l.begin()
	}
	if l.busy == nil || l.stuck {
		return
	}
	patience := time.NewTimer(logPatience)
	defer patience.Stop()
	for ; waits > 0 && l.busy != nil; waits-- {
		busy := l.busy
		l.mu.Unlock()
		select {
		case <-busy:
			l.mu.Lock()
		case <-patience.C:
			l.mu.Lock()
			l.stuck = l.stuck || l.busy == busy
			return
		}
	}
}

// begin writes what is held behind the back of its caller.
func (l *lines) begin() {
	text, busy := l.held, make(chan struct{})
	l.held, l.busy, l.wanted = l.spare[:0], busy, false
	go func() {
		lost := l.put(text)
		l.mu.Lock()
		defer l.mu.Unlock()
		defer close(busy)
		l.spare, l.busy = text, nil
		if l.stuck {
			l.stuck, l.wanted = false, true
		}
		if l.lost += lost; lost == 0 && l.lost > 0 {
			r := slog.NewRecord(time.Now(), slog.LevelError, "nobody took the lines of this log for a while, and some are lost", 0)
			r.AddAttrs(slog.Int64("lost", l.lost))
			l.held, _ = appendRecord(l.held, r)
			l.lost, l.wanted = 0, true
		}
		if l.wanted && len(l.held) > 0 {
			l.begin()
		}
	}()
}

// put writes lines and says how many of them could not be written, of which one may stand
// there in part: then that is ended before the next. There is nobody to tell of it now.
func (l *lines) put(text []byte) (lost int64) {
	end := []byte{'\n'}
	if l.torn {
		if _, err := l.to.Write(end); err != nil {
			return int64(bytes.Count(text, end))
		}
		l.torn = false
	}
	n, err := l.to.Write(text)
	if err == nil {
		return 0
	}
	l.torn = n > 0 && text[n-1] != '\n'
	return int64(bytes.Count(text[n:], end))
}

func (l *lines) end() {
	l.timer.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
	l.ended = true
}

// urgent writes warnings and errors at once, and plain records, of which there is one a
// request, without the detours of the general handler. What it writes is the same.
type urgent struct {
	slog.Handler
	lines *lines
}

func (u urgent) Handle(ctx context.Context, r slog.Record) (err error) {
	if _, open := u.Handler.(*slog.JSONHandler); !open || !u.lines.append(r) {
		err = u.Handler.Handle(ctx, r)
	}
	if r.Level >= slog.LevelWarn {
		u.lines.flush()
	}
	return err
}

// WithAttrs and WithGroup leave the short way: the handler they return knows more than
// a record does.
func (u urgent) WithAttrs(attrs []slog.Attr) slog.Handler {
	return urgent{around{u.Handler.WithAttrs(attrs)}, u.lines}
}

func (u urgent) WithGroup(name string) slog.Handler {
	return urgent{around{u.Handler.WithGroup(name)}, u.lines}
}

type around struct{ slog.Handler }

// append adds the line of a plain record, and says whether it is one. Where it no longer
// fits it is written at once, with what waits.
func (l *lines) append(r slog.Record) (plain bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stuck && len(l.held) >= logHeld {
		l.lost++
		return true
	}
	held, plain := appendRecord(l.held, r)
	if !plain {
		return false
	}
	if len(l.held) == 0 && !l.ended {
		l.timer.Reset(logWait)
	}
	if l.held = held; l.ended || len(held) > logHeld {
		l.write()
	}
	return true
}

// appendRecord appends the line of a record that has a time and only texts, whole numbers
// and truths, alone or in a group without a name. plain says whether it is one; of any other
// what is appended is no line.
func appendRecord(b []byte, r slog.Record) (line []byte, plain bool) {
	b = append(b, `{"time":"`...)
	b = r.Time.AppendFormat(b, time.RFC3339Nano)
	b = append(append(b, `","level":"`...), r.Level.String()...)
	b = appendText(append(b, `","msg":`...), r.Message)
	plain = !r.Time.IsZero()
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "" && a.Value.Kind() == slog.KindGroup {
			for _, member := range a.Value.Group() {
				b, plain = appendAttr(b, member, plain)
			}
			return plain
		}
		b, plain = appendAttr(b, a, plain)
		return plain
	})
	return append(b, "}\n"...), plain
}

// appendAttr appends an attribute. What comes back is plain if that is, and all was before.
func appendAttr(b []byte, a slog.Attr, plain bool) ([]byte, bool) {
	b = append(appendText(append(b, ','), a.Key), ':')
	switch v := a.Value; v.Kind() {
	case slog.KindString:
		b = appendText(b, v.String())
	case slog.KindInt64:
		b = strconv.AppendInt(b, v.Int64(), 10)
	case slog.KindBool:
		b = strconv.AppendBool(b, v.Bool())
	default:
		plain = false
	}
	return b, plain && a.Key != ""
}

// appendText appends a text as JSON.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return wire.AppendString(b, s)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
