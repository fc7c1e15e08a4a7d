package control

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tollgate/accounting/pricelist"
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
	MaxURLs        = 32       // that one credential is for
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
	Credential  string   // whose secrets it may refer to, beside its own, where those are for; "": none
	Secrets     []string // the names of its own
	Created     time.Time
}

// StoredDeployment is a deployment as it is kept.
type StoredDeployment struct {
	Deployment
	Sealed string // its own secrets; "" if it has none
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
	cred := a.credentials[d.Credential]
	if err == nil && cred != nil {
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
		if at := c.addressOf(&read); err == nil && cred != nil && at != "" && len(cred.URLs) > 0 && !slices.Contains(cred.URLs, at) {
			err = fmt.Errorf("its calls go to %s, and the secrets of credential %s are for %s: give them again with both addresses, or name another credential", at, cred.ID, strings.Join(cred.URLs, ", "))
		}
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
	spec.Own = c.own
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

// more is what the draft makes of what the API added.
func (d *draft) more() *added {
	if d.adding == nil {
		d.adding = d.added.clone()
		for _, kind := range []ChangeKind{DeploymentChanged, CredentialChanged, GroupChanged, FallbackChanged} {
			d.follows(kind, anyID) // each has to fit the others
		}
		d.bind() // while what uses them is there
	}
	return d.adding
}

// checkRead makes sure that what the draft adds can be read as far as it could before.
func (d *draft) checkRead() error {
	if d.adding == nil {
		return nil
	}
	for _, m := range byAge(d.adding.deployments, (*deployment).made) {
		d.readDeployment(d.adding, m, d.declared.Prices)
		if was := d.added.deployments[m.ID]; m.lost != "" && (was == nil || was.lost == "") {
			return invalid("deployment %s could no longer be served: %s", m.ID, m.lost)
		}
	}
	return nil
}

// checkAdded makes sure that what the draft adds to the catalog can be served: nothing may
// be left out that was not before.
func (d *draft) checkAdded() error {
	if d.adding == nil {
		return nil
	}
	if err := d.checkRead(); err != nil {
		return err
	}
	d.bind()
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
		return inField("secrets", invalid("more than %d secrets", MaxSecrets))
	}
	for name, v := range secrets {
		if err := inField("secrets", checkText("a secret's name", name)); err != nil {
			return err
		}
		if name == "" || v == "" || len(v) > MaxSecret {
			return inField("secrets", invalid("a secret has a name, and 1 to %d bytes", MaxSecret))
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
	// Unsaid are those of its own secrets that are as they were because nobody has said them
	// again, by the names that whoever asks has for them: all of them if Secrets is nil. They
	// were given for the address that they are sent to, and go to no other.
	Unsaid     []string
	Attributes json.RawMessage
}

func (ch *DeploymentChange) apply(d *draft, v *deployment) (err error) {
	set(&v.Name, ch.Name)
	set(&v.Credential, ch.Credential)
	if ch.Declaration != nil {
		if v.Declaration, err = checkObject("a declaration", ch.Declaration, MaxDeclaration); err != nil {
			return inField("declaration", err)
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
	if err := inField("name", checkModelName(v.Name)); err != nil {
		return err
	}
	same := 0
	for id, other := range d.more().deployments {
		if id != v.ID && other.Name == v.Name {
			same++
		}
	}
	if same >= MaxOfOneName {
		return inField("name", invalid("the API made %d deployments of the name %q already, and no name has more", same, v.Name))
	}
	v.read, v.lost = nil, ""
	d.readDeployment(d.more(), v, d.declared.Prices)
	if v.lost != "" {
		return inField("declaration", invalid("%s", v.lost))
	}
	for _, t := range v.read.Model.Targets {
		provider, _, _ := strings.Cut(t.To, "/")
		if v.read.Provider == nil && !slices.ContainsFunc(d.declared.Spec.Providers, func(p catalog.ProviderSpec) bool { return p.Name == provider }) {
			return inField("declaration", invalid("the file declares no provider %q; a deployment may have one of its own", provider))
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
	if err := inField("id", checkID("a deployment", id)); err != nil {
		return v.Deployment, err
	}
	if strings.Contains(id, "*") { // it may be the name of a provider, and a * stands for others
		return v.Deployment, inField("id", invalid("the id %q of a deployment holds a *", id))
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
		return v.Deployment, inField("declaration", invalid("a deployment needs a declaration"))
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
	unsaid := ch.Unsaid
	if ch.Secrets == nil {
		unsaid = was.Secrets
	}
	d.readDeployment(d.more(), was, d.declared.Prices)
	var from []string
	if at := d.addressOf(was.read); at != "" {
		from = append(from, at)
	}
	if err := staysWhere(unsaid, from, d.addressOf(v.read)); err != nil {
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

// CreateDeployment makes a deployment. An id that is "" is made. It can be called as soon
// as this returns.
func (c *Control) CreateDeployment(ctx context.Context, id string, ch DeploymentChange) (Deployment, error) {
	return changed(ctx, c, func(d *draft) (Deployment, error) { return d.createDeployment(id, ch) })
}

// UpdateDeployment changes a deployment. Calls that run end as they began.
func (c *Control) UpdateDeployment(ctx context.Context, id string, ch DeploymentChange) (Deployment, error) {
	return changed(ctx, c, func(d *draft) (Deployment, error) { return d.updateDeployment(id, ch) })
}

// DeleteDeployment removes a deployment. What was spent on it stays in the books.
func (c *Control) DeleteDeployment(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteDeployment(id) })
}
