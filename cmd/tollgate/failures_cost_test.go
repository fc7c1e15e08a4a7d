package main

import (
	"fmt"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// failing is an answer that has failed, and what of it is booked.
type failing struct {
	name, path, body string // the body has the model for a verb
	answer           string // of the upstream, head and all
	usage            map[string]int64
	source, status   string
	cost             int64 // in nano-dollars
}

// frames are events without names; namedFrames are events with the name that is in their type.
func frames(data ...string) string {
	return sseHead + "data: " + strings.Join(data, "\n\ndata: ") + "\n\n"
}

func namedFrames(events ...[2]string) string {
	var b strings.Builder
	b.WriteString(sseHead)
	for _, e := range events {
		fmt.Fprintf(&b, "event: %s\ndata: {\"type\":%q,%s}\n\n", e[0], e[0], e[1])
	}
	return b.String()
}

// TestT09_WhatAFailureCosts: an answer that has failed costs what its upstream says that it
// has used; its prompt, if the upstream has refused the call before anything was made; and what
// is estimated of it else, which is uncertain if nothing was seen (docs/deciding.md, trust.md P3).
func TestT09_WhatAFailureCosts(t *testing.T) {
	t.Parallel()
	const (
		chat      = `{"model":%q,"max_tokens":50,"messages":[{"role":"user","content":"hello"}]}`
		streamed  = `{"model":%q,"max_tokens":50,"stream":true,"messages":[{"role":"user","content":"hello"}]}`
		response  = `{"model":%q,"max_output_tokens":50,"stream":true,"input":"hello","tools":[{"type":"web_search"}]}`
		asked     = `{"model":%q,"max_output_tokens":50,"input":"hello"}`
		message   = `{"model":%q,"max_tokens":50,"stream":true,"messages":[{"role":"user","content":"hello"}],"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":5}]}`
		draw      = `{"model":%q,"prompt":"hello","stream":true,"quality":"low","size":"1024x1024","partial_images":1}`
		speak     = `{"model":%q,"voice":"v","input":"hello","stream_format":"sse"}`
		chats     = "/v1/chat/completions"
		responses = "/v1/responses"
		messages  = "/v1/messages"
		images    = "/v1/images/generations"
		speech    = "/v1/audio/speech"

		refused   = `{"error":{"message":"Your request was rejected by the safety system.","type":"image_generation_user_error","code":"moderation_blocked"}}`
		broken    = `{"error":{"message":"The server had an error.","type":"server_error","code":null}}`
		begun     = `{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":"hello hello"}}]}`
		created   = `"sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[],"usage":null}`
		inUse     = `"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}`
		used      = `"usage":{"input_tokens":7,"output_tokens":3,"total_tokens":10}`
		searching = `"output_index":0,"item":{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":%q}}`
	)
	event := func(name, rest string) [2]string { return [2]string{name, rest} }
	search := func(action string) [2]string {
		return event("response.output_item.done", fmt.Sprintf(searching, action))
	}
	failed := func(more string) [2]string {
		return event("response.failed", `"response":{"id":"resp_1","status":"failed","output":[],`+more+`}`)
	}
	why := func(code string) string {
		return fmt.Sprintf(`"error":{"code":%q,"message":"no"},"usage":null`, code)
	}
	start := event("message_start", `"message":{"id":"m","role":"assistant","content":[],"model":"x","usage":{"input_tokens":7,"output_tokens":1}}`)
	found := func(content string) [2]string {
		return event("content_block_start", `"index":1,"content_block":{"type":"web_search_tool_result","tool_use_id":"s","content":`+content+`}`)
	}
	whole := func(body string) string { return providertest.Whole("application/json", body) }
	const in, out, searches = 1_000, 10_000, 10_000_000                           // nano-dollars for one
	prompt, tooled := map[string]int64{"input": 2}, map[string]int64{"input": 10} // as counted here
	rows := []failing{
		// The upstream refuses before anything is made.
		{name: "an image is refused", path: images, body: draw, answer: sseHead + "event: error\ndata: " + refused + "\n\n", usage: map[string]int64{"image": 0, "input": 2}, source: "uncertain", status: "content_refused", cost: 2 * in},
		{name: "an image is refused, and so named", path: images, body: draw, answer: namedFrames(event("error", refused[1:len(refused)-1])), usage: map[string]int64{"image": 0, "input": 2}, source: "uncertain", status: "content_refused", cost: 2 * in},
		{name: "a chat is refused", path: chats, body: streamed, answer: frames(`{"error":{"message":"no","code":"content_filter"}}`), usage: prompt, source: "uncertain", status: "content_refused", cost: 2 * in},
		{name: "a chat is too long", path: chats, body: streamed, answer: frames(`{"error":{"message":"no","code":"context_length_exceeded"}}`), usage: prompt, source: "uncertain", status: "context_too_long", cost: 2 * in},
		{name: "a chat is too many", path: chats, body: streamed, answer: frames(`{"error":{"message":"no","code":429}}`), usage: prompt, source: "uncertain", status: "rate_limited", cost: 2 * in},
		{name: "a chat is refused behind a word on its prompt", path: chats, body: streamed, answer: frames(`{"id":"x","choices":[],"prompt_filter_results":[]}`, `{"error":{"message":"no","code":"content_filter"}}`), usage: prompt, source: "uncertain", status: "content_refused", cost: 2 * in},
		{name: "a response is refused", path: responses, body: response, answer: namedFrames(event("response.created", created), event("response.in_progress", created), failed(why("invalid_prompt"))), usage: tooled, source: "uncertain", status: "bad_request", cost: 10 * in},
		{name: "a response is refused whole", path: responses, body: asked, answer: whole(`{"id":"resp_1","status":"failed","output":[],` + why("rate_limit_exceeded") + `}`), usage: prompt, source: "uncertain", status: "rate_limited", cost: 2 * in},
		{name: "a response ends in a refusal", path: responses, body: response, answer: namedFrames(event("response.created", created), event("error", `"code":"rate_limit_exceeded","message":"no"`)), usage: tooled, source: "uncertain", status: "rate_limited", cost: 10 * in},
		{name: "a message is refused", path: messages, body: message, answer: namedFrames(event("ping", `"a":1`), event("error", `"error":{"type":"overloaded_error","message":"no"}`)), usage: map[string]int64{"input": 24}, source: "uncertain", status: "overloaded", cost: 24 * in},
		{name: "a speech is refused", path: speech, body: speak, answer: namedFrames(event("error", `"error":{"type":"invalid_request_error","message":"no"}`)), usage: map[string]int64{"input": 1}, source: "uncertain", status: "bad_request", cost: in},

		// It fails, or refuses after something was made, and says nothing of its use.
		{name: "a chat fails at once", path: chats, body: streamed, answer: frames(broken), usage: prompt, source: "uncertain", status: "server_error", cost: 2 * in},
		{name: "a chat is refused in its middle", path: chats, body: streamed, answer: frames(begun, `{"error":{"message":"no","code":"content_filter"}}`), usage: map[string]int64{"input": 2, "output": 2}, source: "estimated", status: "content_refused", cost: 2*in + 2*out},
		{name: "a response fails", path: responses, body: response, answer: namedFrames(event("response.created", created), failed(why("server_error"))), usage: tooled, source: "uncertain", status: "server_error", cost: 10 * in},
		{name: "an image fails at once", path: images, body: draw, answer: sseHead + "event: error\ndata: " + broken + "\n\n", usage: map[string]int64{"image": 1}, source: "uncertain", status: "server_error"},
		{name: "an image is refused behind a part of it", path: images, body: draw, answer: namedFrames(event("image_generation.partial_image", `"b64_json":"AAAA"`)) + "event: error\ndata: " + refused + "\n\n", usage: map[string]int64{"image": 1}, source: "estimated", status: "content_refused"},

		// It says what was used.
		{name: "a failure names its use", path: chats, body: streamed, answer: frames(broken[:len(broken)-1] + "," + inUse + "}"), usage: map[string]int64{"input": 7, "output": 3}, source: "reported", status: "server_error", cost: 7*in + 3*out},
		{name: "a refusal names its use", path: chats, body: streamed, answer: frames(`{"error":{"message":"no","code":"content_filter"},` + inUse + `}`), usage: map[string]int64{"input": 7, "output": 3}, source: "reported", status: "content_refused", cost: 7*in + 3*out},
		{name: "an error in one piece names its use", path: chats, body: chat, answer: whole(broken[:len(broken)-1] + "," + inUse + "}"), usage: map[string]int64{"input": 7, "output": 3}, source: "reported", status: "server_error", cost: 7*in + 3*out},
		{name: "no choices, but a use", path: chats, body: chat, answer: whole(`{"id":"x",` + inUse + `}`), usage: map[string]int64{"input": 7, "output": 3}, source: "reported", status: "bad_answer", cost: 7*in + 3*out},
		{name: "no choices, and a use that cannot be", path: chats, body: chat, answer: whole(`{"id":"x","usage":{"prompt_tokens":-7,"completion_tokens":3}}`), usage: prompt, source: "uncertain", status: "bad_answer", cost: 2 * in},
		{name: "no choices, and an absurd use", path: chats, body: chat, answer: whole(`{"id":"x","usage":{"prompt_tokens":700000000,"completion_tokens":3}}`), usage: prompt, source: "uncertain", status: "bad_answer", cost: 2 * in},
		{name: "no choices, and no use", path: chats, body: chat, answer: whole(`{"id":"x"}`), usage: prompt, source: "uncertain", status: "bad_answer", cost: 2 * in},
		{name: "no embeddings, but a use", path: "/v1/embeddings", body: `{"model":%q,"input":"hello"}`, answer: whole(`{"object":"list","usage":{"prompt_tokens":7,"total_tokens":7}}`), usage: map[string]int64{"input": 7}, source: "reported", status: "bad_answer", cost: 7 * in},
		{name: "no output, but a use", path: responses, body: asked, answer: whole(`{"id":"resp_1","status":"completed",` + used + `}`), usage: map[string]int64{"input": 7, "output": 3}, source: "reported", status: "bad_answer", cost: 7*in + 3*out},
		{name: "no content, but a use", path: messages, body: chat, answer: whole(`{"type":"message","usage":{"input_tokens":7,"output_tokens":3}}`), usage: map[string]int64{"input": 7, "output": 3}, source: "reported", status: "bad_answer", cost: 7*in + 3*out},
		{name: "a message fails behind its start", path: messages, body: message, answer: namedFrames(start, event("error", `"error":{"type":"overloaded_error","message":"no"}`)), usage: map[string]int64{"input": 7, "output": 1}, source: "reported", status: "overloaded", cost: 7*in + out},

		// The searches that were seen were made, whatever became of the rest.
		{name: "a response is cut behind its searches", path: responses, body: response, answer: namedFrames(event("response.created", created), search("search"), search("open_page"), search("search"), event("response.output_text.delta", `"delta":"hello hello"`)), usage: map[string]int64{"input": 10, "output": 2, "search": 2}, source: "estimated", status: "truncated", cost: 10*in + 2*out + 2*searches},
		{name: "a response is refused behind a search", path: responses, body: response, answer: namedFrames(event("response.created", created), search("search"), failed(why("invalid_prompt"))), usage: map[string]int64{"input": 10, "search": 1}, source: "estimated", status: "bad_request", cost: 10*in + searches},
		{name: "a response ends without a use", path: responses, body: response, answer: namedFrames(event("response.created", created), search("search"), event("response.completed", `"response":{"id":"resp_1","status":"completed","usage":null,"output":[{"type":"web_search_call","action":{"type":"search"}},{"type":"message","content":[{"type":"output_text","text":"hello"}]}]}`)), usage: map[string]int64{"input": 10, "output": 1, "search": 1}, source: "counted", status: "ok", cost: 10*in + out + searches},
		{name: "a message is cut behind its searches", path: messages, body: message, answer: namedFrames(start, found(`[{"type":"web_search_result","url":"u"}]`), found(`{"type":"web_search_tool_result_error","error_code":"unavailable"}`), event("content_block_delta", `"index":2,"delta":{"type":"text_delta","text":"hello hello"}`)), usage: map[string]int64{"input": 7, "output": 2, "search": 1}, source: "estimated", status: "truncated", cost: 7*in + 2*out + searches},
	}
	raw := providertest.NewRaw(t)
	config := strings.Replace(upstreamConfig, "providers:\n", fmt.Sprintf("providers:\n  failing: { kind: openai, url: %s/v1, key: env:CLOUD_KEY }\n", raw.URL()), 1)
	for i, row := range rows {
		name := fmt.Sprintf("f%d", i)
		raw.Set(name, says(row.answer))
		price := "{ input: 1, output: 10, search: 0.01 }"
		switch row.path {
		case images:
			price = "{ input: 1, image_output: 32 }"
		case speech:
			price = "{ input: 1, audio_output: 12 }"
		}
		config += fmt.Sprintf("  %s: { to: failing/%s, price: %s }\n", name, name, price)
	}
	g := audited(t, config)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "1000")
	sum := int64(0)
	for i, row := range rows {
		g.mend()
		a := g.do("POST", row.path, p.key, fmt.Sprintf(row.body, fmt.Sprintf("f%d", i)), nil)
		g.settled()
		all := g.entries(a.Header.Get("X-Request-Id"))
		if len(all) != 1 || all[0].Cost == nil {
			t.Errorf("%s: booked %+v", row.name, all)
			continue
		}
		e := all[0]
		for _, meter := range []string{"input", "output", "search", "image"} {
			if want, ok := row.usage[meter]; e.Usage[meter] != want && (ok || row.cost != 0) {
				t.Errorf("%s: %s is %d, want %d: %+v", row.name, meter, e.Usage[meter], want, e.Usage)
			}
		}
		if e.Source != row.source || e.Status != row.status || row.cost != 0 && int64(*e.Cost) != row.cost || *e.Cost == 0 {
			t.Errorf("%s: %s %s %v, want %s %s %d", row.name, e.Source, e.Status, *e.Cost, row.source, row.status, row.cost)
		}
		if sum += int64(*e.Cost); g.posted(b) != sum {
			t.Errorf("%s: %d are posted, want %d", row.name, g.posted(b), sum)
			sum = g.posted(b)
		}
	}
}
