package manage

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	configs "tollgate/configs/litellm"
	"tollgate/gateway/access"
	"tollgate/gateway/edge"
	dialect "tollgate/gateway/litellm"
)

// documentFile is written by TestDocument with UPDATE=yes.
const documentFile = "../../../docs/litellm.md"

// TestDocument: docs/litellm.md says of every route, field and key what the tables say.
func TestDocument(t *testing.T) {
	want := document(t)
	if os.Getenv("UPDATE") == "yes" {
		if err := os.MkdirAll(filepath.Dir(documentFile), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(documentFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("docs/litellm.md is not what the tables say: run UPDATE=yes go test ./gateway/litellm/manage -run TestDocument\n%s", firstChange(string(have), string(want)))
	}
}

// firstChange shows the first line that differs.
func firstChange(have, want string) string {
	a, b := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d:\n- %s\n+ %s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}

// subject is what some routes are about, and who may call them.
type subject struct {
	title string
	paths *regexp.Regexp
	see   string // who may read
	make  string // who may change
	note  string
}

const (
	everybody = "those who see or manage everything"
	managers  = "those who manage"
)

func paths(text string) *regexp.Regexp { return regexp.MustCompile(`^(` + text + `)(/|$)`) }

// subjects are in the order of the document. A route is of the first one that has its path.
var subjects = []subject{
	{"Keys", paths(`(/v2)?/key`), "any key sees itself; people see their own keys, admins of a team or an organization those of it, " + everybody + " all", managers + "; `internal_user`s their own keys, and admins of a team or an organization those of it, but no money", "A budget (`budget_id`) is named by those who see budgets. Admins of a team or an organization make keys in the name of its members alone, and of those whom they may add to the team. They block keys as in LiteLLM, but only those who manage unblock one: it may have been they who blocked it."},
	{"Spending", paths(`/spend|/global|/cost|/provider|/(user|team|organization|customer|end_user|tag)/daily`), "people see what is theirs, admins what is their group's, " + everybody + " all", managers, ""},
	{"Users", paths(`(/v2)?/user`), "people see themselves, admins of a team or an organization its members, " + everybody + " all", managers + "; admins of an organization make plain users in it", ""},
	{"Teams and their members", paths(`(/v2)?/team`), "members see their team and who is in it, and of each other neither spending nor addresses, admins of an organization its teams, " + everybody + " all", managers + "; admins of an organization its teams, admins of a team its members", "Who manages a team but not everything adds to it those who are of its organization or in another group of theirs; in LiteLLM it is anybody, whose own budget then is spent with a key that is made in that name. Anybody else is to them like somebody who is not there. Admins of an organization block a team, and those who manage unblock it. Who joins by `/api/v1/teams` is given what the team gives its members, too. What bounds a team stays, for one that is made anew under its id, when somebody deletes it who manages no budgets. Who is taken out of a team and put in again by somebody who manages no budgets has there what bounded it before."},
	{"Organizations", paths(`/organization`), "members see their organization and who is in it, but no addresses, " + everybody + " all", managers + "; admins of an organization its members", "Who manages an organization but not everything adds new users, and those who are in one of its teams or in another group of theirs; in LiteLLM it is anybody."},
	{"Customers", paths(`/customer|/end_user`), everybody, managers, "An end user whom nobody made is known by the first call that names him."},
	{"Budgets", paths(`/budget`), everybody, managers, ""},
	{"Tags", paths(`/tag`), everybody, managers, ""},
	{"Models", paths(`(/v1|/v2)?/model|/model_group|/utils`), "any key sees the models that it may call", managers, "A change of the scheme, host or port in `api_base` needs the deployment's secrets again: those that are there were given for another address."},
	{"Credentials", paths(`/credentials`), everybody, managers, "A secret is sealed when it comes and is never told again. A change of the scheme, host or port in `api_base` needs the secrets again, and a model that names the credential has the same, or none of its own. One that is made of a model is for where that is called, and one that says no `api_base` for that of the first model that names it."},
	{"Access groups", paths(`(/v1)?/access_group`), everybody, managers, ""},
	{"Fallbacks", paths(`/fallback`), everybody, managers, ""},
	{"Log of changes", paths(`/audit`), everybody, managers, fmt.Sprintf("A list is made of the newest %d changes that match.", MaxAudits)},
	{"Health, settings and the rest", paths(``), everybody, managers, "Nothing of the program is set over this API: that stands in the configuration file, which is followed."},
}

// document writes the document.
func document(t *testing.T) []byte {
	var b bytes.Buffer
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# LiteLLM's routes, fields and settings\n")
	say("What tollgate does with each of them. The tables are the program's own; after a change of it `UPDATE=yes go test ./gateway/litellm/manage -run TestDocument` writes this file anew, and without that the test fails.\n")
	say("The routes are served with `compatibility: litellm`, which a LiteLLM `config.yaml` turns on by itself.\n")

	asked := asking(t)
	all := (&api{}).table()
	say("## Management API\n")
	say("*Those who manage* have the admin key (LiteLLM's master key) or the role `proxy_admin`; *those who see everything* have `proxy_admin_viewer`. Keys that are kept to some routes (`allowed_routes`, `key_type`) reach no others, but always themselves.\n")
	say("What becomes of a field: **honoured** means what it means there; **kept** is told again and decides nothing; **refused** would restrict or route in a way that tollgate cannot, so that only an empty value is taken and another one is an error; **ignored** has no meaning here that would be missed. A field that no table has is ignored. An answer names what was ignored in the header `%s`.\n", headerIgnored)
	say("`null` takes a budget or a limit away. In place of a list of models or routes, or of `blocked`, it is an error in an update; of a user it leaves what there is, as `models: []` does.\n")
	say("A budget that gets a `budget_duration` where there was none begins it with nothing spent; else what was spent stays spent.\n")
	say("A change follows from how things are. If anybody changes anything before it is made, on whatever replica, it is worked out anew, and after %d times it is answered with 503. Changes of several things in one request are made one by one where the answer tells of each.\n", wholeTries)
	for i, s := range subjects {
		var routes []route
		for _, r := range all {
			if _, no := absentAt(r); !no && subjectOf(r) == i {
				routes = append(routes, r)
			}
		}
		if len(routes) == 0 {
			continue
		}
		slices.SortFunc(routes, func(a, b route) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method)) })
		say("### %s\n", s.title)
		say("Reading: %s. Changing: %s. %s\n", s.see, s.make, s.note)
		say("| Route | For | Parameters |")
		say("|---|---|---|")
		for _, r := range routes {
			use := "to change"
			switch r.use() {
			case access.Itself:
				use = "itself, or to read"
			case access.Reads:
				use = "to read"
			}
			say("| `%s %s` | %s | %s |", r.method, braces(r.path), use, code(asked.of(r)))
		}
		if i == len(subjects)-1 {
			for _, r := range (&dialect.Dialect{}).Mount(dialect.Known{}) {
				say("| `%s %s` | %s | |", r.Method, r.Path, map[edge.Access]string{edge.Open: "anybody", edge.AnyKey: "any key", edge.AdminKey: managers}[r.Access])
			}
		}
		say("")
		fieldTable(say, routes)
	}
	say("## What there is not\n")
	say("These are answered with 501 and an `error` that says so, whoever asks with a key. `/*` stands for all below.\n")
	say("| Routes | What tollgate has not | Instead |")
	say("|---|---|---|")
	for _, f := range absences {
		methods := strings.Join(f.methods, ", ")
		if len(f.methods) == len(everyMethod) {
			methods = "every method"
		}
		say("| %s (%s) | %s | %s |", code(f.paths), methods, cell(f.what), cell(f.instead))
	}

	say("\n## Requests for models\n")
	say("LiteLLM's own members of a request. None reaches an upstream. Those that begin with `mock_` are refused; what else begins with `litellm_`, and what names a service to log to (`langfuse_`, `langsmith_`, `arize_`, `humanloop_`, `posthog_`), is ignored. Of `metadata` the `tags` are read; it is LiteLLM's own in a chat that is not stored.\n")
	say("| Member | What becomes of it |")
	say("|---|---|")
	said := dialect.Said()
	for _, w := range slices.Sorted(maps.Keys(said)) {
		say("| `%s` | %s |", w, cell(said[w]))
	}

	say("\n## config.yaml\n")
	say("`tollgate import litellm config.yaml` prints what a file becomes, with a finding for each key that is not the same here. A key that no table has is named with the nearest one that is known. Of the rest: what is **taken over** is in the native file; **changed** means something else here; **unavailable** is not served, and the rest is; **ignored** has no effect and need not have; a **problem** stops the start, unless the value is empty.\n")
	section := "\x00"
	for _, w := range configs.Words() {
		if w.Section != section {
			section = w.Section
			say("\n### %s\n", map[bool]string{true: "The top of the file", false: "`" + section + "`"}[section == ""])
			say("| Key | | What becomes of it |")
			say("|---|---|---|")
		}
		say("| `%s` | %s | %s |", w.Key, cmp.Or(string(w.Severity), "taken over"), cell(w.Say))
	}
	return b.Bytes()
}

func subjectOf(r route) int {
	return slices.IndexFunc(subjects, func(s subject) bool { return s.paths.MatchString(r.path) })
}

// fieldTable writes what becomes of the fields of some routes. Fields that the same routes
// have stand together.
func fieldTable(say func(string, ...any), routes []route) {
	type line struct{ of, fate, note string }
	of, order := map[field][]string{}, []field(nil)
	for _, r := range routes {
		var seen []string
		for _, f := range r.fields {
			if slices.Contains(seen, f.name) {
				continue
			}
			seen = append(seen, f.name)
			if of[f] == nil {
				order = append(order, f)
			}
			of[f] = append(of[f], braces(r.path))
		}
	}
	lines, fields, at := []line(nil), map[line][]string{}, []string(nil)
	for _, f := range order {
		l := line{code(of[f]), map[Fate]string{Honoured: "honoured", Kept: "kept", Refused: "refused", Ignored: "ignored"}[f.fate], f.note}
		if fields[l] == nil {
			lines = append(lines, l)
		}
		if !slices.Contains(at, l.of) {
			at = append(at, l.of)
		}
		fields[l] = append(fields[l], f.name)
	}
	if len(at) == 0 {
		return
	}
	say("| Bodies of | Fields | | |")
	say("|---|---|---|---|")
	for _, routes := range at {
		first := routes
		for _, l := range lines {
			if l.of == routes {
				say("| %s | %s | %s | %s |", first, code(fields[l]), l.fate, cell(l.note))
				first = ""
			}
		}
	}
	say("")
}

func code(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "`" + n + "`"
	}
	return strings.Join(out, " ")
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

var parameter = regexp.MustCompile(`:([a-z_]+)`)

func braces(path string) string { return parameter.ReplaceAllString(path, "{$1}") }

// questions are the parameters of URLs that routes ask for, by method and path; those whose
// path is put together have what it ends with after a *.
type questions map[string][]string

func (q questions) of(r route) []string {
	if names, ok := q[r.method+" "+r.path]; ok {
		return names
	}
	for _, key := range slices.Sorted(maps.Keys(q)) {
		if end, is := strings.CutPrefix(key, r.method+" *"); is && strings.HasSuffix(r.path, end) {
			return q[key]
		}
	}
	return nil
}

// asking reads in the source which parameters the handlers ask for.
func asking(t *testing.T) questions {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	funcs, tables := map[string]*ast.FuncDecl{}, []*ast.FuncDecl(nil)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, is := d.(*ast.FuncDecl); is {
				funcs[receiver(f)+f.Name.Name] = f
				if strings.HasSuffix(f.Name.Name, "Routes") {
					tables = append(tables, f)
				}
			}
		}
	}
	out := questions{}
	for _, f := range tables {
		ast.Inspect(f.Body, func(n ast.Node) bool {
			lit, is := n.(*ast.CompositeLit)
			if !is || len(lit.Elts) != 4 {
				return true
			}
			method, is := lit.Elts[0].(*ast.SelectorExpr)
			if !is {
				return true
			}
			path := ""
			switch x := lit.Elts[1].(type) {
			case *ast.BasicLit:
				path = literal(x)
			case *ast.BinaryExpr:
				path = "*" + literal(x.Y)
			}
			var names []string
			ask(lit.Elts[3], funcs, map[string]bool{}, &names)
			out[strings.ToUpper(strings.TrimPrefix(method.Sel.Name, "Method"))+" "+path] = names
			return true
		})
	}
	if !slices.Contains(out["GET /key/list"], "sort_by") {
		t.Error("the parameters of /key/list are not found in the source")
	}
	return out
}

// receiver is the type that a method is of, with a dot; "" of a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	if p, is := of.(*ast.StarExpr); is {
		of = p.X
	}
	if name, is := of.(*ast.Ident); is {
		return name.Name + "."
	}
	return "?."
}

func literal(e ast.Expr) string {
	if lit, is := e.(*ast.BasicLit); is {
		if s, err := strconv.Unquote(lit.Value); err == nil {
			return s
		}
	}
	return ""
}

// ask follows a handler through the functions that it calls.
func ask(n ast.Node, funcs map[string]*ast.FuncDecl, been map[string]bool, names *[]string) {
	follow := func(e ast.Expr) {
		name := ""
		switch x := e.(type) {
		case *ast.Ident:
			name = x.Name
		case *ast.SelectorExpr:
			if of, is := x.X.(*ast.Ident); is && of.Name == "a" {
				name = "api." + x.Sel.Name
			} else if isQuery(x.X) {
				name = "params." + x.Sel.Name
			}
		}
		if f := funcs[name]; f != nil && !been[name] && f.Body != nil {
			been[name] = true
			ask(f.Body, funcs, been, names)
		}
	}
	take := func(e ast.Expr) {
		if name := literal(e); name != "" && !slices.Contains(*names, name) {
			*names = append(*names, name)
		}
	}
	if e, is := n.(ast.Expr); is {
		follow(e)
	}
	ast.Inspect(n, func(n ast.Node) bool {
		x, is := n.(*ast.CallExpr)
		if !is {
			return true
		}
		follow(x.Fun)
		for _, arg := range x.Args {
			follow(arg)
			if slices.ContainsFunc(x.Args, isQuery) { // by their names
				take(arg)
			}
		}
		if sel, is := x.Fun.(*ast.SelectorExpr); is && len(x.Args) > 0 && isQuery(sel.X) && sel.Sel.Name != "fail" {
			take(x.Args[0])
		}
		return true
	})
}

// isQuery says whether an expression is the parameters of the URL.
func isQuery(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name == "q"
	case *ast.CallExpr:
		sel, is := x.Fun.(*ast.SelectorExpr)
		return is && sel.Sel.Name == "query"
	}
	return false
}

// absentAt returns the family of a route, if tollgate does not have it.
func absentAt(r route) (absent, bool) {
	i := slices.IndexFunc(absences, func(f absent) bool { return slices.Contains(f.paths, r.path) && slices.Contains(f.methods, r.method) })
	if i < 0 {
		return absent{}, false
	}
	return absences[i], true
}
