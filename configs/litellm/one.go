package litellm

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting/pricelist"
	"tollgate/providers/wire"
)

// Deployment is one element of model_list, wherever it stands: in LiteLLM's file, in its
// table of models, or in a request of its API.
type Deployment struct {
	Name   string          // model_name
	Params json.RawMessage // litellm_params
	Info   json.RawMessage // model_info; nil: none
	// Credential are the credential_values that litellm_credential_name stands for; nil:
	// there is no such credential.
	Credential json.RawMessage
	// Env looks a variable up. Only those are asked for whose names say that they hold the
	// key or the address of an upstream.
	Env func(name string) (string, bool)
}

// Converted is what one deployment is here.
type Converted struct {
	// Declaration is a JSON object in the words of tollgate's configuration, which refers to
	// secrets as secret:NAME.
	Declaration json.RawMessage
	Secrets     map[string]string
	Unavailable string // why nothing serves it, which Declaration says too; "" if it is served
	Findings    []Finding
}

// ErrDeployment says why something is no deployment, or asks for what one alone cannot
// have. Nothing is to be kept of it.
type ErrDeployment struct{ Problem string }

func (e *ErrDeployment) Error() string { return e.Problem }

// upstreams are the names of variables that a deployment of the API may read.
var upstreams = pattern(`^[A-Z][A-Z0-9_]*_(API_KEY|API_BASE|BASE_URL)$`)

// ConvertDeployment turns one deployment into tollgate's words. What could not be taken
// over is a finding, as for a file. The error is an [*ErrDeployment].
func ConvertDeployment(d Deployment) (*Converted, error) {
	item := map[string]json.RawMessage{"model_name": wire.String(d.Name), "litellm_params": d.Params}
	if d.Info != nil {
		item["model_info"] = d.Info
	}
	text, err := json.Marshal(item)
	if err != nil {
		return nil, &ErrDeployment{"the deployment is no JSON"}
	}
	env := func(name string) (string, bool) {
		if d.Env == nil || !upstreams().MatchString(name) {
			return "", false
		}
		return d.Env(name)
	}
	c := &converter{Source: Source{File: "the request", Env: env, InPlace: true}, Result: &Result{Secrets: map[string]string{}}, exported: map[string]string{},
		unset: map[string]bool{}, said: map[string]bool{}, stood: map[string]place{}, prices: pricelist.Builtin(), credentials: map[string]*value{}}
	root := c.text(text)
	if root == nil || root.kind != yaml.MappingNode {
		return nil, &ErrDeployment{"the deployment cannot be read"}
	}
	if name, ok := c.word(root.get("litellm_params").get("litellm_credential_name")); ok && d.Credential != nil {
		c.credentials[name] = c.text(d.Credential)
	}
	one := c.deployment(root, map[string]bool{})
	if one == nil {
		return nil, &ErrDeployment{fmt.Sprintf("a model_name has 1 to %d printable bytes, with one * at most", maxName)}
	}
	if len(c.budgets)+len(c.limits) > 0 {
		return nil, &ErrDeployment{"a deployment of the API has no max_budget and no limits for keys of its own: make a budget or a limit of its model_name"}
	}
	out := &Converted{Secrets: map[string]string{}, Unavailable: one.why, Findings: c.Findings}
	declaration := []member{{"unavailable", quote(cut(one.why))}}
	if one.why == "" {
		declaration = c.declaration(one, out.Secrets)
	}
	written := c.text([]byte(flow(declaration)))
	if written == nil {
		return nil, &ErrDeployment{"the deployment cannot be written in tollgate's words"}
	}
	if out.Declaration, err = c.json(written, false); err != nil {
		return nil, &ErrDeployment{"the deployment cannot be written in tollgate's words"}
	}
	return out, nil
}

func cut(why string) string {
	if len(why) > maxReason {
		why = strings.ToValidUTF8(why[:maxReason-3], "") + "…"
	}
	return why
}

// text reads one document. nil says that it is none.
func (c *converter) text(data []byte) *value {
	var doc yaml.Node
	if len(data) > MaxFile || yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	return c.node(doc.Content[0], place{file: c.File}, 0, nil)
}

// declaration is a deployment with a provider of its own.
func (c *converter) declaration(d *deployment, secrets map[string]string) []member {
	if d.listed {
		d.provider.prices = d.list()
	}
	p := d.provider
	kept := func(reference string) string {
		name, ok := strings.CutPrefix(reference, "env:")
		if !ok {
			return reference
		}
		v, ok := c.Secrets[name]
		if !ok {
			v, _ = c.lookup(name)
		}
		secrets[name] = v
		return quote("secret:" + name)
	}
	own := []member{{"kind", p.kind}}
	add := func(key, v string) {
		if v != "" {
			own = append(own, member{key, v})
		}
	}
	if p.url != "" {
		add("url", quote(p.url))
	}
	if p.key != "" {
		add("key", kept(p.key))
	}
	if len(p.headers) > 0 {
		headers := slices.Clone(p.headers)
		for i := range headers {
			headers[i].value = kept(headers[i].value)
		}
		add("headers", flow(headers))
	}
	if p.url != "" {
		add("prices", p.prices)
	}
	if p.remote {
		add("remote", "true")
	}
	add("first_byte", p.first)
	add("total", p.total)
	out := []member{{"provider", flow(own)}, {"model", quote(d.upstream)}}
	if d.order > 0 {
		out = append(out, member{"order", fmt.Sprint(min(d.order, maxOrder))})
	}
	if w := d.share(); w > 0 {
		out = append(out, member{"weight", fmt.Sprint(w)})
	}
	if len(d.groups) > 0 {
		out = append(out, member{"groups", series(d.groups[:min(len(d.groups), 100)])})
	}
	return append(out, d.members()...)
}

// share is a deployment's weight where the others of its name are not known: a hundredth
// is 1, so that fractions of one and whole numbers keep their proportions. 0 states none.
func (d *deployment) share() int64 {
	w := d.weight
	if w == nil {
		w = cmp.Or(positive(d.rpm), positive(d.tpm))
	}
	if w == nil || w.Sign() <= 0 {
		return 0
	}
	n := new(big.Rat).Mul(w, big.NewRat(100, 1))
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	const most = 1_000_000
	if !whole.IsInt64() {
		return most
	}
	return min(max(whole.Int64(), 1), most)
}

// Listed is an element of model_list as it may be told again: without its secrets.
type Listed struct {
	Name        string
	Params      map[string]json.RawMessage
	Info        map[string]json.RawMessage
	Unavailable string // "" if it is served
}

// listed is an element of model_list, to be told again.
func (c *converter) listed(item *value, d *deployment) Listed {
	return Listed{Name: d.name, Unavailable: d.why, Params: c.tell(item.get("litellm_params")), Info: c.tell(item.get("model_info"))}
}

// tell are the members of a mapping that hold no secret, as JSON.
func (c *converter) tell(v *value) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	if v == nil {
		return out
	}
	for _, p := range v.pairs {
		raw, err := c.json(p.v, false)
		if err != nil || Secret(p.key) || secretive(string(raw)) {
			continue
		}
		out[p.key] = raw
	}
	return out
}

// Secret says whether a member of litellm_params or credential_values holds a secret, by
// its name.
func Secret(key string) bool {
	if key == "litellm_credential_name" || key == "configurable_clientside_auth_params" || strings.HasPrefix(key, "default_api_key_") {
		return false
	}
	return keyish().MatchString(key) || slices.Contains([]string{"headers", "extra_headers", "default_headers", "vertex_credentials", "aws_access_key_id", "aws_session_token"}, key)
}

// Provider is the provider of a model's name in LiteLLM's words: its prefix, or openai.
func Provider(model, custom string) string {
	prefix, _, _, why := split(model, custom)
	if why != "" {
		head, _, slash := strings.Cut(model, "/")
		if !slash {
			head = "openai"
		}
		return cmp.Or(custom, head)
	}
	return prefix
}
