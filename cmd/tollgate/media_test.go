package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// mediaConfig has a deployment for each way in which media is billed. Rates are in
// dollars: per million of tokens and characters, and for one of anything else.
const mediaConfig = upstreamConfig + `
  second: { to: cloud/second, price: { second: 0.0001 } }
  heard: { to: cloud/heard, price: { input: 1, audio_input: 2, output: 10 } }
  vheard: { to: gpu/vheard, price: { input: 1, output: 10 } }
  vsecond: { to: gpu/vsecond, price: { second: 0.0001 } }
  letters: { to: cloud/letters, price: { character: 15 } }
  spoken: { to: cloud/spoken, price: { input: 1, audio_output: 12 } }
  each: { to: cloud/each, price: { image: 0.04 } }
  drawn: { to: cloud/drawn, price: { input: 5, image_input: 8, image_output: 32 } }
  found: { to: gpu/found, price: { search: 0.002 } }
  ranked: { to: gpu/ranked, price: { input: 2 } }
`

// wav is a recording of silence: plain samples, 8,000 bytes for a second.
func wav(seconds float64) string {
	data := make([]byte, int(seconds*8000))
	b := append([]byte("RIFF\xff\xff\xff\xffWAVEfmt "), 16, 0, 0, 0, 1, 0, 1, 0)
	b = binary.LittleEndian.AppendUint32(b, 8000)
	b = binary.LittleEndian.AppendUint32(b, 8000)
	b = append(b, 1, 0, 8, 0)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return string(append(b, data...))
}

const mediaForm = "multipart/form-data; boundary=XX"

// formOf writes a form of parts, each a disposition and a value.
func formOf(parts ...string) string {
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		fmt.Fprintf(&b, "--XX\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n", parts[i], parts[i+1])
	}
	return b.String() + "--XX--\r\n"
}

const fileName = `name="file"; filename="a.wav"`

func audioForm(model, file string, more ...string) string {
	return formOf(append([]string{`name="model"`, model, fileName, file}, more...)...)
}

func (g *gate) post(path string, p person, body string) answer {
	g.t.Helper()
	h := header{}
	if strings.HasPrefix(body, "--XX") {
		h["Content-Type"] = mediaForm
	}
	return g.do("POST", path, p.key, body, h)
}

// mediaCall is a request for each of the operations beside text; NAME stands for the
// model.
type mediaCall struct {
	path, body string
	reply      providertest.Script
	want       string // "" is what the script says
	kind       string // of the answer
	costs      bool
}

func mediaCalls() []mediaCall {
	const (
		object = "application/json"
		events = "text/event-stream; charset=utf-8"
	)
	typed := func(kind, body string) providertest.Script {
		return providertest.Script{Body: body, Header: http.Header{"Content-Type": {kind}}}
	}
	heard := "event: transcript.text.delta\ndata: {\"type\":\"transcript.text.delta\", \"delta\":\"hi\",\"logprobs\":[]}\n\nevent: new.kind\ndata: {\"type\":\"new.kind\",\"n\":1.50}\n\n" +
		"event: transcript.text.done\ndata: {\"type\":\"transcript.text.done\",\"text\":\"hi\",\"usage\":{\"type\":\"duration\",\"seconds\":2}}\n\n"
	drawn := "event: image_generation.partial_image\ndata: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"" + strings.Repeat("A", 2<<20) + "\"}\n\n" +
		"event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"AA\"}\n\n"
	file := wav(1) + "--XX\r\n--X\r\nmodel\r\n\r\nNAM"
	return []mediaCall{
		{"/v1/audio/transcriptions", audioForm("NAME", file, `name="prompt"`, "one"), typed(object, "{ \"text\" : \"hi\",\n\"zeta\":1.0e0}"), "", object, true},
		{"/audio/transcriptions", formOf(fileName, file, `name="timestamp_granularities[]"`, "word", `name="timestamp_granularities[]"`, "segment", `name="model"`, "NAME", `name="response_format"`, "srt"),
			typed("text/plain; charset=utf-8", "1\n00:00:00,000 --> 00:00:01,000\nhi\n"), "", "text/plain; charset=utf-8", true},
		{"/v1/audio/translations", audioForm("NAME", file, `name="response_format"`, "verbose_json"), typed(object, `{"task":"translate","duration":"1.5","text":"hi"}`), "", object, true},
		{"/v1/audio/transcriptions", audioForm("NAME", file, `name="stream"`, "true", `name="stream_include_usage"`, "true"), typed("text/event-stream", heard), "", events, true},
		{"/v1/audio/speech", `{"input":"hello", "voice":{"id":"v"},"model":"NAME"}`, typed("audio/mpeg", "ID3\x00\xff\r\n\r\ndata: x\n\n"), "", "audio/mpeg", true},
		{"/v1/audio/speech", `{"model":"NAME","input":"hello","voice":"v","stream_format":"sse"}`, typed("text/event-stream", "event: speech.audio.delta\ndata: {\"type\":\"speech.audio.delta\",\"audio\":\"AA\"}\n\nevent: speech.audio.done\ndata: {\"type\":\"speech.audio.done\"}\n\n"), "", events, true},
		{"/v1/images/generations", `{"model":"NAME", "prompt":"a cat","n":1,"size":"1024x1024" }`, typed(object, "{\"created\":1, \"data\":[{\"url\":\"https://x/y\"}]}"), "", object, true},
		{"/images/generations", `{"model":"NAME","prompt":"a cat","stream":true,"partial_images":1}`, typed("text/event-stream", drawn), "", events, true},
		{"/v1/images/edits", formOf(`name="image[]"; filename="a.png"`, "\x89PNG\x00", `name="model"`, "NAME", `name="prompt"`, "a dog"), typed(object, `{"created":1,"data":[{"b64_json":"AA"}]}`), "", object, true},
		{"/v1/images/edits", `{"model":"NAME","prompt":"a dog","images":[{"image_url":"data:image/png;base64,AAAA"}]}`, typed(object, `{"created":1,"data":[{"b64_json":"AA"}]}`), "", object, true},
		{"/v1/images/variations", formOf(`name="model"`, "NAME", `name="image"; filename="a.png"`, "\x89PNG\x00"), typed(object, `{"created":1,"data":[{"b64_json":"AA"}]}`), "", object, true},
		{"/v1/moderations", `{"model":"NAME","input":["a"]}`, typed(object, `{ "results":[]}`), "", object, false},
		{"/v1/rerank", `{"model":"NAME","query":"a","documents":["b","c"],"top_n":1}`, typed(object, `{"results":[ ]}`), "", object, true},
		{"/v2/rerank", `{"model":"NAME","query":"a","documents":["b"]}`, typed(object, `{"results":[ ]}`), "", object, true},
		{"/rerank", `{"model":"NAME","query":"a","documents":["b"]}`, typed(object, `[{"index":0,"score":1.0}]`), "", object, true},
		{"/v1/score", `{"model":"NAME","text_1":"a","text_2":["b"]}`, typed(object, `{"data":[ ],"usage":{}}`), "", object, true},
		{"/score", `{"model":"NAME","text_1":"a","text_2":"b"}`, typed(object, `{"data":[ ]}`), "", object, true},
		{"/v1/tokenize", `{"model":"NAME","prompt":"a"}`, typed(object, `{"count":1,"tokens":[ 1]}`), "", object, false},
		{"/tokenize", `{"model":"NAME","messages":[{"role":"user","content":"hi"}]}`, typed(object, `{"count":1,"tokens":[ 1]}`), "", object, false},
		{"/detokenize", `{"model":"NAME","tokens":[1]}`, typed(object, `{"prompt": "a"}`), "", object, false},
	}
}

// upstreamPath is where an upstream has what a client asks for.
func upstreamPath(path string) string {
	for _, root := range []string{"/tokenize", "/detokenize"} {
		if strings.HasSuffix(path, root) {
			return root
		}
	}
	return "/v1" + strings.TrimPrefix(strings.TrimPrefix(path, "/v1"), "/v2")
}

// TestMediaIsFaithful: everything passes as it came in both directions, files and all,
// wherever the model stands; to a free deployment and to one that costs.
func TestMediaIsFaithful(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig) // any server behind the kind openai may have all of it
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "50")
	for _, model := range []string{"free", "paid"} {
		for _, c := range mediaCalls() {
			if model == "free" && (strings.Contains(c.path, "speech") || strings.Contains(c.path, "images") || strings.Contains(c.path, "moderations")) {
				continue // vLLM has none of these
			}
			g.up.Reset()
			g.up.Set(model, c.reply)
			body := strings.ReplaceAll(c.body, "NAME", model)
			a := g.post(c.path, p, body)
			if a.Status != 200 || a.Body != c.reply.Body || a.Header.Get("Content-Type") != c.kind {
				t.Errorf("%s of %s: %d %v\n got %.300q\nwant %.300q", c.path, model, a.Status, a.Header, a.Body, c.reply.Body)
			}
			calls := g.up.Calls()
			if len(calls) != 1 || calls[0].Path != upstreamPath(c.path) || string(calls[0].Body) != body {
				t.Fatalf("%s of %s: sent %+v\nwant %q", c.path, model, calls, body)
			}
			if free := model == "free" || !c.costs; free != (a.Header.Get("X-Tollgate-Price") == "free") || free != (len(g.entries(a.Header.Get("X-Request-Id"))) == 0) {
				t.Errorf("%s of %s: price %q, entries %+v", c.path, model, a.Header.Get("X-Tollgate-Price"), g.entries(a.Header.Get("X-Request-Id")))
			}
		}
	}
}

// TestMediaIsMetered: the books have each thing that is billed to the unit, what the
// upstream reported of it before anything else, and the hold was never less.
func TestMediaIsMetered(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5000")
	transcript := func(model, file string, more ...string) string { return audioForm(model, file, more...) }
	const speak = `{"model":"%s","voice":"v","input":"h\u00e9llo \ud83d\ude00"%s}` // 7 characters
	stream := []string{`name="stream"`, "true"}
	documents := func(n int, text string) string {
		return `["` + strings.Join(slices.Repeat([]string{text}, n), `","`) + `"]`
	}
	for name, c := range map[string]struct {
		path, model, body string
		script            providertest.Script
		usage             map[string]int64
		cost              int64 // in nano-dollars
		source            string
	}{
		"seconds reported":    {"/v1/audio/transcriptions", "second", transcript("second", wav(3)), providertest.Script{Seconds: 2.5}, map[string]int64{"millisecond": 2500}, 250_000, "reported"},
		"seconds of the file": {"/v1/audio/transcriptions", "second", transcript("second", wav(3), `name="response_format"`, "text"), providertest.Script{}, map[string]int64{"millisecond": 3000}, 300_000, "estimated"},
		"seconds of a size":   {"/v1/audio/translations", "second", transcript("second", strings.Repeat("?", 7999), `name="response_format"`, "vtt"), providertest.Script{}, map[string]int64{"millisecond": 4000}, 400_000, "estimated"},
		"seconds in text":     {"/v1/audio/translations", "second", transcript("second", wav(3), `name="response_format"`, "verbose_json"), providertest.Script{Seconds: 2.25}, map[string]int64{"millisecond": 2250}, 225_000, "reported"},
		"seconds in a stream": {"/v1/audio/transcriptions", "second", transcript("second", wav(3), stream...), providertest.Script{Seconds: 2}, map[string]int64{"millisecond": 2000}, 200_000, "reported"},
		"seconds not in one":  {"/v1/audio/transcriptions", "vsecond", transcript("vsecond", wav(3), stream...), providertest.Script{ChunkedText: true}, map[string]int64{"millisecond": 3000, "input": 10, "output": 5}, 300_000, "estimated"},
		"heard tokens":        {"/v1/audio/transcriptions", "heard", transcript("heard", wav(3)), providertest.Script{PromptTokens: 100, CompletionTokens: 20}, map[string]int64{"audio_input": 100, "output": 20}, 100*2000 + 20*10_000, "reported"},
		"heard in a stream":   {"/v1/audio/transcriptions", "heard", transcript("heard", wav(3), stream...), providertest.Script{PromptTokens: 100, CompletionTokens: 20}, map[string]int64{"audio_input": 100, "output": 20}, 100*2000 + 20*10_000, "reported"},
		"vLLM's own stream":   {"/v1/audio/transcriptions", "vheard", transcript("vheard", wav(3), stream...), providertest.Script{PromptTokens: 100, CompletionTokens: 20, ChunkedText: true}, map[string]int64{"input": 100, "output": 20}, 100*1000 + 20*10_000, "reported"},
		"tokens nobody told":  {"/v1/audio/transcriptions", "heard", transcript("heard", wav(4)), providertest.Script{Seconds: 4, Text: "one two three"}, map[string]int64{"millisecond": 4000, "audio_input": 100, "output": 3}, 100*2000 + 3*10_000, "estimated"},
		"characters":          {"/v1/audio/speech", "letters", fmt.Sprintf(speak, "letters", ""), providertest.Script{}, map[string]int64{"character": 7}, 7 * 15_000, "counted"},
		"characters, events":  {"/v1/audio/speech", "letters", fmt.Sprintf(speak, "letters", `,"stream_format":"sse"`), providertest.Script{}, map[string]int64{"character": 7}, 7 * 15_000, "reported"},
		"spoken tokens":       {"/v1/audio/speech", "spoken", fmt.Sprintf(speak, "spoken", `,"stream_format":"sse"`), providertest.Script{PromptTokens: 9, CompletionTokens: 21}, map[string]int64{"input": 9, "audio_output": 21}, 9*1000 + 21*12_000, "reported"},
		"spoken, not told":    {"/v1/audio/speech", "spoken", `{"model":"spoken","voice":"v","input":"hello"}`, providertest.Script{}, map[string]int64{"input": 1, "audio_output": 10, "character": 5}, 1000 + 10*12_000, "estimated"},
		"images":              {"/v1/images/generations", "each", `{"model":"each","prompt":"a","n":3}`, providertest.Script{NoUsage: true}, map[string]int64{"image": 3}, 3 * 40_000_000, "reported"},
		"variations":          {"/v1/images/variations", "each", formOf(`name="image"; filename="a"`, "x", `name="n"`, "2", `name="model"`, "each"), providertest.Script{NoUsage: true}, map[string]int64{"image": 2}, 2 * 40_000_000, "reported"},
		"drawn tokens":        {"/v1/images/generations", "drawn", `{"model":"drawn","prompt":"a","n":2}`, providertest.Script{PromptTokens: 10, CompletionTokens: 2000}, map[string]int64{"image": 2, "input": 10, "image_output": 2000}, 10*5000 + 2000*32_000, "reported"},
		"drawn in a stream":   {"/v1/images/edits", "drawn", formOf(`name="image"; filename="a"`, "x", `name="n"`, "2", `name="model"`, "drawn", `name="stream"`, "true"), providertest.Script{PromptTokens: 10, CompletionTokens: 2000, Chunks: 2}, map[string]int64{"image": 2, "input": 20, "image_output": 4000}, 20*5000 + 4000*32_000, "reported"},
		"drawn, not told":     {"/v1/images/generations", "drawn", `{"model":"drawn","prompt":"hello","quality":"low","size":"1536x1024"}`, providertest.Script{NoUsage: true}, map[string]int64{"image": 1, "input": 2, "image_output": 409}, 2*5000 + 409*32_000, "estimated"},
		"search units":        {"/v2/rerank", "found", `{"model":"found","query":"a","documents":` + documents(250, "b") + `}`, providertest.Script{Units: 3}, map[string]int64{"search": 3}, 3 * 2_000_000, "reported"},
		"units, not told":     {"/v1/rerank", "found", `{"model":"found","query":"a","documents":` + documents(101, "b") + `}`, providertest.Script{NoUsage: true}, map[string]int64{"search": 2, "input": 202}, 2 * 2_000_000, "estimated"},
		"ranked tokens":       {"/rerank", "ranked", `{"model":"ranked","query":"a","documents":["b"]}`, providertest.Script{PromptTokens: 57, CompletionTokens: 1}, map[string]int64{"input": 57}, 57 * 2000, "reported"},
		"ranked, not told":    {"/v1/score", "ranked", `{"model":"ranked","text_1":"one two","text_2":["three","four"]}`, providertest.Script{NoUsage: true}, map[string]int64{"input": 6}, 6 * 2000, "counted"},
	} {
		g.up.Set(c.model, c.script)
		a := g.post(c.path, p, c.body)
		if a.Status != 200 {
			t.Errorf("%s: %d %.300s", name, a.Status, a.Body)
			continue
		}
		e := g.entry(a.Header.Get("X-Request-Id"))
		for meter, n := range c.usage {
			if e.Usage[meter] != n {
				t.Errorf("%s: %s is %d, want %d: %+v", name, meter, e.Usage[meter], n, e.Usage)
			}
		}
		if e.Cost == nil || int64(*e.Cost) != c.cost || e.Source != c.source || e.Status != "ok" || *e.Cost > e.Held {
			t.Errorf("%s: %+v (%v), want %d %s", name, e, e.Cost, c.cost, c.source)
		}
		if strings.Contains(a.Body, `"usage":{"prompt_tokens":100`) {
			t.Errorf("%s: the usage that the client did not ask for is shown: %s", name, a.Body)
		}
	}
}

// TestImagesByWhatTheyAre: where the price list tells sizes and qualities of images apart, a
// call is held for and billed at those that it asks for, and at the dearest that it may get
// where it does not say or nobody knows.
func TestImagesByWhatTheyAre(t *testing.T) {
	t.Parallel()
	const prices = `{
		"drawer": {"litellm_provider":"openai","mode":"image_generation","input_cost_per_image":0.04},
		"standard/1024-x-1024/drawer": {"litellm_provider":"openai","mode":"image_generation","input_cost_per_image":0.04},
		"hd/1024-x-1024/drawer": {"litellm_provider":"openai","mode":"image_generation","input_cost_per_pixel":7.62939453125e-08},
		"standard/1792-x-1024/drawer": {"litellm_provider":"openai","mode":"image_generation","output_cost_per_image":0.08},
		"hd/1792-x-1024/drawer": {"litellm_provider":"openai","mode":"image_generation","output_cost_per_image":0.12}
	}`
	file := filepath.Join(t.TempDir(), "prices.json")
	if err := os.WriteFile(file, []byte(prices), 0o600); err != nil {
		t.Fatal(err)
	}
	g := audited(t, "prices: file:"+file+strings.Replace(upstreamConfig, "models:", "  listed: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, prices: openai }\nmodels:\n  drawer: listed/drawer", 1))
	g.up.Set("drawer", providertest.Script{NoUsage: true})
	const path = "/v1/images/generations"
	asks := func(more string) string { return `{"model":"drawer","prompt":"a"` + more + `}` }
	for _, c := range []struct {
		path, body string
		images     int64
		each       int64 // nano-dollars
	}{
		{path, asks(``), 1, 40_000_000},
		{path, asks(`,"size":null,"quality":"auto","n":3`), 3, 40_000_000},
		{path, asks(`,"size":"1024x1024","n":2`), 2, 40_000_000},
		{path, asks(`,"size":"1024x1024","quality":"hd"`), 1, 80_000_000},
		{path, asks(`,"size":"1792x1024"`), 1, 80_000_000},
		{path, asks(`,"quality":"hd","size":"auto"`), 1, 120_000_000},
		{path, asks(`,"quality":"hd","size":"1792x1024","n":2`), 2, 120_000_000},
		{path, asks(`,"size":"4096x4096"`), 1, 120_000_000},
		{path, asks(`,"size":"1024x1024","quality":"divine"`), 1, 120_000_000},
		{path, asks(`,"size":1024`), 1, 120_000_000},
		{"/v1/images/edits", formOf(`name="image"; filename="a"`, "x", `name="size"`, "1024x1024", `name="model"`, "drawer", `name="quality"`, "hd", `name="n"`, "2"), 2, 80_000_000},
		{"/v1/images/variations", formOf(`name="image"; filename="a"`, "x", `name="model"`, "drawer"), 1, 40_000_000},
	} {
		want := c.images * c.each
		for _, less := range []int64{1, 0} { // what it may come to is held before it is sent
			p := g.person(control.KeyChange{})
			g.budget(p, ledger.Key, fmt.Sprintf("0.%09d", want-less))
			a := g.post(c.path, p, c.body)
			if served := a.Status == 200; served != (less == 0) {
				t.Errorf("%s with %d less than %d: %d %s", c.body, less, want, a.Status, a.Body)
			}
			if a.Status != 200 {
				continue
			}
			if e := g.entry(a.Header.Get("X-Request-Id")); e.Cost == nil || int64(*e.Cost) != want || int64(e.Held) != want || e.Usage["image"] != c.images || e.PriceVersion == "" {
				t.Errorf("%s: %+v (%v), want %d", c.body, e, e.Cost, want)
			}
		}
	}
}

// TestMediaUsageIsAskedFor: vLLM tells the usage of a stream where it is asked in the form;
// a client that did not ask does not see it, and one that did does.
func TestMediaUsageIsAskedFor(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	g.up.Set("vheard", providertest.Script{Text: "one two", ChunkedText: true})
	for _, asks := range []string{"", "true", "false"} {
		g.up.Reset()
		more := []string{`name="stream"`, "true"}
		if asks != "" {
			more = append(more, `name="stream_include_usage"`, asks)
		}
		body := audioForm("vheard", wav(1), more...)
		a := g.post("/v1/audio/transcriptions", p, body)
		if a.Status != 200 || strings.Contains(a.Body, "prompt_tokens") != (asks == "true") || !strings.HasSuffix(a.Body, "data: [DONE]\n\n") || strings.Count(a.Body, "[DONE]") != 1 {
			t.Errorf("asks %q: %d %s", asks, a.Status, a.Body)
		}
		sent := string(g.up.Calls()[0].Body)
		if strings.Count(sent, "stream_include_usage\"\r\n\r\ntrue\r\n") != 1 || !strings.Contains(sent, wav(1)) {
			t.Errorf("asks %q: sent %.300q", asks, sent)
		}
	}
}

// TestMediaWithoutMoney: with nothing left what costs is refused before any call, and
// what is free is served, also while the books are shut.
func TestMediaWithoutMoney(t *testing.T) {
	t.Parallel()
	g := audited(t, strings.Replace(upstreamConfig, "models:", "models:\n  gift: { to: cloud/gift, price: free }", 1))
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "0")
	ask := func(c mediaCall, model string) answer {
		g.up.Reset()
		g.up.Set(model, c.reply)
		return g.post(c.path, p, strings.ReplaceAll(c.body, "NAME", model))
	}
	for _, c := range mediaCalls() {
		switch a := ask(c, "paid"); {
		case !c.costs:
			if a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "free" {
				t.Errorf("%s is free by its nature: %d %s", c.path, a.Status, a.Body)
			}
		case a.Status != 402 && a.Status != 429 || len(g.up.Calls()) != 0:
			t.Errorf("%s: %d %s, %d calls", c.path, a.Status, a.Body, len(g.up.Calls()))
		}
		if a := ask(c, "unknown"); c.costs && (a.Status == 200 || len(g.up.Calls()) != 0) {
			t.Errorf("%s without a price: %d %s", c.path, a.Status, a.Body)
		}
	}
	defer g.blockBooks()()
	for _, c := range mediaCalls() {
		if a := ask(c, "gift"); a.Status != 200 || a.Body != c.reply.Body {
			t.Errorf("%s, free and the books shut: %d %.300s", c.path, a.Status, a.Body)
		}
	}
}

// TestMediaIsHeldFor: what a request may come to by its own fields is held before it is
// sent, so that it is refused where the budget has just less.
func TestMediaIsHeldFor(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	for name, c := range map[string]struct {
		path, model, body string
		most              int64 // nano-dollars
	}{
		"images":     {"/v1/images/generations", "each", `{"model":"each","prompt":"a","n":4}`, 4 * 40_000_000},
		"characters": {"/v1/audio/speech", "letters", `{"model":"letters","voice":"v","input":"` + strings.Repeat("a", 1000) + `"}`, 1000 * 15_000},
		"plain":      {"/v1/audio/transcriptions", "second", audioForm("second", wav(10)), 10 * 100_000},
		"any file":   {"/v1/audio/transcriptions", "second", audioForm("second", strings.Repeat("?", 5000)), 10*100_000 + 100},
		"documents":  {"/v1/rerank", "found", `{"model":"found","query":"a","documents":["` + strings.Repeat("b", 510*150) + `"]}`, 2 * 2_000_000},
	} {
		for _, more := range []int64{-1, 0} {
			p := g.person(control.KeyChange{})
			g.budget(p, ledger.Key, fmt.Sprintf("0.%09d", c.most+more))
			g.up.Reset()
			a := g.post(c.path, p, c.body)
			if served := a.Status == 200; served != (more == 0) || served != (len(g.up.Calls()) == 1) {
				t.Errorf("%s with %+d of %d: %d %.200s", name, more, c.most, a.Status, a.Body)
			}
		}
	}
}

// TestSpeechComesAsItIsMade: the beginning of a sound is there while its end is not, and
// the call ends when its listener goes; a sound that breaks off is not taken for whole.
func TestSpeechComesAsItIsMade(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5")
	const body = `{"model":"letters","voice":"v","input":"hello"}`
	g.up.Set("letters", providertest.Script{})
	if a := g.post("/v1/audio/speech", p, body); a.Status != 200 || a.Body != string(providertest.Sound) || a.Header.Get("Content-Type") != "audio/mpeg" {
		t.Errorf("%d %v, %d bytes", a.Status, a.Header, len(a.Body))
	}

	g.up.Set("letters", providertest.Script{HangAfter: 1})
	res := g.answering("/v1/audio/speech", p, body)
	first := make([]byte, len(providertest.Sound)/4)
	if _, err := io.ReadFull(res.Body, first); err != nil || !bytes.HasPrefix(providertest.Sound, first) {
		t.Errorf("the beginning: %v", err)
	}
	_ = res.Body.Close()
	g.eventually("the upstream sees that the listener has gone", func() bool {
		calls := g.up.Calls()
		return !calls[len(calls)-1].Aborted.IsZero()
	})
	g.settled()
	if e := g.entry(res.Header.Get("X-Request-Id")); e.Status != "client_gone" || e.Usage["character"] != 5 || e.Cost == nil || *e.Cost != 75_000 {
		t.Errorf("a listener who left: %+v", e)
	}

	g.up.Set("letters", providertest.Script{CutAfter: 2})
	res = g.answering("/v1/audio/speech", p, body)
	got, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err == nil || !bytes.HasPrefix(providertest.Sound, got) || len(got) == len(providertest.Sound) {
		t.Errorf("a sound that broke off: %d bytes, %v", len(got), err)
	}
	g.settled()
	if e := g.entry(res.Header.Get("X-Request-Id")); e.Status != "truncated" || e.Usage["character"] != 5 {
		t.Errorf("a sound that broke off: %+v", e)
	}

	// An upstream that fails under status 200 has made no sound.
	g.up.Set("letters", providertest.Script{Body: `{"error":{"message":"no such voice","type":"server_error"}}`})
	if a := g.post("/v1/audio/speech", p, body); a.Status < 400 || !strings.Contains(a.Body, "no such voice") {
		t.Errorf("an error under 200: %d %s", a.Status, a.Body)
	}
	g.mend()
}

// answering begins a request and returns its answer while that comes.
func (g *gate) answering(path string, p person, body string) *http.Response {
	g.t.Helper()
	req := must(http.NewRequest("POST", g.url+path, strings.NewReader(body)))(g.t)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.key)
	return must(g.client.Do(req))(g.t)
}

// TestMediaThatIsNotStreamed: not every model streams; what was asked for as a stream and
// comes whole is passed on whole.
func TestMediaThatIsNotStreamed(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	const text = `{"text":"hi","usage":{"type":"duration","seconds":2}}`
	g.up.Set("second", providertest.Script{Body: text})
	a := g.post("/v1/audio/transcriptions", p, audioForm("second", wav(3), `name="stream"`, "true"))
	if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || a.Body != text || a.Header.Get("Content-Type") != "application/json" || e.Usage["millisecond"] != 2000 {
		t.Errorf("%d %v %s %+v", a.Status, a.Header, a.Body, e)
	}
	g.up.Set("letters", providertest.Script{Body: "\xff\xfb\x90", Header: http.Header{"Content-Type": {"audio/mpeg"}}})
	if a := g.post("/v1/audio/speech", p, `{"model":"letters","input":"x","stream_format":"sse"}`); a.Status != 200 || a.Body != "\xff\xfb\x90" || a.Header.Get("Content-Type") != "audio/mpeg" {
		t.Errorf("%d %v %q", a.Status, a.Header, a.Body)
	}
}

// TestCompressedAnswers: an upstream that compresses what it was asked to send as it is gets
// no byte of that to a client, who would take it for the sound or the text itself. Whoever
// asked is told what is wrong.
func TestCompressedAnswers(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	gzip := http.Header{"Content-Encoding": {"gzip"}, "Content-Type": {"audio/mpeg"}}
	const packed = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	for path, body := range map[string]string{
		"/v1/audio/speech":     `{"model":"letters","input":"hello"}`,
		"/v1/audio/speech#sse": `{"model":"letters","input":"hello","stream_format":"sse"}`,
		"/v1/chat/completions": chatBody(p, "letters", ""),
		"/v1/embeddings":       `{"model":"letters","input":"hello"}`,
		"/v1/responses#stream": `{"model":"letters","input":"hello","stream":true}`,
	} {
		path, _, _ := strings.Cut(path, "#")
		g.up.Set("letters", providertest.Script{Body: packed, Header: gzip})
		if a := g.post(path, p, body); a.Status != 502 || a.errorField(t, "code") != "upstream_bad_answer" || !strings.HasSuffix(a.errorField(t, "message"), "its Content-Encoding is gzip") {
			t.Errorf("%s: %d %q", path, a.Status, a.Body)
		}
		// Of a refusal the status is understood, and the rest is not shown.
		g.up.Set("letters", providertest.Script{Status: 422, Body: packed, Header: gzip})
		if a := g.post(path, p, body); a.Status != 422 || a.errorField(t, "message") != "HTTP 422 Unprocessable Entity" {
			t.Errorf("%s, refused: %d %q", path, a.Status, a.Body)
		}
		g.mend()
	}
	g.up.Set("letters", providertest.Script{Header: http.Header{"Content-Encoding": {"identity"}}})
	if a := g.post("/v1/audio/speech", p, `{"model":"letters","input":"hello"}`); a.Status != 200 || a.Body != string(providertest.Sound) {
		t.Errorf("identity: %d, %d bytes", a.Status, len(a.Body))
	}
}

// TestMediaIsRefused: what cannot be relayed or metered is refused before any call, with
// what is wrong and where.
func TestMediaIsRefused(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	for name, c := range map[string]struct {
		path, body string
		status     int
		says       string
	}{
		"no file":              {"/v1/audio/transcriptions", formOf(`name="model"`, "free"), 400, "file"},
		"two files":            {"/v1/audio/transcriptions", audioForm("free", "a", fileName, "b"), 400, "file"},
		"a recording by URL":   {"/v1/audio/transcriptions", audioForm("free", "a", `name="url"`, "http://169.254.169.254/"), 400, "url"},
		"no model":             {"/v1/audio/transcriptions", formOf(fileName, "a"), 400, "model"},
		"two models":           {"/v1/audio/transcriptions", audioForm("free", "a", `name="model"`, "paid"), 400, "model"},
		"JSON for a form":      {"/v1/audio/transcriptions", `{"model":"free"}`, 415, "multipart/form-data"},
		"a form for JSON":      {"/v1/audio/speech", formOf(`name="model"`, "letters"), 415, "application/json"},
		"nothing to say":       {"/v1/audio/speech", `{"model":"letters","input":""}`, 400, "input"},
		"no documents":         {"/v1/rerank", `{"model":"free","query":"a"}`, 400, "documents"},
		"no image":             {"/v1/images/edits", formOf(`name="model"`, "each"), 400, "image"},
		"a private image":      {"/v1/images/edits", `{"model":"each","prompt":"a","images":[{"image_url":"http://10.0.0.1/"}]}`, 400, ""},
		"a private document":   {"/v1/rerank", `{"model":"free","query":"a","documents":{"content":[{"type":"image_url","image_url":{"url":"http://10.0.0.1/"}}]}}`, 400, ""},
		"speech of vLLM":       {"/v1/audio/speech", `{"model":"free","input":"x"}`, 400, "does not do this: "},
		"images of vLLM":       {"/v1/images/generations", `{"model":"free","prompt":"x"}`, 400, "does not do this: "},
		"a model nobody knows": {"/v1/moderations", `{"model":"nothing","input":"x"}`, 404, `no model is named "nothing": GET /v1/models lists those`},
	} {
		a := g.post(c.path, p, c.body)
		if a.Status != c.status || !strings.Contains(a.errorField(t, "message"), c.says) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if calls := g.up.Calls(); len(calls) != 0 {
		t.Errorf("calls were made: %+v", calls)
	}
}

// TestUnsupportedOperationSaysWhatIs: who asks a model for what it does not do is told
// what it does, and which models he may use do it.
func TestUnsupportedOperationSaysWhatIs(t *testing.T) {
	t.Parallel()
	g := begin(t, mediaConfig)
	for what, c := range map[string]struct {
		models []string
		says   []string
		not    string
	}{
		"all models":        {nil, []string{`"free" does chat, `, "and not speech; ", "speech is done by", "letters"}, "gpu"},
		"some of them":      {[]string{"free", "letters"}, []string{`"free" does chat, `, "and not speech; ", "speech is done by letters"}, "paid"},
		"no other":          {[]string{"free"}, []string{`"free" does chat, `, "and not speech; no model that this key may use does speech"}, "letters"},
		"a key of the paid": {[]string{"free", "found"}, []string{`"free" does chat, `, "and not speech; no model that this key may use does speech"}, "found"},
	} {
		ch := control.KeyChange{}
		if c.models != nil {
			ch.Models = &c.models
		}
		a := g.post("/v1/audio/speech", g.person(ch), `{"model":"free","input":"x"}`)
		message := a.errorField(t, "message")
		if a.Status != 400 || a.errorField(t, "code") != "unsupported_operation" || a.errorField(t, "param") != "model" || strings.Contains(message, c.not) || len(message) > 1000 {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
		for _, says := range c.says {
			if !strings.Contains(message, says) {
				t.Errorf("%s: %q does not say %q", what, message, says)
			}
		}
	}
}

// TestLargeRecording: the largest recording that OpenAI takes passes byte for byte, the
// model behind it, and is copied no more than a few times on its way.
func TestLargeRecording(t *testing.T) {
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	file := strings.Repeat("\x00\xff--XX\r\n--X", 25<<20/11)
	body := formOf(fileName, file, `name="model"`, "second")
	g.up.Set("second", providertest.Script{Seconds: 1})
	var a answer
	cost := spent(func() { a = g.post("/v1/audio/transcriptions", p, body) })
	if calls := g.up.Calls(); a.Status != 200 || len(calls) != 1 || string(calls[0].Body) != body {
		t.Fatalf("%d %s, %d calls", a.Status, a.Body, len(calls))
	}
	// Of these the upstream of the test has some: it reads the body by growing a buffer, reads
	// the file out of it in the same way, and keeps both.
	if limit := int64(16 * len(body)); cost > limit {
		t.Errorf("%d MiB were allocated for %d", cost>>20, len(body)>>20)
	}
}

// TestClientGoneWhileSending: a client that goes before its recording has come leaves
// nothing behind, and one that goes while it is listened to ends the call.
func TestClientGoneWhileSending(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5")
	before := g.books()
	from, to := io.Pipe()
	req := must(http.NewRequest("POST", g.url+"/v1/audio/transcriptions", from))(t)
	req.ContentLength = 10 << 20
	req.Header.Set("Content-Type", mediaForm)
	req.Header.Set("Authorization", "Bearer "+p.key)
	go func() {
		_, _ = io.WriteString(to, strings.TrimSuffix(audioForm("second", wav(20)), "--XX--\r\n"))
		_ = to.CloseWithError(io.ErrUnexpectedEOF)
	}()
	if res, err := g.client.Do(req); err == nil {
		_ = res.Body.Close()
		t.Error("half a body was answered")
	}
	if len(g.up.Calls()) != 0 || g.books() != before {
		t.Errorf("%d calls, books %+v", len(g.up.Calls()), g.books())
	}

	g.up.Set("second", providertest.Script{Hang: true})
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	req = must(http.NewRequest("POST", g.url+"/v1/audio/transcriptions", strings.NewReader(audioForm("second", wav(2)))))(t)
	req.Header.Set("Content-Type", mediaForm)
	req.Header.Set("Authorization", "Bearer "+p.key)
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan error, 1)
	go func() {
		_, err := client.Do(req.WithContext(ctx)) //nolint:bodyclose // there is none
		gone <- err
	}()
	g.eventually("the upstream listens", func() bool { return len(g.up.Calls()) == 1 })
	cancel()
	if err := <-gone; err == nil {
		t.Error("an answer came")
	}
	g.eventually("the upstream sees that the client has gone", func() bool { return !g.up.Calls()[0].Aborted.IsZero() })
	g.settled()
	if after := g.books(); after.entries != before.entries+1 || after.posted != before.posted+200_000 {
		t.Errorf("the books: %+v", after)
	}
}
