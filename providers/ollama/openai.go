package ollama

// completion is an answer or a chunk in OpenAI's shape, for chat and for the
// legacy completions.
type completion struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"`
	Created int64    `json:"created"`
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   any      `json:"usage,omitempty"` // a *tokenUsage: left out if there is none, null if it is a nil one
}

// choice has one of Message (whole chat), Delta (streamed chat) and Text.
type choice struct {
	Index        int          `json:"index"`
	Message      *chatMessage `json:"message,omitempty"`
	Delta        *chatDelta   `json:"delta,omitempty"`
	Text         *string      `json:"text,omitempty"`
	thought                   // of a legacy completion, which has no message to put it in
	Logprobs     any          `json:"logprobs"`
	FinishReason *string      `json:"finish_reason"`
}

type chatMessage struct {
	Role    string  `json:"role"`
	Content *string `json:"content"` // null beside tool calls, as OpenAI has it
	thought
	ToolCalls []chatToolCall `json:"tool_calls,omitempty"`
}

type chatDelta struct {
	Role    string  `json:"role,omitempty"`
	Content *string `json:"content,omitempty"`
	thought
	ToolCalls []chatToolCall `json:"tool_calls,omitempty"`
}

// thought is the text of a model's reasoning under the names that clients know.
type thought struct {
	Reasoning        string `json:"reasoning,omitempty"`
	ReasoningContent string `json:"reasoning_content,omitempty"`
}

type chatToolCall struct {
	Index    *int             `json:"index,omitempty"` // in streams
	ID       string           `json:"id"`
	Type     string           `json:"type"`
	Function chatToolFunction `json:"function"`
}

type chatToolFunction struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

type tokenUsage struct {
	PromptTokens     int64  `json:"prompt_tokens"`
	CompletionTokens *int64 `json:"completion_tokens,omitempty"` // not in embeddings
	TotalTokens      int64  `json:"total_tokens"`
}
