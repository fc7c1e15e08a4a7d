//go:build bench

package main

import (
	"fmt"
	"io"
)

// print writes the table. Errors come first: a server that fails is fast.
func print(w io.Writer, p plan, rows []row) {
	fmt.Fprintf(w, "\nMedians of the ratios within %d rounds of %v to a fasthttp pass-through in the same round; processor time is user and system.\n\n", p.rounds, p.window)
	fmt.Fprintln(w, "| errors | quantity | load | tollgate | net/http | must | aim | reached | pass-through itself | tollgate itself |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|---|")
	figure := func(v float64, unit string) string {
		switch {
		case v == 0:
			return ""
		case unit == "x":
			return fmt.Sprintf("%.2fx", v)
		}
		return fmt.Sprintf("%.1f %s", v, unit)
	}
	for _, r := range rows {
		fmt.Fprintf(w, "| %d | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", r.errors, r.quantity, r.load, figure(r.ratio, r.unit), figure(r.other, r.unit),
			figure(r.must, r.unit), figure(r.aim, r.unit), r.met(), r.base, r.own)
	}
	fmt.Fprintln(w)
	for _, r := range rows {
		if r.note != "" {
			fmt.Fprintf(w, "%s, %s: %s.\n", r.quantity, r.load, r.note)
		}
	}
}
