// Command tollgate is the whole of tollgate: the gateway, and the command line that
// manages it. It wires the packages together and owns no rule.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	_ "time/tzdata" // budgets have time zones, and a machine may have no files of them
)

func main() {
	log, endLog := newLog(os.Stderr, nil)
	takeLibraryLog(log)
	trustVendors()
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2) // the second may come before anybody waits for it
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { cancel(stopped{<-signals, signals}) }()
	code := runCLI(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	endLog()
	os.Exit(code)
}

// stopped is the cause of a context that a signal ended.
type stopped struct {
	signal os.Signal
	again  <-chan os.Signal // has what comes after it
}

func (s stopped) Error() string { return "stopped by " + s.signal.String() }

// release is set by the linker for a released build.
var release = ""

// version is the release, or what the toolchain knows of the source.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return "devel-" + s.Value[:12]
			}
		}
	}
	return "devel"
}
