package openai_test

import (
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/openai"
)

// TestReasoningOfEveryChoice: reasoning is renamed wherever it stands, whatever the choices
// around it hold, and nothing else of an answer changes.
func TestReasoningOfEveryChoice(t *testing.T) {
	const before = `{"a":1.0e0, "choices":[ {"index":0,"message":{"content":"x"}}, 7, {"index":1, "message":{"reasoning":"y","content":null}},{"index":2,"message":[]},{"index":3,"message":{"reasoning":"z"}} ],"usage":null}`
	const after = `{"a":1.0e0, "choices":[ {"index":0,"message":{"content":"x"}}, 7, {"index":1, "message":{"content":null,"reasoning_content":"y"}},{"index":2,"message":[]},{"index":3,"message":{"reasoning_content":"z"}} ],"usage":null}`
	call := providers.Call{Operation: providers.Chat}
	if a, err := openai.New(openai.Quirks{}).Decode(call, providers.Target{Reasoning: providers.ReasoningContent}, "", []byte(before)); err != nil || string(a.Body) != after || !gjson.ValidBytes(a.Body) {
		t.Errorf("%v\n got %s\nwant %s", err, a.Body, after)
	}
	if a, err := openai.New(openai.Quirks{}).Decode(call, providers.Target{}, "", []byte(before)); err != nil || string(a.Body) != before {
		t.Errorf("untold: %v %s", err, a.Body)
	}
}

// TestUsageOfAMessageThatIsNone: a usage of a message that is no object is not believed, and
// one that is null says nothing.
func TestUsageOfAMessageThatIsNone(t *testing.T) {
	for usage, doubt := range map[string]providers.Doubt{`[1]`: providers.BadUsage, `7`: providers.BadUsage, `"x"`: providers.BadUsage, `null`: "", `{}`: "", `{"input_tokens":null,"output_tokens":7}`: ""} {
		a, err := everything.Decode(providers.Call{Operation: providers.Messages}, providers.Target{}, "", []byte(`{"content":[{"type":"text","text":"hi"}],"usage":`+usage+`}`))
		if err != nil || a.Usage != nil || a.Doubt != doubt || a.Text != "hi" {
			t.Errorf("%s: %+v %v", usage, a, err)
		}
	}
}
