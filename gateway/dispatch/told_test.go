package dispatch

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tollgate/providers"
	"tollgate/providers/ollama"
	"tollgate/providers/openai"
)

// TestToldQuotesNothing: whatever an upstream says, under whichever status and in
// whichever field, the log has its status and its code and none of its words.
func TestToldQuotesNothing(t *testing.T) {
	const canary = "the secret of the prompt"
	for name, codec := range map[string]providers.Codec{"openai": openai.New(openai.Quirks{}), "ollama": ollama.New()} {
		for status := 300; status < 600; status++ {
			for _, body := range []string{canary, `{"error":"` + canary + `"}`, `{"error":{"message":"` + canary + `","type":"` + canary + `","code":"` + canary + `","param":"` + canary + `"}}`,
				`{"detail":"` + canary + `"}`, `<html><title>` + canary + `</title>`, `{"error":{"message":"` + canary + `","code":"stable_code"}}`} {
				e := codec.Fault(providers.Call{}, status, http.Header{}, []byte(body))
				told := Told(e)
				if strings.Contains(told, "secret") || !strings.Contains(told, strconv.Itoa(status)) {
					t.Errorf("%s, %d %s: the log says %q", name, status, body, told)
				}
				if strings.Contains(body, "stable_code") && e.Kind != providers.ContextTooLong && !strings.Contains(told, "stable_code") {
					t.Errorf("%s, %d %s: the log says %q", name, status, body, told)
				}
			}
		}
	}
}

func TestTold(t *testing.T) {
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	for _, c := range []struct {
		err  error
		want string
	}{
		{&providers.Error{Kind: providers.Overloaded, Status: 503, Message: "words", Code: "server_is_overloaded"}, "the upstream answered with status 503, code server_is_overloaded"},
		{&providers.Error{Kind: providers.BadRequest, Status: 400, Message: "words", Type: "invalid_request_error"}, "the upstream answered with status 400, code invalid_request_error"},
		{&providers.Error{Kind: providers.ServerError, Message: "words", Code: "a b"}, "the upstream reported a failure"},
		{&providers.Error{Kind: providers.TimedOut, Message: "words"}, "the upstream reported a failure"},
		{&providers.Error{Kind: providers.TimedOut, Message: noFirstByte, Cause: io.EOF}, noFirstByte},
		{&providers.Error{Kind: providers.BadAnswer, Message: "no list: words"}, "no list"},
		{&providers.Error{Kind: providers.BadAnswer, Status: 301, Message: "words: and words"}, "the upstream answered with status 301"},
		{&providers.Error{Kind: providers.Lost, Message: "it broke", Cause: reset}, "it broke: read tcp: connection reset by peer"},
		{&providers.Error{Kind: providers.Lost, Message: "it broke", Cause: errors.New(`malformed HTTP response "words"`)}, "it broke"},
		{errors.New("another"), "another"},
	} {
		if got := Told(c.err); got != c.want {
			t.Errorf("%+v: the log says %q, want %q", c.err, got, c.want)
		}
	}
	for code, want := range map[string]bool{"": false, "a": true, "A": false, "a_b.c-1": true, "a b": false, "é": false, strings.Repeat("a", maxCode): true, strings.Repeat("a", maxCode+1): false} {
		if isCode(code) != want {
			t.Errorf("%q is a code: %v", code, !want)
		}
	}
}
