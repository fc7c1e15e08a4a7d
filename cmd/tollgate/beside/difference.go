package beside

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"mime"
	"regexp"
	"slices"
	"strings"
)

// Difference is one thing in which tollgate's answer to a request is not LiteLLM's.
type Difference struct {
	Request string // "group/name"
	What    string // "status: 200, tollgate 404", "body.keys[].spend: number, tollgate nothing"
}

func (d Difference) String() string { return d.Request + ": " + d.What }

// Compare tells each difference of two answers once: in status, headers, the JSON's
// keys and types, and in those values that mean the same to every client. After
// another status nothing else is compared.
func Compare(request string, theirs, ours Answer) []Difference {
	if theirs.Status != ours.Status {
		return []Difference{{request, fmt.Sprintf("status: %d, tollgate %d", theirs.Status, ours.Status)}}
	}
	c := comparison{request: request, seen: map[string]bool{}}
	c.headers(theirs.Headers, ours.Headers)
	switch {
	case len(theirs.Events) > 0 || len(ours.Events) > 0:
		c.events(theirs.Events, ours.Events)
	case (theirs.Text == "") != (ours.Text == ""):
		c.tell("body: " + form(theirs) + ", tollgate " + form(ours))
	default:
		c.values("body", theirs.Body, ours.Body)
	}
	return c.found
}

type comparison struct {
	request string
	seen    map[string]bool
	found   []Difference
}

func (c *comparison) tell(what string) {
	if !c.seen[what] {
		c.seen[what] = true
		c.found = append(c.found, Difference{c.request, what})
	}
}

func form(a Answer) string {
	if a.Text != "" {
		return "a text"
	}
	return "JSON"
}

// comparedHeaders are those whose values count, beside their being there.
var comparedHeaders = regexp.MustCompile(`^(x-litellm-(response-cost|key-spend|key-max-budget|key-tpm-limit|key-rpm-limit|model-group|attempted-.*)|rate_limit_type|x-ratelimit-.*-limit-.*)$`)

func (c *comparison) headers(theirs, ours map[string]string) {
	all := maps.Clone(theirs)
	maps.Copy(all, ours)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a, has := theirs[name]
		b, have := ours[name]
		switch {
		case !have:
			c.tell("headers." + name + ": tollgate has none")
		case !has:
			c.tell("headers." + name + ": only tollgate has it")
		case name == "content-type":
			if x, y := mediaType(a), mediaType(b); x != y {
				c.tell("headers.content-type: " + x + ", tollgate " + y)
			}
		case comparedHeaders.MatchString(name) && !same(json.Number(a), json.Number(b)):
			c.tell(fmt.Sprintf("headers.%s: %s, tollgate %s", name, a, b))
		}
	}
}

func mediaType(s string) string {
	if kind, _, err := mime.ParseMediaType(s); err == nil {
		return kind
	}
	return s
}

// events compares what any event of a name has: how a text is cut into events is
// nobody's promise. Only the last is held against the last.
func (c *comparison) events(theirs, ours []Event) {
	if len(theirs) == 0 || len(ours) == 0 {
		c.tell(fmt.Sprintf("events: %d, tollgate %d", len(theirs), len(ours)))
		return
	}
	byName := func(events []Event) map[string][]any {
		m := map[string][]any{}
		for _, e := range events {
			if e.Data != "[DONE]" {
				m[e.Name] = append(m[e.Name], e.Data)
			}
		}
		return m
	}
	a, b := byName(theirs), byName(ours)
	all := maps.Clone(a)
	maps.Copy(all, b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c.values("events."+name, a[name], b[name])
	}
	ends := func(events []Event) string {
		if events[len(events)-1].Data == "[DONE]" {
			return "with [DONE]"
		}
		return "without [DONE]"
	}
	if x, y := ends(theirs), ends(ours); x != y {
		c.tell("events: they end " + x + ", tollgate's " + y)
	}
}

// comparedValues are the members whose values count, beside their types.
var comparedValues = regexp.MustCompile(`^(code|type|param|object|role|model|finish_reason|(total_)?(prompt|completion)_tokens|total_tokens|cost|spend|total_spend|(soft_|max_)?budget|max_budget|budget_duration|[tr]pm_limit|blocked|user_role|total_count|total|current_page|page|total_pages|page_size)$`)

func (c *comparison) values(path string, theirs, ours any) {
	x, y := kind(theirs), kind(ours)
	if x != y {
		c.tell(path + ": " + x + ", tollgate " + y)
		return
	}
	switch a := theirs.(type) {
	case map[string]any:
		b := ours.(map[string]any)
		all := maps.Clone(a)
		maps.Copy(all, b)
		for _, key := range slices.Sorted(maps.Keys(all)) {
			left, has := a[key]
			right, have := b[key]
			switch at := path + "." + key; {
			case !have:
				c.tell(at + ": " + kind(left) + ", tollgate nothing")
			case !has:
				c.tell(at + ": only tollgate has it")
			default:
				c.values(at, left, right)
			}
		}
	case []any:
		b := ours.([]any)
		if (len(a) == 0) != (len(b) == 0) {
			c.tell(fmt.Sprintf("%s: %d elements, tollgate %d", path, len(a), len(b)))
		} else if len(a) > 0 {
			c.values(path+"[]", union(a), union(b))
		}
	default:
		if key := path[strings.LastIndexByte(path, '.')+1:]; comparedValues.MatchString(key) && !same(theirs, ours) {
			c.tell(fmt.Sprintf("%s: %v, tollgate %v", path, theirs, ours))
		}
	}
}

// union is what the elements of a list have together. Of objects it has every key,
// with the first value that is not null.
func union(list []any) any {
	out, ok := list[0].(map[string]any)
	if !ok {
		return list[0]
	}
	out = maps.Clone(out)
	for _, e := range list[1:] {
		more, ok := e.(map[string]any)
		if !ok {
			return list[0]
		}
		for k, v := range more {
			switch old := out[k].(type) {
			case nil:
				out[k] = v
			case map[string]any:
				if m, ok := v.(map[string]any); ok {
					out[k] = union([]any{old, m})
				}
			case []any:
				if m, ok := v.([]any); ok {
					out[k] = slices.Concat(old, m)
				}
			}
		}
	}
	return out
}

func kind(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number, float64:
		return "number"
	case string:
		if x == cleanNumber {
			return "number"
		}
		return "string"
	case []any:
		return "list"
	}
	return "object"
}

// same is equality of values; of numbers by their worth, so that 0 is 0.0, and up to the
// error that LiteLLM's floating point makes.
func same(a, b any) bool {
	x, isNumber := a.(json.Number)
	y, areNumbers := b.(json.Number)
	if isNumber && areNumbers {
		f, err := x.Float64()
		g, err2 := y.Float64()
		if err == nil && err2 == nil {
			return math.Abs(f-g) <= 1e-12*math.Abs(f)
		}
	}
	return a == b
}

// Expectation explains differences: those of the requests and of the kind that match.
// In both patterns * stands for any text.
type Expectation struct {
	Request string `yaml:"request"`
	What    string `yaml:"what"`
	Reason  string `yaml:"reason"`
}

// Expectations reads a reviewed list of differences.
func Expectations(file string) ([]Expectation, error) {
	var list []Expectation
	if err := readYAML(file, &list); err != nil {
		return nil, err
	}
	for i, e := range list {
		if e.Request == "" || e.What == "" || e.Reason == "" {
			return nil, fmt.Errorf("%s: entry %d: request, what and reason belong to each entry", file, i+1)
		}
	}
	return list, nil
}

// Review sorts differences out: those that nothing explains, and the expectations that
// nothing met.
func Review(found []Difference, expected []Expectation) (unexpected []Difference, unmet []Expectation) {
	met := make([]bool, len(expected))
	forms := make([][2]*regexp.Regexp, len(expected))
	for i, e := range expected {
		forms[i] = [2]*regexp.Regexp{glob(e.Request), glob(e.What)}
	}
	for _, d := range found {
		explained := false
		for i, f := range forms {
			if f[0].MatchString(d.Request) && f[1].MatchString(d.What) {
				met[i], explained = true, true
			}
		}
		if !explained {
			unexpected = append(unexpected, d)
		}
	}
	for i, e := range expected {
		if !met[i] {
			unmet = append(unmet, e)
		}
	}
	return unexpected, unmet
}

func glob(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`^` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`) + `$`)
}
