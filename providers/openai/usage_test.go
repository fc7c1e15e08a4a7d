package openai_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/openai"
	"tollgate/providers/wire"
)

// answerWith is a whole answer with a usage value.
func answerWith(usage string) []byte {
	return []byte(`{"choices":[{"message":{"content":"text"}}],"data":[],"usage":` + usage + `}`)
}

// TestCacheOfAMessage: what was read from the cache and written to it is part of the input at
// some servers and beside it at others; each token is billed once, and what cannot be is marked.
func TestCacheOfAMessage(t *testing.T) {
	const in, read, write, hour, out, thought = accounting.Input, accounting.CachedInput, accounting.CacheWrite, accounting.CacheWriteHour, accounting.Output, accounting.Reasoning
	for _, c := range []struct {
		included bool
		usage    string
		want     accounting.Usage
		doubt    providers.Doubt
	}{
		{false, `{"input_tokens":10,"cache_read_input_tokens":4,"cache_creation_input_tokens":3,"output_tokens":2}`, accounting.Usage{in: 10, read: 4, write: 3, out: 2}, ""},
		{true, `{"input_tokens":10,"cache_read_input_tokens":4,"cache_creation_input_tokens":3,"output_tokens":2}`, accounting.Usage{in: 3, read: 4, write: 3, out: 2}, ""},
		{true, `{"input_tokens":10,"cache_creation_input_tokens":3,"cache_creation":{"ephemeral_1h_input_tokens":2},"output_tokens":2}`, accounting.Usage{in: 7, write: 1, hour: 2, out: 2}, ""},
		{true, `{"input_tokens":7,"cache_read_input_tokens":4,"cache_creation_input_tokens":3,"output_tokens":2}`, accounting.Usage{read: 4, write: 3, out: 2}, ""},
		{true, `{"input_tokens":5,"cache_read_input_tokens":4,"cache_creation_input_tokens":3,"output_tokens":2}`, accounting.Usage{read: 4, write: 1, out: 2}, providers.OddUsage},
		{true, `{"input_tokens":3,"cache_read_input_tokens":4,"output_tokens":2}`, accounting.Usage{read: 3, out: 2}, providers.OddUsage},
		{false, `{"input_tokens":1,"cache_creation_input_tokens":3,"cache_creation":{"ephemeral_1h_input_tokens":3},"output_tokens":2}`, accounting.Usage{in: 1, hour: 3, out: 2}, ""},
		{false, `{"input_tokens":1,"cache_creation_input_tokens":3,"cache_creation":{"ephemeral_1h_input_tokens":5},"output_tokens":2}`, accounting.Usage{in: 1, hour: 5, out: 2}, providers.OddUsage},
		{false, `{"input_tokens":1,"output_tokens":5,"output_tokens_details":{"thinking_tokens":5}}`, accounting.Usage{in: 1, thought: 5}, ""},
		{false, `{"input_tokens":1,"output_tokens":2,"output_tokens_details":{"thinking_tokens":5}}`, accounting.Usage{in: 1, thought: 2}, providers.OddUsage},
		{false, `{"input_tokens":1,"cache_read_input_tokens":4}`, accounting.Usage{in: 1, read: 4}, ""},
		{false, `{"output_tokens":1}`, accounting.Usage{out: 1}, ""},
		{false, `{"input_tokens":1000000000000,"output_tokens":1,"iterations":[{"type":"compaction","input_tokens":1000000000000}]}`, accounting.Usage{in: accounting.MaxCount, out: 1}, ""},
	} {
		codec := openai.New(openai.Quirks{Has: providers.Operations(), CacheIncluded: c.included})
		a, err := codec.Decode(providers.Call{Operation: providers.Messages}, providers.Target{}, "", []byte(`{"content":[],"usage":`+c.usage+`}`))
		if err != nil {
			t.Fatal(err)
		}
		var got accounting.Usage
		if a.Usage != nil {
			got = *a.Usage
		}
		if got != c.want || a.Doubt != c.doubt {
			t.Errorf("included %v, %s: %v %q, want %v %q", c.included, c.usage, got, a.Doubt, c.want, c.doubt)
		}
	}
}

// TestSearchedChats: a search that stands in no usage is counted where the vendor bills it.
func TestSearchedChats(t *testing.T) {
	const usage = `{"prompt_tokens":10,"completion_tokens":5}`
	for name, c := range map[string]struct {
		quirks      openai.Quirks
		op          providers.Operation
		model, more string
		want        int64
	}{
		"asked for":            {openai.Quirks{SearchedChats: true}, providers.Chat, "m", `,"web_search_options":{}`, 1},
		"by the model's name":  {openai.Quirks{SearchedChats: true}, providers.Chat, "gpt-5-search-api", ``, 1},
		"null":                 {openai.Quirks{SearchedChats: true}, providers.Chat, "m", `,"web_search_options":null`, 0},
		"not asked for":        {openai.Quirks{SearchedChats: true}, providers.Chat, "m", ``, 0},
		"no chat":              {openai.Quirks{SearchedChats: true}, providers.Embeddings, "m-search-1", `,"web_search_options":{}`, 0},
		"a vendor that counts": {openai.Quirks{SearchUsage: true}, providers.Chat, "m", `,"web_search_options":{}`, 0},
	} {
		codec, target := openai.New(c.quirks), providers.Target{Model: c.model}
		for _, stream := range []bool{false, true} {
			call := callOf(t, []byte(fmt.Sprintf(`{"model":"x","stream":%v%s}`, stream, c.more)))
			call.Operation = c.op
			var got *accounting.Usage
			if stream {
				if c.op != providers.Chat {
					continue
				}
				e, err := codec.Stream(call, target, strings.NewReader("data: {\"choices\":[],\"usage\":"+usage+"}\n\ndata: [DONE]\n\n")).Next()
				if err != nil {
					t.Fatal(err)
				}
				got = e.Usage
			} else {
				a, err := codec.Decode(call, target, "", answerWith(usage))
				if err != nil {
					t.Fatal(err)
				}
				got = a.Usage
			}
			if got == nil || got[accounting.Searches] != c.want {
				t.Errorf("%s, stream %v: %+v", name, stream, got)
			}
		}
	}
}

func TestUsage(t *testing.T) {
	type quirks = openai.Quirks
	const unreported = "not reported"
	for name, c := range map[string]struct {
		quirks quirks
		op     providers.Operation
		usage  string
		want   string
		doubt  providers.Doubt
	}{
		"plain":                  {usage: `{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}`, want: "input=10 output=5"},
		"no total":               {usage: `{"prompt_tokens":10,"completion_tokens":5}`, want: "input=10 output=5"},
		"no output":              {usage: `{"prompt_tokens":10,"completion_tokens":0}`, want: "input=10"},
		"cached":                 {usage: `{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":8}}`, want: "input=2 cached_input=8 output=5"},
		"written":                {usage: `{"prompt_tokens":100,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":90}}`, want: "input=2 cached_input=8 cache_write=90 output=5"},
		"written, vLLM's name":   {usage: `{"prompt_tokens":100,"completion_tokens":5,"prompt_tokens_details":{"created_cache_tokens":90}}`, want: "input=10 cache_write=90 output=5"},
		"cached, DeepSeek":       {usage: `{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":6,"prompt_cache_miss_tokens":4}`, want: "input=4 cached_input=6 output=5"},
		"cached, DeepSeek twice": {usage: `{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":6,"prompt_tokens_details":{"cached_tokens":6}}`, want: "input=4 cached_input=6 output=5"},
		"cached, Moonshot":       {usage: `{"prompt_tokens":10,"completion_tokens":5,"cached_tokens":6}`, want: "input=4 cached_input=6 output=5"},
		"audio and images":       {usage: `{"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{"audio_tokens":30,"image_tokens":20,"text_tokens":50},"completion_tokens_details":{"audio_tokens":40}}`, want: "input=50 audio_input=30 image_input=20 output=10 audio_output=40"},
		"reasoning is a part":    {usage: `{"prompt_tokens":1,"completion_tokens":50,"completion_tokens_details":{"reasoning_tokens":45,"rejected_prediction_tokens":3}}`, want: "input=1 output=5 reasoning=45"},
		"parts over the whole":   {usage: `{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":8,"audio_tokens":8},"completion_tokens_details":{"reasoning_tokens":9,"audio_tokens":9}}`, want: "cached_input=8 cache_write=2 reasoning=5", doubt: providers.OddUsage},
		"details null":           {usage: `{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}}`, want: "input=10 output=5"},
		"output from the total":  {usage: `{"prompt_tokens":10,"total_tokens":15}`, want: "input=10 output=5"},
		"total unused":           {usage: `{"prompt_tokens":10,"completion_tokens":5,"total_tokens":9999}`, want: "input=10 output=5", doubt: providers.OddUsage},
		"total, xAI":             {quirks: quirks{OutputFromTotal: true}, usage: `{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"completion_tokens_details":{"reasoning_tokens":94}}`, want: "input=32 output=9 reasoning=94"},
		"total, Gemini":          {quirks: quirks{OutputFromTotal: true}, usage: `{"prompt_tokens":20,"completion_tokens":198,"total_tokens":623}`, want: "input=20 output=603"},
		"total, already whole":   {quirks: quirks{OutputFromTotal: true}, usage: `{"prompt_tokens":20,"completion_tokens":603,"total_tokens":623}`, want: "input=20 output=603"},
		"total too small":        {quirks: quirks{OutputFromTotal: true}, usage: `{"prompt_tokens":20,"completion_tokens":5,"total_tokens":3}`, want: "input=20 output=5", doubt: providers.OddUsage},
		"searches":               {quirks: quirks{SearchUsage: true}, usage: `{"prompt_tokens":33,"completion_tokens":7163,"total_tokens":7196,"citation_tokens":20016,"num_search_queries":30,"reasoning_tokens":73997}`, want: "input=20049 output=7163 reasoning=73997 search=30"},
		"embeddings":             {op: providers.Embeddings, usage: `{"prompt_tokens":7,"total_tokens":7}`, want: "input=7"},
		"embeddings, only total": {op: providers.Embeddings, usage: `{"total_tokens":7}`, want: "input=7"},
		"negative":               {usage: `{"prompt_tokens":-10,"completion_tokens":5}`, want: unreported, doubt: providers.BadUsage},
		"negative part":          {usage: `{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":-8}}`, want: unreported, doubt: providers.BadUsage},
		"absurd":                 {usage: `{"prompt_tokens":9223372036854775807,"completion_tokens":5}`, want: "input=1000000000000 output=5"},
		"zeros":                  {usage: `{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}`, want: unreported},
		"null":                   {usage: `null`, want: unreported},
		"empty":                  {usage: `{}`, want: unreported},
		"only the output":        {usage: `{"completion_tokens":10}`, want: "output=10"},
		"only the prompt":        {usage: `{"prompt_tokens":10}`, want: "input=10"},
		"only the total":         {usage: `{"total_tokens":10}`, want: unreported},
		"the output and a total": {usage: `{"completion_tokens":4,"total_tokens":10}`, want: "input=6 output=4"},
		"a list":                 {usage: `[1]`, want: unreported, doubt: providers.BadUsage},
		"a fraction":             {usage: `{"prompt_tokens":1.5,"completion_tokens":5}`, want: unreported, doubt: providers.BadUsage},
		"a whole fraction":       {usage: `{"prompt_tokens":12.0,"completion_tokens":5}`, want: unreported, doubt: providers.BadUsage},
		"an exponent":            {usage: `{"prompt_tokens":1e30,"completion_tokens":5}`, want: unreported, doubt: providers.BadUsage},
		"beyond 64 bits":         {usage: `{"prompt_tokens":99999999999999999999,"completion_tokens":5}`, want: unreported, doubt: providers.BadUsage},
		"a text":                 {usage: `{"prompt_tokens":"12","completion_tokens":5}`, want: unreported, doubt: providers.BadUsage},
		"a text in a part":       {usage: `{"prompt_tokens":12,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":"3"}}`, want: unreported, doubt: providers.BadUsage},
		"true":                   {usage: `{"prompt_tokens":true,"completion_tokens":5}`, want: unreported, doubt: providers.BadUsage},
	} {
		op := c.op
		if op == 0 {
			op = providers.Chat
		}
		a, err := openai.New(c.quirks).Decode(providers.Call{Operation: op}, providers.Target{}, "", answerWith(c.usage))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := usageString(a.Usage); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if a.Doubt != c.doubt {
			t.Errorf("%s: doubt %q, want %q", name, a.Doubt, c.doubt)
		}
		if op == providers.Chat && (a.Usage == nil) != (a.Text == "text") {
			t.Errorf("%s: text %q with usage %v", name, a.Text, a.Usage)
		}
	}
}

// FuzzUsage: whatever the upstream says, counts stay in their range, parts never
// exceed the whole, and no answer is lost over it.
func FuzzUsage(f *testing.F) {
	f.Add([]byte(`{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":8}}`))
	f.Add([]byte(`{"prompt_tokens":-1,"completion_tokens":1e9,"completion_tokens_details":{"reasoning_tokens":-5}}`))
	f.Fuzz(func(t *testing.T, usage []byte) {
		if !gjson.ValidBytes(usage) {
			return
		}
		a, err := openai.New(openai.Quirks{}).Decode(providers.Call{Operation: providers.Chat}, providers.Target{}, "", answerWith(string(usage)))
		if err != nil || a.Usage == nil {
			return
		}
		if _, moved := a.Usage.Clamp(); moved || a.Usage.IsZero() {
			t.Fatalf("%s: %v", usage, *a.Usage)
		}
		if max(a.Usage.InputTokens(), a.Usage.OutputTokens()) > accounting.MaxCount {
			t.Fatalf("%s: the parts exceed the whole: %v", usage, *a.Usage)
		}
	})
}

// TestSearches: how many searches a call may be billed for is known before it is sent.
func TestSearches(t *testing.T) {
	for _, c := range []struct {
		quirks openai.Quirks
		op     providers.Operation
		model  string
		body   string
		want   int64
	}{
		{openai.Quirks{SearchedChats: true}, providers.Chat, "gpt-4o-search-preview", `{}`, 1},
		{openai.Quirks{SearchedChats: true}, providers.Chat, "gpt-4o", `{"web_search_options":{}}`, 1},
		{openai.Quirks{SearchedChats: true}, providers.Chat, "gpt-4o", `{"web_search_options":null}`, 0},
		{openai.Quirks{SearchedChats: true}, providers.Responses, "gpt-4o-search-preview", `{}`, 0},
		{openai.Quirks{SearchUsage: true}, providers.Chat, "sonar", `{}`, 30},
		{openai.Quirks{}, providers.Chat, "gpt-4o-search-preview", `{}`, 0},
	} {
		o, err := wire.ParseObject([]byte(c.body))
		if err != nil {
			t.Fatal(err)
		}
		s := openai.New(c.quirks).(providers.Searcher)
		if n := s.Searches(providers.Call{Operation: c.op, Body: o}, providers.Target{Model: c.model}); n != c.want {
			t.Errorf("%+v: %d searches", c, n)
		}
	}
}
