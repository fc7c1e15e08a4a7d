package main

import (
	"runtime"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// TestTimerSlack: every thread has it, those too that were made later.
func TestTimerSlack(t *testing.T) {
	var wg sync.WaitGroup
	var hold sync.WaitGroup
	const threads = 8
	hold.Add(threads)
	for range threads {
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			hold.Done()
			hold.Wait() // each in a thread of its own
			if got, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0); err != nil || got != timerSlack {
				t.Errorf("a thread has a slack of %d ns (%v), want %d", got, err, timerSlack)
			}
		})
	}
	wg.Wait()
}
