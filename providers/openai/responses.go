package openai

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// editResponse writes the output cap, and the response that the call goes on from as
// the upstream calls it.
func editResponse(call providers.Call) []wire.Edit {
	var edits []wire.Edit
	if call.OutputCap > 0 {
		edits = append(edits, wire.Edit{Key: "max_output_tokens", Value: strconv.AppendInt(nil, call.OutputCap, 10)})
	}
	if call.Response != "" {
		edits = append(edits, wire.Edit{Key: previousResponse, Value: wire.String(call.Response)})
	}
	return edits
}

const previousResponse = "previous_response_id"

// decodeResponse reads a response object or a compaction. One that failed is an answer:
// it has an id, may have been used, and says why by itself.
func decodeResponse(c *codec, call providers.Call, _ string, body []byte) (providers.Answer, error) {
	answer, err := answerOf(body, "id", isText)
	if err != nil {
		return providers.Answer{}, err
	}
	if _, has := answer.Get("output"); !has {
		return providers.Answer{}, badAnswer("an answer without output", body)
	}
	r := c.response(call, answer)
	out := providers.Answer{Body: body, Usage: r.Usage, Doubt: r.Doubt, Model: r.Model, ServiceTier: r.ServiceTier, Failed: r.Failed, Running: r.Running}
	output, _ := answer.Get("output")
	out.Searches = searches(output)
	if out.Usage == nil {
		out.Text = wire.ResponseText(output)
	}
	if edits := handles(call, answer); len(edits) > 0 {
		out.Body = answer.Patch(edits...)
	}
	return out, nil
}

func isText(v gjson.Result) bool { return v.Type == gjson.String && v.Str != "" }

// decodeDeleted reads what says that a response is deleted.
func decodeDeleted(_ *codec, call providers.Call, _ string, body []byte) (providers.Answer, error) {
	answer, err := answerOf(body, "id", isText)
	if err != nil {
		return providers.Answer{}, err
	}
	return providers.Answer{Body: answer.Patch(handles(call, answer)...)}, nil
}

// handles are the edits that put what clients call them in place of the upstream's ids.
func handles(call providers.Call, response wire.Object) []wire.Edit {
	if call.Handle == nil {
		return nil
	}
	var edits []wire.Edit
	for _, key := range []string{"id", previousResponse} {
		if v, _ := response.Get(key); isText(v) {
			edits = append(edits, wire.Edit{Key: key, Value: wire.String(call.Handle(v.Str))})
		}
	}
	return edits
}

// response reads what the meter needs of a response object.
func (c *codec) response(call providers.Call, o wire.Object) providers.Event {
	e := providers.Event{Model: o.Text("model"), ServiceTier: o.Text("service_tier")}
	switch o.Text("status") {
	case "failed":
		why, _ := o.Get("error")
		e.Failed = reportedError([]byte(why.Raw))
	case "queued", "in_progress":
		e.Running, e.Opening = o.Text("id"), true
	}
	if v, has := o.Get("usage"); has {
		e.Usage, e.Doubt = c.usage(call.Operation, v)
	}
	if e.Usage != nil {
		output, _ := o.Get("output")
		e.Usage[accounting.Searches] = searches(output)
	}
	return e
}

// searches counts the web searches in an output: each is billed beside the tokens.
// Opening a page that a search found is none.
func searches(output gjson.Result) (n int64) {
	output.ForEach(func(_, item gjson.Result) bool {
		if isSearch(item) {
			n++
		}
		return true
	})
	return n
}

func isSearch(item gjson.Result) bool {
	if item.Get("type").Str != "web_search_call" {
		return false
	}
	action := item.Get("action.type").Str
	return action == "" || action == "search"
}

// responseEvents reads the events of a streamed response. Each has its own name in
// `type`; those with the whole response in them tell its id, its usage and its end. A search
// is made once its item is done, whatever becomes of the response.
func responseEvents(c *codec, call providers.Call) func(string, []byte) (providers.Event, error) {
	made, said := int64(0), false
	return func(_ string, data []byte) (providers.Event, error) {
		if string(data) == wire.Done {
			return providers.Event{}, nil // some servers send it after the end
		}
		o, err := wire.ParseObject(data)
		if err != nil {
			return providers.Event{}, badAnswer("an event that is no object", data)
		}
		kind := o.Text("type")
		switch kind {
		case "error":
			return providers.Event{}, reportedError(data)
		case "":
			if v, has := o.Get("error"); has && v.Type != gjson.Null {
				return providers.Event{}, reportedError(data)
			}
		}
		e := providers.Event{Data: data}
		if v, _ := o.Get("response"); v.IsObject() {
			inner, err := wire.ParseObject([]byte(v.Raw))
			if err != nil {
				return providers.Event{}, badAnswer("an event that is no object", data)
			}
			e = c.response(call, inner)
			e.Data = data
			if edits := handles(call, inner); len(edits) > 0 {
				e.Data = o.Patch(wire.Edit{Key: "response", Value: inner.Patch(edits...)})
			}
			switch kind {
			case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
				e.Last, e.Opening = true, true // what it brings was produced before, or is told here
				output, _ := inner.Get("output")
				e.Searches = max(made, searches(output))
				if e.Usage == nil && !said {
					e.Text = wire.ResponseText(output)
				}
			}
			return e, nil
		}
		if kind == "response.output_item.done" {
			if item, _ := o.Get("item"); isSearch(item) {
				made++
			}
		}
		e.Searches = made
		if strings.HasSuffix(kind, ".delta") && !strings.HasSuffix(kind, "audio.delta") {
			if v, _ := o.Get("delta"); v.Type == gjson.String {
				e.Text, said = v.Str, true
			}
		}
		return e, nil
	}
}
