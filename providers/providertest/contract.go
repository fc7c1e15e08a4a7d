package providertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// Suite is what a codec brings to [Contract]: itself, a target, client requests in
// OpenAI's shape, and what its upstream would answer, in its own dialect. A field
// may stay empty only where its comment says so.
type Suite struct {
	Codec  providers.Codec
	Target providers.Target

	// Requests holds one client request for each operation that the codec supports,
	// none of them a stream. The one for chat must be there.
	Requests map[providers.Operation]string

	Answer        string            // a whole answer to the chat request
	AnswerUsage   accounting.Usage  // what it reports
	AnswerNoUsage string            // the like without usage
	AnswerText    string            // the text that AnswerNoUsage has produced, to be counted; has more than ASCII
	StrangeUsage  map[string]string // whole answers with negative, absurd or contradictory usage, by name

	Stream        string           // a streamed answer to the chat request; ends with the dialect's end mark
	StreamUsage   accounting.Usage // what it reports
	StreamNoUsage string           // the like without usage
	StreamText    string           // the text that each of the two produces; has more than ASCII

	// StreamError is a stream in which the upstream reports an error after some
	// text; StreamErrorKind is how that error is classified.
	StreamError     string
	StreamErrorKind providers.ErrorKind

	Faults []FaultCase

	// ModelReplies are the bodies of the requests that Models makes, by path, all
	// with status 200; other paths are answered 404. ModelIDs are what comes of it.
	ModelReplies map[string]string
	ModelIDs     []string
}

// FaultCase is one answer with a status other than 2xx, and what must come of it.
type FaultCase struct {
	Name       string
	Status     int
	Header     http.Header // may be nil
	Body       string
	Kind       providers.ErrorKind
	Code       string        // wanted as it is; "" wants none
	Says       string        // the message contains it
	RetryAfter time.Duration // wanted as it is
}

// Contract checks that a codec keeps the words of [providers.Codec] and
// [providers.Stream]. Run it with the race detector.
func Contract(t *testing.T, s Suite) {
	t.Helper()
	s.check(t)
	for _, part := range []struct {
		name string
		run  func(*testing.T, Suite)
	}{
		{"encode", contractEncode},
		{"decode", contractDecode},
		{"decode garbage", contractDecodeGarbage},
		{"decode strange usage", contractStrangeUsage},
		{"stream", contractStream},
		{"stream split", contractStreamSplit},
		{"stream cut", contractStreamCut},
		{"stream read error", contractStreamReadError},
		{"stream error", contractStreamError},
		{"fault", contractFault},
		{"models", contractModels},
		{"concurrent", contractConcurrent},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, s) })
	}
}

// check refuses a suite that would prove nothing.
func (s Suite) check(t *testing.T) {
	t.Helper()
	for name, missing := range map[string]bool{
		"Codec":                       s.Codec == nil,
		"Target.Model":                s.Target.Model == "",
		"Requests[Chat]":              s.Requests[providers.Chat] == "",
		"Answer":                      s.Answer == "",
		"AnswerUsage":                 s.AnswerUsage.IsZero(),
		"AnswerNoUsage":               s.AnswerNoUsage == "",
		"AnswerText beyond ASCII":     len(s.AnswerText) == utf8.RuneCountInString(s.AnswerText),
		"StrangeUsage":                len(s.StrangeUsage) == 0,
		"Stream":                      s.Stream == "",
		"StreamUsage":                 s.StreamUsage.IsZero(),
		"StreamNoUsage":               s.StreamNoUsage == "",
		"StreamText beyond ASCII":     len(s.StreamText) == utf8.RuneCountInString(s.StreamText),
		"StreamError":                 s.StreamError == "",
		"StreamErrorKind":             s.StreamErrorKind == 0,
		"Faults":                      len(s.Faults) == 0,
		"ModelReplies and ModelIDs":   len(s.ModelReplies) == 0 || len(s.ModelIDs) == 0,
		"Requests that are supported": !slices.ContainsFunc(slices.Collect(maps.Keys(s.Requests)), s.Codec.Supports),
	} {
		if missing {
			t.Fatalf("the suite lacks %s", name)
		}
	}
}

// call makes the call for a request of the suite; a fresh one, so that two calls
// share no bytes.
func (s Suite) call(t testing.TB, op providers.Operation) providers.Call {
	t.Helper()
	return s.parse(t, op, []byte(s.Requests[op]), false)
}

// streamCall is the chat call with `stream` set to true.
func (s Suite) streamCall(t testing.TB) providers.Call {
	t.Helper()
	whole := s.call(t, providers.Chat)
	return s.parse(t, providers.Chat, whole.Body.Patch(wire.Edit{Key: "stream", Value: []byte("true")}), true)
}

func (s Suite) parse(t testing.TB, op providers.Operation, raw []byte, stream bool) providers.Call {
	t.Helper()
	o, err := wire.ParseObject(raw)
	if err != nil {
		t.Fatalf("the suite's %s request: %v", op, err)
	}
	return providers.Call{Operation: op, Body: o, Stream: stream, AttemptID: "attempt-1"}
}

func contractEncode(t *testing.T, s Suite) {
	for op := range s.Requests {
		if !s.Codec.Supports(op) {
			t.Errorf("a request for %s, which the codec does not support", op)
			continue
		}
		calls := []providers.Call{s.call(t, op)}
		if op == providers.Chat {
			calls = append(calls, s.streamCall(t))
		}
		for _, call := range calls {
			for _, limit := range []int64{0, 7} {
				call.OutputCap = limit
				encodeOne(t, s, call)
			}
		}
	}
}

func encodeOne(t *testing.T, s Suite, call providers.Call) {
	t.Helper()
	before := bytes.Clone(call.Body.Bytes())
	keys := call.Body.Keys()
	first, err := s.Codec.Encode(call, s.Target)
	if err != nil {
		t.Errorf("%s: %v", call.Operation, err)
		return
	}
	for range 8 { // a map's order would show
		again, err := s.Codec.Encode(call, s.Target)
		if err != nil || !reflect.DeepEqual(first, again) {
			t.Errorf("%s: encoding is not deterministic:\n%s\n%s (%v)", call.Operation, first.Body, again.Body, err)
			return
		}
	}
	if !bytes.Equal(before, call.Body.Bytes()) || !slices.Equal(keys, call.Body.Keys()) {
		t.Errorf("%s: encoding changed the call", call.Operation)
	}
	clear(first.Body)
	if !bytes.Equal(before, call.Body.Bytes()) {
		t.Errorf("%s: the request shares its bytes with the call", call.Operation)
	}
	first, err = s.Codec.Encode(call, s.Target)
	if err != nil {
		t.Fatal(err)
	}
	var upstream struct {
		Model string `json:"model"`
	}
	switch err := json.Unmarshal(first.Body, &upstream); {
	case err != nil:
		t.Errorf("%s: the upstream body is no JSON: %v", call.Operation, err)
	case upstream.Model != s.Target.Model:
		t.Errorf("%s: the upstream model is %q, want %q", call.Operation, upstream.Model, s.Target.Model)
	case first.Method != http.MethodPost || !strings.HasPrefix(first.Path, "/"):
		t.Errorf("%s: %s %q", call.Operation, first.Method, first.Path)
	case first.Header.Get("Authorization") != "":
		t.Errorf("%s: a codec has no credential to send", call.Operation)
	}
}

func contractDecode(t *testing.T, s Suite) {
	call := s.call(t, providers.Chat)
	a, err := s.Codec.Decode(call, s.Target, "", []byte(s.Answer))
	switch {
	case err != nil:
		t.Fatal(err)
	case a.Usage == nil || *a.Usage != s.AnswerUsage:
		t.Errorf("usage %v, want %v", a.Usage, s.AnswerUsage)
	case a.Text != "":
		t.Errorf("text is for counting, and usage was reported: %q", a.Text)
	case !json.Valid(a.Body):
		t.Errorf("the client's body is no JSON: %s", a.Body)
	}
	a, err = s.Codec.Decode(call, s.Target, "", []byte(s.AnswerNoUsage))
	switch {
	case err != nil:
		t.Fatal(err)
	case a.Usage != nil:
		t.Errorf("usage %v was not reported", *a.Usage)
	case a.Text != s.AnswerText:
		t.Errorf("text %q, want %q", a.Text, s.AnswerText)
	}
}

// garbage is what no dialect answers with status 200.
var garbage = []string{
	"", " ", "\n\n", "null", "true", "17", `"text"`, "[]", `[{"choices":[]}]`, "{", "}", "{}}", `{"choices"`, "\x00\xff\xfe",
	"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
	"upstream connect error or disconnect/reset before headers",
	strings.Repeat("[", 1<<16), strings.Repeat(`{"a":`, 1<<14), strings.Repeat("x", 1<<20),
}

func contractDecodeGarbage(t *testing.T, s Suite) {
	bodies := slices.Clone(garbage)
	answer := strings.TrimSpace(s.Answer)
	for i := range len(answer) {
		bodies = append(bodies, answer[:i])
	}
	for op := range s.Requests {
		call := s.call(t, op)
		for _, b := range bodies {
			_, err := s.Codec.Decode(call, s.Target, "", []byte(b))
			e := providers.AsError(err)
			if e == nil {
				t.Errorf("%s: %q: %v, want a providers.Error", op, head(b), err)
				continue
			}
			checkError(t, fmt.Sprintf("%s: %q", op, head(b)), e)
		}
	}
}

func head(s string) string { return s[:min(len(s), 80)] }

// checkError checks what holds for every error that a codec makes.
func checkError(t *testing.T, what string, e *providers.Error) {
	t.Helper()
	switch {
	case e.Kind == 0 || e.Kind.String() == "unknown":
		t.Errorf("%s: an error without a kind", what)
	case len(e.Message) > providers.MaxMessage:
		t.Errorf("%s: a message of %d bytes", what, len(e.Message))
	case !utf8.ValidString(e.Message):
		t.Errorf("%s: the message is not valid UTF-8: %q", what, e.Message)
	case e.RetryAfter < 0:
		t.Errorf("%s: retry after %v", what, e.RetryAfter)
	}
}

func contractStrangeUsage(t *testing.T, s Suite) {
	for name, body := range s.StrangeUsage {
		a, err := s.Codec.Decode(s.call(t, providers.Chat), s.Target, "", []byte(body))
		if err != nil {
			t.Errorf("%s: %v: a strange usage does not spoil the answer", name, err)
			continue
		}
		if a.Usage == nil {
			if a.Text == "" {
				t.Errorf("%s: neither usage nor text to count", name)
			}
			continue
		}
		checkUsage(t, name, *a.Usage)
	}
}

func checkUsage(t *testing.T, what string, u accounting.Usage) {
	t.Helper()
	if _, moved := u.Clamp(); moved {
		t.Errorf("%s: a count is negative or absurd: %v", what, u)
	}
}

// outcome is all that comes of reading a stream to its end or error.
type outcome struct {
	events []providers.Event
	err    error
}

func (o outcome) text() string {
	var b strings.Builder
	for _, e := range o.events {
		b.WriteString(e.Text)
	}
	return b.String()
}

func (o outcome) usage() *accounting.Usage {
	for _, e := range slices.Backward(o.events) {
		if e.Usage != nil {
			return e.Usage
		}
	}
	return nil
}

// read drains a stream of the suite and checks what holds for every stream: no
// more after the end, whole JSON values.
func (s Suite) read(t *testing.T, what string, r io.Reader) outcome {
	t.Helper()
	var o outcome
	stream := s.Codec.Stream(s.streamCall(t), s.Target, r)
	for {
		e, err := stream.Next()
		if err != nil {
			o.err = err
			break
		}
		kept := *e // valid until the next call, like its data
		kept.Data = bytes.Clone(e.Data)
		o.events = append(o.events, kept)
		if len(o.events) > 1<<16 {
			t.Fatalf("%s: the stream does not end", what)
		}
	}
	for range 3 {
		if e, err := stream.Next(); err != o.err || e != nil { //nolint:errorlint // the very same
			t.Fatalf("%s: after %v came %v, %v", what, o.err, e, err)
		}
	}
	if o.err != io.EOF { //nolint:errorlint // the contract says io.EOF itself
		e := providers.AsError(o.err)
		if e == nil {
			t.Fatalf("%s: %v, want io.EOF or a providers.Error", what, o.err)
		}
		checkError(t, what, e)
	}
	for i, e := range o.events {
		if e.Data != nil && !json.Valid(e.Data) {
			t.Errorf("%s: event %d is no JSON: %q", what, i, e.Data)
		}
		if e.Usage != nil {
			checkUsage(t, what, *e.Usage)
		}
	}
	return o
}

func contractStream(t *testing.T, s Suite) {
	o := s.read(t, "stream", strings.NewReader(s.Stream))
	if o.err != io.EOF { //nolint:errorlint // as above
		t.Fatalf("the stream ended with %v", o.err)
	}
	if u := o.usage(); u == nil || *u != s.StreamUsage {
		t.Errorf("usage %v, want %v", u, s.StreamUsage)
	}
	if o.text() != s.StreamText {
		t.Errorf("text %q, want %q", o.text(), s.StreamText)
	}
	for _, e := range o.events {
		if bytes.Contains(e.Data, []byte(`"usage"`)) {
			t.Errorf("the client did not ask for usage and sees %s", e.Data)
		}
	}
	o = s.read(t, "stream without usage", strings.NewReader(s.StreamNoUsage))
	switch {
	case o.err != io.EOF: //nolint:errorlint // as above
		t.Fatalf("the stream without usage ended with %v", o.err)
	case o.usage() != nil:
		t.Errorf("usage %v was not reported", *o.usage())
	case o.text() != s.StreamText:
		t.Errorf("text %q, want %q", o.text(), s.StreamText)
	}
}

func contractStreamSplit(t *testing.T, s Suite) {
	want := s.read(t, "unsplit", strings.NewReader(s.Stream))
	same := func(what string, r io.Reader) {
		t.Helper()
		if got := s.read(t, what, r); got.err != want.err || !reflect.DeepEqual(got.events, want.events) { //nolint:errorlint // both io.EOF
			t.Fatalf("%s:\n got %v, %v\nwant %v, %v", what, got.events, got.err, want.events, want.err)
		}
	}
	for i := range len(s.Stream) {
		same(fmt.Sprintf("split at %d", i), io.MultiReader(strings.NewReader(s.Stream[:i]), strings.NewReader(s.Stream[i:])))
	}
	same("byte by byte", iotest.OneByteReader(strings.NewReader(s.Stream)))
	same("data with EOF", iotest.DataErrReader(strings.NewReader(s.Stream)))
}

// contractStreamCut cuts the stream everywhere. Only the line end after the end
// mark itself may be missing without harm, where the dialect does not need it.
func contractStreamCut(t *testing.T, s Suite) {
	whole := len(strings.TrimRight(s.Stream, "\r\n"))
	for i := range len(s.Stream) {
		o := s.read(t, fmt.Sprintf("cut at %d", i), strings.NewReader(s.Stream[:i]))
		if i >= whole && o.err == io.EOF { //nolint:errorlint // as above
			continue
		}
		if e := providers.AsError(o.err); e == nil || e.Kind != providers.Truncated {
			t.Fatalf("cut at byte %d of %d: %v, want kind truncated", i, len(s.Stream), o.err)
		}
		if !strings.HasPrefix(s.StreamText, o.text()) {
			t.Fatalf("cut at byte %d: text %q is no beginning of %q", i, o.text(), s.StreamText)
		}
	}
}

var errConnection = errors.New("connection reset by peer")

func contractStreamReadError(t *testing.T, s Suite) {
	for _, i := range []int{0, 1, len(s.Stream) / 2, len(strings.TrimRight(s.Stream, "\r\n")) - 1} {
		what := fmt.Sprintf("read error at %d", i)
		o := s.read(t, what, io.MultiReader(strings.NewReader(s.Stream[:i]), iotest.ErrReader(errConnection)))
		e := providers.AsError(o.err)
		if e == nil || e.Kind != providers.Truncated || !errors.Is(o.err, errConnection) {
			t.Errorf("%s: %v, want kind truncated with its cause", what, o.err)
		}
	}
}

func contractStreamError(t *testing.T, s Suite) {
	o := s.read(t, "upstream's error", strings.NewReader(s.StreamError))
	e := providers.AsError(o.err)
	if e == nil || e.Kind != s.StreamErrorKind || e.Message == "" {
		t.Fatalf("got %v, want kind %v with the upstream's text", o.err, s.StreamErrorKind)
	}
	if o.text() == "" {
		t.Error("the text before the error is lost")
	}
	for i := range len(s.StreamError) {
		cut := s.read(t, fmt.Sprintf("upstream's error cut at %d", i), strings.NewReader(s.StreamError[:i]))
		if cut.err == io.EOF { //nolint:errorlint // as above
			t.Fatalf("cut at %d: a stream with an error is complete", i)
		}
	}
}

func contractFault(t *testing.T, s Suite) {
	for _, c := range s.Faults {
		e := s.Codec.Fault(providers.Call{}, c.Status, c.Header, []byte(c.Body))
		if e == nil {
			t.Errorf("%s: no error", c.Name)
			continue
		}
		checkError(t, c.Name, e)
		if e.Kind != c.Kind || e.Code != c.Code || !strings.Contains(e.Message, c.Says) || e.RetryAfter != c.RetryAfter || e.Status != c.Status {
			t.Errorf("%s: got %d %v code %q retry after %v: %q\nwant %d %v code %q retry after %v: …%s…", c.Name,
				e.Status, e.Kind, e.Code, e.RetryAfter, e.Message, c.Status, c.Kind, c.Code, c.RetryAfter, c.Says)
		}
	}
	bodies := append(slices.Clone(garbage), "{}", `{"error":null}`, `{"error":{}}`, `{"error":[]}`, `{"error":"text"}`,
		`{"error":{"message":{"a":1},"type":7,"code":[],"param":false}}`, `{"error":{"message":"`+strings.Repeat("é", 5000)+`"}}`,
		`{"detail":"Not Found"}`, `{"detail":[{"loc":["body"],"msg":"field required"}]}`, `{"message":"text","code":429}`, "{\"error\":\"\xff\xfe\"}")
	for i, b := range bodies {
		bodies[i] = b[:min(len(b), 4<<10)] // 300 statuses times all of it takes long
	}
	for _, c := range s.Faults {
		bodies = append(bodies, c.Body)
	}
	headers := []http.Header{nil, {"Retry-After": {"-1"}}, {"Retry-After": {"soon"}, "Retry-After-Ms": {"1e400"}},
		{"Retry-After": {"99999999999999999999"}}, {"Retry-After": {"Mon, 01 Jan 0001 00:00:00 GMT"}, "Date": {"never"}}}
	for status := 300; status < 600; status++ {
		for i, b := range bodies {
			what := fmt.Sprintf("status %d, %q", status, head(b))
			e := s.Codec.Fault(providers.Call{}, status, headers[(status+i)%len(headers)], []byte(b))
			if e == nil {
				t.Fatalf("%s: no error", what)
			}
			if checkError(t, what, e); e.Status != status {
				t.Fatalf("%s: the status became %d", what, e.Status)
			}
		}
	}
}

func contractModels(t *testing.T, s Suite) {
	fetch := func(status int, reply func(path string) string, err error) providers.Fetch {
		return func(_ context.Context, r providers.Request) (int, []byte, error) {
			if !strings.HasPrefix(r.Path, "/") || r.Method == "" {
				t.Errorf("asked for %s %q", r.Method, r.Path)
			}
			b := reply(r.Path)
			if b == "" && err == nil && status == http.StatusOK {
				return http.StatusNotFound, []byte("404 page not found"), nil
			}
			return status, []byte(b), err
		}
	}
	fixture := func(path string) string { return s.ModelReplies[path] }
	models, err := s.Codec.Models(t.Context(), fetch(http.StatusOK, fixture, nil))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range models {
		ids = append(ids, m.ID)
		if m.Context < 0 {
			t.Errorf("%s: a context of %d tokens", m.ID, m.Context)
		}
	}
	if !slices.Equal(ids, s.ModelIDs) {
		t.Errorf("models %q, want %q", ids, s.ModelIDs)
	}
	if _, err := s.Codec.Models(t.Context(), fetch(0, fixture, errConnection)); !errors.Is(err, errConnection) {
		t.Errorf("a failed fetch: %v", err)
	}
	refused := fetch(http.StatusServiceUnavailable, func(string) string { return `{"error":"busy"}` }, nil)
	if _, err := s.Codec.Models(t.Context(), refused); providers.AsError(err) == nil {
		t.Errorf("status 503: %v, want a providers.Error", err)
	}
	for _, b := range garbage {
		if models, err := s.Codec.Models(t.Context(), fetch(http.StatusOK, func(string) string { return b }, nil)); err == nil {
			t.Errorf("%q is no list of models, and made %v", head(b), models)
		}
	}
}

// contractConcurrent uses one codec, one call and one target from many goroutines;
// the race detector does the checking.
func contractConcurrent(t *testing.T, s Suite) {
	whole, streamed := s.call(t, providers.Chat), s.streamCall(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if _, err := s.Codec.Encode(streamed, s.Target); err != nil {
					t.Error(err)
				}
				if _, err := s.Codec.Decode(whole, s.Target, "", []byte(s.Answer)); err != nil {
					t.Error(err)
				}
				stream := s.Codec.Stream(streamed, s.Target, strings.NewReader(s.Stream))
				var err error
				for err == nil {
					_, err = stream.Next()
				}
				if err != io.EOF { //nolint:errorlint // as above
					t.Error(err)
				}
				for _, c := range s.Faults {
					_ = s.Codec.Fault(providers.Call{}, c.Status, c.Header, []byte(c.Body))
				}
			}
		})
	}
	wg.Wait()
}
