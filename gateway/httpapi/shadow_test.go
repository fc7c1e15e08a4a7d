package httpapi

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/gateway/access"
	"tollgate/gateway/shadow"
	"tollgate/providers"
)

// TestTooManyDecisionsAreNotMade: who comes when enough are under way is forwarded and
// waits for nobody.
func TestTooManyDecisionsAreNotMade(t *testing.T) {
	s := &Shadow{API: &API{}}
	s.deciding.Store(decideAtOnce)
	app := fiber.New()
	app.Post("/", func(c *fiber.Ctx) error {
		w := s.watch(c, providers.Chat, access.Principal{Key: &access.Key{ID: "k"}}, nil, "", time.Time{})
		if p := <-w.preview; p != nil || w.call.Ours.Decision != shadow.Undecided || w.call.Key != "k" {
			t.Errorf("%+v", w.call)
		}
		return nil
	})
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"model":"m","messages":[]}`))
	if _, err := app.Test(req, -1); err != nil {
		t.Fatal(err)
	}
	if n := s.deciding.Load(); n != decideAtOnce {
		t.Errorf("%d decisions are under way", n)
	}
}

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
