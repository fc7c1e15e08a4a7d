package admin

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
)

// ModelAddition is a deployment that was added to a public name.
type ModelAddition struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`        // the public one
	Declaration json.RawMessage `json:"declaration"` // in the words of the configuration file
	Credential  string          `json:"credential"`  // "" if it has none
	Secrets     []string        `json:"secrets"`     // the names of its own
	Unavailable string          `json:"unavailable"` // why it cannot be read; "" if it can
	Attributes  json.RawMessage `json:"attributes"`
	Created     *time.Time      `json:"created"`
}

// Credential is a set of secrets. What they are is told to nobody.
type Credential struct {
	ID         string          `json:"id"`
	URLs       []string        `json:"urls"`    // where they may be sent: scheme, host and port
	Secrets    []string        `json:"secrets"` // their names
	Attributes json.RawMessage `json:"attributes"`
	Created    *time.Time      `json:"created"`
}

// ModelGroup is one more name for models to be allowed by.
type ModelGroup struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Models     []string        `json:"models"`
	Attributes json.RawMessage `json:"attributes"`
	Created    *time.Time      `json:"created"`
}

// Fallback says what takes over from a model.
type Fallback struct {
	ID      string     `json:"id"`
	Model   string     `json:"model"`
	When    string     `json:"when"` // "": always; context or refused
	To      []string   `json:"to"`
	Created *time.Time `json:"created"`
}

func (a *api) viewModel(d control.Deployment, attributes json.RawMessage) ModelAddition {
	return ModelAddition{ID: d.ID, Name: d.Name, Declaration: d.Declaration, Credential: d.Credential, Secrets: list(d.Secrets),
		Unavailable: a.Control.Lost(d.ID), Attributes: attributes, Created: instant(d.Created)}
}

func (a *api) listAdditions(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	return listed(a, r, control.DeploymentChanged, a.Control.Deployments(), s, func(d control.Deployment) string { return d.ID }, true, a.viewModel)
}

func (a *api) answerModel(r *request, status int, d control.Deployment, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.DeploymentChanged, d.ID)
	if err != nil {
		return err
	}
	return r.answer(status, a.viewModel(d, attributes))
}

// rawObject reads an object that is handed on as it is.
func (b *body) rawObject(name string) json.RawMessage {
	v, ok := b.get(name)
	switch {
	case !ok:
		return nil
	case !v.IsObject():
		b.fail(name, "it must be an object")
		return nil
	}
	return json.RawMessage(strings.Clone(v.Raw))
}

// secrets reads secrets by their names; null are none.
func (b *body) secrets() *map[string]string {
	if v, ok := b.get("secrets"); ok && v.Type == gjson.Null {
		return &map[string]string{}
	}
	return b.dictionary("secrets")
}

func (b *body) model() control.DeploymentChange {
	return control.DeploymentChange{Name: b.text("name"), Declaration: b.rawObject("declaration"), Credential: b.text("credential"), Secrets: b.secrets(), Attributes: b.attributes()}
}

// optional is text that is "" where it is not given.
func (b *body) optional(name string) string {
	if s := b.text(name); s != nil {
		return *s
	}
	return ""
}

func (a *api) createModel(r *request) error {
	b := r.body()
	id, ch := b.optional("id"), b.model()
	b.required("name", "assistant")
	if ch.Declaration == nil {
		b.fail("declaration", `it is needed: write "declaration": {"provider": "gpu", "model": "Qwen/Qwen3-32B"}`)
	}
	if err := b.done(); err != nil {
		return err
	}
	d, err := a.Control.CreateDeployment(r.ctx, id, ch)
	return a.answerModel(r, http.StatusCreated, d, err)
}

func (a *api) getModel(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	d, err := a.Control.Deployment(r.param("id"))
	return a.answerModel(r, http.StatusOK, d, err)
}

func (a *api) updateModel(r *request) error {
	b := r.body()
	ch := b.model()
	if err := b.done(); err != nil {
		return err
	}
	d, err := a.Control.UpdateDeployment(r.ctx, r.param("id"), ch)
	return a.answerModel(r, http.StatusOK, d, err)
}

func (a *api) deleteModel(r *request) error {
	if err := a.Control.DeleteDeployment(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

func viewCredential(c control.Credential, attributes json.RawMessage) Credential {
	return Credential{ID: c.ID, URLs: list(c.URLs), Secrets: list(c.Secrets), Attributes: attributes, Created: instant(c.Created)}
}

func (a *api) listCredentials(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	return listed(a, r, control.CredentialChanged, a.Control.Credentials(), s, func(c control.Credential) string { return c.ID }, true, viewCredential)
}

func (a *api) answerCredential(r *request, status int, c control.Credential, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.CredentialChanged, c.ID)
	if err != nil {
		return err
	}
	return r.answer(status, viewCredential(c, attributes))
}

func (b *body) credential() control.CredentialChange {
	return control.CredentialChange{URLs: b.texts("urls"), Secrets: b.secrets(), Attributes: b.attributes()}
}

// newCredential reads one to be made, which says where it may be sent.
func (b *body) newCredential() control.CredentialChange {
	ch := b.credential()
	if ch.URLs == nil || len(*ch.URLs) == 0 {
		b.fail("urls", `it is needed: where the secrets may be sent; write "urls": ["https://api.openai.com"]`)
	}
	return ch
}

func (a *api) createCredential(r *request) error {
	b := r.body()
	id, ch := b.required("id", "openai"), b.newCredential()
	if err := b.done(); err != nil {
		return err
	}
	c, err := a.Control.CreateCredential(r.ctx, id, ch)
	return a.answerCredential(r, http.StatusCreated, c, err)
}

func (a *api) getCredential(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	c, err := a.Control.Credential(r.param("id"))
	return a.answerCredential(r, http.StatusOK, c, err)
}

func (a *api) updateCredential(r *request) error {
	b := r.body()
	ch := b.credential()
	if err := b.done(); err != nil {
		return err
	}
	c, err := a.Control.UpdateCredential(r.ctx, r.param("id"), ch)
	return a.answerCredential(r, http.StatusOK, c, err)
}

func (a *api) deleteCredential(r *request) error {
	if err := a.Control.DeleteCredential(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

func viewModelGroup(g control.Group, attributes json.RawMessage) ModelGroup {
	return ModelGroup{ID: g.ID, Name: g.Name, Models: list(g.Models), Attributes: attributes, Created: instant(g.Created)}
}

func (a *api) listModelGroups(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	return listed(a, r, control.GroupChanged, a.Control.Groups(), s, func(g control.Group) string { return g.ID }, true, viewModelGroup)
}

func (a *api) answerModelGroup(r *request, status int, g control.Group, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.GroupChanged, g.ID)
	if err != nil {
		return err
	}
	return r.answer(status, viewModelGroup(g, attributes))
}

func (b *body) modelGroup() control.GroupChange {
	return control.GroupChange{Name: b.text("name"), Models: b.texts("models"), Attributes: b.attributes()}
}

func (a *api) createModelGroup(r *request) error {
	b := r.body()
	id, ch := b.optional("id"), b.modelGroup()
	if err := b.done(); err != nil {
		return err
	}
	g, err := a.Control.CreateGroup(r.ctx, id, ch)
	return a.answerModelGroup(r, http.StatusCreated, g, err)
}

func (a *api) getModelGroup(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	g, err := a.Control.Group(r.param("id"))
	return a.answerModelGroup(r, http.StatusOK, g, err)
}

func (a *api) updateModelGroup(r *request) error {
	b := r.body()
	ch := b.modelGroup()
	if err := b.done(); err != nil {
		return err
	}
	g, err := a.Control.UpdateGroup(r.ctx, r.param("id"), ch)
	return a.answerModelGroup(r, http.StatusOK, g, err)
}

func (a *api) deleteModelGroup(r *request) error {
	if err := a.Control.DeleteGroup(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

func viewFallback(f control.Fallback) Fallback {
	return Fallback{ID: f.ID, Model: f.Model, When: string(f.When), To: list(f.To), Created: instant(f.Created)}
}

func (a *api) listFallbacks(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	p, err := pageOf(a.Control.Fallbacks(), s, func(f control.Fallback) string { return f.ID }, true, viewFallback)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, p)
}

func answerFallback(r *request, status int, f control.Fallback, err error) error {
	if err != nil {
		return err
	}
	return r.answer(status, viewFallback(f))
}

func (b *body) fallback() control.Fallback {
	f := control.Fallback{Model: b.required("model", "assistant"), When: catalog.When(b.optional("when"))}
	if to := b.texts("to"); to != nil {
		f.To = *to
	}
	return f
}

func (a *api) createFallback(r *request) error {
	b := r.body()
	f := b.fallback()
	f.ID = b.optional("id")
	if err := b.done(); err != nil {
		return err
	}
	f, err := a.Control.CreateFallback(r.ctx, f)
	return answerFallback(r, http.StatusCreated, f, err)
}

func (a *api) getFallback(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	f, err := a.Control.Fallback(r.param("id"))
	return answerFallback(r, http.StatusOK, f, err)
}

// to reads what takes over, which is all of a fallback that can be changed.
func (b *body) to() []string {
	to := b.texts("to")
	for _, name := range []string{"model", "when"} {
		b.fixed(name, "it says what the fallback is of: make another and delete this one")
	}
	if to == nil {
		b.fail("to", `it is needed: write "to": ["qwen3"]`)
		return nil
	}
	return *to
}

func (a *api) updateFallback(r *request) error {
	b := r.body()
	to := b.to()
	if err := b.done(); err != nil {
		return err
	}
	f, err := a.Control.UpdateFallback(r.ctx, r.param("id"), to)
	return answerFallback(r, http.StatusOK, f, err)
}

func (a *api) deleteFallback(r *request) error {
	if err := a.Control.DeleteFallback(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}
