package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

var _ control.Store = (*Store)(nil)

type userRow struct {
	ID        string
	Name      string
	Email     string
	Blocked   bool
	Models    string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

type teamRow struct {
	ID        string
	Name      string
	Blocked   bool
	Models    string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

type memberRow struct {
	TeamID string
	UserID string
}

type keyRow struct {
	ID             string
	Name           string
	Digest         string
	Hint           string
	OwnForm        bool
	Role           string
	UserID         *string
	TeamID         *string
	Models         string
	ExpiresAt      *int64
	Blocked        bool
	EndUsers       bool
	BudgetFallback string
	Metadata       string
	CreatedAt      int64 `gorm:"autoCreateTime:false"`
}

type budgetRow struct {
	ID        string
	Name      string
	Scope     string
	Each      bool
	Owner     string
	Models    string
	LimitNusd *int64
	SoftNusd  *int64
	Per       string
	Zone      string
	RollsFrom *int64
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

// toJSON writes a list or map; nil becomes the empty one, so that a column is never
// null.
func toJSON[T any](v []T) string {
	if len(v) == 0 {
		return "[]"
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
}

func fromJSON[T any](s string, into *T) error {
	switch into := any(into).(type) { // most lists and maps are empty
	case *[]string:
		if s == "[]" {
			*into = []string{}
			return nil
		}
		if texts, ok := plainTexts(s); ok {
			*into = texts
			return nil
		}
	case *map[string]string:
		if s == "{}" {
			*into = map[string]string{}
			return nil
		}
	}
	if err := json.Unmarshal([]byte(s), into); err != nil {
		return fmt.Errorf("a column holds no valid JSON: %w", err)
	}
	return nil
}

// plainTexts reads a list in JSON as this program writes it if nothing in it is escaped:
// what is not empty is mostly this, and a start reads as many as there are keys.
func plainTexts(s string) ([]string, bool) {
	inner, begins := strings.CutPrefix(s, `["`)
	inner, ends := strings.CutSuffix(inner, `"]`)
	if !begins || !ends {
		return nil, false
	}
	quotes := 0
	for _, c := range []byte(inner) {
		switch {
		case c == '"':
			quotes++
		case c < ' ' || c == '\\' || c >= utf8.RuneSelf:
			return nil, false
		}
	}
	texts := strings.Split(inner, `","`)
	return texts, quotes == 2*(len(texts)-1)
}

// list reads all rows of a table in order and maps them.
func list[R, T any](ctx context.Context, db *gorm.DB, table, order string, to func(R) (T, error)) ([]T, error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	var rows []R
	if err := db.WithContext(ctx).Table(table).Order(order).Find(&rows).Error; err != nil {
		return nil, unavailable(err)
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = to(r); err != nil {
			return nil, fmt.Errorf("%s: %w", table, err)
		}
	}
	return out, nil
}

// one reads the row of an id and maps it. A missing one is [control.ErrNotFound].
func one[R, T any](ctx context.Context, db *gorm.DB, table, id string, to func(R) (T, error)) (T, error) {
	found, err := list(ctx, db.Where("id = ?", id), table, "id", to)
	if err == nil && len(found) == 0 {
		err = control.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return found[0], nil
}

func readUser(r userRow) (access.User, error) {
	u := access.User{ID: r.ID, Name: r.Name, Email: r.Email, Blocked: r.Blocked, Created: instant(r.CreatedAt)}
	return u, fromJSON(r.Models, &u.Models)
}

// Users implements [control.Store].
func (s *Store) Users(ctx context.Context) ([]access.User, error) {
	return list(ctx, s.read, "users", "id", readUser)
}

// UserByID implements [control.Store].
func (s *Store) UserByID(ctx context.Context, id string) (access.User, error) {
	return one(ctx, s.read, "users", id, readUser)
}

// CreateUser implements [control.Store].
func (s *Store) CreateUser(ctx context.Context, u access.User) error {
	row := userRow{u.ID, u.Name, u.Email, u.Blocked, toJSON(u.Models), micros(u.Created)}
	return s.change(ctx, control.UserChanged, u.ID, true, func(tx *gorm.DB) *gorm.DB { return tx.Table("users").Create(&row) })
}

// UpdateUser implements [control.Store].
func (s *Store) UpdateUser(ctx context.Context, u access.User) error {
	return s.change(ctx, control.UserChanged, u.ID, true, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`update users set name = ?, email = ?, blocked = ?, models = ? where id = ?`, u.Name, u.Email, u.Blocked, toJSON(u.Models), u.ID)
	})
}

// DeleteUser implements [control.Store].
func (s *Store) DeleteUser(ctx context.Context, id string) error {
	return s.changeMore(ctx, control.UserChanged, id, true, func(tx *gorm.DB) *gorm.DB { return tx.Exec(`delete from users where id = ?`, id) },
		`select 'team' as kind, team_id as id from members where user_id = ? union all select 'key', id from keys where user_id = ?`, id, id)
}

// teams reads teams with their members.
func teams(ctx context.Context, rows, members *gorm.DB) ([]access.Team, error) {
	in := map[string][]string{}
	if _, err := list(ctx, members, "members", "team_id, user_id", func(r memberRow) (struct{}, error) {
		in[r.TeamID] = append(in[r.TeamID], r.UserID)
		return struct{}{}, nil
	}); err != nil {
		return nil, err
	}
	return list(ctx, rows, "teams", "id", func(r teamRow) (access.Team, error) {
		t := access.Team{ID: r.ID, Name: r.Name, Blocked: r.Blocked, Members: in[r.ID], Created: instant(r.CreatedAt)}
		if t.Members == nil {
			t.Members = []string{}
		}
		return t, fromJSON(r.Models, &t.Models)
	})
}

// Teams implements [control.Store].
func (s *Store) Teams(ctx context.Context) ([]access.Team, error) { return teams(ctx, s.read, s.read) }

// TeamByID implements [control.Store].
func (s *Store) TeamByID(ctx context.Context, id string) (access.Team, error) {
	found, err := teams(ctx, s.read.Where("id = ?", id), s.read.Where("team_id = ?", id))
	if err == nil && len(found) == 0 {
		err = control.ErrNotFound
	}
	if err != nil {
		return access.Team{}, err
	}
	return found[0], nil
}

// CreateTeam implements [control.Store].
func (s *Store) CreateTeam(ctx context.Context, t access.Team) error {
	row := teamRow{t.ID, t.Name, t.Blocked, toJSON(t.Models), micros(t.Created)}
	return s.change(ctx, control.TeamChanged, t.ID, true, func(tx *gorm.DB) *gorm.DB { return tx.Table("teams").Create(&row) })
}

// UpdateTeam implements [control.Store].
func (s *Store) UpdateTeam(ctx context.Context, t access.Team) error {
	return s.change(ctx, control.TeamChanged, t.ID, true, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`update teams set name = ?, blocked = ?, models = ? where id = ?`, t.Name, t.Blocked, toJSON(t.Models), t.ID)
	})
}

// DeleteTeam implements [control.Store].
func (s *Store) DeleteTeam(ctx context.Context, id string) error {
	return s.changeMore(ctx, control.TeamChanged, id, true, func(tx *gorm.DB) *gorm.DB { return tx.Exec(`delete from teams where id = ?`, id) },
		`select 'key' as kind, id from keys where team_id = ?`, id)
}

// AddMember implements [control.Store].
func (s *Store) AddMember(ctx context.Context, team, user string) error {
	return s.change(ctx, control.TeamChanged, team, false, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`insert into members (team_id, user_id) values (?, ?) on conflict do nothing`, team, user)
	})
}

// RemoveMember implements [control.Store].
func (s *Store) RemoveMember(ctx context.Context, team, user string) error {
	return s.change(ctx, control.TeamChanged, team, true, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`delete from members where team_id = ? and user_id = ?`, team, user)
	})
}

func readKey(r keyRow) (control.StoredKey, error) {
	digest, err := access.ParseDigest(r.Digest)
	if err != nil {
		return control.StoredKey{}, err
	}
	k := access.Key{ID: r.ID, Name: r.Name, Digest: digest, Hint: r.Hint, Role: access.Role(r.Role), UserID: orEmpty(r.UserID),
		TeamID: orEmpty(r.TeamID), Blocked: r.Blocked, EndUsers: r.EndUsers, Created: instant(r.CreatedAt)}
	if r.ExpiresAt != nil {
		k.Expires = instant(*r.ExpiresAt)
	}
	err = errors.Join(fromJSON(r.Models, &k.Models), fromJSON(r.BudgetFallback, &k.BudgetFallback), fromJSON(r.Metadata, &k.Metadata))
	return control.StoredKey{Key: k, Foreign: !r.OwnForm}, err
}

// Keys implements [control.Store].
func (s *Store) Keys(ctx context.Context) ([]control.StoredKey, error) {
	return list(ctx, s.read, "keys", "created_at, id", readKey)
}

// KeyByID implements [control.Store].
func (s *Store) KeyByID(ctx context.Context, id string) (control.StoredKey, error) {
	return one(ctx, s.read, "keys", id, readKey)
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func microsOrNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	us := micros(t)
	return &us
}

func metadataJSON(m map[string]string) string {
	if len(m) == 0 {
		return "{}"
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
}

// CreateKey implements [control.Store].
func (s *Store) CreateKey(ctx context.Context, k control.StoredKey) error {
	row := keyRow{ID: k.ID, Name: k.Name, Digest: k.Digest.String(), Hint: k.Hint, OwnForm: !k.Foreign, Role: string(k.Role),
		UserID: orNull(k.UserID), TeamID: orNull(k.TeamID), Models: toJSON(k.Models), ExpiresAt: microsOrNull(k.Expires), Blocked: k.Blocked,
		EndUsers: k.EndUsers, BudgetFallback: toJSON(k.BudgetFallback), Metadata: metadataJSON(k.Metadata), CreatedAt: micros(k.Created)}
	return s.change(ctx, control.KeyChanged, k.ID, true, func(tx *gorm.DB) *gorm.DB { return tx.Table("keys").Create(&row) })
}

// UpdateKey implements [control.Store].
func (s *Store) UpdateKey(ctx context.Context, k access.Key) error {
	return s.change(ctx, control.KeyChanged, k.ID, true, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`update keys set name = ?, models = ?, expires_at = ?, blocked = ?, end_users = ?, budget_fallback = ?, metadata = ? where id = ?`,
			k.Name, toJSON(k.Models), microsOrNull(k.Expires), k.Blocked, k.EndUsers, toJSON(k.BudgetFallback), metadataJSON(k.Metadata), k.ID)
	})
}

// DeleteKey implements [control.Store].
func (s *Store) DeleteKey(ctx context.Context, id string) error {
	return s.change(ctx, control.KeyChanged, id, true, func(tx *gorm.DB) *gorm.DB { return tx.Exec(`delete from keys where id = ?`, id) })
}

func readBudget(r budgetRow) (ledger.Budget, error) {
	b := ledger.Budget{ID: r.ID, Name: r.Name, Kind: ledger.Kind(r.Scope), Each: r.Each, Owner: r.Owner, Limit: moneyOf(r.LimitNusd), Soft: moneyOf(r.SoftNusd), Origin: "api"}
	var err error
	if b.Window, err = ledger.ParseWindow(r.Per); err != nil {
		return b, err
	}
	if b.Window.Zone, err = time.LoadLocation(r.Zone); err != nil {
		return b, err
	}
	if r.RollsFrom != nil {
		b.Window.Start = instant(*r.RollsFrom)
	}
	return b, fromJSON(r.Models, &b.Models)
}

// Budgets implements [control.Store].
func (s *Store) Budgets(ctx context.Context) ([]ledger.Budget, error) {
	return list(ctx, s.read, "budgets", "created_at, id", readBudget)
}

// BudgetByID implements [control.Store].
func (s *Store) BudgetByID(ctx context.Context, id string) (ledger.Budget, error) {
	return one(ctx, s.read, "budgets", id, readBudget)
}

func moneyOf(n *int64) *accounting.Money {
	if n == nil {
		return nil
	}
	m := accounting.Money(*n)
	return &m
}

func nusd(m *accounting.Money) *int64 {
	if m == nil {
		return nil
	}
	n := int64(*m)
	return &n
}

// CreateBudget implements [control.Store].
func (s *Store) CreateBudget(ctx context.Context, b ledger.Budget, at time.Time) error {
	zone := "UTC"
	if b.Window.Zone != nil {
		zone = b.Window.Zone.String()
	}
	row := budgetRow{ID: b.ID, Name: b.Name, Scope: string(b.Kind), Each: b.Each, Owner: b.Owner, Models: toJSON(b.Models), LimitNusd: nusd(b.Limit),
		SoftNusd: nusd(b.Soft), Per: b.Window.String(), Zone: zone, RollsFrom: microsOrNull(b.Window.Start), CreatedAt: micros(at)}
	return s.change(ctx, control.BudgetChanged, b.ID, true, func(tx *gorm.DB) *gorm.DB { return tx.Table("budgets").Create(&row) })
}

// UpdateBudget implements [control.Store].
func (s *Store) UpdateBudget(ctx context.Context, b ledger.Budget) error {
	return s.change(ctx, control.BudgetChanged, b.ID, true, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`update budgets set name = ?, limit_nusd = ?, soft_nusd = ? where id = ?`, b.Name, nusd(b.Limit), nusd(b.Soft), b.ID)
	})
}

// DeleteBudget implements [control.Store].
func (s *Store) DeleteBudget(ctx context.Context, id string) error {
	return s.change(ctx, control.BudgetChanged, id, true, func(tx *gorm.DB) *gorm.DB { return tx.Exec(`delete from budgets where id = ?`, id) })
}
