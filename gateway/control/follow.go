package control

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/aside"
	"tollgate/gateway/limits"
)

// How long after a change by one replica the others look for it: the mean of a time
// that is drawn anew each time. A key that was revoked elsewhere is refused here within
// this, the time of a few small statements, and half of it more (trust.md T22: 2 s).
const changesEvery = 500 * time.Millisecond

// How long the store may take to say what was changed, and to tell all of it.
const (
	changesWait = 5 * time.Second
	readWait    = time.Minute
)

// How often the store is asked at most because somebody brings a key that is not known
// here, however many do, and how long such a request waits for the answer.
const (
	lookEvery = 100 * time.Millisecond
	lookWait  = time.Second
)

// ChangeKind says what kind of thing was changed.
type ChangeKind string

// The kinds of thing whose changes are noted.
const (
	UserChanged    ChangeKind = "user"
	EndUserChanged ChangeKind = "end_user"
	TagChanged     ChangeKind = "tag"
	OrgChanged     ChangeKind = "org"
	TeamChanged    ChangeKind = "team"
	KeyChanged     ChangeKind = "key"
	BudgetChanged  ChangeKind = "budget"
	LimitChanged   ChangeKind = "limit"
	PlanChanged    ChangeKind = "plan"

	DeploymentChanged ChangeKind = "deployment"
	CredentialChanged ChangeKind = "credential"
	GroupChanged      ChangeKind = "model_group"
	FallbackChanged   ChangeKind = "fallback"
)

// AdjustmentMade is what an adjustment is called among changes. It is an entry of the books
// and nothing that is in force, so it is not noted.
const AdjustmentMade ChangeKind = "adjustment"

// Change says that something was made, changed or deleted. What it is like now is in
// the store.
type Change struct {
	Seq  int64
	Kind ChangeKind
	ID   string
}

// FollowChanges keeps what is in force equal to the store while other replicas change
// it, until ctx ends. While the store does not answer, what was last known stays in
// force. Without other replicas it returns at once.
func (c *Control) FollowChanges(ctx context.Context) {
	if !c.shared {
		return
	}
	for c.looks.due(ctx) {
		look := c.looks.begin()
		err := aside.Try(c.log, "while changes of other replicas were taken over", func() error { return c.follow(ctx) })
		if ctx.Err() == nil {
			switch behind := c.behind.Swap(err != nil); {
			case err != nil && !behind:
				c.log.Error("the store does not say what other replicas have changed; what was last known stays in force", "error", err)
			case err == nil && behind:
				c.log.Info("what other replicas changed meanwhile is in force")
			}
		}
		look.end(err)
	}
}

// CaughtUp says whether all is in force here that other replicas had changed when it was
// called. For that the store is looked at, once for all who ask at the same time, and not
// for long: false says that it does not tell, and that what is not known here may be there.
func (c *Control) CaughtUp() bool {
	if !c.shared {
		return true
	}
	if c.behind.Load() {
		return false
	}
	look := c.looks.join()
	patience := time.NewTimer(lookWait)
	defer patience.Stop()
	select {
	case <-look.done:
		return look.err == nil
	case <-patience.C:
		return false
	}
}

// looks is who waits for the next look at what other replicas have changed.
type looks struct {
	mu   sync.Mutex
	next *look         // has not begun; nil: nobody waits for it
	ask  chan struct{} // holds one if somebody waits
}

// look is one look at the store that somebody waits for.
type look struct {
	done chan struct{}
	err  error // once it is done
}

// due waits until it is time for a look: when somebody waits for one, and now and then
// anyway. It says whether there is to be one.
func (l *looks) due(ctx context.Context) bool {
	anyway, soonest := time.NewTimer(changesEvery/2+rand.N(changesEvery)), time.NewTimer(lookEvery)
	defer anyway.Stop()
	defer soonest.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-soonest.C:
	}
	select {
	case <-ctx.Done():
		return false
	case <-anyway.C:
	case <-l.ask:
	}
	return true
}

// join is the next look to begin.
func (l *looks) join() *look {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil {
		l.next = &look{done: make(chan struct{})}
		select {
		case l.ask <- struct{}{}:
		default: // it is asked for already
		}
	}
	return l.next
}

// begin is the look that begins; who comes now waits for the one after it. nil: nobody waits.
func (l *looks) begin() *look {
	l.mu.Lock()
	defer l.mu.Unlock()
	begun := l.next
	l.next = nil
	select {
	case <-l.ask:
	default:
	}
	return begun
}

func (l *look) end(err error) {
	if l != nil {
		l.err = err
		close(l.done)
	}
}

// follow brings in force what was changed since. Most of the time nothing was, and then
// nobody who changes something here is kept waiting.
func (c *Control) follow(ctx context.Context) error {
	c.mu.Lock()
	seen := c.seen
	c.mu.Unlock()
	page, err := c.changes(ctx, seen)
	if err != nil || upToDate(page, seen) {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.catchUp(ctx)
}

func (c *Control) changes(ctx context.Context, from int64) ([]Change, error) {
	ctx, cancel := context.WithTimeout(ctx, changesWait)
	defer cancel()
	return c.store.Changes(ctx, from)
}

func upToDate(page []Change, seen int64) bool {
	return len(page) == 0 && seen == 0 || len(page) == 1 && page[0].Seq == seen
}

// lock takes the mutex for a change, after what other replicas have changed is in force
// here: each change is made to what a thing is like now, and a thing that another
// replica has just made is known.
func (c *Control) lock(ctx context.Context) (err error) {
	c.mu.Lock()
	taken := false
	defer func() {
		if !taken { // also after a panic
			c.mu.Unlock()
		}
	}()
	if c.shared {
		err = c.catchUp(ctx)
	}
	taken = err == nil
	return err
}

// catchUp brings in force what was changed since, page by page. If changes are missing,
// since this replica was away for longer than they are kept or the store is another than
// it was, everything is read anew. The mutex is held.
func (c *Control) catchUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readWait)
	defer cancel()
	for {
		page, err := c.changes(ctx, c.seen)
		if err != nil || upToDate(page, c.seen) {
			return err
		}
		if !follows(page, c.seen) {
			c.log.Info("changes of other replicas are missing; everything is read anew", "seen", c.seen)
			return c.read(ctx)
		}
		if err := c.bringAll(ctx, page); err != nil {
			return err
		}
		c.seen = page[len(page)-1].Seq
	}
}

// follows says whether nothing is missing between what was seen and a page. A number can
// be missing because its change never happened, too; that is seldom, and harmless.
func follows(page []Change, seen int64) bool {
	if len(page) == 0 {
		return false // not even the newest one is there
	}
	if page[0].Seq == seen {
		page = page[1:]
	}
	for _, ch := range page {
		if seen++; ch.Seq != seen {
			return false
		}
	}
	return true
}

// bringAll brings in force what the things that some changes are about are like now. The
// mutex is held.
func (c *Control) bringAll(ctx context.Context, page []Change) error {
	c.edition++
	done := map[thing]bool{}
	budgets := false
	for _, ch := range page {
		t := thing{ch.Kind, ch.ID}
		switch t.kind { // they are read all at once
		case LimitChanged:
			t.id = ""
		case DeploymentChanged, CredentialChanged, GroupChanged, FallbackChanged:
			t = thing{kind: DeploymentChanged}
		}
		if done[t] {
			continue
		}
		done[t] = true
		var err error
		switch t.kind {
		case UserChanged:
			err = bring(ctx, t.id, c.store.UserByID, c.directory.PutUser, c.directory.DropUser)
		case EndUserChanged:
			err = bring(ctx, t.id, c.store.EndUserByID, c.directory.PutEndUser, c.directory.DropEndUser)
		case TagChanged:
			err = bring(ctx, t.id, c.store.TagByID, c.directory.PutTag, c.directory.DropTag)
		case OrgChanged:
			err = bring(ctx, t.id, c.store.OrgByID, c.directory.PutOrg, c.directory.DropOrg)
		case TeamChanged:
			err = bring(ctx, t.id, c.store.TeamByID, c.directory.PutTeam, c.directory.DropTeam)
		case KeyChanged:
			err = bring(ctx, t.id, c.store.KeyByID, func(k StoredKey) { c.directory.PutKey(k.Key, k.Foreign) }, c.directory.DropKey)
		case BudgetChanged:
			budgets = true
			err = bring(ctx, t.id, c.store.BudgetByID, c.putBudget, c.dropBudget)
		case PlanChanged:
			err = bring(ctx, t.id, c.store.PlanByID, c.putPlan, c.dropPlan)
		case LimitChanged:
			var rules []limits.Rule
			if rules, err = c.store.Limits(ctx); err == nil {
				c.apiRules = rules
				c.setLimits()
			}
		case DeploymentChanged:
			var a *added
			if a, err = c.readAdded(ctx); err == nil {
				c.added = a
				c.publish()
			}
		}
		if err != nil {
			return err
		}
	}
	if budgets {
		c.setBudgets()
	}
	return nil
}

// bring reads one thing and puts it in force, or out of force if it is gone.
func bring[T any](ctx context.Context, id string, read func(context.Context, string) (T, error), put func(T), drop func(string)) error {
	v, err := read(ctx, id)
	switch {
	case err == nil:
		put(v)
	case errors.Is(err, ErrNotFound):
		drop(id)
	default:
		return err
	}
	return nil
}

func (c *Control) putBudget(b ledger.Budget) {
	c.api = slices.Clone(c.api)
	if i := c.indexBudget(b.ID); i >= 0 {
		c.api[i] = b
	} else {
		c.api = append(c.api, b)
	}
}

func (c *Control) dropBudget(id string) {
	if i := c.indexBudget(id); i >= 0 {
		c.api = slices.Delete(slices.Clone(c.api), i, i+1)
	}
}

func (c *Control) indexBudget(id string) int {
	return slices.IndexFunc(c.api, func(b ledger.Budget) bool { return b.ID == id })
}

// read puts everything that the store has in force, and what it no longer has out of
// force. What is changed meanwhile is found among the changes later: their number is
// read first. The mutex is held.
func (c *Control) read(ctx context.Context) error {
	last, err := c.store.LastChange(ctx)
	if err != nil {
		return err
	}
	var everybody access.Directory
	if err := c.store.EachUser(ctx, func(u access.User) { everybody.FillUser(&u) }); err != nil {
		return err
	}
	if err := c.store.EachEndUser(ctx, func(u access.EndUser) { everybody.FillEndUser(&u) }); err != nil {
		return err
	}
	if err := c.store.EachTag(ctx, func(t access.Tag) { everybody.FillTag(&t) }); err != nil {
		return err
	}
	orgs, err := c.store.Orgs(ctx)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		everybody.PutOrg(o)
	}
	teams, err := c.store.Teams(ctx)
	if err != nil {
		return err
	}
	for _, t := range teams {
		everybody.PutTeam(t)
	}
	if err := c.store.EachKey(ctx, func(k StoredKey) { everybody.FillKey(&k.Key, k.Foreign) }); err != nil {
		return err
	}
	budgets, err := c.store.Budgets(ctx)
	if err != nil {
		return err
	}
	rules, err := c.store.Limits(ctx)
	if err != nil {
		return err
	}
	plans, err := c.store.Plans(ctx)
	if err != nil {
		return err
	}
	more, err := c.readAdded(ctx)
	if err != nil {
		return err
	}
	c.edition++
	c.directory.Replace(&everybody)
	clear(c.plans)
	for _, p := range plans {
		c.putPlan(p)
	}
	c.api, c.apiRules, c.added, c.seen = budgets, rules, more, last
	c.setBudgets()
	c.setLimits()
	if c.declared.Prices != nil { // else nothing is declared yet
		c.publish()
	}
	return nil
}

// readAdded reads what the API added to the catalog.
func (c *Control) readAdded(ctx context.Context) (*added, error) {
	out := newAdded()
	deployments, err := c.store.Deployments(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range deployments {
		out.deployments[d.ID] = &deployment{StoredDeployment: d}
	}
	credentials, err := c.store.Credentials(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range credentials {
		out.credentials[v.ID] = &credential{v}
	}
	groups, err := c.store.Groups(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		out.groups[g.ID] = g
	}
	fallbacks, err := c.store.Fallbacks(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range fallbacks {
		out.fallbacks[f.ID] = f
	}
	return out, nil
}
