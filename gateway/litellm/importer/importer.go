// Package importer brings what a LiteLLM Proxy keeps in its database into tollgate: it
// turns the rows of its tables into edits of control, all of which happen in one change, or
// none.
//
// It imports the reader of the database, the mapping that it shares with LiteLLM's
// management face, control and the types that its edits are of. It knows no SQL and no
// HTTP, and writes nothing itself. Only cmd knows it.
//
// An import can be repeated while LiteLLM runs on. What is the same there and here stays
// untouched; what is otherwise there is so here afterwards. What was spent is carried as an
// adjustment of the difference to what earlier imports have carried, whose ids say so, so
// that nothing is counted twice. A thing that is not there any more stays, but for keys:
// they are blocked. A thing that was deleted here is not made again, as long as the audit
// log tells of it.
//
// Nothing about money is guessed. A limit that cannot be read is 0, and spending that
// cannot be read is all of the limit; each is a [Finding].
package importer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/control"
)

// Parts are what an import needs.
type Parts struct {
	Control *control.Control
	Reader  *database.Reader
	Keyring database.Keyring
	// Master is LiteLLM's master key, whose row among the keys is left out; it may be empty.
	Master string
	Now    time.Time
	// Zone is LiteLLM's time zone, at whose midnights its budgets begin anew; nil is UTC.
	Zone *time.Location
	// EndUserBudget is the id of the budget that end users have who have none of their own; ""
	// is none.
	EndUserBudget string
	NewID         func(prefix string) (string, error)
	// Env looks up variables that models refer to for their upstreams' keys and addresses.
	Env func(name string) (string, bool)
}

// Count is how many things of a kind there are, and what becomes of them.
type Count struct {
	Kind    string
	Found   int // in LiteLLM's database
	New     int
	Changed int
	Same    int
	Left    int // not brought over: the findings say why
}

// Plan is what an import would do.
type Plan struct {
	Edits    []control.Edit
	Counts   []Count
	Carried  accounting.Money // what all the adjustments add up to
	Findings []Finding
}

// Left says whether something is not brought over that somebody may miss.
func (p *Plan) Left() bool {
	for _, f := range p.Findings {
		if f.Severity == litellm.Unavailable || f.Severity == litellm.Problem {
			return true
		}
	}
	return false
}

// The kinds of things, as they are counted and found.
const (
	kindOrg      = "organization"
	kindUser     = "user"
	kindTeam     = "team"
	kindMember   = "member"
	kindKey      = "key"
	kindEndUser  = "customer"
	kindBudget   = "budget"
	kindTag      = "tag"
	kindModel    = "model"
	kindSecret   = "credential"
	kindGroup    = "access group"
	kindFallback = "fallback"
	kindSettings = "setting"
	kindProject  = "project"
)

var kinds = []string{kindOrg, kindUser, kindTeam, kindMember, kindEndUser, kindTag, kindKey, kindBudget, kindSecret, kindModel, kindGroup, kindFallback}

// planner holds what was read so far.
type planner struct {
	Parts
	findings
	ctx    context.Context
	source string // names the database, for what is kept of keys
	edits  []control.Edit
	counts map[string]*Count
	total  accounting.Money

	budgets   map[string]row               // rows of budgets by id
	windows   map[windowKey]windowRow      // what was spent in windows
	groups    map[string]group             // access groups by ids there
	holders   map[string]holders           // of budgets by id
	deleted   map[deleted]bool             // what was deleted here
	secrets   []control.Edit               // of credentials, among the edits
	bound     map[string]*[]string         // what those are for that no model names
	served    []control.Edit               // of models, among the edits
	alias     map[string]map[string]string // aliases of teams by the number of their row
	projects  map[string]project           // by their ids
	others    *ledger.Budget               // of end users who have none of their own
	old       map[string][]oldKey          // by the hash of the key that took their place
	ids       map[string]map[string]string // by kinds, ids there to ids here
	users     map[string]bool              // by ids here: they are there, or will be
	orgs      map[string]bool
	teams     map[string]*team    // by ids here
	inTeams   map[string]bool     // users, by ids there, that have keys within a team
	ownModels map[string][]string // of those: what the keys of their own may call

	carried map[string]carried // by the beginnings of ids of adjustments
	wanted  []wanted
}

// Make reads the database and makes the plan. It changes nothing.
func Make(ctx context.Context, parts Parts) (*Plan, error) {
	p := &planner{Parts: parts, ctx: ctx, counts: map[string]*Count{}, budgets: map[string]row{}, windows: map[windowKey]windowRow{}, groups: map[string]group{}, holders: map[string]holders{}, deleted: map[deleted]bool{}, bound: map[string]*[]string{},
		alias: map[string]map[string]string{}, projects: map[string]project{}, old: map[string][]oldKey{}, ids: map[string]map[string]string{}, users: map[string]bool{}, orgs: map[string]bool{},
		teams: map[string]*team{}, inTeams: map[string]bool{}, ownModels: map[string][]string{}, carried: map[string]carried{}}
	for _, k := range kinds {
		p.counts[k] = &Count{Kind: k}
	}
	var err error
	if p.source, err = parts.Reader.Name(ctx); err != nil {
		return nil, err
	}
	for _, step := range []func() error{p.readCarried, p.readDeleted, p.readBudgets, p.readGroups, p.readOldKeys, p.lookAtKeys, p.readOrgs, p.readUsers, p.readOrgMembers, p.readTeams, p.readMembers,
		p.readProjects, p.everyEndUser, p.readEndUsers, p.readTags, p.readKeys, p.plans, p.readModels, p.readSettings, p.strange, p.terms} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	plan := &Plan{Edits: p.edits, Carried: p.total, Findings: p.list()}
	for _, k := range kinds {
		plan.Counts = append(plan.Counts, *p.counts[k])
	}
	return plan, nil
}

// each reads a table, once. A row that is too long is left out.
func (p *planner) each(table database.Table, kind string, put func(database.Row) error) error {
	return p.Reader.Each(p.ctx, table, func(row database.Row) error {
		if !row.Value.Exists() {
			p.find(litellm.Unavailable, kind, row.ID, "", fmt.Sprintf("its row has more than %d bytes: it is left out", database.MaxRow))
			if c := p.counts[kind]; c != nil {
				c.Found++
				c.Left++
			}
			return nil
		}
		if id := row.Value.Get("budget_id").Str; id != "" && table != database.Budgets {
			h := p.holders[id]
			if h.all++; table == database.Keys {
				h.keys++
			}
			p.holders[strings.Clone(id)] = h
		}
		return put(row)
	})
}

func (p *planner) do(edits ...control.Edit) error {
	if len(p.edits)+len(edits) > control.MaxEdits {
		return fmt.Errorf("there is more to be changed than fits into one change, which is %d edits: nothing was changed", control.MaxEdits)
	}
	p.edits = append(p.edits, edits...)
	return nil
}

// put counts what becomes of a thing: exists says that it is here already, and edits what
// is to be done.
func (p *planner) put(kind string, exists bool, edits ...control.Edit) error {
	c := p.counts[kind]
	switch {
	case !exists:
		c.New++
	case len(edits) > 0:
		c.Changed++
	default:
		c.Same++
	}
	return p.do(edits...)
}

// missing takes the error of a look-up apart.
func missing(err error) (bool, error) {
	if errors.Is(err, control.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// strange tells what stands in the database and is not read.
func (p *planner) strange() error {
	all, err := p.Reader.Strange(p.ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		severity, message := litellm.Ignored, ""
		switch {
		case s.Known && s.Money:
			severity, message = litellm.Unavailable, "it holds "+s.Why+", which tollgate does not have: none is brought over"
		case s.Known:
			message = "it holds " + s.Why + ": none is brought over"
		case s.Money:
			severity, message = litellm.Unavailable, "tollgate does not know it, and it may hold rules on money: nothing of it is brought over"
		default:
			message = "tollgate does not know it: nothing of it is brought over"
		}
		p.find(severity, string(s.Table), "", s.Column, message)
	}
	return nil
}
