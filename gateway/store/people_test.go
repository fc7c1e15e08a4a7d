package store

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// TestPeople: what is written is what is read, and references are kept.
func TestPeople(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		u := access.User{ID: "alice", Name: "Alice", Email: "a@x", Role: access.Viewer, Models: []string{"free"}, Created: day}
		team := access.Team{ID: "physics", Name: "Physics", Models: []string{}, Aliases: map[string]string{"fast": "qwen"}, Tags: []string{"a", "ä"}, Members: []string{}, Admins: []string{}, Created: day}
		key := access.Key{ID: "k", Name: "laptop", Digest: access.DigestOf("secret"), Hint: "cret", Role: access.Caller, UserID: "alice", TeamID: "physics", Models: []string{"a*"},
			Expires: day.AddDate(1, 0, 0), Blocked: true, EndUsers: true, BudgetFallback: []string{"qwen"}, Aliases: map[string]string{"a": "b"}, Metadata: map[string]string{"x": "y"}, Routes: []string{"read", "/v1/*"}, Tags: []string{"red/batch"}, CallTags: true, Created: day,
			Former: access.DigestOf("former"), FormerUntil: day.AddDate(0, 0, 1)}
		limit := accounting.Money(5e9)
		zone, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		budget := ledger.Budget{ID: "b", Name: "n", Kind: ledger.User, Owner: "alice", Models: []string{"gpt*"}, Limit: &limit, Origin: "api",
			Window: ledger.Window{Unit: ledger.Month, Count: 3, Zone: zone, Start: day}}
		steps := []struct {
			what string
			err  error
			want error
		}{
			{"user", s.CreateUser(ctx, u), nil},
			{"user again", s.CreateUser(ctx, u), control.ErrExists},
			{"team", s.CreateTeam(ctx, team), nil},
			{"member", s.AddMember(ctx, "physics", "alice"), nil},
			{"member again", s.AddMember(ctx, "physics", "alice"), nil},
			{"member of nothing", s.AddMember(ctx, "nothing", "alice"), control.ErrNotFound},
			{"key", s.CreateKey(ctx, control.StoredKey{Key: key}), nil},
			{"key again", s.CreateKey(ctx, control.StoredKey{Key: key}), control.ErrExists},
			{"key of nobody", s.CreateKey(ctx, control.StoredKey{Key: access.Key{ID: "z", UserID: "nobody"}}), control.ErrNotFound},
			{"budget", s.CreateBudget(ctx, budget, day), nil},
			{"no such user", s.UpdateUser(ctx, access.User{ID: "bob"}), control.ErrNotFound},
			{"no such team", s.UpdateTeam(ctx, access.Team{ID: "x"}), control.ErrNotFound},
			{"no such key", s.DeleteKey(ctx, "x"), control.ErrNotFound},
			{"no such budget", s.DeleteBudget(ctx, "x"), control.ErrNotFound},
			{"no such member", s.RemoveMember(ctx, "physics", "bob"), control.ErrNotFound},
		}
		for _, st := range steps {
			if !errors.Is(st.err, st.want) {
				t.Errorf("%s: %v, want %v", st.what, st.err, st.want)
			}
		}
		team.Members = []string{"alice"}
		if got, err := s.Users(ctx); err != nil || !reflect.DeepEqual(got, []access.User{u}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := s.Teams(ctx); err != nil || !reflect.DeepEqual(got, []access.Team{team}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := s.Keys(ctx); err != nil || !reflect.DeepEqual(got, []control.StoredKey{{Key: key}}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := s.Budgets(ctx); err != nil || len(got) != 1 || got[0].Window.At(day) != budget.Window.At(day) || *got[0].Limit != limit || got[0].Window.String() != "3 months" {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.DeleteUser(ctx, "alice"); err != nil {
			t.Fatal(err)
		}
		if keys, err := s.Keys(ctx); err != nil || len(keys) != 0 {
			t.Errorf("a key outlived its user: %+v, %v", keys, err)
		}
	})
}
