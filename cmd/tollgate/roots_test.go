package main

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
)

// TestBuiltinCertificates: all that the program brings along can be read, so a start on a
// machine without any does not panic.
func TestBuiltinCertificates(t *testing.T) {
	if builtinRoots().Equal(x509.NewCertPool()) {
		t.Error("there are none")
	}
}

// TestMachineWithCertificates: where the machine's own bundle is, x509 finds it, and where
// there is none or it is empty, nothing keeps the built-in one away.
func TestMachineWithCertificates(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	full := file("full", "# a comment\n\n-----BEGIN CERTIFICATE-----\nMIIB\n")
	empty, none := file("empty", ""), filepath.Join(dir, "none")
	for _, c := range []struct {
		files []string
		want  bool
	}{
		{[]string{full}, true},
		{[]string{none, full}, true},
		{[]string{empty, full}, false}, // x509 reads the first alone
		{[]string{empty}, false},
		{[]string{dir}, false},
		{[]string{none}, false},
		{nil, false},
	} {
		if got := hasCertificates(c.files); got != c.want {
			t.Errorf("%v: %v, want %v", c.files, got, c.want)
		}
	}
}
