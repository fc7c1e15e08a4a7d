package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"tollgate/providers/wire"
)

// nesting is how deep a text nests, strings left out.
func nesting(b []byte) int {
	depth, deepest, in := 0, 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case in && c == '\\':
			i++
		case c == '"':
			in = !in
		case in:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

// checkScan compares a parse with what the standard library says of the same bytes.
func checkScan(t *testing.T, body []byte) {
	t.Helper()
	o, err := wire.ParseObject(bytes.Clone(body))
	valid := json.Valid(body) && utf8.Valid(body)
	deep := nesting(body) > wire.MaxDepth
	switch {
	case err == nil && (!valid || deep):
		t.Fatalf("taken, but valid: %v, too deep: %v: %q", valid, deep, body)
	case err == nil:
	case errors.Is(err, wire.ErrNotJSON), errors.Is(err, wire.ErrNotUTF8):
		if valid && !deep {
			t.Fatalf("%v, but it is valid: %q", err, body)
		}
	case errors.Is(err, wire.ErrTooDeep):
		if valid && !deep {
			t.Fatalf("%v, but it nests %d levels: %q", err, nesting(body), body)
		}
	case errors.Is(err, wire.ErrNotObject):
		if !valid || bytes.TrimLeft(body, " \t\r\n")[0] == '{' {
			t.Fatalf("%v: %q", err, body)
		}
	case errors.Is(err, wire.ErrDuplicateKey):
		var m map[string]json.RawMessage
		if valid && json.Unmarshal(body, &m) == nil && len(m) == topKeys(body) {
			t.Fatalf("%v: %q", err, body)
		}
	case errors.Is(err, wire.ErrTooManyKeys):
		if topKeys(body) <= wire.MaxMembers {
			t.Fatalf("%v: %d", err, topKeys(body))
		}
	default:
		t.Fatalf("an error of no kind: %v", err)
	}
	if err != nil {
		return
	}
	var want map[string]json.RawMessage
	if err := json.Unmarshal(body, &want); err != nil {
		t.Fatal(err)
	}
	if len(o.Keys()) != len(want) {
		t.Fatalf("%d members, encoding/json has %d: %q", len(o.Keys()), len(want), body)
	}
	for key, value := range want {
		if strings.ContainsRune(key, utf8.RuneError) {
			continue // a lone surrogate: its spellings differ
		}
		got, ok := o.Raw(key)
		if !ok || !bytes.Equal(got, value) {
			t.Fatalf("%q: %q, want %q", key, got, value)
		}
		eachKey(t, value, func(nested string) {
			if !o.MayNest(nested) {
				t.Fatalf("%q is in there: %q", nested, body)
			}
		})
	}
}

func topKeys(body []byte) int {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber() // JSON's have no range
	n, depth, key := 0, 0, true
	for {
		token, err := dec.Token()
		if err != nil {
			return n
		}
		switch d, ok := token.(json.Delim); {
		case ok && (d == '{' || d == '['):
			depth++
			continue
		case ok:
			depth--
		}
		if depth == 1 {
			if key {
				n++
			}
			key = !key
		}
	}
}

func eachKey(t *testing.T, value []byte, do func(string)) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				do(k)
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(v)
}

func FuzzParseObject(f *testing.F) {
	for _, s := range []string{
		`{"model":"a","messages":[{"role":"user","content":"hé 😀 \n\" \u00e9 \ud83d\ude00"}],"n":-1.5e+10,"x":[true,false,null,{}]}`,
		` [1,2] `, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"":{"":[]}}`, "{\"a\":\"\xc3\x28\"}", `{"a":"` + strings.Repeat("x", 40) + "\x01" + `"}`, `{"a":.5}`, `{"a":1.}`, `{"a":01}`, `{"a":888E888,"b":{"c":[-1e-999]}}`,
		`{"a":1e}`, `{"a":"\x"}`, `{"a":"\u12g4"}`, `{"a":tru}`, `{,}`, `{"a":1,}`, `{"a" 1}`, "\ufeff{}", strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(checkScan)
}

// TestParseObjectAgrees holds the scan against the standard library on texts that are
// nearly right: valid ones with a byte changed, dropped or put in.
func TestParseObjectAgrees(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	alphabet := []string{`"`, `\`, `\"`, `\n`, `\u0041`, `\ud800`, "é", "漢字", "😀", "\x80", "\xff", "\xed\xa0\x80", "\x00", "\x1f", "\x7f", "{", "}", "[", "]", ",", ":", " ", "\n", "0", "-", "1e5", "true", "null", "a", "image_url", strings.Repeat("long text ", 4)}
	var value func(depth int) string
	text := func() string {
		var b strings.Builder
		b.WriteByte('"')
		for range r.IntN(6) {
			s := alphabet[r.IntN(len(alphabet))]
			if q, err := json.Marshal(s); r.IntN(4) > 0 && err == nil {
				s = string(q[1 : len(q)-1])
			}
			b.WriteString(s)
		}
		b.WriteByte('"')
		return b.String()
	}
	value = func(depth int) string {
		switch k := r.IntN(8); {
		case depth > 4 || k < 3:
			return text()
		case k == 3:
			return []string{"0", "-1", "1.5", "2e10", "-0.1E-3", "true", "false", "null", "01", "-", "1."}[r.IntN(11)]
		case k < 6:
			var parts []string
			for range r.IntN(4) {
				parts = append(parts, value(depth+1))
			}
			return "[" + strings.Join(parts, ", ") + "]"
		default:
			var parts []string
			for range r.IntN(4) {
				parts = append(parts, text()+" :"+value(depth+1))
			}
			return "{" + strings.Join(parts, ",") + "}"
		}
	}
	for range 30_000 {
		body := []byte(value(0))
		if len(body) > 0 && r.IntN(2) == 0 {
			at := r.IntN(len(body))
			switch s := alphabet[r.IntN(len(alphabet))]; r.IntN(3) {
			case 0:
				body = append(body[:at:at], body[at+1:]...)
			case 1:
				body = fmt.Appendf(nil, "%s%s%s", body[:at], s, body[at:])
			default:
				body[at] = s[0]
			}
		}
		checkScan(t, body)
	}
}

// TestParseObjectAtEachLength moves what ends a run of plain text through every place
// of the words that are looked at together.
func TestParseObjectAtEachLength(t *testing.T) {
	for n := range 50 {
		for _, c := range []string{"", `\"`, "\n", "\x1f", "é", "\xe9", "\x7f", `\u00e9`, `\u00e`, `"`, "!", "]", "[", "\x21", "\xa2", "\xdc"} {
			for _, tail := range []int{0, 1, 20} {
				checkScan(t, []byte(`{"a":"`+strings.Repeat("x", n)+c+strings.Repeat("y", tail)+`"}`))
			}
		}
	}
}

func TestMembers(t *testing.T) {
	build := func(n int) []byte {
		b := []byte(`{"k":0`)
		for i := range n - 1 {
			b = fmt.Appendf(b, `,"k%d":%d`, i, i)
		}
		return append(b, '}')
	}
	o, err := wire.ParseObject(build(wire.MaxMembers))
	if err != nil || len(o.Keys()) != wire.MaxMembers {
		t.Fatalf("as many keys as there may be: %v", err)
	}
	if _, err := wire.ParseObject(build(wire.MaxMembers + 1)); !errors.Is(err, wire.ErrTooManyKeys) {
		t.Errorf("one key too many: %v", err)
	}
	for _, at := range []int{1, 15, 16, 17, 18, 500, wire.MaxMembers - 1} {
		b := append(bytes.TrimSuffix(build(at), []byte("}")), `,"k":1}`...)
		if _, err := wire.ParseObject(b); !errors.Is(err, wire.ErrDuplicateKey) {
			t.Errorf("a key twice, the second time as number %d: %v", at+1, err)
		}
	}
	inner := fmt.Sprintf(`{"model":"m","metadata":%s}`, build(wire.MaxMembers+1))
	if _, err := wire.ParseObject([]byte(inner)); err != nil {
		t.Errorf("many keys further down: %v", err)
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for body, want := range map[string]string{
		`{"a":1,}`:          "byte 7",
		"{\"a\":\"x\xff\"}": "byte 7",
		`{"a":"x`:           "byte 7",
	} {
		if _, err := wire.ParseObject([]byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", body, err, want)
		}
	}
}

func BenchmarkParseObject(b *testing.B) {
	for _, size := range []int{200, 8 << 10, 100 << 10, 1 << 20} {
		for _, text := range []string{"Here is a plain sentence that goes on for a while and then some. ", `He said: \"Is it 42 €?\"\nNo. `, "漢字かな交じり文はとても長い。"} {
			body := []byte(`{"model":"m","messages":[{"role":"user","content":"` + strings.Repeat(text, size/len(text)) + `"}]}`)
			b.Run(fmt.Sprintf("%d/%.8q", size, text), func(b *testing.B) {
				b.SetBytes(int64(len(body)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := wire.ParseObject(body); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// TestMediaIsFound holds that what saves a walk over the messages never hides media,
// however its keys are spelled, and that everyday requests are saved it.
func TestMediaIsFound(t *testing.T) {
	for _, key := range []string{"image_url", "video_url", "audio_url", "file_url", "file"} {
		for _, spelled := range []string{key, strings.Replace(key, "f", `\u0066`, 1), strings.Replace(key, "u", `\u0075`, 1)} {
			body := `{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"x","` + spelled + `":{"url":"http://a.example/b"}}]}]}`
			o, err := wire.ParseObject([]byte(body))
			if err != nil {
				t.Fatal(err)
			}
			if p, err := wire.ReadParams(o); err != nil || len(p.Media) != 1 || p.Media[0] != "http://a.example/b" || p.InputBound <= int64(len(body)) {
				t.Errorf("%s: %v %v, bound %d of %d bytes", spelled, p.Media, err, p.InputBound, len(body))
			}
		}
	}
	audio := `{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}`
	o, err := wire.ParseObject([]byte(audio))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := wire.ReadParams(o); err != nil || !p.AudioIn {
		t.Errorf("audio: %+v %v", p, err)
	}
	o, err = wire.ParseObject([]byte(`{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"}],"name":"n"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"y"}],
		"tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,"parameters":{"type":"object","properties":{"key":{"type":"string","minLength":1},"path":{},"old_string":{},"data":{},"language":{}},"required":[]}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if o.MayNest("input_audio", "image_url", "video_url", "audio_url", "file_url", "file", "image", "video") {
		t.Error("a request with text and tools is walked for media")
	}
}
