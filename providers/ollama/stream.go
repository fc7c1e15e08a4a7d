package ollama

import (
	"errors"
	"fmt"
	"io"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// stream translates a streamed answer: one JSON object to a line, of which the
// last has done:true. An error comes as a line of its own, after which the server
// sends nothing more.
type stream struct {
	lines *lineReader
	reply *reply
	queue []providers.Event // made from lines already read
	err   error             // how the stream has ended, to be said once the queue is empty
}

// Next implements [providers.Stream].
func (s *stream) Next() (*providers.Event, error) {
	for len(s.queue) == 0 {
		if s.err != nil {
			return nil, s.err
		}
		s.err = s.read()
	}
	e := &s.queue[0]
	s.queue = s.queue[1:]
	return e, nil
}

// read puts what the next line makes into the queue. At the end mark it returns
// [io.EOF]; what may still come after it is not read.
func (s *stream) read() error {
	line, ended, err := s.lines.next()
	switch {
	case errors.Is(err, wire.ErrEventTooLong):
		return &providers.Error{Kind: providers.BadAnswer, Oversize: true, Cause: err,
			Message: fmt.Sprintf("a line of the upstream is longer than %d MiB", wire.MaxEvent>>20)}
	case err == io.EOF: //nolint:errorlint // the end of the input and nothing that wraps it
		return truncated(io.ErrUnexpectedEOF)
	case err != nil:
		return truncated(err)
	}
	a, err := parse(line)
	if err != nil {
		if e := providers.AsError(err); !ended && e != nil && e.Kind == providers.BadAnswer {
			return truncated(io.ErrUnexpectedEOF) // half a line
		}
		return err
	}
	p, ok := s.reply.piece(a)
	if !ok && !a.Done {
		return badAnswer(nil, "a line of the upstream has neither text nor an end")
	}
	if !p.empty() || a.Done && !s.reply.started {
		if err := s.push(a, providers.Event{Text: p.text()}, func() ([]byte, error) { return s.reply.chunk(a, p) }); err != nil {
			return err
		}
	}
	if !a.Done {
		return nil
	}
	return s.end(a)
}

// end queues the reason of the end and the usage, and returns [io.EOF].
func (s *stream) end(a *answer) error {
	if err := s.push(a, providers.Event{Doubt: a.doubt()}, func() ([]byte, error) { return s.reply.finish(a) }); err != nil {
		return err
	}
	usage := a.usage()
	if usage == nil {
		return io.EOF
	}
	write := func() ([]byte, error) { return nil, nil } // for the meter only
	if told := a.told(); told != nil && s.reply.call.WantUsage {
		write = func() ([]byte, error) { return s.reply.usage(a, *told) }
	}
	if err := s.push(a, providers.Event{Usage: usage}, write); err != nil {
		return err
	}
	return io.EOF
}

func (s *stream) push(a *answer, e providers.Event, write func() ([]byte, error)) error {
	data, err := write()
	if err != nil {
		return badAnswer(err, "a line of the upstream cannot be written as JSON")
	}
	e.Data, e.Model = data, s.reply.model(a)
	s.queue = append(s.queue, e)
	return nil
}

func truncated(cause error) error {
	return &providers.Error{Kind: providers.Truncated, Message: "the upstream's answer stopped before its end", Cause: cause}
}
