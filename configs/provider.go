package configs

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// The bounds of what an upstream may be allowed.
const (
	maxWait     = 24 * time.Hour   // of a deadline
	maxQueue    = 10 * time.Minute // of a wait in line
	maxParallel = 100_000          // calls at the same time
)

// isProviderName says whether a provider may have a name. Every start asks it, and the
// expression for it takes longer to compile than all names to read.
func isProviderName(name string) bool {
	for i, c := range []byte(name) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || i > 0 && strings.IndexByte("_.-", c) >= 0) {
			return false
		}
	}
	return name != "" && len(name) <= 63
}

func (r *reader) providers(path string, n *yaml.Node) {
	const example = "providers: { gpu: { kind: vllm, url: http://gpu1:8000/v1 } }"
	if isNull(n) {
		return
	}
	all := r.pairs(path, n, example)
	if len(all) > MaxProviders {
		r.say(path, n, "", "there are %d providers, but %d are possible", len(all), MaxProviders)
		return
	}
	for _, p := range all {
		if !isProviderName(p.key) {
			r.sayHidden(p.path, p.node, "a name such as gpu-1", "a provider's name has small letters, digits, - _ . and no slash, begins with a letter or digit and has 63 characters at most")
		}
		r.provider(p)
	}
}

func (r *reader) provider(at pair) {
	spec := catalog.ProviderSpec{Path: at.path, Name: at.key}
	known := r.settings(&spec.Settings)
	known["kind"] = func(path string, n *yaml.Node) {
		names := make([]string, len(r.kinds))
		for i, k := range r.kinds {
			names[i] = k.Name
		}
		slices.Sort(names)
		if len(names) > 0 {
			spec.Kind, _ = r.word(path, n, names...)
		}
	}
	known["url"] = func(path string, n *yaml.Node) { spec.URL, _ = r.text(path, n, "url: http://HOST:PORT/v1") }
	known["key"] = func(path string, n *yaml.Node) { spec.Secret = r.secret(path, n) }
	known["headers"] = func(path string, n *yaml.Node) { spec.Headers = r.headers(path, n) }
	known["local"] = func(path string, n *yaml.Node) {
		if v, ok := r.boolean(path, n); ok {
			spec.Local = &v
		}
	}
	known["remote"] = func(path string, n *yaml.Node) { spec.Remote, _ = r.boolean(path, n) }
	known["unlisted"] = func(path string, n *yaml.Node) { spec.Unlisted, _ = r.boolean(path, n) }
	known["price"] = func(path string, n *yaml.Node) { spec.Price = r.price(path, n) }
	known["ceiling_price"] = func(path string, n *yaml.Node) { spec.Ceiling = r.ceiling(path, n) }
	known["shadow_price"] = func(path string, n *yaml.Node) { spec.Shadow = r.shadow(path, n) }
	known["prices"] = func(path string, n *yaml.Node) { spec.Prices, _ = r.text(path, n, "prices: openai") }
	r.fields(at.path, at.node, at.key+": { kind: vllm, url: http://gpu1:8000/v1 }", known)
	if at.node.Kind != yaml.MappingNode {
		return
	}
	r.shadowBeside(at, spec.Price, spec.Shadow)
	if !has(at.node, "kind") {
		r.say(at.path+".kind", at.node, "kind: vllm, or another kind", "a provider has a kind")
	}
	if i := slices.IndexFunc(r.kinds, func(k providers.Kind) bool { return k.Name == spec.Kind }); i >= 0 {
		k := r.kinds[i]
		if spec.Local != nil && *spec.Local && k.Catalogue != "" && (spec.URL == "" || spec.URL == k.URL) && spec.Price == nil {
			r.warn(at.path+".local", at.node, "remove local: true", "this is the vendor's own service, and local makes all its models free")
		}
	}
	r.config.Spec.Providers = append(r.config.Spec.Providers, spec)
}

// vendors checks the names of price lists once the list is known.
func (r *reader) vendors() {
	for _, p := range r.config.Spec.Providers {
		if p.Prices == "" { // then the list is not read for it
			continue
		}
		known := r.config.Prices.Vendors()
		if slices.Contains(known, p.Prices) {
			continue
		}
		write := ""
		if near := nearest(p.Prices, known); near != "" {
			write = "prices: " + near
		}
		path := p.Path + ".prices"
		r.say(path, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: p.Prices}, write, "the price list has no such vendor; it has %s", some(known))
	}
}

// some lists a few names.
func some(names []string) string {
	const few = 30
	if len(names) > few {
		return strings.Join(names[:few], ", ") + " and " + strconv.Itoa(len(names)-few) + " more"
	}
	return strings.Join(names, ", ")
}

func has(n *yaml.Node, key string) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if real(n.Content[i]).Value == key {
			return true
		}
	}
	return false
}

// settings are the keys that a provider, a model and a target have in common.
func (r *reader) settings(s *catalog.Settings) map[string]field {
	known := r.members(s)
	maps.Copy(known, map[string]field{
		"num_ctx":        func(path string, n *yaml.Node) { s.NumCtx = r.count(path, n) },
		"keep_alive":     func(path string, n *yaml.Node) { s.KeepAlive = r.keepAlive(path, n) },
		"default_output": func(path string, n *yaml.Node) { s.DefaultOutput = r.count(path, n) },
		"max_output":     func(path string, n *yaml.Node) { s.MaxOutput = r.count(path, n) },
		"reasoning": func(path string, n *yaml.Node) {
			w, _ := r.word(path, n, string(providers.ReasoningBoth), string(providers.ReasoningContent))
			s.Reasoning = providers.ReasoningName(w)
		},
		"remote_media": func(path string, n *yaml.Node) {
			if w, ok := r.word(path, n, "allow", "deny"); ok {
				deny := w == "deny"
				s.DenyMedia = &deny
			}
		},
		"first_byte": func(path string, n *yaml.Node) { s.FirstByte = r.duration(path, n, time.Millisecond, maxWait) },
		"gap":        func(path string, n *yaml.Node) { s.Gap = r.duration(path, n, time.Millisecond, maxWait) },
		"total":      func(path string, n *yaml.Node) { s.Total = r.duration(path, n, time.Millisecond, maxWait) },
		"parallel": func(path string, n *yaml.Node) {
			v, _ := r.whole(path, n, maxParallel)
			s.Parallel = int(v)
		},
		"queue_wait":      func(path string, n *yaml.Node) { s.QueueWait = r.duration(path, n, time.Millisecond, maxQueue) },
		"retry_ambiguous": func(path string, n *yaml.Node) { s.RetryAmbiguous = r.choice(path, n) },
		"fallback_late":   func(path string, n *yaml.Node) { s.FallbackLate = r.choice(path, n) },
	})
	return known
}

// choice reads true or false where neither is a wider setting's.
func (r *reader) choice(path string, n *yaml.Node) *bool {
	if v, ok := r.boolean(path, n); ok {
		return &v
	}
	return nil
}

// keepAlive reads a length of time, or a whole number of seconds of which a
// negative one means for ever.
func (r *reader) keepAlive(path string, n *yaml.Node) string {
	s, ok := r.scalar(path, n, "keep_alive: 10m")
	if !ok {
		return ""
	}
	if _, err := time.ParseDuration(s); err == nil {
		return s
	}
	if _, err := strconv.ParseInt(s, 10, 32); err == nil {
		return s
	}
	r.say(path, n, "keep_alive: 10m, or -1 for ever", "not a length of time")
	return ""
}

// headers that tollgate itself sets, or that belong to one connection.
var reserved = []string{"host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "accept", "accept-encoding", "expect", "proxy-connection"}

// tell are the words in a header's name that say it carries a credential.
var tell = pattern(`(?i)auth|key|token|secret|password|cookie|credential`)

func (r *reader) headers(path string, n *yaml.Node) map[string]providers.Secret {
	all := r.pairs(path, n, "headers: { OpenAI-Project: proj_123 }")
	if len(all) > MaxHeaders {
		r.say(path, n, "", "there are %d headers, but %d are possible", len(all), MaxHeaders)
		return nil
	}
	out := map[string]providers.Secret{}
	seen := map[string]bool{}
	for _, h := range all {
		name := strings.ToLower(h.key)
		switch {
		case !headerName(h.key):
			r.sayHidden(h.path, h.node, "", "not the name of a header")
			continue
		case slices.Contains(reserved, name):
			r.sayHidden(h.path, h.node, "", "this header is set by tollgate itself")
			continue
		case name == "authorization":
			r.sayHidden(h.path, h.node, "key: env:NAME", "a credential has its own setting")
			continue
		case seen[name]:
			r.sayHidden(h.path, h.node, "remove one of the two", "the header stands twice, in another spelling")
			continue
		}
		seen[name] = true
		if v, ok := r.header(h); ok {
			out[h.key] = providers.NewSecret(v)
		}
	}
	return out
}

func (r *reader) header(h pair) (string, bool) {
	if h.node.Kind != yaml.ScalarNode || isNull(h.node) {
		r.sayHidden(h.path, h.node, h.key+": text", "this is %s, but text is wanted", what(h.node))
		return "", false
	}
	v := h.node.Value
	if strings.HasPrefix(v, "env:") || strings.HasPrefix(v, "file:") || strings.HasPrefix(v, keptRef) && r.kept != nil || tell().MatchString(h.key) || credential().MatchString(v) {
		return r.reference(h.path, h.node, h.key)
	}
	if !headerValue(v) {
		r.sayHidden(h.path, h.node, "", "not a value that a header can carry")
		return "", false
	}
	return v, true
}

func headerName(s string) bool {
	for _, c := range s {
		if c > 0x7e || c <= ' ' || strings.ContainsRune(`()<>@,;:\"/[]?={}`, c) {
			return false
		}
	}
	return s != "" && len(s) <= 128
}

func headerValue(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' && c != '\t' || c > 0x7e {
			return false
		}
	}
	return s != "" && strings.TrimSpace(s) == s && len(s) <= 16<<10
}
