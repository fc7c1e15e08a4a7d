package store

import (
	"slices"
	"strings"
	"testing"
)

// TestRebuild: counters that were lost, changed or made up are made anew, once.
func TestRebuild(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		want := rowsOf(t, backedUp(t, d).File)
		if _, err := Rebuild(t.Context(), d); err == nil {
			t.Error("counters were rebuilt under a server")
		}
		for _, text := range []string{`update counters set posted = posted * 2`, `update counters set held = 9 where budget_id = 'team'`, `delete from counters where budget_id = 'total'`,
			`insert into counters (budget_id, account_id, period_start, posted, held) values ('x', 'y', 0, 1, 2)`} {
			if err := s.write.Exec(text).Error; err != nil {
				t.Fatal(err)
			}
		}
		if verified(t, s).Clean() {
			t.Error("nothing is wrong yet")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := Rebuild(t.Context(), d)
		if err != nil || r.Changed != 12 || len(r.Changes) != 12 || r.Counters != 12 {
			t.Errorf("%+v, %v", r, err)
		}
		for _, c := range r.Changes {
			if c.Was == c.Now || strings.HasPrefix(c.Counter, "budget x,") != (c.Now == "posted 0.00, held 0.00") {
				t.Errorf("%+v", c)
			}
		}
		if r, err = Rebuild(t.Context(), d); err != nil || r.Changed != 0 || r.Counters != 12 {
			t.Errorf("a second time: %+v, %v", r, err)
		}
		got := rowsOf(t, backedUp(t, d).File)
		if got = slices.DeleteFunc(got, func(l string) bool { return strings.HasPrefix(l, `counters ["x"`) }); !slices.Equal(got, want) {
			t.Errorf("%s\nwant\n%s", strings.Join(got, ""), strings.Join(want, ""))
		}
		v, err := verify(t.Context(), d, liveness{})
		if err != nil {
			t.Fatal(err)
		}
		mustBeClean(t, v)
	})
}
