// Package litellm is LiteLLM's side of the data plane: the words in which clients of a
// LiteLLM Proxy ask, and those in which they are answered.
//
// It imports gateway, access, edge, limits, shadow, the types that these speak of, and
// fiber. Only cmd knows it: it holds LiteLLM's words and no rule. What a word means is
// written into a request of gateway's own; what has no meaning here is taken out of the
// request, so that no upstream gets it.
package litellm

import (
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
)

// HeaderKey is a header of LiteLLM's own that its clients send a key in, alone or after
// `Bearer `.
var HeaderKey = edge.Name("X-Litellm-Api-Key")

// Dialect reads requests of LiteLLM's clients and answers them.
type Dialect struct {
	// EndUser are headers that name whom a call is made for, in order, after LiteLLM's own.
	EndUser []edge.Name
	// Version is what clients are told that they talk to.
	Version string
	// Limits are the rate limits of an account.
	Limits func(scope.Account) []limits.Rule
	// Budgets are those of an account.
	Budgets func(scope.Account) []ledger.Budget
	Now     func() time.Time
}

// The headers that clients of LiteLLM send.
var (
	nameCustomer = edge.Name("X-Litellm-Customer-Id")
	nameEndUser  = edge.Name("X-Litellm-End-User-Id")
	nameSession  = edge.Name("X-Litellm-Session-Id")
	nameTags     = edge.Name("X-Litellm-Tags")
	nameTimeout  = edge.Name("X-Litellm-Timeout")
	nameRetries  = edge.Name("X-Litellm-Num-Retries")
	nameCall     = edge.Name("X-Litellm-Call-Id") // in an answer, too
)
