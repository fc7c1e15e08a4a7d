package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/gateway/control"
)

// id is what a thing is called here. One that tollgate does not take as an id gets another,
// always the same one.
func (p *planner) id(kind scope.Kind, what, text string) string {
	if id, ok := p.ids[kind][text]; ok {
		return id
	}
	id := strings.Clone(text)
	if control.CheckID(what, text) != nil {
		sum := sha256.Sum256([]byte(text))
		tail := "-" + hex.EncodeToString(sum[:6])
		head := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._@+-", r) {
				return r
			}
			return '-'
		}, text)
		id = head[:min(len(head), control.MaxID-len(tail))] + tail
		p.find(litellm.Changed, what, text+" is "+id, "", "tollgate does not take its id: it has another one here")
	}
	if p.ids[kind] == nil {
		p.ids[kind] = map[string]string{}
	}
	p.ids[kind][strings.Clone(text)] = id
	return id
}
