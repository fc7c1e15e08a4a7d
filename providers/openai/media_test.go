package openai

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// TestMediaStreams: what the meter is told of the events of media, and where they end.
func TestMediaStreams(t *testing.T) {
	body, err := wire.ParseObject([]byte(`{"model":"m","n":2}`))
	if err != nil {
		t.Fatal(err)
	}
	image := "event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\",\"usage\":{\"input_tokens\":7,\"output_tokens\":90,\"total_tokens\":97,\"output_tokens_details\":{\"text_tokens\":10,\"image_tokens\":80}}}\n\n"
	one := accounting.Usage{accounting.Input: 7, accounting.Output: 10, accounting.ImageOutput: 80, accounting.Images: 1}
	two := accounting.Usage{accounting.Input: 14, accounting.Output: 20, accounting.ImageOutput: 160, accounting.Images: 2}
	for name, c := range map[string]struct {
		op     providers.Operation
		stream string
		usage  accounting.Usage
		events int
		kind   providers.ErrorKind // 0: it is whole
	}{
		"all images":       {providers.ImageGenerations, image + image + image, two, 2, 0},
		"fewer edited":     {providers.ImageEdits, image, one, 1, 0},
		"fewer images":     {providers.ImageGenerations, image, one, 1, 0},
		"an image half":    {providers.ImageGenerations, "event: image_generation.partial_image\ndata: {\"b64_json\":\"\"}\n\n", accounting.Usage{}, 1, providers.Truncated},
		"an error":         {providers.ImageGenerations, image + "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n\n", one, 1, providers.ServerError},
		"a transcript":     {providers.Transcriptions, "data: {\"type\":\"transcript.text.done\",\"text\":\"x\",\"usage\":{\"type\":\"duration\",\"seconds\":1.2345}}\n\ndata: [DONE]\n\n", accounting.Usage{accounting.Milliseconds: 1235}, 1, 0},
		"a transcript cut": {providers.Transcriptions, "data: {\"type\":\"transcript.text.delta\",\"delta\":\"x\"}\n\n", accounting.Usage{}, 1, providers.Truncated},
		"vLLM's, an error": {providers.Transcriptions, "data: {\"object\":\"error\",\"error\":{\"message\":\"no\"}}\n\ndata: [DONE]\n\n", accounting.Usage{}, 0, providers.ServerError},
		"speech":           {providers.Speech, "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":3,\"output_tokens\":9,\"total_tokens\":12}}\n\n", accounting.Usage{accounting.Input: 3, accounting.AudioOutput: 9}, 1, 0},
		"a null error":     {providers.Speech, "data: {\"type\":\"speech.audio.done\",\"error\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":9,\"total_tokens\":12}}\n\n", accounting.Usage{accounting.Input: 3, accounting.AudioOutput: 9}, 1, 0},
		"by types alone":   {providers.ImageEdits, strings.ReplaceAll(image+image, "event: image_generation.completed\n", ""), two, 2, 0},
		"speech cut":       {providers.Speech, "data: {\"type\":\"speech.audio.delta\",\"audio\":\"AA\"}\n\n", accounting.Usage{}, 1, providers.Truncated},
	} {
		s := New(Quirks{Has: providers.Operations()}).Stream(providers.Call{Operation: c.op, Body: body, Stream: true}, providers.Target{}, iotest.OneByteReader(strings.NewReader(c.stream)))
		var usage accounting.Usage
		events := 0
		var err error
		for {
			var e *providers.Event
			if e, err = s.Next(); err != nil {
				break
			}
			events++
			if e.Usage != nil {
				usage = *e.Usage
			}
		}
		up := providers.AsError(err)
		if usage != c.usage || events != c.events || (c.kind == 0) != errors.Is(err, io.EOF) || c.kind != 0 && (up == nil || up.Kind != c.kind) {
			t.Errorf("%s: %d events, usage %v, %v", name, events, usage, err)
		}
	}
}

// TestRawStream: a file passes whatever its pieces; one that breaks off is not whole, and
// nothing is no file.
func TestRawStream(t *testing.T) {
	read := func(r io.Reader) (string, error) {
		s := New(Quirks{}).Stream(providers.Call{Operation: providers.Speech, Stream: true, Raw: true}, providers.Target{}, r)
		var b strings.Builder
		for {
			e, err := s.Next()
			if err != nil {
				_, again := s.Next()
				if again != err { //nolint:errorlint // the same, not the like
					t.Errorf("after %v comes %v", err, again)
				}
				return b.String(), err
			}
			b.Write(e.Data)
		}
	}
	file := strings.Repeat("\x00\xffdata: [DONE]\n\n", 10_000)
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(file), "by bytes": iotest.OneByteReader(strings.NewReader(file)), "with its end": iotest.DataErrReader(strings.NewReader(file)),
	} {
		if got, err := read(r); got != file || err != io.EOF { //nolint:errorlint // io.EOF itself
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if got, err := read(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(io.ErrUnexpectedEOF))); got != "abc" || providers.AsError(err) == nil || providers.AsError(err).Kind != providers.Truncated {
		t.Errorf("cut: %q, %v", got, err)
	}
	if _, err := read(strings.NewReader("")); providers.AsError(err) == nil || providers.AsError(err).Kind != providers.BadAnswer {
		t.Errorf("nothing: %v", err)
	}
}

// TestMediaAnswers: what whole answers tell the meter, and which are none.
func TestMediaAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		op         providers.Operation
		kind, body string
		usage      accounting.Usage
		doubt      providers.Doubt
		fails      bool
	}{
		"seconds":            {providers.Transcriptions, "application/json", `{"text":"x","usage":{"type":"duration","seconds":3}}`, accounting.Usage{accounting.Milliseconds: 3000}, "", false},
		"negative seconds":   {providers.Transcriptions, "application/json", `{"text":"x","usage":{"type":"duration","seconds":-3}}`, accounting.Usage{}, providers.BadUsage, false},
		"endless seconds":    {providers.Transcriptions, "application/json", `{"text":"x","usage":{"type":"duration","seconds":1e300}}`, accounting.Usage{}, providers.BadUsage, false},
		"too many seconds":   {providers.Transcriptions, "application/json", `{"text":"x","usage":{"type":"duration","seconds":1000000001}}`, accounting.Usage{}, providers.BadUsage, false},
		"seconds as text":    {providers.Translations, "application/json", `{"text":"x","duration":"2.5"}`, accounting.Usage{accounting.Milliseconds: 2500}, "", false},
		"no number":          {providers.Translations, "application/json", `{"text":"x","duration":"NaN"}`, accounting.Usage{}, "", false},
		"tokens":             {providers.Transcriptions, "application/json", `{"text":"x","usage":{"type":"tokens","input_tokens":14,"output_tokens":45,"total_tokens":59,"input_token_details":{"text_tokens":4,"audio_tokens":10}}}`, accounting.Usage{accounting.Input: 4, accounting.AudioInput: 10, accounting.Output: 45}, "", false},
		"an error":           {providers.Transcriptions, "application/json", `{"error":{"message":"no"}}`, accounting.Usage{}, "", true},
		"no transcript":      {providers.Transcriptions, "text/html", `<html>`, accounting.Usage{}, "", true},
		"text":               {providers.Transcriptions, "text/vtt", "WEBVTT\n", accounting.Usage{}, "", false},
		"images":             {providers.ImageGenerations, "application/json", `{"data":[{},{}],"usage":{"input_tokens":50,"output_tokens":100,"total_tokens":150,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}`, accounting.Usage{accounting.Input: 10, accounting.ImageInput: 40, accounting.ImageOutput: 100, accounting.Images: 2}, "", false},
		"images, badly told": {providers.ImageGenerations, "application/json", `{"data":[{},{}],"usage":{"input_tokens":-1,"output_tokens":100,"total_tokens":150}}`, accounting.Usage{accounting.Images: 2}, providers.BadUsage, false},
		"no images":          {providers.ImageGenerations, "application/json", `{"data":{}}`, accounting.Usage{}, "", true},
		"search units":       {providers.Rerank, "application/json", `{"results":[],"meta":{"billed_units":{"search_units":2}}}`, accounting.Usage{accounting.Searches: 2}, "", false},
		"bad units":          {providers.Rerank, "application/json", `{"results":[],"meta":{"billed_units":{"search_units":-2}}}`, accounting.Usage{}, providers.BadUsage, false},
		"tokens of a rank":   {providers.Rerank, "application/json", `{"results":[],"usage":{"total_tokens":9}}`, accounting.Usage{accounting.Input: 9}, "", false},
		"SGLang's scores":    {providers.Score, "application/json", `{"scores":[[0.1]],"usage":{"prompt_tokens":4,"total_tokens":4}}`, accounting.Usage{accounting.Input: 4}, "", false},
		"no scores":          {providers.Score, "application/json", `{"results":[]}`, accounting.Usage{}, "", true},
		"sound":              {providers.Speech, "audio/ogg", "OggS", accounting.Usage{}, "", false},
		"no sound":           {providers.Speech, "application/json; charset=utf-8", `{"audio":"AA"}`, accounting.Usage{}, "", true},
		"tokens of a model":  {providers.Tokenize, "application/json", `{"tokens":[1]}`, accounting.Usage{}, "", false},
		"llama.cpp's text":   {providers.Detokenize, "application/json", `{"content":"x"}`, accounting.Usage{}, "", false},
	} {
		a, err := New(Quirks{Has: providers.Operations()}).Decode(providers.Call{Operation: c.op}, providers.Target{}, c.kind, []byte(c.body))
		var usage accounting.Usage
		if a.Usage != nil {
			usage = *a.Usage
		}
		if (err != nil) != c.fails || usage != c.usage || a.Doubt != c.doubt || !c.fails && string(a.Body) != c.body {
			t.Errorf("%s: %+v, usage %v, %v", name, a, usage, err)
		}
		if c.op == providers.Transcriptions && !c.fails {
			// Of what was said the meter is told unless its tokens are; a text is of its own type.
			said := map[string]string{"application/json": "x", "text/vtt": c.body}[c.kind]
			if usage.OutputTokens() > 0 {
				said = ""
			}
			if a.Text != said || c.kind == "text/vtt" && a.ContentType != c.kind {
				t.Errorf("%s: %q was said, of type %q", name, a.Text, a.ContentType)
			}
		}
	}
}

// TestTranscriptsThatAreAsked: where a server tells a stream's usage only if it is asked, it is,
// and what the client did not ask for it does not see.
func TestTranscriptsThatAreAsked(t *testing.T) {
	raw := "--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\np\r\n--XX--\r\n"
	form, err := wire.ParseForm("multipart/form-data; boundary=XX", []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	const text, end = `{"choices":[{"delta":{"content":"x"}}],"usage":null}`, `{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}`
	for _, op := range []providers.Operation{providers.Transcriptions, providers.Translations} {
		for _, asks := range []bool{true, false} {
			codec := New(Quirks{Has: providers.Operations(), AskFormUsage: asks})
			for _, stream := range []bool{true, false} {
				req, err := codec.Encode(providers.Call{Operation: op, Form: form, Stream: stream}, providers.Target{Model: "m"})
				if err != nil || strings.Contains(string(slices.Concat(req.Pieces...)), "stream_include_usage") != (asks && stream) {
					t.Errorf("%s, asks %v, stream %v: %q, %v", op, asks, stream, req.Pieces, err)
				}
			}
			for _, wanted := range []bool{true, false} {
				s := codec.Stream(providers.Call{Operation: op, Form: form, Stream: true, WantUsage: wanted, NoText: wanted}, providers.Target{}, strings.NewReader("data: "+text+"\n\ndata: "+end+"\n\ndata: [DONE]\n\n"))
				var seen []string
				said, usage := "", false
				for {
					e, err := s.Next()
					if err != nil {
						if !errors.Is(err, io.EOF) {
							t.Error(err)
						}
						break
					}
					seen, said, usage = append(seen, string(e.Data)), said+e.Text, usage || e.Usage != nil
				}
				want := []string{text, end, "[DONE]"}
				if asks && !wanted {
					want = []string{`{"choices":[{"delta":{"content":"x"}}]}`, "", "[DONE]"}
				}
				if !slices.Equal(seen, want) || !usage || (said == "x") == wanted {
					t.Errorf("%s, asks %v, wanted %v: %q, said %q, usage %v", op, asks, wanted, seen, said, usage)
				}
			}
		}
	}
}
