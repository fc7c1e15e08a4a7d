package spelling

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"model", "model", 0}, {"model", "models", 1}, {"model", "modle", 1}, {"modle", "model", 1}, {"model", "mdoel", 1},
		{"kind", "king", 1}, {"kitten", "sitting", 3}, {"url", "key", 3}, {"ab", "ba", 1}, {"abcd", "badc", 2}, {"limit", "Limit", 1},
	} {
		if got, back := Distance(c.a, c.b), Distance(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("%q and %q: %d, back %d, want %d", c.a, c.b, got, back, c.want)
		}
	}
}
