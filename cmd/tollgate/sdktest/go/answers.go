package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"
)

func weather() []openai.ChatCompletionToolUnionParam {
	return []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{
		Name: "get_weather", Description: openai.String("the weather in a city"),
		Parameters: shared.FunctionParameters{"type": "object", "properties": map[string]any{"city": map[string]any{"type": "string"}}, "required": []string{"city"}},
	})}
}

func chat(ctx context.Context) error {
	c, n := client()
	r, err := c.Chat.Completions.New(ctx, ask("chat"))
	if err != nil {
		return err
	}
	return errors.Join(equal("text", r.Choices[0].Message.Content, "hello"), equal("finish_reason", r.Choices[0].FinishReason, "stop"),
		equal("input", r.Usage.PromptTokens, int64(10)), equal("output", r.Usage.CompletionTokens, int64(5)), equal("requests", n.Load(), int64(1)))
}

// read collects a stream.
func read(ctx context.Context, p openai.ChatCompletionNewParams) (chunks []openai.ChatCompletionChunk, text string, err error) {
	c, _ := client()
	s := c.Chat.Completions.NewStreaming(ctx, p)
	for s.Next() {
		chunk := s.Current()
		chunks = append(chunks, chunk)
		for _, choice := range chunk.Choices {
			text += choice.Delta.Content
		}
	}
	return chunks, text, s.Err()
}

func chatStream(ctx context.Context) error {
	chunks, text, err := read(ctx, ask("stream"))
	if err != nil {
		return err
	}
	err = errors.Join(equal("text", text, "one two three"), hold(len(chunks) >= 4, "%d chunks", len(chunks)))
	for _, c := range chunks {
		err = errors.Join(err, equal("choices", len(c.Choices), 1), hold(!c.JSON.Usage.Valid(), "a chunk has usage: %s", c.RawJSON()))
	}
	return err
}

// readUsage reads a stream with usage: one chunk has it, the last, without choices.
func readUsage(ctx context.Context, model string) error {
	p := ask(model)
	p.StreamOptions = openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)}
	chunks, text, err := read(ctx, p)
	if err != nil {
		return err
	}
	with := 0
	for _, c := range chunks {
		if c.JSON.Usage.Valid() {
			with++
		}
	}
	last := chunks[len(chunks)-1]
	return errors.Join(equal("text", text, "one two three"), equal("chunks with usage", with, 1),
		equal("choices of the last", len(last.Choices), 0), equal("total", last.Usage.TotalTokens, int64(15)))
}

func chatStreamUsage(ctx context.Context) error { return readUsage(ctx, "stream-usage") }

func checkToolCalls(calls []openai.ChatCompletionMessageToolCallUnion) error {
	if len(calls) != 1 {
		return fmt.Errorf("%d tool calls", len(calls))
	}
	return errors.Join(equal("name", calls[0].Function.Name, "get_weather"),
		equal("arguments", calls[0].Function.Arguments, `{"city":"Paris"}`), hold(calls[0].ID != "", "no id"))
}

func callTool(ctx context.Context, model string) error {
	c, _ := client()
	p := ask(model)
	p.Tools = weather()
	r, err := c.Chat.Completions.New(ctx, p)
	if err != nil {
		return err
	}
	return errors.Join(equal("finish_reason", r.Choices[0].FinishReason, "tool_calls"), checkToolCalls(r.Choices[0].Message.ToolCalls))
}

func tools(ctx context.Context) error { return callTool(ctx, "tools") }

// assemble lets the SDK put a streamed tool call together.
func assemble(model string) func(context.Context) error {
	return func(ctx context.Context) error {
		c, _ := client()
		p := ask(model)
		p.Tools = weather()
		s := c.Chat.Completions.NewStreaming(ctx, p)
		var acc openai.ChatCompletionAccumulator
		for s.Next() {
			if !acc.AddChunk(s.Current()) {
				return fmt.Errorf("the SDK cannot add %s", s.Current().RawJSON())
			}
		}
		if s.Err() != nil {
			return s.Err()
		}
		return checkToolCalls(acc.Choices[0].Message.ToolCalls)
	}
}

func vision(ctx context.Context) error {
	c, _ := client()
	p := ask("vision")
	p.Messages = []openai.ChatCompletionMessageParamUnion{openai.UserMessage([]openai.ChatCompletionContentPartUnionParam{
		openai.TextContentPart("what is this?"),
		openai.ImageContentPart(openai.ChatCompletionContentPartImageImageURLParam{URL: os.Getenv("TOLLGATE_IMAGE")}),
	})}
	return says(ctx, c, p, "hello")
}

func schema(ctx context.Context) error {
	c, _ := client()
	p := ask("schema")
	p.ResponseFormat = openai.ChatCompletionNewParamsResponseFormatUnion{OfJSONSchema: &shared.ResponseFormatJSONSchemaParam{
		JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{Name: "weather", Strict: openai.Bool(true), Schema: map[string]any{
			"type": "object", "properties": map[string]any{"city": map[string]any{"type": "string"}, "degrees": map[string]any{"type": "integer"}},
			"required": []string{"city", "degrees"}, "additionalProperties": false,
		}}}}
	r, err := c.Chat.Completions.New(ctx, p)
	if err != nil {
		return err
	}
	var v struct {
		City    string
		Degrees int
	}
	if err := json.Unmarshal([]byte(r.Choices[0].Message.Content), &v); err != nil {
		return err
	}
	return errors.Join(equal("city", v.City, "Paris"), equal("degrees", v.Degrees, 21))
}

func logprobs(ctx context.Context) error {
	c, _ := client()
	p := ask("logprobs")
	p.Logprobs, p.TopLogprobs = openai.Bool(true), openai.Int(2)
	r, err := c.Chat.Completions.New(ctx, p)
	if err != nil {
		return err
	}
	content := r.Choices[0].Logprobs.Content
	if len(content) != 1 || len(content[0].TopLogprobs) != 2 {
		return fmt.Errorf("logprobs %s", r.Choices[0].Logprobs.RawJSON())
	}
	return errors.Join(equal("token", content[0].Token, "hello"), equal("logprob", content[0].Logprob, -0.25), equal("second", content[0].TopLogprobs[1].Token, "hi"))
}

// embed compares the default, which is floats in the Go SDK, with floats asked for.
func embed(model string) func(context.Context) error {
	return func(ctx context.Context) error {
		c, _ := client()
		p := openai.EmbeddingNewParams{Model: model, Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{"a", "b"}}}
		byDefault, err := c.Embeddings.New(ctx, p)
		if err != nil {
			return err
		}
		p.EncodingFormat = openai.EmbeddingNewParamsEncodingFormatFloat
		floats, err := c.Embeddings.New(ctx, p)
		if err != nil {
			return err
		}
		if len(byDefault.Data) != 2 || len(floats.Data) != 2 {
			return fmt.Errorf("%d and %d vectors", len(byDefault.Data), len(floats.Data))
		}
		return errors.Join(equal("vector", byDefault.Data[1].Embedding, []float64{0.5, -0.25, 0.125}),
			equal("vector as floats", floats.Data[1].Embedding, byDefault.Data[1].Embedding), equal("input", byDefault.Usage.PromptTokens, int64(10)))
	}
}

func completions(ctx context.Context) error {
	c, _ := client()
	r, err := c.Completions.New(ctx, openai.CompletionNewParams{Model: "legacy", MaxTokens: openai.Int(5),
		Prompt: openai.CompletionNewParamsPromptUnion{OfString: openai.String("once upon a time")}})
	if err != nil {
		return err
	}
	return equal("text", r.Choices[0].Text, "hello")
}

func models(ctx context.Context) error {
	c, _ := client()
	page, err := c.Models.List(ctx)
	if err != nil {
		return err
	}
	var ids []string
	for _, m := range page.Data {
		ids = append(ids, m.ID)
	}
	for _, name := range []string{"Qwen/Qwen3-32B", "llama3.2:3b", "assistant", "paid"} {
		m, err := c.Models.Get(ctx, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := errors.Join(equal("id", m.ID, name), hold(slices.Contains(ids, name), "%s is not in %v", name, ids)); err != nil {
			return err
		}
	}
	return says(ctx, c, ask("Qwen/Qwen3-32B"), "hello")
}

func baseURL(ctx context.Context) error {
	for _, suffix := range []string{"", "/v1/"} {
		c, _ := client(option.WithBaseURL(os.Getenv("TOLLGATE_ROOT") + suffix))
		if err := says(ctx, c, ask("base-url"), "hello"); err != nil {
			return err
		}
	}
	return nil
}

func extraBody(ctx context.Context) error {
	c, _ := client()
	p := ask("extra")
	p.SetExtraFields(map[string]any{"vllm_xargs": map[string]any{"deep": []any{1, 2, map[string]any{"x": nil}}}, "repetition_penalty": 1.05})
	return says(ctx, c, p, "hello")
}

func requestID(ctx context.Context) error {
	c, _ := client()
	var res *http.Response
	if err := says(ctx, c, ask("ids"), "hello", option.WithResponseInto(&res)); err != nil {
		return err
	}
	return hold(res.Header.Get("X-Request-Id") != "", "no X-Request-Id")
}

func ollamaChat(ctx context.Context) error {
	c, _ := client()
	r, err := c.Chat.Completions.New(ctx, ask("llama3.2:3b"))
	if err != nil {
		return err
	}
	return errors.Join(equal("text", r.Choices[0].Message.Content, "hello"), equal("total", r.Usage.TotalTokens, int64(15)))
}

func ollamaStream(ctx context.Context) error { return readUsage(ctx, "streamer:1b") }

func ollamaTools(ctx context.Context) error { return callTool(ctx, "tools:1b") }
