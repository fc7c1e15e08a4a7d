package store

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// TestRowsAreJSON: what is written by hand is what encoding/json writes, whatever stands
// in the texts.
func TestRowsAreJSON(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "gpt-5-mini", `a"b\c`, "<&>", "\u2028", "\xff\x00", "\x7f", "ä😀"}))
	rapid.Check(t, func(t *rapid.T) {
		same := func(what string, got []byte, want any) {
			b, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(b) {
				t.Fatalf("%s:\n%s\nwant\n%s", what, got, b)
			}
		}
		f := ledger.Facts{RequestID: text.Draw(t, "request"), KeyID: text.Draw(t, "key"), UserID: text.Draw(t, "user"), TeamID: text.Draw(t, "team"), EndUser: text.Draw(t, "end user"),
			Operation: text.Draw(t, "operation"), Model: text.Draw(t, "model"), Deployment: text.Draw(t, "deployment"), Tags: rapid.SliceOfN(text, 0, 3).Draw(t, "tags"), Stream: rapid.Bool().Draw(t, "stream")}
		same("facts", appendFacts(nil, f), factsRow(f))
		h := ledger.Hold{Prompt: accounting.Money(rapid.Int64().Draw(t, "prompt")), Unpriced: rapid.Bool().Draw(t, "unpriced"), PriceVersion: text.Draw(t, "version"), Facts: f}
		if rapid.Bool().Draw(t, "once") {
			h.Once = &ledger.Once{Token: text.Draw(t, "token"), Body: text.Draw(t, "body")}
		}
		claims := []claimRow{}
		for range rapid.IntRange(0, 3).Draw(t, "claims") {
			c := claimRow{text.Draw(t, "budget"), ledger.Kind(text.Draw(t, "kind")), text.Draw(t, "account"), rapid.Int64Range(1, 1<<52).Draw(t, "start")}
			claims = append(claims, c)
			h.Claims = append(h.Claims, ledger.Claim{Counter: ledger.Counter{Budget: c.Budget, Account: ledger.Account{Kind: c.Kind, ID: c.Account}, Start: time.UnixMicro(c.Start)}})
		}
		same("claims", appendClaims(nil, h.Claims), claims)
		same("hold", appendHold(nil, h), holdRow{Prompt: int64(h.Prompt), Unpriced: h.Unpriced, Version: h.PriceVersion, Facts: factsRow(f), Claims: claims, Once: h.Once})

		var u accounting.Usage
		usage, lines, rows := map[string]int64{}, []accounting.Line{}, []lineRow{}
		for _, m := range accounting.Meters() {
			if n := rapid.SampledFrom([]int64{0, 0, 1, -7, 1 << 60}).Draw(t, "count"); n != 0 {
				u[m], usage[m.String()] = n, n
				lines, rows = append(lines, accounting.Line{Meter: m, Count: n, Rate: 5}), append(rows, lineRow{m.String(), n, 5})
			}
		}
		same("usage", appendUsage(nil, u), usage)
		same("lines", appendLines(nil, lines), rows)
		flags := rapid.SliceOfN(text, 0, 3).Draw(t, "flags")
		same("flags", appendStrings(nil, flags), append([]string{}, flags...))

		row, err := entryRowOf(ledger.Entry{Hold: h, Outcome: ledger.Outcome{Usage: u, Flags: flags, Cost: &accounting.Cost{Total: 1, Lines: lines}}})
		if err != nil {
			t.Fatal(err)
		}
		same("usage of an entry", []byte(row.Usage), usage)
		same("lines of an entry", []byte(row.Lines), rows)
		same("flags of an entry", []byte(row.Flags), append([]string{}, flags...))
		same("claims of an entry", []byte(row.Claims), claims)
		if len(f.Tags) == 0 && row.Tags != "" {
			t.Fatalf("no tags are %q", row.Tags)
		}
		tags, err := readTags(row.Tags)
		if err != nil || len(tags) != len(f.Tags) {
			t.Fatalf("%q became %q: %v", f.Tags, row.Tags, err)
		}
		for i, tag := range f.Tags {
			if tags[i] != clean(tag) {
				t.Fatalf("%q became %q", tag, tags[i])
			}
		}
	})
}
