package litellm

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The bounds of what is read.
const (
	MaxFile  = 1 << 20 // bytes of one file
	maxFiles = 100     // with everything that is included
	maxNodes = 200_000 // of all files, what aliases repeat counted each time
	maxDepth = 32
)

// place is where something stands in LiteLLM's files.
type place struct {
	file         string
	path         string // model_list[2].litellm_params.model
	line, column int
}

// value is one value of a file, its aliases and merges followed.
type value struct {
	kind  yaml.Kind
	tag   string // of a scalar: !!str, !!int, …
	text  string // of a scalar, as it is written
	items []*value
	pairs []pair
	at    place
}

type pair struct {
	key string
	at  place
	v   *value
}

// get returns the value of a key, or nil.
func (v *value) get(key string) *value {
	if v == nil {
		return nil
	}
	for _, p := range v.pairs {
		if p.key == key {
			return p.v
		}
	}
	return nil
}

// with is a mapping with those members of another one that it has not itself, or null.
func (v *value) with(other *value) *value {
	all := *v
	all.pairs = slices.Clone(v.pairs)
	for _, p := range other.pairs {
		switch i := slices.IndexFunc(all.pairs, func(own pair) bool { return own.key == p.key }); {
		case i < 0:
			all.pairs = append(all.pairs, p)
		case all.pairs[i].v.null():
			all.pairs[i] = p
		}
	}
	return &all
}

// null says that there is nothing: no value at all, or an empty one.
func (v *value) null() bool { return v == nil || v.kind == yaml.ScalarNode && v.tag == "!!null" }

// first is the first of some values that says something: null is as if it were not there.
func first(values ...*value) *value {
	for _, v := range values {
		if !v.null() {
			return v
		}
	}
	return nil
}

// under writes the path of a key. A key that might be a credential is not shown.
func under(path, key string) string {
	word := key != ""
	for _, c := range key {
		word = word && (c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
	}
	switch {
	case secretive(key) || len(key) > 100:
		return path + "[…]"
	case !word:
		return path + "[" + strconv.Quote(key) + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

// secretive says that a text is likely to be, or to hold, a credential.
func secretive(s string) bool { return credential().MatchString(s) }

var credential = pattern(`(?i)(^|[^a-z0-9])(sk|pk|rk|gsk|xai|csk|fw|nvapi|tgp|ghp|glpat)[-_][a-z0-9_\-]{12,}|(^|[^a-z0-9])hf_[a-z0-9]{12,}|AIza[a-z0-9_\-]{20,}|bearer\s+\S+|eyJ[a-z0-9_\-]{16,}|//[^/\s]*@`)

// files reads a file with everything that it includes and puts the sections together.
func (c *converter) files(name string) []pair {
	root := c.file(name, place{})
	if root == nil {
		return nil
	}
	var merged []pair
	type waiting struct {
		name string
		at   place
	}
	var queue []waiting
	loaded := []string{filepath.Clean(name)}
	add := func(from string, root *value) {
		for _, p := range root.pairs {
			if p.key == "include" {
				for _, v := range c.list(p.v) {
					s, ok := c.word(v)
					if !ok {
						c.find(Problem, v.at, `include: [models.yaml]`, "the name of a file is wanted")
						continue
					}
					queue = append(queue, waiting{c.beside(from, name, s, v.at), v.at})
				}
				continue
			}
			i := slices.IndexFunc(merged, func(m pair) bool { return m.key == p.key })
			switch {
			case i < 0:
				merged = append(merged, p)
			case merged[i].v.kind == yaml.SequenceNode && p.v.kind == yaml.SequenceNode:
				all := *merged[i].v
				all.items = append(slices.Clone(all.items), p.v.items...)
				merged[i].v = &all
			default:
				c.find(Changed, p.at, "", "this %s stands in place of the whole of that in %s, as it did with LiteLLM", p.key, base(merged[i].at.file))
				merged[i] = p
			}
		}
	}
	add(name, root)
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		switch {
		case slices.Contains(loaded, filepath.Clean(next.name)):
			c.find(Ignored, next.at, "", "%s is included already, so it is not read again", base(next.name))
			continue
		case len(loaded) >= maxFiles:
			c.find(Problem, next.at, "", "more than %d files are included", maxFiles)
			return merged
		}
		loaded = append(loaded, filepath.Clean(next.name))
		if root := c.file(next.name, next.at); root != nil {
			add(next.name, root)
		}
	}
	return merged
}

// beside is the file that an entry of include names: next to the file that it stands in,
// or else next to the first file, as LiteLLM has it.
func (c *converter) beside(from, first, entry string, at place) string {
	if filepath.IsAbs(entry) {
		return entry
	}
	own, other := filepath.Join(filepath.Dir(from), entry), filepath.Join(filepath.Dir(first), entry)
	if own == other {
		return own
	}
	if _, err := c.Read(own); err != nil {
		if _, err := c.Read(other); err == nil {
			c.find(Changed, at, "", "%s is not beside the file that includes it, so that beside %s is read", base(entry), base(first))
			return other
		}
	}
	return own
}

func base(name string) string {
	if secretive(name) {
		return "a file"
	}
	return filepath.Base(name)
}

// file reads one file. from is what asked for it.
func (c *converter) file(name string, from place) *value {
	at := place{file: name, line: 1, column: 1}
	c.Files = append(c.Files, name)
	data, err := c.Read(name)
	if err != nil {
		if from.file == "" {
			from = place{file: name}
		}
		var named interface{ Unwrap() error }
		if errors.As(err, &named) {
			err = named.Unwrap() // the operation and the path are said already
		}
		c.find(Problem, from, "", "%s cannot be read: %v", base(name), err)
		return nil
	}
	if len(data) > MaxFile {
		c.find(Problem, at, "", "the file is larger than %d KiB", MaxFile>>10)
		return nil
	}
	if !utf8.Valid(data) {
		c.find(Problem, at, "", "the file is not UTF-8 text")
		return nil
	}
	var doc, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &value{kind: yaml.MappingNode, at: at}
	case err != nil:
		c.syntax(at, err)
		return nil
	}
	switch err := dec.Decode(&more); {
	case err == nil:
		c.find(Problem, place{file: name, line: more.Line, column: max(more.Column, 1)}, "remove the line ---", "a second document begins here; a configuration is one document")
		return nil
	case !errors.Is(err, io.EOF):
		c.syntax(at, err)
		return nil
	}
	v := c.node(doc.Content[0], place{file: name}, 0, nil)
	switch {
	case v == nil:
		return nil // which has been said
	case v.null():
		return &value{kind: yaml.MappingNode, at: at}
	case v.kind != yaml.MappingNode:
		c.find(Problem, v.at, "model_list: [...]", "this is no mapping, but the sections of a configuration are wanted")
		return nil
	}
	return v
}

// groupedNumber is one whose digits YAML 1.1 lets stand in groups.
var groupedNumber = pattern(`^-?[0-9][0-9_]*(\.[0-9_]*)?$`)

var yamlLine = pattern(`line (\d+): `)

func (c *converter) syntax(at place, err error) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine().FindStringSubmatchIndex(text); m != nil {
		at.line, _ = strconv.Atoi(text[m[2]:m[3]])
		text = text[:m[0]] + text[m[1]:]
	}
	if strings.ContainsAny(text, "'`\"") {
		text = "" // it quotes the file, where a secret may stand
	}
	c.find(Problem, at, "", "%s", strings.TrimSuffix("this is not YAML: "+text, ": "))
}

// node takes a value out of the parser's tree. nil says that a bound is passed.
func (c *converter) node(n *yaml.Node, at place, depth int, trail []*yaml.Node) *value {
	at.line, at.column = n.Line, n.Column
	switch c.nodes++; {
	case c.nodes == maxNodes:
		c.find(Problem, at, "", "there are more than %d values, those that aliases repeat counted each time", maxNodes)
		return nil
	case c.nodes > maxNodes:
		return nil
	case depth > maxDepth:
		c.find(Problem, at, "", "nested more than %d levels deep", maxDepth)
		return nil
	}
	v := &value{kind: n.Kind, at: at}
	switch n.Kind {
	case yaml.AliasNode:
		if slices.Contains(trail, n.Alias) {
			c.find(Problem, at, "", "this alias leads back into itself")
			return nil
		}
		got := c.node(n.Alias, at, depth+1, append(trail, n.Alias))
		return got
	case yaml.ScalarNode:
		v.tag, v.text = n.ShortTag(), n.Value
		// LiteLLM's reader takes these for truth values, this one for text.
		if v.tag == "!!str" && n.Style == 0 {
			switch strings.ToLower(n.Value) {
			case "yes", "on":
				v.tag, v.text = "!!bool", "true"
			case "no", "off":
				v.tag, v.text = "!!bool", "false"
			}
		}
		return v
	case yaml.SequenceNode:
		for i, item := range n.Content {
			inner := at
			inner.path += "[" + strconv.Itoa(i) + "]"
			got := c.node(item, inner, depth+1, trail)
			if got == nil {
				return nil
			}
			v.items = append(v.items, got)
		}
		return v
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		for k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		inner := place{file: at.file, path: under(at.path, k.Value), line: k.Line, column: k.Column}
		if k.Kind != yaml.ScalarNode {
			c.find(Problem, inner, "", "a key is no single word")
			continue
		}
		if k.ShortTag() == "!!merge" {
			inner.path = at.path
			if !c.merge(v, n.Content[i+1], inner, depth, trail) {
				return nil
			}
			continue
		}
		got := c.node(n.Content[i+1], inner, depth+1, trail)
		if got == nil {
			return nil
		}
		if got.kind != yaml.ScalarNode {
			got.at.line, got.at.column = inner.line, inner.column
		}
		if j := slices.IndexFunc(v.pairs, func(p pair) bool { return p.key == k.Value }); j >= 0 {
			if !v.pairs[j].v.merged(v) {
				c.find(Changed, inner, "", "the key stands twice; the last counts, as with LiteLLM")
			}
			v.pairs[j] = pair{k.Value, inner, got}
			continue
		}
		v.pairs = append(v.pairs, pair{k.Value, inner, got})
	}
	return v
}

// merged says that a value came into a mapping by a merge: its path is not the mapping's.
func (v *value) merged(into *value) bool { return v.at.line < into.at.line }

// merge takes the keys of another mapping, or of several, that are not there.
func (c *converter) merge(into *value, n *yaml.Node, at place, depth int, trail []*yaml.Node) bool {
	got := c.node(n, at, depth+1, trail)
	if got == nil {
		return false
	}
	all := []*value{got}
	if got.kind == yaml.SequenceNode {
		all = got.items
	}
	for _, m := range all {
		if m.kind != yaml.MappingNode {
			c.find(Problem, at, "", "<< merges a mapping, and this is none")
			continue
		}
		for _, p := range m.pairs {
			if into.get(p.key) == nil {
				into.pairs = append(into.pairs, p)
			}
		}
	}
	return true
}

const fromEnv = "os.environ/"

// scalar reads a single value, from the environment where it says so. env is the
// variable's name then. What is not there is null.
func (c *converter) scalar(v *value) (text, tag, env string) {
	if v == nil || v.kind != yaml.ScalarNode {
		return "", "!!null", ""
	}
	name, is := strings.CutPrefix(v.text, fromEnv)
	if !is || v.tag != "!!str" {
		return v.text, v.tag, ""
	}
	name = strings.TrimSpace(name)
	got, ok := c.lookup(name)
	if !ok {
		if !c.unset[name] {
			c.unset[name] = true
			if c.InPlace {
				c.find(Changed, v.at, "", "the environment variable %s is not set, so this counts as not being there", hidden(name))
			} else {
				c.find(Changed, v.at, "", "the environment variable %s is not set here: a secret is looked for when tollgate starts, anything else counts as not being there", hidden(name))
			}
		}
		return "", "!!null", name
	}
	return got, "!!str", name
}

// lookup reads a variable: of environment_variables, or of the environment.
func (c *converter) lookup(name string) (string, bool) {
	if v, ok := c.exported[name]; ok {
		return v, true
	}
	return c.Env(name)
}

// hidden is a text as a finding may show it.
func hidden(s string) string {
	const most = 100
	switch {
	case secretive(s):
		return "(hidden)"
	case len(s) > most:
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' ' // also what ends a line in YAML
	}, s)
}

// word reads a text, or a number or truth value as the text that it is written as.
func (c *converter) word(v *value) (string, bool) {
	text, tag, _ := c.scalar(v)
	return text, tag != "!!null" && strings.TrimSpace(text) != ""
}

// truth reads yes or no; ok is false where nothing is said.
func (c *converter) truth(v *value) (yes, ok bool) {
	text, tag, _ := c.scalar(v)
	switch strings.ToLower(text) {
	case "true", "yes", "on", "1":
		return true, true
	case "false", "no", "off", "0":
		return false, true
	}
	if tag != "!!null" {
		c.find(Ignored, v.at, "", "true or false is wanted, so this is left out")
	}
	return false, false
}

// list reads a list, or one value as a list of one.
func (c *converter) list(v *value) []*value {
	switch {
	case v.null():
		return nil
	case v.kind == yaml.SequenceNode:
		return v.items
	}
	return []*value{v}
}

// empty says that a value asks for nothing.
func (c *converter) empty(v *value) bool {
	if v == nil {
		return true
	}
	switch v.kind {
	case yaml.SequenceNode:
		return len(v.items) == 0
	case yaml.MappingNode:
		return len(v.pairs) == 0
	}
	text, tag, _ := c.scalar(v)
	return tag == "!!null" || text == "" || text == "0" || tag == "!!bool" && strings.EqualFold(text, "false")
}

// isMap says that a mapping stands there, and complains if something else does.
func (c *converter) isMap(v *value) bool {
	if v.null() {
		return false
	}
	if v.kind != yaml.MappingNode {
		c.find(Problem, v.at, "", "a mapping is wanted here")
		return false
	}
	return true
}

var errNoFigure = errors.New("no number")

// figure reads a number as JSON would have it, with none of its digits changed.
func (c *converter) figure(v *value) (string, error) {
	text, tag, _ := c.scalar(v)
	if tag == "!!null" || tag == "!!bool" || v.kind != yaml.ScalarNode {
		return "", errNoFigure
	}
	text = strings.TrimPrefix(strings.TrimSpace(text), "+")
	if strings.Contains(text, "_") && groupedNumber().MatchString(text) {
		text = strings.ReplaceAll(text, "_", "")
	}
	if rest, dot := strings.CutPrefix(text, "."); dot {
		text = "0." + rest
	}
	text = strings.Replace(text, ".e", "e", 1)
	text = strings.TrimSuffix(text, ".")
	if !number().MatchString(text) || len(text) > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9' {
		return "", errNoFigure
	}
	return text, nil
}

// whole reads a whole number from low on; what is none, or below, is a problem.
func (c *converter) whole(v *value, low int64) (int64, bool) {
	n, ok, bad := c.number(v, low)
	if bad {
		c.find(Problem, v.at, "", "a whole number of at least %d is wanted", low)
	}
	return n, ok
}

// count reads a whole number of a deployment; what is none makes it unavailable, since one
// that is not right does not stop the others.
func (c *converter) count(d *deployment, p pair, low int64) (int64, bool) {
	n, ok, bad := c.number(p.v, low)
	if bad {
		d.leave("its %s is no whole number of at least %d", p.key, low)
	}
	return n, ok
}

// number reads a whole number. bad says that something else stands there.
func (c *converter) number(v *value, low int64) (n int64, ok, bad bool) {
	if v.null() {
		return 0, false, false
	}
	text, err := c.figure(v)
	if err == nil {
		if n, err := exact([]byte(text)); err == nil && n.IsInt() && n.Num().IsInt64() && n.Num().Int64() >= low {
			return n.Num().Int64(), true, false
		}
	}
	_, tag, env := c.scalar(v)
	return 0, false, tag != "!!null" || env == ""
}
