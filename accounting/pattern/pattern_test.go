package pattern

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// slowMatch is the definition, tried one character at a time.
func slowMatch(pattern, name string) bool {
	switch {
	case pattern == "":
		return name == ""
	case pattern[0] == '*':
		return slowMatch(pattern[1:], name) || name != "" && slowMatch(pattern, name[1:])
	}
	return name != "" && pattern[0] == name[0] && slowMatch(pattern[1:], name[1:])
}

func TestMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*]{0,8}`).Draw(t, "pattern")
		name := rapid.StringMatching(`[ab]{0,10}`).Draw(t, "name")
		if got, want := Match(pattern, name), slowMatch(pattern, name); got != want {
			t.Fatalf("Match(%q, %q) is %v", pattern, name, got)
		}
	})
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"gpt-5*", "gpt-5", true}, {"gpt-5*", "gpt-4", false}, {"*", "", true}, {"", "", true}, {"", "a", false}, {"a*a", "a", false}, {"[a].?", "[a].?", true}, {"a.c", "abc", false},
		{strings.Repeat("*a", 1000), strings.Repeat("a", 1000), true}, {strings.Repeat("*a", 1001), strings.Repeat("a", 1000), false},
	} {
		if got := Match(c.pattern, c.name); got != c.want {
			t.Errorf("Match(%.20q, %.20q) is %v", c.pattern, c.name, got)
		}
	}
}
