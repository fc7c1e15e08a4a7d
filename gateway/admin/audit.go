package admin

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"tollgate/gateway/control"
	"tollgate/gateway/edge"
	"tollgate/providers/wire"
)

// HeaderActor names, in a request, the one behind a change, when it is another than the
// key's user: somebody who is signed in at a console, or a ticket.
const HeaderActor = "X-Tollgate-Actor"

var nameActor = edge.Name(HeaderActor)

// Audit is one change of one thing.
type Audit struct {
	Seq    int64           `json:"seq"`
	At     *time.Time      `json:"at"`
	Key    string          `json:"key"`   // of who changed it; "" was tollgate itself
	User   string          `json:"user"`  // the key's
	Actor  string          `json:"actor"` // whom the client named behind it
	Action string          `json:"action"`
	Kind   string          `json:"kind"`
	ID     string          `json:"id"`
	Before json.RawMessage `json:"before"` // null: it was not there
	After  json.RawMessage `json:"after"`  // null: it is gone
}

// by says who makes a request.
func by(r *request) (control.Actor, error) {
	a := control.Actor{Key: r.who.Key.ID, Name: edge.Get(r.c, nameActor)}
	if r.who.User != nil {
		a.User = r.who.User.ID
	}
	if len(a.Name) > control.MaxActor || !printable(a.Name) {
		return a, &wire.ErrField{Field: HeaderActor, Problem: "it must have at most " + strconv.Itoa(control.MaxActor) + " printable ASCII characters"}
	}
	a.Name = string([]byte(a.Name)) // a copy: the header's buffer is used again
	return a, nil
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func viewAudit(a control.Audit) Audit {
	raw := func(text string) json.RawMessage {
		if text == "" {
			return json.RawMessage("null")
		}
		return json.RawMessage(text)
	}
	return Audit{Seq: a.Seq, At: instant(a.At), Key: a.Actor.Key, User: a.Actor.User, Actor: a.Actor.Name, Action: string(a.Action), Kind: string(a.Kind), ID: a.ID,
		Before: raw(a.Before), After: raw(a.After)}
}

func (a *api) audits(r *request) error {
	q := r.query()
	ask := control.AuditQuery{From: q.instant("from"), To: q.instant("to"), Kind: oneOf(q, "kind", control.AuditKinds), ID: q.text("id"), User: q.text("user"),
		Key: q.text("key"), Limit: q.limit()}
	if before := q.text("before"); before != "" {
		var err error
		if ask.Before, err = strconv.ParseInt(before, 10, 64); err != nil || ask.Before < 1 {
			q.fail("before", "it is `next` of the page before")
		}
	}
	if err := q.done(); err != nil {
		return err
	}
	if !ask.To.IsZero() && !ask.From.Before(ask.To) {
		return &wire.ErrField{Field: "to", Problem: "the list ends before it begins"}
	}
	limit := ask.Limit
	ask.Limit++
	found, err := a.Control.Audits(r.ctx, ask)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		asked := map[control.ChangeKind]string{control.UserChanged: ask.User, control.KeyChanged: ask.Key}
		if err := a.everWere(r, asked); err != nil {
			return err
		}
	}
	found, next := first(found, limit, func(x control.Audit) string { return strconv.FormatInt(x.Seq, 10) })
	out := page[Audit]{Data: []Audit{}, Next: next}
	for _, x := range found {
		out.Data = append(out.Data, viewAudit(x))
	}
	return r.answer(http.StatusOK, out)
}
