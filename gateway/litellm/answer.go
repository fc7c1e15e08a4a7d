package litellm

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
)

// The headers of an answer that LiteLLM's clients look for. Where an upstream is, is nobody's
// business, so there is no address among them.
var (
	nameModelID   = edge.Name("X-Litellm-Model-Id")
	nameGroup     = edge.Name("X-Litellm-Model-Group")
	nameVersion   = edge.Name("X-Litellm-Version")
	nameCost      = edge.Name("X-Litellm-Response-Cost")
	nameTried     = edge.Name("X-Litellm-Attempted-Retries")
	nameFallbacks = edge.Name("X-Litellm-Attempted-Fallbacks")
	nameTook      = edge.Name("X-Litellm-Response-Duration-Ms")
	nameOverhead  = edge.Name("X-Litellm-Overhead-Duration-Ms")
	nameRequests  = edge.Name("X-Litellm-Key-Rpm-Limit")
	nameTokens    = edge.Name("X-Litellm-Key-Tpm-Limit")
	nameBudget    = edge.Name("X-Litellm-Key-Max-Budget")
	nameSpend     = edge.Name("X-Litellm-Key-Spend")
)

// Answer sets the headers of an answer. A stream that is paid for has no cost yet when they
// are sent.
func (d *Dialect) Answer(req *gateway.Request, reply *gateway.Reply, set func(edge.Name, string)) {
	set(nameModelID, reply.Deployment)
	set(nameGroup, cmp.Or(reply.Under, reply.Model))
	set(nameVersion, d.Version)
	if cost := reply.Cost(); cost != nil && reply.Stream == nil {
		set(nameCost, cost.String())
	} else if reply.Free() {
		set(nameCost, "0.0")
	}
	set(nameTried, strconv.Itoa(max(0, reply.Attempts-1-reply.Hops)))
	set(nameFallbacks, strconv.Itoa(reply.Hops))
	took, upstream := reply.Took()
	set(nameTook, millis(took))
	set(nameOverhead, millis(max(0, took-upstream)))
	d.counts(reply.Counts(), set)
}

// counts tells of each kind of account what its limits still let through: of several the
// one that lets the least.
func (d *Dialect) counts(all []limits.Count, set func(edge.Name, string)) {
	type limit struct {
		level  string
		metric limits.Metric
	}
	least := map[limit]limits.Count{}
	for _, c := range all {
		level, ok := levels[c.Account.Kind]
		if !ok {
			continue
		}
		if c.Account.Kind == scope.Key && d.ofModels(c) {
			level = "model_per_key"
		}
		of := limit{level, c.Metric}
		if other, there := least[of]; !there || c.Remaining < other.Remaining {
			least[of] = c
		}
	}
	for of, c := range least {
		for _, h := range []struct {
			what string
			n    int64
		}{{"limit", c.Limit}, {"remaining", c.Remaining}} {
			set(edge.Name(http.CanonicalHeaderKey("X-Ratelimit-"+of.level+"-"+h.what+"-"+metrics[of.metric])), strconv.FormatInt(h.n, 10))
		}
	}
}

// ofModels says that a limit is on some models only.
func (d *Dialect) ofModels(c limits.Count) bool {
	return slices.ContainsFunc(d.Limits(c.Account), func(r limits.Rule) bool { return r.ID == c.Rule && len(r.Models) > 0 })
}

// keyBudget tells of the lowest of the budgets that a key itself has for everything it
// calls. What of it is spent is not looked up: a free call reads no books.
func (d *Dialect) keyBudget(key string, set func(edge.Name, string)) {
	var least *accounting.Money
	now := d.Now()
	for _, b := range d.Budgets(scope.Account{Kind: scope.Key, ID: key}) {
		b = b.At(now)
		if len(b.Models) == 0 && b.Limit != nil && (least == nil || *b.Limit < *least) {
			least = b.Limit
		}
	}
	if least != nil {
		set(nameBudget, least.String())
	}
}

// keyLimits tells of the limits per minute that a key itself has on everything it calls, the
// lowest of several.
func (d *Dialect) keyLimits(key string, set func(edge.Name, string)) {
	var requests, tokens *int64
	for _, r := range d.Limits(scope.Account{Kind: scope.Key, ID: key}) {
		if len(r.Models) == 0 {
			requests, tokens = lower(requests, r.Requests), lower(tokens, r.Tokens)
		}
	}
	if requests != nil {
		set(nameRequests, strconv.FormatInt(*requests, 10))
	}
	if tokens != nil {
		set(nameTokens, strconv.FormatInt(*tokens, 10))
	}
}

func lower(a, b *int64) *int64 {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

// Standing sets the headers of the list of models, in which programs that show somebody's
// spending look it up. A key without a budget of its own has none.
func (d *Dialect) Standing(who access.Principal, budgets []ledger.Shortfall, set func(edge.Name, string)) {
	d.keyLimits(who.Key.ID, set)
	for _, s := range budgets {
		if b := s.Claim.Budget; b.Kind == scope.Key && len(b.Models) == 0 && b.Limit != nil {
			set(nameBudget, b.Limit.String())
			set(nameSpend, s.Standing.Posted.String())
			return
		}
	}
}

func millis(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 3, 64)
}
