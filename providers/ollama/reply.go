package ollama

import (
	"strconv"
	"strings"

	"tollgate/accounting"
	"tollgate/providers"
)

// reply writes the answer to one call, whole or piece by piece.
type reply struct {
	call    providers.Call
	target  providers.Target
	created int64 // when the first line was made
	started bool  // a piece was written
	calls   int   // tool calls so far
	offset  int   // characters in the tokens of textLogprobs so far
}

func newReply(call providers.Call, target providers.Target) *reply {
	return &reply{call: call, target: target}
}

// piece is what one native answer or line adds.
type piece struct {
	content, thinking string
	calls             []toolCall
	logprobs          []logprob
}

// piece takes the native answer apart. Without a message, or for a completion
// without a response, it is none of ours; only the last line of a stream may be so.
func (r *reply) piece(a *answer) (piece, bool) {
	p := piece{thinking: a.Thinking, calls: a.ToolCalls, logprobs: a.Logprobs}
	if r.call.Operation == providers.Completions {
		if a.Response == nil {
			return p, false
		}
		p.content = *a.Response
		return p, true
	}
	if a.Message == nil {
		return p, false
	}
	p.content, p.thinking, p.calls = a.Message.Content, a.Message.Thinking, a.Message.ToolCalls
	return p, true
}

func (p piece) empty() bool {
	return p.content == "" && p.thinking == "" && len(p.calls) == 0 && len(p.logprobs) == 0
}

// text is all that the model has produced, for counting.
func (p piece) text() string {
	var b strings.Builder
	b.WriteString(p.thinking)
	b.WriteString(p.content)
	for _, c := range p.calls {
		b.WriteString(c.arguments())
	}
	return b.String()
}

// envelope is the answer or chunk without its choices. The id is our own: it holds
// for the whole call and is unlike that of any other.
func (r *reply) envelope(a *answer, object string) completion {
	if r.created == 0 {
		r.created = a.created()
	}
	prefix := "chatcmpl-"
	if r.call.Operation == providers.Completions {
		prefix, object = "cmpl-", "text_completion"
	}
	return completion{
		ID:      prefix + r.call.AttemptID,
		Object:  object,
		Created: r.created,
		Model:   r.model(a),
		Choices: []choice{},
	}
}

// model is the name that the upstream gave.
func (r *reply) model(a *answer) string {
	if a.Model == "" {
		return r.target.Model
	}
	return a.Model
}

// whole writes a whole answer.
func (r *reply) whole(a *answer, p piece) ([]byte, error) {
	c := r.envelope(a, "chat.completion")
	if u := a.told(); u != nil {
		c.Usage = textUsage(*u)
	}
	one := r.choice(p)
	if one.Text == nil {
		one.Message = &chatMessage{Role: "assistant", Content: &p.content, thought: r.thought(p.thinking), ToolCalls: r.toolCalls(p.calls)}
		if p.content == "" && len(p.calls) > 0 {
			one.Message.Content = nil
		}
	}
	one.FinishReason = r.finishReason(a)
	c.Choices = append(c.Choices, one)
	return marshal(c)
}

// chunk writes what a line of a stream adds.
func (r *reply) chunk(a *answer, p piece) ([]byte, error) {
	one := r.choice(p)
	if one.Text == nil {
		one.Delta = r.delta(p)
	}
	r.started = true
	return r.streamed(a, one)
}

// choice is what whole answers and chunks share: all there is of a legacy
// completion, and only the logprobs of a chat.
func (r *reply) choice(p piece) choice {
	one := choice{Logprobs: r.logprobs(p)}
	if r.call.Operation == providers.Completions {
		one.Text, one.thought = &p.content, r.thought(p.thinking)
	}
	return one
}

func (r *reply) delta(p piece) *chatDelta {
	d := chatDelta{thought: r.thought(p.thinking), ToolCalls: r.toolCalls(p.calls)}
	for i := range d.ToolCalls {
		index := r.calls - len(d.ToolCalls) + i
		d.ToolCalls[i].Index = &index
	}
	if !r.started {
		d.Role = "assistant"
	}
	if !r.started || p.content != "" {
		d.Content = &p.content
	}
	return &d
}

// finish writes the chunk that says why the answer ends.
func (r *reply) finish(a *answer) ([]byte, error) {
	one := choice{FinishReason: r.finishReason(a)}
	if r.call.Operation == providers.Completions {
		one.Text = new(string)
	} else {
		one.Delta = &chatDelta{}
	}
	return r.streamed(a, one)
}

// streamed writes a chunk of one choice. To a client that asked for usage OpenAI
// sends a null in every chunk but the last.
func (r *reply) streamed(a *answer, one choice) ([]byte, error) {
	c := r.envelope(a, "chat.completion.chunk")
	c.Choices = append(c.Choices, one)
	if r.call.WantUsage {
		c.Usage = (*tokenUsage)(nil)
	}
	return marshal(c)
}

// usage writes the last chunk of a client that asked for usage.
func (r *reply) usage(a *answer, u accounting.Usage) ([]byte, error) {
	c := r.envelope(a, "chat.completion.chunk")
	c.Usage = textUsage(u)
	return marshal(c)
}

func textUsage(u accounting.Usage) *tokenUsage {
	in, out := u.InputTokens(), u.OutputTokens()
	return &tokenUsage{PromptTokens: in, CompletionTokens: &out, TotalTokens: in + out}
}

// finishReason is OpenAI's word for why the answer ended. An answer that only says
// that the model was loaded or unloaded has nothing to say, and stops.
func (r *reply) finishReason(a *answer) *string {
	reason := "stop"
	switch {
	case a.DoneReason == "length":
		reason = "length"
	case r.calls > 0:
		reason = "tool_calls"
	}
	return &reason
}

func (r *reply) thought(text string) thought {
	switch r.target.Reasoning {
	case providers.ReasoningContent:
		return thought{ReasoningContent: text}
	case providers.ReasoningBoth:
		return thought{Reasoning: text, ReasoningContent: text}
	}
	return thought{Reasoning: text}
}

// toolCalls translates calls, and names those that came without an id.
func (r *reply) toolCalls(native []toolCall) []chatToolCall {
	var calls []chatToolCall
	for _, c := range native {
		id := c.ID
		if id == "" {
			id = "call_" + r.call.AttemptID + "_" + strconv.Itoa(r.calls)
		}
		r.calls++
		calls = append(calls, chatToolCall{
			ID:       id,
			Type:     "function",
			Function: chatToolFunction{Name: c.Function.Name, Arguments: c.arguments()},
		})
	}
	return calls
}
