package ollama

import (
	"encoding/json"

	"tollgate/providers"
)

// parse reads a whole answer, or one line of a streamed one.
func parse(b []byte) (*answer, error) {
	var a answer
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, badAnswer(err, "the upstream's answer is not one of Ollama's: %v", err)
	}
	if a.failed() {
		return nil, fault(0, readDetails(a.Error))
	}
	return &a, nil
}

// decodeText reads a whole answer of /api/chat or /api/generate. One that is not
// done was given up by the server, which it does without an error when a model
// repeats itself without end.
func decodeText(call providers.Call, target providers.Target, body []byte) (providers.Answer, error) {
	a, err := parse(body)
	if err != nil {
		return providers.Answer{}, err
	}
	r := newReply(call, target)
	p, ok := r.piece(a)
	switch {
	case !ok:
		return providers.Answer{}, badAnswer(nil, "the upstream's answer has no text")
	case !a.Done:
		return providers.Answer{}, &providers.Error{Kind: providers.Truncated, Message: "the upstream gave the answer up before its end"}
	}
	out, err := r.whole(a, p)
	if err != nil {
		return providers.Answer{}, badAnswer(err, "the upstream's answer cannot be written as JSON")
	}
	result := providers.Answer{Body: out, Usage: a.usage(), Doubt: a.doubt(), Model: r.model(a)}
	if a.told() == nil {
		result.Text = p.text()
	}
	return result, nil
}
