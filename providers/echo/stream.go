package echo

import (
	"context"
	"encoding/json"
	"io"

	"tollgate/providers/wire"
)

// stream is the body of a streamed answer. It makes an event when one is read, and
// none after the end of the context: nothing runs while nobody reads.
type stream struct {
	ctx       context.Context
	shape     shape
	words     *words
	finish    string
	usage     object
	withUsage bool

	step int
	rest []byte // of the event being read
}

// The steps of a stream.
const (
	stepFirst = iota
	stepMore
	stepUsage
	stepMark
	stepOver
)

func (s *stream) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	if len(s.rest) == 0 {
		event, err := s.event()
		if err != nil {
			return 0, err
		}
		s.rest = event
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// event makes the next event: one per word, the finish, usage if it was asked for,
// the end mark.
func (s *stream) event() ([]byte, error) {
	switch s.step {
	case stepFirst, stepMore:
		word, ok := s.words.next()
		if !ok {
			s.step = stepMark
			if s.withUsage {
				s.step = stepUsage
			}
			return s.chunk(with(s.shape.last(), s.finish), nil)
		}
		delta := s.shape.delta(word, s.step == stepFirst)
		s.step = stepMore
		return s.chunk(with(delta, nil), nil)
	case stepUsage:
		s.step = stepMark
		return s.chunk([]object{}, s.usage)
	case stepMark:
		s.step = stepOver
		return wire.AppendEvent(nil, []byte(wire.Done)), nil
	}
	return nil, io.EOF
}

// chunk has a usage of null on all events but the last, as OpenAI has it, if usage
// was asked for.
func (s *stream) chunk(choices []object, usage any) ([]byte, error) {
	chunk := s.shape.envelope(s.shape.chunk, choices)
	if s.withUsage {
		chunk["usage"] = usage
	}
	b, err := json.Marshal(chunk)
	if err != nil {
		return nil, err
	}
	return wire.AppendEvent(nil, b), nil
}

func (s *stream) Close() error {
	s.step, s.rest = stepOver, nil
	return nil
}
