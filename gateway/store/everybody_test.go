package store

import (
	"context"
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
		if err != nil || len(wantKeys) != 10 {
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
