package configs

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLargeTextsAreQuick reads the largest texts of several shapes: none may keep a
// reload busy for long.
func TestLargeTextsAreQuick(t *testing.T) {
	fill := func(head, part string) string {
		return head + strings.Repeat(part, (MaxFile-len(head))/len(part))
	}
	const gpu = "providers: { gpu: { kind: vllm, url: http://a:1/v1 } }\n"
	chain, twice := gpu+"models:\n", gpu+"models:\n"
	for i := range MaxModels / 5 {
		chain += fmt.Sprintf("  m%d: m%d\n", i, i+1)
	}
	for i := range 1000 {
		twice += fmt.Sprintf("  m%d: { targets: [m%d, m%d] }\n", i, i+1, i+1)
	}
	providers := "providers:\n"
	for i := range MaxProviders {
		providers += fmt.Sprintf("  p%d: { kind: vllm, url: http://a:1 }\n", i)
	}
	unknown := providers + "models:\n"
	for i := range MaxModels {
		unknown += fmt.Sprintf("  m%d: nope/m\n", i)
	}
	for name, text := range map[string]string{
		"chain of aliases": chain, "doubling aliases": twice, "unknown providers": unknown,
		"flow lists": fill("", "["), "flow maps": fill("", "{a: "), "comments": fill("", "#\n"), "keys": fill("", "a: 1\n"), "long key": fill("a", "b"),
		"quotes": fill(`a: "`, `\"`), "questions": fill("", "? "), "dashes": fill("", "- "), "anchors": fill("a: [", "&a a, "), "scalars": fill("a: [", "1, "), "literal": fill("a: |\n", " x\n"),
	} {
		begin := time.Now()
		_, problems := parse(text)
		if took := time.Since(begin); took > time.Minute {
			t.Errorf("%s: %v", name, took)
		} else {
			t.Logf("%s: %v, %d problems", name, took, len(problems))
		}
	}
}
