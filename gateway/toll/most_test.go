package toll

import (
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// TestMost: what a call is held for, meter by meter, in every case that changes it.
func TestMost(t *testing.T) {
	const (
		in, out = accounting.Input, accounting.Output
		ms      = accounting.Milliseconds
	)
	one := accounting.Usage{accounting.Requests: 1}
	with := func(u accounting.Usage, more accounting.Usage) accounting.Usage {
		for i, n := range more {
			u[i] += n
		}
		return u
	}
	chat := with(one, accounting.Usage{in: 300, out: 50, ms: 60_000})
	for name, c := range map[string]struct {
		op      providers.Operation
		params  wire.Params
		context int64
		want    accounting.Usage
	}{
		"a chat":                            {providers.Chat, wire.Params{InputBound: 300, Choices: 1}, 0, chat},
		"a prompt as long as the context":   {providers.Chat, wire.Params{InputBound: 300, Choices: 1}, 300, chat},
		"a longer one, which is not served": {providers.Chat, wire.Params{InputBound: 301, Choices: 1}, 300, chat},
		"several choices":                   {providers.Chat, wire.Params{InputBound: 300, Choices: 3}, 0, with(chat, accounting.Usage{out: 100})},
		"a search, whose findings no context bounds": {providers.Chat, wire.Params{InputBound: 300, Choices: 1, Searches: 2}, 100,
			with(chat, accounting.Usage{in: 2 * searchTokens, accounting.Searches: 2})},
		"what a response follows": {providers.Responses, wire.Params{InputBound: 300, Choices: 1, Stored: true}, 1000, with(chat, accounting.Usage{in: 700})},
		"what it follows, of a model of an unknown context": {providers.Responses, wire.Params{InputBound: 300, Choices: 1, Stored: true}, 0,
			with(chat, accounting.Usage{in: catalog.AssumedOutput - 300})},
		"a prompt that is kept for an hour": {providers.Messages, wire.Params{InputBound: 300, Choices: 1, HourCache: true}, 0,
			with(chat, accounting.Usage{in: -300, accounting.CacheWriteHour: 300})},
		"sound that is listened to": {providers.Chat, wire.Params{InputBound: 300, Choices: 1, AudioIn: true}, 0, with(chat, accounting.Usage{accounting.AudioInput: 300})},
		"sound that is made":        {providers.Chat, wire.Params{InputBound: 300, Choices: 2, AudioOut: true}, 0, with(chat, accounting.Usage{out: 50, accounting.AudioOutput: 100})},
		"texts that are embedded, each with a context of its own": {providers.Embeddings, wire.Params{InputBound: 300, Choices: 1}, 100,
			with(one, accounting.Usage{in: 300})},
		"a ranking, whose searches find no text": {providers.Rerank, wire.Params{InputBound: 300, Choices: 1, Searches: 2}, 0,
			with(one, accounting.Usage{in: 300, accounting.Searches: 2})},
		"a recording": {providers.Transcriptions, wire.Params{Choices: 1, Units: wire.Units{MillisMost: 1_001}}, 0,
			with(one, accounting.Usage{accounting.AudioInput: 41, out: 11, ms: 1_001})}, // begun tokens count
		"a speech": {providers.Speech, wire.Params{InputBound: 300, Choices: 1, Units: wire.Units{Characters: 70}}, 0,
			with(one, accounting.Usage{in: 300, accounting.Characters: 70, accounting.AudioOutput: 280, ms: 60_000})},
		"images of images": {providers.ImageEdits, wire.Params{InputBound: 300, Choices: 1, Units: wire.Units{Images: 2, ImageTokens: 1000, ImagesIn: 3}}, 0,
			with(one, accounting.Usage{in: 300, accounting.Images: 2, accounting.ImageInput: 3 * wire.ImageInTokens, accounting.ImageOutput: 2000, ms: 60_000})},
	} {
		p := &plan{dep: &catalog.Deployment{Context: c.context, Provider: &catalog.Provider{FirstByte: time.Minute}},
			call: Call{Call: providers.Call{Operation: c.op}, Params: c.params}}
		if got := p.most(50); got != c.want {
			t.Errorf("%s: held for %v, want %v", name, got, c.want)
		}
	}
}
