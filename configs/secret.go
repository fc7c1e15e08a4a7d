package configs

import (
	"fmt"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"tollgate/providers"
)

// MaxSecret is how many bytes the file of a secret may have.
const MaxSecret = 64 << 10

var (
	// longName is the usual spelling of a variable's name; no credential looks like it.
	longName = pattern(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)
	envName  = pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)
	// foreign are the ways in which other programs refer to the environment.
	foreign = pattern(`^(?:\$\{?|os\.environ/|ENV\[|env\.|\{\{\s*env\.)([A-Z_][A-Z0-9_]*)`)
)

// secret reads a reference to a credential. What it refers to is never shown, nor
// is a value that stands there literally.
func (r *reader) secret(path string, n *yaml.Node) providers.Secret {
	v, _ := r.reference(path, n, last(path))
	return providers.NewSecret(v)
}

func (r *reader) reference(path string, n *yaml.Node, key string) (string, bool) {
	usual := fmt.Sprintf("%s: env:NAME or %s: file:PATH", key, key)
	if n.Kind != yaml.ScalarNode {
		r.sayHidden(path, n, usual, "this is %s, but a reference to a secret is wanted", what(n))
		return "", false
	}
	if r.kept != nil {
		return r.fromKept(path, n, key)
	}
	if name, ok := strings.CutPrefix(n.Value, "env:"); ok {
		return r.fromEnv(path, n, usual, name)
	}
	if file, ok := strings.CutPrefix(n.Value, "file:"); ok {
		return r.fromFile(path, n, usual, file)
	}
	write := usual
	if m := foreign().FindStringSubmatch(n.Value); m != nil {
		write = key + ": env:" + m[1]
	}
	r.sayHidden(path, n, write, "a secret does not stand in the file itself, where backups and colleagues find it; refer to it")
	return "", false
}

// keptRef begins a reference to a secret that is kept with what is read.
const keptRef = "secret:"

// fromKept looks up a secret that is kept with what is read. Nothing else can be referred
// to: whoever declares something by the API is not to read this machine's environment.
func (r *reader) fromKept(path string, n *yaml.Node, key string) (string, bool) {
	name, ok := strings.CutPrefix(n.Value, keptRef)
	if !ok {
		r.sayHidden(path, n, key+": "+keptRef+"NAME", "a secret does not stand in a declaration: give it among the secrets, and refer to it")
		return "", false
	}
	v, ok := r.kept(name)
	if !ok {
		r.sayHidden(path, n, "", "neither the secrets nor those of the credential have one called %q", shown(name))
		return "", false
	}
	return r.printable(path, n, v)
}

func (r *reader) fromEnv(path string, n *yaml.Node, usual, name string) (string, bool) {
	if !envName().MatchString(name) || shown(name) == "" && !longName().MatchString(name) {
		r.sayHidden(path, n, usual, "what follows env: is no name of a variable")
		return "", false
	}
	v, ok := r.env(name)
	switch v = strings.TrimSpace(v); {
	case !ok:
		r.sayHidden(path, n, "", "the environment variable %s is not set", name)
		return "", false
	case v == "":
		r.sayHidden(path, n, "", "the environment variable %s is empty", name)
		return "", false
	}
	return r.printable(path, n, v)
}

func (r *reader) fromFile(path string, n *yaml.Node, usual, file string) (string, bool) {
	name, ok := r.filename(path, n, usual, file)
	if !ok {
		return "", false
	}
	r.beside(name)
	data, err := ReadFile(name, MaxSecret)
	if err != nil {
		r.sayHidden(path, n, "", "the file %s cannot be read: %v", shown(file), plain(err))
		return "", false
	}
	v := strings.TrimSpace(strings.TrimPrefix(string(data), "\ufeff"))
	if v == "" {
		r.sayHidden(path, n, "", "the file %s is empty", shown(file))
		return "", false
	}
	return r.printable(path, n, v)
}

// printable refuses what could not be sent in a header.
func (r *reader) printable(path string, n *yaml.Node, v string) (string, bool) {
	if !headerValue(v) {
		r.sayHidden(path, n, "", "the secret that it refers to has more than one line or characters that no header can carry")
		return "", false
	}
	return v, true
}

// filename checks a file's name and joins a relative one to the directory of the
// configuration.
func (r *reader) filename(path string, n *yaml.Node, usual, name string) (string, bool) {
	switch {
	case name == "":
		r.sayHidden(path, n, usual, "there is no name after file:")
		return "", false
	case strings.HasPrefix(name, "~"):
		r.sayHidden(path, n, usual, "~ is not expanded: write the whole path")
		return "", false
	case strings.ContainsRune(name, 0):
		r.sayHidden(path, n, usual, "not the name of a file")
		return "", false
	}
	return r.join(name), true
}

func (r *reader) join(name string) string {
	if r.dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.dir, name)
}
