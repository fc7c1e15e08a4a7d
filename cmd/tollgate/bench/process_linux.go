//go:build bench

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// ownCores lists the cores that this process may run on.
func ownCores() []int {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return []int{0}
	}
	var cores []int
	for i := range 1024 {
		if set.IsSet(i) {
			cores = append(cores, i)
		}
	}
	return cores
}

// pinSelf puts every thread of this process on one core; threads that come later
// inherit it.
func pinSelf(core int) {
	for range 3 { // a thread may be born while the list is read
		tasks, err := filepath.Glob("/proc/self/task/*")
		if err != nil {
			fail("%v", err)
		}
		for _, t := range tasks {
			tid, err := strconv.Atoi(filepath.Base(t))
			if err == nil {
				pin(tid, core)
			}
		}
	}
}

func pin(tid, core int) {
	var set unix.CPUSet
	set.Set(core)
	if err := unix.SchedSetaffinity(tid, &set); err != nil && err != unix.ESRCH {
		fail("pinning to core %d: %v", core, err)
	}
}

// startOn starts a program on one core, or anywhere with -1. A program that counts its
// cores at its start counts one.
func startOn(cmd *exec.Cmd, core int) error {
	if core < 0 {
		return cmd.Start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	pin(0, core)
	err := cmd.Start()
	if back := unix.SchedSetaffinity(0, &before); err == nil {
		err = back
	}
	return err
}

// cpu is the processor time that a process has used, user and system, by the kernel's
// own clock of that process: /proc/PID/stat counts in steps of 10 ms.
func cpu(pid int) time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|2), &ts); err != nil {
		fail("the clock of process %d: %v", pid, err)
	}
	return time.Duration(ts.Nano())
}

// resident is the memory of a process in bytes, files that it has mapped included.
func resident(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		fail("%v", err)
	}
	_, rest, ok := bytes.Cut(b, []byte("VmRSS:"))
	fields := bytes.Fields(rest)
	if !ok || len(fields) < 1 {
		fail("process %d has no VmRSS", pid)
	}
	kb, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		fail("%v", err)
	}
	return kb << 10
}
