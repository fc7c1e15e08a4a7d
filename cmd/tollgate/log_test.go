package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// counter counts the lines that are written to it.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += bytes.Count(p, []byte("\n"))
	return len(p), nil
}

func (c *counter) lines() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// TestLogWaits: lines wait a moment and no longer, a warning for nobody, and none is
// lost or torn at the end.
func TestLogWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &counter{}
		log, end := newLog(out, nil)
		count := out.lines
		log.Info("one")
		time.Sleep(logWait - time.Millisecond)
		if count() != 0 {
			t.Error("a line was written alone")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if count() != 1 {
			t.Errorf("%d lines after the wait, want 1", count())
		}
		log.Info("two")
		log.With("a", 1).WithGroup("g").Warn("three")
		if count() != 3 {
			t.Errorf("%d lines after a warning, want 3", count())
		}
		log.Info("four")
		end()
		log.Info("five")
		if count() != 5 {
			t.Errorf("%d lines at the end, want 5", count())
		}
		end()
	})
}

func TestLogLosesNothing(t *testing.T) {
	var out bytes.Buffer
	log, end := newLog(&out, nil)
	const each = 400
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range each {
				log.LogAttrs(t.Context(), slog.LevelInfo, "request", slog.String("who", fmt.Sprintf("%d-%d", i, k)), slog.String("long", strings.Repeat("x", 200)))
			}
		})
	}
	wg.Wait()
	end()
	seen := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		_, rest, ok := strings.Cut(line, `"who":"`)
		who, _, _ := strings.Cut(rest, `"`)
		if !ok || !strings.HasSuffix(line, "x\"}\n") {
			t.Fatalf("a torn line: %q", line)
		}
		seen[who] = true
	}
	if len(seen) != 8*each {
		t.Errorf("%d lines of %d", len(seen), 8*each)
	}
}

// TestLogHoldsLittle: what is held is bounded, and a line that is longer than that is
// written whole.
func TestLogHoldsLittle(t *testing.T) {
	var out bytes.Buffer
	l := &lines{to: &out, timer: time.AfterFunc(time.Hour, func() {})}
	defer l.end()
	write := func(n int) {
		if _, err := io.WriteString(l, strings.Repeat("x", n-1)+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	write(logHeld - 10)
	write(10)
	if out.Len() != 0 {
		t.Errorf("%d bytes were written at the limit", out.Len())
	}
	write(1)
	if out.Len() != logHeld {
		t.Errorf("%d bytes were written past the limit", out.Len())
	}
	write(2 * logHeld)
	l.flush()
	if out.Len() != 3*logHeld+1 {
		t.Errorf("%d bytes of %d", out.Len(), 3*logHeld+1)
	}
}

// plugged is a pipe that nobody reads until it is opened.
type plugged struct {
	open chan struct{}
	counter
	text bytes.Buffer
}

func (p *plugged) Write(b []byte) (int, error) {
	<-p.open
	p.mu.Lock()
	p.text.Write(b)
	p.mu.Unlock()
	return p.counter.Write(b)
}

// TestLogThatNobodyReads: the gateway waits a moment for whoever reads its log, once, and
// then goes on without. What is lost is told when somebody reads again, and nothing else is.
func TestLogThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &plugged{open: make(chan struct{})}
		log, end := newLog(out, nil)
		const each, all = 1000, 4
		began := time.Now()
		var wg sync.WaitGroup
		for range all {
			wg.Go(func() {
				for i := range each {
					switch long := strings.Repeat("x", 200); {
					case i%50 == 0:
						log.Warn("warning", "long", long)
					case i%3 == 0:
						log.Info("request", "long", []string{long})
					default:
						log.Info("request", "long", long)
					}
				}
			})
		}
		wg.Wait()
		if took := time.Since(began); took > 2*logPatience {
			t.Errorf("%d lines took %s", each*all, took)
		}
		close(out.open)
		synctest.Wait()
		log.Info("after all")
		end()
		text := out.text.String()
		_, rest, _ := strings.Cut(text, `"lost":`)
		n, _, _ := strings.Cut(rest, "}")
		lost, err := strconv.Atoi(n)
		if err != nil || lost == 0 || strings.Count(text, `"lost":`) != 1 || lost+out.lines()-2 != each*all || !strings.Contains(text, "after all") {
			t.Errorf("%d lines were written and %d told as lost, of %d (%v)", out.lines(), lost, each*all, err)
		}
	})
}

// disk is a file on a disk that takes so many bytes more.
type disk struct {
	mu   sync.Mutex
	room int
	text strings.Builder
}

func (d *disk) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := min(len(p), d.room)
	d.room -= n
	d.text.Write(p[:n])
	if n < len(p) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

func (d *disk) makeRoom(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = n
}

// TestLogOnAFullDisk: what a full disk does not take is counted and told when it takes lines
// again, and a line of which it took a part spoils no other.
func TestLogOnAFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &disk{}
		log, end := newLog(out, nil)
		const rooms, each = 3, 10
		for range rooms {
			out.makeRoom(500)
			for i := range each {
				log.Info("a line", "n", i)
				time.Sleep(2 * logWait)
			}
			synctest.Wait()
		}
		out.makeRoom(1 << 20)
		log.Info("after all")
		time.Sleep(2 * logWait)
		synctest.Wait()
		end()
		whole, torn, lost := 0, 0, 0
		for line := range strings.Lines(out.text.String()) {
			var r struct {
				Msg  string
				Lost int
			}
			switch err := json.Unmarshal([]byte(line), &r); {
			case err != nil:
				torn++
			case r.Lost > 0:
				lost += r.Lost
			default:
				whole++
			}
		}
		if whole+lost != rooms*each+1 || torn == 0 || torn > rooms || !strings.Contains(out.text.String(), "after all") {
			t.Errorf("%d lines stand there, %d in part, and %d are told as lost, of %d:\n%s", whole, torn, lost, rooms*each+1, out.text.String())
		}
	})
}

// TestTheReaderOfTheLogMayLeave: the end of what the log is piped to is no end of the gateway.
func TestTheReaderOfTheLogMayLeave(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "tollgate.yaml")
	if err := os.WriteFile(config, []byte("drain_delay: 0s\nproviders: { built-in: { kind: echo } }\nmodels: { echo: built-in/echo }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "serve", "--config", config, "--listen", "127.0.0.1:0")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asProgram+"=1")
	out := &logBuffer{}
	cmd.Stdout = out
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() {
		_ = cmd.Process.Kill() // if it has not ended
		<-ended
	}()
	p := &program{t: t, out: out, logs: &logBuffer{}}
	text := p.wait(out, "models")
	if err := errors.Join(write.Close(), read.Close()); err != nil {
		t.Fatal(err)
	}
	url, key := field(t, text, "address"), field(t, text, "admin key")
	for range 2 { // each with a line of the log, which is tried at once
		if status, body := get(t, url+"/api/v1/no/such/route", key); status != 404 {
			t.Errorf("%d %s", status, body)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err = <-ended
	if ended <- err; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// TestLogLinesAreTheGeneralOnes: the short way writes what the general handler would.
func TestLogLinesAreTheGeneralOnes(t *testing.T) {
	at := time.Date(2026, 11, 25, 7, 30, 0, 123_456_000, time.FixedZone("", 3600))
	for name, attrs := range map[string][]slog.Attr{
		"plain":     {slog.String("request", "abc"), slog.Int64("took_ms", -12), slog.Bool("stream", true), slog.Int("n", 7), slog.String("empty", "")},
		"escapes":   {slog.String("a", "quote \" back \\ line\n tab\t bell\a del\x7f é 漢 😀 <&> \u2028"), slog.String("k\"ey", "x")},
		"not utf-8": {slog.String("a", "x\xffy")},
		"a list":    {slog.String("a", "b"), slog.Any("skipped", []string{"x", "y"})},
		"an error":  {slog.Any("error", io.ErrUnexpectedEOF)},
		"a time":    {slog.Duration("d", time.Second), slog.Time("t", at), slog.Float64("f", 0.5)},
		"a group":   {slog.Group("g", slog.Int("a", 1))},
		"many":      {slog.Int("1", 1), slog.Int("2", 2), slog.Int("3", 3), slog.Int("4", 4), slog.Int("5", 5), slog.Int("6", 6), slog.Int("7", 7), slog.Int("8", 8)},
		"none":      {},
		"no key":    {slog.String("", "x")},
		"no name":   {slog.Int("n", 1), {Value: slog.GroupValue(slog.String("a", "b"), slog.Bool("c", true))}, slog.Int("m", 2)},
		"neither":   {{Value: slog.GroupValue(slog.String("a", "b"), slog.String("", "x"))}},
		"deeper":    {{Value: slog.GroupValue(slog.Int("n", 1), slog.Group("g", slog.Int("a", 1)), slog.Any("l", []string{"x"}))}},
	} {
		for _, level := range []slog.Level{slog.LevelInfo, slog.LevelError, slog.LevelInfo + 1} {
			r := slog.NewRecord(at, level, "request of \"x\"", 0)
			r.AddAttrs(attrs...)
			var own, general bytes.Buffer
			log, end := newLog(&own, nil)
			if err := log.Handler().Handle(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			end()
			if err := slog.NewJSONHandler(&general, nil).Handle(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			var a, b map[string]any
			if err := errors.Join(json.Unmarshal(own.Bytes(), &a), json.Unmarshal(general.Bytes(), &b)); err != nil {
				t.Fatalf("%s: %v: %q", name, err, own.String())
			}
			if !reflect.DeepEqual(a, b) || strings.Count(own.String(), "\n") != 1 || !strings.HasPrefix(own.String(), `{"time":"2026-11-25T07:30:00.123456+01:00","level":"`) {
				t.Errorf("%s:\n got %swant %s", name, own.String(), general.String())
			}
		}
	}
	var own bytes.Buffer
	log, end := newLog(&own, nil)
	log.With("a", 1).Info("x", "b", "c")
	log.WithGroup("g").Info("x", "b", "c")
	end()
	if !strings.Contains(own.String(), `"a":1,"b":"c"`) || !strings.Contains(own.String(), `"g":{"b":"c"}`) {
		t.Errorf("what a handler knows is lost: %s", own.String())
	}
}
