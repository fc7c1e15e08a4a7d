package store

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestPlainTexts: what is read without the JSON package is what that reads, and what a key
// mostly holds is read this way.
func TestPlainTexts(t *testing.T) {
	for _, s := range []string{`["free","paid"]`, `["gpt-*"]`, `[""]`, `["","a",""]`} {
		if _, ok := plainTexts(s); !ok {
			t.Errorf("%s is left to the JSON package", s)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{`[`, `]`, `"`, `","`, `["`, `"]`, `,`, `a`, `\`, `\"`, ` `, "\t", "\x7f", `ä`, "\xff", `null`}), 0, 8).Draw(t, "parts")
		s := strings.Join(parts, "")
		if rapid.Bool().Draw(t, "framed") {
			s = `["` + s + `"]`
		}
		got, ok := plainTexts(s)
		if !ok {
			return
		}
		var want []string
		if err := json.Unmarshal([]byte(s), &want); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%s: %q, but the JSON package reads %q (%v)", s, got, want, err)
		}
	})
}
