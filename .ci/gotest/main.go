// Command gotest runs `go test` and says in few lines what came of it: one line for
// each package, everything that failing tests wrote, and how many tests there were.
// A test that was skipped is named, so that none is missing unnoticed.
//
//	go run ./.ci/gotest [-results FILE] ARGUMENTS OF GO TEST
//
// With -results it adds "passed failed skipped" to a file.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// event is a line of `go test -json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output
	Test       string
	Output     string
	Elapsed    float64
}

type key struct{ pkg, test string }

// run is what is known so far.
type run struct {
	output map[key]string // of what has not passed
	result map[key]string // pass, fail or skip
}

func main() {
	args := os.Args[1:]
	results := ""
	if len(args) >= 2 && args[0] == "-results" {
		results, args = args[1], args[2:]
	}
	r := run{output: map[key]string{}, result: map[key]string{}}
	err := r.test(args)
	passed, failed, skipped := r.count()
	if err != nil && failed == 0 {
		failed = 1 // it did not compile, say
	}
	for _, k := range skipped {
		fmt.Printf("skipped: %s %s: %s\n", k.pkg, k.test, reason(r.output[k]))
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, len(skipped))
	if results != "" {
		line := fmt.Sprintf("%d %d %d\n", passed, failed, len(skipped))
		if e := appendTo(results, line); e != nil {
			err = errors.Join(err, e)
		}
	}
	if err != nil || failed > 0 {
		fmt.Fprintln(os.Stderr, "go test failed:", err)
		os.Exit(1)
	}
}

// reason is what a skipped test said, on one line.
func reason(output string) string {
	var said []string
	for line := range strings.Lines(output) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}

func appendTo(path, line string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	return errors.Join(err, f.Close())
}

func (r *run) test(args []string) error {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if err != nil {
			break
		}
	}
	return cmd.Wait()
}

func (r *run) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		fmt.Print(line)
		return
	}
	k := key{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Print(e.Output)
	case "output":
		r.output[k] += e.Output
	case "pass", "fail", "skip":
		r.result[k] = e.Action
		if e.Test == "" {
			r.packageEnd(e)
		} else if e.Action == "pass" {
			delete(r.output, k)
		}
	}
}

// packageEnd prints a package's line and, if it failed, everything that was written
// by its tests that did not pass, those that never ended among them.
func (r *run) packageEnd(e event) {
	n := 0
	var unpassed []key
	for k := range r.result {
		if k.pkg == e.Package && k.test != "" {
			n++
		}
	}
	for k := range r.output {
		if k.pkg == e.Package && r.result[k] != "pass" && r.result[k] != "skip" {
			unpassed = append(unpassed, k)
		}
	}
	switch e.Action {
	case "pass":
		if n > 0 {
			fmt.Printf("ok    %-45s %7.1fs  %d tests\n", e.Package, e.Elapsed, n)
		}
	case "fail":
		slices.SortFunc(unpassed, func(a, b key) int { return strings.Compare(a.test, b.test) })
		for _, k := range unpassed {
			for line := range strings.Lines(r.output[k]) {
				if !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "FAIL") { // said below
					fmt.Print(line)
				}
			}
		}
		fmt.Printf("FAIL  %-45s %7.1fs  %d tests\n", e.Package, e.Elapsed, n)
	}
}

// count counts tests that have no subtests, and packages that failed for another
// reason than a test.
func (r *run) count() (passed, failed int, skipped []key) {
	parents, broken := map[key]bool{}, map[string]bool{}
	for k, result := range r.result {
		for i, c := range k.test {
			if c == '/' {
				parents[key{k.pkg, k.test[:i]}] = true
			}
		}
		if result == "fail" && k.test == "" {
			broken[k.pkg] = true
		}
	}
	for k, result := range r.result {
		if k.test == "" {
			continue
		}
		if result == "fail" {
			delete(broken, k.pkg)
		}
		// A parent that failed while its subtests passed is a failure of its own.
		if parents[k] && (result != "fail" || r.anyBelow(k, "fail")) {
			continue
		}
		switch result {
		case "pass":
			passed++
		case "fail":
			failed++
		case "skip":
			skipped = append(skipped, k)
		}
	}
	slices.SortFunc(skipped, func(a, b key) int { return strings.Compare(a.pkg+a.test, b.pkg+b.test) })
	return passed, failed + len(broken), skipped
}

func (r *run) anyBelow(parent key, result string) bool {
	for k, v := range r.result {
		if v == result && k.pkg == parent.pkg && strings.HasPrefix(k.test, parent.test+"/") {
			return true
		}
	}
	return false
}
