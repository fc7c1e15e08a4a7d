//go:build unix

package main

import "syscall"

// mostFiles is how many files, connections among them, this process may have open at once;
// 0 is unknown. Go has raised it by now as far as setrlimit(2) lets it without being root.
func mostFiles() uint64 {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 0
	}
	return uint64(l.Cur) //nolint:unconvert // it has a sign on some systems
}
