package httpapi

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// stamp puts the name that the client uses for a model in the place of the upstream's. It
// changes what is sent and nothing else: the books, the log and the metrics have the
// upstream's name. A nil one changes nothing.
type stamp struct {
	name   []byte // as a JSON string
	within string // the member that holds what was made, in the events that have it; "": none

	// The parts of an answer are mostly alike to the end of the model's name: head is one of
	// them up to there, and stamped what the client gets of it. None has a key twice.
	head, stamped []byte
	missed        int // how many parts were not like the head, in a row
}

// maxMissed is after how many parts that are not alike no likeness is looked for any more.
const maxMissed = 16

// newStamp is the stamp of an operation's answer. A moderation's has none: it names the
// classifier that has judged, and whoever keeps the verdict wants to know which.
func newStamp(op providers.Operation, name string) *stamp {
	s := &stamp{name: wire.String(name)}
	switch op {
	case providers.Moderations:
		return nil
	case providers.Responses, providers.ResponsesGet:
		s.within = "response"
	case providers.Messages:
		s.within = "message"
	}
	return s
}

// whole is a whole answer as the client gets it.
func (s *stamp) whole(answer []byte, contentType string) []byte {
	if s == nil || contentType != "" && !strings.HasPrefix(contentType, fiber.MIMEApplicationJSON) {
		return answer
	}
	return wire.AppendModel(make([]byte, 0, len(answer)+len(s.name)), answer, "", s.name)
}

// append appends the data of an event.
func (s *stamp) append(dst, data []byte) []byte {
	if n := len(s.head); n > 0 && bytes.HasPrefix(data, s.head) {
		s.missed = 0
		return append(append(dst, s.stamped...), data[n:]...)
	}
	if s.within == "" && s.missed < maxMissed {
		s.missed++
		s.head = append(s.head[:0], data[:wire.ModelEnd(data)]...)
		s.stamped = wire.AppendModel(s.stamped[:0], s.head, "", s.name)
	}
	return wire.AppendModel(dst, data, s.within, s.name)
}
