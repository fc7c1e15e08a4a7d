package edge

import (
	"strings"
	"testing"
	"time"
)

// TestRefusedLinesAreFew: what is refused fills no disk, and what was left out is counted.
func TestRefusedLinesAreFew(t *testing.T) {
	var s said
	now := time.Unix(1000, 0)
	for range saidMost {
		if _, ok := s.take(now); !ok {
			t.Fatal("too few lines")
		}
	}
	for range 5 {
		if _, ok := s.take(now); ok {
			t.Fatal("too many lines")
		}
	}
	for _, want := range []int{5, 0} {
		if left, ok := s.take(now.Add(time.Second)); !ok || left != want {
			t.Errorf("%v, %d left out, not %d", ok, left, want)
		}
	}
}

func TestShownPath(t *testing.T) {
	for path, want := range map[string]string{
		"/v1/models":                                    "/v1/models",
		"/v1/sk-x/SK-Y":                                 "/v1/.../...",
		"/" + strings.Repeat("k", saidSegment):          "/" + strings.Repeat("k", saidSegment),
		"/" + strings.Repeat("k", saidSegment+1) + "/a": "/.../a",
		strings.Repeat("/a", 1000):                      strings.Repeat("/a", saidPath/2) + saidHidden,
		"/\xff":                                         "/?",
	} {
		if got := shownPath(path); got != want {
			t.Errorf("%.40q is shown as %q", path, got)
		}
	}
}
