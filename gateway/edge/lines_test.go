package edge

import (
	"strings"
	"testing"
)

// FuzzLines: in whatever pieces a request is read, a first line that does not end in CR
// LF is noticed, as is what may be one behind it.
func FuzzLines(f *testing.F) {
	f.Add("GET / HTTP/1.1\r\nHost: x\r\n\r\n", uint8(1))
	f.Add("GET / HTTP/1.1\nHost: x\r\n\r\n", uint8(3))
	f.Add("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\nHost: x\r\n\r\n", uint8(1))
	f.Add("\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", uint8(7))
	f.Add("\r\nPOST / HTTP/1.0\r\n\r\nHTTP/1.HTTP/1.0\r\nHTTP/1.HTTP/1.1\n", uint8(2))
	f.Add("\r\r\n\n", uint8(1))
	f.Add("0\nHTTP/1.ð\n", uint8(1)) // a version has one byte there, and this letter has two
	looksBare := func(s string) bool {
		for ; len(s) >= len("HTTP/1.1\n"); s = s[1:] {
			if s[:len("HTTP/1.")] == "HTTP/1." && s[len("HTTP/1.1")] == '\n' {
				return true
			}
		}
		return false
	}
	f.Fuzz(func(t *testing.T, sent string, piece uint8) {
		wrong, rest, line := false, sent, ""
		ended := false
		for !ended {
			if line, rest, ended = strings.Cut(rest, "\n"); !ended {
				break
			}
			words, crlf := strings.CutSuffix(line, "\r")
			wrong = wrong || !crlf
			ended = words != ""
		}
		later := ended && looksBare(rest)
		var l lines
		l.begin()
		for b := []byte(sent); len(b) > 0; {
			n := min(int(piece)+1, len(b))
			l.read(b[:n])
			b = b[n:]
		}
		if l.open == ended || l.bare() != wrong {
			t.Fatalf("%q: over %v, bare %v; want %v, %v", sent, !l.open, l.bare(), ended, wrong)
		}
		l.end()
		if l.bare() != later {
			t.Fatalf("%q: bare behind it %v, want %v", sent, l.bare(), later)
		}
		l.begin()
		if l.bare() {
			t.Fatalf("%q: the next request has done nothing", sent)
		}
	})
}

// TestBareLFAfterTheFirstLine: however it is sent, such a request is refused and the
// connection closed; what a body quotes is no request.
func TestBareLFAfterTheFirstLine(t *testing.T) {
	f := newFront(t)
	good := "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
	bad := strings.Replace(good, "\r\n", "\n", 1)
	quoted := "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\nGET / HTTP/1.1\n\n"
	for name, c := range map[string]struct {
		raw  string
		want []int
	}{
		"in order":                     {good + good, []int{200, 200}},
		"the first":                    {bad + good, []int{400}},
		"the second":                   {good + bad + good, []int{200, 400}},
		"an empty line":                {"\n" + good, []int{400}},
		"quoted in a body":             {quoted, []int{200}},
		"behind a body that quotes it": {quoted + good, []int{200, 400}}, // it is not known where the second begins
	} {
		if answers, bodies := f.send(t, c.raw); len(answers) != len(c.want) || answers[0] != c.want[0] || answers[len(answers)-1] != c.want[len(c.want)-1] {
			t.Errorf("%s: %v %q, want %v", name, answers, bodies, c.want)
		}
	}
	w := build(t, nil, nil)
	quoted, good, bad = strings.ReplaceAll(quoted, "/in", "/open"), strings.ReplaceAll(good, "/in", "/open"), strings.ReplaceAll(bad, "/in", "/open")
	conn := w.call()
	for range 3 { // one after the other
		conn.say(quoted).expect(200, "")
	}
	for i := range len(bad) - len("hello") {
		conn = w.call()
		conn.say(good).expect(200, "")
		conn.say(bad[:i+1]).say(bad[i+1:]).expect(400, "bad_request")
		conn.over()
	}
}
