package admin

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// Model is a public name as the operator sees it.
type Model struct {
	Name      string   `json:"name"`
	Aliases   []string `json:"aliases"`
	Price     string   `json:"price"`      // free, paid, unknown, mixed or unavailable
	Context   int64    `json:"context"`    // tokens, of the largest deployment; 0: unknown
	MaxOutput int64    `json:"max_output"` // tokens, of the largest deployment; 0: unknown
	// WhenSpent says what becomes of a call whose budgets are spent.
	WhenSpent  string      `json:"when_spent"`
	Keys       *int        `json:"keys"` // how many keys may call it; null while the books do not answer
	Candidates []Candidate `json:"candidates"`
	Added      []string    `json:"added"` // the ids of deployments that were added to it
}

// Candidate is a deployment of a model, in the order of tiers.
type Candidate struct {
	Deployment string `json:"deployment"`
	Provider   string `json:"provider"`
	Tier       int    `json:"tier"`
	Weight     int    `json:"weight"`
	Price      string `json:"price"` // free, paid or unknown
	PriceFrom  string `json:"price_from"`
	Rates      string `json:"rates"`     // for people; "" unless paid
	Reachable  *bool  `json:"reachable"` // null: not asked yet
}

// operator stands for somebody who may use everything and has no budget of its own.
var operator = access.Principal{Key: &access.Key{Role: access.Caller}}

// models lists every route.
func (a *api) models(r *request) ([]Model, error) {
	groups, down, err := a.callers(r)
	if err != nil {
		return nil, err
	}
	reach := map[string]control.Reach{}
	for _, e := range a.Control.Engines() {
		reach[e.Provider] = e
	}
	added := map[string][]string{}
	for _, d := range a.Control.Deployments() {
		added[d.Name] = append(added[d.Name], d.ID)
	}
	out := []Model{}
	for _, st := range a.Gateway.Models(r.ctx, operator) {
		m := Model{Name: st.Name, Aliases: list(st.Aliases), Price: st.Price, Context: st.Context, MaxOutput: st.MaxOutput, WhenSpent: whenSpent(st), Candidates: []Candidate{}, Added: list(added[st.Name])}
		for _, d := range st.Candidates {
			provider, _, _ := strings.Cut(d.Deployment, "/")
			c := Candidate{Deployment: d.Deployment, Provider: provider, Tier: d.Tier, Weight: d.Weight, Price: d.Price, PriceFrom: d.PriceFrom, Rates: d.Rates}
			if e, ok := reach[provider]; ok && !e.Checked.IsZero() {
				c.Reachable = &e.Reachable
			}
			m.Candidates = append(m.Candidates, c)
		}
		if !down {
			n := 0
			for _, g := range groups {
				if g.allows(st) {
					n += g.keys
				}
			}
			m.Keys = &n
		}
		out = append(out, m)
	}
	return out, nil
}

// callers are the keys that have the same lists of models.
type callers struct {
	who  access.Principal
	keys int
}

func (g callers) allows(m gateway.ModelStatus) bool {
	for _, d := range m.Candidates {
		if g.who.Allows(m.Name, m.Groups, d.Price == "free") {
			return true
		}
	}
	return false
}

// callers groups the keys that work now by what they may call, since most of many
// thousands are alike. down: the books do not answer, so they are not known.
func (a *api) callers(r *request) (out []callers, down bool, err error) {
	keys, err := a.Control.Keys(r.ctx, control.KeyFilter{})
	if errors.Is(err, ledger.ErrUnavailable) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	at := map[string]int{}
	for _, k := range keys {
		who, err := a.Control.Principal(k.ID)
		if err != nil || k.Role != access.Caller || who.Refusal(a.Now()) != nil {
			continue
		}
		lists := [][]string{k.Models, nil, nil, nil}
		if who.User != nil {
			lists[1] = who.User.Models
		}
		if who.Team != nil {
			lists[2] = who.Team.Models
		}
		if who.Org != nil {
			lists[3] = who.Org.Models
		}
		id := fmt.Sprintf("%q", lists)
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, callers{who: who})
		}
		out[i].keys++
	}
	return out, false, nil
}

// whenSpent says what becomes of a call of a model whose budgets are spent.
func whenSpent(m gateway.ModelStatus) string {
	var free []string
	priced := false
	for _, d := range m.Candidates {
		switch d.Price {
		case "free":
			free = append(free, d.Deployment)
		case "paid":
			priced = true
		}
	}
	switch {
	case m.Price == "unavailable":
		return "not available: " + m.Why
	case len(m.Candidates) == 0:
		return "nothing serves it"
	case len(free) == len(m.Candidates):
		return "served: it is free"
	case len(free) > 0:
		return "served free by " + strings.Join(free, ", ")
	case priced:
		return "refused, unless the key has a budget fallback"
	}
	return "refused to everybody with a budget: its price is unknown"
}

func (a *api) listModels(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	models, err := a.models(r)
	if err != nil {
		return err
	}
	p, err := pageOf(models, s, func(m Model) string { return m.Name }, true, func(m Model) Model { return m })
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, p)
}
