package edge

import (
	"fmt"
	"strings"
	"testing"
)

// TestHeaderListsAreBounded: what was tried is told in full where it is little, and of
// much as much as a proxy takes, with how much more there is.
func TestHeaderListsAreBounded(t *testing.T) {
	var all []string
	for i := range 1000 {
		all = append(all, fmt.Sprintf("gpu%d/a-model=open", i))
	}
	for n := range len(all) + 1 {
		told, more := HeaderList(all[:n]), 0
		parts := strings.Split(told, ",")
		if _, err := fmt.Sscanf(parts[len(parts)-1], "and %d more", &more); err == nil {
			parts = parts[:len(parts)-1]
		}
		if len(told) > maxList+len(",and 1000 more") || n > 0 && (len(parts)+more != n || strings.Join(parts, ",") != strings.Join(all[:len(parts)], ",")) {
			t.Fatalf("of %d entries %d bytes: %s", n, len(told), told)
		}
		if n < 50 && more > 0 {
			t.Fatalf("of %d entries %d are left out", n, more)
		}
	}
	long := strings.Repeat("m", 2*maxList) + "\n"
	if told := HeaderList([]string{long, "x"}); told != long[:len(long)-1]+"?,and 1 more" {
		t.Errorf("%q", told)
	}
}

// TestHeaderText: what a header cannot carry is not left out, but nobody can tell what it was.
func TestHeaderText(t *testing.T) {
	for text, want := range map[string]string{"a b~!": "a b~!", "a\x7fb": "a?b", "caf\u00e9": "caf?", "a\r\nb\x00\t": "a??b??", "": ""} {
		if got := HeaderText(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
