package wire_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"tollgate/providers/wire"
)

func readAll(t *testing.T, r io.Reader) (events []string, err error) {
	t.Helper()
	er := wire.NewEventReader(r)
	for {
		name, data, err := er.Next()
		if err != nil {
			return events, err
		}
		events = append(events, name+"|"+string(data))
	}
}

func TestEventReaderIsTheSameAtEverySplit(t *testing.T) {
	const stream = ": comment\r\n\r\ndata: {\"a\":1}\n\nevent: error\rdata: x\rdata:y\r\rid: 7\n\ndata\n\n\nevent: two\r\ndata: v\r\ndata: w\r\n\r\ndata: [DONE]\r\n\r\ndata: lost"
	want := []string{`|{"a":1}`, "error|x\ny", "|", "two|v\nw", "|[DONE]"}
	for cut := 0; cut <= len(stream); cut++ {
		r := io.MultiReader(strings.NewReader(stream[:cut]), strings.NewReader(stream[cut:]))
		got, err := readAll(t, r)
		if !errors.Is(err, io.EOF) || strings.Join(got, "~") != strings.Join(want, "~") {
			t.Fatalf("cut at %d: %q, %v", cut, got, err)
		}
	}
	got, err := readAll(t, iotest.OneByteReader(strings.NewReader(stream)))
	if !errors.Is(err, io.EOF) || strings.Join(got, "~") != strings.Join(want, "~") {
		t.Fatalf("byte by byte: %q, %v", got, err)
	}
}

// TestEventReaderEndMark: servers that close after the end mark may leave out its blank line.
// Nothing else is taken for an event that ends with the input: it may be cut.
func TestEventReaderEndMark(t *testing.T) {
	for end, want := range map[string]string{
		"data: [DONE]": "|{}~|[DONE]", "data: [DONE]\n": "|{}~|[DONE]", "data:[DONE]\r\n": "|{}~|[DONE]", "data: [DONE]\r": "|{}~|[DONE]", "data: [DONE]\n: x": "|{}~|[DONE]",
		"data: [DONE": "|{}", "data: {}": "|{}", "data: {}\n": "|{}", "data: x\ndata: [DONE]": "|{}", "[DONE]": "|{}",
	} {
		stream := "data: {}\n\n" + end
		for cut := 0; cut <= len(stream); cut++ {
			got, err := readAll(t, io.MultiReader(strings.NewReader(stream[:cut]), strings.NewReader(stream[cut:])))
			if !errors.Is(err, io.EOF) || strings.Join(got, "~") != want {
				t.Errorf("%q cut at %d: %q, %v", end, cut, got, err)
			}
		}
	}
	got, err := readAll(t, io.MultiReader(strings.NewReader("data: [DONE]"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if len(got) > 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a connection that broke: %q, %v", got, err)
	}
}

func TestEventReaderLongLines(t *testing.T) {
	long := strings.Repeat("x", 5<<20)
	got, err := readAll(t, strings.NewReader("data: "+long+"\n\n"))
	if !errors.Is(err, io.EOF) || len(got) != 1 || len(got[0]) != len(long)+1 {
		t.Fatalf("a 5 MiB event: %d events, %v", len(got), err)
	}
	for length, want := range map[int]error{wire.MaxEvent - len("data: "): io.EOF, wire.MaxEvent + 1: wire.ErrEventTooLong} { // of a line, and of what it carries
		if _, err := readAll(t, io.MultiReader(strings.NewReader("data: "), io.LimitReader(endless{}, int64(length)), strings.NewReader("\n\n"))); !errors.Is(err, want) {
			t.Fatalf("an event of %d bytes: %v", length, err)
		}
	}
	if _, err := readAll(t, io.MultiReader(strings.NewReader("data: "), endless{})); !errors.Is(err, wire.ErrEventTooLong) {
		t.Fatalf("an endless line: %v", err)
	}
	if _, err := readAll(t, iotest.TimeoutReader(strings.NewReader("data: a\n\ndata: b\n\n"))); !errors.Is(err, iotest.ErrTimeout) {
		t.Fatalf("a read error must surface: %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestAppendEventRoundTrips(t *testing.T) {
	for _, payload := range []string{`{"a":1}`, "two\nlines", ""} {
		got, _ := readAll(t, bytes.NewReader(wire.AppendEvent(nil, []byte(payload))))
		if len(got) != 1 || got[0] != "|"+payload {
			t.Errorf("%q: %q", payload, got)
		}
	}
}

func FuzzEventReader(f *testing.F) {
	f.Add([]byte("data: a\r\n\r\nevent: x\ndata: b\n\n"), 3)
	f.Add([]byte("data:a\n\ndata:\n\ndata:  b\rc\n\ndata: d\r\n\n: x\n\ndata: e\ndata: f\n\n"), 9)
	f.Fuzz(func(t *testing.T, b []byte, cut int) {
		whole, err1 := readAll(t, bytes.NewReader(b))
		if cut < 0 || cut > len(b) {
			return
		}
		split, err2 := readAll(t, io.MultiReader(bytes.NewReader(b[:cut]), bytes.NewReader(b[cut:])))
		if strings.Join(whole, "\x00") != strings.Join(split, "\x00") || !errors.Is(err1, err2) {
			t.Fatalf("split at %d: %q, %q", cut, whole, split)
		}
		// Byte by byte no event is ever there whole.
		bytewise, err3 := readAll(t, iotest.OneByteReader(bytes.NewReader(b)))
		if strings.Join(whole, "\x00") != strings.Join(bytewise, "\x00") || !errors.Is(err1, err3) {
			t.Fatalf("byte by byte: %q, %q", whole, bytewise)
		}
	})
}

// TestPeek: what is said of the next event is what Next returns, and nothing is taken.
func TestPeek(t *testing.T) {
	for text, want := range map[string]string{
		"data: a\n\ndata: b\n\n":   "a", // whole
		"data:a\n\n":               "a",
		"data: a\n":                "", // its blank line is still to come
		"data: a\ndata: b\n\n":     "", // what is not plain is left to Next
		"data: a\r\n\r\n":          "a",
		"data: a\r\n\n":            "",
		"data: a\n\r\n":            "",
		"data: a\rb\n\n":           "",
		"event: x\ndata: a\n\n":    "",
		": comment\n\ndata: a\n\n": "",
	} {
		e := wire.NewEventReader(io.MultiReader(strings.NewReader("data: first\n\n"+text), iotest.ErrReader(io.EOF)))
		if _, data, err := e.Next(); err != nil || string(data) != "first" {
			t.Fatalf("%q: %q, %v", text, data, err)
		}
		data, size := e.Peek()
		if string(data) != want || (size > 0) != (want != "") || size > len(text) {
			t.Errorf("%q: %q, %d bytes", text, data, size)
		}
		if _, next, err := e.Next(); want != "" && (err != nil || string(next) != want) {
			t.Errorf("%q: Next returns %q, %v", text, next, err)
		}
	}
}

func BenchmarkEventReader(b *testing.B) {
	for name, end := range map[string]string{"LF": "\n", "CRLF": "\r\n"} {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat("data: "+strings.Repeat("x", 200)+end+end, 1000)
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				e := wire.NewEventReader(strings.NewReader(text))
				for {
					if _, _, err := e.Next(); err != nil {
						break
					}
				}
			}
		})
	}
}

func TestExcerptIsOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a": "a", " ": "", "a b": "a b", " a": "a", "a ": "a", "a  b": "a b", "a\tb\nc": "a b c", "a\x7fb": "a\x7fb", "\xff": "�", "Müller": "Müller",
		"0123456789": "0123456789", "01234567890": "0123456…",
	} {
		if got := wire.Excerpt(text, 10); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestStart: a byte order mark and white space may stand before the first byte that counts,
// wherever the input is cut.
func TestStart(t *testing.T) {
	for input, want := range map[string]string{"data: x": "data: x", "\uFEFFdata: x": "data: x", "\uFEFF \r\n\t{}": "{}", " {": "{", "\xef\xbb": "\xef\xbb", "\xef\xbbx": "\xef\xbbx", "": "", "\uFEFF": "", " \n": ""} {
		for cut := 0; cut <= len(input); cut++ {
			r := wire.NewEventReader(io.MultiReader(strings.NewReader(input[:cut]), strings.NewReader(input[cut:])))
			first, err := r.Start()
			if want == "" {
				if !errors.Is(err, io.EOF) {
					t.Errorf("%q cut at %d: %q, %v", input, cut, first, err)
				}
				continue
			}
			rest, failed := io.ReadAll(r)
			if err != nil || first != want[0] || string(rest) != want || failed != nil {
				t.Errorf("%q cut at %d: %q, %v, then %q, %v", input, cut, first, err, rest, failed)
			}
		}
	}
}

// TestErrorObject: an error's own members stand in it, and others beside it, in their order.
func TestErrorObject(t *testing.T) {
	e := wire.ErrorObject{Message: "a\"b", Type: "t", More: []wire.Member{{Key: "c", Value: []byte("1")}, {Key: "d", Value: []byte("{}")}}, Beside: []wire.Member{{Key: "e", Value: []byte("[]")}}}
	if got, want := string(e.Body()), `{"error":{"message":"a\"b","type":"t","param":null,"code":null,"c":1,"d":{}},"e":[]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
