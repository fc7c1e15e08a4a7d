package configs

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting/pricelist"
	"tollgate/gateway/spelling"
	"tollgate/providers"
)

// The bounds of a document's shape: aliases could otherwise make a small text huge.
const (
	maxAliased = 10_000 // nodes reached through aliases
	maxDepth   = 32
)

// reader holds what was understood of a configuration so far.
type reader struct {
	kinds      []providers.Kind
	env        func(string) (string, bool)
	dir        string
	readPrices func(string) (*pricelist.List, error)
	listenAt   func(declared string) string     // nil: where the configuration says
	kept       func(name string) (string, bool) // the secrets that may be referred to; nil: those of files and the environment
	placeOnly  bool                             // see [PlaceOnly]
	beside     func(file string)                // see [Beside]

	config   *Config
	listed   []pair // entries of the price list that models name
	places   map[string]place
	problems []Problem
	warnings []Problem
}

type place struct{ line, column int }

// bounded walks the tree with its aliases and refuses one that is too deep, leads
// back into itself or grows beyond the bound.
func bounded(root *yaml.Node) *Problem {
	aliased := 0
	var walk func(n *yaml.Node, depth int, through bool) *Problem
	walk = func(n *yaml.Node, depth int, through bool) *Problem {
		if depth > maxDepth {
			return &Problem{Line: n.Line, Column: n.Column, Message: fmt.Sprintf("nested more than %d levels deep", maxDepth)}
		}
		if through {
			if aliased++; aliased > maxAliased {
				return &Problem{Line: n.Line, Column: n.Column, Message: fmt.Sprintf("aliases (*name) repeat more than %d values", maxAliased), Write: "the values out"}
			}
		}
		if n.Kind == yaml.AliasNode {
			return walk(n.Alias, depth+1, true)
		}
		for _, c := range n.Content {
			if p := walk(c, depth+1, through); p != nil {
				return p
			}
		}
		return nil
	}
	return walk(root, 0, false)
}

// real follows an alias.
func real(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// under writes the path of a key: plainly if it is a simple word, else in quotes.
func under(path, key string) string {
	word := key != ""
	for _, c := range key {
		word = word && (c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
	}
	switch {
	case !word:
		return path + "[" + strconv.Quote(key) + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

func item(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// nearestPlace finds a path or the nearest one above it.
func nearestPlace(places map[string]place, path string) (place, bool) {
	for path != "" {
		if p, ok := places[path]; ok {
			return p, true
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return place{}, false
}

// say adds a problem about the value at a path.
func (r *reader) say(path string, n *yaml.Node, write, format string, args ...any) {
	r.problems = append(r.problems, r.problem(path, n, write, format, args...))
}

// warn adds a warning about the value at a path.
func (r *reader) warn(path string, n *yaml.Node, write, format string, args ...any) {
	r.warnings = append(r.warnings, r.problem(path, n, write, format, args...))
}

func (r *reader) problem(path string, n *yaml.Node, write, format string, args ...any) Problem {
	p := Problem{Path: path, Message: fmt.Sprintf(format, args...), Write: write}
	at, ok := nearestPlace(r.places, path)
	if !ok {
		at, ok = place{n.Line, n.Column}, n.Line > 0
	}
	if ok {
		p.Line, p.Column = at.line, at.column
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" {
		p.Value = shown(n.Value)
	}
	return p
}

// sayHidden adds a problem about a value that is not to be shown.
func (r *reader) sayHidden(path string, n *yaml.Node, write, format string, args ...any) {
	p := r.problem(path, n, write, format, args...)
	p.Value = ""
	r.problems = append(r.problems, p)
}

// warnHidden adds a warning about a value that is not to be shown.
func (r *reader) warnHidden(path string, n *yaml.Node, write, format string, args ...any) {
	p := r.problem(path, n, write, format, args...)
	p.Value = ""
	r.warnings = append(r.warnings, p)
}

// what names the type of a node in words.
func what(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping (key: value)"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "empty"
	case "!!bool":
		return "a yes-or-no value"
	case "!!int", "!!float":
		return "a number"
	case "!!timestamp":
		return "a date"
	case "!!str":
		return "text"
	}
	return "a value with a YAML tag"
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// pair is one key of a mapping with its value.
type pair struct {
	key  string
	path string
	node *yaml.Node // aliases followed
}

// pairs lists a mapping's pairs in the order of the text. Keys that stand twice,
// are no single values or merge another mapping are problems.
func (r *reader) pairs(path string, n *yaml.Node, example string) []pair {
	if n.Kind != yaml.MappingNode {
		r.say(path, n, example, "this is %s, but a mapping is wanted", what(n))
		return nil
	}
	seen := map[string]int{}
	var out []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := real(n.Content[i]), real(n.Content[i+1])
		switch {
		case k.Kind != yaml.ScalarNode || isNull(k):
			r.problems = append(r.problems, Problem{Path: path, Line: k.Line, Column: k.Column, Message: "a key is " + what(k) + ", but a word is wanted"})
			continue
		case k.ShortTag() == "!!merge":
			r.problems = append(r.problems, Problem{Path: path, Line: k.Line, Column: k.Column, Message: "<< merges another mapping, which hides what is in force", Write: "the keys out"})
			continue
		}
		p := under(path, k.Value)
		if first, twice := seen[k.Value]; twice {
			r.problems = append(r.problems, Problem{Path: p, Line: k.Line, Column: k.Column, Message: fmt.Sprintf("the key stands twice; it stood in line %d already", first), Write: "remove one of the two"})
			continue
		}
		seen[k.Value] = k.Line
		at := place{v.Line, v.Column}
		if v.Kind != yaml.ScalarNode || isNull(v) || n.Content[i+1].Kind == yaml.AliasNode {
			at = place{k.Line, k.Column}
		}
		r.places[p] = at
		out = append(out, pair{k.Value, p, v})
	}
	return out
}

// field reads the value of one known key.
type field func(path string, n *yaml.Node)

// fields reads a mapping whose keys are known. An unknown key is a problem that
// names the nearest known one; an empty value is one too.
func (r *reader) fields(path string, n *yaml.Node, example string, known map[string]field) {
	for _, p := range r.pairs(path, n, example) {
		f, ok := known[p.key]
		switch {
		case !ok:
			r.unknownKey(path, n, p.key, slices.Sorted(maps.Keys(known)))
		case isNull(p.node) && !mayBeEmpty[p.path]:
			r.say(p.path, p.node, "", "there is no value; write one or remove the key")
		default:
			f(p.path, p.node)
		}
	}
}

// mayBeEmpty are the sections whose entries may all be commented out.
var mayBeEmpty = map[string]bool{"providers": true, "models": true, "budgets": true, "limits": true, "errors": true, "front": true}

func (r *reader) unknownKey(path string, n *yaml.Node, key string, known []string) {
	p := Problem{Path: under(path, key), Message: "this key is not known; known are " + strings.Join(known, ", ")}
	for i := 0; i < len(n.Content); i += 2 {
		if k := real(n.Content[i]); k.Value == key {
			p.Line, p.Column = k.Line, k.Column
			break
		}
	}
	if path == "" && slices.Contains([]string{"model_list", "litellm_settings", "general_settings", "router_settings"}, key) {
		p.Message = "this key belongs to a LiteLLM configuration, which has to be converted"
		p.Write = "tollgate import litellm"
	} else if near := nearest(key, known); near != "" {
		p.Message = "this key is not known"
		p.Write = near + ": …"
	}
	if credential().MatchString(key) {
		p.Path = path
	}
	r.problems = append(r.problems, p)
}

// list returns the items of a list, their paths registered.
func (r *reader) list(path string, n *yaml.Node, example string) []pair {
	if n.Kind != yaml.SequenceNode {
		r.say(path, n, example, "this is %s, but a list is wanted", what(n))
		return nil
	}
	out := make([]pair, len(n.Content))
	for i, c := range n.Content {
		p := item(path, i)
		r.places[p] = place{c.Line, c.Column}
		out[i] = pair{path: p, node: real(c)}
	}
	return out
}

// text reads a value that is text. A number is not, since YAML reads some texts as
// numbers and changes them.
func (r *reader) text(path string, n *yaml.Node, example string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		r.say(path, n, example, "this is %s, but text is wanted", what(n))
		return "", false
	}
	if strings.TrimSpace(n.Value) == "" {
		r.say(path, n, example, "the text is empty")
		return "", false
	}
	return n.Value, true
}

// scalar returns a single value as it is written, whatever YAML takes it for.
func (r *reader) scalar(path string, n *yaml.Node, example string) (string, bool) {
	if n.Kind != yaml.ScalarNode || what(n) == "a value with a YAML tag" || isNull(n) {
		r.say(path, n, example, "this is %s, but a single value is wanted", what(n))
		return "", false
	}
	return n.Value, true
}

func (r *reader) boolean(path string, n *yaml.Node) (bool, bool) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" {
		switch n.Value {
		case "true":
			return true, true
		case "false":
			return false, true
		}
	}
	write := last(path) + ": true"
	switch strings.ToLower(n.Value) {
	case "no", "off", "false", "n", "0":
		write = last(path) + ": false"
	}
	r.say(path, n, write, "this is %s, but true or false is wanted", what(n))
	return false, false
}

// whole reads a whole number from 1 on, in decimal digits.
func (r *reader) whole(path string, n *yaml.Node, most int64) (int64, bool) {
	v, err := strconv.ParseInt(n.Value, 10, 64)
	write := ""
	if err == nil && v >= 1 && v <= most {
		write = fmt.Sprintf("%s: %d", last(path), v)
	}
	switch {
	case n.Kind != yaml.ScalarNode || n.ShortTag() == "!!str":
		r.say(path, n, write, "this is %s, but a whole number is wanted", what(n))
		return 0, false
	case err != nil || len(n.Value) > 1 && (n.Value[0] == '0' || n.Value[0] == '+'):
		r.say(path, n, write, "not a whole number in plain digits")
		return 0, false
	case v < 1 || v > most:
		r.say(path, n, "", "out of range: 1 to %d are possible", most)
		return 0, false
	}
	return v, true
}

// count reads a number of tokens.
func (r *reader) count(path string, n *yaml.Node) int64 {
	v, _ := r.whole(path, n, maxTokens)
	return v
}

// maxTokens is beyond any model's context or output.
const maxTokens = 1_000_000_000

// duration reads a length of time with its unit.
func (r *reader) duration(path string, n *yaml.Node, low, high time.Duration) time.Duration {
	s, ok := r.scalar(path, n, last(path)+": 30s")
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		write := last(path) + ": 30s"
		if v, err := strconv.ParseUint(s, 10, 31); err == nil {
			write = fmt.Sprintf("%s: %ds", last(path), v)
		}
		r.say(path, n, write, "not a length of time with its unit (ms, s, m, h)")
		return 0
	case d < low || d > high:
		r.say(path, n, "", "out of range: %v to %v are possible", low, high)
		return 0
	}
	return d
}

// word reads one of a few words.
func (r *reader) word(path string, n *yaml.Node, words ...string) (string, bool) {
	s, ok := r.scalar(path, n, last(path)+": "+words[0])
	if !ok {
		return "", false
	}
	if slices.Contains(words, s) {
		return s, true
	}
	write := ""
	if near := nearest(s, words); near != "" {
		write = last(path) + ": " + near
	}
	r.say(path, n, write, "not one of %s", strings.Join(words, ", "))
	return "", false
}

// last is the last key of a path.
func last(path string) string {
	if i := strings.LastIndexByte(path, '.'); i >= 0 && !strings.HasSuffix(path, "]") {
		return path[i+1:]
	}
	return path
}

// synonyms are words that other programs use for ours; some have several of ours.
var synonyms = map[string]string{
	"api_key": "key", "apikey": "key", "token": "key", "master_key": "admin_key",
	"base_url": "url", "api_base": "url", "endpoint": "url", "type": "kind", "provider": "kind",
	"bind": "listen", "address": "listen", "port": "listen", "host": "listen", "database_url": "database", "db": "database",
	"max_budget": "limit", "budget": "limit", "amount": "limit", "soft_budget": "soft", "model": "models",
	"period": "per", "window": "per", "duration": "per", "budget_duration": "per", "every": "per", "timezone": "zone", "tz": "zone", "start": "from",
	"target": "to", "fallbacks": "targets", "tier": "order", "prompt": "input", "completion": "output", "cached": "cached_input", "images": "image",
	"requests": "request requests_per_minute", "rpm": "requests_per_minute", "rpm_limit": "requests_per_minute", "max_rpm": "requests_per_minute",
	"tokens": "tokens_per_minute", "tpm": "tokens_per_minute", "tpm_limit": "tokens_per_minute", "max_tpm": "tokens_per_minute",
	"concurrent": "concurrent_requests", "concurrency": "concurrent_requests", "parallel": "concurrent_requests", "max_parallel_requests": "concurrent_requests",
	"rate_limits": "limits", "rate_limiting": "limits", "redis": "rate_limit_store", "redis_url": "rate_limit_store", "limit_store": "rate_limit_store",
	"sync": "durability", "synchronous": "durability", "keep": "retention",
	"timeout": "first_byte", "shutdown": "drain", "grace": "drain_delay", "pre_stop": "drain_delay",
	"body_limit": "max_body", "max_request_size_mb": "max_body", "max_request_size": "max_body", "max_connections": "connections_per_address", "max_requests": "requests",
	"read_timeout": "body_timeout", "keepalive_timeout": "idle_timeout", "keep_alive": "idle_timeout", "send_timeout": "write_timeout", "pricing": "price", "cost": "price", "max_tokens": "max_output",
}

// nearest returns the known word that was probably meant, or "".
func nearest(word string, known []string) string {
	word = strings.ToLower(strings.ReplaceAll(word, "-", "_"))
	if len(word) > spelling.MaxWord {
		return ""
	}
	best, at := "", math.MaxInt
	for _, k := range known {
		if d := spelling.Distance(word, strings.ToLower(k)); d < at {
			best, at = k, d
		}
	}
	if at <= 1 || at <= len(word)/3 {
		return best
	}
	for s := range strings.FieldsSeq(synonyms[word]) {
		if slices.Contains(known, s) {
			return s
		}
	}
	return ""
}
