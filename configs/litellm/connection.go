package litellm

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// common completes a deployment's parameters with default_litellm_params, which stand for
// every deployment.
func (c *converter) common(params *value) *value {
	if c.opt.defaults == nil {
		return params
	}
	for _, p := range c.opt.defaults.pairs {
		if own := params.get(p.key); own != nil && !p.v.null() && !c.same(own, p.v) {
			c.find(Changed, own.at, "", "default_litellm_params say something else, which LiteLLM took; the deployment's own counts")
		}
	}
	return params.with(c.opt.defaults)
}

// same says whether two values are written as the same JSON.
func (c *converter) same(x, y *value) bool {
	a, errA := c.json(x, false)
	b, errB := c.json(y, false)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// credential completes a deployment's parameters with those of the credential it names.
func (c *converter) credential(d *deployment, params *value) *value {
	v := params.get("litellm_credential_name")
	name, ok := c.word(v)
	if !ok {
		return params
	}
	values := c.credentials[name]
	if values == nil {
		d.leave("no credential of credential_list is called %s", hidden(name))
		return params
	}
	return params.with(values)
}

// join gives a deployment its provider.
func (c *converter) join(d *deployment, params *value) {
	p := &provider{kind: d.vendor.kind, at: d.at}
	if p.kind == "echo" { // it is in the program: it has no address, key or patience
		p.same = p.kind
		if i := slices.IndexFunc(c.providers, func(o *provider) bool { return o.same == p.same }); i >= 0 {
			d.provider = c.providers[i]
			return
		}
		c.providers = append(c.providers, p)
		d.provider, p.name = p, c.nameFor(p)
		return
	}
	base, said, ok := c.where(d, params)
	if !ok {
		return
	}
	p.url = base
	key, literal, ok := c.keyOf(d, params, said)
	if !ok {
		return
	}
	headers, why := c.headers(d, params)
	if why != "" {
		d.leave("%s", why)
		return
	}
	p.key, p.remote = key, d.vendor.kind == "ollama" && strings.HasSuffix(d.upstream, "-cloud")
	p.same = fmt.Sprintf("%q", []string{p.kind, p.url, key, literal, fmt.Sprint(p.remote), fmt.Sprintf("%q", headers)})
	for _, other := range c.providers {
		if other.same == p.same {
			d.provider = other
			return
		}
	}
	c.providers = append(c.providers, p)
	d.provider = p
	p.name = c.nameFor(p)
	if literal != "" {
		p.key = c.secret(d.at, p.name+"_KEY", literal)
	}
	for _, h := range headers {
		v := quote(h.value)
		switch {
		case strings.HasPrefix(h.value, fromEnv):
			v = c.reference(strings.TrimPrefix(h.value, fromEnv))
		case !openly(h.key, h.value):
			v = c.secret(d.at, p.name+"_"+h.key, h.value)
		}
		p.headers = append(p.headers, member{h.key, v})
	}
	var set []member
	c.deadlines(&set, c.opt.timeout, c.opt.first)
	for _, m := range set {
		switch m.key {
		case "first_byte":
			p.first = m.value
		case "total":
			p.total = m.value
		}
	}
}

// where finds the address of a deployment's server; "" is the vendor's own service. said
// says that the deployment itself names it. Without an address that can be used, the
// deployment is left out and ok is false.
func (c *converter) where(d *deployment, params *value) (base string, said, ok bool) {
	raw, said := c.word(first(params.get("api_base"), params.get("base_url")))
	if found := said; !found {
		for _, name := range d.vendor.base {
			if raw, found = c.lookup(name); found && raw != "" {
				break
			}
			raw, found = "", false
		}
		if !found {
			raw = d.vendor.url
		}
	}
	d.own = !d.vendor.server
	if raw == "" {
		if d.vendor.server {
			d.leave("it needs an api_base: the address of its server")
			return "", said, false
		}
		return "", said, true
	}
	base, why := address(raw, d.vendor)
	if why != "" {
		d.leave("%s", why)
		return "", said, false
	}
	if d.vendor.isOwn(base) {
		base = ""
	}
	d.own = d.own && base == ""
	return base, said, true
}

// keyOf finds the key that a deployment sends, as a reference or as it stands there. said
// says that the deployment itself names its address. Without a key that can be sent, the
// deployment is left out and ok is false.
func (c *converter) keyOf(d *deployment, params *value, said bool) (key, literal string, ok bool) {
	if v := params.get("api_key"); !v.null() {
		text, tag, env := c.scalar(v)
		switch {
		case env != "" && variable().MatchString(env) && (strings.TrimSpace(text) != "" || !c.InPlace):
			key = c.reference(env)
		case tag == "!!null", slices.Contains(placeholders, strings.ToLower(strings.TrimSpace(text))) && !d.own:
		default:
			literal = strings.TrimSpace(text)
		}
	}
	if key == "" && literal == "" {
		for _, name := range d.vendor.key {
			if v, ok := c.lookup(name); !ok || v == "" {
				continue
			}
			if d.own || d.vendor.server || !said {
				key = c.reference(name)
			} else if params.get("api_key") == nil {
				c.find(Changed, d.at, "api_key: os.environ/"+name, "no api_key is stated, so none is sent to this address; LiteLLM sent it %s, the key of somebody else", name)
			}
			break
		}
	}
	if key == "" && literal == "" && d.own {
		if c.InPlace {
			d.leave("no key: set %s", d.vendor.key[0])
		}
		key = "env:" + d.vendor.key[0] // another day it may be set, and no name changes then
	}
	if literal != "" && !header(literal) {
		d.leave("its api_key has characters that no header can carry")
		return "", "", false
	}
	return key, literal, true
}

// reference is how tollgate's text refers to a variable. One that the file itself sets is
// given by its value.
func (c *converter) reference(name string) string {
	if v, ok := c.exported[name]; ok {
		c.Secrets[name] = v
	}
	return "env:" + name
}

// secret keeps a value that stood in the file, under a telling name.
func (c *converter) secret(at place, name, v string) string {
	env := "TOLLGATE_" + strings.Trim(notInVariables().ReplaceAllString(strings.ToUpper(name), "_"), "_")
	for n, stem := 2, env; ; n++ {
		if before, there := c.Secrets[env]; !there || before == v {
			break
		}
		env = fmt.Sprintf("%s_%d", stem, n)
	}
	if c.Secrets[env] = v; c.stood[env].file == "" {
		c.stood[env] = at
	}
	return "env:" + env
}

// headers are what is sent with every call, names in order.
func (c *converter) headers(d *deployment, params *value) (out []member, why string) {
	if org, ok := c.word(params.get("organization")); ok && d.vendor.kind == "openai" {
		out = append(out, member{"OpenAI-Organization", org})
	}
	for _, key := range []string{"default_headers", "extra_headers", "headers"} {
		v := params.get(key)
		if c.empty(v) {
			continue
		}
		if v.kind != yaml.MappingNode {
			return nil, "its " + key + " are no mapping"
		}
		for _, p := range v.pairs {
			text, tag, env := c.scalar(p.v)
			name := strings.ToLower(p.key)
			switch {
			case tag == "!!null" && env != "" && !c.InPlace && variable().MatchString(env):
				text = fromEnv + env
			case tag == "!!null":
				continue
			case env != "" && variable().MatchString(env):
				text = fromEnv + env
			}
			switch {
			case !headerName().MatchString(p.key) || !header(text):
				return nil, "one of its headers cannot be sent"
			case name == "authorization":
				return nil, "a header of its own holds the credential: write api_key instead"
			case slices.Contains(connection, name):
				c.find(Ignored, p.at, "", "the header %s is tollgate's own", name)
				continue
			}
			out = slices.DeleteFunc(out, func(m member) bool { return strings.EqualFold(m.key, p.key) })
			out = append(out, member{p.key, text})
		}
	}
	if len(out) > 64 {
		return nil, "it has more than 64 headers of its own"
	}
	slices.SortFunc(out, func(a, b member) int { return strings.Compare(strings.ToLower(a.key), strings.ToLower(b.key)) })
	return out, ""
}

// connection are headers that belong to tollgate or to one connection.
var connection = []string{"host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "accept", "accept-encoding", "expect", "proxy-connection"}

var headerName = pattern("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$")

func header(s string) bool {
	for _, b := range []byte(s) {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return s != "" && strings.TrimSpace(s) == s && len(s) <= 16<<10
}

// openly says that a header's value may stand in the text.
func openly(name, v string) bool {
	return len(v) <= 24 && plainHeader().MatchString(v) && !secretive(v) &&
		!tellingHeader().MatchString(name) && !likeKey().MatchString(v)
}

// nameFor finds a name for a provider that nothing else has, and that does not change when
// others come behind it.
func (c *converter) nameFor(p *provider) string {
	host, port := "", ""
	if u, err := url.Parse(p.url); err == nil {
		host, port = strings.Trim(providerChars().ReplaceAllString(strings.ToLower(u.Hostname()), "-"), "-."), u.Port()
	}
	var tries []string
	switch {
	case p.url == "":
		tries = []string{p.kind}
	case p.kind == "openai" && (host == "localhost" || strings.HasPrefix(host, "127.") || host == ""):
		tries = []string{"local", "local-" + port}
	case p.kind == "openai":
		tries = []string{host, host + "-" + port}
	default:
		tries = []string{p.kind, p.kind + "-" + host, p.kind + "-" + host + "-" + port}
	}
	free := func(name string) bool {
		return !slices.ContainsFunc(c.providers, func(o *provider) bool { return o.name == name }) && !c.opt.firsts[name]
	}
	for i, t := range tries {
		t = strings.Trim(t, "-.")
		tries[i] = t[:min(len(t), 50)]
		if tries[i] != "" && free(tries[i]) {
			return tries[i]
		}
	}
	for n := 2; ; n++ {
		if name := fmt.Sprintf("%s-%d", cmp.Or(tries[0], p.kind), n); free(name) {
			return name
		}
	}
}
