package openai

import (
	"strconv"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// anthropicVersion is what a request says that names no version itself.
const anthropicVersion = "2023-06-01"

// editMessage writes the output cap.
func editMessage(call providers.Call) []wire.Edit {
	if call.OutputCap == 0 {
		return nil
	}
	return []wire.Edit{{Key: maxTokens, Value: strconv.AppendInt(nil, call.OutputCap, 10)}}
}

// decodeMessage reads a whole message.
func decodeMessage(c *codec, _ providers.Call, _ string, body []byte) (providers.Answer, error) {
	answer, err := answerOf(body, "content", gjson.Result.IsArray)
	if err != nil {
		return providers.Answer{}, err
	}
	out := providers.Answer{Body: body, Model: answer.Text("model")}
	var n messageUsage
	if v, has := answer.Get("usage"); has {
		n.merge(v)
		out.Usage, out.Doubt = n.usage(c.quirks.CacheIncluded)
		out.ServiceTier = n.tier
	}
	content, _ := answer.Get("content")
	content.ForEach(func(_, block gjson.Result) bool {
		if isFinding(block) {
			out.Searches++
		}
		return true
	})
	if out.Usage == nil {
		out.Text = wire.MessageText(content)
	}
	return out, nil
}

// isFinding says that a block has what a search of the web has found. One that has failed is
// not billed, and brings an object in place of the list.
func isFinding(block gjson.Result) bool {
	return block.Get("type").Str == "web_search_tool_result" && block.Get("content").IsArray()
}

// messageEvents reads the events of a streamed message. Its usage is that of its start,
// in which each count that a later one names is replaced.
func messageEvents(c *codec, _ providers.Call) func(string, []byte) (providers.Event, error) {
	var n messageUsage
	found := int64(0)
	return func(_ string, data []byte) (providers.Event, error) {
		if string(data) == wire.Done {
			return providers.Event{}, nil // not of this surface
		}
		o, err := wire.ParseObject(data)
		if err != nil {
			return providers.Event{}, badAnswer("an event that is no object", data)
		}
		e := providers.Event{Data: data}
		switch o.Text("type") {
		case "error":
			return providers.Event{}, reportedError(data)
		case "message_start":
			message, _ := o.Get("message")
			n.merge(message.Get("usage"))
			if !c.quirks.GuessedStart {
				e.Usage, e.Doubt = n.usage(c.quirks.CacheIncluded)
			}
			e.Model, e.ServiceTier, e.Opening = message.Get("model").String(), n.tier, true
		case "ping":
			e.Opening = true
		case "content_block_start":
			block, _ := o.Get("content_block")
			e.Text = block.Get("text").String() + block.Get("thinking").String()
			if isFinding(block) {
				found++
			}
		case "content_block_delta":
			delta, _ := o.Get("delta")
			for _, key := range []string{"text", "partial_json", "thinking"} {
				e.Text += delta.Get(key).String()
			}
		case "message_delta":
			v, _ := o.Get("usage")
			n.merge(v)
			e.Usage, e.Doubt = n.usage(c.quirks.CacheIncluded)
			e.ServiceTier = n.tier
		case "message_stop":
			e.Last = true
		case "":
			if v, has := o.Get("error"); has && v.Type != gjson.Null {
				return providers.Event{}, reportedError(data)
			}
		}
		e.Searches = found
		return e, nil
	}
}

// messageUsage is the running usage of a message. A count that is null says nothing.
type messageUsage struct {
	messageTokens
	compacted                messageTokens // what it took to cut the conversation down: billed, and in none of the other counts
	thinking, searches       int64
	hasInput, hasOutput, bad bool
	tier                     string
}

// messageTokens are tokens of Anthropic's kinds; hour is that of written which is kept for an
// hour.
type messageTokens struct{ input, read, written, hour, output int64 }

func (n *messageUsage) merge(v gjson.Result) {
	if !v.IsObject() {
		n.bad = n.bad || v.Exists() && v.Type != gjson.Null
		return
	}
	r := readUsage(v)
	take := func(to *int64, outer, inner string) (has bool) {
		count, has := r.count(path{outer, inner})
		if has {
			*to = count
		}
		return has
	}
	n.hasInput = take(&n.input, "input_tokens", "") || n.hasInput
	n.hasOutput = take(&n.output, "output_tokens", "") || n.hasOutput
	take(&n.read, "cache_read_input_tokens", "")
	take(&n.written, "cache_creation_input_tokens", "")
	take(&n.hour, "cache_creation", "ephemeral_1h_input_tokens")
	take(&n.thinking, "output_tokens_details", "thinking_tokens")
	take(&n.searches, "server_tool_use", "web_search_requests")
	n.bad = n.bad || r.bad
	if tier := v.Get("service_tier"); tier.Type == gjson.String {
		n.tier = tier.Str
	}
	if speed := v.Get("speed"); speed.Type == gjson.String && speed.Str != "standard" {
		n.tier = wire.SpeedTier(speed.Str)
	}
	if all := v.Get("iterations"); all.IsArray() {
		n.compact(all)
	}
}

// compact adds up the iterations that have cut the conversation down.
func (n *messageUsage) compact(iterations gjson.Result) {
	n.compacted = messageTokens{}
	iterations.ForEach(func(_, v gjson.Result) bool {
		if v.Get("type").Str != "compaction" {
			return true
		}
		r := readUsage(v)
		add := func(to *int64, outer, inner string) {
			count, _ := r.count(path{outer, inner})
			*to = min(*to+count, accounting.MaxCount)
		}
		add(&n.compacted.input, "input_tokens", "")
		add(&n.compacted.output, "output_tokens", "")
		add(&n.compacted.read, "cache_read_input_tokens", "")
		add(&n.compacted.written, "cache_creation_input_tokens", "")
		add(&n.compacted.hour, "cache_creation", "ephemeral_1h_input_tokens")
		n.bad = n.bad || r.bad
		return true
	})
}

// usage reads the counts into disjoint meters. included says that the input includes
// what came from the cache and what went into it.
func (n *messageUsage) usage(included bool) (*accounting.Usage, providers.Doubt) {
	switch {
	case n.bad:
		return nil, providers.BadUsage
	case !n.hasInput && !n.hasOutput:
		return nil, ""
	}
	all, doubt := n.messageTokens, providers.Doubt("")
	all.input += n.compacted.input
	all.read += n.compacted.read
	all.written += n.compacted.written
	all.hour += n.compacted.hour
	all.output += n.compacted.output
	input, written := all.input, max(all.written, all.hour)
	if all.hour > all.written {
		doubt = providers.OddUsage
	}
	u := accounting.Usage{accounting.CachedInput: all.read, accounting.Searches: n.searches}
	if included {
		if all.read+written > all.input {
			doubt = providers.OddUsage
		}
		u[accounting.CachedInput] = min(all.read, input)
		input -= u[accounting.CachedInput]
		written = min(written, input)
		input -= written
	}
	u[accounting.CacheWriteHour] = min(all.hour, written)
	u[accounting.CacheWrite] = written - u[accounting.CacheWriteHour]
	u[accounting.Input] = input
	u[accounting.Reasoning] = min(n.thinking, all.output)
	u[accounting.Output] = all.output - u[accounting.Reasoning]
	if n.thinking > all.output {
		doubt = providers.OddUsage
	}
	u, _ = u.Clamp()
	if u.IsZero() {
		return nil, ""
	}
	return &u, doubt
}
