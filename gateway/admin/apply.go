package admin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/providers/wire"
)

// The limits of a change of many things: its bytes, inflated, and its edits.
const (
	maxApply = 16 << 20
	maxEdits = 10_000
)

// AppliedEdits is what became of a change of many things.
type AppliedEdits struct {
	Edits []control.Edited `json:"edits"` // in the order in which they were asked for
}

// apply does many edits at once, or none.
func (a *api) apply(r *request) error {
	b := r.bodyOf(maxApply)
	edits := a.readEdits(b)
	if err := b.done(); err != nil {
		return err
	}
	if err := a.Control.MayApply(r.who, edits); err != nil {
		return err
	}
	done, err := a.Control.Apply(r.ctx, edits)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, AppliedEdits{list(done)})
}

// readEdits reads the edits. The first thing that is wrong is told with its place.
func (a *api) readEdits(b *body) []control.Edit {
	v, ok := b.get("edits")
	if b.err != nil {
		return nil
	}
	if !ok || !v.IsArray() {
		b.fail("edits", `it must be a list of edits such as {"action": "create", "kind": "user", "id": "alice"}`)
		return nil
	}
	var edits []control.Edit
	v.ForEach(func(_, one gjson.Result) bool {
		at := fmt.Sprintf("edits[%d]", len(edits))
		if len(edits) >= maxEdits {
			b.fail("edits", "there are more than %d", maxEdits)
			return false
		}
		if !one.IsObject() {
			b.fail(at, "it must be an object")
			return false
		}
		in := &body{}
		in.object, in.err = wire.ParseObject([]byte(one.Raw))
		e := a.readEdit(in)
		if err := in.done(); err != nil {
			var field *wire.ErrField
			if errors.As(err, &field) {
				err = &wire.ErrField{Field: at + "." + field.Field, Problem: field.Problem}
			} else {
				err = fmt.Errorf("%s: %w", at, err)
			}
			b.err = err
			return false
		}
		edits = append(edits, e)
		return true
	})
	return edits
}

// The kinds of an edit, as they are written.
const editKinds = "user, end_user, tag, org, team, team_member, org_member, key, budget, limit, plan, adjustment, deployment, credential, model_group or fallback"

// readEdit reads one edit: the fields of the thing stand beside what is to be done.
func (a *api) readEdit(b *body) control.Edit {
	action := control.Action(b.required("action", "create"))
	kind := b.required("kind", "user")
	if b.err != nil {
		return nil
	}
	id := b.filled("id", "one is made where the thing has none of its own")
	if id == nil {
		id = new(string)
		if !(action == control.Create && slices.Contains([]string{"key", "budget", "limit", "plan", "adjustment", "deployment", "model_group", "fallback"}, kind)) {
			b.fail("id", "it is needed")
		}
	}
	made, altered := action == control.Create, action == control.Update
	stays := action != control.Delete // what is deleted has no other fields
	switch kind {
	case "user":
		return control.UserEdit{Action: action, ID: *id, UserChange: when(stays, b.user)}
	case "end_user":
		return control.EndUserEdit{Action: action, ID: *id, EndUserChange: when(stays, b.endUser)}
	case "tag":
		return control.TagEdit{Action: action, ID: *id, TagChange: when(stays, b.tag)}
	case "org":
		return control.OrgEdit{Action: action, ID: *id, OrgChange: when(stays, b.org)}
	case "team":
		return control.TeamEdit{Action: action, ID: *id, TeamChange: when(stays, b.team)}
	case "team_member", "org_member":
		return control.MemberEdit{Action: action, In: control.ChangeKind(strings.TrimSuffix(kind, "_member")), ID: *id, User: b.required("user", "alice"), Role: when(stays, b.memberRole)}
	case "key":
		e := control.KeyEdit{Action: action, ID: *id}
		switch action {
		case control.Create:
			e.Owner, e.Secret, e.KeyChange = b.owner(), b.secret(), b.key()
		case control.Update:
			e.KeyChange = b.key()
		case control.Rotate:
			e.Secret, e.Grace = b.secret(), b.grace()
		}
		return e
	case "budget":
		return control.BudgetEdit{Action: action, ID: *id, New: when(made, func() ledger.Budget { return a.readBudget(b) }), BudgetChange: when(altered, b.budgetChange)}
	case "limit":
		return control.LimitEdit{Action: action, ID: *id, New: when(made, b.limit), LimitChange: when(altered, b.limitChange)}
	case "plan":
		return control.PlanEdit{Action: action, ID: *id, PlanChange: when(stays, b.plan)}
	case "adjustment":
		e := control.AdjustEdit{Action: action, AdjustOrder: b.adjustment()}
		e.ID = *id
		return e
	case "deployment":
		return control.DeploymentEdit{Action: action, ID: *id, DeploymentChange: when(stays, b.model)}
	case "credential":
		read := b.credential
		if made {
			read = b.newCredential
		}
		return control.CredentialEdit{Action: action, ID: *id, CredentialChange: when(stays, read)}
	case "model_group":
		return control.GroupEdit{Action: action, ID: *id, GroupChange: when(stays, b.modelGroup)}
	case "fallback":
		e := control.FallbackEdit{Action: action, Fallback: when(made, b.fallback)}
		if altered {
			e.To = b.to()
		}
		e.ID = *id
		return e
	}
	b.fail("kind", "it is %s, not %q", editKinds, kind)
	return nil
}

// when reads something if it is to be read; otherwise it is the zero value.
func when[T any](is bool, read func() T) (v T) {
	if is {
		v = read()
	}
	return v
}

func (b *body) memberRole() *access.MemberRole { return word[access.MemberRole](b, "role") }
