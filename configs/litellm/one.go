package litellm

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/url"
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
	// Env looks a variable up. Only the keys and addresses of vendors are asked for, those
	// that Sent names, and what api_base says is an address.
	Env func(name string) (string, bool)
	// Sent are the variables that the configuration file sends.
	Sent []Sent
}

// Sent is a variable of the environment that is sent to an upstream, and the scheme and host
// of that. Whoever makes a deployment through the API chooses where its calls go, and must
// not choose with which of the environment's secrets.
type Sent struct{ Name, To string }

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

// addresses are the names of variables that an api_base may be read from.
var addresses = pattern(`^[A-Z][A-Z0-9_]*_(API_BASE|BASE_URL)$`)

// Address is what an api_base says: an address, or the variable of the environment that has
// it; "" if that is none that an address is read from.
func Address(base string, env func(name string) (string, bool)) string {
	name, is := strings.CutPrefix(base, fromEnv)
	if !is {
		return strings.TrimSpace(base)
	}
	if name = strings.TrimSpace(name); env == nil || !addresses().MatchString(name) {
		return ""
	}
	v, _ := env(name)
	return strings.TrimSpace(v)
}

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
	named := d.variables()
	readable := func(name string) bool {
		return d.Env != nil && (vendorsOwn(name) || named.addresses[name] || slices.ContainsFunc(d.Sent, func(s Sent) bool { return s.Name == name }))
	}
	for _, name := range named.others {
		if readable(name) {
			return nil, &ErrDeployment{fmt.Sprintf("os.environ/%s stands where it would be told or sent in a request: api_key, api_base and headers alone name variables", name)}
		}
	}
	env := func(name string) (string, bool) {
		if !readable(name) {
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
	out := &Converted{Secrets: map[string]string{}, Unavailable: one.why}
	declaration := []member{{"unavailable", quote(cut(one.why))}}
	if one.why == "" {
		for _, name := range named.keys {
			if !c.goes(one, name, d.Sent) {
				return nil, &ErrDeployment{fmt.Sprintf("os.environ/%.100s is not sent to %s: a variable goes to the vendor whose key it is by its name, at the vendor's own address or the one in the environment, "+
					"or where the configuration file sends it. Write the key itself, which is sealed, or put the deployment into the file", hidden(name), one.to())}
			}
		}
		declaration = c.declaration(one, out.Secrets, d.Sent)
	}
	out.Findings = c.Findings
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

// named are the variables that a deployment names.
type named struct {
	addresses map[string]bool // in api_base
	keys      []string        // in api_key and in headers
	others    []string        // anywhere else
}

func (d Deployment) variables() named {
	v := named{addresses: map[string]bool{}}
	note := func(member, name string) {
		switch {
		case slices.Contains([]string{"api_base", "base_url"}, member):
			if addresses().MatchString(name) {
				v.addresses[name] = true
			}
		case slices.Contains([]string{"api_key", "default_headers", "extra_headers", "headers"}, member):
			v.keys = append(v.keys, name)
		default:
			v.others = append(v.others, name)
		}
	}
	eachVariable(d.Name, func(name string) { note("model_name", name) })
	for _, raw := range []json.RawMessage{d.Params, d.Credential} {
		var members map[string]any
		if json.Unmarshal(raw, &members) != nil {
			continue // which is told elsewhere
		}
		for _, member := range slices.Sorted(maps.Keys(members)) {
			eachVariable(members[member], func(name string) { note(member, name) })
		}
	}
	var info any
	if json.Unmarshal(d.Info, &info) == nil {
		eachVariable(info, func(name string) { note("model_info", name) })
	}
	return v
}

// eachVariable finds the variables that a JSON value names.
func eachVariable(v any, found func(name string)) {
	switch v := v.(type) {
	case string:
		if name, is := strings.CutPrefix(v, fromEnv); is {
			found(strings.TrimSpace(name))
		}
	case []any:
		for _, x := range v {
			eachVariable(x, found)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			eachVariable(v[key], found)
		}
	}
}

// goes says whether a variable may be sent to where a deployment is.
func (c *converter) goes(d *deployment, name string, sent []Sent) bool {
	to := d.to()
	if slices.Contains(d.vendor.key, name) {
		places := []string{d.vendor.own, d.vendor.url}
		for _, base := range d.vendor.base {
			if v, ok := c.lookup(base); ok {
				places = append(places, v)
			}
		}
		if slices.ContainsFunc(places, func(p string) bool { return p != "" && origin(p) == to }) {
			return true
		}
	}
	return slices.Contains(sent, Sent{name, to})
}

// to is the scheme and host that a deployment's calls go to; "" if there is none.
func (d *deployment) to() string {
	if d.provider == nil {
		return ""
	}
	return origin(cmp.Or(d.provider.url, d.vendor.own, d.vendor.url))
}

func origin(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

// sends are the variables of the environment that a deployment's provider sends.
func (c *converter) sends(d *deployment) (out []Sent) {
	if d.provider == nil || d.to() == "" {
		return nil
	}
	references := []string{d.provider.key}
	for _, h := range d.provider.headers {
		references = append(references, h.value)
	}
	for _, r := range references {
		name, is := strings.CutPrefix(r, "env:")
		if _, written := c.Secrets[name]; is && !written {
			out = append(out, Sent{name, d.to()})
		}
	}
	return out
}

// declaration is a deployment with a provider of its own.
func (c *converter) declaration(d *deployment, secrets map[string]string, sent []Sent) []member {
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
	name, env := strings.CutPrefix(p.key, "env:")
	if _, written := c.Secrets[name]; env && !written && !c.goes(d, name, sent) {
		c.find(Changed, d.at, "api_key: os.environ/"+name, "no api_key is stated, so none is sent to this address; LiteLLM sent it %s, the key of somebody else", name)
	} else if p.key != "" {
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
	Sent        []Sent // the variables that are sent with its calls
}

// Told is what of LiteLLM's file is known beside what it was turned into.
type Told struct {
	Listed        []Listed
	EndUserBudget string // see [Result]
}

// listed is an element of model_list, to be told again.
func (c *converter) listed(item *value, d *deployment) Listed {
	return Listed{Name: d.name, Unavailable: d.why, Params: c.tell(item.get("litellm_params")), Info: c.tell(item.get("model_info")), Sent: c.sends(d)}
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
