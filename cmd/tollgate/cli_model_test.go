package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestAddingModels: by the command line, without a server.
func TestAddingModels(t *testing.T) {
	s := newShell(t)
	dir := t.TempDir()
	s.run(exitOK, "model", "list").shows(t, "nothing was added")
	s.run(exitOK, "credential", "list").shows(t, "no credentials")
	put(t, filepath.Join(dir, "key"), "sk-canary-key\n")
	put(t, filepath.Join(dir, "own"), `{"provider":{"kind":"openai","url":"http://127.0.0.1:9/v1"},"model":"big","price":{"input":1,"output":2}}`)
	put(t, filepath.Join(dir, "bad"), `provider: x`)
	s.run(exitOK, "credential", "add", "vendor", "--for", "http://127.0.0.1:9/v1", "--key-file", filepath.Join(dir, "key")).shows(t, "credential vendor kept")
	s.run(exitOK, "credential", "list").shows(t, "vendor http://127.0.0.1:9 key")
	s.run(exitOK, "model", "add", "assistant", "--id", "m1", "--credential", "vendor", "--file", filepath.Join(dir, "own")).shows(t, "deployment m1 added to assistant")
	s.run(exitOK, "model", "add", "assistant", "--id", "m2", "--provider", "ollama", "--model", "llama3.2", "--price", "free").shows(t, "m2")
	s.run(exitOK, "model", "list").shows(t, "m1 assistant big at http://127.0.0.1:9/v1 vendor served", "m2 assistant ollama/llama3.2 - served")
	s.run(exitOK, "model", "show", "m1").shows(t, "m1: one more of assistant", `"price":{"input":1,"output":2}`, "credential vendor", "secrets none")
	for _, r := range []result{s.run(exitOK, "model", "list", "--json"), s.run(exitOK, "model", "show", "m1", "--json"), s.run(exitOK, "credential", "list", "--json"), s.run(exitOK, "audit")} {
		if strings.Contains(r.out, "canary") {
			t.Errorf("a secret is printed: %s", r.out)
		}
	}
	s.run(exitUsage, "model", "add", "x", "--provider", "ollama").complains(t, "--model")
	s.run(exitUsage, "model", "add", "x", "--price", "free", "--file", "f").complains(t, "leave --provider")
	s.run(exitUsage, "model", "add", "x", "--file", filepath.Join(dir, "bad")).complains(t, "is no JSON")
	s.run(exitUsage, "model", "add", "x", "--provider", "none", "--model", "x").complains(t, `no provider "none"`)
	s.run(exitUsage, "credential", "remove", "vendor").complains(t, "m1")
	s.run(exitOK, "model", "remove", "m1").shows(t, "m1 removed")
	s.run(exitOK, "credential", "remove", "vendor").shows(t, "vendor removed")
	s.run(exitNotFound, "model", "remove", "m1").complains(t, "not found")
}
