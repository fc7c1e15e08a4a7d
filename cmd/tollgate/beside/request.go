package beside

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Group is what one file of testdata/requests/ holds: requests in the order in which
// they are sent, which may build on each other and on the groups before.
type Group struct {
	Name     string    `yaml:"-"`        // of the file, without number and ending
	Compared bool      `yaml:"compared"` // whether tollgate is asked too
	Requests []Request `yaml:"requests"`
}

// Request is one request, the same for both programs. In path, headers and body ${name}
// stands for what an earlier answer of the same program had ([Request.Save]).
type Request struct {
	Name    string            `yaml:"name"` // one of its kind in the group
	Call    string            `yaml:"call"` // "POST /key/generate"
	As      string            `yaml:"as"`   // the variable with the key: "" is master, "nobody" sends none
	Headers map[string]string `yaml:"headers"`
	Body    any               `yaml:"body"` // sent as JSON; none if nil
	Raw     string            `yaml:"raw"`  // sent as it is, in place of Body
	Save    map[string]string `yaml:"save"` // variable: where its value is in the answer's body, "data.0.id"
	Wait    bool              `yaml:"wait"` // what is read was written in the background: give that time first
}

// Method and Path are the two halves of Call.
func (r Request) Method() string { method, _, _ := strings.Cut(r.Call, " "); return method }
func (r Request) Path() string   { _, path, _ := strings.Cut(r.Call, " "); return path }

// Groups reads the requests of a folder, in the order of its files' names.
func Groups(dir string) ([]Group, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s holds no requests", dir)
	}
	var groups []Group
	for _, file := range files {
		var g Group
		if err := readYAML(file, &g); err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(filepath.Base(file), ".yaml")
		_, name, ok := strings.Cut(base, "-")
		if !ok {
			return nil, fmt.Errorf("%s: a file's name is NUMBER-GROUP.yaml", file)
		}
		g.Name = name
		if slices.ContainsFunc(groups, func(other Group) bool { return other.Name == name }) {
			return nil, fmt.Errorf("%s: there is another group %s", file, name)
		}
		if err := g.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

var callForm = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) /\S*$`)

func (g Group) check() error {
	if len(g.Requests) == 0 {
		return fmt.Errorf("it has no requests")
	}
	seen := map[string]bool{}
	for i, r := range g.Requests {
		switch {
		case r.Name == "" || seen[r.Name]:
			return fmt.Errorf("request %d: the name %q is empty or taken", i+1, r.Name)
		case !callForm.MatchString(r.Call):
			return fmt.Errorf("request %q: call is %q; write METHOD /path", r.Name, r.Call)
		case r.Body != nil && r.Raw != "":
			return fmt.Errorf("request %q: body and raw exclude each other", r.Name)
		}
		seen[r.Name] = true
	}
	return nil
}

func readYAML(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

var variable = regexp.MustCompile(`\$\{([a-z0-9_]+)\}`)

// Fill puts values in the place of the variables of a text. A variable without a value
// stays as it is: the answer shows it.
func Fill(text string, values map[string]string) string {
	return variable.ReplaceAllStringFunc(text, func(v string) string {
		if value, ok := values[v[2:len(v)-1]]; ok {
			return value
		}
		return v
	})
}

// Payload is what is sent as the body; nil if nothing is.
func (r Request) Payload(values map[string]string) ([]byte, error) {
	if r.Raw != "" {
		return []byte(Fill(r.Raw, values)), nil
	}
	if r.Body == nil {
		return nil, nil
	}
	text, err := json.Marshal(r.Body)
	if err != nil {
		return nil, fmt.Errorf("request %q: the body is no JSON: %w", r.Name, err)
	}
	return []byte(Fill(string(text), values)), nil
}

// Saved reads from an answer's body what the request saves.
func (r Request) Saved(body []byte, values map[string]string) {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return // an answer that is no JSON has nothing to save, and shows itself
	}
	for _, name := range slices.Sorted(maps.Keys(r.Save)) {
		if s, ok := at(v, r.Save[name]).(string); ok && s != "" {
			values[name] = s
		}
	}
}

// at follows a path such as "data.0.id".
func at(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}
