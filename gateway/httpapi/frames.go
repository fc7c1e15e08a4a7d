package httpapi

import (
	"strconv"

	"github.com/tidwall/gjson"

	"tollgate/gateway/edge"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// frames appends the events of a stream, its end and its failure as the clients of its
// operation read them.
type frames struct {
	op   providers.Operation
	last []byte // data of the event before; only where its number is wanted
}

func (f *frames) event(dst []byte, ev *providers.Event) []byte {
	if f.numbered() {
		f.last = append(f.last[:0], ev.Data...)
	}
	return wire.AppendNamed(dst, ev.Name, ev.Data)
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

// failure is an error in-band. No end mark follows it.
func (f *frames) failure(told edge.Told, requestID string) []byte {
	switch {
	case f.op.Spec().Surface == providers.Anthropic:
		return wire.AppendNamed(nil, "error", told.Anthropic(requestID))
	case f.numbered():
		body := told.Object.Body()
		inner := gjson.GetBytes(body, "error")
		b := append([]byte(`{"type":"error","code":`), inner.Get("code").Raw...)
		b = append(append(b, `,"message":`...), inner.Get("message").Raw...)
		b = append(append(b, `,"param":`...), inner.Get("param").Raw...)
		b = append(b, `,"sequence_number":`...)
		b = strconv.AppendInt(b, gjson.GetBytes(f.last, "sequence_number").Int()+1, 10)
		return wire.AppendNamed(nil, "error", append(b, '}'))
	case f.op.Spec().End == providers.DoneMark:
		return wire.AppendEvent(nil, told.Object.Body())
	}
	return wire.AppendNamed(nil, "error", told.Object.Body())
}
