package ollama

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"time"

	"tollgate/accounting"
	"tollgate/providers"
)

// chatRequest is the body of /api/chat.
type chatRequest struct {
	Model    string            `json:"model"`
	Messages []message         `json:"messages"`
	Tools    []json.RawMessage `json:"tools,omitempty"`
	settings
}

// generateRequest is the body of /api/generate.
type generateRequest struct {
	Model  string `json:"model"`
	Prompt string `json:"prompt"`
	Suffix string `json:"suffix,omitempty"`
	settings
}

// settings are the fields that /api/chat and /api/generate share.
//
// The server's defaults for three of them do harm here, so they are always
// written. Without stream it streams. With truncate it drops old messages from the
// front when the prompt is longer than the context, and with shift it drops them
// while it generates; either way the call succeeds and nothing in the answer says
// so. The price is that a model is loaded either with shift or without: a server
// that is also asked by others, who leave shift alone, reloads the model whenever
// they take turns.
type settings struct {
	Stream      bool            `json:"stream"`
	Truncate    bool            `json:"truncate"`
	Shift       bool            `json:"shift"`
	Format      json.RawMessage `json:"format,omitempty"`
	Think       json.RawMessage `json:"think,omitempty"`
	KeepAlive   json.RawMessage `json:"keep_alive,omitempty"`
	Logprobs    bool            `json:"logprobs,omitempty"`
	TopLogprobs int64           `json:"top_logprobs,omitempty"`
	Options     options         `json:"options,omitempty"`
}

// options are what a Modelfile calls parameters, as raw JSON values by name.
type options map[string]json.RawMessage

func (o options) setInt(name string, n int64) { o[name] = strconv.AppendInt(nil, n, 10) }

// message is one message in a request or an answer.
type message struct {
	Role       string     `json:"role"`
	Content    string     `json:"content"`
	Thinking   string     `json:"thinking,omitempty"`
	Images     []string   `json:"images,omitempty"` // bare base64
	ToolCalls  []toolCall `json:"tool_calls,omitempty"`
	ToolName   string     `json:"tool_name,omitempty"`
	ToolCallID string     `json:"tool_call_id,omitempty"`
}

// toolCall is a call that the model wants made. Older servers give no id.
type toolCall struct {
	ID       string       `json:"id,omitempty"`
	Function toolFunction `json:"function"`
}

type toolFunction struct {
	Index     int             `json:"index,omitempty"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"` // an object, where OpenAI has a string
}

// arguments returns the arguments as the string that OpenAI's clients parse.
func (c toolCall) arguments() string {
	raw := bytes.TrimSpace(c.Function.Arguments)
	if len(raw) == 0 || string(raw) == "null" {
		return "{}"
	}
	var text string
	if raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		return text
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}

// answer is a whole answer of /api/chat or /api/generate, or one line of a
// streamed one. The counts are left out when they are zero, so that zero and
// unknown cannot be told apart.
type answer struct {
	Model           string          `json:"model"`
	CreatedAt       string          `json:"created_at"`
	Message         *message        `json:"message"`    // chat
	Response        *string         `json:"response"`   // generate
	Thinking        string          `json:"thinking"`   // generate
	ToolCalls       []toolCall      `json:"tool_calls"` // generate
	Logprobs        []logprob       `json:"logprobs"`
	Done            bool            `json:"done"`
	DoneReason      string          `json:"done_reason"` // stop, length, load, unload
	PromptEvalCount count           `json:"prompt_eval_count"`
	EvalCount       count           `json:"eval_count"`
	Error           json.RawMessage `json:"error"`
}

// failed says that the line is an error and no answer.
func (a *answer) failed() bool { return len(a.Error) > 0 && string(a.Error) != "null" }

// created is when the answer was made, in seconds; 0 if it does not say.
func (a *answer) created() int64 {
	t, err := time.Parse(time.RFC3339Nano, a.CreatedAt)
	if err != nil || t.Unix() < 0 {
		return 0
	}
	return t.Unix()
}

// usage returns what the server has counted. A missing count is left at zero: it is not
// known, and older servers leave out that of a prompt which they still had. Of the other
// one it says nothing. A thinking model's reasoning is in eval_count and
// cannot be told from the rest; cached prompt tokens are in prompt_eval_count. For
// a thinking model with a format the server may run the model twice, first for the
// thought and then for the rest; it then counts the thought as prompt.
func (a *answer) usage() *accounting.Usage {
	if min(a.PromptEvalCount, a.EvalCount) < 0 || a.PromptEvalCount+a.EvalCount == 0 {
		return nil
	}
	return &accounting.Usage{
		accounting.Input:  int64(a.PromptEvalCount),
		accounting.Output: int64(a.EvalCount),
	}
}

// told is the usage for the client; nil if a count is missing, since it would be taken for zero.
func (a *answer) told() *accounting.Usage {
	if a.PromptEvalCount == 0 || a.EvalCount == 0 {
		return nil
	}
	return a.usage()
}

// doubt says whether a count is there and is none.
func (a *answer) doubt() providers.Doubt { return doubt(a.PromptEvalCount, a.EvalCount) }

func doubt(counts ...count) providers.Doubt {
	if slices.Min(counts) < 0 {
		return providers.BadUsage
	}
	return ""
}

// logprob is a token with its probability. Members are left out when empty.
type logprob struct {
	Token       string    `json:"token"`
	Logprob     float64   `json:"logprob"`
	Bytes       []int     `json:"bytes"`
	TopLogprobs []logprob `json:"top_logprobs"`
}

// count is a number of tokens as a server reports it: 0 is not said, -1 no count at
// all, and what is beyond belief is the largest count that is believed. A strange count
// is no reason to lose the answer.
type count int64

// UnmarshalJSON never fails.
func (c *count) UnmarshalJSON(b []byte) error {
	*c = parseCount(b)
	return nil
}

func parseCount(b []byte) count {
	if len(b) == 0 || string(b) == "null" {
		return 0
	}
	f, err := strconv.ParseFloat(string(b), 64)
	switch {
	case f >= float64(accounting.MaxCount): // also an overflow, which is +Inf with an error
		return count(accounting.MaxCount)
	case err != nil || f < 0 || f != math.Trunc(f):
		return -1
	}
	return count(f)
}
