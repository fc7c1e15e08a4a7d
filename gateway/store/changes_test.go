package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// TestChanges: every change is noted with what it takes along, in an order in which
// nothing comes late, and nothing is noted of what did not happen.
func TestChanges(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		ctx := t.Context()
		text := func(from int64) string {
			page, err := s.Changes(ctx, from)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, c := range page {
				out = append(out, string(c.Kind)+" "+c.ID)
			}
			slices.Sort(out)
			return strings.Join(out, ", ")
		}
		last := func() int64 {
			n, err := s.LastChange(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if last() != 0 || text(0) != "" {
			t.Error("changes before the first one")
		}
		key := func(id, user, team string) control.StoredKey {
			return control.StoredKey{Key: access.Key{ID: id, Digest: access.DigestOf(id), UserID: user, TeamID: team, Created: day}}
		}
		limit := accounting.Money(5)
		for _, err := range []error{s.CreateUser(ctx, access.User{ID: "alice"}), s.CreateTeam(ctx, access.Team{ID: "physics"}), s.AddMember(ctx, "physics", "alice"),
			s.CreateKey(ctx, key("own", "alice", "")), s.CreateKey(ctx, key("both", "alice", "physics")), s.CreateKey(ctx, key("team's", "", "physics")),
			s.CreateBudget(ctx, ledger.Budget{ID: "b", Kind: ledger.Gateway, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}, day)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := text(0); got != "budget b, key both, key own, key team's, team physics, team physics, user alice" {
			t.Error(got)
		}
		before := last()
		if got := text(before); got != "budget b" {
			t.Errorf("from the last one: %s", got)
		}
		for _, err := range []error{s.CreateUser(ctx, access.User{ID: "alice"}), s.DeleteKey(ctx, "none"), s.AddMember(ctx, "none", "alice"), s.DeleteUser(ctx, "none")} {
			if err == nil {
				t.Error("that cannot be")
			}
		}
		if last() != before {
			t.Error("a change was noted that did not happen")
		}
		if err := s.DeleteUser(ctx, "alice"); err != nil {
			t.Fatal(err)
		}
		if got := text(before + 1); got != "key both, key own, team physics, user alice" {
			t.Errorf("a user deleted: %s", got)
		}
		before = last()
		if err := s.DeleteTeam(ctx, "physics"); err != nil {
			t.Fatal(err)
		}
		if got := text(before + 1); got != "key team's, team physics" {
			t.Errorf("a team deleted: %s", got)
		}
		for what, err := range map[string]error{"user": second(s.UserByID(ctx, "alice")), "team": second(s.TeamByID(ctx, "physics")), "key": second(s.KeyByID(ctx, "own")), "budget": second(s.BudgetByID(ctx, "none"))} {
			if !errors.Is(err, control.ErrNotFound) {
				t.Errorf("%s that is gone: %v", what, err)
			}
		}
		if b, err := s.BudgetByID(ctx, "b"); err != nil || b.ID != "b" || *b.Limit != limit {
			t.Errorf("%+v, %v", b, err)
		}

		// Many writers, and a reader who must never see a number below one that it saw.
		stores := []*Store{s, s}
		if d.Driver == "postgres" {
			stores = []*Store{open(t, d), open(t, d), open(t, d)}
		}
		var writers, reader sync.WaitGroup
		stop := make(chan struct{})
		seen := map[int64]bool{}
		from := last()
		first := from
		reader.Go(func() {
			for done := false; ; {
				page, err := s.Changes(context.Background(), from+1)
				if err != nil {
					t.Error(err)
					return
				}
				for _, c := range page {
					seen[c.Seq], from = true, c.Seq
				}
				if done && len(page) == 0 {
					return
				}
				select {
				case <-stop:
					done = true
				default:
				}
			}
		})
		for i, st := range stores {
			for w := range 3 {
				writers.Go(func() {
					for j := range 15 {
						if err := st.CreateUser(context.Background(), access.User{ID: fmt.Sprint("u", i, w, j)}); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		writers.Wait()
		close(stop)
		reader.Wait()
		if n := number(t, s, "select count(*) from changes where seq > ?", first); n != int64(len(seen)) || n != int64(len(stores)*45) {
			t.Errorf("%d changes, %d of them seen", n, len(seen))
		}
	})
}
