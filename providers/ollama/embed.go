package ollama

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// embedRequest is the body of /api/embed. Truncate is always written: the server
// would cut an overlong text without a word, where OpenAI answers with an error.
type embedRequest struct {
	Model      string          `json:"model"`
	Input      []string        `json:"input"`
	Truncate   bool            `json:"truncate"`
	Dimensions int64           `json:"dimensions,omitempty"`
	KeepAlive  json.RawMessage `json:"keep_alive,omitempty"`
	Options    options         `json:"options,omitempty"`
}

// embedAnswer is the answer of /api/embed, one vector to a text, in order.
type embedAnswer struct {
	Model           string            `json:"model"`
	Embeddings      []json.RawMessage `json:"embeddings"`
	PromptEvalCount count             `json:"prompt_eval_count"`
	Error           json.RawMessage   `json:"error"`
}

// embeddingList is OpenAI's answer.
type embeddingList struct {
	Object string      `json:"object"`
	Data   []embedding `json:"data"`
	Model  string      `json:"model"`
	Usage  *tokenUsage `json:"usage,omitempty"`
}

type embedding struct {
	Object    string          `json:"object"`
	Index     int             `json:"index"`
	Embedding json.RawMessage `json:"embedding"` // an array of numbers, or base64 in a string
}

func encodeEmbed(call providers.Call, target providers.Target) (embedRequest, error) {
	r := embedRequest{Model: target.Model, KeepAlive: encodeKeepAlive(call.Body, target)}
	var err error
	if r.Input, err = inputTexts(call.Body); err != nil {
		return r, err
	}
	if _, err = wantsBase64(call.Body); err != nil {
		return r, err
	}
	if r.Dimensions, err = integer(call.Body, "dimensions", 1); err != nil {
		return r, err
	}
	if v, ok := field(call.Body, "truncate"); ok {
		if !v.IsBool() {
			return r, badRequest("truncate", "truncate must be true or false")
		}
		r.Truncate = v.Bool()
	}
	if r.Options, err = clientOptions(call.Body); err != nil {
		return r, err
	}
	if target.NumCtx > 0 {
		r.Options.setInt("num_ctx", target.NumCtx)
	}
	return r, nil
}

// inputTexts returns the texts to embed. Tokens are refused: they are those of
// another model's tokenizer, and Ollama takes none.
func inputTexts(body wire.Object) ([]string, error) {
	input, _ := field(body, "input")
	list := []gjson.Result{input}
	if input.IsArray() {
		var err error
		if list, err = items(input, "input"); err != nil {
			return nil, err
		}
	}
	texts := make([]string, len(list))
	for i, text := range list {
		switch {
		case text.Type == gjson.Number || text.IsArray():
			return nil, badRequest("input", "input must be text: Ollama takes no tokens (in LangChain, set check_embedding_ctx_length=False)")
		case text.Type != gjson.String:
			return nil, badRequest("input", "input must be a string or an array of strings")
		case text.String() == "":
			return nil, badRequest("input", "input must not hold an empty string") // which Ollama would leave out
		}
		texts[i] = text.String()
	}
	if len(texts) == 0 {
		return nil, badRequest("input", "input must not be empty")
	}
	return texts, nil
}

func wantsBase64(body wire.Object) (bool, error) {
	v, ok := field(body, "encoding_format")
	switch format := v.String(); {
	case !ok || format == "float":
		return false, nil
	case format == "base64":
		return true, nil
	default:
		return false, badRequest("encoding_format", "encoding_format %q is not one of float, base64", format)
	}
}

func decodeEmbed(call providers.Call, target providers.Target, body []byte) (providers.Answer, error) {
	var a embedAnswer
	if err := json.Unmarshal(body, &a); err != nil {
		return providers.Answer{}, badAnswer(err, "the upstream's answer is not one of Ollama's: %v", err)
	}
	if len(a.Error) > 0 && string(a.Error) != "null" {
		return providers.Answer{}, fault(0, readDetails(a.Error))
	}
	texts, err := inputTexts(call.Body)
	if err != nil {
		return providers.Answer{}, err
	}
	inBase64, err := wantsBase64(call.Body)
	if err != nil {
		return providers.Answer{}, err
	}
	if len(a.Embeddings) != len(texts) {
		return providers.Answer{}, badAnswer(nil, "the upstream made %d embeddings of %d texts", len(a.Embeddings), len(texts))
	}
	if a.Model == "" {
		a.Model = target.Model
	}
	list := embeddingList{Object: "list", Data: make([]embedding, len(texts)), Model: a.Model}
	for i, vector := range a.Embeddings {
		data, err := encodeVector(vector, inBase64)
		if err != nil {
			return providers.Answer{}, badAnswer(err, "embedding %d of the upstream is no list of numbers", i)
		}
		list.Data[i] = embedding{Object: "embedding", Index: i, Embedding: data}
	}
	answer := providers.Answer{Model: a.Model, Doubt: doubt(a.PromptEvalCount)}
	if n := int64(a.PromptEvalCount); n > 0 {
		answer.Usage = &accounting.Usage{accounting.Input: n}
		list.Usage = &tokenUsage{PromptTokens: n, TotalTokens: n}
	}
	if answer.Body, err = marshal(list); err != nil {
		return providers.Answer{}, badAnswer(err, "the upstream's answer cannot be written as JSON")
	}
	return answer, nil
}

// encodeVector checks a vector and returns it as it came, or in base64 as
// little-endian float32.
func encodeVector(vector json.RawMessage, inBase64 bool) (json.RawMessage, error) {
	var numbers []float32
	if err := json.Unmarshal(vector, &numbers); err != nil {
		return nil, err
	}
	if len(numbers) == 0 {
		return nil, errors.New("the vector is empty")
	}
	if !inBase64 {
		return bytes.TrimSpace(vector), nil
	}
	packed := make([]byte, 0, 4*len(numbers))
	for _, f := range numbers {
		packed = binary.LittleEndian.AppendUint32(packed, math.Float32bits(f))
	}
	return wire.String(base64.StdEncoding.EncodeToString(packed)), nil
}
