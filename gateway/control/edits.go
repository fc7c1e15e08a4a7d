package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/limits"
)

// MaxEdits is how many edits one [Control.Apply] takes: as many as an installation of forty
// thousand keys with budgets and limits that is brought over whole. What comes over a
// network is bounded by its own bytes first.
const MaxEdits = 250_000

// Action says what an edit does with a thing.
type Action string

// The actions.
const (
	Create Action = "create"
	Update Action = "update" // of a member: puts it in, if it is not
	Delete Action = "delete"
	Rotate Action = "rotate" // a key: gives it another secret
)

// Edit is one part of a change of many things.
type Edit interface {
	// About says what is done, to which kind of thing and to which; "" is one whose id is
	// still to be made.
	About() (Action, ChangeKind, string)
	edit(*draft) (Edited, error)
}

// Edited is what became of an edit.
type Edited struct {
	Action Action     `json:"action"`
	Kind   ChangeKind `json:"kind"`
	ID     string     `json:"id"`
	Secret string     `json:"key,omitempty"` // of a key that was made or rotated, unless only its digest was given
}

// The edits. What an action does not need is left out.
type (
	UserEdit struct {
		Action Action
		ID     string
		UserChange
	}
	EndUserEdit struct {
		Action Action
		ID     string
		EndUserChange
	}
	TagEdit struct {
		Action Action
		ID     string
		TagChange
	}
	OrgEdit struct {
		Action Action
		ID     string
		OrgChange
	}
	TeamEdit struct {
		Action Action
		ID     string
		TeamChange
	}
	// MemberEdit updates or deletes a membership.
	MemberEdit struct {
		Action Action
		In     ChangeKind // TeamChanged or OrgChanged
		ID     string     // of the team or the organization
		User   string
		Role   *access.MemberRole // nil: a plain member, or the role it has
	}
	KeyEdit struct {
		Action Action
		ID     string // "" of a key to be created: one is made
		Owner  KeyOwner
		Secret KeySecret
		Grace  time.Duration // of a rotation
		KeyChange
	}
	BudgetEdit struct {
		Action Action
		ID     string        // "" of a budget to be created: one is made
		New    ledger.Budget // to be created
		BudgetChange
	}
	DeploymentEdit struct {
		Action Action
		ID     string // "" of a deployment to be created: one is made
		DeploymentChange
	}
	CredentialEdit struct {
		Action Action
		ID     string
		CredentialChange
	}
	GroupEdit struct {
		Action Action
		ID     string // "" of a group to be created: one is made
		GroupChange
	}
	FallbackEdit struct {
		Action   Action
		Fallback // of an update, its ID and To
	}
	LimitEdit struct {
		Action Action
		ID     string      // "" of a limit to be created: one is made
		New    limits.Rule // to be created
		LimitChange
	}
	PlanEdit struct {
		Action Action
		ID     string // "" of a plan to be created: one is made
		PlanChange
	}
	// AdjustEdit creates an adjustment, of budgets as the edits before it leave them.
	AdjustEdit struct {
		Action Action
		AdjustOrder
	}
)

// About implements [Edit].
func (e UserEdit) About() (Action, ChangeKind, string) { return e.Action, UserChanged, e.ID }

// About implements [Edit].
func (e EndUserEdit) About() (Action, ChangeKind, string) { return e.Action, EndUserChanged, e.ID }

// About implements [Edit].
func (e TagEdit) About() (Action, ChangeKind, string) { return e.Action, TagChanged, e.ID }

// About implements [Edit].
func (e OrgEdit) About() (Action, ChangeKind, string) { return e.Action, OrgChanged, e.ID }

// About implements [Edit].
func (e TeamEdit) About() (Action, ChangeKind, string) { return e.Action, TeamChanged, e.ID }

// About implements [Edit].
func (e MemberEdit) About() (Action, ChangeKind, string) {
	return e.Action, e.In + " member", e.ID + "/" + e.User
}

// About implements [Edit].
func (e KeyEdit) About() (Action, ChangeKind, string) { return e.Action, KeyChanged, e.ID }

// About implements [Edit].
func (e BudgetEdit) About() (Action, ChangeKind, string) { return e.Action, BudgetChanged, e.ID }

// About implements [Edit].
func (e LimitEdit) About() (Action, ChangeKind, string) { return e.Action, LimitChanged, e.ID }

// About implements [Edit].
func (e PlanEdit) About() (Action, ChangeKind, string) { return e.Action, PlanChanged, e.ID }

// About implements [Edit].
func (e AdjustEdit) About() (Action, ChangeKind, string) { return e.Action, AdjustmentMade, e.ID }

// About implements [Edit].
func (e DeploymentEdit) About() (Action, ChangeKind, string) {
	return e.Action, DeploymentChanged, e.ID
}

// About implements [Edit].
func (e CredentialEdit) About() (Action, ChangeKind, string) {
	return e.Action, CredentialChanged, e.ID
}

// About implements [Edit].
func (e GroupEdit) About() (Action, ChangeKind, string) { return e.Action, GroupChanged, e.ID }

// About implements [Edit].
func (e FallbackEdit) About() (Action, ChangeKind, string) { return e.Action, FallbackChanged, e.ID }

// edited puts together what became of an edit of which only the error is wanted.
func edited(e Edit, err error) (Edited, error) {
	action, kind, id := e.About()
	return Edited{Action: action, Kind: kind, ID: id}, err
}

// cannot refuses an action that an edit does not have.
func cannot(e Edit) (Edited, error) {
	action, kind, _ := e.About()
	return Edited{}, invalid("%q is nothing that can be done to a %s", action, kind)
}

// act does the action of an edit of a thing that comes with its id.
func act[T, C any](e Edit, ch C, create, update func(id string, ch C) (T, error), remove func(id string) error) (Edited, error) {
	action, _, id := e.About()
	var err error
	switch action {
	case Create:
		_, err = create(id, ch)
	case Update:
		_, err = update(id, ch)
	case Delete:
		err = remove(id)
	default:
		return cannot(e)
	}
	return edited(e, err)
}

// actMade does the action of an edit of a thing whose id is made where none is given.
func actMade[T, C any](e Edit, ch C, create func() (id string, err error), update func(id string, ch C) (T, error), remove func(id string) error) (Edited, error) {
	action, kind, id := e.About()
	var err error
	switch action {
	case Create:
		id, err = create()
	case Update:
		_, err = update(id, ch)
	case Delete:
		err = remove(id)
	default:
		return cannot(e)
	}
	return Edited{Action: action, Kind: kind, ID: id}, err
}

func (e UserEdit) edit(d *draft) (Edited, error) {
	return act(e, e.UserChange, d.createUser, d.updateUser, d.deleteUser)
}

func (e EndUserEdit) edit(d *draft) (Edited, error) {
	return act(e, e.EndUserChange, d.createEndUser, d.updateEndUser, d.others.drop)
}

func (e TagEdit) edit(d *draft) (Edited, error) {
	return act(e, e.TagChange, d.createTag, d.updateTag, d.tags.drop)
}

func (e OrgEdit) edit(d *draft) (Edited, error) {
	return act(e, e.OrgChange, d.createOrg, d.updateOrg, d.deleteOrg)
}

func (e TeamEdit) edit(d *draft) (Edited, error) {
	return act(e, e.TeamChange, d.createTeam, d.updateTeam, d.deleteTeam)
}

func (e MemberEdit) edit(d *draft) (Edited, error) {
	if e.In != TeamChanged && e.In != OrgChanged {
		return Edited{}, invalid("a member is one of a team or an organization, not of a %s", e.In)
	}
	switch e.Action {
	case Update:
		return edited(e, d.putMember(e.In, e.ID, e.User, e.Role))
	case Delete:
		return edited(e, d.dropMember(e.In, e.ID, e.User))
	}
	return cannot(e)
}

func (e KeyEdit) edit(d *draft) (Edited, error) {
	var (
		k    access.Key
		text string
		err  error
	)
	switch e.Action {
	case Create:
		k, text, err = d.createKey(e.ID, e.Owner, e.Secret, e.KeyChange)
	case Update:
		k, err = d.updateKey(e.ID, e.KeyChange)
	case Rotate:
		k, text, err = d.rotateKey(e.ID, e.Secret, e.Grace)
	case Delete:
		k.ID, err = e.ID, d.deleteKey(e.ID)
	default:
		return cannot(e)
	}
	return Edited{e.Action, KeyChanged, k.ID, text}, err
}

func (e BudgetEdit) edit(d *draft) (Edited, error) {
	create := func() (string, error) {
		e.New.ID = e.ID
		b, err := d.createBudget(e.New)
		return b.ID, err
	}
	return actMade(e, e.BudgetChange, create, d.updateBudget, d.deleteBudget)
}

func (e LimitEdit) edit(d *draft) (Edited, error) {
	create := func() (string, error) {
		e.New.ID = e.ID
		l, err := d.createLimit(e.New)
		return l.ID, err
	}
	return actMade(e, e.LimitChange, create, d.updateLimit, d.deleteLimit)
}

func (e PlanEdit) edit(d *draft) (Edited, error) {
	create := func() (string, error) {
		p, err := d.createPlan(e.ID, e.PlanChange)
		return p.ID, err
	}
	return actMade(e, e.PlanChange, create, d.updatePlan, d.plans.drop)
}

func (e AdjustEdit) edit(d *draft) (Edited, error) {
	if e.Action != Create {
		return cannot(e)
	}
	a, err := d.adjust(e.AdjustOrder)
	if err != nil {
		return Edited{}, err
	}
	return Edited{Action: Create, Kind: AdjustmentMade, ID: a.ID}, nil
}

func (e DeploymentEdit) edit(d *draft) (Edited, error) {
	create := func() (string, error) {
		v, err := d.createDeployment(e.ID, e.DeploymentChange)
		return v.ID, err
	}
	return actMade(e, e.DeploymentChange, create, d.updateDeployment, d.deleteDeployment)
}

func (e CredentialEdit) edit(d *draft) (Edited, error) {
	return act(e, e.CredentialChange, d.createCredential, d.updateCredential, d.deleteCredential)
}

func (e GroupEdit) edit(d *draft) (Edited, error) {
	create := func() (string, error) {
		g, err := d.createGroup(e.ID, e.GroupChange)
		return g.ID, err
	}
	return actMade(e, e.GroupChange, create, d.updateGroup, d.deleteGroup)
}

func (e FallbackEdit) edit(d *draft) (Edited, error) {
	create := func() (string, error) {
		f, err := d.createFallback(e.Fallback)
		return f.ID, err
	}
	return actMade(e, e.To, create, d.updateFallback, d.deleteFallback)
}

// EditError says which edit cannot be done, so that none was.
type EditError struct {
	At   int // the number of the edit, from 0 on
	Edit Edit
	Err  error
}

func (e *EditError) Error() string {
	action, kind, id := e.Edit.About()
	return fmt.Sprintf("edit %d (%s %s %q): %v; nothing was changed", e.At+1, action, kind, id, e.Err)
}

func (e *EditError) Unwrap() error { return e.Err }

// Apply does some edits in turn, each to what the ones before it leave, or none of them:
// all are found valid before anything is written, and all are written in one transaction.
// The error is an [*EditError] if it is for one of them. It keeps other changes waiting,
// and with SQLite paid calls too, for as long as the rows take to write.
func (c *Control) Apply(ctx context.Context, edits []Edit) ([]Edited, error) {
	var out []Edited
	var of []int // for each write, the edit that it is of
	err := c.run(ctx, func(d *draft) (err error) {
		out, of, err = d.fill(edits, make([]Edited, 0, len(edits)))
		return err
	})
	var failed *NotWritten
	if errors.As(err, &failed) && failed.At < len(of) {
		err = &EditError{of[failed.At], edits[of[failed.At]], err}
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Check says whether [Control.Apply] would find edits valid, by its error, and changes
// nothing.
func (c *Control) Check(ctx context.Context, edits []Edit) error {
	return c.run(ctx, func(d *draft) error {
		_, _, err := d.fill(edits, nil)
		if err == nil {
			err = d.checkRead()
		}
		d.writes = nil // nothing is to be written
		return err
	})
}

// fill does edits to the draft.
func (d *draft) fill(edits []Edit, out []Edited) (_ []Edited, of []int, err error) {
	if len(edits) > MaxEdits {
		return nil, nil, invalid("%d edits at once, and at most %d are taken", len(edits), MaxEdits)
	}
	for i, e := range edits {
		done, err := e.edit(d)
		if err != nil {
			return nil, nil, &EditError{i, e, err}
		}
		out = append(out, done)
		for len(of) < len(d.writes) {
			of = append(of, i)
		}
	}
	return out, of, nil
}
