package ollama_test

import (
	"net/http"
	"testing"

	"tollgate/providers"
	"tollgate/providers/ollama"
	"tollgate/providers/wire"
)

// TestKindsOfFaults: what an error of Ollama's is, by its status and its words.
func TestKindsOfFaults(t *testing.T) {
	const long = "the input length exceeds the context length"
	for _, c := range []struct {
		status  int
		message string
		want    providers.ErrorKind
	}{
		{400, long, providers.ContextTooLong}, {413, long, providers.ContextTooLong}, {500, "Request (5120 Tokens) Exceeds the Available Context Size (4096 Tokens)", providers.ContextTooLong},
		{404, long, providers.ModelMissing}, {500, "the context length is fine", providers.ServerError}, {413, "too much", providers.BadRequest},
		{400, "cannot run this remote model: it is disabled", providers.ModelMissing}, {500, "cannot run this remote model", providers.ServerError},
		{403, "ollama cloud is disabled: remote inference is unavailable", providers.ModelMissing}, {403, "no", providers.KeyRefused}, {401, "cloud is disabled", providers.KeyRefused}, {402, "no", providers.KeyRefused},
		{404, "no", providers.ModelMissing}, {408, "no", providers.TimedOut}, {504, "no", providers.TimedOut}, {429, "no", providers.RateLimited}, {503, "no", providers.Overloaded},
		{499, "no", providers.ServerError}, {498, "no", providers.BadRequest}, {301, "no", providers.BadAnswer}, {501, "no", providers.BadRequest},
		{500, "invalid format: 7", providers.BadRequest}, {502, "invalid format: 7", providers.ServerError}, {500, "it has an invalid format: 7", providers.ServerError},
		{500, `option "top_k" must be of type integer`, providers.BadRequest}, {500, `option "top_k" is unheard of`, providers.ServerError}, {500, "all must be of one mind", providers.ServerError},
		{500, "image: input is not supported", providers.BadRequest}, {500, "missing data required for image input", providers.BadRequest},
	} {
		body := `{"error":{"message":` + string(wire.String(c.message)) + `,"type":"t","code":"c","param":"p"}}`
		e := ollama.New().Fault(providers.Call{}, c.status, http.Header{}, []byte(body))
		code := "c"
		if c.want == providers.ContextTooLong {
			code = "context_length_exceeded"
		}
		if e.Kind != c.want || e.Status != c.status || e.Message != c.message || e.Type != "t" || e.Code != code || e.Param != "p" {
			t.Errorf("%d %s: %+v, want %s", c.status, c.message, e, c.want)
		}
	}
}
