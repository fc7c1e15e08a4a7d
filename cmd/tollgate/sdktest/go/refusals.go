package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

func poor() option.RequestOption { return option.WithAPIKey(os.Getenv("TOLLGATE_KEY_POOR")) }

// code adds to a refusal's checks that of its code.
func code(e *openai.Error, err error, want string) error {
	if err != nil {
		return err
	}
	return equal("code", e.Code, want)
}

func badKey(ctx context.Context) error {
	e, err := refused(ctx, 401, 1, ask("chat"), false, option.WithAPIKey("sk-wrong"))
	return code(e, err, "invalid_api_key")
}

func modelDenied(ctx context.Context) error {
	e, err := refused(ctx, 403, 1, ask("denied"), false, option.WithAPIKey(os.Getenv("TOLLGATE_KEY_NARROW")))
	return code(e, err, "model_not_allowed")
}

func modelUnknown(ctx context.Context) error {
	e, err := refused(ctx, 404, 1, ask("no-such-model"), false)
	return code(e, err, "model_not_found")
}

func badRequest(ctx context.Context) error {
	p := ask("chat")
	p.SetExtraFields(map[string]any{"n": "x"}) // what the SDK's own types cannot say
	e, err := refused(ctx, 400, 1, p, false)
	return code(e, err, "invalid_value")
}

func upstream500(ctx context.Context) error {
	e, err := refused(ctx, 502, 1, ask("fails"), false)
	return code(e, err, "upstream_error")
}

// upstreamDown is worth another try, which the gateway makes itself: it tells the SDK to
// make none.
func upstreamDown(ctx context.Context) error {
	e, err := refused(ctx, 503, 1, ask(os.Getenv("TOLLGATE_DOWN")), false)
	return code(e, err, "no_healthy_upstream")
}

func streamCut(ctx context.Context) error {
	chunks, text, err := read(ctx, ask("cut"))
	if err == nil {
		return fmt.Errorf("a stream that was cut looks whole: %d chunks", len(chunks))
	}
	return equal("text", strings.Fields(text), []string{"one", "two"})
}

func budget(ctx context.Context) error {
	c, _ := client(poor())
	paid := ask("paid")
	paid.MaxTokens = openai.Int(10)
	for range 2 {
		if err := says(ctx, c, paid, "hello"); err != nil {
			return err
		}
	}
	for _, stream := range []bool{false, true} {
		e, err := refused(ctx, 429, 1, paid, stream, poor())
		if err != nil {
			return err
		}
		after, _ := strconv.Atoi(e.Response.Header.Get("Retry-After")) // 0 is refused below
		err = errors.Join(checkRefusal(e), equal("x-should-retry", e.Response.Header.Get("X-Should-Retry"), "false"), hold(after >= 1, "Retry-After %d", after))
		if err != nil {
			return err
		}
	}
	for _, name := range []string{"free", "assistant", "open/free"} {
		if err := says(ctx, c, ask(name), "hello"); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func checkRefusal(e *openai.Error) error {
	var body struct {
		Type, Code, Message string
		Budget              struct {
			Scope, ID, Account, Name, Window, Limit, Spent string
			ResetsAt                                       string `json:"resets_at"`
		}
		Free []string `json:"free_models"`
	}
	if err := json.Unmarshal([]byte(e.RawJSON()), &body); err != nil {
		return fmt.Errorf("%w: %s", err, e.RawJSON())
	}
	b := body.Budget
	limit, err1 := strconv.ParseFloat(b.Limit, 64)
	spent, err2 := strconv.ParseFloat(b.Spent, 64)
	return errors.Join(err1, err2,
		equal("type", body.Type, "budget_exceeded"), equal("code", body.Code, "budget_exceeded"),
		equal("scope", b.Scope, "user"), equal("account", b.Account, os.Getenv("TOLLGATE_USER_POOR")), equal("name", b.Name, "pocket money"),
		equal("limit", limit, 0.01), equal("spent", spent, 0.00812), equal("window", b.Window, "month"), hold(b.ID != "", "no id"),
		hold(strings.HasSuffix(b.ResetsAt, "T00:00:00Z"), "resets_at %q", b.ResetsAt),
		hold(slices.Contains(body.Free, "free") && slices.Contains(body.Free, "assistant") && !slices.Contains(body.Free, "paid"), "free_models %v", body.Free),
		hold(strings.Contains(body.Message, "pocket money") || strings.Contains(body.Message, "0.01"), "message %q", body.Message))
}

func fallback(ctx context.Context) error {
	c, _ := client(poor())
	p := ask("auto")
	p.MaxTokens = openai.Int(10)
	var res *http.Response
	if err := says(ctx, c, p, "hello", option.WithResponseInto(&res)); err != nil {
		return err
	}
	why := res.Header.Get("X-Tollgate-Fallback")
	return errors.Join(equal("deployment", res.Header.Get("X-Tollgate-Deployment"), "gpu/free"), hold(strings.Contains(why, "budget_exceeded"), "fallback %q", why))
}
