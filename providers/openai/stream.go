package openai

import (
	"bytes"
	"errors"
	"io"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

type stream struct {
	codec   *codec
	call    providers.Call
	target  providers.Target
	events  *wire.EventReader
	begun   bool                       // the input was found to be a stream of events
	like    template                   // of the chunks so far
	now     providers.Event            // the one that was returned last
	lookups int64                      // searches that the chat has made by itself
	open    map[string]bool            // choices without a finish_reason, by index; kept for [Quirks.NoDone]
	each    map[int64]accounting.Usage // what choices have used so far, by index; kept for [Quirks.ChoiceUsage]
	used    accounting.Usage           // and all of them
	several bool                       // a choice other than the first has told a usage; kept for [Quirks.UnknownServer]
	err     error
}

func newStream(c *codec, call providers.Call, target providers.Target, body io.Reader) *stream {
	return &stream{codec: c, call: call, target: target, events: wire.NewEventReader(body), lookups: c.lookups(call, target)}
}

func (s *stream) Next() (*providers.Event, error) {
	if s.err == nil {
		s.err = s.next()
	}
	if s.err != nil {
		return nil, s.err
	}
	return &s.now, nil
}

// Ahead is how many bytes the next event has, if it has arrived whole and is one that the
// client gets; else 0. Then Next does not wait for the upstream.
func (s *stream) Ahead() int {
	if !s.begun || s.err != nil {
		return 0
	}
	data, n := s.events.Peek()
	data = bytes.TrimSpace(data)
	if len(data) == 0 || string(data) == wire.Done || !s.call.WantUsage && hasUsage(data) {
		return 0
	}
	return n
}

// hasUsage says whether a chunk may have a usage that is not null.
func hasUsage(chunk []byte) bool {
	const key = `"usage"`
	for {
		i := bytes.Index(chunk, []byte(key))
		if i < 0 {
			return false
		}
		chunk = chunk[i+len(key):]
		if !bytes.HasPrefix(bytes.TrimLeft(chunk, ": \t\r\n"), []byte("null")) {
			return true
		}
	}
}

// next reads the next event.
func (s *stream) next() error {
	if err := s.begin(); err != nil {
		return err
	}
	for {
		name, data, err := s.events.Next()
		if err != nil {
			return s.end(err)
		}
		data = bytes.TrimSpace(data)
		switch {
		case len(data) == 0:
			continue // official clients fail on an event without data
		case string(data) == wire.Done:
			return io.EOF
		case name == "error":
			return s.codec.telling(s.call, data, reportedError(data))
		}
		if s.like.read(&s.now, data, s.call.NoText) {
			return nil
		}
		s.now, err = s.chunk(data)
		return err
	}
}

// begin looks at the first byte that is no white space: a body that is no event
// stream is an error that the upstream reports under status 200, or a bad answer.
func (s *stream) begin() error {
	if s.begun {
		return nil
	}
	first, err := s.events.Start()
	if err != nil {
		return s.end(err)
	}
	switch first {
	case '{', '[', '<', '"':
	default:
		s.begun = true
		return nil
	}
	whole, err := io.ReadAll(io.LimitReader(s.events, maxDetail))
	if err != nil {
		return s.end(err)
	}
	if o, err := wire.ParseObject(whole); err == nil {
		if v, has := o.Get("error"); has && v.Type != gjson.Null {
			return s.codec.telling(s.call, whole, reportedError(whole))
		}
	}
	return badAnswer("a whole body instead of a stream", whole)
}

// end says what it means that no more can be read, before the end mark.
func (s *stream) end(err error) error {
	switch {
	case errors.Is(err, wire.ErrEventTooLong):
		return &providers.Error{Kind: providers.BadAnswer, Oversize: true, Message: err.Error(), Cause: err}
	case err != io.EOF: //nolint:errorlint // a reader's own end is io.EOF itself
		return &providers.Error{Kind: providers.Truncated, Message: "the upstream's connection broke before the end of its answer", Cause: err}
	case s.codec.quirks.NoDone && s.finished():
		return io.EOF
	}
	return &providers.Error{Kind: providers.Truncated, Message: "the upstream's answer stopped before its end mark"}
}

func (s *stream) finished() bool {
	for _, open := range s.open {
		if open {
			return false
		}
	}
	return len(s.open) > 0
}

// chunk makes an event of one payload. Most payloads go to the client as they
// came; one is only cut where it has a member that the client must not see.
func (s *stream) chunk(data []byte) (providers.Event, error) {
	o, err := wire.ParseObject(data)
	if err != nil {
		return providers.Event{}, badAnswer("an event that is no chunk", data)
	}
	reported, hasError := o.Get("error")
	if hasError && reported.Type != gjson.Null {
		return providers.Event{}, s.codec.telling(s.call, data, reportedError(data))
	}
	choices, _ := o.Get("choices")
	usage, hasUsage := o.Get("usage")
	counted, doubt := s.codec.usage(s.call.Operation, usage)
	least := false
	if counted != nil && !isEmpty(choices) {
		switch index := choices.Get("0.index").Int(); {
		case s.codec.quirks.ChoiceUsage:
			s.addUp(counted, index)
		case s.codec.quirks.UnknownServer:
			s.several = s.several || index != 0
			least = s.several
		}
	}
	s.codec.searched(counted, s.call, s.target)
	e := providers.Event{
		Data:        data,
		Usage:       counted,
		Least:       least,
		Doubt:       doubt,
		Model:       o.Text("model"),
		ServiceTier: o.Text("service_tier"),
		Opening:     isEmpty(choices),
		Searches:    s.lookups,
	}
	if !s.call.NoText {
		e.Text = wire.AnswerText(choices)
	}
	if s.codec.quirks.NoDone {
		s.noteFinish(choices)
	}

	hide := hasUsage && !s.call.WantUsage
	if hide && usage.Type != gjson.Null && isEmpty(choices) {
		e.Data = nil // the chunk that was asked for here; the client did not
		return e, nil
	}
	var edits []wire.Edit
	if hide {
		edits = append(edits, wire.Edit{Key: "usage"})
	}
	if hasError {
		edits = append(edits, wire.Edit{Key: "error"}) // OpenAI's Go client fails on a null, too
	}
	renamed, changed := nameReasoning(choices, s.target.Reasoning)
	if changed {
		edits = append(edits, wire.Edit{Key: "choices", Value: renamed})
	}
	if len(edits) > 0 {
		e.Data = o.Patch(edits...)
	}
	if counted == nil && doubt == "" && !changed {
		s.like.learn(data, e.Data, choices)
	}
	return e, nil
}

func isEmpty(choices gjson.Result) bool {
	return !choices.IsArray() || choices.Get("#").Int() == 0
}

// maxChoices is of how many choices the usage is told apart.
const maxChoices = 1024

// addUp makes of the usage of one choice that of all of them so far.
func (s *stream) addUp(u *accounting.Usage, index int64) {
	if s.each == nil {
		s.each = map[int64]accounting.Usage{}
	}
	before, seen := s.each[index]
	if seen && u.OutputTokens() >= before.OutputTokens() || !seen && len(s.each) < maxChoices {
		s.each[index] = *u
	}
	if len(s.each) > 1 {
		for m := accounting.Output; m < accounting.Images; m++ {
			u[m] = 0
			for _, one := range s.each {
				u[m] += one[m]
			}
		}
		*u, _ = s.used.Renew(*u) // of several prompts each choice names its own
	}
	s.used = *u
}

func (s *stream) noteFinish(choices gjson.Result) {
	if s.open == nil {
		s.open = map[string]bool{}
	}
	choices.ForEach(func(_, choice gjson.Result) bool {
		index := choice.Get("index").Raw
		if reason := choice.Get("finish_reason"); reason.Type == gjson.String && reason.Str != "" {
			s.open[index] = false
		} else if _, seen := s.open[index]; !seen {
			s.open[index] = true
		}
		return true
	})
}
