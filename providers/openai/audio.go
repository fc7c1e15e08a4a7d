package openai

import (
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// askTranscript makes an upstream that wants to be asked report usage in a stream.
func askTranscript(c *codec, call providers.Call) []wire.Field {
	if !call.Stream || !c.quirks.AskFormUsage {
		return nil
	}
	return []wire.Field{{Name: "stream_include_usage", Value: "true"}}
}

// textTypes are the types of a transcript that is no JSON.
var textTypes = []string{"text/plain", "text/vtt", "text/srt", "application/x-subrip"}

// decodeTranscript reads a transcript: an object, or the text itself in one of the forms
// that a client can ask for.
func decodeTranscript(c *codec, call providers.Call, contentType string, body []byte) (providers.Answer, error) {
	format := ""
	if call.Form != nil {
		format, _ = call.Form.Get("response_format")
	}
	kind := mediaType(contentType)
	asText := slices.Contains([]string{"text", "srt", "vtt"}, format)
	if slices.Contains(textTypes, kind) || asText && !isObject(body) {
		out := providers.Answer{Body: body, ContentType: "text/plain; charset=utf-8"}
		if slices.Contains(textTypes, kind) {
			out.ContentType = contentType
		}
		if !call.NoText {
			out.Text = string(body)
		}
		return out, nil
	}
	answer, err := answerOf(body, "text", func(v gjson.Result) bool { return v.Type == gjson.String })
	if err != nil {
		return providers.Answer{}, err
	}
	out := providers.Answer{Body: body}
	v, _ := answer.Get("usage")
	duration, _ := answer.Get("duration")
	out.Usage, out.Doubt = c.transcriptUsage(call, v, duration)
	if !call.NoText && (out.Usage == nil || out.Usage.OutputTokens() == 0) {
		text, _ := answer.Get("text")
		out.Text = text.Str
	}
	return out, nil
}

func mediaType(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

func isObject(body []byte) bool {
	_, err := wire.ParseObject(body)
	return err == nil
}

// transcriptUsage reads a usage in tokens or seconds, or else the length that a verbose
// answer names.
func (c *codec) transcriptUsage(call providers.Call, v, duration gjson.Result) (*accounting.Usage, providers.Doubt) {
	if v.IsObject() && (v.Get("type").Str == "duration" || v.Get("seconds").Exists()) {
		ms, ok := millis(v.Get("seconds"))
		if !ok {
			return nil, providers.BadUsage
		}
		return &accounting.Usage{accounting.Milliseconds: ms}, ""
	}
	if u, doubt := c.usage(call.Operation, v); u != nil || doubt != "" {
		return u, doubt
	}
	if ms, ok := millis(duration); ok && ms > 0 {
		return &accounting.Usage{accounting.Milliseconds: ms}, ""
	}
	return nil, ""
}

// millis reads seconds, as a number or as vLLM writes them, as text.
func millis(v gjson.Result) (int64, bool) {
	if v.Type != gjson.Number && v.Type != gjson.String {
		return 0, false
	}
	if v.Type == gjson.String && !gjson.Valid(v.Str) {
		return 0, false
	}
	seconds := v.Float()
	if !(seconds >= 0) || seconds > float64(accounting.MaxCount)/1000 {
		return 0, false
	}
	return int64(math.Ceil(math.Round(seconds*1e6) / 1e3)), true
}

// transcriptEvents reads the events of a transcript as it is heard: OpenAI's, which have
// names and end with the whole text, or vLLM's, which are like those of a chat.
func transcriptEvents(c *codec, call providers.Call) func(string, []byte) (providers.Event, error) {
	return func(_ string, data []byte) (providers.Event, error) {
		e := providers.Event{Data: data}
		if string(data) == wire.Done {
			e.Last = true
			return e, nil
		}
		o, err := mediaEvent(data)
		if err != nil {
			return providers.Event{}, err
		}
		usage, hasUsage := o.Get("usage")
		switch kind := o.Text("type"); kind {
		case "":
			choices, _ := o.Get("choices")
			e.Usage, e.Doubt = c.usage(call.Operation, usage)
			if !call.NoText {
				e.Text = wire.AnswerText(choices)
			}
			if hasUsage && !call.WantUsage && c.quirks.AskFormUsage {
				e.Data = o.Patch(wire.Edit{Key: "usage"})
				if usage.Type != gjson.Null && isEmpty(choices) {
					e.Data = nil // the chunk that was asked for here; the client did not
				}
			}
		case "transcript.text.delta":
			if v, _ := o.Get("delta"); !call.NoText {
				e.Text = v.Str
			}
		case "transcript.text.done":
			e.Usage, e.Doubt = c.transcriptUsage(call, usage, gjson.Result{})
			e.Last = true
		}
		return e, nil
	}
}

// mediaEvent reads the object of an event, unless it tells of an error.
func mediaEvent(data []byte) (wire.Object, error) {
	o, err := wire.ParseObject(data)
	if err != nil {
		return o, badAnswer("an event that is no object", data)
	}
	if v, has := o.Get("error"); o.Text("type") == "error" || has && v.Type != gjson.Null {
		return o, reportedError(data)
	}
	return o, nil
}

// audioTypes are the types of sound that a client gets under its own name.
func audioType(contentType string) string {
	if strings.HasPrefix(mediaType(contentType), "audio/") {
		return contentType
	}
	return octets
}

const octets = "application/octet-stream"

// decodeSpeech reads speech in one piece, where events were asked for and the upstream
// does not have them. An object is never speech.
func decodeSpeech(_ *codec, _ providers.Call, contentType string, body []byte) (providers.Answer, error) {
	if kind := mediaType(contentType); kind == "application/json" || strings.HasPrefix(kind, "text/") {
		_, err := answerOf(body, "audio", func(gjson.Result) bool { return false })
		return providers.Answer{}, err
	}
	if len(body) == 0 {
		return providers.Answer{}, badAnswer("no sound", body)
	}
	return providers.Answer{Body: body, ContentType: audioType(contentType)}, nil
}

// speechEvents reads speech in events.
func speechEvents(c *codec, call providers.Call) func(string, []byte) (providers.Event, error) {
	return func(_ string, data []byte) (providers.Event, error) {
		o, err := mediaEvent(data)
		if err != nil {
			return providers.Event{}, err
		}
		e := providers.Event{Data: data}
		if o.Text("type") == "speech.audio.done" {
			v, _ := o.Get("usage")
			e.Usage, e.Doubt = c.usage(call.Operation, v)
			if u := e.Usage; u != nil && u[accounting.AudioOutput] == 0 { // all that it writes is sound
				u[accounting.AudioOutput], u[accounting.Output] = u[accounting.Output], 0
			}
			e.Last = true
		}
		return e, nil
	}
}

// rawPiece is how many bytes of a file are passed on at once, at most.
const rawPiece = 32 << 10

// rawStream reads a file as it comes. What it ends with is the end of the body, which the
// connection knows.
type rawStream struct {
	from io.Reader
	buf  []byte
	now  providers.Event
	any  bool
	err  error
}

// Next implements [providers.Stream].
func (s *rawStream) Next() (*providers.Event, error) {
	if s.buf == nil {
		s.buf = make([]byte, rawPiece)
	}
	for s.err == nil {
		n, err := s.from.Read(s.buf)
		switch {
		case err == nil:
		case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			if s.err = io.EOF; !s.any && n == 0 {
				s.err = badAnswer("no sound", nil)
			}
		default:
			s.err = &providers.Error{Kind: providers.Truncated, Message: "the upstream's connection broke before the end of its answer", Cause: err}
		}
		if n > 0 {
			s.any = true
			s.now.Data = s.buf[:n]
			return &s.now, nil
		}
	}
	return nil, s.err
}
