package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tollgate/providers/wire"
)

func TestParseObjectRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want error
	}{
		"duplicate key":          {`{"model":"a","model":"b"}`, wire.ErrDuplicateKey},
		"duplicate empty key":    {`{"model":"a","":0,"":0,"model":"b"}`, wire.ErrDuplicateKey},
		"duplicate by escape":    {`{"model":"a","mod\u0065l":"b"}`, wire.ErrDuplicateKey},
		"trailing garbage":       {`{"model":"a"} junk`, wire.ErrNotJSON},
		"array":                  {`[1]`, wire.ErrNotObject},
		"empty":                  {``, wire.ErrNotJSON},
		"bad utf-8":              {"{\"model\":\"\xff\"}", wire.ErrNotUTF8},
		"one level too deep":     {`{"a":` + strings.Repeat("[", wire.MaxDepth) + strings.Repeat("]", wire.MaxDepth) + `}`, wire.ErrTooDeep},
		"deep and never closed":  {strings.Repeat("[", 1<<20), wire.ErrTooDeep},
		"two objects":            {`{}{}`, wire.ErrNotJSON},
		"unterminated":           {`{"model":"a`, wire.ErrNotJSON},
		"number with leading 0s": {`{"n":01}`, wire.ErrNotJSON},
	} {
		if _, err := wire.ParseObject([]byte(c.body)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	for body, says := range map[string]string{"": "it is empty", " \n": "it is empty", "\uFEFF{}": "a byte order mark", `{"a":}`: "see byte 5"} {
		if _, err := wire.ParseObject([]byte(body)); !errors.Is(err, wire.ErrNotJSON) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", body, err, says)
		}
	}
	deepest := `{"a":` + strings.Repeat("[", wire.MaxDepth-1) + strings.Repeat("]", wire.MaxDepth-1) + `}`
	if _, err := wire.ParseObject([]byte(deepest)); err != nil {
		t.Errorf("the deepest allowed body: %v", err)
	}
}

func TestPatchTouchesNothingElse(t *testing.T) {
	for _, c := range []struct {
		body  string
		edits []wire.Edit
		want  string
	}{
		{`{"model":"a","x":1.0e0}`, []wire.Edit{{"model", []byte(`"b"`)}}, `{"model":"b","x":1.0e0}`},
		{"\n { \"x\" : 1 ,\n \"model\" : \"a\" } \n", []wire.Edit{{"model", []byte(`"b"`)}}, "\n { \"x\" : 1 ,\n \"model\" : \"b\" } \n"},
		{`{}`, []wire.Edit{{"a", []byte(`1`)}, {"b", []byte(`2`)}}, `{"a":1,"b":2}`},
		{`{"x":1}`, []wire.Edit{{"a", []byte(`1`)}}, `{"x":1,"a":1}`},
		{`{"x":1,"y":2,"z":3}`, []wire.Edit{{"x", nil}}, `{"y":2,"z":3}`},
		{`{"x":1,"y":2,"z":3}`, []wire.Edit{{"y", nil}}, `{"x":1,"z":3}`},
		{`{"x":1,"y":2,"z":3}`, []wire.Edit{{"z", nil}}, `{"x":1,"y":2}`},
		{`{"x":1,"y":2,"z":3}`, []wire.Edit{{"x", nil}, {"y", nil}}, `{"z":3}`},
		{`{"x":1}`, []wire.Edit{{"x", nil}, {"a", []byte(`1`)}}, `{"a":1}`},
		{`{"x":1,"y":2}`, []wire.Edit{{"x", nil}, {"y", nil}}, `{}`},
		{`{"x":"a,b","y":2}`, []wire.Edit{{"y", nil}}, `{"x":"a,b"}`},
		{`{"x":1}`, []wire.Edit{{"absent", nil}}, `{"x":1}`},
	} {
		o, err := wire.ParseObject([]byte(c.body))
		if err != nil {
			t.Fatalf("%s: %v", c.body, err)
		}
		if got := string(o.Patch(c.edits...)); got != c.want {
			t.Errorf("%q with %v:\n got %q\nwant %q", c.body, c.edits, got, c.want)
		}
		if got := string(bytes.Join(o.Pieces(c.edits...), nil)); got != c.want {
			t.Errorf("%q with %v in pieces:\n got %q\nwant %q", c.body, c.edits, got, c.want)
		}
	}
}

// FuzzPatch holds what is read of a request, and what is changed in one, against
// encoding/json.
func FuzzPatch(f *testing.F) {
	f.Add([]byte(`{"model":"a","stream":true,"x":[1,{"y":"z"}]}`), "model")
	f.Add([]byte(`{"mod\u0065l":"\ud83d\ude00","Model":1,"stream":"true","n":128,"best_of":2,"prompt":["a","b"],"max_tokens":1e3,"user":"u"}`), "n")
	f.Add([]byte(`{"model":"m","n":1.0,"max_completion_tokens":9007199254740993,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}`), "messages")
	f.Add([]byte(` {"a" : {} , "b":null }`), "b")
	f.Add([]byte(`{"model":"m","max_tokens":0e3}`), "model")
	f.Fuzz(func(t *testing.T, body []byte, key string) {
		o, err := wire.ParseObject(bytes.Clone(body))
		if err != nil {
			return
		}
		set := o.Patch(wire.Edit{Key: key, Value: []byte(`"new"`)})
		var before, after map[string]json.RawMessage
		if err := json.Unmarshal(body, &before); err != nil {
			t.Fatalf("%q is taken: %v", body, err)
		}
		if err := json.Unmarshal(set, &after); err != nil {
			t.Fatalf("patched body does not parse: %v: %q", err, set)
		}
		for k, v := range before {
			if k != key && !bytes.Equal(v, after[k]) {
				t.Fatalf("%q has changed from %q to %q", k, v, after[k])
			}
		}
		if v, ok := after[key]; utf8.ValidString(key) && (!ok || string(v) != `"new"`) {
			t.Fatalf("%q is %q: %q", key, v, set)
		}
		checkParams(t, o, before)
		gone := o.Patch(wire.Edit{Key: key, Value: nil})
		if !json.Valid(gone) {
			t.Fatalf("body after removal does not parse: %q", gone)
		}
		p, err := wire.ParseObject(gone)
		if err != nil {
			t.Fatal(err)
		}
		if _, has := p.Get(key); has {
			t.Fatalf("%q is still there: %q", key, gone)
		}
	})
}

// checkParams holds what is read of a request against what encoding/json makes of it.
func checkParams(t *testing.T, o wire.Object, members map[string]json.RawMessage) {
	t.Helper()
	p, err := wire.ReadParams(o)
	if err != nil {
		return
	}
	var model string
	if err := json.Unmarshal(members["model"], &model); err != nil || model == "" {
		t.Fatalf("the model %q is read of %q", p.Model, members["model"])
	}
	if model != p.Model && !strings.Contains(model, "\uFFFD") { // half of a pair, which the two write differently
		t.Fatalf("the model %q is read as %q", model, p.Model)
	}
	if p.Stream != (string(members["stream"]) == "true") {
		t.Fatalf("stream is %q and read as %v", members["stream"], p.Stream)
	}
	most := int64(0)
	for _, key := range []string{"max_tokens", "max_completion_tokens", "max_output_tokens"} {
		if v, ok := members[key]; ok && string(v) != "null" {
			n, exact := new(big.Float).SetString(string(v))
			if !exact || !n.IsInt() {
				t.Fatalf("%s of %q is taken", key, v)
			}
			i, _ := n.Int64()
			most = max(most, i, 1) // of no tokens one is held for
		}
	}
	if p.OutputCap != most || most > wire.MaxOutputCap {
		t.Fatalf("the cap is %d and read as %d", most, p.OutputCap)
	}
	if p.Choices < 1 || p.InputBound < 0 {
		t.Fatalf("%d choices and a bound of %d", p.Choices, p.InputBound)
	}
}

func TestEachMember(t *testing.T) {
	for object, want := range map[string]string{
		`{}`: "", ` { "a" : 1 , "b":{"c":[2,"}"]} } `: `a=1;b={"c":[2,"}"]};`, `{"mod\u0065l":"x"}`: `model="x";`,
		`[1]`: "", `null`: "", ``: "", `"{"`: "", `{"a":1`: "a=1;", `{"a":1,`: "a=1;", `{"a":1,}`: "a=1;", `{"a":}`: "", `{"a":1,"stop":2,"c":3}`: "a=1;stop=2;",
	} {
		got := ""
		wire.EachMember([]byte(object), func(key, value []byte) bool {
			got += string(key) + "=" + string(value) + ";"
			return string(key) != "stop"
		})
		if got != want {
			t.Errorf("%s: %s", object, got)
		}
	}
}

func TestText(t *testing.T) {
	o, err := wire.ParseObject([]byte(`{"plain":"Müller","escaped":"a\u0062\n","empty":"","number":1,"object":{"a":"b"},"null":null}`))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"plain": "Müller", "escaped": "ab\n", "empty": "", "number": "", "object": "", "null": "", "absent": ""} {
		if got := o.Text(key); got != want {
			t.Errorf("%s: %q", key, got)
		}
	}
}

// TestAppendString: any text is written as others read it, and as one line of ASCII controls.
func TestAppendString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("a\"\\/\n\r\t\b\x00\x1f\x7f\u2028ä😀"))), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		b := wire.AppendString([]byte("x"), text)
		var read string
		if err := json.Unmarshal(b[1:], &read); err != nil || b[0] != 'x' || read != strings.ToValidUTF8(text, "\uFFFD") && read != string([]rune(text)) {
			t.Fatalf("%q is written %s and read %q: %v", text, b, read, err)
		}
		if i := bytes.IndexFunc(b, unicode.IsControl); i >= 0 && b[i] < utf8.RuneSelf {
			t.Fatalf("%q is written %q", text, b)
		}
	})
}
