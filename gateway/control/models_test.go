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
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/configs"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/gateway/store"
	"tollgate/gateway/vault"
	"tollgate/providers"
	"tollgate/providers/openai"
)

func vaultOf(t *testing.T, key string) *vault.Vault {
	t.Helper()
	v, err := vault.New([]byte(strings.Repeat(key, vault.MinKey)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var someKinds = append(openai.Kinds(), providers.Kind{Name: "gpu", Codec: openai.New(openai.Quirks{}), Local: true, DefaultPath: "/v1"})

// readDeclaration is as the program has it.
func readDeclaration(d control.Declaration) (catalog.Addition, error) {
	a, problems := configs.ReadDeployment(configs.Deployment{ID: d.ID, Name: d.Name, Path: d.Path, Text: d.Text, Secret: d.Secret}, someKinds, d.Prices)
	if len(problems) > 0 {
		return a, errors.New(problems[0].String())
	}
	return a, nil
}

// shop is a control with a catalog.
type shop struct {
	*control.Control
	t     *testing.T
	store *store.Store
	live  *catalog.Live
	path  string
}

func declaring(models ...string) control.Declared {
	d := control.Declared{Prices: pricelist.Builtin(), Spec: catalog.Spec{Providers: []catalog.ProviderSpec{{Path: "providers.local", Name: "local", Kind: "gpu", URL: "http://127.0.0.1:9"}}}}
	for _, m := range models {
		d.Spec.Models = append(d.Spec.Models, catalog.ModelSpec{Path: "models." + m, Name: m, Targets: []catalog.TargetSpec{{Path: "models." + m, To: "local/" + m, Order: 1}}})
	}
	return d
}

func openShop(t *testing.T, path, key string, d control.Declared) *shop {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	st, err := store.Open(t.Context(), store.SQLite(path), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	s := &shop{t: t, store: st, live: &catalog.Live{}, path: path}
	s.Control = control.New(control.Parts{Store: st, Directory: &access.Directory{}, Ledger: ledger.New(st, ledger.Rules{Admission: ledger.Strict}, time.Now),
		Limits: limits.New(limits.Options{Now: time.Now, Log: log}), Catalog: s.live, Dispatch: &dispatch.Dispatcher{}, Kinds: someKinds,
		Vault: vaultOf(t, key), ReadDeclaration: readDeclaration, Random: rand.Reader, Now: time.Now, Log: log})
	if err := s.Load(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return s
}

// leads is where a name leads, with price states; or why it does not.
func (s *shop) leads(name string) string {
	r, err := s.live.Snapshot().Resolve(name)
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, c := range r.Candidates() {
		d := c.Of()
		out = append(out, fmt.Sprintf("%s %s %s", d.ID, c.State(), d.Provider.Secret.Reveal()))
	}
	return strings.Join(append(out, r.Groups...), "; ")
}

func (s *shop) finds(text string) bool {
	return slices.ContainsFunc(s.Findings(), func(f catalog.Finding) bool { return strings.Contains(f.String(), text) })
}

func (s *shop) want(name, want string) {
	s.t.Helper()
	if got := s.leads(name); got != want {
		s.t.Errorf("%s leads to %q, wanted %q", name, got, want)
	}
}

func is(err, want error) bool { return errors.Is(err, want) || want == nil && err == nil }

func dictionary(kv ...string) *map[string]string {
	m := map[string]string{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i]] = kv[i+1]
	}
	return &m
}

const cloud = `{"provider":{"kind":"openai","url":"http://127.0.0.1:9/v1"},"model":"big"`

// TestDeployments: what the API adds is served at once, after a restart, and beside what
// the file says; its secrets are in no file and no audit.
func TestDeployments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := openShop(t, path, "1", declaring("a", "b"))
	ctx := control.By(t.Context(), control.Actor{Key: "admin"})
	name, other := "assistant", "a"
	if _, err := s.CreateCredential(ctx, "shared one", control.CredentialChange{Secrets: dictionary("key", "sk-canary-shared")}); err != nil {
		t.Fatal(err)
	}
	shared := "shared one"
	free := json.RawMessage(`{"provider":"local","model":"x","groups":["staff"]}`)
	for _, m := range []struct {
		id string
		ch control.DeploymentChange
	}{
		{"m1", control.DeploymentChange{Name: &name, Declaration: json.RawMessage(cloud + `,"price":{"input":1,"output":2}}`), Secrets: dictionary("key", "sk-canary-own", "note", "sk-canary-note"), Attributes: json.RawMessage(`{"x": 1}`)}},
		{"m2", control.DeploymentChange{Name: &name, Declaration: json.RawMessage(cloud + `,"order":2}`), Credential: &shared}},
		{"m3", control.DeploymentChange{Name: &other, Declaration: free}},
	} {
		if _, err := s.CreateDeployment(ctx, m.id, m.ch); err != nil {
			t.Fatal(m.id, err)
		}
	}
	if _, err := s.CreateGroup(ctx, "lab", control.GroupChange{Models: &[]string{"assistant", "b"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateFallback(ctx, control.Fallback{ID: "f", Model: "assistant", To: []string{"b"}}); err != nil {
		t.Fatal(err)
	}
	check := func(s *shop) {
		t.Helper()
		s.want("assistant", "m1/big paid sk-canary-own; m2/big unknown sk-canary-shared; local/b free ; lab")
		s.want("a", "local/a free ; local/x free ; staff")
		s.want("b", "local/b free ; lab")
	}
	check(s)
	if secrets, err := s.DeploymentSecrets("m1"); err != nil || secrets["note"] != "sk-canary-note" {
		t.Errorf("%v %v", secrets, err)
	}

	// What another program may do with it.
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		if data, err := os.ReadFile(file); err == nil && bytes.Contains(data, []byte("canary")) {
			t.Errorf("a secret stands in %s", file)
		}
	}
	s = openShop(t, path, "1", declaring("a", "b"))
	check(s)
	audits, err := s.Audits(ctx, control.AuditQuery{Kind: control.DeploymentChanged, ID: "m1"})
	if err != nil || len(audits) != 1 || !strings.Contains(audits[0].After, `"secrets":["key","note"]`) || !strings.Contains(audits[0].After, `"attributes":{"x":1}`) || audits[0].Actor.Key != "admin" {
		t.Errorf("%+v %v", audits, err)
	}

	// Changes.
	if _, err := s.UpdateCredential(ctx, shared, control.CredentialChange{Secrets: dictionary("key", "sk-canary-next")}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UpdateDeployment(ctx, "m1", control.DeploymentChange{Declaration: json.RawMessage(cloud + `,"price":"free"}`)}); err != nil {
		t.Fatal(err)
	}
	s.want("assistant", "m1/big free sk-canary-own; m2/big unknown sk-canary-next; local/b free ; lab")
	if err := s.DeleteCredential(ctx, shared); !is(err, control.ErrInvalid) || !strings.Contains(err.Error(), "m2") {
		t.Errorf("a credential in use: %v", err)
	}
	if _, err := s.Apply(ctx, []control.Edit{
		control.DeploymentEdit{Action: control.Delete, ID: "m2"}, control.CredentialEdit{Action: control.Delete, ID: shared},
		control.FallbackEdit{Action: control.Update, Fallback: control.Fallback{ID: "f", To: []string{"a"}}}, control.GroupEdit{Action: control.Delete, ID: "lab"},
	}); err != nil {
		t.Fatal(err)
	}
	s.want("assistant", "m1/big free sk-canary-own; local/a free ; local/x free ")
	for _, id := range []string{"m1", "m3"} {
		if err := s.DeleteDeployment(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	if !s.finds(`api.fallbacks.f: no model is called "assistant"`) {
		t.Errorf("what has no model is not told: %v", s.Findings())
	}
	if err := s.DeleteFallback(ctx, "f"); err != nil {
		t.Fatal(err)
	}
	s.want("assistant", catalog.ErrNoModel.Error())
	s.want("a", "local/a free ")
}

// TestSecretsOfAnotherKey: a model whose secrets cannot be read is not available, and says
// so; everything else is served, and with the right key it is back.
func TestSecretsOfAnotherKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	name, ctx := "assistant", context.Background()
	s := openShop(t, path, "1", declaring("a"))
	if _, err := s.CreateDeployment(ctx, "m1", control.DeploymentChange{Name: &name, Declaration: json.RawMessage(cloud + "}"), Secrets: dictionary("key", "sk-1")}); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	s = openShop(t, path, "2", declaring("a"))
	if got := s.leads(name); !strings.Contains(got, catalog.ErrUnavailable.Error()) || strings.Contains(got, "TOLLGATE") {
		t.Errorf("clients are told %q", got)
	}
	if !s.finds("api.models.m1: its secrets cannot be read: they were sealed with another key: TOLLGATE_SECRETS_KEY") || !strings.Contains(s.Lost("m1"), "another key") {
		t.Errorf("found %v", s.Findings())
	}
	s.want("a", "local/a free ")
	if _, err := s.CreateDeployment(ctx, "m2", control.DeploymentChange{Name: &name, Declaration: json.RawMessage(`{"provider":"local","model":"x"}`)}); err != nil {
		t.Errorf("others cannot be made: %v", err)
	}
	s.want(name, "local/x free ")
	if _, err := s.UpdateDeployment(ctx, "m1", control.DeploymentChange{Secrets: dictionary("key", "sk-2")}); err != nil {
		t.Errorf("the secret cannot be given anew: %v", err)
	}
	s.want(name, "m1/big unknown sk-2; local/x free ")
}

// TestT29_SecretsStayWhereTheyWereGivenFor: a deployment's secrets go to no other scheme,
// host or port than the one that they were given for, whatever else is changed; said again,
// they go where the change says.
func TestT29_SecretsStayWhereTheyWereGivenFor(t *testing.T) {
	at := func(provider string) json.RawMessage {
		return json.RawMessage(`{"provider":` + provider + `,"model":"big"}`)
	}
	own := func(url string) json.RawMessage { return at(`{"kind":"openai","url":"` + url + `"}`) }
	const vendor, local = `{"kind":"openai"}`, `"local"`
	key := dictionary("key", "sk-1")
	for what, c := range map[string]struct {
		from json.RawMessage
		to   control.DeploymentChange
		ok   bool
	}{
		"another host":             {own("https://one.example/v1"), control.DeploymentChange{Declaration: own("https://two.example/v1")}, false},
		"another scheme":           {own("https://one.example/v1"), control.DeploymentChange{Declaration: own("http://one.example:443/v1")}, false},
		"another port":             {own("https://one.example/v1"), control.DeploymentChange{Declaration: own("https://one.example:444/v1")}, false},
		"the vendor's own to one":  {at(vendor), control.DeploymentChange{Declaration: own("https://one.example/v1")}, false},
		"one to the vendor's own":  {own("https://one.example/v1"), control.DeploymentChange{Declaration: at(vendor)}, false},
		"from none to one":         {at(local), control.DeploymentChange{Declaration: own("https://one.example/v1")}, false},
		"as another face says it":  {own("https://one.example/v1"), control.DeploymentChange{Declaration: own("https://two.example/v1"), Secrets: key, Unsaid: []string{"key"}}, false},
		"the same, written anew":   {own("https://one.example/v1"), control.DeploymentChange{Declaration: own("https://ONE.example:443/v2")}, true},
		"the vendor's own, as URL": {at(vendor), control.DeploymentChange{Declaration: own("https://api.openai.com/v1")}, true},
		"to one of the file":       {own("https://one.example/v1"), control.DeploymentChange{Declaration: at(local)}, true},
		"said again":               {own("https://one.example/v1"), control.DeploymentChange{Declaration: own("https://two.example/v1"), Secrets: key}, true},
		"without them":             {own("https://one.example/v1"), control.DeploymentChange{Declaration: own("https://two.example/v1"), Secrets: &map[string]string{}}, true},
	} {
		s := openShop(t, filepath.Join(t.TempDir(), "t.db"), "1", declaring("a"))
		name := "assistant"
		if _, err := s.CreateDeployment(t.Context(), "m1", control.DeploymentChange{Name: &name, Declaration: c.from, Secrets: key}); err != nil {
			t.Fatal(what, err)
		}
		_, err := s.UpdateDeployment(t.Context(), "m1", c.to)
		if c.ok && err != nil || !c.ok && (!is(err, control.ErrInvalid) || !strings.Contains(err.Error(), "say them again with the new address (key)")) {
			t.Errorf("%s: %v", what, err)
		}
		if d, err := s.Deployment("m1"); err != nil || !c.ok && !bytes.Equal(d.Declaration, c.from) {
			t.Errorf("%s: %s is kept, %v", what, d.Declaration, err)
		}
	}
}

// TestT29_CredentialsGoWhereTheyAreFor: the secrets of a credential are sent to no address
// that whoever gave them has not said, whatever is made of the deployments that use it. One
// that says of no address is for where it is first used, and stays so without a use.
func TestT29_CredentialsGoWhereTheyAreFor(t *testing.T) {
	at := func(url string) json.RawMessage {
		return json.RawMessage(`{"provider":{"kind":"openai","url":"` + url + `"},"model":"big"}`)
	}
	const one, two = "https://one.example", "https://two.example"
	name, vendor, key := "assistant", "vendor", dictionary("key", "sk-1")
	path := filepath.Join(t.TempDir(), "t.db")
	s := openShop(t, path, "1", declaring("a"))
	ctx := t.Context()
	make := func(id, url string) control.Edit {
		return control.DeploymentEdit{Action: control.Create, ID: id, DeploymentChange: control.DeploymentChange{Name: &name, Declaration: at(url), Credential: &vendor}}
	}
	move := func(id, url string) control.Edit {
		return control.DeploymentEdit{Action: control.Update, ID: id, DeploymentChange: control.DeploymentChange{Declaration: at(url)}}
	}
	drop := func(id string) control.Edit { return control.DeploymentEdit{Action: control.Delete, ID: id} }
	is := func(ch control.CredentialChange) control.Edit {
		return control.CredentialEdit{Action: control.Update, ID: vendor, CredentialChange: ch}
	}
	urls := func(all ...string) *[]string { return &all }
	step := func(what, says string, want []string, edits ...control.Edit) {
		t.Helper()
		checked := s.Check(ctx, edits)
		_, err := s.Apply(ctx, edits)
		if (checked == nil) != (err == nil) {
			t.Errorf("%s: checked %v, done %v", what, checked, err)
		}
		if says == "" && err != nil || says != "" && (!errors.Is(err, control.ErrInvalid) || !strings.Contains(err.Error(), says)) {
			t.Errorf("%s: %v", what, err)
		}
		if c, err := s.Credential(vendor); err != nil || !slices.Equal(c.URLs, want) {
			t.Errorf("%s: it is for %v, %v", what, c.URLs, err)
		}
	}
	new := func(ch control.CredentialChange) control.Edit {
		return control.CredentialEdit{Action: control.Create, ID: vendor, CredentialChange: ch}
	}
	const elsewhere, again, twoAddresses = "the secrets of credential ", "say them again with the new address (key)", "https://one.example, https://two.example"

	step("made", "", []string{one}, new(control.CredentialChange{URLs: urls(one + ":443/v1"), Secrets: key}))
	step("a deployment elsewhere", elsewhere, []string{one}, make("m1", two+"/v1"))
	step("of another scheme", elsewhere, []string{one}, make("m1", "http://one.example/v1"))
	step("of another port", elsewhere, []string{one}, make("m1", one+":444/v1"))
	step("at the vendor's own", elsewhere, []string{one}, control.DeploymentEdit{Action: control.Create, DeploymentChange: control.DeploymentChange{Name: &name, Declaration: json.RawMessage(`{"provider":{"kind":"openai"},"model":"big"}`), Credential: &vendor}})
	step("where it is for", "", []string{one}, make("m1", "https://ONE.example/v2"))
	step("that moves", elsewhere, []string{one}, move("m1", two))
	step("the credential moves without its secrets", again, []string{one}, is(control.CredentialChange{URLs: urls(two)}))
	step("it is for one more without its secrets", again, []string{one}, is(control.CredentialChange{URLs: urls(one, two)}))
	step("as another face says it", again, []string{one}, is(control.CredentialChange{URLs: urls(one, two), Secrets: key, Unsaid: []string{"key"}}))
	step("it is for none", "for one at least", []string{one}, is(control.CredentialChange{URLs: urls(), Secrets: key}))
	step("it moves away from a deployment", "deployment m1 could no longer be served", []string{one}, is(control.CredentialChange{URLs: urls(two), Secrets: key}))
	step("both move", "", []string{two}, is(control.CredentialChange{URLs: urls(two), Secrets: key}), move("m1", two))
	step("one address more", "", []string{one, two}, is(control.CredentialChange{URLs: urls(two, one), Secrets: key}), make("m2", one))
	step("one address less", "", []string{two}, drop("m2"), is(control.CredentialChange{URLs: urls(two)}))
	step("gone", "", []string{two}, drop("m1"))
	step("no URL", "is no URL", []string{two}, is(control.CredentialChange{URLs: urls("two.example"), Secrets: key}))

	vendor = "unsaid"
	step("made without an address", "", []string{}, new(control.CredentialChange{Secrets: key}))
	step("used, twice in one change", "", []string{one, two}, make("m1", two), make("m2", one))
	step("used elsewhere later", elsewhere, []string{one, two}, make("m3", "https://three.example"))
	step("used no more", "", []string{one, two}, drop("m1"), drop("m2"))
	step("used elsewhere then", "the secrets of credential unsaid are for "+twoAddresses, []string{one, two}, make("m3", "https://three.example"))

	// What was kept before is for where it is used.
	vendor = "before"
	step("made as before", "", []string{}, new(control.CredentialChange{Secrets: key}))
	step("used as before", "", []string{one}, make("m1", one))
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	forget(t, path)
	s = openShop(t, path, "1", declaring("a"))
	if c, err := s.Credential(vendor); err != nil || len(c.URLs) > 0 {
		t.Fatalf("%+v %v", c, err)
	}
	s.want(name, "m1/big unknown sk-1")
	step("used elsewhere", "the secrets of credential before are for https://one.example", []string{}, make("m2", two))
	step("one that is new", "", []string{one}, control.DeploymentEdit{Action: control.Delete, ID: "m1"})
	step("used elsewhere without a use", "the secrets of credential before are for https://one.example", []string{one}, make("m2", two))
	step("used again", "", []string{one}, make("m2", one))
}

// TestDeploymentsRefused: nothing is kept that could not be served or would be mistaken for
// something else.
func TestDeploymentsRefused(t *testing.T) {
	s := openShop(t, filepath.Join(t.TempDir(), "t.db"), "1", declaring("a", "vendor/x"))
	ctx, name, none := t.Context(), "assistant", "none"
	good := json.RawMessage(cloud + "}")
	if _, err := s.CreateDeployment(ctx, "m1", control.DeploymentChange{Name: &name, Declaration: good}); err != nil {
		t.Fatal(err)
	}
	for what, try := range map[string]struct {
		err  error
		want error
		says string
	}{
		"an id of the API":       {second(s.CreateDeployment(ctx, "m1", control.DeploymentChange{Name: &name, Declaration: good})), control.ErrExists, "m1"},
		"a provider of the file": {second(s.CreateDeployment(ctx, "local", control.DeploymentChange{Name: &name, Declaration: good})), control.ErrExists, "the provider local"},
		"a model of the file":    {second(s.CreateDeployment(ctx, "vendor", control.DeploymentChange{Name: &name, Declaration: good})), control.ErrExists, "the model vendor/x"},
		"an id with a slash":     {second(s.CreateDeployment(ctx, "a/b", control.DeploymentChange{Name: &name, Declaration: good})), control.ErrInvalid, "slash"},
		"an id with a star":      {second(s.CreateDeployment(ctx, "a*", control.DeploymentChange{Name: &name, Declaration: good})), control.ErrInvalid, "*"},
		"no declaration":         {second(s.CreateDeployment(ctx, "", control.DeploymentChange{Name: &name})), control.ErrInvalid, "declaration"},
		"no name":                {second(s.CreateDeployment(ctx, "", control.DeploymentChange{Declaration: good})), control.ErrInvalid, "name"},
		"an unknown kind":        {second(s.CreateDeployment(ctx, "", control.DeploymentChange{Name: &name, Declaration: json.RawMessage(`{"provider":{"kind":"x"},"model":"y"}`)})), control.ErrInvalid, "kind"},
		"a bad URL":              {second(s.CreateDeployment(ctx, "", control.DeploymentChange{Name: &name, Declaration: json.RawMessage(`{"provider":{"kind":"openai","url":"ftp://x"},"model":"y"}`)})), control.ErrInvalid, "http"},
		"no key for a vendor":    {second(s.CreateDeployment(ctx, "", control.DeploymentChange{Name: &name, Declaration: json.RawMessage(`{"provider":{"kind":"openai"},"model":"y"}`)})), control.ErrInvalid, "key"},
		"no such credential":     {second(s.CreateDeployment(ctx, "", control.DeploymentChange{Name: &name, Declaration: good, Credential: &none})), control.ErrNotFound, "credential"},
		"a long secret":          {second(s.CreateDeployment(ctx, "", control.DeploymentChange{Name: &name, Declaration: good, Secrets: dictionary("key", strings.Repeat("x", control.MaxSecret+1))})), control.ErrInvalid, "secret"},
		"a list":                 {second(s.CreateDeployment(ctx, "", control.DeploymentChange{Name: &name, Declaration: json.RawMessage(`[]`)})), control.ErrInvalid, "object"},
		"none such":              {second(s.UpdateDeployment(ctx, "none", control.DeploymentChange{Name: &name})), control.ErrNotFound, "none"},
		"a group called free":    {second(s.CreateGroup(ctx, "free", control.GroupChange{})), control.ErrInvalid, "free"},
		"itself":                 {second(s.CreateFallback(ctx, control.Fallback{Model: "a", To: []string{"a"}})), control.ErrInvalid, "itself"},
		"to none such":           {second(s.CreateFallback(ctx, control.Fallback{Model: "a", To: []string{"none"}})), control.ErrNotFound, "none"},
		"of none such":           {second(s.CreateFallback(ctx, control.Fallback{Model: "none", To: []string{"a"}})), control.ErrNotFound, "none"},
		"another case":           {second(s.CreateFallback(ctx, control.Fallback{Model: "a", When: "sometimes", To: []string{"assistant"}})), control.ErrInvalid, "sometimes"},
		"to nothing":             {second(s.CreateFallback(ctx, control.Fallback{Model: "a"})), control.ErrInvalid, "models"},
	} {
		if !is(try.err, try.want) || try.err == nil || !strings.Contains(try.err.Error(), try.says) {
			t.Errorf("%s: %v", what, try.err)
		}
	}
	if n := len(s.Deployments()); n != 1 {
		t.Errorf("%d deployments are kept", n)
	}
	// A reload that takes the place of what the API made changes nothing.
	clash := declaring("a")
	clash.Spec.Providers = append(clash.Spec.Providers, catalog.ProviderSpec{Path: "providers.m1", Name: "m1", Kind: "gpu", URL: "http://127.0.0.1:9"})
	if err := s.Declare(clash); !is(err, control.ErrExists) || !strings.Contains(err.Error(), "m1") {
		t.Errorf("a clash: %v", err)
	}
	s.want("vendor/x", "local/vendor/x free ")
}

func second[T any](_ T, err error) error { return err }

// TestPlansAreCounted: changing many plans takes no room from those that are made beside.
func TestPlansAreCounted(t *testing.T) {
	s := openShop(t, filepath.Join(t.TempDir(), "t.db"), "1", declaring("a"))
	const n = control.MaxPlans/2 + 1
	var made, changed []control.Edit
	for i := range n {
		e := control.PlanEdit{Action: control.Create, ID: fmt.Sprint(i)}
		made = append(made, e)
		e.Action = control.Update
		changed = append(changed, e)
	}
	apply := func(edits []control.Edit) error { _, err := s.Apply(t.Context(), edits); return err }
	if err := apply(made); err != nil {
		t.Fatal(err)
	}
	if err := apply(append(changed, control.PlanEdit{Action: control.Create, ID: "one more"})); err != nil {
		t.Error(err)
	}
	for i := range made {
		made[i] = control.PlanEdit{Action: control.Create, ID: fmt.Sprint("m", i)}
	}
	if err := s.Check(t.Context(), made); !errors.Is(err, control.ErrInvalid) || !strings.Contains(err.Error(), "no more may be made") {
		t.Errorf("more than there may be: %v", err)
	}
}

// TestLongListsThatAreThere: a list that is longer than one may be said now keeps nobody from
// changing something else of whatever has it.
func TestLongListsThatAreThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := openShop(t, path, "1", declaring("a"))
	k, _, err := s.CreateKey(t.Context(), control.KeyOwner{Standalone: true}, control.KeyChange{})
	if err != nil {
		t.Fatal(err)
	}
	long := make([]string, control.MaxModels)
	for i := range long {
		long[i] = fmt.Sprintf("%0100d", i)
	}
	k.Models = long
	amount := accounting.Money(1)
	b := ledger.Budget{ID: "b", Kind: ledger.Gateway, Limit: &amount, Models: long}
	err = s.store.Write(t.Context(), []control.Write{control.PutKey{Key: control.StoredKey{Key: k}}, control.PutBudget{Budget: b, New: true}}, nil)
	if err = errors.Join(err, s.store.Close()); err != nil {
		t.Fatal(err)
	}
	s = openShop(t, path, "1", declaring("a"))
	yes := true
	if k, err := s.UpdateKey(t.Context(), k.ID, control.KeyChange{Blocked: &yes}); err != nil || !k.Blocked || len(k.Models) != len(long) {
		t.Errorf("blocked: %v", err)
	}
	if _, err := s.UpdateKey(t.Context(), k.ID, control.KeyChange{Models: &long}); !errors.Is(err, control.ErrInvalid) {
		t.Errorf("said anew: %v", err)
	}
	if _, err := s.UpdateBudget(t.Context(), b.ID, control.BudgetChange{Name: &b.ID}); err != nil {
		t.Errorf("a budget: %v", err)
	}
	if b.ID = "c"; !errors.Is(second(s.CreateBudget(t.Context(), b)), control.ErrInvalid) {
		t.Error("a budget was made for as many")
	}
}

// forget takes from the credentials of a file what they say of their addresses, as a version
// that did not know them left it.
func forget(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`update credentials set urls = '[]'`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
