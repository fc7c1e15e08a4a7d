package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
)

// statement is one of a write: it must hit a row, unless it says otherwise.
type statement struct {
	text string
	args []any
	none bool // it may hit nothing
	// more selects kinds and ids of what goes along, before the statement runs.
	more     string
	moreArgs []any
}

// Write implements [control.Store].
func (s *Store) Write(ctx context.Context, writes []control.Write, asOf *control.AsOf) error {
	limit := changeLimit + time.Duration(len(writes))*writeLimit
	return s.apartFor(ctx, limit, func(tx *gorm.DB) error {
		if err := s.engine.ordered(tx); err != nil {
			return err
		}
		changes := changesOf{at: micros(s.Now()), seen: map[changeRow]bool{}}
		var audits []auditRow // many go in one statement
		var adjustments []adjustment
		later, err := changedSince(tx, asOf)
		if err != nil {
			return err
		}
		for i, w := range writes {
			switch w := w.(type) {
			case control.PutAudit:
				audits = append(audits, auditRowOf(w.Audit))
			case control.PutAdjustment:
				adjustments = append(adjustments, adjustment{i, w})
			default:
				if err := s.writeAt(tx, i, w, &changes); err != nil {
					return err
				}
			}
		}
		if slices.ContainsFunc(later, changes.noted) {
			return refuse(control.ErrOvertaken)
		}
		if err := s.adjust(tx, adjustments); err != nil {
			return err
		}
		if len(audits) > 0 {
			if err := tx.Table("audit").CreateInBatches(&audits, 100).Error; err != nil {
				return err
			}
		}
		if len(changes.rows) == 0 {
			return nil
		}
		return tx.Table("changes").CreateInBatches(&changes.rows, 100).Error
	})
}

// changesOf are the changes that a write is told to other replicas by, each once.
type changesOf struct {
	at   int64
	rows []changeRow
	seen map[changeRow]bool
}

func (c *changesOf) note(kind, id string) {
	if r := (changeRow{kind, id, c.at}); !c.seen[r] {
		c.seen[r] = true
		c.rows = append(c.rows, r)
	}
}

// noted says whether a thing is changed by the write itself.
func (c *changesOf) noted(r changeRow) bool {
	r.At = c.at
	return c.seen[r]
}

// changedSince lists what was changed since some writes were made up, if it is said when that
// was; nobody changes anything more before the transaction ends. The error is
// [control.ErrOvertaken] if they follow from one of these things.
func changedSince(tx *gorm.DB, asOf *control.AsOf) (later []changeRow, err error) {
	if asOf == nil {
		return nil, nil
	}
	if err := tx.Raw("select distinct kind, id from changes where seq > ?", asOf.Change).Scan(&later).Error; err != nil {
		return nil, err
	}
	for _, r := range later {
		if asOf.Of(control.ChangeKind(r.Kind), r.ID) {
			return nil, refuse(control.ErrOvertaken)
		}
	}
	return later, nil
}

// writeAt does one of the writes, the one at a place among them, and notes what it changes.
func (s *Store) writeAt(tx *gorm.DB, at int, w control.Write, changes *changesOf) error {
	st, err := statementOf(w)
	if err != nil {
		return refuse(err)
	}
	if st.more != "" {
		var along []changeRow
		if err := tx.Raw(st.more, st.moreArgs...).Scan(&along).Error; err != nil {
			return err
		}
		for _, r := range along {
			changes.note(r.Kind, r.ID)
		}
	}
	if err := s.run(tx, st); err != nil {
		if mine, ok := err.(own); ok {
			return refuse(&control.NotWritten{At: at, Write: w, Err: mine.error})
		}
		return err
	}
	kind, id := w.About()
	changes.note(string(kind), id)
	return nil
}

// run runs a statement and gives its failures control's names.
func (s *Store) run(tx *gorm.DB, st statement) error {
	res := tx.Exec(st.text, st.args...)
	if rule, reference := s.engine.broke(res.Error); reference {
		return own{control.ErrNotFound}
	} else if rule {
		return own{control.ErrExists}
	}
	switch {
	case res.Error != nil:
		return res.Error
	case !st.none && res.RowsAffected == 0:
		return own{control.ErrNotFound}
	}
	return nil
}

// columns are those of a row to be written: name, value, name, value …
type columns []any

// insert makes the statement that adds a row.
func (c columns) insert(table string) statement {
	var names, marks []string
	var st statement
	for i := 0; i < len(c); i += 2 {
		names, marks, st.args = append(names, c[i].(string)), append(marks, "?"), append(st.args, c[i+1])
	}
	st.text = "insert into " + table + " (" + strings.Join(names, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
	return st
}

// update makes the statement that changes the row of an id.
func (c columns) update(table, id string) statement {
	var sets []string
	var st statement
	for i := 0; i < len(c); i += 2 {
		sets, st.args = append(sets, c[i].(string)+" = ?"), append(st.args, c[i+1])
	}
	st.text, st.args = "update "+table+" set "+strings.Join(sets, ", ")+" where id = ?", append(st.args, id)
	return st
}

// put adds a row of some columns, and of those that are never changed again; or changes
// one.
func put(table, id string, isNew bool, changing, fixed columns) statement {
	if isNew {
		return append(append(columns{"id", id}, fixed...), changing...).insert(table)
	}
	return changing.update(table, id)
}

// withAttributes adds attributes that are to be written.
func (c columns) withAttributes(a json.RawMessage, isNew bool) columns {
	switch {
	case a != nil:
		return append(c, "attributes", string(a))
	case isNew:
		return append(c, "attributes", "{}")
	}
	return c
}

func statementOf(w control.Write) (statement, error) {
	switch w := w.(type) {
	case control.PutUser:
		u := w.User
		return put("users", u.ID, w.New, columns{"name", u.Name, "email", u.Email, "role", userRole(u.Role), "blocked", u.Blocked, "models", toJSON(u.Models)}.
			withAttributes(w.Attributes, w.New), columns{"created_at", micros(u.Created)}), nil
	case control.PutOrg:
		o := w.Org
		return put("orgs", o.ID, w.New, columns{"name", o.Name, "blocked", o.Blocked, "models", toJSON(o.Models)}.
			withAttributes(w.Attributes, w.New), columns{"created_at", micros(o.Created)}), nil
	case control.PutTeam:
		t := w.Team
		return put("teams", t.ID, w.New, columns{"name", t.Name, "org_id", orNull(t.OrgID), "blocked", t.Blocked, "models", toJSON(t.Models), "aliases", mapJSON(t.Aliases), "tags", toJSON(t.Tags)}.
			withAttributes(w.Attributes, w.New), columns{"created_at", micros(t.Created)}), nil
	case control.PutKey:
		return putKey(w), nil
	case control.PutEndUser:
		u := w.EndUser
		return put("end_users", u.ID, w.New, columns{"name", u.Name, "blocked", u.Blocked}.withAttributes(w.Attributes, w.New), columns{"created_at", micros(u.Created)}), nil
	case control.PutTag:
		t := w.Tag
		return put("tags", t.ID, w.New, columns{"description", t.Description, "blocked", t.Blocked}.withAttributes(w.Attributes, w.New), columns{"created_at", micros(t.Created)}), nil
	case control.PutBudget:
		return putBudget(w.Budget, w.New, w.At), nil
	case control.PutLimit:
		return putLimit(w.Limit, w.New, w.At), nil
	case control.PutPlan:
		p := w.Plan
		return put("plans", p.ID, w.New, columns{"name", p.Name}.withAttributes(w.Attributes, w.New), columns{"created_at", micros(p.Created)}), nil
	case control.PutDeployment:
		v := w.Deployment
		return put("deployments", v.ID, w.New, columns{"name", v.Name, "declaration", string(v.Declaration), "credential_id", orNull(v.Credential), "secrets", toJSON(v.Secrets), "sealed", v.Sealed}.
			withAttributes(w.Attributes, w.New), columns{"created_at", micros(v.Created)}), nil
	case control.PutCredential:
		v := w.Credential
		return put("credentials", v.ID, w.New, columns{"urls", toJSON(v.URLs), "secrets", toJSON(v.Secrets), "sealed", v.Sealed}.
			withAttributes(w.Attributes, w.New), columns{"created_at", micros(v.Created)}), nil
	case control.PutGroup:
		g := w.Group
		return put("model_groups", g.ID, w.New, columns{"name", g.Name, "models", toJSON(g.Models)}.withAttributes(w.Attributes, w.New), columns{"created_at", micros(g.Created)}), nil
	case control.PutFallback:
		f := w.Fallback
		return put("fallbacks", f.ID, w.New, columns{"models", toJSON(f.To)}, columns{"model", f.Model, "in_case", string(f.When), "created_at", micros(f.Created)}), nil
	case control.PutMember:
		table, group := memberTable(w.In)
		return statement{text: "insert into " + table + " (" + group + ", user_id, role) values (?, ?, ?) on conflict (" + group + ", user_id) do update set role = excluded.role",
			args: []any{w.ID, w.User, memberRole(w.Role)}}, nil
	case control.DropMember:
		table, group := memberTable(w.In)
		return statement{text: "delete from " + table + " where " + group + " = ? and user_id = ?", args: []any{w.ID, w.User}}, nil
	case control.Drop:
		return drop(w)
	}
	return statement{}, fmt.Errorf("a store knows no %T", w)
}

func putKey(w control.PutKey) statement {
	k := w.Key
	former := ""
	if !k.FormerUntil.IsZero() {
		former = k.Former.String()
	}
	return put("keys", k.ID, w.New, columns{"name", k.Name, "digest", k.Digest.String(), "hint", k.Hint, "own_form", !k.Foreign, "models", toJSON(k.Models),
		"expires_at", microsOrNull(k.Expires), "blocked", k.Blocked, "end_users", k.EndUsers, "budget_fallback", toJSON(k.BudgetFallback),
		"aliases", mapJSON(k.Aliases), "metadata", mapJSON(k.Metadata), "routes", toJSON(k.Routes), "tags", toJSON(k.Tags), "call_tags", k.CallTags, "former_digest", orNull(former), "former_until", microsOrNull(k.FormerUntil), "org_id", orNull(k.OrgID)}.
		withAttributes(w.Attributes, w.New),
		columns{"role", string(k.Role), "user_id", orNull(k.UserID), "team_id", orNull(k.TeamID), "created_at", micros(k.Created)})
}

func putBudget(b ledger.Budget, isNew bool, at time.Time) statement {
	zone := "UTC"
	if b.Window.Zone != nil {
		zone = b.Window.Zone.String()
	}
	var extra *int64
	if !b.Extra.Until.IsZero() {
		extra = nusd(&b.Extra.Amount)
	}
	return put("budgets", b.ID, isNew, columns{"name", b.Name, "limit_nusd", nusd(b.Limit), "soft_nusd", nusd(b.Soft), "extra_nusd", extra, "extra_until", microsOrNull(b.Extra.Until)},
		columns{"scope", string(b.Kind), "each", b.Each, "owner", b.Owner, "models", toJSON(b.Models), "per", b.Window.String(), "zone", zone,
			"rolls_from", microsOrNull(b.Window.Start), "created_at", micros(at)})
}

func putLimit(r limits.Rule, isNew bool, at time.Time) statement {
	return put("limits", r.ID, isNew, columns{"name", r.Name, "requests", r.Requests, "tokens", r.Tokens, "concurrent", r.Concurrent},
		columns{"scope", string(r.Kind), "each", r.Each, "owner", r.Owner, "models", toJSON(r.Models), "created_at", micros(at)})
}

// userRole and memberRole write the role of somebody who was given none.
func userRole(r access.UserRole) string {
	if r == "" {
		r = access.PlainUser
	}
	return string(r)
}

func memberRole(r access.MemberRole) string {
	if r == "" {
		r = access.PlainMember
	}
	return string(r)
}

func memberTable(in control.ChangeKind) (table, group string) {
	if in == control.OrgChanged {
		return "org_members", "org_id"
	}
	return "members", "team_id"
}

// tables are where the things of a kind are.
var tables = map[control.ChangeKind]string{control.UserChanged: "users", control.OrgChanged: "orgs", control.TeamChanged: "teams", control.EndUserChanged: "end_users", control.TagChanged: "tags",
	control.KeyChanged: "keys", control.BudgetChanged: "budgets", control.LimitChanged: "limits", control.PlanChanged: "plans",
	control.DeploymentChanged: "deployments", control.CredentialChanged: "credentials", control.GroupChanged: "model_groups", control.FallbackChanged: "fallbacks"}

func drop(w control.Drop) (statement, error) {
	table, ok := tables[w.Kind]
	if !ok {
		return statement{}, fmt.Errorf("a store has no things of kind %q", w.Kind)
	}
	st := statement{text: "delete from " + table + " where id = ?", args: []any{w.ID}}
	switch w.Kind {
	case control.UserChanged:
		st.more = `select 'team' as kind, team_id as id from members where user_id = ? union all select 'org', org_id from org_members where user_id = ?
			union all select 'key', id from keys where user_id = ?`
		st.moreArgs = []any{w.ID, w.ID, w.ID}
	case control.TeamChanged:
		st.more, st.moreArgs = `select 'key' as kind, id from keys where team_id = ?`, []any{w.ID}
	}
	return st, nil
}

// Attributes implements [control.Store].
func (s *Store) Attributes(ctx context.Context, kind control.ChangeKind, ids []string) (map[string]json.RawMessage, error) {
	table, ok := tables[kind]
	if !ok {
		return nil, fmt.Errorf("a store has no things of kind %q", kind)
	}
	out := map[string]json.RawMessage{}
	if len(ids) == 0 {
		return out, nil
	}
	type row struct{ ID, Attributes string }
	_, err := list(ctx, s.read.Select("id, attributes").Where("id in ?", ids), table, "id", func(r row) (struct{}, error) {
		out[r.ID] = json.RawMessage(r.Attributes)
		return struct{}{}, nil
	})
	return out, err
}
