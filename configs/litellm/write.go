package litellm

import (
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// What one configuration of tollgate holds at most.
const (
	maxProviders = 1000
	maxModels    = 10_000
	maxRules     = 10_000
	maxReason    = 500
)

// write puts the text together.
func (c *converter) write() {
	t := &document{}
	file := place{file: c.File}
	c.writeListen(t, file)
	for _, s := range c.top {
		if s.comment != "" {
			t.comment(s.at, 0, s.comment)
		}
		t.line(s.at, 0, s.key+": "+s.value)
	}
	c.writeProviders(t)
	c.writeModels(t)
	c.writeRules(t, "budgets", c.budgets)
	c.writeRules(t, "limits", c.limits)
	head := &document{}
	head.comment(file, 0, "Made from "+c.baseName()+" of LiteLLM by: tollgate import litellm")
	for _, name := range sortedKeys(c.Secrets) {
		if !slices.ContainsFunc(t.lines, func(s string) bool { return refers(s, "env:"+name) }) {
			delete(c.Secrets, name)
			continue
		}
		if at := c.stood[name]; at.file != "" && !c.InPlace {
			c.find(Changed, at, "", "a secret does not stand in tollgate's file: set %s to the value that stands here", name)
			head.comment(file, 0, "It wants the variable "+name+".")
		}
	}
	head.line(file, 0, "")
	t.lines, t.origin = append(head.lines, t.lines...), append(head.origin, t.origin...)
	c.Native, c.origin = t.bytes(), t.origin
	if len(c.Native) > MaxFile {
		c.find(Problem, file, "", "tollgate's configuration would be larger than %d KiB: use a * for models that are alike, or leave some out", MaxFile>>10)
	}
}

// refers says whether a line has a reference to a variable.
func refers(line, reference string) bool {
	for {
		_, rest, found := strings.Cut(line, reference)
		if !found {
			return false
		}
		if rest == "" || !variable().MatchString("_"+rest[:1]) {
			return true
		}
		line = rest
	}
}

func (c *converter) baseName() string {
	name := hidden(filepath.Base(c.File))
	if strings.ContainsFunc(name, func(r rune) bool { return !printable(r) }) {
		return "a file"
	}
	return name
}

// writeListen writes where LiteLLM listens.
func (c *converter) writeListen(t *document, at place) {
	host, port := "0.0.0.0", "4000"
	if v, ok := c.lookup("HOST"); ok && (net.ParseIP(v) != nil || v == "localhost") {
		host = v
	}
	if v, ok := c.lookup("PORT"); ok {
		if n, err := strconv.ParseUint(v, 10, 16); err == nil && n > 0 {
			port = strconv.FormatUint(n, 10)
		}
	}
	t.comment(at, 0, "Where LiteLLM listens. Keys cross the network unencrypted unless a proxy with TLS stands in front.")
	listen := net.JoinHostPort(host, port)
	if strings.Contains(listen, "[") {
		listen = quote(listen)
	}
	t.line(at, 0, "listen: "+listen)
	t.comment(at, 0, "LiteLLM's clients ask and are answered as they are used to.")
	t.line(at, 0, "compatibility: litellm")
}

func (c *converter) writeProviders(t *document) {
	used := map[*provider]bool{}
	for _, d := range c.deployments {
		if d.why == "" && d.provider != nil {
			used[d.provider] = true
			if d.listed {
				d.provider.prices = d.list()
			}
		}
	}
	if len(used) == 0 {
		return
	}
	if len(used) > maxProviders {
		c.find(Problem, c.providers[maxProviders].at, "", "there are %d servers and accounts, but %d are possible", len(used), maxProviders)
	}
	t.line(place{}, 0, "")
	t.line(place{}, 0, "providers:")
	for _, p := range c.providers {
		if !used[p] {
			continue
		}
		line := func(key, v string) {
			if v != "" {
				t.line(p.at, 2, key+": "+v)
			}
		}
		t.line(p.at, 1, p.name+":")
		line("kind", p.kind)
		if p.url != "" {
			line("url", quote(p.url))
		}
		line("key", p.key)
		if len(p.headers) > 0 {
			line("headers", flow(p.headers))
		}
		if p.prices != "" && p.url != "" {
			line("prices", p.prices)
		}
		if slices.Contains([]string{"vllm", "ollama", "lmstudio", "llamacpp"}, p.kind) {
			line("unlisted", "true")
		}
		if p.remote {
			line("remote", "true")
		}
		line("first_byte", p.first)
		line("total", p.total)
	}
}

func (c *converter) writeModels(t *document) {
	if len(c.groups) == 0 {
		return
	}
	if len(c.groups) > maxModels {
		c.find(Problem, c.groups[maxModels].at, "", "there are %d models, but %d are possible", len(c.groups), maxModels)
	}
	notes := c.notes()
	t.line(place{}, 0, "")
	t.line(place{}, 0, "models:")
	for _, g := range c.groups {
		c.writeModel(t, g, notes)
	}
}

// notes are the findings to be told beside what they are of, by place.
func (c *converter) notes() map[place][]string {
	out := map[place][]string{}
	for _, f := range c.Findings {
		at := place{f.File, f.Path, f.Line, f.Column}
		if f.Severity == Changed && !slices.Contains(out[at], f.Message) {
			out[at] = append(out[at], f.Message)
		}
	}
	return out
}

func (c *converter) writeModel(t *document, g *group, notes map[place][]string) {
	var said []string
	say := func(at place) {
		for _, s := range notes[at] {
			if !slices.Contains(said, s) {
				said = append(said, s)
				t.comment(at, 1, s)
			}
		}
	}
	say(g.at)
	for _, d := range g.of {
		say(d.at)
	}
	name := quote(g.name)
	if len(g.targets) == 0 {
		why := g.unavailable
		if why == "" {
			why = "nothing of it could be taken over"
		}
		if len(why) > maxReason {
			why = strings.ToValidUTF8(why[:maxReason-3], "") + "…"
		}
		t.line(g.at, 1, name+": "+flow([]member{{"unavailable", quote(why)}}))
		return
	}
	var own []member
	if len(g.groups) > 0 {
		own = append(own, member{"groups", series(g.groups)})
	}
	if g.hidden {
		own = append(own, member{"hidden", "true"})
	}
	if g.balance != "" {
		own = append(own, member{"balance", g.balance})
	}
	first := g.targets[0]
	switch {
	case len(g.targets) == 1 && len(own) == 0 && len(first.members) == 0:
		t.line(first.at, 1, name+": "+quote(first.to))
	case len(g.targets) == 1:
		t.line(first.at, 1, name+":")
		t.line(first.at, 2, "to: "+quote(first.to))
		for _, m := range append(own, first.members...) {
			t.line(first.at, 2, m.key+": "+m.value)
		}
	default:
		t.line(g.at, 1, name+":")
		for _, m := range own {
			t.line(g.at, 2, m.key+": "+m.value)
		}
		t.line(g.at, 2, "targets:")
		for _, x := range g.targets {
			members := []member{{"to", quote(x.to)}, {"order", strconv.Itoa(x.order)}}
			if x.weight > 0 {
				members = append(members, member{"weight", strconv.FormatInt(x.weight, 10)})
			}
			if x.when != "" {
				members = append(members, member{"when", x.when})
			}
			t.line(x.at, 3, "- "+flow(append(members, x.members...)))
		}
	}
}

// writeRules writes budgets or limits. Two of the same account and models are one.
func (c *converter) writeRules(t *document, section string, rules []rule) {
	var out []rule
	index := map[string]int{}
	for _, r := range rules {
		if r.from != nil {
			if r.models = r.from(c); len(r.models) == 0 {
				continue
			}
		}
		id := r.who + fmt.Sprintf("%q", r.models)
		for _, m := range r.members {
			if m.key != "limit" && section == "budgets" {
				id += " " + m.value
			}
		}
		if i, twice := index[id]; twice {
			c.find(Changed, r.at, "", "another of the same stands before; the smaller of the two holds for both")
			if section == "budgets" {
				out[i].members[0].value = smaller(out[i].members[0].value, r.members[0].value)
			}
			continue
		}
		index[id] = len(out)
		out = append(out, r)
	}
	if len(out) == 0 {
		return
	}
	if len(out) > maxRules {
		c.find(Problem, out[maxRules].at, "", "there are %d %s, but %d are possible", len(out), section, maxRules)
	}
	notes := c.notes()
	t.line(place{}, 0, "")
	t.line(place{}, 0, section+":")
	for _, r := range out {
		for _, s := range notes[r.at] {
			t.comment(r.at, 1, s)
		}
		key, v, _ := strings.Cut(r.who, ": ")
		members := []member{{key, v}}
		if len(r.models) > 0 {
			members = append(members, member{"models", series(r.models)})
		}
		t.line(r.at, 1, "- "+flow(append(members, r.members...)))
	}
}

// smaller is the smaller of two amounts.
func smaller(a, b string) string {
	x, errX := exact([]byte(strings.TrimSuffix(a, " USD")))
	y, errY := exact([]byte(strings.TrimSuffix(b, " USD")))
	if errX == nil && errY == nil && y.Cmp(x) < 0 {
		return b
	}
	return a
}
