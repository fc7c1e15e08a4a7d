package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestLogWaits: lines wait a moment and no longer, a warning for nobody, and none is
// lost or torn at the end.
func TestLogWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer // written to by one goroutine at a time: the lock of lines
		log, end := newLog(&out)
		count := func() int { return strings.Count(out.String(), "\n") }
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
	log, end := newLog(&out)
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
