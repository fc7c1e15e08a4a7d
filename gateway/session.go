package gateway

import (
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/providers/wire"
)

// maxOpening is how much of a text names a conversation, in bytes.
const maxOpening = 4 << 10

// sessionFor is the conversation that a request belongs to. It is worked out only where
// there is a choice.
func (c *call) sessionFor(choices []catalog.Choice) balancer.Session {
	if len(choices) > 1 && c.session == 0 {
		c.session = session(c.req)
	}
	return c.session
}

// session names a conversation by what the client calls it, and otherwise by what stays
// the same from turn to turn: the model, the first system message and the first message
// of the user. It never leaves its tenant, so that nobody can tell from the time to an
// answer what somebody else has asked. 0: there is nothing that an engine could reuse.
func session(req Request) balancer.Session {
	owner := tenant(req.Who)
	switch key, _ := req.Body.Get("prompt_cache_key"); {
	case !req.Operation.Output():
		return 0
	case req.Session != "":
		return balancer.SessionOf(owner, "header", req.Session)
	case key.Type == gjson.String && key.Str != "":
		return balancer.SessionOf(owner, "key", key.Str)
	}
	system, opening := openingOf(req.Body)
	if system == "" && opening == "" {
		return 0
	}
	return balancer.SessionOf(owner, req.Params.Model, system, opening)
}

// attribution begins the line that Claude Code puts before its system prompt. It is another
// one in each request, and engines leave it out of what they read.
const attribution = "x-anthropic-billing-header"

// openingOf finds how a conversation began, as far as that stays the same.
func openingOf(body wire.Object) (system, opening string) {
	for _, key := range []string{"system", "instructions"} {
		if v, ok := body.Get(key); ok {
			system = said(v)
		}
	}
	for _, key := range []string{"messages", "input", "prompt"} {
		v, ok := body.Get(key)
		switch {
		case !ok:
		case !v.IsArray(), v.Get("0").Type == gjson.Number: // a text, or its tokens
			return system, said(v)
		default:
			v.ForEach(func(_, m gjson.Result) bool {
				switch role := m.Get("role").String(); {
				case (role == "system" || role == "developer") && system == "":
					system = said(m.Get("content"))
				case role == "user" || role == "":
					opening = start(m.Raw)
					if content := m.Get("content"); content.Exists() {
						opening = said(content)
					}
					return false
				}
				return true
			})
			return system, opening
		}
	}
	return system, opening
}

// said is what a text or the blocks of one say. Of a block its words alone count: the mark
// of how far a prompt is to be cached moves on from turn to turn.
func said(v gjson.Result) string {
	if !v.IsArray() {
		return start(v.Raw)
	}
	var b strings.Builder
	v.ForEach(func(_, block gjson.Result) bool {
		text := block.Raw
		if words := block.Get("text"); words.Type == gjson.String {
			text = words.Str
		}
		if !strings.HasPrefix(text, attribution) {
			b.WriteString(text[:min(len(text), maxOpening-b.Len())])
			b.WriteByte(0) // blocks do not run into each other
		}
		return b.Len() < maxOpening
	})
	return b.String()
}

func start(text string) string { return text[:min(len(text), maxOpening)] }
