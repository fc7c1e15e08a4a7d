package litellm

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestConvertMutations puts values of one configuration in places of another, and values
// that stand nowhere rightly.
func TestConvertMutations(t *testing.T) {
	files, err := filepath.Glob("testdata/convert/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var docs []string
	var pool, holders []*yaml.Node
	var collect func(n *yaml.Node)
	collect = func(n *yaml.Node) {
		pool = append(pool, n)
		for _, c := range n.Content {
			collect(c)
		}
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		input, _, _ := strings.Cut(string(data), "----\n")
		input, _, _ = strings.Cut(input, "== ")
		var doc yaml.Node
		if yaml.Unmarshal([]byte(unescaped(input)), &doc) != nil || strings.Contains(input, "&") || len(input) > 5000 {
			continue
		}
		docs = append(docs, unescaped(input))
		collect(&doc)
	}
	for _, s := range []string{"-1", "0", "1e999", "99999999999999999999", "null", "''", "[]", "{}", "true", "'*'", "'a/*/b*'", "0.1", "x", "' '", "'\\x00'", "2026-01-01", ".inf", "0x10", "010",
		"os.environ/NOT_SET", "os.environ/VLLM_KEY", "sk-" + planted, "[[[1]]]", "{a: {b: {c: [1, {d: e}]}}}", "openai", "'#'", "'a: b'", "\"\\u2028\"", "\"\\u00e9\"", "!!binary aGk=", "~", "1_000", "'on'", "3 months", "'" + strings.Repeat("n", 300) + "'"} {
		var doc yaml.Node
		if yaml.Unmarshal([]byte(s), &doc) == nil && len(doc.Content) > 0 {
			pool = append(pool, doc.Content[0])
		}
	}
	rounds := 500
	if testing.Short() {
		rounds = 300
	}
	r := rand.New(rand.NewPCG(5, 11))
	for range rounds {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(docs[r.IntN(len(docs))]), &doc); err != nil {
			t.Fatal(err)
		}
		for range 1 + r.IntN(4) {
			holders = holders[:0]
			var walk func(n *yaml.Node)
			walk = func(n *yaml.Node) {
				if len(n.Content) > 0 && n.Kind != yaml.DocumentNode {
					holders = append(holders, n)
				}
				for _, c := range n.Content {
					walk(c)
				}
			}
			walk(&doc)
			if len(holders) == 0 {
				break
			}
			n := holders[r.IntN(len(holders))]
			n.Content[r.IntN(len(n.Content))] = copied(pool[r.IntN(len(pool))])
		}
		text, err := yaml.Marshal(&doc)
		if err != nil {
			continue // it holds itself
		}
		for _, inPlace := range []bool{true, false} {
			got := Convert(source(string(text), inPlace))
			if s := shown(got); strings.Contains(s, "sk-"+planted) {
				t.Fatalf("%s\nshows a secret:\n%s", text, s)
			}
			if wrong := wrongWith(got); wrong != "" {
				t.Fatalf("%s\nof\n%s", wrong, text)
			}
		}
	}
}

func copied(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = nil
	for _, inner := range n.Content {
		c.Content = append(c.Content, copied(inner))
	}
	return &c
}
