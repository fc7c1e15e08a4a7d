package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// The statements that both engines share. $1, $2 … stand in the order of their values.
const (
	sqlOnce      = `select body, request_id, hold_id, at from idempotency where key_id = $1 and token = $2`
	sqlOnceCount = `select count(*) from idempotency where key_id = $1 and at > $2`
	sqlOnceTake  = `insert into idempotency (key_id, token, body, request_id, hold_id, at) values ($1, $2, $3, $4, $5, $6)`
	sqlOnceDrop  = `delete from idempotency where key_id = $1 and token = $2 and at <= $3`
	sqlOnceMove  = `update idempotency set hold_id = $1 where key_id = $2 and token = $3` // SQLite counts as they come, whatever their numbers
	sqlOnceKeep  = `update idempotency set hold_id = '' where hold_id = $1`
	sqlOnceFree  = `delete from idempotency where hold_id = $1`
	sqlChainHead = `select entries, head, cost from chains where writer = $1 and month = $2`
	// A chain goes on only from where it was read: nobody else may have gone on with it.
	sqlChain = `insert into chains (writer, month, entries, head, cost) values ($1, $2, $3, $4, $5)
		on conflict (writer, month) do update set entries = excluded.entries, head = excluded.head, cost = excluded.cost
		where chains.entries = $6 and chains.head = $7`
)

// chained says whether a chain went on.
func chained(res sql.Result) error {
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		err = fmt.Errorf("%w: another commit has gone on with the chain of entries", errAgain)
	}
	return err
}

func (c chainRow) args() []any {
	return []any{c.writer, c.month, c.entries, c.head, int64(c.cost), c.was.entries, c.was.head}
}

// scanner is a row that was read.
type scanner interface{ Scan(...any) error }

func readOnce(key onceKey, row scanner) (onceRow, bool, error) {
	out := onceRow{onceKey: key}
	err := row.Scan(&out.body, &out.request, &out.hold, &out.at)
	if errors.Is(err, sql.ErrNoRows) {
		return out, false, nil
	}
	return out, err == nil, err
}

func readChain(row scanner) (chain, error) {
	var c chain
	err := row.Scan(&c.entries, &c.head, &c.cost)
	if errors.Is(err, sql.ErrNoRows) {
		return chain{}, nil
	}
	return c, err
}

// writeOnce writes what the holds of a commit mean for calls with an Idempotency-Key.
func writeOnce(c *changes, exec func(text string, args ...any) error) error {
	for _, r := range c.taken {
		// One of the same name may have run out.
		if err := exec(sqlOnceDrop, r.key, r.token, r.at-ledger.OnceFor.Microseconds()); err != nil {
			return err
		}
		if err := exec(sqlOnceTake, r.key, r.token, r.body, r.request, r.hold, r.at); err != nil {
			return err
		}
	}
	for _, r := range c.moved {
		if err := exec(sqlOnceMove, r.hold, r.key, r.token); err != nil {
			return err
		}
	}
	for _, id := range c.kept {
		if err := exec(sqlOnceKeep, id); err != nil {
			return err
		}
	}
	for _, id := range c.freed {
		if err := exec(sqlOnceFree, id); err != nil {
			return err
		}
	}
	return nil
}

func readOrphans(rows *sql.Rows, err error) ([]orphan, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []orphan
	for rows.Next() {
		var o orphan
		if err := rows.Scan(&o.id, &o.at, &o.amount, &o.text, &o.progress); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// holdRow is the part of a hold that is kept as JSON.
type holdRow struct {
	Prompt   int64        `json:"prompt"`
	Unpriced bool         `json:"unpriced,omitempty"`
	Version  string       `json:"version"`
	Facts    factsRow     `json:"facts"`
	Claims   []claimRow   `json:"claims"`
	Once     *ledger.Once `json:"once,omitempty"`
}

// factsRow is [ledger.Facts], without what is empty: the shorter the holds, the fewer
// pages of them each commit writes.
type factsRow struct {
	RequestID  string   `json:",omitempty"`
	KeyID      string   `json:",omitempty"`
	UserID     string   `json:",omitempty"`
	TeamID     string   `json:",omitempty"`
	OrgID      string   `json:",omitempty"`
	EndUser    string   `json:",omitempty"`
	Operation  string   `json:",omitempty"`
	Model      string   `json:",omitempty"`
	Deployment string   `json:",omitempty"`
	Tags       []string `json:",omitempty"`
	Stream     bool     `json:",omitempty"`
}

// claimRow names one counter.
type claimRow struct {
	Budget  string      `json:"budget"`
	Kind    ledger.Kind `json:"scope"`
	Account string      `json:"account"`
	Start   int64       `json:"start"`
}

// progressRow is how far an answer had got.
type progressRow struct {
	Cost    int64            `json:"cost"`
	Usage   map[string]int64 `json:"usage"`
	Running string           `json:"running,omitempty"`
}

// holdOf reads a hold back.
func holdOf(o orphan) (ledger.Hold, error) {
	var r holdRow
	if err := json.Unmarshal([]byte(o.text), &r); err != nil {
		return ledger.Hold{}, fmt.Errorf("hold %s cannot be read: %w", o.id, err)
	}
	h := ledger.Hold{ID: o.id, At: instant(o.at), Amount: accounting.Money(o.amount), Prompt: accounting.Money(r.Prompt),
		Unpriced: r.Unpriced, PriceVersion: r.Version, Facts: ledger.Facts(r.Facts), Once: r.Once}
	for _, c := range r.Claims {
		h.Claims = append(h.Claims, ledger.Claim{Budget: &ledger.Budget{ID: c.Budget}, Counter: ledger.Counter{
			Budget: c.Budget, Account: ledger.Account{Kind: c.Kind, ID: c.Account}, Start: instant(c.Start)}})
	}
	if o.progress == "" {
		return h, nil
	}
	var p progressRow
	if err := json.Unmarshal([]byte(o.progress), &p); err != nil {
		return ledger.Hold{}, fmt.Errorf("the progress of hold %s cannot be read: %w", o.id, err)
	}
	h.Progress.Cost, h.Progress.Running = accounting.Money(p.Cost), p.Running
	for _, m := range accounting.Meters() {
		h.Progress.Usage[m] = p.Usage[m.String()]
	}
	return h, nil
}

func progressOf(p ledger.Progress) (string, error) {
	usage := map[string]int64{}
	for _, m := range accounting.Meters() {
		if p.Usage[m] != 0 {
			usage[m.String()] = p.Usage[m]
		}
	}
	b, err := json.Marshal(progressRow{int64(p.Cost), usage, p.Running})
	return string(b), err
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
	Corrects     *string
	Writer       string
	Month        int64
	Seq          int64
	Hash         string
	OrgID        string
	Reason       string
	Actor        string
	Tags         string

	posted int64
}

// entryColumn is a column of entries: its SQL type in PostgreSQL, its value, and where
// a value that was read goes.
type entryColumn struct {
	name  string
	kind  string
	of    func(*entryRow) any
	into  func(*entryRow) any
	later bool // a text that was added after there were hashes: none is hashed as none
}

func column[T any](name, kind string, field func(*entryRow) *T) entryColumn {
	return entryColumn{name: name, kind: kind, of: func(r *entryRow) any { return *field(r) }, into: func(r *entryRow) any { return field(r) }}
}

func laterColumn(name string, field func(*entryRow) *string) entryColumn {
	c := column(name, "text", field)
	c.later = true
	return c
}

// entryColumns are all columns of entries, in the order in which they are hashed.
var entryColumns = []entryColumn{
	column("id", "text", func(r *entryRow) *string { return &r.ID }),
	column("at", "bigint", func(r *entryRow) *int64 { return &r.At }),
	column("held_at", "bigint", func(r *entryRow) *int64 { return &r.HeldAt }),
	column("request_id", "text", func(r *entryRow) *string { return &r.RequestID }),
	column("key_id", "text", func(r *entryRow) *string { return &r.KeyID }),
	column("user_id", "text", func(r *entryRow) *string { return &r.UserID }),
	column("team_id", "text", func(r *entryRow) *string { return &r.TeamID }),
	column("end_user", "text", func(r *entryRow) *string { return &r.EndUser }),
	column("operation", "text", func(r *entryRow) *string { return &r.Operation }),
	column("model", "text", func(r *entryRow) *string { return &r.Model }),
	column("deployment", "text", func(r *entryRow) *string { return &r.Deployment }),
	column("answered", "text", func(r *entryRow) *string { return &r.Answered }),
	column("stream", "boolean", func(r *entryRow) *bool { return &r.Stream }),
	column("cost", "bigint", func(r *entryRow) **int64 { return &r.Cost }),
	column("held", "bigint", func(r *entryRow) *int64 { return &r.Held }),
	column("input", "bigint", func(r *entryRow) *int64 { return &r.Input }),
	column("cached", "bigint", func(r *entryRow) *int64 { return &r.Cached }),
	column("output", "bigint", func(r *entryRow) *int64 { return &r.Output }),
	column("reasoning", "bigint", func(r *entryRow) *int64 { return &r.Reasoning }),
	column("usage", "text", func(r *entryRow) *string { return &r.Usage }),
	column("lines", "text", func(r *entryRow) *string { return &r.Lines }),
	column("price_version", "text", func(r *entryRow) *string { return &r.PriceVersion }),
	column("tier", "text", func(r *entryRow) *string { return &r.Tier }),
	column("source", "text", func(r *entryRow) *string { return &r.Source }),
	column("status", "text", func(r *entryRow) *string { return &r.Status }),
	column("flags", "text", func(r *entryRow) *string { return &r.Flags }),
	column("took_us", "bigint", func(r *entryRow) *int64 { return &r.TookUs }),
	column("claims", "text", func(r *entryRow) *string { return &r.Claims }),
	column("corrects", "text", func(r *entryRow) **string { return &r.Corrects }),
	column("writer", "text", func(r *entryRow) *string { return &r.Writer }),
	column("month", "bigint", func(r *entryRow) *int64 { return &r.Month }),
	column("seq", "bigint", func(r *entryRow) *int64 { return &r.Seq }),
	column("hash", "text", func(r *entryRow) *string { return &r.Hash }),
	laterColumn("org_id", func(r *entryRow) *string { return &r.OrgID }),
	laterColumn("reason", func(r *entryRow) *string { return &r.Reason }),
	laterColumn("actor", func(r *entryRow) *string { return &r.Actor }),
	laterColumn("tags", func(r *entryRow) *string { return &r.Tags }),
}

var (
	entryNames  = names(entryColumns)
	entryInsert = "insert into entries (" + entryNames + ") values (" + numbered(len(entryColumns)) + ")"
	sqlPosted   = "select " + entryNames + " from entries where id"
)

func names(cols []entryColumn) string {
	var out []string
	for _, c := range cols {
		out = append(out, c.name)
	}
	return strings.Join(out, ", ")
}

// numbered is "$1, $2, …".
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String()
}

// values are those of the columns, in an array that is used again.
func (r *entryRow) values(to []any) []any {
	to = to[:0]
	for _, c := range entryColumns {
		to = append(to, c.of(r))
	}
	return to
}

// readEntry reads a row that was selected by entryNames.
func readEntry(row scanner) (entryRow, error) {
	var r entryRow
	into := make([]any, len(entryColumns))
	for i, c := range entryColumns {
		into[i] = c.into(&r)
	}
	err := row.Scan(into...)
	return r, err
}

// lineRow is one addend of a cost, with the rate it was billed at in nano-dollars
// per million units.
type lineRow struct {
	Meter string `json:"meter"`
	Count int64  `json:"count"`
	Rate  int64  `json:"rate"`
}

func entryRowOf(e ledger.Entry) (*entryRow, error) {
	h, o := e.Hold, e.Outcome
	r := &entryRow{
		ID: h.ID, At: micros(o.At), HeldAt: micros(h.At), RequestID: h.Facts.RequestID, KeyID: h.Facts.KeyID, UserID: h.Facts.UserID,
		TeamID: h.Facts.TeamID, OrgID: h.Facts.OrgID, EndUser: h.Facts.EndUser, Operation: h.Facts.Operation, Model: h.Facts.Model, Deployment: h.Facts.Deployment,
		Answered: o.Model, Stream: h.Facts.Stream, Input: o.Usage.InputTokens(), Cached: cachedTokens(o.Usage), Output: o.Usage.OutputTokens(),
		Reasoning: o.Usage[accounting.Reasoning], PriceVersion: h.PriceVersion, Tier: o.Tier, Source: string(o.Source), Status: o.Status,
		TookUs: o.Took.Microseconds(),
	}
	var lines []accounting.Line
	for _, text := range []*string{&r.EndUser, &r.Model, &r.Deployment, &r.Answered, &r.Tier, &r.Status} {
		*text = clean(*text)
	}
	if o.Cost != nil {
		if o.Cost.Total < 0 {
			return nil, errors.New("a cost is not negative")
		}
		r.posted = int64(o.Cost.Total)
		r.Cost = &r.posted
		lines = o.Cost.Lines
	}
	// The texts of an entry are parts of one.
	buf := make([]byte, 0, 512)
	buf = appendUsage(buf, o.Usage)
	usage := len(buf)
	buf = appendLines(buf, lines)
	end := len(buf)
	buf = appendStrings(buf, o.Flags)
	flags := len(buf)
	buf = appendClaims(buf, h.Claims)
	claims := len(buf)
	all := string(appendTags(buf, h.Facts.Tags))
	r.Usage, r.Lines, r.Flags, r.Claims, r.Tags = all[:usage], all[usage:end], all[end:flags], all[flags:claims], all[claims:]
	return r, nil
}

// adjustmentRow is the entry of an adjustment, but for an amount that is not known yet.
func adjustmentRow(a ledger.Adjustment) *entryRow {
	r := &entryRow{ID: a.ID, At: micros(a.At), HeldAt: micros(a.At), KeyID: a.Facts.KeyID, UserID: a.Facts.UserID, TeamID: a.Facts.TeamID, OrgID: a.Facts.OrgID,
		EndUser: clean(a.Facts.EndUser), Operation: a.Facts.Operation, Usage: "{}", Lines: "[]", Flags: "[]", Source: string(accounting.Reported), Status: "ok",
		Claims: string(appendClaims(nil, a.Claims)), Reason: clean(a.Reason), Actor: clean(a.Actor), Tags: string(appendTags(nil, a.Facts.Tags))}
	r.posted = int64(a.Amount)
	r.Cost = &r.posted
	return r
}

// clean takes out of a text of a client's or an upstream's what PostgreSQL does not
// store: no entry may be lost for it.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func cachedTokens(u accounting.Usage) int64 {
	return u[accounting.CachedInput] + u[accounting.CachedAudioInput] + u[accounting.CachedImageInput]
}
