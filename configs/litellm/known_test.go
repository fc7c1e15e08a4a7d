package litellm

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// TestWordsAreWhole: what the reader of a deployment looks at by name is among the words, and
// what is taken over says as what.
func TestWordsAreWhole(t *testing.T) {
	words := Words()
	has := func(section, key string) bool {
		return slices.ContainsFunc(words, func(w Word) bool { return w.Section == section && w.Key == key })
	}
	var decls []ast.Decl
	for _, name := range []string{"deployments.go", "params.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		decls = append(decls, file.Decls...)
	}
	looked := 0
	for _, d := range decls {
		f, is := d.(*ast.FuncDecl)
		if !is || f.Name.Name != "param" && f.Name.Name != "info" {
			continue
		}
		section := map[string]string{"param": "litellm_params", "info": "model_info"}[f.Name.Name]
		for _, s := range f.Body.List {
			ast.Inspect(s, func(n ast.Node) bool {
				c, is := n.(*ast.CaseClause)
				if !is {
					return true
				}
				for _, e := range c.List {
					lit, is := e.(*ast.BasicLit)
					if !is {
						continue
					}
					key, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					if looked++; !has(section, key) {
						t.Errorf("%s.%s is looked at, and Words does not have it", section, key)
					}
				}
				return true
			})
		}
	}
	if looked < 30 {
		t.Errorf("only %d keys of deployments are looked at: where has the switch gone?", looked)
	}
	for _, w := range words {
		if w.Severity == "" && w.Say == "" {
			t.Errorf("nothing says what becomes of %s.%s", w.Section, w.Key)
		}
	}
}
