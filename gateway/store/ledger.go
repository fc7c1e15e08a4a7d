package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

var _ ledger.Store = (*Store)(nil)

// The condition stands in the statement that takes, so that the sum is compared
// with the limit at the moment it changes.
const (
	sqlCounter  = `insert into counters (budget_id, account_id, period_start) values (?, ?, ?) on conflict do nothing`
	sqlStanding = `select posted, held from counters where budget_id = ? and account_id = ? and period_start = ?`
	sqlTake     = `update counters set held = held + ? where budget_id = ? and account_id = ? and period_start = ? and posted + held <= ?`
	sqlGive     = `update counters set held = held - ?, posted = posted + ? where budget_id = ? and account_id = ? and period_start = ?`
)

const unlimited = accounting.MaxMoney / 2

// Reserve implements [ledger.Store].
func (s *Store) Reserve(ctx context.Context, h ledger.Hold) (after []ledger.Standing, err error) {
	row, err := json.Marshal(holdRowOf(h))
	if err != nil {
		return nil, err
	}
	err = s.writer.do(ctx, func(tx *gorm.DB) error {
		var err error
		if after, err = take(tx, h, h.Amount, 0); err != nil {
			return err
		}
		return tx.Exec(`insert into holds (id, held_at, amount, hold) values (?, ?, ?, ?)`, h.ID, micros(h.At), int64(h.Amount), string(row)).Error
	})
	if err != nil {
		return nil, err
	}
	return after, nil
}

// Extend implements [ledger.Store].
func (s *Store) Extend(ctx context.Context, h ledger.Hold, extra accounting.Money) error {
	return s.writer.do(ctx, func(tx *gorm.DB) error {
		res := tx.Exec(`update holds set amount = amount + ? where id = ?`, int64(extra), h.ID)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return refuse(ledger.ErrNotOpen)
		}
		_, err := take(tx, h, extra, h.Amount)
		return err
	})
}

// take adds an amount to every counter of a hold, or refuses and names each budget
// that it does not fit. own is what the hold has there already. It returns where the
// counters stand afterwards.
func take(tx *gorm.DB, h ledger.Hold, amount, own accounting.Money) ([]ledger.Standing, error) {
	after := make([]ledger.Standing, len(h.Claims))
	var refusal ledger.Refusal
	for i, c := range h.Claims {
		k := c.Counter
		if err := tx.Exec(sqlCounter, k.Budget, k.Account.ID, micros(k.Start)).Error; err != nil {
			return nil, err
		}
		st, err := standing(tx, k)
		if err != nil {
			return nil, err
		}
		if state := ledger.StateOfMore(c.Budget.Limit, st, own, h.Need); state != ledger.None && state != ledger.Room {
			refusal.Short = append(refusal.Short, ledger.Shortfall{Claim: c, Standing: st, State: state})
		}
		after[i] = ledger.Standing{Posted: st.Posted, Held: st.Held + amount}
	}
	if len(refusal.Short) > 0 {
		return nil, refuse(&refusal)
	}
	for _, c := range h.Claims {
		most := unlimited - amount
		if c.Budget.Limit != nil {
			most = *c.Budget.Limit - h.Need
		}
		k := c.Counter
		res := tx.Exec(sqlTake, int64(amount), k.Budget, k.Account.ID, micros(k.Start), int64(most))
		if res.Error != nil {
			return nil, res.Error
		}
		if res.RowsAffected != 1 {
			return nil, refuse(fmt.Errorf("budget %s: its counter changed within the step", k.Budget))
		}
	}
	return after, nil
}

func standing(tx *gorm.DB, k ledger.Counter) (ledger.Standing, error) {
	var st struct{ Posted, Held int64 }
	err := tx.Raw(sqlStanding, k.Budget, k.Account.ID, micros(k.Start)).Scan(&st).Error
	return ledger.Standing{Posted: accounting.Money(st.Posted), Held: accounting.Money(st.Held)}, err
}

// endHold removes a hold and returns what it held, or refuses if it is gone.
func endHold(tx *gorm.DB, id string) (accounting.Money, holdRow, error) {
	var rows []struct {
		Amount int64
		Hold   string
	}
	if err := tx.Raw(`delete from holds where id = ? returning amount, hold`, id).Scan(&rows).Error; err != nil {
		return 0, holdRow{}, err
	}
	if len(rows) == 0 {
		return 0, holdRow{}, refuse(ledger.ErrNotOpen)
	}
	var h holdRow
	if err := json.Unmarshal([]byte(rows[0].Hold), &h); err != nil {
		return 0, holdRow{}, refuse(fmt.Errorf("hold %s cannot be read: %w", id, err))
	}
	return accounting.Money(rows[0].Amount), h, nil
}

func give(tx *gorm.DB, claims []claimRow, held, posted accounting.Money) error {
	for _, c := range claims {
		res := tx.Exec(sqlGive, int64(held), int64(posted), c.Budget, c.Account, c.Start)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return refuse(fmt.Errorf("budget %s: the counter of a hold is gone", c.Budget))
		}
	}
	return nil
}

// Release implements [ledger.Store].
func (s *Store) Release(ctx context.Context, id string) error {
	return s.writer.do(ctx, func(tx *gorm.DB) error {
		held, h, err := endHold(tx, id)
		if err != nil {
			return err
		}
		return give(tx, h.Claims, held, 0)
	})
}

// Settle implements [ledger.Store].
func (s *Store) Settle(ctx context.Context, e ledger.Entry) error {
	row, err := entryRowOf(e)
	if err != nil {
		return err
	}
	return s.writer.do(ctx, func(tx *gorm.DB) error {
		held, h, err := endHold(tx, e.Hold.ID)
		if err != nil {
			return err
		}
		row.Held = int64(held)
		if err := give(tx, h.Claims, held, accounting.Money(row.posted)); err != nil {
			return err
		}
		return tx.Table("entries").Create(&row).Error
	})
}

// Standings implements [ledger.Store].
func (s *Store) Standings(ctx context.Context, counters []ledger.Counter) ([]ledger.Standing, error) {
	out := make([]ledger.Standing, len(counters))
	for i, k := range counters {
		var err error
		if out[i], err = standing(s.read.WithContext(ctx), k); err != nil {
			return nil, fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
		}
	}
	return out, nil
}

// OpenHolds implements [ledger.Store].
func (s *Store) OpenHolds(ctx context.Context) ([]ledger.Hold, error) {
	var rows []struct {
		ID     string
		HeldAt int64
		Amount int64
		Hold   string
	}
	if err := s.read.WithContext(ctx).Raw(`select id, held_at, amount, hold from holds order by held_at, id`).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
	}
	out := make([]ledger.Hold, len(rows))
	for i, r := range rows {
		var h holdRow
		if err := json.Unmarshal([]byte(r.Hold), &h); err != nil {
			return nil, fmt.Errorf("hold %s cannot be read: %w", r.ID, err)
		}
		out[i] = h.hold(r.ID, instant(r.HeldAt), accounting.Money(r.Amount))
	}
	return out, nil
}

// holdRow is the part of a hold that is kept as JSON.
type holdRow struct {
	Prompt   int64        `json:"prompt"`
	Unpriced bool         `json:"unpriced,omitempty"`
	Version  string       `json:"version"`
	Facts    ledger.Facts `json:"facts"`
	Claims   []claimRow   `json:"claims"`
}

// claimRow names one counter.
type claimRow struct {
	Budget  string      `json:"budget"`
	Kind    ledger.Kind `json:"scope"`
	Account string      `json:"account"`
	Start   int64       `json:"start"`
}

func claimRows(claims []ledger.Claim) []claimRow {
	rows := make([]claimRow, len(claims))
	for i, c := range claims {
		rows[i] = claimRow{c.Counter.Budget, c.Counter.Account.Kind, c.Counter.Account.ID, micros(c.Counter.Start)}
	}
	return rows
}

func holdRowOf(h ledger.Hold) holdRow {
	return holdRow{Prompt: int64(h.Prompt), Unpriced: h.Unpriced, Version: h.PriceVersion, Facts: h.Facts, Claims: claimRows(h.Claims)}
}

func (r holdRow) hold(id string, at time.Time, amount accounting.Money) ledger.Hold {
	h := ledger.Hold{ID: id, At: at, Amount: amount, Prompt: accounting.Money(r.Prompt), Unpriced: r.Unpriced, PriceVersion: r.Version, Facts: r.Facts}
	for _, c := range r.Claims {
		h.Claims = append(h.Claims, ledger.Claim{Counter: ledger.Counter{
			Budget: c.Budget, Account: ledger.Account{Kind: c.Kind, ID: c.Account}, Start: instant(c.Start)}})
	}
	return h
}

type entryRow struct {
	ID           string
	At           int64
	HeldAt       int64
	RequestID    string
	KeyID        string
	UserID       string
	TeamID       string
	EndUser      string
	Operation    string
	Model        string
	Deployment   string
	Answered     string
	Stream       bool
	Cost         *int64
	Held         int64
	Input        int64
	Cached       int64
	Output       int64
	Reasoning    int64
	Usage        string
	Lines        string
	PriceVersion string
	Tier         string
	Source       string
	Status       string
	Flags        string
	TookUs       int64
	Claims       string

	posted int64
}

// lineRow is one addend of a cost, with the rate it was billed at in nano-dollars
// per million units.
type lineRow struct {
	Meter string `json:"meter"`
	Count int64  `json:"count"`
	Rate  int64  `json:"rate"`
}

func entryRowOf(e ledger.Entry) (entryRow, error) {
	h, o := e.Hold, e.Outcome
	r := entryRow{
		ID: h.ID, At: micros(o.At), HeldAt: micros(h.At), RequestID: h.Facts.RequestID, KeyID: h.Facts.KeyID, UserID: h.Facts.UserID,
		TeamID: h.Facts.TeamID, EndUser: h.Facts.EndUser, Operation: h.Facts.Operation, Model: h.Facts.Model, Deployment: h.Facts.Deployment,
		Answered: o.Model, Stream: h.Facts.Stream, Input: o.Usage.InputTokens(), Cached: cachedTokens(o.Usage), Output: o.Usage.OutputTokens(),
		Reasoning: o.Usage[accounting.Reasoning], PriceVersion: h.PriceVersion, Tier: o.Tier, Source: string(o.Source), Status: o.Status,
		TookUs: o.Took.Microseconds(),
	}
	lines := []lineRow{}
	if o.Cost != nil {
		if o.Cost.Total < 0 {
			return r, errors.New("a cost is not negative")
		}
		r.posted = int64(o.Cost.Total)
		r.Cost = &r.posted
		for _, l := range o.Cost.Lines {
			lines = append(lines, lineRow{l.Meter.String(), l.Count, int64(l.Rate)})
		}
	}
	usage := map[string]int64{}
	for _, m := range accounting.Meters() {
		if o.Usage[m] != 0 {
			usage[m.String()] = o.Usage[m]
		}
	}
	flags := o.Flags
	if flags == nil {
		flags = []string{}
	}
	for _, f := range []struct {
		to *string
		v  any
	}{{&r.Usage, usage}, {&r.Lines, lines}, {&r.Flags, flags}, {&r.Claims, claimRows(h.Claims)}} {
		b, err := json.Marshal(f.v)
		if err != nil {
			return r, err
		}
		*f.to = string(b)
	}
	return r, nil
}

func cachedTokens(u accounting.Usage) int64 {
	return u[accounting.CachedInput] + u[accounting.CachedAudioInput] + u[accounting.CachedImageInput]
}
