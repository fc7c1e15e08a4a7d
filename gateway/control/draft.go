package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/limits"
)

// draft is a change of many things before it happens: what everything would be like
// after it, over what it is like now, and what the store is to write. Nothing that
// others can see changes before all of it is found valid and is written, in one
// transaction. The mutex is held as long as it lives.
type draft struct {
	*Control
	at      time.Time
	by      Actor
	writes  []Write
	from    map[thing]bool // what it follows from, beside what it writes
	users   *things[access.User]
	others  *things[access.EndUser]
	tags    *things[access.Tag]
	orgs    *things[access.Organization]
	teams   *things[access.Team]
	keys    *things[StoredKey]
	plans   *things[Plan]
	budgets *rules[ledger.Budget] // nil: untouched
	limits  *rules[limits.Rule]
	adding  *added                 // what the API added to the catalog; nil: untouched
	digests map[access.Digest]bool // of keys that the draft makes
	owned   map[owner][]string     // ids of keys by whom they belong to; nil: nobody has asked
}

// thing is one of a kind, or all of it.
type thing struct {
	kind ChangeKind
	id   string
}

// anyID stands for every id of a kind.
const anyID = ""

// follows notes that the draft would be another one if a thing were.
func (d *draft) follows(kind ChangeKind, id string) { d.from[thing{kind, id}] = true }

// of says whether the draft follows from a thing.
func (d *draft) of(kind ChangeKind, id string) bool {
	return d.from[thing{kind, id}] || d.from[thing{kind, anyID}]
}

// owner is somebody whom keys belong to.
type owner struct {
	kind ChangeKind
	id   string
}

// draft begins a change that is made at an instant.
func (c *Control) draft(ctx context.Context, at time.Time) *draft {
	d := &draft{Control: c, at: at, by: actorOf(ctx), from: map[thing]bool{}, digests: map[access.Digest]bool{}}
	dir := c.directory
	d.users = thingsOf(d, UserChanged, dir.User)
	d.others = thingsOf(d, EndUserChanged, dir.EndUser)
	d.tags = thingsOf(d, TagChanged, dir.Tag)
	d.orgs = thingsOf(d, OrgChanged, dir.Org)
	d.teams = thingsOf(d, TeamChanged, dir.Team)
	d.keys = thingsOf(d, KeyChanged, d.stored)
	d.plans = thingsOf(d, PlanChanged, d.planNow)
	return d
}

// changeTries is how often a change is made anew since another replica has changed the
// same things meanwhile.
const changeTries = 8

// run makes a change: fill says what it is, anew if another replica was faster. Either all of
// it happens or nothing.
func (c *Control) run(ctx context.Context, fill func(*draft) error) error {
	basis := basisOf(ctx)
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.mu.Unlock()
	for try := 1; ; try++ {
		if err := basis.good(c.edition); err != nil {
			return err
		}
		d := c.draft(ctx, c.now())
		if err := fill(d); err != nil || len(d.writes) == 0 {
			return err
		}
		if err := d.checkAdded(); err != nil {
			return err
		}
		var asOf *AsOf
		if c.shared {
			asOf = &AsOf{c.seen, d.of}
			if basis != nil {
				asOf.Of = basis.of
			}
		}
		err := c.store.Write(ctx, d.writes, asOf)
		if err == nil {
			d.publish()
			basis.use()
			return nil
		}
		if !errors.Is(err, ErrOvertaken) || try == changeTries {
			return err
		}
		if err := c.catchUp(ctx); err != nil {
			return err
		}
	}
}

// publish puts in force what was written.
func (d *draft) publish() {
	d.edition++
	dir := d.directory
	d.orgs.publish(dir.PutOrg, dir.DropOrg)
	d.others.publish(dir.PutEndUser, dir.DropEndUser)
	d.tags.publish(dir.PutTag, dir.DropTag)
	d.users.publish(dir.PutUser, dir.DropUser)
	d.teams.publish(dir.PutTeam, dir.DropTeam)
	d.keys.publish(func(k StoredKey) { dir.PutKey(k.Key, k.Foreign) }, dir.DropKey)
	d.plans.publish(d.putPlan, d.dropPlan)
	if d.budgets != nil {
		d.api = d.budgets.list()
		d.setBudgets()
	}
	if d.limits != nil {
		d.apiRules = d.limits.list()
		d.setLimits()
	}
	if d.adding != nil {
		d.added = d.adding
		d.Control.publish()
	}
}

// changed makes a change of one thing and returns what it has become.
func changed[T any](ctx context.Context, c *Control, fill func(*draft) (T, error)) (v T, err error) {
	err = c.run(ctx, func(d *draft) (err error) { v, err = fill(d); return err })
	return v, err
}

// write adds a write, and the audit of it. The draft must not have the change yet.
func (d *draft) write(w Write) { d.writes = append(d.writes, w, d.audit(w)) }

// key returns a key that may be changed, or [ErrNotFound].
func (d *draft) key(id string) (StoredKey, error) {
	k, err := d.keys.get(id)
	return StoredKey{k.Key.Clone(), k.Foreign}, err
}

func (d *draft) stored(id string) *StoredKey {
	if k := d.directory.Key(id); k != nil {
		return &StoredKey{*k, k.Foreign()}
	}
	return nil
}

// taken says whether a digest is a key's, or was one's before it was rotated.
func (d *draft) taken(digest access.Digest) bool {
	if d.digests[digest] {
		return true
	}
	k := d.directory.ByDigest(digest, time.Time{})
	if k == nil {
		return false
	}
	now := d.keys.find(k.ID)
	return now != nil && (now.Digest == digest || now.Former == digest)
}

// keysOf lists the ids of the keys that belong to somebody.
func (d *draft) keysOf(o owner) []string {
	if d.owned == nil {
		d.owned = map[owner][]string{}
		d.follows(KeyChanged, anyID)
		for _, id := range d.directory.KeyIDs() {
			if _, ours := d.keys.next[id]; !ours {
				d.own(d.directory.Key(id))
			}
		}
		for _, k := range d.keys.next {
			if k != nil {
				d.own(&k.Key)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(d.owned[o]), func(id string) bool { return d.keys.find(id) == nil })
}

// own notes whom a key belongs to, if anybody wants to know.
func (d *draft) own(k *access.Key) {
	if d.owned == nil {
		return
	}
	for _, o := range []owner{{UserChanged, k.UserID}, {TeamChanged, k.TeamID}, {OrgChanged, k.OrgID}} {
		if o.id != "" {
			d.owned[o] = append(d.owned[o], k.ID)
		}
	}
}

// checkSelector checks the account that a valid selector of a budget or a limit names, which
// must be there. End users and tags come and go unannounced.
func (d *draft) checkSelector(s scope.Selector) error {
	if s.Each {
		return nil
	}
	var err error
	switch s.Kind {
	case scope.User:
		_, err = d.users.get(s.Owner)
	case scope.Team:
		_, err = d.teams.get(s.Owner)
	case scope.Org:
		_, err = d.orgs.get(s.Owner)
	case scope.Key:
		_, err = d.key(s.Owner)
	case scope.Tag:
		err = inField("owner", checkTag(s.Owner))
	case scope.Member:
		team, user, _ := strings.Cut(s.Owner, "/") // no id holds a slash
		if t, err := d.teams.get(team); err != nil || !access.Is(user, t.Members) {
			return fmt.Errorf("member %q (written TEAM/USER): %w", s.Owner, ErrNotFound)
		}
	}
	return err
}

// fresh says that an account is of somebody whom the draft makes, so that nobody else can have
// said anything of it.
func (d *draft) fresh(a scope.Account) bool {
	switch a.Kind {
	case scope.User:
		return d.users.fresh(a.ID)
	case scope.Team:
		return d.teams.fresh(a.ID)
	case scope.Org:
		return d.orgs.fresh(a.ID)
	case scope.Key:
		return d.keys.fresh(a.ID)
	}
	return false
}

// inSelector says of an error of a rule in which of its fields it lies: whom the rule is for,
// where that is wrong, or else the field; "" if it lies in none alone.
func inSelector(s scope.Selector, field string, err error) error {
	switch {
	case errors.Is(err, scope.ErrBadKind):
		field = "scope"
	case errors.Is(err, scope.ErrBadOwner) && s.Each:
		field = "each"
	case errors.Is(err, scope.ErrBadOwner):
		field = "owner"
	case s.Validate() != nil:
		field = "models"
	}
	if field == "" {
		return err
	}
	return inField(field, err)
}

// rules are budgets or limits: those of the store, which the draft may change, and those
// of the file, which it may not.
type rules[T any] struct {
	what   ChangeKind
	id     func(T) string
	of     func(T) scope.Selector
	all    []*T // nil: gone
	at     map[string]int
	owned  map[scope.Account][]int // by whom they are for; those for each of a kind have no id
	inFile map[string]bool
	file   map[scope.Account][]T // those of the file, by whom they are for
}

func newRules[T any](what ChangeKind, id func(T) string, of func(T) scope.Selector, api, declared []T) *rules[T] {
	r := &rules[T]{what: what, id: id, of: of, at: map[string]int{}, owned: map[scope.Account][]int{}, inFile: map[string]bool{}, file: map[scope.Account][]T{}}
	for _, v := range api {
		r.put(v)
	}
	for _, v := range declared {
		r.inFile[id(v)] = true
		account := r.account(v)
		r.file[account] = append(r.file[account], v)
	}
	return r
}

func (r *rules[T]) account(v T) scope.Account {
	s := r.of(v)
	return scope.Account{Kind: s.Kind, ID: s.Owner}
}

// alone makes sure that no other rule, here or in the file, is the same as far as people can
// tell: the one that is looser would do nothing, and nobody would know which they change.
func (r *rules[T]) alone(v T, same func(T, T) bool, why string) error {
	account := r.account(v)
	for _, i := range r.owned[account] {
		if x := r.all[i]; x != nil && r.id(*x) != r.id(v) && same(*x, v) {
			return named(r.what, r.id(*x), fmt.Errorf("%w %s", ErrExists, why))
		}
	}
	for _, x := range r.file[account] {
		if same(x, v) {
			return named(r.what, r.id(x), fmt.Errorf("%w in the configuration file %s", ErrExists, why))
		}
	}
	return nil
}

// put adds a rule, or another one in the place of one that is for the same account.
func (r *rules[T]) put(v T) {
	if i, ok := r.at[r.id(v)]; ok && r.all[i] != nil {
		r.all[i] = &v
		return
	}
	account := r.account(v)
	r.owned[account] = append(r.owned[account], len(r.all))
	r.at[r.id(v)] = len(r.all)
	r.all = append(r.all, &v)
}

// ofAccount lists the rules that are for an account, among others of its kind perhaps.
func (r *rules[T]) ofAccount(a scope.Account) (out []T) {
	add := func(places []int) {
		for _, i := range places {
			if r.all[i] != nil {
				out = append(out, *r.all[i])
			}
		}
	}
	add(r.owned[scope.Account{Kind: a.Kind}])
	if a.ID != "" {
		add(r.owned[a])
	}
	return out
}

// get returns one of the store's. The error is [ErrInFile] or [ErrNotFound].
func (r *rules[T]) get(id string) (T, error) {
	if i, ok := r.at[id]; ok && r.all[i] != nil {
		return *r.all[i], nil
	}
	var none T
	if r.inFile[id] {
		return none, named(r.what, id, ErrInFile)
	}
	return none, missing(r.what, id)
}

// free makes sure that nothing has an id yet.
func (r *rules[T]) free(id string) error {
	if _, err := r.get(id); !errors.Is(err, ErrNotFound) {
		return named(r.what, id, ErrExists)
	}
	return nil
}

func (r *rules[T]) drop(id string) { r.all[r.at[id]] = nil }

func (r *rules[T]) list() []T {
	var out []T
	for _, v := range r.all {
		if v != nil {
			out = append(out, *v)
		}
	}
	return out
}

// budgetRules are the budgets of the draft.
func (d *draft) budgetRules() *rules[ledger.Budget] {
	if d.budgets == nil {
		d.budgets = newRules(BudgetChanged, func(b ledger.Budget) string { return b.ID }, ledger.Budget.Selector, d.api, d.declared.Budgets)
	}
	return d.budgets
}

// limitRules are the limits of the draft.
func (d *draft) limitRules() *rules[limits.Rule] {
	if d.limits == nil {
		d.limits = newRules(LimitChanged, func(l limits.Rule) string { return l.ID }, func(l limits.Rule) scope.Selector { return l.Selector }, d.apiRules, d.declared.Limits)
	}
	return d.limits
}
