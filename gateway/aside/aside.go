// Package aside runs beside whoever asks, in a goroutine of its own, what may take longer
// than they wait, and round after round what a server does by itself. A panic there ends
// what it was done for, and not the program.
//
// It imports nothing of ours and does not know what is run.
package aside

import (
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Answer is what somebody was told who has asked.
type Answer[T any] struct {
	value    T
	err      error
	panicked any
}

// Get returns the answer. If there was a panic in its place, it is that of whoever calls
// this.
func (a Answer[T]) Get() (T, error) {
	if a.panicked != nil {
		panic(a.panicked)
	}
	return a.value, a.err
}

// Ask runs f in a goroutine of its own. Its answer waits for whoever has asked, who may
// leave without it: therefore a panic is said in the log, too, with what it was during.
func Ask[T any](log *slog.Logger, during string, f func() (T, error)) <-chan Answer[T] {
	answer := make(chan Answer[T], 1)
	go func() {
		var a Answer[T]
		defer func() {
			if a.panicked = recover(); a.panicked != nil {
				say(log, during, a.panicked)
			}
			answer <- a
		}()
		a.value, a.err = f()
	}()
	return answer
}

// Try runs one round of something that goes on whatever becomes of the round. A panic is
// said in the log, with what it was during, and is the error.
func Try(log *slog.Logger, during string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			say(log, during, v)
			err = fmt.Errorf("a panic %s: %v", during, v)
		}
	}()
	return f()
}

func say(log *slog.Logger, during string, v any) {
	log.Error("panic "+during, "panic", v, "stack", string(debug.Stack()))
}
