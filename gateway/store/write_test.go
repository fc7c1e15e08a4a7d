package store

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// TestWriteIsAllOrNothing: what cannot be written keeps everything beside it from being
// written, and says which it is.
func TestWriteIsAllOrNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		user := func(id string) control.Write {
			return control.PutUser{User: access.User{ID: id, Created: day}, New: true}
		}
		key := func(id, digest, former string) control.PutKey {
			k := access.Key{ID: id, Digest: access.DigestOf(digest), Created: day}
			if former != "" {
				k.Former, k.FormerUntil = access.DigestOf(former), day
			}
			return control.PutKey{Key: control.StoredKey{Key: k}, New: true}
		}
		if err := s.Write(ctx, []control.Write{user("alice"), key("k", "one", "zero")}, nil); err != nil {
			t.Fatal(err)
		}
		last, err := s.LastChange(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			writes []control.Write
			at     int
			want   error
		}{
			{[]control.Write{user("bob"), user("alice")}, 1, control.ErrExists},
			{[]control.Write{user("bob"), user("bob"), user("carol")}, 1, control.ErrExists},
			{[]control.Write{user("bob"), control.Drop{Kind: control.TeamChanged, ID: "none"}}, 1, control.ErrNotFound},
			{[]control.Write{user("bob"), control.PutMember{In: control.OrgChanged, ID: "none", User: "bob"}}, 1, control.ErrNotFound},
			{[]control.Write{key("l", "one", "")}, 0, control.ErrExists},
			{[]control.Write{key("l", "two", "zero")}, 0, control.ErrExists},
			{[]control.Write{user("bob"), control.PutTeam{Team: access.Team{ID: "t", OrgID: "none"}, New: true}}, 1, control.ErrNotFound},
			{[]control.Write{control.Drop{Kind: control.UserChanged, ID: "alice"}, control.PutUser{User: access.User{ID: "alice"}}}, 1, control.ErrNotFound},
		} {
			err := s.Write(ctx, c.writes, nil)
			var failed *control.NotWritten
			if !errors.As(err, &failed) || failed.At != c.at || !errors.Is(err, c.want) {
				t.Errorf("%v: %v, want %v at %d", c.writes, err, c.want, c.at)
			}
		}
		users, err1 := s.Users(ctx)
		keys, err2 := s.Keys(ctx)
		now, err3 := s.LastChange(ctx)
		if err := errors.Join(err1, err2, err3); err != nil || len(users) != 1 || len(keys) != 1 || now != last {
			t.Errorf("%+v %+v, %d changes after %d: %v", users, keys, now, last, err)
		}
		if err := s.Write(ctx, []control.Write{user("bob"), control.PutUser{User: access.User{ID: "bob", Name: "B"}, Attributes: []byte(`{"x":1}`)}, control.PutUser{User: access.User{ID: "bob", Name: "C"}}}, nil); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Attributes(ctx, control.UserChanged, []string{"alice", "bob", "carol"}); err != nil || len(got) != 2 || string(got["alice"]) != "{}" || string(got["bob"]) != `{"x":1}` {
			t.Errorf("%s, %v", got, err)
		}
		if changes, err := s.Changes(ctx, last); err != nil || len(changes) != 2 { // bob stands there once
			t.Errorf("%+v, %v", changes, err)
		}
	})
}

// TestManyWrites: the most that comes by the API in one change fits the time that it has.
func TestManyWrites(t *testing.T) {
	const many = 10_000
	eachStore(t, func(t *testing.T, s *Store) {
		var writes []control.Write
		for i := range many / 2 {
			id := fmt.Sprint(i)
			writes = append(writes, control.PutUser{User: access.User{ID: id, Created: day}, New: true},
				control.PutKey{Key: control.StoredKey{Key: access.Key{ID: id, UserID: id, Digest: access.DigestOf(id), Created: day}}, New: true})
		}
		began := time.Now()
		if err := s.Write(t.Context(), writes, nil); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d writes in %s", len(writes), time.Since(began))
		if keys, err := s.Keys(t.Context()); err != nil || len(keys) != many/2 {
			t.Errorf("%d keys, %v", len(keys), err)
		}
	})
}

// TestAdjust: an adjustment moves counters once, is part of its chain, and is there after
// a backup, in a verification and after counters were made anew.
func TestAdjust(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		ctx := t.Context()
		c, other := claim("b", "alice", money(100)), claim("c", "alice", nil)
		adjust := func(id string, amount accounting.Money, to *accounting.Money, claims ...ledger.Claim) (accounting.Money, error) {
			a := ledger.Adjustment{ID: id, At: day, Amount: amount, To: to, Claims: claims, Reason: "moved \x00", Actor: "user ä", Facts: ledger.Facts{UserID: "alice", OrgID: "o", Operation: ledger.Adjusted}}
			err := s.Write(ctx, []control.Write{control.PutAdjustment{Adjustment: &a}}, nil)
			if err != nil {
				a.Amount = 0
			}
			return a.Amount, err
		}
		h := hold("h", 40, c)
		if _, err := s.Reserve(ctx, h); err != nil {
			t.Fatal(err)
		}
		for _, st := range []struct {
			id     string
			amount accounting.Money
			to     *accounting.Money
			claims []ledger.Claim
			want   accounting.Money
			err    error
			posted accounting.Money
		}{
			{"a", 70, nil, []ledger.Claim{c, other}, 70, nil, 70},
			{"a", 70, nil, []ledger.Claim{c, other}, 0, ledger.ErrAdjusted, 70},
			{"b", -100, nil, []ledger.Claim{c}, -100, nil, -30},
			{"c", 0, money(25), []ledger.Claim{c}, 55, nil, 25},
			{"d", 0, money(25), []ledger.Claim{c}, 0, nil, 25}, // nothing is written
			{"e", 9, nil, nil, 9, nil, 25},
			{"f", accounting.MaxMoney, nil, []ledger.Claim{c}, 0, errRange, 25},
		} {
			got, err := adjust(st.id, st.amount, st.to, st.claims...)
			if got != st.want || !errors.Is(err, st.err) {
				t.Errorf("%s: %d, %v", st.id, got, err)
			}
			if now := standingOf(t, s, c); now.Posted != st.posted || now.Held != 40 {
				t.Errorf("%s: %+v, want %d posted", st.id, now, st.posted)
			}
		}
		if now := standingOf(t, s, other); now.Posted != 70 {
			t.Errorf("%+v", now)
		}
		// All of a change or nothing; one that says where spending is to stand sees those before it.
		facts := ledger.Facts{Operation: ledger.Adjusted}
		a, b := ledger.Adjustment{ID: "g", At: day, Amount: 5, Claims: []ledger.Claim{c}, Facts: facts}, ledger.Adjustment{ID: "a", At: day, Amount: 1, Facts: facts}
		var failed *control.NotWritten
		if err := s.Write(ctx, []control.Write{control.PutUser{User: access.User{ID: "zoe"}, New: true}, control.PutAdjustment{Adjustment: &a}, control.PutAdjustment{Adjustment: &b}}, nil); !errors.Is(err, control.ErrExists) || !errors.As(err, &failed) || failed.At != 2 {
			t.Errorf("%v", err)
		}
		if _, err := s.UserByID(ctx, "zoe"); !errors.Is(err, control.ErrNotFound) {
			t.Errorf("half a change was written: %v", err)
		}
		a, b = ledger.Adjustment{ID: "g", At: day, Amount: 5, Claims: []ledger.Claim{c}, Facts: facts}, ledger.Adjustment{ID: "i", At: day, To: money(25), Claims: []ledger.Claim{c}, Facts: facts}
		if err := s.Write(ctx, []control.Write{control.PutAdjustment{Adjustment: &a}, control.PutAdjustment{Adjustment: &b}}, nil); err != nil || b.Amount != -5 {
			t.Errorf("%d, %v", b.Amount, err)
		}
		if err := s.Settle(ctx, paid(h, 1)); err != nil {
			t.Fatal(err)
		}
		if v, err := s.Verify(ctx); err != nil || !v.Clean() || v.Entries != 7 || v.Cost != 35 {
			t.Errorf("%+v, %v", v, err)
		}
		rows, err := s.Usage(ctx, control.UsageQuery{By: []string{"org"}})
		if err != nil || len(rows) != 2 || rows[1].Adjusted != 34 || rows[1].Cost != 0 || rows[1].Paid.Calls != 0 || rows[0].Cost != 1 || rows[0].Paid.Calls != 1 {
			t.Errorf("%+v, %v", rows, err)
		}
		entries, err := s.Entries(ctx, control.EntryQuery{Operation: ledger.Adjusted, Limit: 10})
		if err != nil || len(entries) != 6 || entries[2].Actor != "user ä" || !strings.HasPrefix(entries[2].Reason, "moved") || entries[2].Org != "o" {
			t.Errorf("%+v, %v", entries, err)
		}
		if err := s.write.Exec("delete from counters").Error; err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if out, err := Rebuild(ctx, d); err != nil || out.Counters != 2 {
			t.Errorf("%+v, %v", out, err)
		}
		again := open(t, d)
		if now := standingOf(t, again, c); !reflect.DeepEqual(now, ledger.Standing{Posted: 26}) {
			t.Errorf("made anew: %+v", now)
		}
		if v, err := again.Verify(ctx); err != nil || !v.Clean() {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// TestAudits: an audit is written with its change or not at all, is never changed, and
// goes with the entries of its month.
func TestAudits(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		audit := func(id string, at time.Time) control.Write {
			return control.PutAudit{Audit: control.Audit{At: at, Actor: control.Actor{Key: "k", User: "u", Name: "n"}, Action: control.Create, Kind: control.UserChanged, ID: id, After: `{"name":"ä"}`}}
		}
		user := control.PutUser{User: access.User{ID: "alice", Created: day}, New: true}
		if err := s.Write(ctx, []control.Write{audit("alice", day), user, audit("old", day.AddDate(0, -14, 0))}, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(ctx, []control.Write{audit("never", day), user}, nil); !errors.Is(err, control.ErrExists) {
			t.Errorf("%v", err)
		}
		all, err := s.Audits(ctx, control.AuditQuery{Limit: 10})
		if err != nil || len(all) != 2 || all[1].ID != "alice" || all[1].Actor.Name != "n" || all[1].After != `{"name":"ä"}` || all[1].Before != "" || !all[1].At.Equal(day) {
			t.Errorf("%+v, %v", all, err)
		}
		if err := s.write.Exec("update audit set became = ''").Error; err == nil || !strings.Contains(err.Error(), "never changed") {
			t.Errorf("changed: %v", err)
		}
		if changes, err := s.Changes(ctx, 0); err != nil || len(changes) != 1 {
			t.Errorf("%+v, %v", changes, err)
		}
		if _, err := s.Retain(ctx, day, 13, over); err != nil {
			t.Fatal(err)
		}
		if left, err := s.Audits(ctx, control.AuditQuery{Limit: 10}); err != nil || len(left) != 1 || left[0].ID != "alice" {
			t.Errorf("%+v, %v", left, err)
		}
	})
}

// TestTagsAreReported: a call with several tags stands in the row of each, one without in
// that of none; the sum over all counts it once, and so does what is narrowed to a tag.
func TestTagsAreReported(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for i, tags := range [][]string{nil, {"a"}, {"a", "b/c \"ä"}, {"b/c \"ä"}} {
			h := hold(fmt.Sprint(i), 100)
			h.Facts.Tags = tags
			spend(t, s, h, billed(h, accounting.Money(1+i)))
			s.Record(gateway.Record{At: day, RequestID: fmt.Sprint("f", i), KeyID: "k", Model: "m", Price: "free", Status: "ok", Tags: tags})
		}
		adjusted := ledger.Adjustment{ID: "adj", At: day, Amount: 50, Reason: "r", Facts: ledger.Facts{Operation: ledger.Adjusted, Tags: []string{"a"}}}
		if err := s.Write(ctx, []control.Write{control.PutAdjustment{Adjustment: &adjusted}}, nil); err != nil {
			t.Fatal(err)
		}
		await(t, s, `select count(*) from calls`, 4)
		type row struct {
			name                string
			cost, adjusted      accounting.Money
			paid, free, refused int64
		}
		for _, c := range []struct {
			q    control.UsageQuery
			want []row
		}{
			{control.UsageQuery{By: []string{"tag"}}, []row{{"", 1, 0, 1, 1, 0}, {"a", 5, 50, 2, 2, 0}, {"b/c \"ä", 7, 0, 2, 2, 0}}},
			{control.UsageQuery{}, []row{{"", 10, 50, 4, 4, 0}}},
			{control.UsageQuery{Tag: "a"}, []row{{"", 5, 50, 2, 2, 0}}},
			{control.UsageQuery{Tag: "b/c \"ä", By: []string{"key"}}, []row{{"k", 7, 0, 2, 2, 0}}},
			{control.UsageQuery{Tag: "b/c"}, []row{{}}},
		} {
			rows, err := s.Usage(ctx, c.q)
			var got []row
			for _, r := range rows {
				x := row{cost: r.Cost, adjusted: r.Adjusted, paid: r.Paid.Calls, free: r.Free.Calls, refused: r.Refused}
				if len(r.Group) > 0 {
					x.name = r.Group[0]
				}
				got = append(got, x)
			}
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v: %+v, want %+v; %v", c.q, got, c.want, err)
			}
		}
		entries, err := s.Entries(ctx, control.EntryQuery{Tag: "b/c \"ä", Limit: 10})
		if err != nil || len(entries) != 2 || !reflect.DeepEqual(entries[1].Tags, []string{"a", "b/c \"ä"}) {
			t.Errorf("%+v, %v", entries, err)
		}
		if v, err := s.Verify(ctx); err != nil || !v.Clean() {
			t.Errorf("%+v, %v", v, err)
		}
	})
}
