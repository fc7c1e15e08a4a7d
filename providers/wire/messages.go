package wire

import (
	"bytes"
	"io"
	"strings"

	"github.com/tidwall/gjson"
)

// ReadMessages reads the fields of a request of Anthropic's messages: those of
// [ReadParams], media in its own shape, and whom it is for.
func ReadMessages(o Object) (Params, error) {
	p, err := ReadParams(o)
	if err != nil {
		return p, err
	}
	if v, ok := o.Get("messages"); ok && v.IsArray() {
		v.ForEach(func(_, msg gjson.Result) bool {
			p.blocks(msg.Get("content"))
			return true
		})
	}
	if v, ok := o.Get("system"); ok {
		p.blocks(v)
	}
	if v, ok := o.Get("tools"); ok {
		v.ForEach(func(_, tool gjson.Result) bool {
			p.tool(tool, 0)
			return true
		})
	}
	if v, ok := o.Get("mcp_servers"); ok {
		v.ForEach(func(_, server gjson.Result) bool {
			if u := server.Get("url"); u.Type == gjson.String {
				p.Media = append(p.Media, u.Str) // the upstream connects to it
			}
			return true
		})
	}
	// An escape may hide the words; that it stands there is enough.
	p.HourCache = o.MayNest("ttl") && (bytes.Contains(o.raw, []byte("1h")) || bytes.Contains(o.raw, []byte(`\u`)))
	if v, ok := o.Get("metadata"); ok && p.EndUser == "" {
		if id := v.Get("user_id"); id.Type == gjson.String {
			p.EndUser = id.Str
		}
	}
	return p, nil
}

// blocks reads the blocks of a message's content. A tool's result holds blocks of its
// own. A document's bytes stay in the bound: it has no more tokens than bytes.
func (p *Params) blocks(content gjson.Result) {
	if !content.IsArray() {
		return
	}
	content.ForEach(func(_, block gjson.Result) bool {
		if inner := block.Get("content"); inner.IsArray() {
			p.blocks(inner)
		}
		source := block.Get("source")
		switch source.Get("type").Str {
		case "url":
			p.media(source.Get("url").String())
		case "base64":
			if block.Get("type").Str == "image" {
				p.InputBound += imageTokens - int64(len(source.Get("data").Raw))
			}
		case "file":
			p.Stored = true
		}
		return true
	})
}

// MessageText collects the text of an answer's content blocks.
func MessageText(content gjson.Result) string {
	var b strings.Builder
	content.ForEach(func(_, block gjson.Result) bool {
		appendText(&b, block.Get("text"))
		appendText(&b, block.Get("thinking"))
		if input := block.Get("input"); input.IsObject() && input.Raw != "{}" {
			b.WriteString(input.Raw)
		}
		return true
	})
	return b.String()
}

// blockText appends the text of a block of a prompt.
func blockText(b io.StringWriter, block gjson.Result) {
	line := func(v gjson.Result) {
		if v.Type == gjson.String && v.Str != "" {
			write(b, v.Str, "\n")
		}
	}
	block.ForEach(func(key, v gjson.Result) bool {
		switch key.Str {
		case "text", "thinking", "name":
			line(v)
		case "content":
			line(v)
			if v.IsArray() {
				v.ForEach(func(_, part gjson.Result) bool { line(part.Get("text")); return true })
			}
		case "input":
			if v.IsObject() {
				write(b, v.Raw)
			}
		}
		return true
	})
}
