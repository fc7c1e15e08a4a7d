// Command go calls tollgate with OpenAI's SDK for Go, one function for each case.
//
// It prints "ok CASE" or "FAIL CASE" with what went wrong. The cases have the same
// names as those of the other SDKs; sdk_test.go runs them and looks at what went
// upstream. It is a module of its own, so that the SDK is no dependency of tollgate.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

var cases = []struct {
	name string
	run  func(context.Context) error
}{
	{"chat", chat}, {"chat_stream", chatStream}, {"chat_stream_usage", chatStreamUsage}, {"tools", tools},
	{"tools_stream", assemble("tools-stream")}, {"vision", vision}, {"schema", schema}, {"logprobs", logprobs},
	{"embeddings", embed("embedder")}, {"completions", completions}, {"models", models}, {"base_url", baseURL},
	{"extra_body", extraBody}, {"request_id", requestID},
	{"bad_key", badKey}, {"model_denied", modelDenied}, {"model_unknown", modelUnknown}, {"bad_request", badRequest},
	{"upstream_500", upstream500}, {"upstream_down", upstreamDown}, {"stream_cut", streamCut}, {"budget", budget}, {"fallback", fallback},
	{"ollama_chat", ollamaChat}, {"ollama_stream", ollamaStream}, {"ollama_tools", ollamaTools},
	{"ollama_tools_stream", assemble("tool-stream:1b")}, {"ollama_embeddings", embed("embed-mini:1b")},
	{"responses", createResponse}, {"responses_stream", streamResponse}, {"responses_cut", cutResponse},
	{"transcription", transcription}, {"transcription_stream", transcriptionStream}, {"translation", translation}, {"speech", speech},
	{"images", images}, {"images_stream", imagesStream}, {"images_edit", imagesEdit}, {"moderations", moderations},
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	failed := false
	for _, c := range cases {
		if err := c.run(ctx); err != nil {
			failed = true
			fmt.Printf("FAIL %s\n%v\n", c.name, err)
			continue
		}
		fmt.Println("ok", c.name)
	}
	if failed {
		os.Exit(1)
	}
}

// client is one as a user makes it, and a count of the requests that it sends,
// repeats among them.
func client(options ...option.RequestOption) (openai.Client, *atomic.Int64) {
	n := &atomic.Int64{}
	counting := option.WithMiddleware(func(r *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		n.Add(1)
		return next(r)
	})
	return openai.NewClient(append([]option.RequestOption{counting}, options...)...), n
}

// ask is a chat of one message.
func ask(model string) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{Model: model, Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("hi")}}
}

func equal(what string, got, want any) error {
	if reflect.DeepEqual(got, want) {
		return nil
	}
	return fmt.Errorf("%s: got %#v, want %#v", what, got, want)
}

func hold(ok bool, what string, args ...any) error {
	if ok {
		return nil
	}
	return fmt.Errorf(what, args...)
}

// says makes a call that must be answered with a text.
func says(ctx context.Context, c openai.Client, p openai.ChatCompletionNewParams, want string, options ...option.RequestOption) error {
	r, err := c.Chat.Completions.New(ctx, p, options...)
	if err != nil {
		return err
	}
	return equal("text", r.Choices[0].Message.Content, want)
}

// refused makes a call that must fail with so many requests, and returns its error.
// The Go SDK has one type for all errors, told apart by the status.
func refused(ctx context.Context, status int, requests int64, p openai.ChatCompletionNewParams, stream bool, options ...option.RequestOption) (*openai.Error, error) {
	c, n := client(options...)
	var err error
	if stream {
		s := c.Chat.Completions.NewStreaming(ctx, p)
		for s.Next() {
			return nil, errors.New("the stream was answered")
		}
		err = s.Err()
	} else {
		_, err = c.Chat.Completions.New(ctx, p)
	}
	var e *openai.Error
	if !errors.As(err, &e) {
		return nil, fmt.Errorf("%v is no openai.Error", err)
	}
	return e, errors.Join(equal("status", e.StatusCode, status), equal("requests", n.Load(), requests),
		hold(e.Response.Header.Get("X-Request-Id") != "", "no request id"))
}
