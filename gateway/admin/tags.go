package admin

import (
	"encoding/json"
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

func (b *body) tag() control.TagChange {
	return control.TagChange{Description: b.text("description"), Blocked: b.flag("blocked"), Attributes: b.attributes()}
}

// tags are the tags as things that calls name.
func (a *api) tags() *named[access.Tag, control.TagChange, Tag] {
	c := a.Control
	return &named[access.Tag, control.TagChange, Tag]{api: a, thing: control.TheTag, kind: control.TagChanged, account: ledger.Tag, example: "team-red/batch",
		page: c.Tags, get: c.Tag, create: c.CreateTag, update: c.UpdateTag, remove: c.DeleteTag,
		change: (*body).tag, id: func(t access.Tag) string { return t.ID }, view: viewTag}
}
