package admin

import (
	"encoding/json"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// EndUser is somebody whom calls are made for, of whom something is known.
type EndUser struct {
	ID         string          `json:"id"` // as calls name it
	Name       string          `json:"name"`
	Blocked    bool            `json:"blocked"`
	Attributes json.RawMessage `json:"attributes"`
	Created    *time.Time      `json:"created"`
}

func viewEndUser(u access.EndUser, attributes json.RawMessage) EndUser {
	return EndUser{ID: u.ID, Name: u.Name, Blocked: u.Blocked, Attributes: attributes, Created: instant(u.Created)}
}

func (b *body) endUser() control.EndUserChange {
	return control.EndUserChange{Name: b.text("name"), Blocked: b.flag("blocked"), Attributes: b.attributes()}
}

// endUsers are the end users as things that calls name.
func (a *api) endUsers() *named[access.EndUser, control.EndUserChange, EndUser] {
	c := a.Control
	return &named[access.EndUser, control.EndUserChange, EndUser]{api: a, thing: control.TheEndUser, kind: control.EndUserChanged, account: ledger.EndUser, example: "webshop-4711",
		page: c.EndUsers, get: c.EndUser, create: c.CreateEndUser, update: c.UpdateEndUser, remove: c.DeleteEndUser,
		change: (*body).endUser, id: func(u access.EndUser) string { return u.ID }, view: viewEndUser}
}
