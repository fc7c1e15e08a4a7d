package ollama

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// encodeMessages translates the conversation. Each message stays one message: the
// text parts of its content are joined by a line end, and its images and sounds go
// beside the text in the order in which they came.
func encodeMessages(list gjson.Result) ([]message, error) {
	messages := make([]message, 0, 16)
	names := map[string]string{} // of functions, by the id of their call so far
	all, err := items(list, "messages")
	if err != nil {
		return nil, err
	}
	for i, m := range all {
		where := fmt.Sprintf("messages[%d]", i)
		native, err := encodeMessage(m, where)
		if err != nil {
			return nil, err
		}
		for _, c := range native.ToolCalls {
			names[c.ID] = c.Function.Name
		}
		if native.Role == "tool" {
			native.ToolName = names[native.ToolCallID]
			if native.ToolName == "" {
				native.ToolName = m.Get("name").String()
			}
		}
		messages = append(messages, native)
	}
	return messages, nil
}

func encodeMessage(m gjson.Result, where string) (message, error) {
	var native message
	if !m.IsObject() {
		return native, badRequest(where, "%s must be an object", where)
	}
	switch role := m.Get("role").String(); role {
	case "":
		return native, badRequest(where+".role", "%s has no role", where)
	case "developer":
		native.Role = "system"
	case "function":
		native.Role = "tool"
	default:
		native.Role = role // models have roles of their own, such as granite's "control"
	}
	var err error
	if native.Content, native.Images, err = encodeContent(m.Get("content"), where+".content"); err != nil {
		return native, err
	}
	native.Thinking = m.Get("reasoning").String()
	if native.Thinking == "" {
		native.Thinking = m.Get("reasoning_content").String()
	}
	native.ToolCallID = m.Get("tool_call_id").String()
	native.ToolCalls, err = encodeToolCalls(m.Get("tool_calls"), where+".tool_calls")
	return native, err
}

// encodeContent splits a content into its text and its media.
func encodeContent(content gjson.Result, where string) (text string, media []string, err error) {
	switch {
	case content.Type == gjson.Null: // also when it is not there, beside tool calls
		return "", nil, nil
	case content.Type == gjson.String:
		return content.String(), nil, nil
	case !content.IsArray():
		return "", nil, badRequest(where, "%s must be a string or an array of parts", where)
	}
	parts, err := items(content, where)
	if err != nil {
		return "", nil, err
	}
	var texts []string
	for i, part := range parts {
		where := fmt.Sprintf("%s[%d]", where, i)
		switch kind := member(part, "type").String(); kind {
		case "text":
			texts = append(texts, part.Get("text").String())
		case "refusal":
			texts = append(texts, part.Get("refusal").String())
		case "image_url":
			url := part.Get("image_url")
			if url.IsObject() {
				url = url.Get("url")
			}
			data, err := inlineData(url.String(), where)
			if err != nil {
				return "", nil, err
			}
			media = append(media, data)
		case "input_audio":
			data := part.Get("input_audio.data").String()
			if data == "" {
				return "", nil, badRequest(where, "%s: input_audio.data must be base64", where)
			}
			media = append(media, data) // Ollama tells sound from image by its bytes
		default:
			return "", nil, badRequest(where, "%s: a part of type %q cannot be sent to Ollama", where, kind)
		}
	}
	return strings.Join(texts, "\n"), media, nil
}

// inlineData returns the bare base64 of a data URI.
func inlineData(url, where string) (string, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch strings.ToLower(scheme) {
	case "http", "https":
		return "", badRequest(where, "%s: Ollama fetches no images: send the image itself as a data URI (data:image/png;base64,…)", where)
	case "data":
		kind, data, _ := strings.Cut(rest, ",")
		if strings.HasSuffix(strings.ToLower(kind), ";base64") && data != "" {
			return data, nil
		}
	}
	return "", badRequest(where, "%s: the image must be a data URI in base64 (data:image/png;base64,…)", where)
}

// encodeToolCalls translates the calls that an earlier answer has asked for.
func encodeToolCalls(list gjson.Result, where string) ([]toolCall, error) {
	if list.Type == gjson.Null {
		return nil, nil
	}
	if !list.IsArray() {
		return nil, badRequest(where, "%s must be an array", where)
	}
	all, err := items(list, where)
	if err != nil {
		return nil, err
	}
	var calls []toolCall
	for i, c := range all {
		where := fmt.Sprintf("%s[%d]", where, i)
		if !member(c, "function").IsObject() {
			return nil, badRequest(where, "%s: only calls of functions can be sent to Ollama", where)
		}
		arguments, err := encodeArguments(c.Get("function.arguments"), where+".function.arguments")
		if err != nil {
			return nil, err
		}
		calls = append(calls, toolCall{
			ID:       c.Get("id").String(),
			Function: toolFunction{Index: i, Name: c.Get("function.name").String(), Arguments: arguments},
		})
	}
	return calls, nil
}

// encodeArguments turns the string of JSON that OpenAI has into the object that
// Ollama has. An empty string is a call without arguments.
func encodeArguments(v gjson.Result, where string) (json.RawMessage, error) {
	text := strings.TrimSpace(v.String()) // an object is taken as it is
	if text == "" {
		text = "{}"
	}
	// json.Valid, because it bounds the nesting that hides in the string.
	if text[0] != '{' || !json.Valid([]byte(text)) {
		return nil, badRequest(where, "%s must be a JSON object in a string", where)
	}
	return json.RawMessage(text), nil
}
