package openai

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// pass makes the request of an operation that is passed on as it came.
func (c *codec) pass(r relay, call providers.Call, target providers.Target) providers.Request {
	spec := call.Operation.Spec()
	req := providers.Request{Method: spec.Method, Path: spec.Path, Root: spec.Root, Header: c.header(call)}
	if !spec.Root {
		req.Path = c.quirks.Prefix + req.Path
	}
	if spec.Surface == providers.Anthropic {
		req.KeyHeader = c.quirks.MessagesKey
		req.Header.Set("Anthropic-Version", anthropicVersion)
	}
	for name, values := range call.Header {
		req.Header.Set(http.CanonicalHeaderKey(name), values...)
	}
	switch {
	case call.Operation.Kept():
		req.Path = strings.Replace(req.Path, "{id}", url.PathEscape(call.Response), 1)
		if call.Query != "" {
			req.Path += "?" + call.Query
		}
		req.Header.Set("Content-Type") // there is no body
	case call.Form != nil:
		req.Header.Set("Content-Type", call.Form.ContentType())
		fields := []wire.Field{{Name: "model", Value: target.Model}}
		if r.fields != nil {
			fields = append(fields, r.fields(c, call)...)
		}
		req.Pieces = call.Form.Set(fields...)
	default:
		edits := []wire.Edit{{Key: "model", Value: wire.String(target.Model)}}
		for _, field := range c.quirks.Policy {
			edits = append(edits, wire.Edit{Key: field})
		}
		if r.edits != nil {
			edits = append(edits, r.edits(call)...)
		}
		patch(&req, call.Body, edits)
	}
	return req
}

// relayed reads a stream whose events reach the client as they came, names and all.
type relayed struct {
	*stream
	event  func(name string, data []byte) (providers.Event, error)
	mayEnd func(name string) bool
	at     string // the name of the last event
}

// Next implements [providers.Stream].
func (s *relayed) Next() (*providers.Event, error) {
	if s.err != nil {
		return nil, s.err
	}
	e, err := s.read()
	switch {
	case err != nil:
		s.err = err
		return nil, err
	case e.Last:
		s.err = io.EOF // nothing that may follow is of the answer
	}
	s.now = e
	return &s.now, nil
}

// Ahead says nothing: any event may be the last, which waits for the books.
func (s *relayed) Ahead() int { return 0 }

func (s *relayed) read() (providers.Event, error) {
	if err := s.begin(); err != nil {
		return providers.Event{}, err
	}
	for {
		name, data, err := s.events.Next()
		if err != nil {
			if err == io.EOF && s.mayEnd != nil && s.mayEnd(s.at) { //nolint:errorlint // a reader's own end is io.EOF itself
				return providers.Event{}, io.EOF
			}
			return providers.Event{}, s.end(err)
		}
		s.at = name
		data = bytes.TrimSpace(data)
		switch {
		case len(data) == 0:
			continue // official clients fail on an event without data
		case name == "error":
			return providers.Event{}, s.codec.telling(s.call, data, reportedError(data))
		}
		e, err := s.event(name, bytes.Clone(data)) // it outlives the reader's buffer
		if err != nil {
			return providers.Event{}, s.codec.telling(s.call, data, err)
		}
		if e.Data != nil {
			e.Name = name
		}
		return e, nil
	}
}

// answerOf reads a whole answer that is a JSON object with a member that says what it
// is. Under status 200, too, a body may tell of an error.
func answerOf(body []byte, member string, is func(gjson.Result) bool) (wire.Object, error) {
	answer, err := wire.ParseObject(body)
	if err != nil {
		return answer, badAnswer("not an answer", body)
	}
	if v, has := answer.Get(member); has && is(v) {
		return answer, nil
	}
	if reported, has := answer.Get("error"); has && reported.Type != gjson.Null {
		return answer, reportedError(body)
	}
	return answer, badAnswer("an answer without "+member, body)
}

// decodePlain reads an answer that is neither metered nor changed, and has one of the
// members.
func decodePlain(members ...string) func(*codec, providers.Call, string, []byte) (providers.Answer, error) {
	return func(_ *codec, _ providers.Call, _ string, body []byte) (answer providers.Answer, err error) {
		for _, member := range members {
			if _, err = answerOf(body, member, gjson.Result.Exists); err == nil {
				return providers.Answer{Body: body}, nil
			}
		}
		return answer, err
	}
}
