package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestCompletion: bash completes every command's subcommands and flags, and leaves values to
// itself. The scripts of zsh and fish are read by them where they are installed.
func TestCompletion(t *testing.T) {
	s := newShell(t)
	script := filepath.Join(t.TempDir(), "tollgate.bash")
	put(t, script, s.run(exitOK, "completion", "bash").out)
	complete := func(words ...string) []string {
		t.Helper()
		const ask = `set -u; source "$0"; complete -p tollgate >&2; COMP_WORDS=(tollgate "$@"); COMP_CWORD=$#; COMPREPLY=(); _tollgate; echo "${COMPREPLY[@]}"`
		out, err := exec.Command("bash", append([]string{"-c", ask, script}, words...)...).Output()
		if err != nil {
			t.Fatalf("%q: %v %s", words, err, out)
		}
		return strings.Fields(string(out))
	}
	for line, want := range map[string]string{
		"k":                              "key",
		"key cre":                        "create",
		"--json key cre":                 "create",
		"--config /etc/x.yaml key ro":    "rotate",
		"key create --us":                "--user",
		"key create --user alice --no-":  "--no-end-users --no-call-tags",
		"key create --user -":            "",
		"--config ":                      "",
		"user show alice ":               "",
		"completion ":                    "bash zsh fish",
		"nonsense --json":                "--json",
		"import litellm config.yaml --j": "--json",
	} {
		words := strings.Split(line, " ")
		if got := strings.Join(complete(words...), " "); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	parser := must(kong.New(&commands{}, kong.Name("tollgate")))(t)
	value := map[string]bool{}
	for _, command := range parser.Model.Leaves(true) {
		path := strings.Fields(command.Path())
		if under := complete(append(path[:len(path)-1:len(path)-1], "")...); !slices.Contains(under, command.Name) {
			t.Errorf("%s is not completed: %q", command.Path(), under)
		}
		for _, f := range slices.Concat(command.AllFlags(true)...) {
			if was, known := value[f.Name]; known && was == f.IsBool() {
				t.Errorf("a value follows --%s of some commands and not of others, which the scripts do not tell apart", f.Name)
			}
			value[f.Name] = !f.IsBool()
		}
	}
	for _, shell := range []string{"zsh", "fish"} {
		out := s.run(exitOK, "completion", shell).out
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		script := filepath.Join(t.TempDir(), shell)
		put(t, script, out)
		if said, err := exec.Command(path, "-n", script).CombinedOutput(); err != nil || len(said) > 0 {
			t.Errorf("%s: %v %s", shell, err, said)
		}
	}
	s.run(exitUsage, "completion", "ksh").complains(t, `"bash","zsh","fish"`)
}
