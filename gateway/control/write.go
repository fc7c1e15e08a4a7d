package control

import (
	"encoding/json"
	"fmt"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/limits"
)

// Write is one thing that a [Store] is to write. New says that the thing must not be
// there yet; otherwise it must. Attributes that are nil stay as they are.
type Write interface {
	// About says what kind of thing is written, and which.
	About() (ChangeKind, string)
}

// AsOf is what writes follow from: what things were like at the change of a number. If one
// that is written, or that Of says, was changed since then, the error is [ErrOvertaken] and
// nothing is written.
type AsOf struct {
	Change int64
	Of     func(ChangeKind, string) bool
}

// The kinds of Write. Those that are Put are written whole, but for what each says.
type (
	PutUser struct {
		User       access.User
		New        bool
		Attributes json.RawMessage
	}
	PutEndUser struct {
		EndUser    access.EndUser
		New        bool
		Attributes json.RawMessage
	}
	PutTag struct {
		Tag        access.Tag
		New        bool
		Attributes json.RawMessage
	}
	// PutOrg does not write members.
	PutOrg struct {
		Org        access.Organization
		New        bool
		Attributes json.RawMessage
	}
	// PutTeam does not write members.
	PutTeam struct {
		Team       access.Team
		New        bool
		Attributes json.RawMessage
	}
	// PutKey of a key that is there does not write its role, its user and its team.
	PutKey struct {
		Key        StoredKey
		New        bool
		Attributes json.RawMessage
	}
	// PutBudget of a budget that is there writes its name, limits and extra.
	PutBudget struct {
		Budget ledger.Budget
		New    bool
		At     time.Time // when it was made
	}
	// PutLimit of a limit that is there writes its name and numbers.
	PutLimit struct {
		Limit limits.Rule
		New   bool
		At    time.Time // when it was made
	}
	PutDeployment struct {
		Deployment StoredDeployment
		New        bool
		Attributes json.RawMessage
	}
	PutCredential struct {
		Credential StoredCredential
		New        bool
		Attributes json.RawMessage
	}
	PutGroup struct {
		Group      Group
		New        bool
		Attributes json.RawMessage
	}
	// PutFallback of one that is there writes what it leads to.
	PutFallback struct {
		Fallback Fallback
		New      bool
	}
	// PutMember puts a user into a team or an organization, or gives a member another
	// role.
	PutMember struct {
		In   ChangeKind // TeamChanged or OrgChanged
		ID   string     // of the team or the organization
		User string
		Role access.MemberRole
	}
	// DropMember takes a user out of a team or an organization.
	DropMember struct {
		In   ChangeKind
		ID   string
		User string
	}
	PutPlan struct {
		Plan       Plan
		New        bool
		Attributes json.RawMessage
	}
	// PutAdjustment books an adjustment. The store sets the amount of one that says where
	// spending is to stand, and does not write it if that is 0.
	PutAdjustment struct {
		*ledger.Adjustment
		Account ledger.Account
	}
	// Drop removes something: a user with its keys and memberships, a team with its keys.
	Drop struct {
		Kind ChangeKind
		ID   string
	}
)

// About implements [Write].
func (w PutUser) About() (ChangeKind, string) { return UserChanged, w.User.ID }

// About implements [Write].
func (w PutEndUser) About() (ChangeKind, string) { return EndUserChanged, w.EndUser.ID }

// About implements [Write].
func (w PutTag) About() (ChangeKind, string) { return TagChanged, w.Tag.ID }

// About implements [Write].
func (w PutOrg) About() (ChangeKind, string) { return OrgChanged, w.Org.ID }

// About implements [Write].
func (w PutTeam) About() (ChangeKind, string) { return TeamChanged, w.Team.ID }

// About implements [Write].
func (w PutKey) About() (ChangeKind, string) { return KeyChanged, w.Key.ID }

// About implements [Write].
func (w PutBudget) About() (ChangeKind, string) { return BudgetChanged, w.Budget.ID }

// About implements [Write].
func (w PutLimit) About() (ChangeKind, string) { return LimitChanged, w.Limit.ID }

// About implements [Write].
func (w PutPlan) About() (ChangeKind, string) { return PlanChanged, w.Plan.ID }

// About implements [Write].
func (w PutAdjustment) About() (ChangeKind, string) { return AdjustmentMade, w.ID }

// About implements [Write].
func (w PutDeployment) About() (ChangeKind, string) { return DeploymentChanged, w.Deployment.ID }

// About implements [Write].
func (w PutCredential) About() (ChangeKind, string) { return CredentialChanged, w.Credential.ID }

// About implements [Write].
func (w PutGroup) About() (ChangeKind, string) { return GroupChanged, w.Group.ID }

// About implements [Write].
func (w PutFallback) About() (ChangeKind, string) { return FallbackChanged, w.Fallback.ID }

// About implements [Write].
func (w PutMember) About() (ChangeKind, string) { return w.In, w.ID }

// About implements [Write].
func (w DropMember) About() (ChangeKind, string) { return w.In, w.ID }

// About implements [Write].
func (w Drop) About() (ChangeKind, string) { return w.Kind, w.ID }

// NotWritten says which of some writes a store could not do, so that it did none.
type NotWritten struct {
	At    int // the number of the write, from 0 on
	Write Write
	Err   error // ErrExists, ErrNotFound or ErrInvalid
}

func (e *NotWritten) Error() string {
	kind, id := e.Write.About()
	switch w := e.Write.(type) {
	case PutMember:
		return fmt.Sprintf("member %q of %s %q: %v", w.User, kind, id, e.Err)
	case DropMember:
		return fmt.Sprintf("member %q of %s %q: %v", w.User, kind, id, e.Err)
	}
	return fmt.Sprintf("%s %q: %v", kind, id, e.Err)
}

func (e *NotWritten) Unwrap() error { return e.Err }
