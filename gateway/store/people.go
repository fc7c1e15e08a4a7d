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
	CreatedAt int64
	Role      string
}

type orgRow struct {
	ID        string
	Name      string
	Blocked   bool
	Models    string
	CreatedAt int64
}

type teamRow struct {
	ID        string
	Name      string
	Blocked   bool
	Models    string
	CreatedAt int64
	OrgID     *string
	Aliases   string
	Tags      string
}

type endUserRow struct {
	ID        string
	Name      string
	Blocked   bool
	CreatedAt int64
}

// memberRow is a user in a team or an organization.
type memberRow struct {
	GroupID string
	UserID  string
	Role    string
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
	CreatedAt      int64
	OrgID          *string
	Aliases        string
	FormerDigest   *string
	FormerUntil    *int64
	Routes         string
	Tags           string
	CallTags       bool
}

type tagRow struct {
	ID          string
	Description string
	Blocked     bool
	CreatedAt   int64
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
	CreatedAt int64

	ExtraNusd  *int64
	ExtraUntil *int64
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

// alike reads a column that says the same in most rows: one that says what the last one
// did gets the same list or map, which therefore nobody may change.
type alike[T any] struct {
	text  string // "" is no JSON: nothing was read yet
	value T
}

func (a *alike[T]) read(text string, into *T) error {
	if text != a.text || text == "" {
		var value T
		if err := fromJSON(text, &value); err != nil {
			return err
		}
		a.text, a.value = text, value
	}
	*into = a.value
	return nil
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
	return onlyOne(list(ctx, db.Where("id = ?", id), table, "id", to))
}

func readUser(r userRow) (access.User, error) { return readUserAlike(r, &alike[[]string]{}) }

// readUserAlike is readUser for one of many users; models is the list of the last.
func readUserAlike(r userRow, models *alike[[]string]) (access.User, error) {
	u := access.User{ID: r.ID, Name: r.Name, Email: r.Email, Role: access.UserRole(r.Role), Blocked: r.Blocked, Created: instant(r.CreatedAt)}
	return u, models.read(r.Models, &u.Models)
}

// Users implements [control.Store].
func (s *Store) Users(ctx context.Context) ([]access.User, error) {
	return list(ctx, s.read, "users", "id", readUser)
}

// UserByID implements [control.Store].
func (s *Store) UserByID(ctx context.Context, id string) (access.User, error) {
	return one(ctx, s.read, "users", id, readUser)
}

func readEndUser(r endUserRow) (access.EndUser, error) {
	return access.EndUser{ID: r.ID, Name: r.Name, Blocked: r.Blocked, Created: instant(r.CreatedAt)}, nil
}

// page is where at most so many rows of a table are read, by id and from behind one on.
func (s *Store) page(after string, limit int) *gorm.DB {
	db := s.read.Limit(limit)
	if after != "" {
		db = db.Where("id > ?", after)
	}
	return db
}

// EndUsers implements [control.Store].
func (s *Store) EndUsers(ctx context.Context, after string, limit int) ([]access.EndUser, error) {
	return list(ctx, s.page(after, limit), "end_users", "id", readEndUser)
}

// EndUserByID implements [control.Store].
func (s *Store) EndUserByID(ctx context.Context, id string) (access.EndUser, error) {
	return one(ctx, s.read, "end_users", id, readEndUser)
}

func readTag(r tagRow) (access.Tag, error) {
	return access.Tag{ID: r.ID, Description: r.Description, Blocked: r.Blocked, Created: instant(r.CreatedAt)}, nil
}

// Tags implements [control.Store].
func (s *Store) Tags(ctx context.Context, after string, limit int) ([]access.Tag, error) {
	return list(ctx, s.page(after, limit), "tags", "id", readTag)
}

// TagByID implements [control.Store].
func (s *Store) TagByID(ctx context.Context, id string) (access.Tag, error) {
	return one(ctx, s.read, "tags", id, readTag)
}

// groupMembers are who is in a team or an organization, and who of them manages it.
type groupMembers struct{ all, admins []string }

// membersOf reads the members of teams or organizations by the group's id.
func membersOf(ctx context.Context, db *gorm.DB, table, group string) (map[string]groupMembers, error) {
	in := map[string]groupMembers{}
	_, err := list(ctx, db.Select(group+" as group_id, user_id, role"), table, group+", user_id", func(r memberRow) (struct{}, error) {
		g := in[r.GroupID]
		g.all = append(g.all, r.UserID)
		if r.Role == string(access.GroupAdmin) {
			g.admins = append(g.admins, r.UserID)
		}
		in[r.GroupID] = g
		return struct{}{}, nil
	})
	return in, err
}

func notNil(in []string) []string {
	if in == nil {
		return []string{}
	}
	return in
}

// teams reads teams with their members.
func teams(ctx context.Context, rows, members *gorm.DB) ([]access.Team, error) {
	in, err := membersOf(ctx, members, "members", "team_id")
	if err != nil {
		return nil, err
	}
	return list(ctx, rows, "teams", "id", func(r teamRow) (access.Team, error) {
		t := access.Team{ID: r.ID, Name: r.Name, OrgID: orEmpty(r.OrgID), Blocked: r.Blocked, Created: instant(r.CreatedAt),
			Members: notNil(in[r.ID].all), Admins: notNil(in[r.ID].admins)}
		return t, errors.Join(fromJSON(r.Models, &t.Models), fromJSON(r.Aliases, &t.Aliases), fromJSON(r.Tags, &t.Tags))
	})
}

// orgs reads organizations with their members.
func orgs(ctx context.Context, rows, members *gorm.DB) ([]access.Organization, error) {
	in, err := membersOf(ctx, members, "org_members", "org_id")
	if err != nil {
		return nil, err
	}
	return list(ctx, rows, "orgs", "id", func(r orgRow) (access.Organization, error) {
		o := access.Organization{ID: r.ID, Name: r.Name, Blocked: r.Blocked, Created: instant(r.CreatedAt), Members: notNil(in[r.ID].all), Admins: notNil(in[r.ID].admins)}
		return o, fromJSON(r.Models, &o.Models)
	})
}

// onlyOne returns the one thing that was found. A missing one is [control.ErrNotFound].
func onlyOne[T any](found []T, err error) (T, error) {
	if err == nil && len(found) == 0 {
		err = control.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return found[0], nil
}

// Orgs implements [control.Store].
func (s *Store) Orgs(ctx context.Context) ([]access.Organization, error) {
	return orgs(ctx, s.read, s.read)
}

// OrgByID implements [control.Store].
func (s *Store) OrgByID(ctx context.Context, id string) (access.Organization, error) {
	return onlyOne(orgs(ctx, s.read.Where("id = ?", id), s.read.Where("org_id = ?", id)))
}

// Teams implements [control.Store].
func (s *Store) Teams(ctx context.Context) ([]access.Team, error) { return teams(ctx, s.read, s.read) }

// TeamByID implements [control.Store].
func (s *Store) TeamByID(ctx context.Context, id string) (access.Team, error) {
	return onlyOne(teams(ctx, s.read.Where("id = ?", id), s.read.Where("team_id = ?", id)))
}

func readKey(r keyRow) (control.StoredKey, error) { return readKeyAlike(r, &keyLists{}) }

// keyLists are the lists and maps of the key that was read last.
type keyLists struct {
	models, fallback, routes, tags alike[[]string]
	aliases, metadata              alike[map[string]string]
}

// readKeyAlike is readKey for one of many keys.
func readKeyAlike(r keyRow, last *keyLists) (control.StoredKey, error) {
	digest, err := access.ParseDigest(r.Digest)
	if err != nil {
		return control.StoredKey{}, err
	}
	k := access.Key{ID: r.ID, Name: r.Name, Digest: digest, Hint: r.Hint, Role: access.Role(r.Role), UserID: orEmpty(r.UserID),
		TeamID: orEmpty(r.TeamID), OrgID: orEmpty(r.OrgID), Blocked: r.Blocked, EndUsers: r.EndUsers, CallTags: r.CallTags, Created: instant(r.CreatedAt)}
	if r.ExpiresAt != nil {
		k.Expires = instant(*r.ExpiresAt)
	}
	if r.FormerDigest != nil && r.FormerUntil != nil {
		if k.Former, err = access.ParseDigest(*r.FormerDigest); err != nil {
			return control.StoredKey{}, err
		}
		k.FormerUntil = instant(*r.FormerUntil)
	}
	err = errors.Join(last.aliases.read(r.Aliases, &k.Aliases), last.models.read(r.Models, &k.Models), last.fallback.read(r.BudgetFallback, &k.BudgetFallback),
		last.metadata.read(r.Metadata, &k.Metadata), last.routes.read(r.Routes, &k.Routes), last.tags.read(r.Tags, &k.Tags))
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

// mapJSON writes a map; nil becomes the empty one.
func mapJSON(m map[string]string) string {
	if len(m) == 0 {
		return "{}"
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
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
	if r.ExtraNusd != nil && r.ExtraUntil != nil {
		b.Extra = ledger.Extra{Amount: accounting.Money(*r.ExtraNusd), Until: instant(*r.ExtraUntil)}
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

type planRow struct {
	ID        string
	Name      string
	CreatedAt int64
}

func readPlan(r planRow) (control.Plan, error) {
	return control.Plan{ID: r.ID, Name: r.Name, Created: instant(r.CreatedAt)}, nil
}

// Plans implements [control.Store].
func (s *Store) Plans(ctx context.Context) ([]control.Plan, error) {
	return list(ctx, s.read, "plans", "id", readPlan)
}

// PlanByID implements [control.Store].
func (s *Store) PlanByID(ctx context.Context, id string) (control.Plan, error) {
	return one(ctx, s.read, "plans", id, readPlan)
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
