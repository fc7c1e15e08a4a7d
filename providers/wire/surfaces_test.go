package wire

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func objectOf(t *testing.T, text string) Object {
	t.Helper()
	o, err := ParseObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestReadResponses(t *testing.T) {
	data := strings.Repeat("A", 100_000)
	for name, c := range map[string]struct {
		body     string
		media    []string
		stored   bool
		previous string
		searches int64
		fee      string
		most     int64 // of the bound; 0: not looked at
	}{
		"a text":            {body: `{"model":"m","input":"hi"}`, most: 30},
		"an image by URL":   {body: `{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"https://e.org/a"}]}]}`, media: []string{"https://e.org/a"}},
		"an image in it":    {body: `{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,` + data + `"}]}]}`, most: 11_000},
		"a tool's image":    {body: `{"model":"m","input":[{"type":"computer_call_output","output":{"type":"computer_screenshot","image_url":"https://e.org/b"}}]}`, media: []string{"https://e.org/b"}},
		"a tool's images":   {body: `{"model":"m","input":[{"type":"function_call_output","output":[{"type":"input_file","file_url":"https://e.org/c"}]}]}`, media: []string{"https://e.org/c"}, stored: true},
		"a document in it":  {body: `{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_data":"data:application/pdf;base64,AAAA"}]}]}`, stored: true},
		"a text in it":      {body: `{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_data":"data:text/plain;base64,AAAA"}]}]}`},
		"a kept file":       {body: `{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}]}`, stored: true},
		"a kept item":       {body: `{"model":"m","input":[{"type":"item_reference","id":"msg_1"}]}`, stored: true},
		"a kept prompt":     {body: `{"model":"m","prompt":{"id":"p"}}`, stored: true},
		"going on":          {body: `{"model":"m","previous_response_id":"resp_1"}`, stored: true, previous: "resp_1"},
		"not going on":      {body: `{"model":"m","previous_response_id":null,"conversation":null}`},
		"an MCP server":     {body: `{"model":"m","tools":[{"type":"mcp","server_url":"https://e.org/mcp"}]}`, media: []string{"https://e.org/mcp"}, stored: true},
		"searches":          {body: `{"model":"m","tools":[{"type":"web_search"}]}`, searches: 10},
		"bounded searches":  {body: `{"model":"m","max_tool_calls":3,"tools":[{"type":"web_search_preview"}]}`, searches: 3},
		"a tool with a fee": {body: `{"model":"m","tools":[{"type":"function"},{"type":"file_search"}]}`, fee: "file_search"},
	} {
		p, err := ReadResponses(objectOf(t, c.body))
		if err != nil || !slices.Equal(p.Media, c.media) || p.Stored != c.stored || p.Previous != c.previous || p.Searches != c.searches || p.FeeTool != c.fee || c.most > 0 && p.InputBound > c.most {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	for _, body := range []string{`{"model":"m","conversation":"c"}`, `{"model":"m","conversation":{"id":"c"}}`, `{"model":"m","previous_response_id":""}`, `{"model":"m","previous_response_id":["r"]}`,
		`{"model":"m","previous_response_id":"` + strings.Repeat("r", MaxResponseID+1) + `"}`, `{"model":"m","max_tool_calls":0}`, `{"model":"m","max_output_tokens":"9"}`} {
		var field *ErrField
		if _, err := ReadResponses(objectOf(t, body)); !errors.As(err, &field) {
			t.Errorf("%.60s: %v", body, err)
		}
	}
	if p, err := ReadResponses(objectOf(t, `{"model":"m","previous_response_id":"`+strings.Repeat("r", MaxResponseID)+`"}`)); err != nil || len(p.Previous) != MaxResponseID {
		t.Errorf("an id at its limit: %v", err)
	}
}

func TestReadMessages(t *testing.T) {
	data := strings.Repeat("A", 100_000)
	for name, c := range map[string]struct {
		body    string
		media   []string
		stored  bool
		endUser string
		fee     string
		most    int64
		least   int64
	}{
		"a text":             {body: `{"model":"m","messages":[{"role":"user","content":"hi"}]}`, most: 60},
		"an image by URL":    {body: `{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://e.org/a"}}]}]}`, media: []string{"https://e.org/a"}},
		"an image in it":     {body: `{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"` + data + `"}}]}]}`, most: 11_000},
		"a document in it":   {body: `{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","data":"` + data + `"}}]}]}`, least: 100_000, stored: true},
		"a text document":    {body: `{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","data":"` + data + `"}}]}]}`, least: 100_000},
		"one of two types":   {body: `{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","type":"base64","data":"` + data + `"}}]}]}`, least: 100_000, stored: true},
		"pages it fetches":   {body: `{"model":"m","tools":[{"type":"web_fetch_20250910","name":"web_fetch"}]}`, stored: true},
		"within a result":    {body: `{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"document","source":{"type":"url","url":"https://e.org/b"}}]}]}]}`, media: []string{"https://e.org/b"}, stored: true},
		"in the system text": {body: `{"model":"m","system":[{"type":"document","source":{"type":"file","file_id":"f"}}],"messages":[]}`, stored: true},
		"the last of many":   {body: `{"model":"m","messages":[{"role":"user","content":"hi"},{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","content":[{"type":"text","text":"x"},{"type":"image","source":{"type":"url","url":"https://e.org/c"}}]},{"type":"image","source":{"type":"url","url":"https://e.org/d"}}]}]}`, media: []string{"https://e.org/c", "https://e.org/d"}},
		"two servers":        {body: `{"model":"m","mcp_servers":[{"url":"https://e.org/1"},{"url":"https://e.org/2"}]}`, media: []string{"https://e.org/1", "https://e.org/2"}, stored: true},
		"whom both say":      {body: `{"model":"m","user":"u","metadata":{"user_id":"eve"}}`, endUser: "u"},
		"whom it is for":     {body: `{"model":"m","metadata":{"user_id":"eve"}}`, endUser: "eve"},
		"a server":           {body: `{"model":"m","mcp_servers":[{"type":"url","url":"https://e.org/mcp"}]}`, media: []string{"https://e.org/mcp"}, stored: true},
		"a tool of its own":  {body: `{"model":"m","tools":[{"name":"f","input_schema":{}},{"type":"bash_20250124","name":"bash"}]}`},
		"a tool with a fee":  {body: `{"model":"m","tools":[{"type":"code_execution_20260101","name":"c"}]}`, fee: "code_execution_20260101"},
	} {
		p, err := ReadMessages(objectOf(t, c.body))
		if err != nil || !slices.Equal(p.Media, c.media) || p.Stored != c.stored || p.EndUser != c.endUser || p.FeeTool != c.fee || c.most > 0 && p.InputBound > c.most || p.InputBound < c.least {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

// TestTurns: whether an upstream may run the model several times for one request.
func TestTurns(t *testing.T) {
	for body, want := range map[string]bool{
		`"a":1`: false,
		`"tools":[{"name":"f"},{"type":"function","name":"g"},{"type":"custom"},{"type":"bash_20250124"}]`: false,
		`"tools":[{"name":"f"},{"type":"mcp","server_label":"x"}]`:                                         true,
		`"tools":[{"type":"","name":"f"}]`:                                                                 false,
		`"tools":[{"type":"web_fetch_20260101","name":"web_fetch"}]`:                                       true,
		`"tools":[{"type":"web_search"}]`:                                                                  true,
	} {
		for _, read := range []func(Object) (Params, error){ReadResponses, ReadMessages} {
			if p, err := read(objectOf(t, `{"model":"m",`+body+`}`)); err != nil || p.Turns != want {
				t.Errorf("%s: %v, %v", body, p.Turns, err)
			}
		}
	}
	for body, want := range map[string]bool{`"mcp_servers":[]`: true, `"compaction":{}`: true, `"context_management":{"edits":[]}`: true, `"compaction":null`: false} {
		if p, err := ReadMessages(objectOf(t, `{"model":"m",`+body+`}`)); err != nil || p.Turns != want {
			t.Errorf("%s: %v, %v", body, p.Turns, err)
		}
	}
}

// TestHourCache: whether a request may write to the cache for an hour is never missed.
func TestHourCache(t *testing.T) {
	for body, want := range map[string]bool{
		`{"model":"m","messages":[{"role":"user","content":"1h"}]}`:                                                                                                        false,
		`{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"1h","cache_control":{"type":"ephemeral"}}]}]}`:                                          false,
		`{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"5m"}}]}]}`:                                false,
		`{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]}`:                                true,
		`{"model":"m","cache_control":{"ttl":"1h"},"messages":[]}`:                                                                                                         true,
		`{"model":"m","tools":[{"name":"f","cache_control":{"tt\u006c":"\u0031h"}}],"messages":[]}`:                                                                        true,
		`{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"x","cache_control":{ "ttl" : "1\u0068"} }]}]}]}`:       true,
		`{"model":"m","system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":"` + "ttl" + `"}],"a":1}`: true,
	} {
		p, err := ReadMessages(objectOf(t, body))
		if err != nil || p.HourCache != want {
			t.Errorf("%s: %v, %v", body, p.HourCache, err)
		}
	}
}

func TestTextsOfSurfaces(t *testing.T) {
	for body, want := range map[string]string{
		`{"system":"be brief","messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"image","source":{"data":"AAAA"}},{"type":"tool_result","content":"42"},{"type":"tool_use","name":"f","input":{"a":1}}]}]}`: "be brief\nhi\n42\nf\n{\"a\":1}",
		`{"system":[{"type":"text","text":"be brief"}],"messages":[{"content":[{"type":"tool_result","content":[{"type":"text","text":"42"}]}]}]}`:                                                                                  "be brief\n42\n",
		`{"messages":[{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},{"content":"hi"}],"tools":[{"a":1}]}`:                                                                                              "f\n{}\nhi\n[{\"a\":1}]",
		`{"input":["a","b"]}`:         "a\nb\n",
		`{"prompt":[1,[2,3]]}`:        " a a a",
		`{"prompt":"a","suffix":"b"}`: "a\nb\n",
		`{"messages":[{"content":[{"type":"text","text":""},{"type":"tool_use","name":"f","input":"x"},{"type":"tool_result","content":"42"}]}]}`:                                                                                                               "f\n42\n",
		`{"instructions":"be brief","input":[{"role":"user","content":[{"type":"input_text","text":"hi"},{"type":"input_image","image_url":"data:AAAA"}]},{"type":"function_call","name":"f","arguments":"{}"},{"type":"function_call_output","output":"42"}]}`: "be brief\nhi\nf\n{}\n42\n",
	} {
		if got := PromptText(objectOf(t, body)); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	for body, want := range map[string]string{
		`{"choices":[{"message":{"content":"a"}}]}`: "a",
		`{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]},{"type":"text","text":"b"}]}}]}`: "ab",
		`{"choices":[{"message":{"content":"a","reasoning":"b"}}]}`:                                                                      "ab",
		`{"choices":[{"message":{"content":"a","reasoning_content":"b"}}]}`:                                                              "ab",
		`{"choices":[{"message":{"content":"a","reasoning_content":"b","reasoning":"b"}}]}`:                                              "ab",
		`{"choices":[{"message":{"function_call":{"arguments":"{}"}}},{"message":{"refusal":"c"}}]}`:                                     "{}c",
		`{"output":[{"type":"reasoning","summary":[{"text":"a"}],"content":[{"text":"b"}]},{"type":"message","content":[{"type":"output_text","text":"c"},{"type":"refusal","refusal":"d"}]},{"type":"function_call","arguments":"{}"}]}`: "bacd{}",
		`{"content":[{"type":"thinking","thinking":"a"},{"type":"text","text":"b"},{"type":"tool_use","input":{"c":1}}]}`:                                                                                                                 `ab{"c":1}`,
		`{"id":"x"}`: "", "no JSON": "no JSON",
	} {
		if got := ProducedText([]byte(body)); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

// TestWhatStandsTwice: below the top a key may stand twice, and servers differ in which of
// the two they read. Media, what is kept and tools with a fee are found in either.
func TestWhatStandsTwice(t *testing.T) {
	const evil = `{"type":"image_url","image_url":{"url":"http://10.0.0.1/x"}}`
	both := func(key, one, other string) []string {
		return []string{fmt.Sprintf(`%[1]q:%[2]s,%[1]q:%[3]s`, key, one, other), fmt.Sprintf(`%[1]q:%[3]s,%[1]q:%[2]s`, key, one, other)}
	}
	message := func(content string) string { return `{"model":"m","messages":[{"role":"user",` + content + `}]}` }
	part := func(content string) string {
		return message(`"content":[{"type":"text","text":"x",` + content + `}]`)
	}
	item := func(content string) string { return `{"model":"m","input":[{"role":"user",` + content + `}]}` }
	for name, c := range map[string]struct {
		read   func(Object) (Params, error)
		within func(string) string
		twice  []string
	}{
		"contents":          {ReadParams, message, both("content", `"x"`, `[`+evil+`]`)},
		"media":             {ReadParams, part, both("image_url", `{"url":"https://e.org/a"}`, `{"url":"http://10.0.0.1/x"}`)},
		"addresses":         {ReadParams, part, []string{`"image_url":{` + both("url", `"https://e.org/a"`, `"http://10.0.0.1/x"`)[0] + `}`, `"file":{` + both("file_data", `"AAAA"`, `"http://10.0.0.1/x"`)[1] + `}`}},
		"contents of items": {ReadResponses, item, both("content", `"x"`, `[`+evil+`]`)},
		"outputs":           {ReadResponses, item, both("output", `[`+evil+`]`, `{"type":"x"}`)},
		"servers":           {ReadResponses, func(s string) string { return `{"model":"m","tools":[{"type":"mcp",` + s + `}]}` }, both("server_url", `"https://e.org/a"`, `"http://10.0.0.1/x"`)},
		"sources": {ReadMessages, func(s string) string { return message(`"content":[{"type":"image",` + s + `}]`) },
			both("source", `{"type":"base64","data":"AAAA"}`, `{"type":"url","url":"http://10.0.0.1/x"}`)},
		"types of sources": {ReadMessages, func(s string) string {
			return message(`"content":[{"type":"image","source":{"url":"http://10.0.0.1/x",` + s + `}}]`)
		}, both("type", `"base64"`, `"url"`)},
		"addresses of sources": {ReadMessages, func(s string) string {
			return message(`"content":[{"type":"image","source":{"type":"url",` + s + `}}]`)
		}, both("url", `"https://e.org/a"`, `"http://10.0.0.1/x"`)},
		"contents of blocks": {ReadMessages, func(s string) string { return message(`"content":[{"type":"tool_result",` + s + `}]`) },
			both("content", `"x"`, `[{"type":"image","source":{"type":"url","url":"http://10.0.0.1/x"}}]`)},
		"contents of messages": {ReadMessages, message, both("content", `"x"`, `[{"type":"image","source":{"type":"url","url":"http://10.0.0.1/x"}}]`)},
		"MCP servers":          {ReadMessages, func(s string) string { return `{"model":"m","messages":[],"mcp_servers":[{` + s + `}]}` }, both("url", `"https://e.org/a"`, `"http://10.0.0.1/x"`)},
		"images":               {ReadImages, func(s string) string { return `{"model":"m","images":[{` + s + `}]}` }, both("image_url", `"https://e.org/a"`, `"http://10.0.0.1/x"`)},
		"documents": {ReadRanking, func(s string) string { return `{"model":"m","query":"q","documents":[{` + s + `}]}` },
			both("content", `[{"type":"text","text":"x"}]`, `[`+evil+`]`)},
	} {
		for _, twice := range c.twice {
			body := c.within(twice)
			if p, err := c.read(objectOf(t, body)); err != nil || !slices.Contains(p.Media, "http://10.0.0.1/x") {
				t.Errorf("%s: %s: %v, %v", name, body, p.Media, err)
			}
		}
	}
	for _, twice := range both("type", `"function"`, `"file_search"`) {
		for _, read := range []func(Object) (Params, error){ReadResponses, ReadMessages} {
			if p, err := read(objectOf(t, `{"model":"m","tools":[{`+twice+`}]}`)); err != nil || p.FeeTool != "file_search" {
				t.Errorf("a tool of two types: %+v %v", p, err)
			}
		}
	}
	for _, twice := range both("type", `"function"`, `"web_search"`) {
		if p, err := ReadResponses(objectOf(t, `{"model":"m","tools":[{`+twice+`}]}`)); err != nil || p.Searches == 0 {
			t.Errorf("a search of two types: %+v %v", p, err)
		}
	}
	for _, twice := range both("max_uses", `1`, `7`) {
		if p, err := ReadMessages(objectOf(t, `{"model":"m","tools":[{"type":"web_search_20250305",`+twice+`}]}`)); err != nil || p.Searches != 7 {
			t.Errorf("a search of two bounds: %+v %v", p, err)
		}
	}
	for _, twice := range both("file_id", `null`, `"f"`) {
		for _, body := range []string{`{"model":"m","input":[{"role":"user","content":[{` + twice + `}]}]}`, `{"model":"m","input":[{` + strings.ReplaceAll(strings.ReplaceAll(twice, "file_id", "type"), `"f"`, `"item_reference"`) + `}]}`} {
			if p, err := ReadResponses(objectOf(t, body)); err != nil || !p.Stored {
				t.Errorf("%s: %+v %v", body, p, err)
			}
		}
	}
}

// TestFilesOfChat: a file in a message is bytes, which stay in the bound of the prompt; how much
// there is in it is known of a text alone; only an address is fetched.
func TestFilesOfChat(t *testing.T) {
	data := strings.Repeat("A", 100_000)
	for file, c := range map[string]struct {
		media  int
		stored bool
		least  int64
	}{
		`{"filename":"a.pdf","file_data":"data:application/pdf;base64,` + data + `"}`: {0, true, 100_000},
		`{"filename":"a.pdf","file_data":"` + data + `"}`:                             {0, true, 100_000},
		`{"filename":"a.txt","file_data":"data:text/plain;base64,` + data + `"}`:      {0, false, 100_000},
		`{"file_id":"file-1"}`:                         {0, true, 0},
		`{"file_data":"https://e.org/a.pdf"}`:          {1, true, 0},
		`{"file_url":"https://e.org/a.pdf"}`:           {1, true, 0},
		`{"url":"data:image/png;base64,` + data + `"}`: {0, true, 0},
	} {
		body := `{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":` + file + `}]}]}`
		if p, err := ReadParams(objectOf(t, body)); err != nil || len(p.Media) != c.media || p.Stored != c.stored || p.InputBound < c.least || c.least == 0 && p.InputBound > 11_000 {
			t.Errorf("%.80s: %+v %v", file, p, err)
		}
	}
}

// TestToolsOfChat: what the client runs itself costs nothing more; what a vendor runs, and no
// usage of a chat tells of, has a fee.
func TestToolsOfChat(t *testing.T) {
	for more, c := range map[string]struct {
		fee     string
		fetches bool
	}{
		`"tools":[{"type":"function","function":{"name":"f"}}]`:                       {},
		`"tools":[{"function":{"name":"f"}},{"type":"custom","custom":{"name":"c"}}]`: {},
		`"tools":null,"plugins":[]`:                                                   {},
		`"tools":[{"type":"mcp","server_url":"https://e.org/mcp"}]`:                   {fetches: true},
		`"tools":[{"type":"function","function":{}},{"type":"web_search"}]`:           {fee: "web_search"},
		`"tools":[{"type":"function","type":"browser_search"}]`:                       {fee: "browser_search"},
		`"tools":[{"type":"builtin_function","function":{"name":"$web_search"}}]`:     {fee: "builtin_function"},
		`"tools":[{"google_search":{}}]`:                                              {fee: "without a type"},
		`"plugins":[{"id":"web"}]`:                                                    {fee: "plugins"},
	} {
		p, err := ReadChat(objectOf(t, `{"model":"m",`+more+`}`))
		if err != nil || p.FeeTool != c.fee || p.Turns != c.fetches || p.Stored != c.fetches || c.fetches != (len(p.Media) == 1) {
			t.Errorf("%s: %+v, %v", more, p, err)
		}
	}
}

// TestDearerMessages: what Anthropic bills at rates of its own, beside the tiers, has a tier
// that nobody has stated a price of.
func TestDearerMessages(t *testing.T) {
	for more, want := range map[string]string{
		`"speed":"fast"`: SpeedTier("fast"), `"inference_geo":"us"`: "inference_geo: us", `"speed":"fast","inference_geo":"us"`: "inference_geo: us",
		`"speed":"standard","inference_geo":"global"`: "", `"speed":null`: "",
	} {
		if p, err := ReadMessages(objectOf(t, `{"model":"m",`+more+`}`)); err != nil || p.ServiceTier != want {
			t.Errorf("%s: %+v, %v", more, p, err)
		}
	}
}

// TestWhatAVendorKeeps: a prompt of its own is one that nobody here knows; what is no switch is
// refused.
func TestWhatAVendorKeeps(t *testing.T) {
	for prompt, stored := range map[string]bool{`{"id":"pmpt_1"}`: true, `"hi"`: false, `null`: false} {
		if p, err := ReadResponses(objectOf(t, `{"model":"m","background":true,"prompt":`+prompt+`}`)); err != nil || p.Stored != stored || !p.Background {
			t.Errorf("%s: %+v, %v", prompt, p, err)
		}
	}
	for _, body := range []string{`{"model":"m","background":"yes"}`, `{"model":"m","max_tool_calls":-1}`, `{"model":"m","n":"x"}`} {
		var field *ErrField
		if _, err := ReadResponses(objectOf(t, body)); !errors.As(err, &field) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// TestItemsOfResponses: each item is looked at, and a part that stands by itself as well.
func TestItemsOfResponses(t *testing.T) {
	for input, c := range map[string]struct {
		media  []string
		stored bool
	}{
		`"hi"`: {}, `[]`: {},
		`[{"role":"user","content":"hi"},{"role":"user","content":[{"type":"input_image","image_url":"https://e.org/a"},{"type":"input_image","image_url":"https://e.org/b"}]},{"role":"user","content":{"type":"input_image","image_url":"https://e.org/c"}}]`: {media: []string{"https://e.org/a", "https://e.org/b", "https://e.org/c"}},
		`[{"role":"user","content":"hi"},{"role":"user","content":{"type":"input_file","file_id":"f"}}]`: {stored: true},
		`[{"type":"function_call_output","output":{"type":"input_file","file_id":"f"}}]`:                 {stored: true},
		`[{"role":"user","content":"hi"},{"type":"item_reference","id":"x"}]`:                            {stored: true},
	} {
		if p, err := ReadResponses(objectOf(t, `{"model":"m","input":`+input+`}`)); err != nil || !slices.Equal(p.Media, c.media) || p.Stored != c.stored {
			t.Errorf("%s: %+v, %v", input, p, err)
		}
	}
}

// TestBoundOfARanking: a query is read again beside each document.
func TestBoundOfARanking(t *testing.T) {
	query := strings.Repeat("q", 1000)
	for documents, least := range map[string]int64{`"a"`: 1001, `"a","b","c"`: 3003} {
		if p, err := ReadRanking(objectOf(t, `{"model":"m","query":"`+query+`","documents":[`+documents+`]}`)); err != nil || p.InputBound < least || p.InputBound > least*11/10 {
			t.Errorf("%s: %+v, %v", documents, p, err)
		}
	}
}
