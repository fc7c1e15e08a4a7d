package configs

import (
	"bytes"
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting/pricelist"
	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// MaxDeployment is how many bytes the declaration of one deployment may have.
const MaxDeployment = 64 << 10

// Deployment is the declaration of one deployment that stands in no file.
type Deployment struct {
	ID   string // its own provider's name, if it has one
	Name string // the public one
	Path string // what its problems are told with
	Text []byte // a mapping, as JSON or YAML
	// Secret looks up what it refers to as secret:NAME, which is all that it can refer to.
	// Its provider's key is the one called key, if nothing else is said.
	Secret func(name string) (string, bool)
}

// ReadDeployment reads the declaration of one deployment, in the words of a target of the
// file. In place of `to` it has `model`, what the upstream calls the model, and `provider`:
// the name of one that the file declares, or a mapping for one of its own. What the file
// says of a whole name, `groups`, `hidden` and `balance`, can stand beside it; or
// `unavailable` alone. If there are problems, nothing else is of use.
//
// Whether a provider of the file is there, and whether all of it can be served, is not
// checked: that is known where everything is put together.
func ReadDeployment(d Deployment, kinds []providers.Kind, prices *pricelist.List) (catalog.Addition, []Problem) {
	r := &reader{kinds: kinds, kept: d.Secret, places: map[string]place{}, config: Default()}
	r.config.Prices = prices
	out := catalog.Addition{Model: catalog.ModelSpec{Path: d.Path, Name: d.Name}}
	if !modelName(d.Name) {
		return out, []Problem{{Path: d.Path, Message: "a model's name has 1 to 256 bytes of printable characters and no space at its ends"}}
	}
	if len(d.Text) > MaxDeployment {
		return out, []Problem{{Path: d.Path, Message: "the declaration is larger than " + size(MaxDeployment)}}
	}
	root := r.document(likeYAML(d.Text))
	switch {
	case len(r.problems) > 0:
		return out, told(d.Path, r.problems)
	case root == nil || root.Kind != yaml.MappingNode:
		return out, []Problem{{Path: d.Path, Message: "a declaration is a mapping", Write: `{"provider": "gpu", "model": "Qwen/Qwen3-32B"}`}}
	}
	r.deployment(d, root, &out)
	r.vendors()
	r.entries()
	if len(r.problems) > 0 {
		return out, told(d.Path, r.problems)
	}
	return out, nil
}

// likeYAML spells what JSON may escape and the YAML parser does not read: a slash, as PHP
// writes it, and the two halves of a character beyond the first 65,536, as Python does.
// Text that is no JSON stays as it is.
func likeYAML(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 || !json.Valid(text) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' { // which stands in strings only, and is never the last byte
			out = append(out, text[i])
			continue
		}
		i++
		half := escaped(text[i-1:])
		switch {
		case text[i] == '/':
			out = append(out, '/')
		case utf16.IsSurrogate(half):
			i += len(`uFFFD`) - 1
			whole := utf16.DecodeRune(half, escaped(text[i+1:]))
			if whole != unicode.ReplacementChar {
				i += len(`\uFFFD`)
			}
			out = utf8.AppendRune(out, whole)
		default:
			out = append(out, '\\', text[i])
		}
	}
	return out
}

// escaped is the character that JSON's escape \uFFFD at the begin of text stands for; 0 if
// there is none.
func escaped(text []byte) rune {
	if len(text) < len(`\uFFFD`) || text[0] != '\\' || text[1] != 'u' {
		return 0
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(n)
}

// told are problems without their place in a text that nobody has before them.
func told(path string, ps []Problem) []Problem {
	ps = ordered(ps)
	for i := range ps {
		ps[i].Line, ps[i].Column = 0, 0
		if ps[i].Path == "" {
			ps[i].Path = path
		}
	}
	return ps
}

func (r *reader) deployment(d Deployment, root *yaml.Node, out *catalog.Addition) {
	m := &out.Model
	target := catalog.TargetSpec{Path: d.Path, Order: 1}
	provider, model := "", ""
	known := r.ofTarget(&target)
	maps.Copy(known, map[string]field{
		"groups":      func(path string, n *yaml.Node) { m.Groups = r.groups(path, n) },
		"hidden":      func(path string, n *yaml.Node) { m.Hidden, _ = r.boolean(path, n) },
		"balance":     func(path string, n *yaml.Node) { m.Balance = r.balance(path, n) },
		"unavailable": func(path string, n *yaml.Node) { m.Unavailable = r.reason(path, n) },
		"model":       func(path string, n *yaml.Node) { model, _ = r.target(path, n) },
		"provider": func(path string, n *yaml.Node) {
			if n.Kind != yaml.MappingNode {
				if provider, _ = r.text(path, n, "provider: gpu"); provider != "" && !isProviderName(provider) {
					r.say(path, n, "provider: gpu", "this is no provider's name")
				}
				return
			}
			provider = d.ID
			r.provider(pair{key: d.ID, path: path, node: n})
		},
	})
	r.fields(d.Path, root, "", known)
	r.shadowBeside(pair{path: d.Path, node: root}, target.Price, target.Shadow)
	if all := r.config.Spec.Providers; len(all) > 0 {
		own := &all[0]
		own.Unlisted = true // it is there for the one model
		if v, ok := d.Secret("key"); ok && own.Secret.IsZero() {
			v, _ = r.printable(d.Path+".secrets.key", root, v)
			own.Secret = providers.NewSecret(v)
		}
		out.Provider = own
	}
	if len(r.problems) > 0 {
		return
	}
	switch {
	case m.Unavailable != "":
		if provider != "" || model != "" {
			r.say(d.Path+".unavailable", root, "remove one of the two", "a model that nothing serves has no provider and no model")
		}
		return
	case provider == "":
		r.say(d.Path+".provider", root, "provider: gpu, or provider: { kind: vllm, url: http://gpu1:8000/v1 }", "the deployment does not say where it is")
	case model == "":
		r.say(d.Path+".model", root, "model: Qwen/Qwen3-32B", "the deployment does not say what its provider calls the model")
	case strings.Count(d.Name, "*") != strings.Count(model, "*") || strings.Count(model, "*") > 1:
		r.say(d.Path+".model", root, "", "a * stands once in the name and in the model, or in neither")
	}
	target.To = provider + "/" + model
	m.Targets = []catalog.TargetSpec{target}
}
