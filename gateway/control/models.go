package control

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tollgate/accounting/pricelist"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
)

// The limits on what the API adds to the catalog.
const (
	MaxDeployments = 2000 // that the API made
	MaxOfOneName   = 100  // of them, that have one public name
	MaxCredentials = 1000
	MaxGroups      = 1000
	MaxFallbacks   = 1000
	MaxFallbackTo  = 20       // models that take over from one in one case
	MaxSecrets     = 32       // of one deployment or credential
	MaxSecret      = 16 << 10 // bytes of one
	MaxModelName   = 256      // bytes of a public name
	MaxDeclaration = 64 << 10 // bytes of one deployment's
)

// Deployment is one that the API made: one target more of a public name.
type Deployment struct {
	ID   string
	Name string // the public one
	// Declaration says where it is, what it costs and how it is called, as a JSON object
	// in the words of the configuration file. It holds no secret.
	Declaration json.RawMessage
	Credential  string   // whose secrets it may refer to, beside its own; "": none
	Secrets     []string // the names of its own
	Created     time.Time
}

// StoredDeployment is a deployment as it is kept.
type StoredDeployment struct {
	Deployment
	Sealed string // its own secrets; "" if it has none
}

// Credential is a set of secrets that deployments of the API share.
type Credential struct {
	ID      string
	Secrets []string // their names
	Created time.Time
}

// StoredCredential is a credential as it is kept.
type StoredCredential struct {
	Credential
	Sealed string
}

// Group gives models one more name to be allowed by, whoever declared them.
type Group struct {
	ID      string // which lists of allowed models may hold
	Name    string
	Models  []string // public names
	Created time.Time
}

// Fallback says what takes over from a model, whoever declared it: always when it does
// not answer, or in one case.
type Fallback struct {
	ID      string
	Model   string
	When    catalog.When
	To      []string // in order
	Created time.Time
}

// Vault seals secrets for the store. What is sealed for one purpose opens for no other.
type Vault interface {
	Seal(purpose string, plain []byte) string
	Open(purpose, sealed string) ([]byte, error)
}

// Declaration is that of one deployment, to be read: see [Parts].
type Declaration struct {
	ID, Name string
	Path     string // for what is told of it
	Text     json.RawMessage
	Secret   func(name string) (string, bool)
	Prices   *pricelist.List
}

// added is what the API added to the catalog. Its maps are never changed: a draft has its
// own.
type added struct {
	deployments map[string]*deployment
	credentials map[string]*credential
	groups      map[string]Group
	fallbacks   map[string]Fallback
}

// deployment is one with what it was read as.
type deployment struct {
	StoredDeployment
	read *catalog.Addition // nil: not yet
	lost string            // why it could not be read
}

type credential struct{ StoredCredential }

func newAdded() *added {
	return &added{deployments: map[string]*deployment{}, credentials: map[string]*credential{}, groups: map[string]Group{}, fallbacks: map[string]Fallback{}}
}

func (a *added) clone() *added {
	return &added{maps.Clone(a.deployments), maps.Clone(a.credentials), maps.Clone(a.groups), maps.Clone(a.fallbacks)}
}

// forget takes back how the deployments were read: of those that use a credential, or of
// all where it is "".
func (a *added) forget(credential string) {
	for id, d := range a.deployments {
		if credential == "" || d.Credential == credential {
			a.deployments[id] = &deployment{StoredDeployment: d.StoredDeployment}
		}
	}
}

// byAge lists things in the order in which they were made.
func byAge[T any](all map[string]T, made func(T) time.Time) []T {
	ids := slices.Collect(maps.Keys(all))
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(made(all[a]).Compare(made(all[b])), strings.Compare(a, b)) })
	out := make([]T, len(ids))
	for i, id := range ids {
		out[i] = all[id]
	}
	return out
}

func (d *deployment) made() time.Time { return d.Created }

func pathOf(kind, id string) string { return "api." + kind + "." + id }

// openSecrets reads the secrets of a thing.
func (c *Control) openSecrets(kind ChangeKind, id, sealed string) (map[string]string, error) {
	out := map[string]string{}
	if sealed == "" {
		return out, nil
	}
	plain, err := c.vault.Open(string(kind)+"/"+id, sealed)
	if err != nil {
		return nil, fmt.Errorf("its secrets cannot be read: %w", err)
	}
	return out, json.Unmarshal(plain, &out)
}

func (c *Control) sealSecrets(kind ChangeKind, id string, secrets map[string]string) string {
	if len(secrets) == 0 {
		return ""
	}
	plain, err := json.Marshal(secrets)
	if err != nil {
		panic(err) // strings always marshal
	}
	return c.vault.Seal(string(kind)+"/"+id, plain)
}

// readDeployment reads a deployment's declaration, if that was not done. What cannot be
// read is a model that is not available.
func (c *Control) readDeployment(a *added, d *deployment, prices *pricelist.List) {
	if d.read != nil {
		return
	}
	path := pathOf("models", d.ID)
	own, err := c.openSecrets(DeploymentChanged, d.ID, d.Sealed)
	shared := map[string]string{}
	if cred := a.credentials[d.Credential]; err == nil && cred != nil {
		if shared, err = c.openSecrets(CredentialChanged, cred.ID, cred.Sealed); err != nil {
			err = fmt.Errorf("credential %s: %w", cred.ID, err)
		}
	}
	if err == nil {
		var read catalog.Addition
		read, err = c.readDeclaration(Declaration{ID: d.ID, Name: d.Name, Path: path, Text: d.Declaration, Prices: prices, Secret: func(name string) (string, bool) {
			if v, ok := own[name]; ok {
				return v, true
			}
			v, ok := shared[name]
			return v, ok
		}})
		d.read = &read
	}
	if err != nil {
		d.lost = err.Error()
		d.read = &catalog.Addition{Model: catalog.ModelSpec{Path: path, Name: d.Name, Unavailable: unreadable}}
	}
}

// unreadable is what clients are told of a deployment whose declaration or secrets cannot
// be read. Why is a finding, for those who run tollgate.
const unreadable = "it is not set up as it should be: whoever runs this gateway finds out by tollgate check"

// spec is what the configuration and the API declare together. The mutex is held.
func (c *Control) spec(declared Declared, a *added) (catalog.Spec, []catalog.Finding) {
	var additions []catalog.Addition
	var findings []catalog.Finding
	for _, d := range byAge(a.deployments, (*deployment).made) {
		c.readDeployment(a, d, declared.Prices)
		additions = append(additions, *d.read)
		if d.lost != "" {
			findings = append(findings, catalog.Finding{Path: pathOf("models", d.ID), Warning: true, Message: d.lost})
		}
	}
	var groups []catalog.Group
	for _, g := range byAge(a.groups, func(g Group) time.Time { return g.Created }) {
		groups = append(groups, catalog.Group{ID: g.ID, Models: g.Models})
	}
	var fallbacks []catalog.Fallback
	for _, f := range byAge(a.fallbacks, func(f Fallback) time.Time { return f.Created }) {
		fallbacks = append(fallbacks, catalog.Fallback{Path: pathOf("fallbacks", f.ID), Model: f.Model, When: f.When, To: f.To})
	}
	spec, more := declared.Spec.Extend(additions, groups, fallbacks)
	return spec, append(findings, more...)
}

// clash says which provider or model of a configuration leaves no room for a deployment's
// own provider, which is known by the deployment's id; "" if none does.
func clash(spec catalog.Spec, id string) string {
	for _, p := range spec.Providers {
		if p.Name == id {
			return "the provider " + id
		}
	}
	for _, m := range spec.Models {
		if strings.HasPrefix(m.Name, id+"/") {
			return "the model " + m.Name
		}
	}
	return ""
}

// apart makes sure that nothing of a configuration has the id of a deployment.
func (a *added) apart(spec catalog.Spec) error {
	for _, d := range byAge(a.deployments, (*deployment).made) {
		if what := clash(spec, d.ID); what != "" {
			return fmt.Errorf("deployment %s was made through the API, and the file declares %s: rename it there or delete the deployment: %w", d.ID, what, ErrExists)
		}
	}
	return nil
}

// Deployments lists those that the API made, by id.
func (c *Control) Deployments() []Deployment {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []Deployment{}
	for _, id := range slices.Sorted(maps.Keys(c.added.deployments)) {
		out = append(out, c.added.deployments[id].Deployment)
	}
	return out
}

// Deployment returns one that the API made, or [ErrNotFound].
func (c *Control) Deployment(id string) (Deployment, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.added.deployments[id]; d != nil {
		return d.Deployment, nil
	}
	return Deployment{}, missing(DeploymentChanged, id)
}

// DeploymentSecrets returns a deployment's own secrets. No face shows them.
func (c *Control) DeploymentSecrets(id string) (map[string]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.added.deployments[id]; d != nil {
		return c.openSecrets(DeploymentChanged, id, d.Sealed)
	}
	return nil, missing(DeploymentChanged, id)
}

// Lost says why a deployment that the API made is not available; "" if that is not known.
func (c *Control) Lost(id string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.added.deployments[id]; d != nil {
		return d.lost
	}
	return ""
}

// Credentials lists the credentials by id.
func (c *Control) Credentials() []Credential {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []Credential{}
	for _, id := range slices.Sorted(maps.Keys(c.added.credentials)) {
		out = append(out, c.added.credentials[id].Credential)
	}
	return out
}

// Credential returns one credential, or [ErrNotFound].
func (c *Control) Credential(id string) (Credential, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cred := c.added.credentials[id]; cred != nil {
		return cred.Credential, nil
	}
	return Credential{}, missing(CredentialChanged, id)
}

// CredentialSecrets returns a credential's secrets. No face shows them.
func (c *Control) CredentialSecrets(id string) (map[string]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cred := c.added.credentials[id]; cred != nil {
		return c.openSecrets(CredentialChanged, id, cred.Sealed)
	}
	return nil, missing(CredentialChanged, id)
}

// Groups lists the groups of models by id.
func (c *Control) Groups() []Group {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []Group{}
	for _, id := range slices.Sorted(maps.Keys(c.added.groups)) {
		out = append(out, c.added.groups[id])
	}
	return out
}

// Group returns one group of models, or [ErrNotFound].
func (c *Control) Group(id string) (Group, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g, ok := c.added.groups[id]; ok {
		return g, nil
	}
	return Group{}, missing(GroupChanged, id)
}

// Fallbacks lists what takes over from models, by id.
func (c *Control) Fallbacks() []Fallback {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []Fallback{}
	for _, id := range slices.Sorted(maps.Keys(c.added.fallbacks)) {
		out = append(out, c.added.fallbacks[id])
	}
	return out
}

// Fallback returns one of them, or [ErrNotFound].
func (c *Control) Fallback(id string) (Fallback, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, ok := c.added.fallbacks[id]; ok {
		return f, nil
	}
	return Fallback{}, missing(FallbackChanged, id)
}

// more is what the draft makes of what the API added.
func (d *draft) more() *added {
	if d.adding == nil {
		d.adding = d.added.clone()
	}
	return d.adding
}

// checkAdded makes sure that what the draft adds to the catalog can be served: nothing may
// be left out that was not before.
func (d *draft) checkAdded() error {
	if d.adding == nil {
		return nil
	}
	if err := d.adding.apart(d.declared.Spec); err != nil {
		return err
	}
	spec, _ := d.spec(d.declared, d.adding)
	_, findings := catalog.Build(spec, d.kinds, d.declared.Prices, d.found)
	for _, f := range findings {
		if !f.Warning && !slices.ContainsFunc(d.findings, func(was catalog.Finding) bool { return !was.Warning && was.Path == f.Path }) {
			return invalid("%s: %s", f.Path, f.Message)
		}
	}
	return nil
}

func checkSecrets(secrets map[string]string) error {
	if len(secrets) > MaxSecrets {
		return invalid("more than %d secrets", MaxSecrets)
	}
	for name, v := range secrets {
		if err := checkText("a secret's name", name); err != nil {
			return err
		}
		if name == "" || v == "" || len(v) > MaxSecret {
			return invalid("a secret has a name, and 1 to %d bytes", MaxSecret)
		}
	}
	return nil
}

func namesOf(secrets map[string]string) []string {
	return append([]string{}, slices.Sorted(maps.Keys(secrets))...)
}

func checkModelName(name string) error {
	if name == "" || len(name) > MaxModelName {
		return invalid("a model's name has 1 to %d bytes", MaxModelName)
	}
	return checkPrintable("a model's name", name)
}

// DeploymentChange is what can be said of a deployment; nil leaves a field as it is.
type DeploymentChange struct {
	Name        *string
	Declaration json.RawMessage    // the whole of it
	Credential  *string            // "": none
	Secrets     *map[string]string // all of its own
	Attributes  json.RawMessage
}

func (ch *DeploymentChange) apply(d *draft, v *deployment) (err error) {
	set(&v.Name, ch.Name)
	set(&v.Credential, ch.Credential)
	if ch.Declaration != nil {
		if v.Declaration, err = checkObject("a declaration", ch.Declaration, MaxDeclaration); err != nil {
			return err
		}
	}
	if ch.Secrets != nil {
		if err := checkSecrets(*ch.Secrets); err != nil {
			return err
		}
		v.Secrets, v.Sealed = namesOf(*ch.Secrets), d.sealSecrets(DeploymentChanged, v.ID, *ch.Secrets)
	}
	if ch.Attributes, err = checkAttributes(ch.Attributes); err != nil {
		return err
	}
	if v.Credential != "" && d.more().credentials[v.Credential] == nil {
		return missing(CredentialChanged, v.Credential)
	}
	if err := checkModelName(v.Name); err != nil {
		return err
	}
	same := 0
	for id, other := range d.more().deployments {
		if id != v.ID && other.Name == v.Name {
			same++
		}
	}
	if same >= MaxOfOneName {
		return invalid("the API made %d deployments of the name %q already, and no name has more", same, v.Name)
	}
	v.read, v.lost = nil, ""
	d.readDeployment(d.more(), v, d.declared.Prices)
	if v.lost != "" {
		return invalid("%s", v.lost)
	}
	for _, t := range v.read.Model.Targets {
		provider, _, _ := strings.Cut(t.To, "/")
		if v.read.Provider == nil && !slices.ContainsFunc(d.declared.Spec.Providers, func(p catalog.ProviderSpec) bool { return p.Name == provider }) {
			return invalid("the file declares no provider %q; a deployment may have one of its own", provider)
		}
	}
	return nil
}

func (d *draft) createDeployment(id string, ch DeploymentChange) (_ Deployment, err error) {
	if id == "" {
		if id, err = d.newID("model"); err != nil {
			return Deployment{}, err
		}
	}
	v := &deployment{StoredDeployment: StoredDeployment{Deployment: Deployment{ID: id, Secrets: []string{}, Created: d.at}}}
	if err := checkID("a deployment", id); err != nil {
		return v.Deployment, err
	}
	if strings.Contains(id, "*") { // it may be the name of a provider, and a * stands for others
		return v.Deployment, invalid("the id %q of a deployment holds a *", id)
	}
	if d.more().deployments[id] != nil {
		return v.Deployment, named(DeploymentChanged, id, ErrExists)
	}
	if what := clash(d.declared.Spec, id); what != "" {
		return v.Deployment, fmt.Errorf("the file declares %s, so a deployment needs another id: %w", what, ErrExists)
	}
	if len(d.more().deployments) >= MaxDeployments {
		return v.Deployment, invalid("the API made %d deployments already, and no more are kept", MaxDeployments)
	}
	if ch.Declaration == nil {
		return v.Deployment, invalid("a deployment needs a declaration")
	}
	if err := ch.apply(d, v); err != nil {
		return v.Deployment, err
	}
	d.write(PutDeployment{v.StoredDeployment, true, ch.Attributes})
	d.more().deployments[id] = v
	return v.Deployment, nil
}

func (d *draft) updateDeployment(id string, ch DeploymentChange) (Deployment, error) {
	was := d.more().deployments[id]
	if was == nil {
		return Deployment{}, missing(DeploymentChanged, id)
	}
	v := &deployment{StoredDeployment: was.StoredDeployment}
	if err := ch.apply(d, v); err != nil {
		return v.Deployment, err
	}
	d.write(PutDeployment{v.StoredDeployment, false, ch.Attributes})
	d.more().deployments[id] = v
	return v.Deployment, nil
}

func (d *draft) deleteDeployment(id string) error {
	if d.more().deployments[id] == nil {
		return missing(DeploymentChanged, id)
	}
	d.write(Drop{DeploymentChanged, id})
	delete(d.more().deployments, id)
	return nil
}

// CredentialChange is what can be said of a credential; nil leaves a field as it is.
type CredentialChange struct {
	Secrets    *map[string]string // all of them
	Attributes json.RawMessage
}

func (ch *CredentialChange) apply(d *draft, v *credential) (err error) {
	if ch.Attributes, err = checkAttributes(ch.Attributes); err != nil || ch.Secrets == nil {
		return err
	}
	if err := checkSecrets(*ch.Secrets); err != nil {
		return err
	}
	v.Secrets, v.Sealed = namesOf(*ch.Secrets), d.sealSecrets(CredentialChanged, v.ID, *ch.Secrets)
	return nil
}

func (d *draft) createCredential(id string, ch CredentialChange) (Credential, error) {
	v := &credential{StoredCredential{Credential: Credential{ID: id, Secrets: []string{}, Created: d.at}}}
	if err := errors.Join(checkCredentialID(id), ch.apply(d, v)); err != nil {
		return v.Credential, err
	}
	if d.more().credentials[id] != nil {
		return v.Credential, named(CredentialChanged, id, ErrExists)
	}
	if len(d.more().credentials) >= MaxCredentials {
		return v.Credential, invalid("there are %d credentials already, and no more are kept", MaxCredentials)
	}
	d.write(PutCredential{v.StoredCredential, true, ch.Attributes})
	d.more().credentials[id] = v
	return v.Credential, nil
}

// checkCredentialID takes any name on one line: other programs give them spaces.
func checkCredentialID(id string) error {
	if id == "" {
		return invalid("a credential needs an id")
	}
	return checkText("the id of a credential", id)
}

func (d *draft) updateCredential(id string, ch CredentialChange) (Credential, error) {
	was := d.more().credentials[id]
	if was == nil {
		return Credential{}, missing(CredentialChanged, id)
	}
	v := &credential{was.StoredCredential}
	if err := ch.apply(d, v); err != nil {
		return v.Credential, err
	}
	d.write(PutCredential{v.StoredCredential, false, ch.Attributes})
	d.more().credentials[id] = v
	d.more().forget(id)
	for _, m := range byAge(d.more().deployments, (*deployment).made) {
		if d.readDeployment(d.more(), m, d.declared.Prices); m.lost != "" && m.Credential == id {
			return v.Credential, invalid("deployment %s could no longer be served: %s", m.ID, m.lost)
		}
	}
	return v.Credential, nil
}

func (d *draft) deleteCredential(id string) error {
	if d.more().credentials[id] == nil {
		return missing(CredentialChanged, id)
	}
	for _, m := range byAge(d.more().deployments, (*deployment).made) {
		if m.Credential == id {
			return fmt.Errorf("credential %q is used by deployment %s: give that another or delete it first: %w", id, m.ID, ErrInvalid)
		}
	}
	d.write(Drop{CredentialChanged, id})
	delete(d.more().credentials, id)
	return nil
}

// GroupChange is what can be said of a group of models; nil leaves a field as it is.
type GroupChange struct {
	Name       *string
	Models     *[]string
	Attributes json.RawMessage
}

func (ch *GroupChange) apply(g *Group) (err error) {
	set(&g.Name, ch.Name)
	set(&g.Models, ch.Models)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	return errors.Join(checkText("a group's name", g.Name), checkModels(g.Models), err)
}

func (d *draft) createGroup(id string, ch GroupChange) (_ Group, err error) {
	if id == "" {
		if id, err = d.newID("group"); err != nil {
			return Group{}, err
		}
	}
	g := Group{ID: id, Models: []string{}, Created: d.at}
	if err := errors.Join(checkID("a group", id), ch.apply(&g)); err != nil {
		return g, err
	}
	if id == access.FreeWord {
		return g, invalid("%q in a list of allowed models is every model that is free, and no group", id)
	}
	if _, there := d.more().groups[id]; there {
		return g, named(GroupChanged, id, ErrExists)
	}
	if len(d.more().groups) >= MaxGroups {
		return g, invalid("there are %d groups already, and no more are kept", MaxGroups)
	}
	d.write(PutGroup{g, true, ch.Attributes})
	d.more().groups[id] = g
	return g, nil
}

func (d *draft) updateGroup(id string, ch GroupChange) (Group, error) {
	g, there := d.more().groups[id]
	if !there {
		return g, missing(GroupChanged, id)
	}
	if err := ch.apply(&g); err != nil {
		return g, err
	}
	d.write(PutGroup{g, false, ch.Attributes})
	d.more().groups[id] = g
	return g, nil
}

func (d *draft) deleteGroup(id string) error {
	if _, there := d.more().groups[id]; !there {
		return missing(GroupChanged, id)
	}
	d.write(Drop{GroupChanged, id})
	delete(d.more().groups, id)
	return nil
}

// createFallback says what takes over from a model. An id that is "" is made.
func (d *draft) createFallback(f Fallback) (_ Fallback, err error) {
	if f.ID == "" {
		if f.ID, err = d.newID("fallback"); err != nil {
			return f, err
		}
	}
	f.Created = d.at
	if err := errors.Join(checkID("a fallback", f.ID), d.checkFallback(f)); err != nil {
		return f, err
	}
	if _, there := d.more().fallbacks[f.ID]; there {
		return f, named(FallbackChanged, f.ID, ErrExists)
	}
	for _, other := range d.more().fallbacks {
		if other.Model == f.Model && other.When == f.When {
			return f, fmt.Errorf("%s says already what takes over from %q in this case: %w", other.ID, f.Model, ErrExists)
		}
	}
	if len(d.more().fallbacks) >= MaxFallbacks {
		return f, invalid("there are %d fallbacks already, and no more are kept", MaxFallbacks)
	}
	d.write(PutFallback{f, true})
	d.more().fallbacks[f.ID] = f
	return f, nil
}

func (d *draft) checkFallback(f Fallback) error {
	switch f.When {
	case catalog.Always, catalog.WhenContext, catalog.WhenRefused:
	default:
		return invalid("a fallback is taken always (\"\") or when: %s or %s, not %q", catalog.WhenContext, catalog.WhenRefused, f.When)
	}
	if len(f.To) == 0 || len(f.To) > MaxFallbackTo {
		return invalid("1 to %d models take over from one", MaxFallbackTo)
	}
	spec, _ := d.spec(d.declared, d.more())
	known := func(name string) bool {
		return slices.ContainsFunc(spec.Models, func(m catalog.ModelSpec) bool { return m.Name == name || m.Fits(name) })
	}
	// What a * stands for has no targets of its own to add to.
	if !slices.ContainsFunc(spec.Models, func(m catalog.ModelSpec) bool { return m.Name == f.Model }) {
		return missing("model", f.Model)
	}
	for _, name := range f.To {
		if err := checkModelName(name); err != nil {
			return err
		}
		if !known(name) {
			return missing("model", name)
		}
	}
	if slices.Contains(f.To, f.Model) {
		return invalid("%q cannot take over from itself", f.Model)
	}
	return nil
}

func (d *draft) updateFallback(id string, to []string) (Fallback, error) {
	f, there := d.more().fallbacks[id]
	if !there {
		return f, missing(FallbackChanged, id)
	}
	f.To = to
	if err := d.checkFallback(f); err != nil {
		return f, err
	}
	d.write(PutFallback{f, false})
	d.more().fallbacks[id] = f
	return f, nil
}

func (d *draft) deleteFallback(id string) error {
	if _, there := d.more().fallbacks[id]; !there {
		return missing(FallbackChanged, id)
	}
	d.write(Drop{FallbackChanged, id})
	delete(d.more().fallbacks, id)
	return nil
}

// CreateDeployment makes a deployment. An id that is "" is made. It can be called as soon
// as this returns.
func (c *Control) CreateDeployment(ctx context.Context, id string, ch DeploymentChange) (m Deployment, err error) {
	err = c.run(ctx, func(d *draft) (err error) { m, err = d.createDeployment(id, ch); return err })
	return m, err
}

// UpdateDeployment changes a deployment. Calls that run end as they began.
func (c *Control) UpdateDeployment(ctx context.Context, id string, ch DeploymentChange) (m Deployment, err error) {
	err = c.run(ctx, func(d *draft) (err error) { m, err = d.updateDeployment(id, ch); return err })
	return m, err
}

// DeleteDeployment removes a deployment. What was spent on it stays in the books.
func (c *Control) DeleteDeployment(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteDeployment(id) })
}

// CreateCredential keeps some secrets under a name.
func (c *Control) CreateCredential(ctx context.Context, id string, ch CredentialChange) (v Credential, err error) {
	err = c.run(ctx, func(d *draft) (err error) { v, err = d.createCredential(id, ch); return err })
	return v, err
}

// UpdateCredential changes a credential, and with it all deployments that use it.
func (c *Control) UpdateCredential(ctx context.Context, id string, ch CredentialChange) (v Credential, err error) {
	err = c.run(ctx, func(d *draft) (err error) { v, err = d.updateCredential(id, ch); return err })
	return v, err
}

// DeleteCredential removes a credential that no deployment uses.
func (c *Control) DeleteCredential(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteCredential(id) })
}

// CreateGroup makes a group of models. An id that is "" is made.
func (c *Control) CreateGroup(ctx context.Context, id string, ch GroupChange) (g Group, err error) {
	err = c.run(ctx, func(d *draft) (err error) { g, err = d.createGroup(id, ch); return err })
	return g, err
}

// UpdateGroup changes a group of models.
func (c *Control) UpdateGroup(ctx context.Context, id string, ch GroupChange) (g Group, err error) {
	err = c.run(ctx, func(d *draft) (err error) { g, err = d.updateGroup(id, ch); return err })
	return g, err
}

// DeleteGroup removes a group of models. Lists that hold its id no longer allow them.
func (c *Control) DeleteGroup(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteGroup(id) })
}

// CreateFallback says what takes over from a model.
func (c *Control) CreateFallback(ctx context.Context, f Fallback) (_ Fallback, err error) {
	err = c.run(ctx, func(d *draft) (err error) { f, err = d.createFallback(f); return err })
	return f, err
}

// UpdateFallback changes which models take over.
func (c *Control) UpdateFallback(ctx context.Context, id string, to []string) (f Fallback, err error) {
	err = c.run(ctx, func(d *draft) (err error) { f, err = d.updateFallback(id, to); return err })
	return f, err
}

// DeleteFallback takes back what takes over from a model.
func (c *Control) DeleteFallback(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteFallback(id) })
}
