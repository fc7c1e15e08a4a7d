package control_test

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/gateway/store"
)

// site is a control over a database, with what it keeps in force.
type site struct {
	*control.Control
	t       *testing.T
	store   *store.Store
	limiter *limits.Limiter
	path    string
}

func newSite(t *testing.T, path string, declared ...limits.Rule) *site {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	st, err := store.Open(t.Context(), store.SQLite(path), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	s := &site{t: t, store: st, limiter: limits.New(limits.Options{Now: time.Now, Log: log}), path: path}
	s.Control = control.New(control.Parts{Store: st, Directory: &access.Directory{}, Ledger: ledger.New(st, ledger.Rules{Admission: ledger.Strict}, time.Now), Limits: s.limiter,
		Catalog: &catalog.Live{}, Dispatch: &dispatch.Dispatcher{}, Random: rand.Reader, Now: time.Now, Log: log})
	if err := s.Load(t.Context(), control.Declared{Prices: pricelist.Builtin(), Limits: declared}); err != nil {
		t.Fatal(err)
	}
	return s
}

// inForce lists what requests are limited by.
func (s *site) inForce() string {
	var ids []string
	for _, r := range s.limiter.Rules() {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

func number(n int64) *int64 { return &n }

func fileRule(id string, n int64) limits.Rule {
	return limits.Rule{ID: id, Selector: scope.Selector{Kind: scope.User, Each: true}, Requests: number(n), Origin: "file"}
}

// TestLimitsLive: a limit that the API makes is in force at once, beside the file's, and
// after a restart; a reload replaces the file's and leaves the API's.
func TestLimitsLive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := newSite(t, path, fileRule("file-1", 5))
	ctx := t.Context()
	a, err := s.CreateLimit(ctx, limits.Rule{Name: "n", Selector: scope.Selector{Kind: scope.Gateway, Models: []string{"big"}}, Concurrent: number(8)})
	if err != nil || a.Origin != "api" || !strings.HasPrefix(a.ID, "limit_") {
		t.Fatalf("%+v, %v", a, err)
	}
	b, err := s.CreateLimit(ctx, limits.Rule{Selector: scope.Selector{Kind: scope.EndUser, Owner: "never seen"}, Requests: number(0)})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.inForce(); got != "file-1 "+a.ID+" "+b.ID {
		t.Fatal(got)
	}
	none := (*int64)(nil)
	tokens, name := number(100), "other"
	got, err := s.UpdateLimit(ctx, a.ID, control.LimitChange{Name: &name, Tokens: &tokens, Concurrent: &none})
	if err != nil || got.Name != "other" || *got.Tokens != 100 || got.Concurrent != nil || got.Requests != nil || got.Models[0] != "big" {
		t.Fatalf("%+v, %v", got, err)
	}
	if x := s.limiter.Rules()[1]; *x.Tokens != 100 || x.Concurrent != nil {
		t.Errorf("in force is %+v", x)
	}
	if _, err := s.UpdateLimit(ctx, a.ID, control.LimitChange{Tokens: &none}); !errors.Is(err, control.ErrInvalid) || !errors.Is(err, limits.ErrNoLimit) {
		t.Errorf("taking the last number away: %v", err)
	}
	if x, err := s.Limit(a.ID); err != nil || x.Tokens == nil {
		t.Errorf("a refused change changed something: %+v, %v", x, err)
	}
	if err := s.Declare(control.Declared{Prices: pricelist.Builtin(), Limits: []limits.Rule{fileRule("file-2", 6), fileRule("file-3", 7)}}); err != nil {
		t.Fatal(err)
	}
	if got := s.inForce(); got != "file-2 file-3 "+a.ID+" "+b.ID {
		t.Errorf("after a reload: %s", got)
	}
	if err := s.DeleteLimit(ctx, b.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	s = newSite(t, path, fileRule("file-4", 1))
	if got := s.inForce(); got != "file-4 "+a.ID {
		t.Errorf("after a restart: %s", got)
	}
	if x, err := s.Limit(a.ID); err != nil || x.Name != "other" || *x.Tokens != 100 || x.Concurrent != nil || x.Origin != "api" {
		t.Errorf("%+v, %v", x, err)
	}
}

// TestLimitsRefused: whom a limit names has to be there, as with budgets; the file's own
// are changed in the file; and neither the file nor the API overrides the other.
func TestLimitsRefused(t *testing.T) {
	s := newSite(t, filepath.Join(t.TempDir(), "t.db"), fileRule("file-1", 5))
	ctx := t.Context()
	if _, err := s.CreateUser(ctx, "alice", control.UserChange{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateTeam(ctx, "physics", control.TeamChange{}); err != nil {
		t.Fatal(err)
	}
	rule := func(k scope.Kind, owner string) limits.Rule {
		return limits.Rule{Selector: scope.Selector{Kind: k, Owner: owner}, Requests: number(5)}
	}
	long := rule(scope.Gateway, "")
	long.Name = strings.Repeat("n", control.MaxID+1)
	pattern := rule(scope.Gateway, "")
	pattern.Models = []string{strings.Repeat("m", 513)}
	many := rule(scope.Gateway, "")
	many.Models = slices.Repeat([]string{"m"}, scope.MaxPatterns+1)
	for what, c := range map[string]struct {
		rule limits.Rule
		want error
	}{
		"no such user":    {rule(scope.User, "bob"), control.ErrNotFound},
		"no such team":    {rule(scope.Team, "x"), control.ErrNotFound},
		"no such key":     {rule(scope.Key, "x"), control.ErrNotFound},
		"no member":       {rule(scope.Member, "physics/alice"), control.ErrNotFound},
		"half a member":   {rule(scope.Member, "physics"), control.ErrNotFound},
		"whose":           {rule(scope.User, ""), scope.ErrBadOwner},
		"gateway's name":  {rule(scope.Gateway, "x"), scope.ErrBadOwner},
		"unknown scope":   {rule("planet", "x"), scope.ErrBadKind},
		"no number":       {limits.Rule{Selector: scope.Selector{Kind: scope.Gateway}}, limits.ErrNoLimit},
		"negative":        {fileRule("", -1), limits.ErrNegative},
		"too large":       {fileRule("", limits.MaxLimit+1), limits.ErrTooLarge},
		"long name":       {long, control.ErrInvalid},
		"long pattern":    {pattern, control.ErrInvalid},
		"too many models": {many, control.ErrInvalid},
	} {
		_, err := s.CreateLimit(ctx, c.rule)
		if !errors.Is(err, c.want) || c.want != control.ErrNotFound && !errors.Is(err, control.ErrInvalid) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	five := number(5)
	for what, got := range map[string]error{
		"changing the file's": func() error {
			_, err := s.UpdateLimit(ctx, "file-1", control.LimitChange{Requests: &five})
			return err
		}(),
		"deleting the file's": s.DeleteLimit(ctx, "file-1"),
	} {
		if !errors.Is(got, control.ErrInFile) {
			t.Errorf("%s: %v", what, got)
		}
	}
	if _, err := s.UpdateLimit(ctx, "x", control.LimitChange{}); !errors.Is(err, control.ErrNotFound) {
		t.Errorf("changing what is not there: %v", err)
	}
	if err := s.DeleteLimit(ctx, "x"); !errors.Is(err, control.ErrNotFound) {
		t.Errorf("deleting what is not there: %v", err)
	}
	if got := s.inForce(); got != "file-1" {
		t.Errorf("in force is %s after refusals", got)
	}
	if stored, err := s.store.Limits(ctx); err != nil || len(stored) != 0 {
		t.Errorf("refusals left %v, %v", stored, err)
	}
	made, err := s.CreateLimit(ctx, rule(scope.User, "alice"))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Declare(control.Declared{Prices: pricelist.Builtin(), Limits: []limits.Rule{fileRule(made.ID, 1)}})
	if !errors.Is(err, control.ErrExists) || !strings.Contains(err.Error(), made.ID) || s.inForce() != "file-1 "+made.ID {
		t.Errorf("a clash: %v; in force is %s", err, s.inForce())
	}
}

// TestLimitsOutliveTheirOwners: a deleted user, team or key takes no limit with it, as
// it takes no budget: who comes back under the name is under the same limit.
func TestLimitsOutliveTheirOwners(t *testing.T) {
	s := newSite(t, filepath.Join(t.TempDir(), "t.db"))
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.CreateUser(ctx, "alice", control.UserChange{})
	check(err)
	_, err = s.CreateTeam(ctx, "physics", control.TeamChange{})
	check(err)
	_, err = s.AddMember(ctx, "physics", "alice", nil)
	check(err)
	key, _, err := s.CreateKey(ctx, control.KeyOwner{UserID: "alice"}, control.KeyChange{})
	check(err)
	accounts := []scope.Account{{Kind: scope.User, ID: "alice"}, {Kind: scope.Team, ID: "physics"}, {Kind: scope.Key, ID: key.ID}, {Kind: scope.Member, ID: "physics/alice"}}
	for _, a := range accounts {
		_, err := s.CreateLimit(ctx, limits.Rule{Selector: scope.Selector{Kind: a.Kind, Owner: a.ID}, Requests: number(1)})
		check(err)
	}
	before := s.inForce()
	check(s.DeleteKey(ctx, key.ID))
	check(s.DeleteUser(ctx, "alice"))
	check(s.DeleteTeam(ctx, "physics"))
	stored, err := s.store.Limits(ctx)
	if err != nil || len(stored) != len(accounts) || s.inForce() != before {
		t.Errorf("%d limits are stored, %v; in force is %s, and was %s", len(stored), err, s.inForce(), before)
	}
}
