package wire

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// MaxResponseID is the longest id of a response that is read, in bytes.
const MaxResponseID = 2048

// ReadResponses reads the fields of a request of the responses surface: those of
// [ReadParams], and what its items, its tools and what an upstream keeps add.
func ReadResponses(o Object) (Params, error) {
	p, err := ReadParams(o)
	if err != nil {
		return p, err
	}
	if v, ok := o.Get("conversation"); ok && v.Type != gjson.Null {
		return p, &ErrField{"conversation", "conversations are not served here: go on from an answer with previous_response_id"}
	}
	if v, ok := o.Get("previous_response_id"); ok && v.Type != gjson.Null {
		if v.Type != gjson.String || v.Str == "" || len(v.Str) > MaxResponseID {
			return p, &ErrField{"previous_response_id", fmt.Sprintf("it must be the id of a response, of at most %d bytes", MaxResponseID)}
		}
		p.Previous, p.Stored = v.Str, true
	}
	if p.Background, err = flag(o, "background"); err != nil {
		return p, err
	}
	if v, ok := o.Get("prompt"); ok && v.IsObject() {
		p.Stored = true // a prompt that the vendor keeps
	}
	if v, ok := o.Get("input"); ok && v.IsArray() {
		v.ForEach(func(_, item gjson.Result) bool {
			p.item(item)
			return true
		})
	}
	calls, err := positive(o, "max_tool_calls", MaxOutputCap)
	if err != nil {
		return p, err
	}
	if v, ok := o.Get("tools"); ok {
		v.ForEach(func(_, tool gjson.Result) bool {
			p.tool(tool, calls)
			return true
		})
	}
	return p, nil
}

// item reads one item of the input: a message, a tool's output, or a part by itself.
func (p *Params) item(item gjson.Result) {
	p.stored(item)
	p.part(item)
	each(item, func(key string, v gjson.Result) {
		if key != "content" && key != "output" {
			return
		}
		if !v.IsArray() {
			p.stored(v)
			p.part(v)
			return
		}
		v.ForEach(func(_, part gjson.Result) bool {
			p.stored(part)
			p.part(part)
			return true
		})
	})
}

// stored notices what an upstream keeps and a request only names.
func (p *Params) stored(v gjson.Result) {
	each(v, func(key string, v gjson.Result) {
		switch {
		case v.Type != gjson.String:
		case key == "file_id", key == "type" && v.Str == "item_reference":
			p.Stored = true
		case key == "file_data":
			p.file(v.Str)
		}
	})
}

// The tools that nobody bills by themselves, by the beginnings of their types; what is read
// and written for them is in the usage. So it is with servers that speak MCP and with pages
// that are fetched, but the upstream reads those itself.
var freeTools = []string{"function", "custom", "computer", "local_shell", "apply_patch", "tool_search", "namespace",
	"bash_", "text_editor_", "memory_"}

// theirTools are those of them that the client runs: the model has one turn.
var theirTools = []string{"function", "custom", "computer", "local_shell", "apply_patch", "namespace", "bash_", "text_editor_", "memory_"}

// assumedSearches is how many searches a tool without a bound is held for.
const assumedSearches = 10

// tool reads one tool that a request offers. calls bounds its use; 0 does not.
func (p *Params) tool(tool gjson.Result, calls int64) {
	uses, search := int64(0), false
	each(tool, func(key string, v gjson.Result) {
		switch key {
		case "server_url":
			if v.Type == gjson.String {
				p.Media = append(p.Media, v.Str) // the upstream connects to it
			}
		case "max_uses":
			uses = max(uses, v.Int())
		case "type":
			kind := v.String()
			among := func(tools []string) bool {
				return kind == "" || slices.ContainsFunc(tools, func(tool string) bool { return strings.HasPrefix(kind, tool) })
			}
			p.Turns = p.Turns || !among(theirTools)
			switch {
			case strings.HasPrefix(kind, "mcp"), strings.HasPrefix(kind, "web_fetch_"):
				p.Stored = true
			case among(freeTools):
			case strings.HasPrefix(kind, "web_search"):
				search = true
			default:
				p.FeeTool = Excerpt(kind, maxTool)
			}
		}
	})
	if search {
		if uses > 0 {
			calls = uses
		}
		if calls <= 0 {
			calls = assumedSearches
		}
		p.Searches = max(p.Searches, min(calls, MaxOutputCap))
	}
}

// ResponseText collects the text that a response's output holds: what a model is paid
// for, if it is counted here.
func ResponseText(output gjson.Result) string {
	var b strings.Builder
	output.ForEach(func(_, item gjson.Result) bool {
		for _, key := range []string{"content", "summary"} {
			item.Get(key).ForEach(func(_, part gjson.Result) bool {
				appendText(&b, part.Get("text"))
				appendText(&b, part.Get("refusal"))
				return true
			})
		}
		for _, key := range []string{"arguments", "input", "code"} {
			if v := item.Get(key); v.Type == gjson.String {
				appendText(&b, v)
			}
		}
		return true
	})
	return b.String()
}

// ProducedText is the text of a whole answer of any surface; of one that cannot be
// read, all of it.
func ProducedText(answer []byte) string {
	o, err := ParseObject(answer)
	if err != nil {
		return string(answer)
	}
	if v, ok := o.Get("choices"); ok {
		return AnswerText(v)
	}
	if v, ok := o.Get("output"); ok {
		return ResponseText(v)
	}
	v, _ := o.Get("content")
	return MessageText(v)
}

// itemText appends the text of an item of a response's input.
func itemText(b io.StringWriter, item gjson.Result) {
	line := func(v gjson.Result) {
		if v.Type == gjson.String {
			write(b, v.Str, "\n")
		}
	}
	item.ForEach(func(key, v gjson.Result) bool {
		switch key.Str {
		case "name", "arguments", "text":
			line(v)
		case "content", "output":
			line(v)
			if v.IsArray() {
				v.ForEach(func(_, part gjson.Result) bool { line(part.Get("text")); return true })
			}
		}
		return true
	})
}
