package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"tollgate/accounting/pricelist"
	"tollgate/gateway/address"
	"tollgate/gateway/listening"
	"tollgate/providers"
)

// DefaultOutput is how many output tokens are held for a call that sets no cap,
// unless the operator says otherwise: few enough that a five-dollar budget is
// usable on the dearest models in the price list.
const DefaultOutput = 4096

// The deadlines of a provider, unless the operator says otherwise.
const (
	FirstByteLocal = 10 * time.Minute // an engine may load a model first
	FirstByteCloud = 2 * time.Minute
	GapDefault     = 5 * time.Minute // reasoning models pause long
	TotalDefault   = 15 * time.Minute
	QueueDefault   = 10 * time.Second // in line for a place
)

// Build makes a snapshot. The price of a deployment is the first of: its target's,
// its model's, its provider's; free, if the provider is local; the price list's, if
// the provider is the vendor's own or names a list; otherwise it is unknown. A
// name alone never finds a price. What turns out free has the narrowest shadow price;
// on anything else that says nothing.
//
// Findings that are no warnings say what was left out; the snapshot holds the rest.
func Build(spec Spec, kinds []providers.Kind, prices *pricelist.List, found Discovered) (*Snapshot, []Finding) {
	b := &builder{
		prices:    prices,
		own:       spec.Own,
		providers: map[string]*declared{},
		models:    map[string]ModelSpec{},
		found:     map[string]providers.Model{},
	}
	for _, p := range spec.Providers {
		b.provider(p, kinds)
	}
	s := &Snapshot{routes: map[string]Route{}, gone: map[string]bool{}, providers: map[string]*Provider{}, builder: b}
	s.listed, s.led = sync.OnceValue(s.list), sync.OnceValue(s.leads)
	for name, d := range b.providers {
		if d != nil {
			s.providers[name] = d.Provider
		}
	}
	var models []ModelSpec // each name once: the first goes
	for _, m := range spec.Models {
		if _, twice := b.models[m.Name]; twice {
			b.fail(m.Path, "the name %q is declared twice", m.Name)
			continue
		}
		b.models[m.Name] = m
		models = append(models, m)
	}
	for _, m := range models {
		b.grouped(m)
	}
	b.discover(s, found)
	for _, m := range models {
		if strings.Contains(m.Name, "*") {
			b.wildcard(m)
		}
	}
	slices.SortStableFunc(b.wildcards, func(x, y wildcard) int {
		return len(y.prefix) + len(y.suffix) - len(x.prefix) - len(x.suffix)
	})
	for _, m := range models {
		if !strings.Contains(m.Name, "*") {
			b.model(s, m)
		}
	}
	return s, b.findings
}

type declared struct {
	*Provider
	spec  ProviderSpec
	local bool
	list  string // vendor in the price list, or ""
}

type builder struct {
	prices    *pricelist.List
	own       *listening.Own
	providers map[string]*declared
	models    map[string]ModelSpec
	found     map[string]providers.Model // by deployment id
	wildcards []wildcard                 // most literal characters first
	findings  []Finding
}

// grouped warns of a group that has the name of a model: whoever may call that one may
// call all of the group. Where the model only leads there, that is what it is for.
func (b *builder) grouped(m ModelSpec) {
	for _, g := range m.Groups {
		_, model := b.models[g]
		if model && g != m.Name && !slices.ContainsFunc(m.Targets, func(t TargetSpec) bool { return t.To == g }) {
			b.findings = append(b.findings, Finding{Path: orPath(m.Path, g) + ".groups", Warning: true,
				Message: fmt.Sprintf("%q is the name of a model too: whoever may call that may call this", g)})
		}
	}
}

func (b *builder) fail(path, format string, args ...any) {
	b.findings = append(b.findings, Finding{Path: path, Message: fmt.Sprintf(format, args...)})
}

func (b *builder) provider(p ProviderSpec, kinds []providers.Kind) {
	if _, twice := b.providers[p.Name]; twice {
		b.fail(p.Path, "the provider %q is declared twice", p.Name)
		return
	}
	b.providers[p.Name] = nil // known, but not to be used, until it is found to be right
	i := slices.IndexFunc(kinds, func(k providers.Kind) bool { return k.Name == p.Kind })
	if i < 0 {
		names := make([]string, len(kinds))
		for j, k := range kinds {
			names[j] = k.Name
		}
		b.fail(p.Path+".kind", "unknown kind %q; known are %s", p.Kind, strings.Join(names, ", "))
		return
	}
	kind := kinds[i]
	raw := cmp.Or(p.URL, kind.URL)
	base, ok := b.base(p, kind, raw)
	if !ok {
		return
	}
	if kind.NeedsKey && p.Secret.IsZero() && p.URL == "" {
		b.fail(p.Path+".key", "%s asks for a key: write key: env:NAME or key: file:PATH", p.Kind)
		return
	}
	d := &declared{spec: p, local: kind.Local, list: p.Prices}
	if p.Local != nil {
		d.local = *p.Local
	}
	if d.list == "" && raw == kind.URL {
		d.list = kind.Catalogue
	}
	if raw != kind.URL && d.list != kind.Catalogue && kind.Compatible != nil {
		kind.Codec = kind.Compatible // not the vendor's own, nor a reseller of it
	}
	first := FirstByteCloud
	if d.local {
		first = FirstByteLocal
	}
	d.Provider = &Provider{Name: p.Name, Kind: kind, Base: base, Secret: p.Secret, Headers: maps.Clone(p.Headers), FirstByte: cmp.Or(p.FirstByte, first), Gap: cmp.Or(p.Gap, GapDefault),
		Parallel: p.Parallel, Followed: d.local, Assumed: p.Assumed}
	b.providers[p.Name] = d
}

// base is where the API of a provider lies; nil, if it is within the program. It says whether
// that is in order.
func (b *builder) base(p ProviderSpec, kind providers.Kind, raw string) (*url.URL, bool) {
	if kind.Transport != nil {
		return nil, true
	}
	base, err := baseURL(raw)
	if err == nil {
		err = b.own.Check(raw)
	}
	if err != nil {
		b.fail(p.Path+".url", "%v", err) // the URL itself may hold a credential
		return nil, false
	}
	switch { // the kind's own URL is whole as it is
	case raw == kind.URL:
	case base.Path == "":
		base.Path = kind.DefaultPath
	case kind.DefaultPath == "" && base.Path == "/v1":
		b.fail(p.Path+".url", "the native API lies at the root: write the URL without /v1")
		return nil, false
	}
	return base, true
}

// baseURL reads the base URL of a provider: http or https, a host, and the path
// below which the API lies.
func baseURL(raw string) (*url.URL, error) {
	if raw == "" {
		return nil, errors.New("a URL is needed: write url: http://HOST:PORT/v1")
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("not a URL: write http://HOST:PORT/v1")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the URL begins with http:// or https://")
	case u.Hostname() == "":
		return nil, errors.New("the URL names no host")
	case u.User != nil:
		return nil, errors.New("a credential does not belong in the URL: write key: env:NAME")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the URL has a query or fragment")
	}
	if err := address.CheckUpstream(u.Hostname()); err != nil {
		return nil, err
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

func ptr(n int) *int { return &n }

func orPath(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
