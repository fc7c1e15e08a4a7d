package litellm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting/pricelist"
)

// Source is what a configuration is read from.
type Source struct {
	File string                            // its name
	Read func(name string) ([]byte, error) // reads it, and the files that it includes
	Env  func(name string) (string, bool)  // looks a variable up
	// InPlace says that tollgate will run from the file as it is, here and now: what the
	// environment lacks is then not there. Otherwise the text is for another day, and
	// refers to such a variable all the same.
	InPlace bool
	// Weak says why a key is not to manage everything, and Short why one that may should be
	// replaced; or nil. Both may be nil.
	Weak, Short func(secret string) error
}

// Severity says what a finding means for whoever moves.
type Severity string

// The severities, the gravest last.
const (
	Ignored     Severity = "ignored"     // it has no effect here, and need not have
	Changed     Severity = "changed"     // it means something else here
	Unavailable Severity = "unavailable" // it is not served, and the rest is
	Problem     Severity = "problem"     // tollgate does not start with it
)

// Finding is one thing that is not as it was.
type Finding struct {
	Severity     Severity
	File         string // the name of the file
	Path         string // model_list[2].litellm_params.rpm; "" is the file as a whole
	Line, Column int    // from 1; 0 if it has no place
	Message      string
	Wrote        string // what to write instead, or what was written; may be empty
}

// String writes a finding on one line.
func (f Finding) String() string {
	s := string(f.Severity) + ": "
	if f.Line > 0 {
		s += fmt.Sprintf("%s:%d:%d: ", base(f.File), f.Line, f.Column)
	}
	if f.Path != "" {
		s += f.Path + ": "
	}
	s += f.Message
	if f.Wrote != "" {
		s += "; write: " + f.Wrote
	}
	return s
}

// MaxFindings is how many findings are listed; the last of more says so.
const MaxFindings = 1000

// Result is what a configuration was turned into.
type Result struct {
	// Native is a configuration of tollgate. It is there whatever was found; with a
	// [Problem] among the findings it is not to be used.
	Native []byte
	// Secrets are the values that stood in LiteLLM's files themselves, by the variables that
	// Native refers to in their place. Whoever runs Native gives them to its environment.
	Secrets  map[string]string
	Findings []Finding
	Files    []string // that were to be read, the first first
	Listed   []Listed // the deployments of model_list
	// EndUserBudget is the id, in LiteLLM's database, of the budget that end users have who
	// have none of their own; "" is none.
	EndUserBudget string

	origin []place
}

// Origin says where in LiteLLM's files a line of Native, from 1, comes from. ok is false
// if it comes from none.
func (r *Result) Origin(line int) (f Finding, ok bool) {
	if line < 1 || line > len(r.origin) || r.origin[line-1].line == 0 {
		return Finding{}, false
	}
	at := r.origin[line-1]
	return Finding{File: at.file, Path: at.path, Line: at.line, Column: at.column}, true
}

// Serious says whether there is a [Problem] among the findings.
func (r *Result) Serious() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == Problem })
}

// keys are the sections that only LiteLLM's configuration has.
var keys = []string{"model_list", "litellm_settings", "router_settings", "general_settings", "environment_variables", "credential_list", "include"}

// native are sections that only tollgate's has.
var native = []string{"providers", "models", "budgets", "limits", "listen", "admin_key"}

var topKey = pattern(`(?m)^["']?([a-z_]+)["']?[ \t]*:`)

// IsConfig says whether data looks like a configuration of LiteLLM and not of tollgate,
// even if it is not YAML.
func IsConfig(data []byte) bool {
	var top []string
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) == nil && len(doc.Content) > 0 && doc.Content[0].Kind == yaml.MappingNode {
		for i := 0; i < len(doc.Content[0].Content); i += 2 {
			top = append(top, doc.Content[0].Content[i].Value)
		}
	} else {
		for _, m := range topKey().FindAllSubmatch(data, -1) {
			top = append(top, string(m[1]))
		}
	}
	has := func(words []string) bool {
		return slices.ContainsFunc(top, func(k string) bool { return slices.Contains(words, k) })
	}
	return has(keys) && !has(native)
}

// Convert turns LiteLLM's configuration into tollgate's. It never fails: what could not be
// taken over is a finding.
func Convert(s Source) *Result {
	c := &converter{Source: s, Result: &Result{Secrets: map[string]string{}}, exported: map[string]string{}, unset: map[string]bool{},
		said: map[string]bool{}, stood: map[string]place{}, prices: pricelist.Builtin()}
	sections := c.files(s.File)
	c.settings = map[string]*value{}
	for _, p := range sections {
		c.settings[p.key] = p.v
	}
	c.export(c.settings["environment_variables"])
	c.credentials = c.named(c.settings["credential_list"])
	c.options(sections)
	c.models(c.settings["model_list"])
	c.gather()
	c.aliases(c.opt.alias)
	c.follow()
	c.providerBudgets(c.part("router_settings").get("provider_budget_config"))
	c.enforced()
	c.write()
	slices.SortStableFunc(c.Findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if extra := len(c.Findings) - MaxFindings; extra > 0 {
		more := Finding{Severity: Changed, File: s.File, Message: fmt.Sprintf("and %d more findings", extra)}
		if slices.ContainsFunc(c.Findings[MaxFindings:], func(f Finding) bool { return f.Severity == Problem }) {
			more.Severity = Problem
		}
		c.Findings = append(c.Findings[:MaxFindings:MaxFindings], more)
	}
	return c.Result
}

// converter holds what was understood so far.
type converter struct {
	Source
	*Result
	nodes    int
	exported map[string]string // by environment_variables
	unset    map[string]bool   // variables that were said to be unset
	said     map[string]bool   // what is said once
	stood    map[string]place  // where the secrets stood
	prices   *pricelist.List

	settings    map[string]*value
	credentials map[string]*value // the values of credential_list by name
	opt         options

	providers   []*provider
	deployments []*deployment
	groups      []*group
	byName      map[string]*group
	budgets     []rule
	limits      []rule
	top         []setting // of the native file
}

// find adds a finding.
func (c *converter) find(sev Severity, at place, wrote, format string, args ...any) {
	c.Findings = append(c.Findings, Finding{sev, at.file, at.path, at.line, at.column, fmt.Sprintf(format, args...), wrote})
}

// once adds a finding unless the same was said before, of whatever place.
func (c *converter) once(sev Severity, at place, wrote, message string) {
	if !c.said[message] {
		c.said[message] = true
		c.find(sev, at, wrote, "%s", message)
	}
}

// export reads the variables that the file itself sets.
func (c *converter) export(v *value) {
	if v == nil || !c.isMap(v) {
		return
	}
	for _, p := range v.pairs {
		text, tag, env := c.scalar(p.v)
		if tag == "!!null" || !variable().MatchString(p.key) {
			continue
		}
		c.exported[p.key] = text
		if env == "" && !c.InPlace {
			c.find(Changed, p.at, "", "tollgate's configuration sets no variables: set %s in the environment", hidden(p.key))
		}
	}
	if c.InPlace {
		c.find(Changed, v.at, "", "these variables are for this file alone: what tollgate itself or its machine reads (HTTPS_PROXY, SSL_CERT_FILE) is set in the environment")
	}
}

var variable = pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)

// named reads the credentials that deployments refer to.
func (c *converter) named(v *value) map[string]*value {
	out := map[string]*value{}
	for _, item := range c.list(v) {
		name, ok := c.word(item.get("credential_name"))
		if values := item.get("credential_values"); ok && !values.null() {
			out[name] = values
			continue
		}
		c.find(Ignored, item.at, "", "a credential has a credential_name and credential_values, so this one is left out")
	}
	return out
}
