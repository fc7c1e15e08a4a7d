package control_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/gateway/store"
	"tollgate/gateway/store/storetest"
)

// adminSecret is an admin key that somebody has made by hand.
const adminSecret = "2f6c1de0c4b94d0c8f3f5a9be7714aa06f0a2b7b"

// watched is a store that counts how often everything was read, and can do something
// just before a list is read.
type watched struct {
	control.Store
	lists, ones, looks atomic.Int64
	before             func(list string)
	beforeWrite        func()
}

func (w *watched) Write(ctx context.Context, writes []control.Write, asOf *control.AsOf) error {
	if w.beforeWrite != nil {
		w.beforeWrite()
	}
	return w.Store.Write(ctx, writes, asOf)
}

func (w *watched) Changes(ctx context.Context, from int64) ([]control.Change, error) {
	w.looks.Add(1)
	return w.Store.Changes(ctx, from)
}

func (w *watched) list(name string) {
	w.lists.Add(1)
	if w.before != nil {
		w.before(name)
	}
}

func (w *watched) EachUser(ctx context.Context, put func(access.User)) error {
	w.list("users")
	return w.Store.EachUser(ctx, put)
}

func (w *watched) Teams(ctx context.Context) ([]access.Team, error) {
	w.list("teams")
	return w.Store.Teams(ctx)
}

func (w *watched) EachKey(ctx context.Context, put func(control.StoredKey)) error {
	w.list("keys")
	return w.Store.EachKey(ctx, put)
}

func (w *watched) Budgets(ctx context.Context) ([]ledger.Budget, error) {
	w.list("budgets")
	return w.Store.Budgets(ctx)
}

func (w *watched) UserByID(ctx context.Context, id string) (access.User, error) {
	w.ones.Add(1)
	return w.Store.UserByID(ctx, id)
}

func (w *watched) TeamByID(ctx context.Context, id string) (access.Team, error) {
	w.ones.Add(1)
	return w.Store.TeamByID(ctx, id)
}

func (w *watched) KeyByID(ctx context.Context, id string) (control.StoredKey, error) {
	w.ones.Add(1)
	return w.Store.KeyByID(ctx, id)
}

func (w *watched) BudgetByID(ctx context.Context, id string) (ledger.Budget, error) {
	w.ones.Add(1)
	return w.Store.BudgetByID(ctx, id)
}

// replica is a control over a database that others change too.
type replica struct {
	*control.Control
	t         *testing.T
	store     *watched
	directory *access.Directory
	ledger    *ledger.Ledger
	limiter   *limits.Limiter
	live      *catalog.Live
	mu        sync.Mutex
	logs      bytes.Buffer
}

// Write takes a line of the log.
func (r *replica) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.logs.Write(b)
}

func (r *replica) logged(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Contains(r.logs.String(), text)
}

// unloaded is a replica that has read nothing yet.
func unloaded(t *testing.T, database string) *replica {
	t.Helper()
	r := &replica{t: t, directory: &access.Directory{}, live: &catalog.Live{}}
	log := slog.New(slog.NewTextHandler(r, nil))
	st, err := store.Open(t.Context(), store.Postgres(database), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	r.store, r.ledger, r.limiter = &watched{Store: st}, ledger.New(st, ledger.Rules{Admission: ledger.Strict}, time.Now), limits.New(limits.Options{Now: time.Now, Log: log})
	r.Control = control.New(control.Parts{Store: r.store, Directory: r.directory, Ledger: r.ledger, Limits: r.limiter,
		Catalog: r.live, Dispatch: &dispatch.Dispatcher{}, Kinds: someKinds, Vault: vaultOf(t, "1"), ReadDeclaration: readDeclaration,
		Random: rand.Reader, Now: time.Now, Log: log, Shared: true})
	return r
}

func newReplica(t *testing.T, database string) *replica {
	t.Helper()
	r := unloaded(t, database)
	if err := r.Load(t.Context(), control.Declared{Prices: pricelist.Builtin()}); err != nil {
		t.Fatal(err)
	}
	r.store.lists.Store(0)
	return r
}

// follows lets a replica look for changes until the test ends or stop is called.
func (r *replica) follows() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { r.FollowChanges(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	r.t.Cleanup(stop)
	return stop
}

func (r *replica) eventually(what string, ok func() bool) {
	r.t.Helper()
	for until := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			r.t.Fatalf("never: %s", what)
		}
	}
}

// inForce is all that requests are decided by here, in an order of its own. What goes
// between the list of ids and the look at one of them is not in it.
func (r *replica) inForce() string {
	var out []string
	for _, id := range r.directory.UserIDs() {
		if u := r.directory.User(id); u != nil {
			out = append(out, fmt.Sprintf("user %+v", *u))
		}
	}
	for _, id := range r.directory.TeamIDs() {
		if team := r.directory.Team(id); team != nil {
			out = append(out, fmt.Sprintf("team %+v", *team))
		}
	}
	for _, id := range r.directory.KeyIDs() {
		if key := r.directory.Key(id); key != nil {
			out = append(out, fmt.Sprintf("key %+v", *key))
		}
	}
	for _, b := range r.ledger.Budgets().All() {
		limit := "none"
		if b.Limit != nil {
			limit = b.Limit.String()
		}
		b.Limit, b.Soft = nil, nil
		out = append(out, fmt.Sprintf("budget %s %s %s %s %s", b.ID, b.Name, b.Kind, b.Owner, limit))
	}
	for _, l := range r.limiter.Rules() {
		out = append(out, fmt.Sprintf("limit %s %s %d", l.ID, l.Name, *l.Requests))
	}
	for _, route := range r.live.Snapshot().Routes() {
		out = append(out, fmt.Sprintf("model %s %s", route.Name, (&shop{live: r.live}).leads(route.Name)))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// TestT22_FollowedChanges: whatever one replica makes, changes or deletes is in force on
// the others soon, and with it what goes along; a change costs as much as it is about and
// not as much as there is.
func TestT22_FollowedChanges(t *testing.T) {
	t.Parallel()
	database := storetest.Database(t)
	a, b := newReplica(t, database), newReplica(t, database)
	a.follows() // its own changes come back to it, harmlessly
	b.follows()
	ctx := t.Context()
	limit, less := accounting.Money(5e9), accounting.Money(1e9)
	name, yes, credential := "another", true, "c"
	served := func(r *replica) string { return (&shop{live: r.live}).leads(name) }
	lessP, nothing := &less, (*accounting.Money)(nil)
	two := number(2)
	var own, team, admin access.Key
	var secret string
	var budget ledger.Budget
	var rule limits.Rule
	var former string
	steps := []struct {
		what string
		do   func() error
		seen func() bool
	}{
		{"a user", func() error { _, err := a.CreateUser(ctx, "alice", control.UserChange{}); return err }, func() bool { return b.directory.User("alice") != nil }},
		{"a user changed", func() error { _, err := a.UpdateUser(ctx, "alice", control.UserChange{Name: &name}); return err }, func() bool { return b.directory.User("alice").Name == name }},
		{"a team", func() error { _, err := a.CreateTeam(ctx, "physics", control.TeamChange{}); return err }, func() bool { return b.directory.Team("physics") != nil }},
		{"a team changed", func() error { _, err := a.UpdateTeam(ctx, "physics", control.TeamChange{Blocked: &yes}); return err }, func() bool { return b.directory.Team("physics").Blocked }},
		{"a member", func() error { _, err := a.AddMember(ctx, "physics", "alice", nil); return err }, func() bool { return slices.Equal(b.directory.Team("physics").Members, []string{"alice"}) }},
		{"a key", func() (err error) {
			own, secret, err = a.CreateKey(ctx, control.KeyOwner{UserID: "alice"}, control.KeyChange{})
			return err
		}, func() bool { _, err := b.directory.Authenticate(secret, time.Now()); return err == nil }},
		{"a key rotated", func() (err error) {
			former = secret
			_, secret, err = a.RotateKey(ctx, own.ID, control.KeySecret{}, time.Hour)
			return err
		}, func() bool {
			_, err1 := b.directory.Authenticate(secret, time.Now())
			_, err2 := b.directory.Authenticate(former, time.Now())
			return err1 == nil && err2 == nil
		}},
		{"an organization", func() error { _, err := a.CreateOrg(ctx, "science", control.OrgChange{}); return err }, func() bool { return b.directory.Org("science") != nil }},
		{"its member", func() error { _, err := a.AddOrgMember(ctx, "science", "alice", nil); return err }, func() bool { return slices.Equal(b.directory.Org("science").Members, []string{"alice"}) }},
		{"a tag", func() error {
			_, err := a.CreateTag(ctx, "red/batch", control.TagChange{})
			return err
		}, func() bool { return b.directory.Tag("red/batch") != nil }},
		{"a tag changed", func() error {
			_, err := a.UpdateTag(ctx, "red/batch", control.TagChange{Blocked: &yes, Description: &name})
			return err
		}, func() bool {
			return b.directory.Tag("red/batch").Blocked && b.directory.Tag("red/batch").Description == name
		}},
		{"tags of a team and a key", func() error {
			_, err1 := a.UpdateTeam(ctx, "physics", control.TeamChange{Tags: &[]string{"red/batch"}})
			_, err2 := a.UpdateKey(ctx, own.ID, control.KeyChange{Tags: &[]string{"x"}, CallTags: &yes})
			return errors.Join(err1, err2)
		}, func() bool {
			return slices.Equal(b.directory.Team("physics").Tags, []string{"red/batch"}) && slices.Equal(b.directory.Key(own.ID).Tags, []string{"x"}) && b.directory.Key(own.ID).CallTags
		}},
		{"a tag forgotten", func() error { return a.DeleteTag(ctx, "red/batch") }, func() bool { return b.directory.Tag("red/batch") == nil }},
		{"many edits", func() error {
			_, err := a.Apply(ctx, []control.Edit{control.OrgEdit{Action: control.Update, ID: "science", OrgChange: control.OrgChange{Blocked: &yes}}, control.UserEdit{Action: control.Create, ID: "bob"},
				control.TeamEdit{Action: control.Create, ID: "music"}, control.TeamEdit{Action: control.Delete, ID: "music"}})
			return err
		}, func() bool {
			return b.directory.Org("science").Blocked && b.directory.User("bob") != nil && b.directory.Team("music") == nil
		}},
		{"a key blocked", func() error { _, err := a.UpdateKey(ctx, own.ID, control.KeyChange{Blocked: &yes}); return err }, func() bool {
			_, err := b.directory.Authenticate(secret, time.Now())
			return errors.Is(err, access.ErrKeyBlocked)
		}},
		{"a key of both", func() (err error) {
			team, _, err = a.CreateKey(ctx, control.KeyOwner{UserID: "alice", TeamID: "physics"}, control.KeyChange{})
			return err
		}, func() bool { return b.directory.Key(team.ID) != nil }},
		{"an admin key", func() (err error) {
			admin, _, err = a.CreateKey(ctx, control.KeyOwner{Role: access.Admin}, control.KeyChange{})
			return err
		}, func() bool { return b.directory.Key(admin.ID) != nil }},
		{"the first admin key, set by hand", func() error {
			_, err := a.EnsureAdmin(ctx, adminSecret)
			return err
		}, func() bool {
			_, err := b.directory.Authenticate(adminSecret, time.Now())
			return err == nil
		}},
		{"a budget", func() (err error) {
			budget, err = a.CreateBudget(ctx, ledger.Budget{Kind: ledger.User, Owner: "alice", Limit: &limit, Window: ledger.Window{Unit: ledger.Month}})
			return err
		}, func() bool { return len(b.ledger.Budgets().All()) == 1 }},
		{"a budget lowered", func() error {
			_, err := a.UpdateBudget(ctx, budget.ID, control.BudgetChange{Limit: &lessP})
			return err
		}, func() bool { return *b.ledger.Budgets().All()[0].Limit == less }},
		{"a budget without a limit", func() error {
			_, err := a.UpdateBudget(ctx, budget.ID, control.BudgetChange{Limit: &nothing})
			return err
		}, func() bool { return b.ledger.Budgets().All()[0].Limit == nil }},
		{"a limit", func() (err error) {
			rule, err = a.CreateLimit(ctx, limits.Rule{Selector: scope.Selector{Kind: scope.User, Owner: "alice"}, Requests: number(1)})
			return err
		}, func() bool { return len(b.limiter.Rules()) == 1 }},
		{"a limit changed", func() error { _, err := a.UpdateLimit(ctx, rule.ID, control.LimitChange{Requests: &two}); return err }, func() bool { return *b.limiter.Rules()[0].Requests == 2 }},
		{"a limit deleted", func() error { return a.DeleteLimit(ctx, rule.ID) }, func() bool { return len(b.limiter.Rules()) == 0 }},
		{"a deployment with a credential", func() error {
			_, err := a.Apply(ctx, []control.Edit{control.CredentialEdit{Action: control.Create, ID: "c", CredentialChange: control.CredentialChange{Secrets: dictionary("key", "sk-1")}},
				control.DeploymentEdit{Action: control.Create, ID: "m", DeploymentChange: control.DeploymentChange{Name: &name, Credential: &credential, Declaration: json.RawMessage(cloud + "}")}}})
			return err
		}, func() bool { return served(b) == "m/big unknown sk-1" }},
		{"a credential changed", func() error {
			_, err := a.UpdateCredential(ctx, "c", control.CredentialChange{Secrets: dictionary("key", "sk-2")})
			return err
		}, func() bool { return served(b) == "m/big unknown sk-2" }},
		{"a group of models", func() error {
			_, err := a.CreateGroup(ctx, "g", control.GroupChange{Models: &[]string{name}})
			return err
		}, func() bool { return served(b) == "m/big unknown sk-2; g" }},
		{"a deployment deleted", func() error { return a.DeleteDeployment(ctx, "m") }, func() bool { return served(b) == catalog.ErrNoModel.Error() }},
		{"a budget deleted", func() error { return a.DeleteBudget(ctx, budget.ID) }, func() bool { return len(b.ledger.Budgets().All()) == 0 }},
		{"a member gone", func() error { _, err := a.RemoveMember(ctx, "physics", "alice"); return err }, func() bool { return len(b.directory.Team("physics").Members) == 0 }},
		{"a member again", func() error { _, err := a.AddMember(ctx, "physics", "alice", nil); return err }, func() bool { return len(b.directory.Team("physics").Members) == 1 }},
		{"a key deleted", func() error { return a.DeleteKey(ctx, admin.ID) }, func() bool { return b.directory.Key(admin.ID) == nil }},
		{"a key kept to some routes", func() error {
			_, err := a.UpdateKey(ctx, own.ID, control.KeyChange{Routes: &[]string{access.CallsWord}})
			return err
		}, func() bool { return !b.directory.Key(own.ID).Reaches(access.Manages, "/api/v1/users") }},
		{"a plan", func() error { _, err := a.CreatePlan(ctx, "five", control.PlanChange{}); return err }, func() bool { return len(b.Plans()) == 1 }},
		{"a plan changed", func() error { _, err := a.UpdatePlan(ctx, "five", control.PlanChange{Name: &name}); return err }, func() bool { p, err := b.Plan("five"); return err == nil && p.Name == name }},
		{"a plan deleted", func() error { return a.DeletePlan(ctx, "five") }, func() bool { return len(b.Plans()) == 0 }},
		{"a user deleted", func() error { return a.DeleteUser(ctx, "alice") }, func() bool { return b.directory.User("alice") == nil }},
		{"the member went with the user", func() error { return a.DeleteUser(ctx, "bob") }, func() bool { return b.directory.User("bob") == nil && len(b.directory.Org("science").Members) == 0 }},
		{"an organization deleted", func() error { return a.DeleteOrg(ctx, "science") }, func() bool { return b.directory.Org("science") == nil }},
		{"a team deleted", func() error { return a.DeleteTeam(ctx, "physics") }, func() bool { return b.directory.Team("physics") == nil }},
	}
	for _, st := range steps {
		if err := st.do(); err != nil {
			t.Fatalf("%s: %v", st.what, err)
		}
		b.eventually(st.what, st.seen)
		if st.what == "a user deleted" {
			if b.directory.Key(own.ID) != nil || b.directory.Key(team.ID) != nil || len(b.directory.Team("physics").Members) != 0 {
				t.Error("what went with the user stays")
			}
		}
		b.eventually(st.what+": both are alike", func() bool { return a.inForce() == b.inForce() })
	}
	if n := b.store.lists.Load(); n != 0 {
		t.Errorf("everything was read %d times", n)
	}
	if n := b.store.ones.Load(); n == 0 || n > int64(len(steps)+15) {
		t.Errorf("%d things were read for %d changes", n, len(steps))
	}
}

// TestChangesOneAfterTheOther: who changes something by one replica and then by another
// never finds that the other did not know, and undoes nothing by it.
func TestChangesOneAfterTheOther(t *testing.T) {
	database := storetest.Database(t)
	a, b := newReplica(t, database), newReplica(t, database)
	ctx := t.Context()
	name, mail := "Alice", "a@x"
	limit := accounting.Money(5)
	var key access.Key
	for i, step := range []func() error{
		func() error { _, err := a.CreateUser(ctx, "alice", control.UserChange{}); return err },
		func() error { _, err := b.UpdateUser(ctx, "alice", control.UserChange{Name: &name}); return err },
		func() error { _, err := a.UpdateUser(ctx, "alice", control.UserChange{Email: &mail}); return err },
		func() error { _, err := b.CreateTeam(ctx, "physics", control.TeamChange{}); return err },
		func() error { _, err := a.AddMember(ctx, "physics", "alice", nil); return err },
		func() (err error) {
			key, _, err = b.CreateKey(ctx, control.KeyOwner{UserID: "alice", TeamID: "physics"}, control.KeyChange{})
			return err
		},
		func() error {
			_, err := a.CreateBudget(ctx, ledger.Budget{Kind: ledger.Key, Owner: key.ID, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}})
			return err
		},
		func() error {
			_, err := b.CreateLimit(ctx, limits.Rule{Selector: scope.Selector{Kind: scope.Key, Owner: key.ID}, Requests: number(1)})
			return err
		},
		func() error { return b.DeleteBudget(ctx, a.ledger.Budgets().All()[0].ID) },
		func() error { return a.DeleteLimit(ctx, b.limiter.Rules()[0].ID) },
	} {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if u := a.directory.User("alice"); u.Name != name || u.Email != mail {
		t.Errorf("one change has undone the other: %+v", u)
	}
	if err := a.DeleteUser(ctx, "alice"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.CreateKey(ctx, control.KeyOwner{UserID: "alice"}, control.KeyChange{}); !errors.Is(err, control.ErrNotFound) {
		t.Errorf("a key for a user that is gone: %v", err)
	}
	if b.directory.Key(key.ID) != nil {
		t.Error("the user's key is in force")
	}
}

// TestReplicasConverge: replicas that change the same things at the same time end alike,
// and as the store says.
func TestReplicasConverge(t *testing.T) {
	t.Parallel()
	database := storetest.Database(t)
	all := []*replica{newReplica(t, database), newReplica(t, database), newReplica(t, database)}
	ctx := t.Context()
	for _, id := range []string{"alice", "bob"} {
		if _, err := all[0].CreateUser(ctx, id, control.UserChange{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := all[0].CreateTeam(ctx, "physics", control.TeamChange{}); err != nil {
		t.Fatal(err)
	}
	limit := accounting.Money(5)
	budget, err := all[0].CreateBudget(ctx, ledger.Budget{Kind: ledger.Gateway, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		r.follows()
	}
	var wg sync.WaitGroup
	for i, r := range all {
		wg.Go(func() {
			for j := range 12 {
				name, mine := fmt.Sprint("name ", i, j), accounting.Money(100*i+j)
				m := &mine
				user := []string{"alice", "bob"}[j%2]
				_, err := r.UpdateUser(ctx, user, control.UserChange{Name: &name})
				_, err2 := r.UpdateBudget(ctx, budget.ID, control.BudgetChange{Limit: &m})
				_, err3 := r.AddMember(ctx, "physics", user, nil)
				if (i+j)%3 == 0 {
					_, err3 = r.RemoveMember(ctx, "physics", user)
				}
				if errors.Is(err3, control.ErrNotFound) {
					err3 = nil // another replica was first
				}
				key, _, err4 := r.CreateKey(ctx, control.KeyOwner{UserID: user}, control.KeyChange{Name: &name})
				if err4 == nil && j%2 == 0 {
					err4 = r.DeleteKey(ctx, key.ID)
				}
				if err := errors.Join(err, err2, err3, err4); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	fresh := newReplica(t, database)
	want := fresh.inForce()
	for i, r := range all {
		r.eventually(fmt.Sprintf("replica %d is as the store says", i), func() bool { return r.inForce() == want })
	}
}

// TestWhatChangesWhileEverythingIsRead: nothing that changes while a replica starts is
// missed.
func TestWhatChangesWhileEverythingIsRead(t *testing.T) {
	database := storetest.Database(t)
	a := newReplica(t, database)
	ctx := t.Context()
	for _, id := range []string{"stays", "goes"} {
		if _, err := a.CreateUser(ctx, id, control.UserChange{}); err != nil {
			t.Fatal(err)
		}
	}
	b := unloaded(t, database)
	changed := map[string]bool{}
	b.store.before = func(list string) { // after the users were read
		if list != "teams" || changed[list] {
			return
		}
		changed[list] = true
		_, err := a.CreateUser(ctx, "new", control.UserChange{})
		if err := errors.Join(err, a.DeleteUser(ctx, "goes")); err != nil {
			t.Error(err)
		}
	}
	if err := b.Load(ctx, control.Declared{Prices: pricelist.Builtin()}); err != nil {
		t.Fatal(err)
	}
	if b.directory.User("new") != nil || b.directory.User("goes") == nil {
		t.Fatal("the change came before the users were read: this shows nothing")
	}
	b.follows()
	b.eventually("the change is in force", func() bool { return b.directory.User("new") != nil && b.directory.User("goes") == nil })
}

// TestNoChangeIsLost: what two replicas change of one thing at the same moment is all in
// force in the end. Things that have nothing to do with each other keep nobody waiting.
func TestNoChangeIsLost(t *testing.T) {
	database := storetest.Database(t)
	a, b := newReplica(t, database), newReplica(t, database)
	ctx := t.Context()
	if _, err := a.CreateUser(ctx, "alice", control.UserChange{}); err != nil {
		t.Fatal(err)
	}
	k, _, err := a.CreateKey(ctx, control.KeyOwner{UserID: "alice"}, control.KeyChange{})
	if err != nil {
		t.Fatal(err)
	}
	yes, name := true, "renamed"
	writes := 0
	meanwhile := func(what func() error) {
		writes = 0
		b.store.beforeWrite = func() {
			if writes++; writes == 1 {
				if err := what(); err != nil {
					t.Error(err)
				}
			}
		}
	}
	meanwhile(func() error { _, err := a.UpdateKey(ctx, k.ID, control.KeyChange{Blocked: &yes}); return err })
	if got, err := b.UpdateKey(ctx, k.ID, control.KeyChange{Name: &name}); err != nil || !got.Blocked || got.Name != name || writes != 2 {
		t.Errorf("%+v after %d writes, %v", got, writes, err)
	}
	if got, err := a.store.KeyByID(ctx, k.ID); err != nil || !got.Blocked || got.Name != name {
		t.Errorf("what the store has: %+v, %v", got, err)
	}
	meanwhile(func() error { _, err := a.CreateTeam(ctx, "t", control.TeamChange{}); return err })
	edits := []control.Edit{control.TeamEdit{Action: control.Create, ID: "u"}, control.UserEdit{Action: control.Update, ID: "alice", UserChange: control.UserChange{Name: &name}}}
	if out, err := b.Apply(ctx, edits); err != nil || len(out) != 2 || writes != 1 {
		t.Errorf("%+v after %d writes, %v", out, writes, err)
	}
	meanwhile(func() error { _, err := a.UpdateUser(ctx, "alice", control.UserChange{Blocked: &yes}); return err })
	edits[0] = control.TeamEdit{Action: control.Create, ID: "v"}
	if out, err := b.Apply(ctx, edits); err != nil || len(out) != 2 || writes != 2 {
		t.Errorf("%+v after %d writes, %v", out, writes, err)
	}
	b.store.beforeWrite = func() { // for ever
		if _, err := a.UpdateUser(ctx, "alice", control.UserChange{}); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.UpdateUser(ctx, "alice", control.UserChange{}); !errors.Is(err, control.ErrOvertaken) {
		t.Errorf("one that is always too late: %v", err)
	}
}

// TestChangeFollowsFromWhatItLookedAt: a change that another replica makes untrue is made anew,
// though it writes nothing of what the other one wrote.
func TestChangeFollowsFromWhatItLookedAt(t *testing.T) {
	database := storetest.Database(t)
	a, b := newReplica(t, database), newReplica(t, database)
	ctx := t.Context()
	from, to := "from", "to"
	edits := []control.Edit{control.OrgEdit{Action: control.Create, ID: from}, control.OrgEdit{Action: control.Create, ID: to}, control.OrgEdit{Action: control.Create, ID: "goes"},
		control.TeamEdit{Action: control.Create, ID: "t", TeamChange: control.TeamChange{Org: &from}}, control.TeamEdit{Action: control.Create, ID: "u", TeamChange: control.TeamChange{Org: &from}}}
	if _, err := a.Apply(ctx, edits); err != nil {
		t.Fatal(err)
	}
	meanwhile := func(what func() error) {
		done := false
		b.store.beforeWrite = func() {
			if !done {
				done = true
				if err := what(); err != nil {
					t.Error(err)
				}
			}
		}
	}
	move := func(r *replica, team string) error {
		_, err := r.UpdateTeam(ctx, team, control.TeamChange{Org: &to})
		return err
	}
	make := func(r *replica, team, org string) error {
		_, _, err := r.CreateKey(ctx, control.KeyOwner{TeamID: team, OrgID: org}, control.KeyChange{})
		return err
	}
	// A key that is made while its team moves is not made where the team was.
	meanwhile(func() error { return move(a, "t") })
	if err := make(b, "t", from); !errors.Is(err, control.ErrInvalid) {
		t.Errorf("a key of the organization where its team was: %v", err)
	}
	// A team that moves takes a key along that is made meanwhile.
	meanwhile(func() error { return make(a, "u", from) })
	if err := move(b, "u"); err != nil {
		t.Error(err)
	}
	// An organization that gets a key meanwhile stays.
	meanwhile(func() error {
		_, _, err := a.CreateKey(ctx, control.KeyOwner{OrgID: "goes"}, control.KeyChange{})
		return err
	})
	if err := b.DeleteOrg(ctx, "goes"); !errors.Is(err, control.ErrInvalid) {
		t.Errorf("an organization with a key is deleted: %v", err)
	}
	keys, err := b.Keys(ctx, control.KeyFilter{TeamID: "u"})
	if err != nil || len(keys) != 1 || keys[0].OrgID != to {
		t.Errorf("%+v, %v", keys, err)
	}
}

// TestLook: a change that was worked out from how things are is made only as long as they are
// so, whoever changes them.
func TestLook(t *testing.T) {
	database := storetest.Database(t)
	a, b := newReplica(t, database), newReplica(t, database)
	yes := true
	create := func(r *replica, ctx context.Context, id string) error {
		_, err := r.CreateUser(ctx, id, control.UserChange{})
		return err
	}
	look := func() context.Context {
		t.Helper()
		ctx, err := b.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return ctx
	}
	for name, change := range map[string]func() error{
		"by another replica":     func() error { return create(a, t.Context(), "another") },
		"by the same one":        func() error { return create(b, t.Context(), "same") },
		"and gone again by then": func() error { return errors.Join(create(a, t.Context(), "gone"), a.DeleteUser(t.Context(), "gone")) },
	} {
		ctx := look()
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if err := create(b, ctx, "mine"); !errors.Is(err, control.ErrOvertaken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx := look()
	b.store.beforeWrite = func() {
		b.store.beforeWrite = nil
		if err := create(a, t.Context(), "last"); err != nil {
			t.Error(err)
		}
	}
	if err := create(b, ctx, "mine"); !errors.Is(err, control.ErrOvertaken) {
		t.Errorf("just before it is written: %v", err)
	}
	if _, err := a.store.UserByID(t.Context(), "mine"); !errors.Is(err, control.ErrNotFound) {
		t.Errorf("it is written all the same: %v", err)
	}
	ctx = look()
	if err := create(b, ctx, "mine"); err != nil {
		t.Error(err)
	}
	if _, err := b.UpdateUser(ctx, "mine", control.UserChange{Blocked: &yes}); err == nil || errors.Is(err, control.ErrOvertaken) {
		t.Errorf("a second change: %v", err)
	}
}

// TestMissedChanges: a replica that was away for longer than changes are kept, or whose
// database is another than it was, reads everything anew.
func TestMissedChanges(t *testing.T) {
	for name, lose := range map[string]string{
		"all but the newest are forgotten": "delete from changes where seq < (select max(seq) from changes)",
		"one is missing":                   "delete from changes where seq = (select max(seq) - 1 from changes)",
		"none is left":                     "delete from changes",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := storetest.Database(t)
			a := newReplica(t, database)
			ctx := t.Context()
			create := func(ids ...string) {
				t.Helper()
				for _, id := range ids {
					if _, err := a.CreateUser(ctx, id, control.UserChange{}); err != nil {
						t.Fatal(err)
					}
				}
			}
			create("stays", "goes")
			if _, _, err := a.CreateKey(ctx, control.KeyOwner{UserID: "goes"}, control.KeyChange{}); err != nil {
				t.Fatal(err)
			}
			if _, err := a.CreateTeam(ctx, "team", control.TeamChange{}); err != nil {
				t.Fatal(err)
			}
			limit := accounting.Money(5)
			budget, err := a.CreateBudget(ctx, ledger.Budget{Kind: ledger.Gateway, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}})
			if err != nil {
				t.Fatal(err)
			}
			b := newReplica(t, database)
			if err := errors.Join(a.DeleteUser(ctx, "goes"), a.DeleteTeam(ctx, "team"), a.DeleteBudget(ctx, budget.ID)); err != nil {
				t.Fatal(err)
			}
			create("comes", "last")
			db, err := sql.Open("pgx", database)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(lose); err != nil {
				t.Fatal(err)
			}
			want := newReplica(t, database).inForce()
			b.follows()
			b.eventually("it is as the store says", func() bool { return b.inForce() == want })
			if !b.logged("everything is read anew") {
				t.Error("that was not said")
			}
			create("soon") // the first one, if none was left
			b.eventually("it follows", func() bool { return b.directory.User("soon") != nil })
			b.store.lists.Store(0)
			create("later")
			b.eventually("it follows again", func() bool { return b.directory.User("later") != nil })
			if n := b.store.lists.Load(); n != 0 {
				t.Errorf("it goes on reading everything: %d lists", n)
			}
		})
	}
}

// TestT36_LastKnownState: while the database does not answer, what was last known stays in
// force, and what is changed here is an error and not a half change.
func TestT36_LastKnownState(t *testing.T) {
	t.Parallel()
	database := storetest.Database(t)
	w := storetest.NewWire(t, database)
	a, b := newReplica(t, database), newReplica(t, w.URL())
	ctx := t.Context()
	if _, err := a.CreateUser(ctx, "alice", control.UserChange{}); err != nil {
		t.Fatal(err)
	}
	key, secret, err := a.CreateKey(ctx, control.KeyOwner{UserID: "alice"}, control.KeyChange{})
	if err != nil {
		t.Fatal(err)
	}
	b.follows()
	b.eventually("the key is known", func() bool { return b.directory.Key(key.ID) != nil })
	before := b.inForce()
	w.Cut()
	b.eventually("the outage is logged", func() bool { return b.logged("stays in force") })
	if err := a.DeleteKey(ctx, key.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.directory.Authenticate(secret, time.Now()); err != nil {
		t.Errorf("a key that was last known is refused: %v", err)
	}
	if _, err := b.CreateUser(ctx, "bob", control.UserChange{}); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("a change without a database: %v", err)
	}
	if now := b.inForce(); now != before {
		t.Errorf("something else is in force:\n%s\nbefore:\n%s", now, before)
	}
	w.Mend()
	b.eventually("the key is gone", func() bool { return b.directory.Key(key.ID) == nil })
	b.eventually("that is logged", func() bool { return b.logged("what other replicas changed meanwhile is in force") })
}

// TestT36_WhoAsksIsToldTheTruth: who asks whether all is known learns at once what was just
// changed elsewhere, or that nobody can tell; and however many ask, the database is not
// asked more often for it (trust.md A38).
func TestT36_WhoAsksIsToldTheTruth(t *testing.T) {
	t.Parallel()
	database := storetest.Database(t)
	w := storetest.NewWire(t, database)
	a, b := newReplica(t, database), newReplica(t, w.URL())
	ctx := t.Context()
	b.follows()
	for i := range 5 {
		id := fmt.Sprint("user-", i)
		if _, err := a.CreateUser(ctx, id, control.UserChange{}); err != nil {
			t.Fatal(err)
		}
		if !b.CaughtUp() || b.directory.User(id) == nil {
			t.Errorf("%s is not known", id)
		}
	}
	began, before := time.Now(), b.store.looks.Load()
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			for range 3 {
				if !b.CaughtUp() {
					t.Error("it is not known whether all is known")
				}
			}
		})
	}
	wg.Wait()
	// One look in a tenth of a second, and the one that was under way.
	if looks, most := b.store.looks.Load()-before, int64(time.Since(began)/(100*time.Millisecond))+2; looks > most {
		t.Errorf("300 questions take %d looks, want %d at most", looks, most)
	}
	w.Silence()
	for range 2 {
		if b.CaughtUp() {
			t.Error("all is known without a database")
		}
	}
	w.Mend()
	b.eventually("all is known again", b.CaughtUp)
}

// TestAloneNobodyIsFollowed: without other replicas there is nothing to look for.
func TestAloneNobodyIsFollowed(t *testing.T) {
	s := newSite(t, t.TempDir()+"/t.db")
	s.FollowChanges(t.Context()) // returns
	if !s.CaughtUp() {
		t.Error("somebody else knows more")
	}
	if _, err := s.CreateUser(t.Context(), "alice", control.UserChange{}); err != nil {
		t.Fatal(err)
	}
}

// TestA45_OneAdminKey: of replicas that start together one makes the admin key, and all
// have the same; a secret that is given to all of them is the key of all.
func TestA45_OneAdminKey(t *testing.T) {
	t.Parallel()
	database := storetest.Database(t)
	const replicas = 5
	ensure := func(given func(i int) string) (all []*replica, made []string) {
		for range replicas {
			all = append(all, newReplica(t, database))
		}
		made = make([]string, replicas)
		begin := make(chan struct{})
		var wg sync.WaitGroup
		for i, r := range all {
			wg.Go(func() {
				<-begin
				var err error
				if made[i], err = r.EnsureAdmin(context.Background(), given(i)); err != nil {
					t.Errorf("replica %d: %v", i, err)
				}
			})
		}
		close(begin)
		wg.Wait()
		return all, made
	}
	all, made := ensure(func(int) string { return "" })
	made = slices.DeleteFunc(made, func(s string) bool { return s == "" })
	if len(made) != 1 {
		t.Fatalf("%d admin keys were made", len(made))
	}
	first := made[0]
	for i, r := range all {
		if _, err := r.directory.Authenticate(first, time.Now()); err != nil {
			t.Errorf("replica %d does not know the admin key: %v", i, err)
		}
	}
	if all, made := ensure(func(int) string { return "" }); slices.ContainsFunc(made, func(s string) bool { return s != "" }) || len(all[0].directory.KeyIDs()) != 1 {
		t.Errorf("a second start made keys: %v", made)
	}
	all, made = ensure(func(int) string { return adminSecret })
	for i, r := range all {
		if _, err := r.directory.Authenticate(adminSecret, time.Now()); err != nil || made[i] != "" {
			t.Errorf("replica %d: %v, made %q", i, err, made[i])
		}
		if _, err := r.directory.Authenticate(first, time.Now()); err == nil {
			t.Errorf("replica %d: an earlier admin key is in force", i)
		}
	}
	// Replicas that are given different ones end with one of them, all the same one.
	all, _ = ensure(func(i int) string { return fmt.Sprintf("%s-%d", adminSecret, i) })
	digests := map[access.Digest]bool{}
	for _, r := range all {
		r.follows()
	}
	stored, err := all[0].store.Store.KeyByID(t.Context(), control.AdminKeyID)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range all {
		r.eventually(fmt.Sprintf("replica %d has the last one", i), func() bool {
			k := r.directory.Key(control.AdminKeyID)
			return k != nil && k.Digest == stored.Digest
		})
		digests[r.directory.Key(control.AdminKeyID).Digest] = true
	}
	if !reflect.DeepEqual(slices.Collect(maps.Keys(digests)), []access.Digest{stored.Digest}) {
		t.Errorf("%d admin keys", len(digests))
	}
}
