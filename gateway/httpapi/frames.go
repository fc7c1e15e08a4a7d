package httpapi

import (
	"fmt"

	"github.com/tidwall/gjson"

	"tollgate/gateway/edge"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// frames appends the events of a stream, its end and its failure as the clients of its
// operation read them.
type frames struct {
	op    providers.Operation
	stamp *stamp // nil: events leave as they came
	last  []byte // data of the event before; only where its number is wanted
	// response is the response as it was last shown; nil if it was not, or is too long.
	response []byte
}

// maxShown is how much of a response is kept for the event that says that it has failed,
// in bytes.
const maxShown = 64 << 10

func (f *frames) event(dst []byte, ev *providers.Event) []byte {
	if f.stamp == nil {
		return f.append(dst, ev, ev.Data)
	}
	room := buffers.Get().(*[]byte)
	data := f.stamp.append((*room)[:0], ev.Data)
	dst = f.append(dst, ev, data)
	if cap(data) <= keptBuffer {
		*room = data
		buffers.Put(room)
	}
	return dst
}

// append appends an event with the data that the client gets of it.
func (f *frames) append(dst []byte, ev *providers.Event, data []byte) []byte {
	if f.numbered() {
		f.last = append(f.last[:0], data...)
		switch ev.Name {
		case "response.created", "response.queued", "response.in_progress":
			f.response = nil
			if r := gjson.GetBytes(data, "response").Raw; len(r) <= maxShown {
				f.response = []byte(r)
			}
		}
	}
	return wire.AppendNamed(dst, ev.Name, data)
}

// numbered says that events carry numbers without gaps.
func (f *frames) numbered() bool {
	return f.op == providers.Responses || f.op == providers.ResponsesGet
}

// end appends what follows the last event.
func (f *frames) end(dst []byte) []byte {
	if f.op.Spec().End == providers.DoneMark {
		return wire.AppendEvent(dst, []byte(wire.Done))
	}
	return dst
}

// failure is an error in-band. No end mark follows it. A response that was shown is shown
// once more, as failed: its readers wait for an end of it, and know this one.
func (f *frames) failure(told edge.Told, requestID string) []byte {
	switch {
	case f.op.Spec().Surface == providers.Anthropic:
		return wire.AppendNamed(nil, "error", told.Anthropic(requestID))
	case f.numbered():
		inner := gjson.GetBytes(told.Object.Body(), "error")
		code, message := inner.Get("code").Raw, inner.Get("message").Raw
		number := int64(0)
		if len(f.last) > 0 {
			number = gjson.GetBytes(f.last, "sequence_number").Int() + 1
		}
		var b []byte
		if response, err := wire.ParseObject(f.response); err == nil {
			known := wire.String(told.InResponse()) // the error below says which it is
			failed := response.Patch(wire.Edit{Key: "status", Value: []byte(`"failed"`)},
				wire.Edit{Key: "error", Value: []byte(`{"code":` + string(known) + `,"message":` + message + `}`)})
			b = wire.AppendNamed(b, "response.failed", fmt.Appendf(nil, `{"type":"response.failed","sequence_number":%d,"response":%s}`, number, failed))
			number++
		}
		return wire.AppendNamed(b, "error", fmt.Appendf(nil, `{"type":"error","code":%s,"message":%s,"param":%s,"sequence_number":%d}`, code, message, inner.Get("param").Raw, number))
	case f.op.Spec().End == providers.DoneMark:
		return wire.AppendEvent(nil, told.InStream().Body())
	}
	return wire.AppendNamed(nil, "error", told.Object.Body())
}
