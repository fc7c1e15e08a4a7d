package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// mapped are the parts of the program's file that lie in memory as they are in the file,
// its code and its constants.
type mapped []part

type part struct{ from, to uintptr }

// ownFile finds them in what the kernel tells of this process; where it tells nothing
// there are none.
func ownFile() mapped {
	name, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return nil
	}
	return mappedFrom(string(maps), name)
}

// mappedFrom reads lines as proc(5) describes them. Memory that may be written to is none
// of it, and neither is what could be written to before libc locked it: the kernel counts
// pages there that are no longer the file's.
func mappedFrom(maps, name string) (m mapped) {
	var here part
	for line := range strings.Lines(maps) {
		var from, to uintptr
		var may string
		if _, err := fmt.Sscanf(line, "%x-%x %4s", &from, &to, &may); err == nil {
			here = part{}
			if may[1] == '-' && strings.HasSuffix(line, " "+name+"\n") {
				here = part{from, to}
			}
		}
		if own, ok := strings.CutPrefix(line, "Anonymous:"); ok && here != (part{}) && strings.TrimSpace(own) == "0 kB" {
			m = append(m, here)
		}
	}
	return m
}

// unmap takes the parts out of this process's memory. Each page comes back, from the
// file, when it is next used.
func (m mapped) unmap() {
	for _, p := range m {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, p.from, p.to-p.from, unix.MADV_DONTNEED) // where the kernel refuses, they stay
	}
}
