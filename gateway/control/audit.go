package control

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/limits"
)

// Actor is who changes something.
type Actor struct {
	Key  string // the id of the key
	User string // the id of the key's user; "" if it has none
	Name string // whom the client names as the one behind it; "" if nobody
}

// String names the actor for the books.
func (a Actor) String() string {
	text := "tollgate"
	switch {
	case a.User != "":
		text = "user " + a.User
	case a.Key != "":
		text = "key " + a.Key
	}
	if a.Name != "" {
		text += ", for " + a.Name
	}
	return text
}

// MaxActor is how many bytes the name of an actor may have.
const MaxActor = 256

type actorKey struct{}

// By says who is behind the changes that are made with a context. Without it they are
// tollgate's own.
func By(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

func actorOf(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// Audit is one change of one thing, written with it and never changed.
type Audit struct {
	Seq    int64
	At     time.Time
	Actor  Actor
	Action Action
	Kind   ChangeKind
	ID     string // of a member: TEAM/USER or ORG/USER
	Before string // as JSON, without secrets; "" if it was not there
	After  string // likewise; "" if it is gone
}

// PutAudit writes an audit.
type PutAudit struct{ Audit }

// About implements [Write]. It is about no thing of its own.
func (PutAudit) About() (ChangeKind, string) { return "", "" }

// AuditKinds are what an audit can be of.
var AuditKinds = []ChangeKind{UserChanged, EndUserChanged, TagChanged, OrgChanged, OrgChanged + " member", TeamChanged, TeamChanged + " member", KeyChanged, BudgetChanged,
	LimitChanged, PlanChanged, DeploymentChanged, CredentialChanged, GroupChanged, FallbackChanged, AdjustmentMade}

// AuditQuery asks for audits, newest first.
type AuditQuery struct {
	From, To time.Time // To is not included; zero: no bound
	Kind     ChangeKind
	Action   Action
	ID       string
	User     string // of the actor
	Key      string // of the actor
	Before   int64  // the number of the last one of the page before; 0: from the newest on
	Limit    int    // 1 to MaxEntries and one more, which tells whether there are more; 0 is 100
}

// Audits lists what was changed, by whom and how.
func (c *Control) Audits(ctx context.Context, q AuditQuery) ([]Audit, error) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	if q.Limit < 1 || q.Limit > MaxEntries+1 {
		return nil, inField("limit", invalid("a page has 1 to %d audits", MaxEntries))
	}
	return c.store.Audits(ctx, q)
}

// EverWas says of a user, a team, an organization or a key that is not there and was not
// there before, as far back as audits are kept, that it is not: [ErrNotFound]. What was
// deleted is still in the books, so whoever reads them may ask for it.
func (c *Control) EverWas(ctx context.Context, kind ChangeKind, id string) error {
	var there bool
	switch kind {
	case UserChanged:
		there = c.directory.User(id) != nil
	case TeamChanged:
		there = c.directory.Team(id) != nil
	case OrgChanged:
		there = c.directory.Org(id) != nil
	case KeyChanged:
		there = c.directory.Key(id) != nil
	}
	if there {
		return nil
	}
	found, err := c.store.Audits(ctx, AuditQuery{Kind: kind, ID: id, Limit: 1})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%w, and it never was there as far as is known", missing(kind, id))
	}
	return err
}

// fields are what is kept of a thing.
type fields map[string]any

func (f fields) with(attributes json.RawMessage) fields {
	if attributes != nil {
		f["attributes"] = attributes
	}
	return f
}

func (f fields) text() string {
	if f == nil {
		return ""
	}
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // only plain values and checked JSON stand in it
	}
	return string(b)
}

// audit puts together what is kept of a write, before the draft has it.
func (d *draft) audit(w Write) PutAudit {
	a := Audit{At: d.at, Actor: d.by, Action: Update}
	a.Kind, a.ID = w.About()
	var before, after fields
	isNew := false
	switch w := w.(type) {
	case PutUser:
		isNew, after = w.New, fieldsOfUser(w.User).with(w.Attributes)
	case PutEndUser:
		isNew, after = w.New, fieldsOfEndUser(w.EndUser).with(w.Attributes)
	case PutTag:
		isNew, after = w.New, fieldsOfTag(w.Tag).with(w.Attributes)
	case PutOrg:
		isNew, after = w.New, fieldsOfOrg(w.Org).with(w.Attributes)
	case PutTeam:
		isNew, after = w.New, fieldsOfTeam(w.Team).with(w.Attributes)
	case PutKey:
		isNew, after = w.New, fieldsOfKey(w.Key.Key).with(w.Attributes)
		if was, err := d.key(a.ID); err == nil && was.Digest != w.Key.Digest {
			a.Action = Rotate
		}
	case PutBudget:
		isNew, after = w.New, fieldsOfBudget(w.Budget)
	case PutLimit:
		isNew, after = w.New, fieldsOfLimit(w.Limit)
	case PutPlan:
		isNew, after = w.New, fields{"name": w.Plan.Name}.with(w.Attributes)
	case PutAdjustment:
		isNew, after = true, fieldsOfAdjustment(w)
	case PutDeployment:
		isNew, after = w.New, fieldsOfDeployment(w.Deployment.Deployment).with(w.Attributes)
	case PutCredential:
		isNew, after = w.New, fieldsOfCredential(w.Credential.Credential).with(w.Attributes)
	case PutGroup:
		isNew, after = w.New, fieldsOfGroup(w.Group).with(w.Attributes)
	case PutFallback:
		isNew, after = w.New, fieldsOfFallback(w.Fallback)
	case PutMember:
		before, after = d.fieldsOfMember(w.In, w.ID, w.User), fields{"role": w.Role}
		a.Kind, a.ID = a.Kind+" member", w.ID+"/"+w.User
	case DropMember:
		a.Action, before = Delete, d.fieldsOfMember(w.In, w.ID, w.User)
		a.Kind, a.ID = a.Kind+" member", w.ID+"/"+w.User
	case Drop:
		a.Action = Delete
	}
	if isNew {
		a.Action = Create
	} else if before == nil {
		before = d.fieldsOf(a.Kind, a.ID)
	}
	a.Before, a.After = before.text(), after.text()
	return PutAudit{a}
}

// fieldsOf is what a thing is like in the draft so far; nil if it is not there.
func (d *draft) fieldsOf(kind ChangeKind, id string) fields {
	switch kind {
	case UserChanged:
		if u, err := d.users.get(id); err == nil {
			return fieldsOfUser(u)
		}
	case EndUserChanged:
		if u, err := d.others.get(id); err == nil {
			return fieldsOfEndUser(u)
		}
	case TagChanged:
		if t, err := d.tags.get(id); err == nil {
			return fieldsOfTag(t)
		}
	case OrgChanged:
		if o, err := d.orgs.get(id); err == nil {
			return fieldsOfOrg(o)
		}
	case TeamChanged:
		if t, err := d.teams.get(id); err == nil {
			return fieldsOfTeam(t)
		}
	case KeyChanged:
		if k, err := d.key(id); err == nil {
			return fieldsOfKey(k.Key)
		}
	case BudgetChanged:
		if b, err := d.budgetRules().get(id); err == nil {
			return fieldsOfBudget(b)
		}
	case LimitChanged:
		if l, err := d.limitRules().get(id); err == nil {
			return fieldsOfLimit(l)
		}
	case PlanChanged:
		if p, err := d.plans.get(id); err == nil {
			return fields{"name": p.Name}
		}
	case DeploymentChanged:
		if v := d.more().deployments[id]; v != nil {
			return fieldsOfDeployment(v.Deployment)
		}
	case CredentialChanged:
		if v := d.more().credentials[id]; v != nil {
			return fieldsOfCredential(v.Credential)
		}
	case GroupChanged:
		if g, ok := d.more().groups[id]; ok {
			return fieldsOfGroup(g)
		}
	case FallbackChanged:
		if f, ok := d.more().fallbacks[id]; ok {
			return fieldsOfFallback(f)
		}
	}
	return nil
}

func (d *draft) fieldsOfMember(in ChangeKind, id, user string) fields {
	var members, admins []string
	if in == OrgChanged {
		if o, err := d.orgs.get(id); err == nil {
			members, admins = o.Members, o.Admins
		}
	} else if t, err := d.teams.get(id); err == nil {
		members, admins = t.Members, t.Admins
	}
	switch {
	case access.Is(user, admins):
		return fields{"role": access.GroupAdmin}
	case access.Is(user, members):
		return fields{"role": access.PlainMember}
	}
	return nil
}

func fieldsOfUser(u access.User) fields {
	return fields{"name": u.Name, "email": u.Email, "role": u.Role, "blocked": u.Blocked, "models": u.Models}
}

func fieldsOfEndUser(u access.EndUser) fields {
	return fields{"name": u.Name, "blocked": u.Blocked}
}

func fieldsOfTag(t access.Tag) fields {
	return fields{"description": t.Description, "blocked": t.Blocked}
}

func fieldsOfOrg(o access.Organization) fields {
	return fields{"name": o.Name, "blocked": o.Blocked, "models": o.Models}
}

func fieldsOfTeam(t access.Team) fields {
	return fields{"name": t.Name, "org": t.OrgID, "blocked": t.Blocked, "models": t.Models, "aliases": t.Aliases, "tags": t.Tags}
}

// fieldsOfKey leaves out the digests: nothing of a secret stands in an audit but its hint.
func fieldsOfKey(k access.Key) fields {
	f := fields{"name": k.Name, "hint": k.Hint, "role": k.Role, "user": k.UserID, "team": k.TeamID, "org": k.OrgID, "models": k.Models, "blocked": k.Blocked,
		"end_users": k.EndUsers, "tags": k.Tags, "call_tags": k.CallTags, "budget_fallback": k.BudgetFallback, "aliases": k.Aliases, "metadata": k.Metadata}
	if !k.Expires.IsZero() {
		f["expires"] = k.Expires
	}
	if len(k.Routes) > 0 {
		f["routes"] = k.Routes
	}
	if !k.FormerUntil.IsZero() {
		f["former_until"] = k.FormerUntil
	}
	return f
}

func fieldsOfBudget(b ledger.Budget) fields {
	f := fields{"name": b.Name, "scope": b.Kind, "each": b.Each, "owner": b.Owner, "models": b.Models, "limit": b.Limit, "soft": b.Soft, "per": b.Window.String()}
	if !b.Extra.Until.IsZero() {
		f["extra"] = fields{"amount": b.Extra.Amount, "until": b.Extra.Until}
	}
	return f
}

func fieldsOfLimit(l limits.Rule) fields {
	return fields{"name": l.Name, "scope": l.Kind, "each": l.Each, "owner": l.Owner, "models": l.Models,
		"requests_per_minute": l.Requests, "tokens_per_minute": l.Tokens, "concurrent_requests": l.Concurrent}
}

// fieldsOfAdjustment tells what was asked for: the amount of one that says where spending
// is to stand is in its entry.
func fieldsOfAdjustment(a PutAdjustment) fields {
	budgets := []string{}
	for _, c := range a.Claims {
		budgets = append(budgets, c.Counter.Budget)
	}
	f := fields{"scope": a.Account.Kind, "owner": a.Account.ID, "budgets": budgets, "reason": a.Reason}
	if a.To != nil {
		f["to"] = *a.To
	} else {
		f["amount"] = a.Amount
	}
	return f
}

// fieldsOfDeployment has the names of secrets, and nothing of what they are.
func fieldsOfDeployment(v Deployment) fields {
	return fields{"name": v.Name, "declaration": v.Declaration, "credential": v.Credential, "secrets": v.Secrets}
}

func fieldsOfCredential(v Credential) fields {
	return fields{"urls": v.URLs, "secrets": v.Secrets}
}

func fieldsOfGroup(g Group) fields { return fields{"name": g.Name, "models": g.Models} }

func fieldsOfFallback(f Fallback) fields {
	return fields{"model": f.Model, "when": f.When, "to": f.To}
}
