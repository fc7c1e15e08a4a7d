package configs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting/scope"
)

// maxOwner is how many bytes the name of an account may have.
const maxOwner = 256

// whom is what an entry of budgets or limits says of whose it is.
type whom struct {
	scope.Selector
	name string
	what string   // budget or limit, for messages
	said []string // the keys that say whose it is
}

// whom adds the keys that say whose an entry is, its models and its name.
func (r *reader) whom(known map[string]field, w *whom) {
	known["each"] = func(path string, n *yaml.Node) { r.each(path, n, w) }
	known["scope"] = func(path string, n *yaml.Node) { r.scope(path, n, w) }
	known["models"] = func(path string, n *yaml.Node) { w.Models = r.patterns(path, n, w.what) }
	known["name"] = func(path string, n *yaml.Node) {
		s, ok := r.text(path, n, "name: students")
		if ok && (len(s) > MaxName || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })) {
			r.say(path, n, "name: students", "a %s's name has up to %d bytes on one line", w.what, MaxName)
			return
		}
		w.name = s
	}
	for _, k := range accountKinds() {
		known[k] = func(path string, n *yaml.Node) { r.owner(path, n, scope.Kind(k), w) }
	}
}

// whose checks that an entry says whose it is, once. before is how many problems
// there were when its reading began: one of them may be why nothing is known.
func (r *reader) whose(at pair, w *whom, before int) {
	switch {
	case len(w.said) > 1:
		r.say(at.path, at.node, "a "+w.what+" for each of them", "a %s is for one account, but %s stand here", w.what, strings.Join(w.said, " and "))
	case len(w.said) == 0 && len(r.problems) == before:
		r.say(at.path, at.node, "each: user, user: NAME or scope: gateway", "the %s does not say whose it is", w.what)
	}
}

// accountKinds are the kinds of account that have names.
func accountKinds() []string {
	var kinds []string
	for _, k := range scope.Kinds() {
		if k != scope.Gateway {
			kinds = append(kinds, string(k))
		}
	}
	return kinds
}

// nameOf is the id of an entry of the file: a digest of what its counters depend on.
func nameOf(s scope.Selector, more ...string) string {
	models := slices.Clone(s.Models)
	slices.Sort(models)
	parts := append([]string{string(s.Kind), fmt.Sprint(s.Each), s.Owner}, more...)
	h := sha256.New()
	for _, p := range append(parts, slices.Compact(models)...) {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return "file-" + hex.EncodeToString(h.Sum(nil)[:6])
}

func (r *reader) each(path string, n *yaml.Node, w *whom) {
	w.said = append(w.said, "each")
	if n.Kind == yaml.ScalarNode && n.Value == string(scope.Gateway) {
		r.say(path, n, "scope: gateway", "there is one gateway")
		return
	}
	if k, ok := r.word(path, n, accountKinds()...); ok {
		w.Kind, w.Each = scope.Kind(k), true
	}
}

func (r *reader) scope(path string, n *yaml.Node, w *whom) {
	w.said = append(w.said, "scope")
	s, ok := r.scalar(path, n, "scope: gateway")
	if !ok {
		return
	}
	if s != string(scope.Gateway) {
		write := "scope: gateway"
		if k := scope.Kind(s); k.Rank() < len(scope.Kinds()) {
			write = fmt.Sprintf("each: %s, or %s: NAME", s, s)
		}
		r.say(path, n, write, "the only scope without a name is the gateway")
		return
	}
	w.Kind = scope.Gateway
}

func (r *reader) owner(path string, n *yaml.Node, k scope.Kind, w *whom) {
	w.said = append(w.said, string(k))
	s, ok := r.scalar(path, n, string(k)+": NAME")
	switch {
	case !ok:
		return
	case k == scope.Key && credential().MatchString(s):
		r.sayHidden(path, n, "key: the key's id", "this looks like a key itself; a %s names the key's id", w.what)
		return
	case s == "" || len(s) > maxOwner || !utf8.ValidString(s) || strings.TrimSpace(s) != s || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }):
		r.say(path, n, string(k)+": NAME", "an account's name has 1 to %d bytes of printable characters and no space at its ends", maxOwner)
		return
	}
	if team, user, slash := strings.Cut(s, "/"); k == scope.Member && (!slash || team == "" || user == "") {
		r.say(path, n, "member: TEAM/USER", "a member is a user within a team")
		return
	}
	w.Kind, w.Owner = k, s
}

func (r *reader) patterns(path string, n *yaml.Node, what string) []string {
	all := r.list(path, n, `models: ["gpt-5*"]`)
	switch {
	case len(all) > scope.MaxPatterns:
		r.say(path, n, "", "there are %d models, but %d are possible", len(all), scope.MaxPatterns)
		return nil
	case n.Kind == yaml.SequenceNode && len(all) == 0:
		r.say(path, n, "remove the key", "the list is empty; a %s without models is for all of them", what)
	}
	var out []string
	for _, p := range all {
		s, ok := r.text(p.path, p.node, `"gpt-5*"`)
		if ok && !modelName(s) {
			r.say(p.path, p.node, `"gpt-5*"`, "not the name of a model, nor a pattern of names")
			continue
		}
		if ok && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
