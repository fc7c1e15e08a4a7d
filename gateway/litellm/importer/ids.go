package importer

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"

	"tollgate/configs/litellm"
	"tollgate/gateway/control"
)

// id is what a thing is called here. One that tollgate does not take as an id gets another,
// always the same one.
func (p *planner) id(what, text string) string {
	if id, ok := p.ids[what][text]; ok {
		return id
	}
	id := strings.Clone(text)
	if control.CheckID(what, text) != nil || what == kindModel && strings.Contains(text, "*") {
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
	if p.ids[what] == nil {
		p.ids[what] = map[string]string{}
	}
	p.ids[what][strings.Clone(text)] = id
	return id
}

// derived is an id for something that has none there, always the same one for the same
// texts, so that what was deleted here is known again.
func derived(prefix string, texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return prefix + "_" + strings.ToLower(base32.HexEncoding.EncodeToString(sum[:10]))
}
