package gateway

import (
	"fmt"
	"testing"

	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// TestSessionOfAConversation: what an agent changes from turn to turn is not taken for
// another conversation: the line with which Claude Code accounts for a request, and the
// mark of how far the prompt is to be cached, which moves on. What makes another
// conversation does.
func TestSessionOfAConversation(t *testing.T) {
	of := func(op providers.Operation, body string) balancer.Session {
		t.Helper()
		o, err := wire.ParseObject([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return session(Request{Operation: op, Body: o, Params: wire.Params{Model: "m"}, Who: access.Principal{Key: &access.Key{ID: "k"}}})
	}
	const marked = `,"cache_control":{"type":"ephemeral"}`
	turn := func(n int, rules, question, mark string) string {
		later := ""
		for i := range n {
			later += fmt.Sprintf(`,{"role":"assistant","content":"yes"},{"role":"user","content":"and %d?"}`, i)
		}
		return fmt.Sprintf(`{"model":"m","max_tokens":9,"system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1; cch=%05x;"},{"type":"text","text":"You are an agent."},{"type":"text","text":%q%s}],`+
			`"messages":[{"role":"user","content":[{"type":"text","text":"<system-reminder>"},{"type":"text","text":%q%s}]}%s]}`, 7*n, rules, mark, question, mark, later)
	}
	first := of(providers.Messages, turn(0, "be brief", "why?", marked))
	for n := 1; n < 4; n++ {
		if of(providers.Messages, turn(n, "be brief", "why?", "")) != first {
			t.Errorf("turn %d is another conversation", n)
		}
	}
	for name, other := range map[string]string{"system": turn(0, "be long", "why?", marked), "question": turn(0, "be brief", "how?", marked)} {
		if of(providers.Messages, other) == first {
			t.Errorf("another %s is the same conversation", name)
		}
	}
	for name, two := range map[string][2]string{
		"images":       {`{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:a"}}]}]}`, `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:b"}}]}]}`},
		"systems":      {`{"messages":[{"role":"system","content":[{"type":"text","text":"a"}]},{"role":"user","content":"q"}]}`, `{"messages":[{"role":"system","content":[{"type":"text","text":"b"}]},{"role":"user","content":"q"}]}`},
		"prompts":      {`{"prompt":"a"}`, `{"prompt":"b"}`},
		"tokens":       {`{"prompt":[1,2,3]}`, `{"prompt":[1,2,4]}`},
		"instructions": {`{"instructions":"a","input":"q"}`, `{"instructions":"b","input":"q"}`},
		"inputs":       {`{"input":[{"role":"user","content":[{"type":"input_text","text":"a"}]}]}`, `{"input":[{"role":"user","content":[{"type":"input_text","text":"b"}]}]}`},
	} {
		if a, b := of(providers.Chat, two[0]), of(providers.Chat, two[1]); a == b || a == 0 || b == 0 {
			t.Errorf("%s that differ: %d and %d", name, a, b)
		}
	}
	if of(providers.Chat, `{"messages":[]}`) != 0 {
		t.Error("nothing is a conversation")
	}
}
