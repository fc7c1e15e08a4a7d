package gateway

import (
	"net/http"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// Request is one call by a known principal.
type Request struct {
	ID        string
	Operation providers.Operation
	Body      wire.Object
	Form      *wire.Form  // in place of Body, where the operation has a form
	Header    http.Header // what of the client's own headers an upstream may get
	Handle    string      // of the kept response that the request is about
	Query     string      // what a read of it asks for, checked
	Params    wire.Params
	Who       access.Principal
	// Session is the client's own name for the conversation; "" if it gave none.
	Session string
	// NoFallback refuses instead of serving something later in the route, or
	// something else, when money is what stands in the way.
	NoFallback bool
	// Wishes are what the client asks for beside the model; nil: nothing.
	Wishes *Wishes
	// Once is what the request's Idempotency-Key said; nil: it carried none. What is free
	// takes no notice of it.
	Once *ledger.Once
	// Labels are what the client says of itself, for the log.
	Labels Labels
}

// Wishes are what a client asks for beside a model.
type Wishes struct {
	// Fallbacks are models that are turned to, in order, when the one that was asked for does
	// not answer. Each has to be one that the caller may use.
	Fallbacks []string
	// Alone turns to no other model than the one that was asked for, whatever the operator,
	// the key or Fallbacks say.
	Alone bool
	// Retries is how many more attempts are made of a model after the first; nil: as many as
	// there may be.
	Retries *int
	// Timeout is how long a whole answer, or the beginning of a stream, may take; 0: as long as
	// its deployment allows, which holds besides.
	Timeout time.Duration
}

// Labels are what a client says of itself. They decide nothing.
type Labels struct {
	ClientRequestID string
	UserAgent       string
	Retry           string // how many times the client has tried before, as it says
	Address         string
}

// Record is what is kept of a call that the books do not hold: a free one, or one
// that was refused.
type Record struct {
	At         time.Time
	RequestID  string
	KeyID      string
	UserID     string
	TeamID     string
	OrgID      string
	EndUser    string
	Tags       []string // not written to
	Operation  string
	Model      string
	Deployment string // "" if none was called
	Answered   string
	Stream     bool
	Price      string // free, or "" if none was called
	Usage      accounting.Usage
	Source     accounting.Source // "" if nobody counted
	Worth      *accounting.Money // what a free call would have cost at the shadow price; nil: unknown. No cost
	Status     string            // ok, or why not
	Took       time.Duration
}

// Recorder takes records for reports. Record never blocks; what it cannot take it
// counts and drops, because no free call waits for a disk.
type Recorder interface{ Record(Record) }
