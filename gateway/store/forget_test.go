package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/gateway/access"
)

// TestForget: what has run out goes, page by page, and nothing else: not the newest
// change, not what a call that runs needs, and not what somebody is just using.
func TestForget(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		now := day
		s := openWith(t, d, Options{Now: func() time.Time { return now }})
		old, recent := micros(day.Add(-25*time.Hour)), micros(day.Add(-23*time.Hour))
		db := outside(t, d)
		for _, text := range []string{
			"insert into idempotency (key_id, token, body, request_id, hold_id, at) values ('k', 'runs', '', 'r', 'h', %d), ('k', 'used', '', 'r', '', %[1]d), ('k', 'recent', '', 'r', '', %d)",
			"insert into changes (kind, id, at) values ('user', 'last', %d)",
			"insert into replicas (id, started_at, lease_ends) values ('gone', 0, %d), ('lately', 0, %d), ('holds', 0, %[1]d)",
			"insert into holds (id, held_at, amount, hold, owner) values ('h', %d, 0, '{}', 'holds')",
		} {
			if strings.Count(text, "%") > 1 {
				text = fmt.Sprintf(text, old, recent)
			} else {
				text = fmt.Sprintf(text, old)
			}
			if _, err := db.Exec(text); err != nil {
				t.Fatal(err)
			}
		}
		last := number(t, s, "select max(seq) from changes")
		if _, err := db.Exec(fmt.Sprintf(`with recursive n (i) as (select 1 union all select i + 1 from n where i <= %d)
			insert into idempotency (key_id, token, body, request_id, hold_id, at) select 'k', 'old' || i, '', 'r', '', %d from n`, 2*forgetPage, old)); err != nil {
			t.Fatal(err)
		}
		if d.Driver == "postgres" { // somebody uses a row: it is passed over, and not waited for
			tx, err := db.Begin()
			if err == nil {
				_, err = tx.Exec("select 1 from idempotency where token = 'used' for update")
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback() }()
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			if err := s.Forget(ctx); err != nil {
				t.Fatal(err)
			}
			if n := number(t, s, "select count(*) from idempotency where token = 'used'"); n != 1 {
				t.Error("what somebody was using is gone")
			}
			if err := tx.Rollback(); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		var tokens, replicas []string
		if err := errors.Join(s.read.Raw("select token from idempotency order by token").Scan(&tokens).Error, s.read.Raw("select id from replicas where id != ? order by id", s.replica).Scan(&replicas).Error); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(tokens, []string{"recent", "runs"}) || !slices.Equal(replicas, []string{"holds", "lately"}) {
			t.Errorf("%v, %v", tokens, replicas)
		}
		if n := number(t, s, "select count(*) from changes where seq = ?", last); n != 1 {
			t.Error("the newest change is gone: nobody could tell any more that something was changed")
		}
		if err := s.CreateUser(t.Context(), access.User{ID: "u", Created: day}); err != nil {
			t.Fatal(err)
		}
		if err := s.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := number(t, s, "select min(seq) from changes"); n != last+1 {
			t.Errorf("an old change stays: %d", n)
		}
	})
}

// TestForgetFindsWhatHasRunOut: what has run out is found without a look at what has not.
func TestForgetFindsWhatHasRunOut(t *testing.T) {
	s := fresh(t)
	db, err := s.read.DB()
	if err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]string{"idempotency": "SEARCH idempotency USING INDEX idempotency_by_at (at<?)", "changes": "SEARCH changes USING INTEGER PRIMARY KEY (rowid<?)",
		"shadow_calls": "SEARCH shadow_calls USING COVERING INDEX shadow_calls_at (at<?)"} {
		i := slices.IndexFunc(runsOut, func(q runOut) bool { return q.table == table })
		var plan []string
		err := eachRow(t.Context(), db, "explain query plan "+runsOut[i].page(""), func(r *sql.Rows) error {
			var id, parent, unused int
			var line string
			err := r.Scan(&id, &parent, &unused, &line)
			plan = append(plan, line)
			return err
		}, micros(day), forgetPage)
		if err != nil || !slices.Contains(plan, want) || slices.Contains(plan, "SCAN "+table) {
			t.Errorf("%s: %q, want %q; %v", table, plan, want, err)
		}
	}
}
