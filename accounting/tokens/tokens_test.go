package tokens

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCounterCountsAsCount: however a text is cut, its pieces have as many tokens as the
// whole.
func TestCounterCountsAsCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Repeat(rapid.StringN(0, 40, 200).Draw(t, "text"), rapid.IntRange(0, 400).Draw(t, "times"))
		var c Counter
		for rest := text; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			if m, err := c.WriteString(rest[:n]); m != n || err != nil {
				t.Fatalf("%d, %v", m, err)
			}
			rest = rest[n:]
		}
		if got, want := c.Tokens(), Count(text); got != want {
			t.Fatalf("%d tokens, want %d", got, want)
		}
	})
}
