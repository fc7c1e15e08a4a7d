package openai_test

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/openai"
	"tollgate/providers/wire"
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

// TestAnswersThatAreNone: under status 200, too, a body may tell of an error, or of nothing.
func TestAnswersThatAreNone(t *testing.T) {
	for body, says := range map[string]string{
		`{"error":{"message":"it broke"}}`: "it broke", `{"error":null}`: "an answer without choices", `{"error":null,"choices":{}}`: "an answer without choices", `{}`: "an answer without choices", `[]`: "not an answer", `{"choices":null,"error":"busy"}`: "busy",
	} {
		_, err := openai.New(openai.Quirks{}).Decode(providers.Call{Operation: providers.Chat}, providers.Target{}, "", []byte(body))
		if e := providers.AsError(err); e == nil || !strings.Contains(e.Message, says) {
			t.Errorf("%s: %v, want %s", body, err, says)
		}
	}
}

// TestReasoningUnderItsLongName: where clients look for the long name alone the short one goes.
func TestReasoningUnderItsLongName(t *testing.T) {
	for before, after := range map[string]string{
		`{"reasoning":"y"}`: `{"reasoning_content":"y"}`, `{"reasoning_content":"y"}`: `{"reasoning_content":"y"}`, `{"reasoning":"y","reasoning_content":"z"}`: `{"reasoning_content":"z"}`,
	} {
		answer := func(message string) string { return `{"choices":[{"message":` + message + `}]}` }
		a, err := openai.New(openai.Quirks{}).Decode(providers.Call{Operation: providers.Chat}, providers.Target{Reasoning: providers.ReasoningContent}, "", []byte(answer(before)))
		if err != nil || string(a.Body) != answer(after) {
			t.Errorf("%v\n got %s\nwant %s", err, a.Body, answer(after))
		}
	}
}

// TestReasoningUnderBothNames: where a client may look for either name, both are there, and
// one that has both already is left as it is.
func TestReasoningUnderBothNames(t *testing.T) {
	for before, after := range map[string]string{
		`{"reasoning":"y"}`:                            `{"reasoning":"y","reasoning_content":"y"}`,
		`{"reasoning_content":"y"}`:                    `{"reasoning_content":"y","reasoning":"y"}`,
		`{"reasoning":"y","reasoning_content":"z"}`:    `{"reasoning":"y","reasoning_content":"z"}`,
		`{"content":"\"reasoning\" is not there"}`:     `{"content":"\"reasoning\" is not there"}`,
		`{"reasoning_effort":"of another name alone"}`: `{"reasoning_effort":"of another name alone"}`,
	} {
		answer := func(message string) string { return `{"choices":[{"message":` + message + `}]}` }
		a, err := openai.New(openai.Quirks{}).Decode(providers.Call{Operation: providers.Chat}, providers.Target{Reasoning: providers.ReasoningBoth}, "", []byte(answer(before)))
		if err != nil || string(a.Body) != answer(after) {
			t.Errorf("%v\n got %s\nwant %s", err, a.Body, answer(after))
		}
	}
}

// TestWholeAnswers: what the meter is told of a message and of a response beside their counts,
// and what went wrong with one.
func TestWholeAnswers(t *testing.T) {
	message := `{"model":"m-1","content":[],"usage":{"input_tokens":10,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_1h_input_tokens":5},"output_tokens":3,"service_tier":"priority"}}`
	a, err := everything.Decode(providers.Call{Operation: providers.Messages}, providers.Target{}, "", []byte(message))
	if want := (accounting.Usage{accounting.Input: 10, accounting.CacheWrite: 2, accounting.CacheWriteHour: 5, accounting.Output: 3}); err != nil || a.Usage == nil || *a.Usage != want || a.Model != "m-1" || a.ServiceTier != "priority" {
		t.Errorf("%+v %v, %v", a, a.Usage, err)
	}
	failed := `{"id":"resp_1","model":"m-1","status":"failed","error":{"code":"server_error","message":"it broke"},"output":[],"usage":{"input_tokens":10,"output_tokens":3,"total_tokens":13}}`
	a, err = everything.Decode(providers.Call{Operation: providers.Responses, Handle: func(id string) string { return id }}, providers.Target{}, "", []byte(failed))
	if err != nil || a.Failed == nil || !strings.Contains(a.Failed.Message, "it broke") || a.Usage == nil || a.Usage.OutputTokens() != 3 || a.Model != "m-1" {
		t.Errorf("%+v, %v", a, err)
	}
	_, err = everything.Decode(providers.Call{Operation: providers.Responses}, providers.Target{}, "", []byte(`{"error":{"message":"it broke before"}}`))
	if e := providers.AsError(err); e == nil || e.Message != "it broke before" {
		t.Errorf("%v", err)
	}
}

// TestSearchesOfAResponse: each search counts, and no page that was opened after one.
func TestSearchesOfAResponse(t *testing.T) {
	body := `{"id":"resp_1","output":[{"type":"web_search_call","action":{"type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}},{"type":"web_search_call"},{"type":"message"}],"usage":{"input_tokens":10,"output_tokens":3,"total_tokens":13}}`
	a, err := everything.Decode(providers.Call{Operation: providers.Responses}, providers.Target{}, "", []byte(body))
	if err != nil || a.Usage == nil || a.Usage[accounting.Searches] != 2 {
		t.Errorf("%+v, %v", a.Usage, err)
	}
}

// TestUsageOfAMessageThatIsNone: a usage of a message that is no object is not believed, and
// one that is null says nothing.
func TestUsageOfAMessageThatIsNone(t *testing.T) {
	for usage, doubt := range map[string]providers.Doubt{`[1]`: providers.BadUsage, `7`: providers.BadUsage, `"x"`: providers.BadUsage, `null`: "", `{}`: "", `{"input_tokens":null,"output_tokens":null}`: ""} {
		a, err := everything.Decode(providers.Call{Operation: providers.Messages}, providers.Target{}, "", []byte(`{"content":[{"type":"text","text":"hi"}],"usage":`+usage+`}`))
		if err != nil || a.Usage != nil || a.Doubt != doubt || a.Text != "hi" {
			t.Errorf("%s: %+v %v", usage, a, err)
		}
	}
}

// TestVectorsAsBytes: vectors that were asked for as plain bytes are relayed as they are,
// unless what they are would stand in a header.
func TestVectorsAsBytes(t *testing.T) {
	call := providers.Call{Operation: providers.Embeddings}
	if a, err := everything.Decode(call, providers.Target{}, "application/octet-stream", []byte{0, 1, 2, 0xff}); err != nil || string(a.Body) != "\x00\x01\x02\xff" || a.ContentType != "application/octet-stream" || a.Usage != nil {
		t.Errorf("%+v, %v", a, err)
	}
	chat := `{"choices":[{"message":{"content":"hi"}}]}`
	if a, err := everything.Decode(providers.Call{Operation: providers.Chat}, providers.Target{}, "application/octet-stream", []byte(chat)); err != nil || a.Text != "hi" {
		t.Errorf("a chat under that type: %+v, %v", a, err)
	}
	if _, err := everything.Decode(call, providers.Target{}, "application/json", nil); err == nil || !strings.Contains(err.Error(), "an empty body") {
		t.Errorf("nothing: %v", err)
	}
	for format, want := range map[string]providers.ErrorKind{"bytes": providers.BadRequest, "bytes_only": 0, "base64": 0} {
		body, err := wire.ParseObject([]byte(`{"model":"p","input":"x","encoding_format":"` + format + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		call.Body = body
		_, err = everything.Encode(call, providers.Target{Model: "m"})
		if e := providers.AsError(err); (e != nil) != (want != 0) || e != nil && (e.Kind != want || e.Param != "encoding_format") {
			t.Errorf("%s: %v", format, err)
		}
	}
}
