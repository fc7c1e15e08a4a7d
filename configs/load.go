package configs

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting/pricelist"
	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// Option changes how a configuration is read.
type Option func(*reader)

// In says which directory relative paths in the configuration start from. [Load]
// takes the file's own; without it they start from the working directory.
func In(dir string) Option { return func(r *reader) { r.dir = dir } }

// WithPrices says how the file of `prices:` is read. Without it only tollgate's
// own format is known. An error of read is shown to the operator.
func WithPrices(read func(path string) (*pricelist.List, error)) Option {
	return func(r *reader) { r.readPrices = read }
}

// ListenAt says where the program will listen, given what the configuration says.
func ListenAt(at func(declared string) string) Option {
	return func(r *reader) { r.listenAt = at }
}

// Beside tells of each file that is read beside the configuration's own, secrets and the
// price list, before it is: also of one that is not there, and of those of a configuration
// that is not right.
func Beside(tell func(file string)) Option { return func(r *reader) { r.beside = tell } }

// PlaceOnly reads where the program listens, and where and how it keeps its books, as if the
// rest were not there: for whoever looks for the one that runs, or works on its books, while
// something else in the file is wrong.
func PlaceOnly() Option { return func(r *reader) { r.placeOnly = true } }

// Load reads the configuration file at path. kinds are the sorts of provider that
// may be named, env looks a variable up. If there are any problems, the
// configuration is nil. Nothing but files and env is read, and nothing is changed.
func Load(path string, kinds []providers.Kind, env func(string) (string, bool), opts ...Option) (*Config, []Problem) {
	data, err := ReadFile(path, MaxFile)
	if err != nil {
		return nil, []Problem{{Message: fmt.Sprintf("the configuration %s cannot be read: %v", path, plain(err))}}
	}
	return Parse(data, kinds, env, append([]Option{In(filepath.Dir(path))}, opts...)...)
}

// Parse reads a configuration; see [Load]. An empty text is [Default].
func Parse(data []byte, kinds []providers.Kind, env func(string) (string, bool), opts ...Option) (*Config, []Problem) {
	r := &reader{kinds: kinds, env: env, readPrices: readOwnPrices, beside: func(string) {}, places: map[string]place{}, config: Default()}
	for _, o := range opts {
		o(r)
	}
	root := r.document(data)
	if len(r.problems) > 0 {
		return nil, ordered(r.problems)
	}
	r.config.Database.Path = r.join(r.config.Database.Path)
	if root != nil {
		r.top(root)
	}
	if r.listenAt != nil {
		r.config.Listen = r.listenAt(r.config.Listen)
	}
	r.build()
	if len(r.problems) > 0 {
		return nil, ordered(r.problems)
	}
	r.config.places = r.places
	r.config.Warnings = ordered(r.warnings)
	return r.config, nil
}

// readOwnPrices reads a price list in tollgate's own format.
func readOwnPrices(path string) (*pricelist.List, error) {
	data, err := ReadFile(path, MaxPrices)
	if err != nil {
		return nil, err
	}
	return pricelist.Parse(data)
}

// MaxPrices is how many bytes a price list may have.
const MaxPrices = 64 << 20

// ReadFile reads a regular file of at most limit bytes.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("it is larger than %s", size(limit))
	}
	return data, nil
}

// open opens a regular file. Anything else, such as a pipe, could keep a reload waiting for
// ever.
func open(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	}
	return os.Open(path)
}

// Digest is of what files hold: a mounted file may be replaced without its time or name
// changing. One that cannot be read is like an empty one; whoever loads them is told.
func Digest(paths ...string) [sha256.Size]byte {
	all := sha256.New()
	for _, path := range paths {
		one := sha256.New()
		if f, err := open(path); err == nil {
			if _, err := io.Copy(one, io.LimitReader(f, MaxPrices+1)); err != nil { // none may be larger
				one.Reset()
			}
			f.Close()
		}
		all.Write(one.Sum(nil))
	}
	return [sha256.Size]byte(all.Sum(nil))
}

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// plain takes the operation and the path off a file error: they are said already.
func plain(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

var (
	yamlLine = pattern(`line (\d+): `)
	// countedFromZero are the messages whose line the YAML parser counts from zero.
	countedFromZero = pattern(`did not find expected (<|node content|'-' indicator|key|',' or)`)
	unknownAnchor   = pattern(`unknown anchor '([^']*)'`)
)

// document parses the YAML and bounds what aliases can make of it.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > MaxFile {
		r.problems = append(r.problems, Problem{Message: "the configuration is larger than " + size(MaxFile)})
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, next yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.problems = append(r.problems, syntax(err, data))
		return nil
	}
	switch err := dec.Decode(&next); {
	case err == nil:
		r.problems = append(r.problems, Problem{Line: next.Line, Column: max(next.Column, 1), Message: "a second document begins here; a configuration is one document", Write: "remove the line ---"})
		return nil
	case !errors.Is(err, io.EOF):
		r.problems = append(r.problems, syntax(err, data))
		return nil
	}
	if len(doc.Content) == 0 {
		return nil
	}
	root := doc.Content[0]
	if p := bounded(root); p != nil {
		r.problems = append(r.problems, *p)
		return nil
	}
	if root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null" {
		return nil
	}
	return root
}

func syntax(err error, data []byte) Problem {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	p := Problem{Line: 1, Column: 1, Message: "this is not YAML: " + text}
	if m := yamlLine().FindStringSubmatchIndex(text); m != nil {
		p.Line, _ = strconv.Atoi(text[m[2]:m[3]])
		p.Message = "this is not YAML: " + text[:m[0]] + text[m[1]:]
		if countedFromZero().MatchString(text) {
			p.Line++
		}
	}
	anchor := unknownAnchor().FindStringSubmatch(text)
	if anchor != nil {
		before, _, _ := bytes.Cut(data, []byte("*"+anchor[1]))
		p.Line += bytes.Count(before, []byte("\n"))
		p.Column += len(before) - bytes.LastIndexByte(before, '\n') - 1
	}
	switch {
	case anchor != nil, strings.Contains(text, "alphabetic or numeric character"):
		p.Write = `a value that begins with * in quotes, such as "*-mini"`
	case strings.Contains(text, "did not find expected node content"):
		p.Write = `a value that begins with [ or : in quotes, such as "[::]:4000"`
	case strings.Contains(text, "cannot start any token"):
		p.Write = "spaces, not tabs, and text with special characters in quotes"
	}
	if credential().MatchString(p.Message) {
		p.Message = "this is not YAML"
	}
	return p
}

// build lets the catalogue check what was declared and gives its findings their
// places. A place that has a problem already is not reported twice.
func (r *reader) build() {
	had := map[string]bool{}
	for _, p := range r.problems {
		had[p.Path] = true
	}
	spec := r.config.Spec
	spec.Own = r.config.Own()
	_, findings := catalog.Build(spec, r.kinds, r.config.Prices, nil)
	for _, f := range findings {
		at, _ := nearestPlace(r.places, f.Path)
		p := Problem{Path: f.Path, Line: at.line, Column: at.column, Message: f.Message}
		switch {
		case f.Warning:
			r.warnings = append(r.warnings, p)
		case !had[f.Path]:
			r.problems = append(r.problems, p)
		}
	}
}
