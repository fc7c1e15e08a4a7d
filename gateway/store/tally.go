package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// tally is where counters must stand by everything else in the books: what their entries
// cost, what was carried over from entries that retention took, and what open holds
// hold. It takes about 300 bytes of memory a counter, whatever the number of entries.
type tally map[counterKey]*ledger.Standing

func (t tally) of(c claimRow) *ledger.Standing {
	k := counterKey{c.Budget, c.Account, c.Start}
	st := t[k]
	if st == nil {
		st = &ledger.Standing{}
		t[k] = st
	}
	return st
}

// post adds a cost to the counters of some claims, in JSON.
func (t tally) post(claims string, cost accounting.Money) error {
	rows, err := readClaims(claims)
	if err != nil {
		return err
	}
	for _, c := range rows {
		st := t.of(c)
		if st.Posted, err = st.Posted.Add(cost); err != nil {
			return fmt.Errorf("budget %s: %w", c.Budget, err)
		}
	}
	return nil
}

// hold adds what a hold holds. text is the hold in JSON.
func (t tally) hold(text string, amount accounting.Money) error {
	var h holdRow
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return fmt.Errorf("the hold is no valid JSON: %w", err)
	}
	for _, c := range h.Claims {
		st := t.of(c)
		var err error
		if st.Held, err = st.Held.Add(amount); err != nil {
			return fmt.Errorf("budget %s: %w", c.Budget, err)
		}
	}
	return nil
}

// carry adds what was carried over.
func (t tally) carry(k counterKey, posted accounting.Money) (err error) {
	st := t.of(claimRow{Budget: k.budget, Account: k.account, Start: k.start})
	st.Posted, err = st.Posted.Add(posted)
	return err
}

func readClaims(text string) ([]claimRow, error) {
	var rows []claimRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("the claims are no valid JSON: %w", err)
	}
	return rows, nil
}

// sqlCarried are what removed entries had posted, in a fixed order of columns.
const sqlCarried = `select budget_id, account_id, period_start, month, posted from carried`

// tallied adds up the books. The error is the first thing that cannot be added up.
func tallied(ctx context.Context, q querier) (tally, error) {
	t := tally{}
	err := eachRow(ctx, q, `select id, coalesce(cost, 0), claims from entries`, func(r *sql.Rows) error {
		var id, claims string
		var cost accounting.Money
		if err := r.Scan(&id, &cost, &claims); err != nil {
			return err
		}
		if err := t.post(claims, cost); err != nil {
			return fmt.Errorf("entry %s: %w", id, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = eachRow(ctx, q, sqlCarried, func(r *sql.Rows) error {
		var k counterKey
		var month int64
		var posted accounting.Money
		if err := r.Scan(&k.budget, &k.account, &k.start, &month, &posted); err != nil {
			return err
		}
		return t.carry(k, posted)
	})
	if err != nil {
		return nil, err
	}
	return t, eachRow(ctx, q, `select id, amount, hold from holds`, func(r *sql.Rows) error {
		var id, text string
		var amount accounting.Money
		if err := r.Scan(&id, &amount, &text); err != nil {
			return err
		}
		if err := t.hold(text, amount); err != nil {
			return fmt.Errorf("hold %s: %w", id, err)
		}
		return nil
	})
}

// String names a counter for people.
func (k counterKey) String() string {
	account := k.account
	if account == "" {
		account = "the gateway"
	}
	start := "the beginning"
	if k.start != 0 {
		start = instant(k.start).Format("2006-01-02T15:04:05Z")
	}
	return fmt.Sprintf("budget %s, account %s, from %s", k.budget, account, start)
}

func standing(s ledger.Standing) string {
	return fmt.Sprintf("posted %s, held %s", s.Posted, s.Held)
}
