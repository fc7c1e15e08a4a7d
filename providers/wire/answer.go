package wire

import (
	"strings"

	"github.com/tidwall/gjson"
)

// AnswerText collects the text that all choices of an answer or a chunk produced: what
// a model is paid for, if it is counted here. Embeddings have none.
func AnswerText(choices gjson.Result) string {
	var b strings.Builder
	choices.ForEach(func(_, choice gjson.Result) bool {
		choice.ForEach(func(key, v gjson.Result) bool {
			switch key.Str {
			case "delta", "message":
				messageText(&b, v)
			case "text":
				appendText(&b, v)
			}
			return true
		})
		return true
	})
	return b.String()
}

func messageText(b *strings.Builder, message gjson.Result) {
	var reasoning, reasoningContent gjson.Result
	message.ForEach(func(key, v gjson.Result) bool {
		switch key.Str {
		case "content", "refusal":
			appendText(b, v)
		case "reasoning":
			reasoning = v
		case "reasoning_content":
			reasoningContent = v
		case "tool_calls":
			v.ForEach(func(_, call gjson.Result) bool {
				appendText(b, call.Get("function.arguments"))
				return true
			})
		case "function_call":
			appendText(b, v.Get("arguments"))
		}
		return true
	})
	// Some servers mirror one into the other: it was produced once.
	if reasoningContent.Str == "" {
		reasoningContent = reasoning
	}
	appendText(b, reasoningContent)
}

// appendText appends a text, or the texts of a list of parts: Mistral's reasoning
// models answer with parts, and put the thinking into a list of its own.
func appendText(b *strings.Builder, v gjson.Result) {
	if v.Type == gjson.String {
		b.WriteString(v.Str)
		return
	}
	if !v.IsArray() {
		return
	}
	v.ForEach(func(_, part gjson.Result) bool {
		appendText(b, part.Get("text"))
		appendText(b, part.Get("thinking"))
		return true
	})
}
