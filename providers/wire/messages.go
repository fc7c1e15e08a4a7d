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
			each(msg, func(key string, v gjson.Result) {
				if key == "content" {
					p.blocks(v)
				}
			})
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
	for _, key := range []string{"compaction", "context_management", "mcp_servers"} {
		raw, ok := o.Raw(key)
		p.Turns = p.Turns || ok && string(raw) != "null"
	}
	if v, ok := o.Get("mcp_servers"); ok {
		v.ForEach(func(_, server gjson.Result) bool {
			p.Stored, p.Turns = true, true
			each(server, func(key string, u gjson.Result) {
				if key == "url" && u.Type == gjson.String {
					p.Media = append(p.Media, u.Str) // the upstream connects to it
				}
			})
			return true
		})
	}
	// An escape may hide the words; that it stands there is enough.
	p.HourCache = o.MayNest("ttl") && (bytes.Contains(o.raw, []byte("1h")) || bytes.Contains(o.raw, []byte(`\u`)))
	if speed := o.Text("speed"); speed != "" && speed != "standard" {
		p.ServiceTier = SpeedTier(speed)
	}
	// Answers from a place of one's choice are billed at rates of their own, which stand in no
	// price list.
	if geo := o.Text("inference_geo"); geo != "" && geo != "global" {
		p.ServiceTier = "inference_geo: " + Excerpt(geo, maxTool)
	}
	if v, ok := o.Get("metadata"); ok && p.EndUser == "" {
		if id := v.Get("user_id"); id.Type == gjson.String {
			p.EndUser = id.Str
		}
	}
	return p, nil
}

// SpeedTier is the service tier that a speed of Anthropic's stands for. It is told apart from
// the tiers of that name, which other vendors have at other prices.
func SpeedTier(speed string) string { return "speed: " + speed }

// blocks reads the blocks of a message's content. A tool's result holds blocks of its
// own. A text's bytes stay in the bound: it has no more tokens than bytes.
func (p *Params) blocks(content gjson.Result) {
	if !content.IsArray() {
		return
	}
	content.ForEach(func(_, block gjson.Result) bool {
		image := false
		each(block, func(key string, v gjson.Result) {
			switch key {
			case "content":
				p.blocks(v)
			case "type":
				image = image || v.Str == "image"
			}
		})
		each(block, func(key string, v gjson.Result) {
			if key == "source" {
				p.source(v, image)
			}
		})
		return true
	})
}

// source reads where the bytes of a block are. Whatever its type, an address is one that the
// upstream may fetch.
func (p *Params) source(source gjson.Result, image bool) {
	text := true
	each(source, func(key string, v gjson.Result) { text = text && (key != "type" || v.Str == "text") })
	each(source, func(key string, v gjson.Result) {
		switch {
		case key == "url" && v.Type == gjson.String:
			p.media(v.Str)
			p.Stored = p.Stored || !image
		case key == "file_id" && v.Type == gjson.String:
			p.Stored = true
		case key == "content":
			p.blocks(v)
		case key == "data" && image:
			p.InputBound += imageTokens - int64(len(v.Raw))
		case key == "data" && !text:
			p.Stored = true // the pages of a document may be packed into as few bytes as one likes
		}
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
