package gateway_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

// packages asks the toolchain what every package of the program imports, directly
// and in the end.
func packages(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps,Standard", "tollgate/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v: %s", err, stderr.String())
	}
	all := map[string]pkg{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
	return all
}

const (
	fiberPath = "github.com/gofiber/fiber/v2"
	gormPath  = "gorm.io/gorm"
)

func under(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// TestArchitecture holds the import rules. Each names what it protects.
func TestArchitecture(t *testing.T) {
	all := packages(t)
	ours := func(p string) bool { return under(p, "tollgate") }
	reaches := func(from, to string) bool {
		return slices.ContainsFunc(all[from].Deps, func(d string) bool { return under(d, to) })
	}
	imports := func(from, to string) bool {
		return slices.ContainsFunc(all[from].Imports, func(d string) bool { return under(d, to) })
	}

	for _, name := range []string{"tollgate/accounting", "tollgate/accounting/ledger", "tollgate/gateway/dispatch", "tollgate/gateway/toll", "tollgate/gateway/store", "tollgate/gateway/metrics", "tollgate/providers/openai", "tollgate/cmd/tollgate"} {
		if _, ok := all[name]; !ok {
			t.Fatalf("%s is gone: the rules below would hold of nothing", name)
		}
	}
	for path := range all {
		if !ours(path) {
			continue
		}
		// The ground floor is plain values.
		for _, ground := range []string{"tollgate/accounting", "tollgate/accounting/pattern", "tollgate/accounting/tokens", "tollgate/providers/wire", "tollgate/gateway/address", "tollgate/gateway/aside", "tollgate/gateway/failpoint", "tollgate/gateway/handles", "tollgate/gateway/listening", "tollgate/gateway/spelling", "tollgate/gateway/vault"} {
			if path == ground {
				for _, d := range all[path].Imports {
					if ours(d) {
						t.Errorf("%s imports %s: it stands on nothing of ours", path, d)
					}
				}
			}
		}
		// Translation knows neither money, nor people, nor the web framework.
		if under(path, "tollgate/providers") {
			for _, no := range []string{"tollgate/accounting/ledger", "tollgate/gateway", "tollgate/configs", fiberPath, gormPath} {
				if reaches(path, no) {
					t.Errorf("%s reaches %s: a dialect translates and nothing else", path, no)
				}
			}
		}
		// Arithmetic and books know no network and no framework.
		if under(path, "tollgate/accounting") {
			for _, no := range []string{"net/http", "tollgate/gateway", "tollgate/providers", fiberPath, gormPath} {
				if reaches(path, no) {
					t.Errorf("%s reaches %s: the books know no HTTP and no ORM", path, no)
				}
			}
		}
		// The web framework stays at the rim, the ORM in one room.
		if imports(path, fiberPath) && !slices.Contains([]string{"tollgate/gateway/edge", "tollgate/gateway/httpapi", "tollgate/gateway/admin", "tollgate/gateway/litellm", "tollgate/gateway/litellm/manage", "tollgate/cmd/tollgate"}, path) {
			t.Errorf("%s imports fiber: only the HTTP faces may", path)
		}
		if imports(path, "gorm.io") && path != "tollgate/gateway/store" {
			t.Errorf("%s imports gorm: only gateway/store may", path)
		}
		// What is counted is told to an interface: whoever counts does not know Prometheus.
		if imports(path, "github.com/prometheus") && path != "tollgate/gateway/metrics" {
			t.Errorf("%s imports Prometheus' client: only gateway/metrics may", path)
		}
		if imports(path, "tollgate/gateway/metrics") && path != "tollgate/cmd/tollgate" {
			t.Errorf("%s imports gateway/metrics: only cmd may", path)
		}
		// LiteLLM's words come off with two folders and two lines of cmd.
		for _, rim := range []string{"tollgate/configs/litellm", "tollgate/gateway/litellm"} {
			if imports(path, rim) && !under(path, "tollgate/cmd") && !under(path, "tollgate/gateway/litellm") && !under(path, rim) {
				t.Errorf("%s imports %s: only cmd and LiteLLM's own may", path, rim)
			}
		}
		// The core does not know its edges.
		for _, core := range []string{"tollgate/gateway", "tollgate/gateway/access", "tollgate/gateway/balancer", "tollgate/gateway/catalog", "tollgate/gateway/control", "tollgate/gateway/dispatch", "tollgate/gateway/handles", "tollgate/gateway/limits", "tollgate/gateway/shadow", "tollgate/gateway/signals", "tollgate/gateway/toll"} {
			for _, edge := range []string{"tollgate/gateway/edge", "tollgate/gateway/httpapi", "tollgate/gateway/admin", "tollgate/gateway/store", "tollgate/configs", "tollgate/migrations", fiberPath, gormPath} {
				if path == core && reaches(path, edge) {
					t.Errorf("%s reaches %s: the core does not know its edges", path, edge)
				}
			}
		}
	}
	for _, no := range []string{"tollgate/gateway/edge", "tollgate/gateway/httpapi", "tollgate/gateway/store", "tollgate/configs", fiberPath, gormPath} {
		if reaches("tollgate/gateway/metrics", no) {
			t.Errorf("tollgate/gateway/metrics reaches %s: it counts what it is told", no)
		}
	}
	// The free road cannot reach the books.
	for _, free := range []string{"tollgate/gateway/dispatch", "tollgate/gateway/catalog", "tollgate/gateway/access", "tollgate/gateway/limits", "tollgate/gateway/balancer", "tollgate/gateway/handles", "tollgate/gateway/signals"} {
		for _, no := range []string{"tollgate/accounting/ledger", "tollgate/gateway/toll", "tollgate/gateway/store"} {
			if reaches(free, no) {
				t.Errorf("%s reaches %s: the road of free models must not", free, no)
			}
		}
	}
	// What is known of deployments is kept by who sends nothing.
	for _, no := range []string{"net/http", "tollgate/gateway/dispatch"} {
		if imports("tollgate/gateway/balancer", no) {
			t.Errorf("tollgate/gateway/balancer imports %s: it knows no HTTP", no)
		}
	}
	// Dialects do not know each other.
	vendors := []string{"tollgate/providers/openai", "tollgate/providers/ollama", "tollgate/providers/echo"}
	for _, a := range vendors {
		for _, b := range vendors {
			if a != b && reaches(a, b) {
				t.Errorf("%s reaches %s: dialects stand side by side", a, b)
			}
		}
	}
}

// sources parses every Go file of the program that is no test.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != ".." || d.Name() == "testdata" || d.Name() == "sdktest" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(strings.TrimPrefix(path, "../"))], err = parser.ParseFile(token.NewFileSet(), path, src, parser.ParseComments)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestNothingIsEvaluated: no part of the program runs a command, fills in a template or loads
// code, and what answers requests opens no file that is not the store's own (trust.md T30).
func TestNothingIsEvaluated(t *testing.T) {
	opens := []string{"Open", "OpenFile", "OpenRoot", "OpenInRoot", "ReadFile", "ReadDir", "Create", "CreateTemp", "WriteFile", "Mkdir", "MkdirAll", "MkdirTemp", "Remove", "RemoveAll", "Rename", "Stat", "Lstat", "DirFS", "StartProcess"}
	looked := 0
	for path, file := range sources(t) {
		if strings.HasPrefix(path, ".ci/") || strings.HasPrefix(path, "cmd/tollgate/bench/") {
			continue // tools beside the program
		}
		for _, i := range file.Imports {
			switch name := strings.Trim(i.Path.Value, `"`); name {
			case "os/exec", "plugin", "text/template", "html/template", "go/parser":
				t.Errorf("%s imports %s: nothing is evaluated", path, name)
			}
		}
		ours := []string{"gateway/", "providers/", "accounting/"}
		if !slices.ContainsFunc(ours, func(dir string) bool { return strings.HasPrefix(path, dir) }) || strings.HasPrefix(path, "gateway/store/") {
			continue
		}
		looked++
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := call.X.(*ast.Ident); ok && x.Name == "os" && slices.Contains(opens, call.Sel.Name) {
				t.Errorf("%s calls os.%s: no request names a file", path, call.Sel.Name)
			}
			return true
		})
	}
	if looked < 100 {
		t.Fatalf("only %d files were looked at", looked)
	}
}

// TestSwitchesOverCandidatesAreExhaustive finds every type switch with a case for a
// free, paid or unpriced deployment: each must name all three.
func TestSwitchesOverCandidatesAreExhaustive(t *testing.T) {
	want := []string{"Free", "Paid", "Unpriced"}
	found := 0
	for path, file := range sources(t) {
		inCatalog := strings.HasPrefix(path, "gateway/catalog/")
		ast.Inspect(file, func(n ast.Node) bool {
			sw, ok := n.(*ast.TypeSwitchStmt)
			if !ok {
				return true
			}
			var names []string
			for _, clause := range sw.Body.List {
				for _, e := range clause.(*ast.CaseClause).List {
					switch e := e.(type) {
					case *ast.SelectorExpr:
						if x, ok := e.X.(*ast.Ident); ok && x.Name == "catalog" {
							names = append(names, e.Sel.Name)
						}
					case *ast.Ident:
						if inCatalog {
							names = append(names, e.Name)
						}
					}
				}
			}
			if !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(want, n) }) {
				return true
			}
			found++
			for _, w := range want {
				if !slices.Contains(names, w) {
					t.Errorf("%s: a switch over candidates does not name %s", path, w)
				}
			}
			return true
		})
	}
	if found == 0 {
		t.Fatal("no switch over candidates was found: this test looks in the wrong place")
	}
}

// TestPackagesSayWhatTheyAreFor asks of every package for a comment.
func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	said, files := map[string]bool{}, map[string]bool{}
	for path, file := range sources(t) {
		dir := filepath.Dir(path)
		files[dir] = true
		if file.Doc != nil && len(file.Doc.Text()) > 100 {
			said[dir] = true
		}
	}
	for dir := range files {
		if !said[dir] {
			t.Errorf("package %s has no comment that says its one job", dir)
		}
	}
}
