package admin

import (
	"slices"
	"testing"
)

// TestCutInAnyOrder: page by page a list comes once and whole, whatever order the database
// has for its ids, and what has gone meanwhile keeps nobody.
func TestCutInAnyOrder(t *testing.T) {
	self := func(id string) string { return id }
	for _, all := range [][]string{{"B", "a", "b", "c"}, {"a", "b", "B", "c"}, {"a", "Ä", "b", "Z"}} {
		var got []string
		for s := (span{limit: 1}); len(got) <= len(all); {
			part, next, err := cut(all, s, self, true)
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, part...); next == nil {
				break
			}
			s.after = *next
		}
		if !slices.Equal(got, all) {
			t.Errorf("%q comes as %q", all, got)
		}
	}
	for after, want := range map[string][]string{"b": {"c"}, "d": {}, "0": {"a", "c"}} {
		if got, _, err := cut([]string{"a", "c"}, span{after: after, limit: 9}, self, true); err != nil || !slices.Equal(got, want) {
			t.Errorf("after %s: %q, %v", after, got, err)
		}
	}
	if _, _, err := cut([]string{"a", "c"}, span{after: "b", limit: 9}, self, false); err == nil {
		t.Error("in a list that is not sorted nobody knows where b was")
	}
}
