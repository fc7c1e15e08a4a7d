package httpapi

import (
	"net/http"
	"slices"
	"testing"

	"tollgate/providers"
)

func TestWhichOperationAPathIs(t *testing.T) {
	for _, row := range []struct {
		method, target string
		want           providers.Operation
		ok             bool
	}{
		{"POST", "/v1/chat/completions", providers.Chat, true},
		{"POST", "/chat/completions?x=/v1/embeddings", providers.Chat, true},
		{"POST", "/v2/rerank", providers.Rerank, true},
		{"POST", "/v1/messages/count_tokens", providers.CountTokens, true},
		{"GET", "/v1/chat/completions", 0, false},
		{"GET", "/v1/responses/resp_1", 0, false},
		{"POST", "/v1/v1/chat/completions", 0, false},
		{"POST", "/key/generate", 0, false},
	} {
		if op, ok := operationOf(row.method, row.target); op != row.want || ok != row.ok {
			t.Errorf("%s %s: %v, %v", row.method, row.target, op, ok)
		}
	}
}

func TestHeadersOfAConnection(t *testing.T) {
	got := named(http.Header{"Connection": {"close, x-one", "Keep-Alive,  x-Two"}})
	for _, name := range []string{"X-One", "X-Two", "Close", "Transfer-Encoding", "Upgrade"} {
		if !slices.Contains(got, name) {
			t.Errorf("%s stays", name)
		}
	}
	if slices.Contains(hopByHop, "X-One") {
		t.Error("what one request names is remembered for the next")
	}
}
