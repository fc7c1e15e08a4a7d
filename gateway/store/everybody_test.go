package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// TestEverybodyIsReadAlike: users and keys that are read all at once for the directory
// are the ones that a list shows, whatever stands in them.
func TestEverybodyIsReadAlike(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for i, text := range []string{"", "|", `"quoted" \ and, more`, "ä€😀", "[]", "{}", "null", "'", strings.Repeat("long ", 25)} {
			u := access.User{ID: fmt.Sprintf("u%d", i), Name: text, Email: text, Blocked: i%2 == 1, Models: []string{}, Created: day}
			k := access.Key{ID: fmt.Sprintf("k%d", i), Name: text, Digest: access.DigestOf(fmt.Sprint(i)), Hint: "cret", Role: access.Caller, UserID: u.ID,
				Models: []string{}, BudgetFallback: []string{}, Metadata: map[string]string{}, Blocked: i%3 == 1, EndUsers: i%4 == 1, Created: day.AddDate(-100, 0, i)}
			if i%2 == 0 {
				u.Models, k.Models, k.BudgetFallback = []string{text, "free"}, []string{text}, []string{text, "\x1f\x1e\x00"}
				k.Tags, k.CallTags = []string{text, "red/batch"}, i%4 == 0
				k.Metadata, k.Expires = map[string]string{text: "\x1f"}, day
			}
			if err := s.CreateUser(ctx, u); err != nil {
				t.Fatal(err)
			}
			if err := s.CreateKey(ctx, control.StoredKey{Key: k, Foreign: i%5 == 0}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.CreateKey(ctx, control.StoredKey{Key: access.Key{ID: "nobody's", Digest: access.DigestOf("x"), Role: access.Admin, Created: day}}); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.one(ctx, control.PutOrg{Org: access.Organization{ID: "o", Created: day}, New: true}), s.CreateTeam(ctx, access.Team{ID: "t", Created: day})); err != nil {
			t.Fatal(err)
		}
		rare := []func(*control.StoredKey){ // each alone must be read
			func(*control.StoredKey) {},
			func(k *control.StoredKey) { k.Foreign = true },
			func(k *control.StoredKey) { k.Blocked = true },
			func(k *control.StoredKey) { k.EndUsers = true },
			func(k *control.StoredKey) { k.CallTags = true },
			func(k *control.StoredKey) { k.Expires = day },
			func(k *control.StoredKey) { k.BudgetFallback = []string{"free"} },
			func(k *control.StoredKey) { k.Metadata = map[string]string{"a": "b"} },
			func(k *control.StoredKey) { k.OrgID = "o" },
			func(k *control.StoredKey) { k.TeamID = "t" },
			func(k *control.StoredKey) { k.Aliases = map[string]string{"a": "b"} },
			func(k *control.StoredKey) { k.Former, k.FormerUntil = access.DigestOf("former"), day },
			func(k *control.StoredKey) { k.Routes = []string{"calls"} },
			func(k *control.StoredKey) { k.Tags = []string{"red"} },
		}
		for i, with := range rare {
			id := fmt.Sprintf("rare%02d", i)
			k := control.StoredKey{Key: access.Key{ID: id, Name: id, Digest: access.DigestOf(id), Role: access.Caller, Models: []string{"free"}, Created: day}}
			with(&k)
			if err := s.CreateKey(ctx, k); err != nil {
				t.Fatal(err)
			}
		}
		wantUsers, err := s.Users(ctx)
		if err != nil || len(wantUsers) != 9 {
			t.Fatal(wantUsers, err)
		}
		users := map[string]access.User{}
		if err := s.EachUser(ctx, func(u access.User) { users[u.ID] = u }); err != nil || len(users) != len(wantUsers) {
			t.Fatal(users, err)
		}
		for _, want := range wantUsers {
			if got := users[want.ID]; !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		wantKeys, err := s.Keys(ctx)
		if err != nil || len(wantKeys) != 10+len(rare) {
			t.Fatal(wantKeys, err)
		}
		keys := map[string]control.StoredKey{}
		if err := s.EachKey(ctx, func(k control.StoredKey) { keys[k.ID] = k }); err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(keys)); len(got) != len(wantKeys) {
			t.Fatal(got)
		}
		for _, want := range wantKeys {
			if got := keys[want.ID]; !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
	})
}

// TestEverybodyIsReadOnce: however many rows come as one text, and whatever gaps there are
// between them, each comes once.
func TestEverybodyIsReadOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for _, c := range []struct {
			users int
			gone  string
			left  int
		}{
			{0, "id = ''", 0}, {1, "id = ''", 1}, {atOnce, "id = ''", atOnce}, {atOnce + 1, "id = ''", atOnce + 1}, {2*atOnce + 1, "id = ''", 2*atOnce + 1},
			{3 * atOnce, "created_at % 2 = 1", 3 * atOnce / 2}, {3 * atOnce, fmt.Sprintf("created_at between 2 and %d", 2*atOnce), atOnce + 1},
		} {
			for _, text := range []string{
				"delete from users",
				fmt.Sprintf(`insert into users (id, name, email, blocked, models, created_at, role)
					with recursive n (i) as (select 1 union all select i + 1 from n where i < %d) select cast(i as text), '', '', false, '[]', i, 'member' from n where %d > 0`, c.users, c.users),
				"delete from users where " + c.gone,
			} {
				if err := s.write.Exec(text).Error; err != nil {
					t.Fatal(err)
				}
			}
			seen := map[string]bool{}
			err := s.EachUser(t.Context(), func(u access.User) {
				if seen[u.ID] {
					t.Errorf("%+v: user %s comes twice", c, u.ID)
				}
				seen[u.ID] = true
			})
			if err != nil || len(seen) != c.left {
				t.Errorf("%+v: %d users, %v", c, len(seen), err)
			}
		}
	})
}

// TestABadRowIsNamed: a row that cannot be told apart into its columns is an error that
// says which, and nobody is let in by it.
func TestABadRowIsNamed(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if err := s.CreateUser(ctx, access.User{ID: "u", Created: day}); err != nil {
			t.Fatal(err)
		}
		for what, c := range map[string]struct{ change, back string }{
			"a control character": {`update users set name = 'a' || ` + charOf(s) + `(31) || 'b'`, `update users set name = ''`},
			"another one":         {`update users set name = 'a' || ` + charOf(s) + `(30) || 'b'`, `update users set name = ''`},
			"no list of models":   {`update users set models = 'x'`, `update users set models = '[]'`},
		} {
			if err := s.write.Exec(c.change).Error; err != nil {
				t.Fatal(err)
			}
			if err := s.EachUser(ctx, func(access.User) { t.Error("somebody is there") }); err == nil || !strings.Contains(err.Error(), `"u"`) {
				t.Errorf("%s: %v", what, err)
			}
			if err := s.write.Exec(c.back).Error; err != nil {
				t.Fatal(err)
			}
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.EachKey(ended, func(control.StoredKey) { t.Error("somebody is there") }); err == nil {
			t.Error("read after the end of the context")
		}
	})
}

func charOf(s *Store) string {
	if s.Shared() {
		return "chr"
	}
	return "char"
}
