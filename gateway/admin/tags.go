package admin

import (
	"encoding/json"
	"net/http"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// Tag is a mark of calls, of which something is known.
type Tag struct {
	ID          string          `json:"id"` // as calls carry it
	Description string          `json:"description"`
	Blocked     bool            `json:"blocked"`
	Attributes  json.RawMessage `json:"attributes"`
	Created     *time.Time      `json:"created"`
}

func viewTag(t access.Tag, attributes json.RawMessage) Tag {
	return Tag{ID: t.ID, Description: t.Description, Blocked: t.Blocked, Attributes: attributes, Created: instant(t.Created)}
}

// listTags reads one page only, as listEndUsers does.
func (a *api) listTags(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	tags, err := a.Control.Tags(r.ctx, s.after, s.limit+1)
	if err != nil {
		return err
	}
	s.after = ""
	return listed(a, r, control.TagChanged, tags, s, func(t access.Tag) string { return t.ID }, true, viewTag)
}

func (b *body) tag() control.TagChange {
	return control.TagChange{Description: b.text("description"), Blocked: b.flag("blocked"), Attributes: b.attributes()}
}

func (a *api) createTag(r *request) error {
	b := r.body()
	id, ch := b.required("id", "team-red/batch"), b.tag()
	if err := b.done(); err != nil {
		return err
	}
	t, err := a.Control.CreateTag(r.ctx, id, ch)
	return a.answerTag(r, http.StatusCreated, t, err)
}

func (a *api) answerTag(r *request, status int, t access.Tag, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.TagChanged, t.ID)
	if err != nil {
		return err
	}
	return r.answer(status, viewTag(t, attributes))
}

func (a *api) getTag(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	t, err := a.Control.Tag(r.param("id"))
	return a.answerTag(r, http.StatusOK, t, err)
}

func (a *api) updateTag(r *request) error {
	b := r.body()
	ch := b.tag()
	if err := b.done(); err != nil {
		return err
	}
	t, err := a.Control.UpdateTag(r.ctx, r.param("id"), ch)
	return a.answerTag(r, http.StatusOK, t, err)
}

func (a *api) deleteTag(r *request) error {
	if err := a.Control.DeleteTag(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

// tagBudgets also answers of one of which nothing is known: budgets count for it too.
func (a *api) tagBudgets(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	return r.answerApplied(a.Control.Standings(r.ctx, ledger.Account{Kind: ledger.Tag, ID: r.param("id")}, everybody))
}
