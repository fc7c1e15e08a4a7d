package echo

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
)

// The dimensions of a vector.
const (
	defaultDimensions = 8
	maxDimensions     = 1024
)

// maxInputs is how many texts one call may embed, as at OpenAI.
const maxInputs = 2048

func embeddings(r *http.Request, body []byte) *http.Response {
	var q struct {
		Model      string          `json:"model"`
		Input      json.RawMessage `json:"input"`
		Encoding   string          `json:"encoding_format"`
		Dimensions *int            `json:"dimensions"`
	}
	if err := json.Unmarshal(body, &q); err != nil {
		return refuse(r, http.StatusBadRequest, "invalid_json", "echo cannot read the request: "+err.Error())
	}
	if q.Model != Embedder {
		return refuse(r, http.StatusNotFound, "model_not_found", "echo has no model "+q.Model+" that makes embeddings")
	}
	dimensions := defaultDimensions
	if q.Dimensions != nil {
		dimensions = *q.Dimensions
	}
	if dimensions < 1 || dimensions > maxDimensions {
		return refuse(r, http.StatusBadRequest, "invalid_value", fmt.Sprintf("dimensions must be between 1 and %d", maxDimensions))
	}
	texts, tokens, err := inputs(q.Input)
	if err != nil {
		return refuse(r, http.StatusBadRequest, "invalid_value", err.Error())
	}
	data := make([]object, len(texts))
	for i, text := range texts {
		v := vector(text, dimensions)
		var embedding any = v
		switch q.Encoding {
		case "", "float":
		case "base64":
			embedding = packed(v)
		default:
			return refuse(r, http.StatusBadRequest, "invalid_value", "encoding_format must be float or base64")
		}
		data[i] = object{"object": "embedding", "index": i, "embedding": embedding}
	}
	return answer(r, http.StatusOK, object{"object": "list", "model": Embedder, "data": data,
		"usage": object{"prompt_tokens": tokens, "total_tokens": tokens}})
}

var errInput = errors.New("input must be a text, a list of tokens, or a list of either, and not empty")

// inputs reads the four forms of OpenAI's `input`. The tokens of a text are its
// words; a list of token numbers is hashed as it stands.
func inputs(raw json.RawMessage) (texts []string, tokens int, err error) {
	one := func(raw json.RawMessage) error {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			texts, tokens = append(texts, text), tokens+count(text)
			return nil
		}
		var numbers []int64
		if json.Unmarshal(raw, &numbers) != nil || len(numbers) == 0 {
			return errInput
		}
		texts, tokens = append(texts, fmt.Sprint(numbers)), tokens+len(numbers)
		return nil
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil, 0, errInput
	}
	if one(raw) == nil {
		return texts, tokens, nil
	}
	var many []json.RawMessage
	if json.Unmarshal(raw, &many) != nil || len(many) == 0 {
		return nil, 0, errInput
	}
	if len(many) > maxInputs {
		return nil, 0, fmt.Errorf("input has %d texts; the most is %d", len(many), maxInputs)
	}
	for _, raw := range many {
		if err := one(raw); err != nil {
			return nil, 0, err
		}
	}
	return texts, tokens, nil
}

// vector makes a vector of length 1 from a hash of the text: the same for the same
// text, and of no meaning.
func vector(text string, dimensions int) []float32 {
	random := rand.New(rand.NewChaCha8(sha256.Sum256([]byte(text))))
	raw := make([]float64, dimensions)
	var sum float64
	for i := range raw {
		raw[i] = random.NormFloat64()
		sum += raw[i] * raw[i]
	}
	v := make([]float32, dimensions)
	for i, x := range raw {
		v[i] = float32(x / math.Sqrt(sum))
	}
	return v
}

// packed writes a vector as OpenAI does for base64: float32, little-endian.
func packed(v []float32) string {
	b := make([]byte, 0, 4*len(v))
	for _, f := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return base64.StdEncoding.EncodeToString(b)
}
