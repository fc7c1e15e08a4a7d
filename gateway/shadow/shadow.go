// Package shadow is what is kept of a trial beside another gateway: of each call what
// tollgate would have decided and charged, next to what the other one did, and the report
// of where the two differ.
//
// It imports accounting and the ledger's rule of when a budget is spent. It knows no HTTP,
// no database and no word of the other gateway: whoever forwards a call reads what the
// other one answered and hands over a [Call]. Nothing in it is money: the books know
// nothing of these calls, and what they would have spent is only added up by a [Report].
package shadow

import (
	"time"

	"tollgate/accounting"
)

// The bounds of what is kept.
const (
	MaxCalls = 2_000_000           // the oldest go first
	KeptFor  = 90 * 24 * time.Hour // and what is older than this
	MaxText  = 500                 // bytes of a text
)

// Served is what was decided on a call that is not refused. Everything else that stands in
// its place says why it is: what [Reason] of gateway says, or one of the words below.
const (
	Served     = "served"
	UnknownKey = "unknown_key" // or none
	KeyClosed  = "key_closed"  // blocked or expired, or its user or team is
	BadRequest = "bad_request" // it cannot be read
	Undecided  = "undecided"   // too much was going on to decide
)

// The words for what the other gateway refused, beside those that are the same here.
const (
	BudgetSpent  = "budget_exceeded"
	RateLimited  = "rate_limited"
	ModelDenied  = "denied"
	ModelUnknown = "model_not_found"
)

// Call is one call, which the other gateway has answered.
type Call struct {
	At        time.Time
	RequestID string
	Operation string
	Model     string // that was asked for
	Key       string // the id of the key; "" if it is not known
	KeyMark   string // the beginning of the SHA-256 of the credential, in hex, by which an unknown one can be found
	User      string
	Team      string
	EndUser   string
	Stream    bool
	Took      time.Duration

	Ours   Ours
	Theirs Theirs
}

// Ours is what tollgate would have done.
type Ours struct {
	Decision   string // [Served], or why it would be refused
	Why        string // the same in a sentence
	Budget     string // the id of the budget that stands in the way
	Serves     string // the public name
	Deployment string
	Price      string           // free, paid or unknown
	Need       accounting.Money // that must be free in each of Budgets
	Budgets    []Claim
	Otherwise  string // the free deployment that would serve it if the budgets could not pay
	Input      int64  // tokens
	Output     int64  // tokens
	Source     string // who counted them; "": nobody
	Cost       *accounting.Money
}

// Claim is a budget with a limit that a call counts for.
type Claim struct {
	Budget  string           `json:"budget"`
	Name    string           `json:"name,omitempty"`
	Kind    string           `json:"kind"`
	Account string           `json:"account,omitempty"` // its owner's id
	Start   time.Time        `json:"start"`             // of the period
	End     time.Time        `json:"end,omitzero"`
	Limit   accounting.Money `json:"limit"`
	Posted  accounting.Money `json:"posted"` // in the books, which the trial does not touch
}

// Theirs is what the other gateway did.
type Theirs struct {
	Status   int               // 0: it brought no answer
	ID       string            // its own id of the call, "" if it gave none
	Refused  string            // why it refused, in the words of Decision; "" if it did not, or for a reason of the upstream's or the request's
	Type     string            // of its error, in its own words
	Cost     *accounting.Money // that it says; nil if it does not
	KeySpend *accounting.Money // of the key, that it says
	Ended    string            // ok, or how it broke off: client_gone, cut, or why there was no answer
}

// Answered says that the other gateway has served the call.
func (t Theirs) Answered() bool { return t.Status >= 200 && t.Status <= 299 }

// Recorder keeps calls. Record never blocks; what it cannot take it counts and drops.
type Recorder interface{ RecordShadow(Call) }
