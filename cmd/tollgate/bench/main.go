//go:build bench

// Command bench measures tollgate beside the least proxies that Go allows, on this
// machine, and prints one Markdown table. `make bench` builds and runs it.
//
// It knows the program by its command line and its HTTP face, and fills databases by
// SQL. What makes its figures honest: the three servers take turns within a round and
// only ratios within one round count; processor time goes before wall-clock time; the
// server under test has a core of its own; one failed call fails the run; and at the
// end the books must hold what the upstream has served, call for call.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"time"
)

// plan is how much is measured.
type plan struct {
	program string // the built tollgate
	dir     string // where databases lie: a real disk
	rounds  int
	warm    time.Duration
	window  time.Duration
	rest    time.Duration // before memory is read again after large bodies
	entries int           // of the full database
	starts  int           // of each cold start
	only    *regexp.Regexp
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "proxy" {
		proxy(os.Args[2], os.Args[3], os.Args[4])
		return
	}
	p := plan{rounds: 5, warm: 700 * time.Millisecond, window: 2 * time.Second, rest: 30 * time.Second, entries: 1_000_000, starts: 15}
	flag.StringVar(&p.program, "program", "bin/tollgate", "the built program")
	flag.StringVar(&p.dir, "dir", "", "a folder on a real disk for the databases")
	quick := flag.Bool("quick", false, "one round of a second each; no figure of it is worth quoting")
	rounds := flag.Int("rounds", 0, "rounds instead of 5")
	row := flag.String("row", "", "a regular expression: only these rows")
	flag.Parse()
	if *quick {
		p.rounds, p.warm, p.window, p.rest, p.entries, p.starts = 1, 300*time.Millisecond, time.Second, 3*time.Second, 100_000, 3
	}
	p.rounds = cmp.Or(*rounds, p.rounds)
	only, err := regexp.Compile("(?i)" + *row)
	if err != nil {
		fail("-row: %v", err)
	}
	p.only = only
	if err := run(p); err != nil {
		fail("%v", err)
	}
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
	os.Exit(1)
}

// run measures every row and prints the table. An error means that no figure counts.
func run(p plan) (err error) {
	cores := ownCores()
	server := -1
	if len(cores) > 1 {
		server = cores[0]
		pinSelf(cores[1])
		runtime.GOMAXPROCS(1)
	} else {
		fmt.Println("This machine gives one core: load, upstream and servers share it, which blurs every row.")
	}
	if p.dir == "" {
		if p.dir, err = os.MkdirTemp(".", ".bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(p.dir)
	}
	b := &bench{plan: p, core: server}
	defer b.stop()
	if err := b.start(); err != nil {
		return err
	}
	rows, err := b.measure()
	if err != nil {
		return err
	}
	print(os.Stdout, p, rows)
	return b.agree()
}
