package openai

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
)

// names are the words of a usage: the surfaces say the same in different ones.
type names struct {
	input, output string
	cached        []string // paths of each part, the first of which counts
	written       []string
	audioIn       []string
	imageIn       []string
	reasoning     []string
	audioOut      []string
	imageOut      []string
}

// chatNames hold OpenAI's words, and for the cached part DeepSeek's and Moonshot's, for
// the written one vLLM's.
var chatNames = names{
	input: "prompt_tokens", output: "completion_tokens",
	cached:    []string{"prompt_tokens_details.cached_tokens", "prompt_cache_hit_tokens", "cached_tokens"},
	written:   []string{"prompt_tokens_details.cache_write_tokens", "prompt_tokens_details.created_cache_tokens"},
	audioIn:   []string{"prompt_tokens_details.audio_tokens"},
	imageIn:   []string{"prompt_tokens_details.image_tokens"},
	reasoning: []string{"completion_tokens_details.reasoning_tokens"},
	audioOut:  []string{"completion_tokens_details.audio_tokens"},
	imageOut:  []string{"completion_tokens_details.image_tokens"},
}

// responseNames are those of the responses surface.
var responseNames = names{
	input: "input_tokens", output: "output_tokens",
	cached:    []string{"input_tokens_details.cached_tokens"},
	written:   []string{"input_tokens_details.cache_write_tokens", "input_tokens_details.created_cache_tokens"},
	audioIn:   []string{"input_tokens_details.audio_tokens"},
	imageIn:   []string{"input_tokens_details.image_tokens"},
	reasoning: []string{"output_tokens_details.reasoning_tokens"},
	audioOut:  []string{"output_tokens_details.audio_tokens"},
	imageOut:  []string{"output_tokens_details.image_tokens"},
}

// audioNames are those of the audio surfaces.
var audioNames = names{
	input: "input_tokens", output: "output_tokens",
	cached:   []string{"input_token_details.cached_tokens"},
	audioIn:  []string{"input_token_details.audio_tokens"},
	audioOut: []string{"output_token_details.audio_tokens"},
}

// usage reads a `usage` value into disjoint meters. OpenAI's prompt_tokens
// includes what was cached, written to the cache, heard and seen, and its
// completion_tokens includes reasoning and audio; each part is taken out of the
// whole once, in that order, and never more than is left of it.
//
// It returns nil where the upstream reported nothing that can be believed: no
// object, no counts, a count that is negative or no whole number, or nothing but
// zeros, which some servers send until they know better. An absurd count is taken for
// [accounting.MaxCount].
func (c *codec) usage(op providers.Operation, v gjson.Result) (*accounting.Usage, providers.Doubt) {
	switch {
	case !v.Exists() || v.Type == gjson.Null:
		return nil, ""
	case !v.IsObject():
		return nil, providers.BadUsage
	}
	n := &chatNames
	switch op {
	case providers.Chat, providers.Completions, providers.Embeddings, providers.Rerank, providers.Score:
	case providers.Transcriptions, providers.Translations, providers.Speech:
		if !v.Get("prompt_tokens").Exists() { // else vLLM's
			n = &audioNames
		}
	default:
		n = &responseNames
	}
	onlyInput := op == providers.Embeddings || op == providers.Rerank || op == providers.Score
	r := readUsage(v)
	prompt, hasPrompt := r.count(n.input)
	output, hasOutput := r.count(n.output)
	total, hasTotal := r.count("total_tokens")
	switch {
	case onlyInput:
		if !hasPrompt {
			prompt, hasPrompt = total, hasTotal // such a call has no other tokens
		}
		output, hasOutput = 0, true
	case hasTotal && (!hasOutput || c.quirks.OutputFromTotal):
		output, hasOutput = max(output, total-prompt), true
	}
	if r.bad {
		return nil, providers.BadUsage
	}
	if !hasPrompt || !hasOutput {
		return nil, ""
	}

	var u accounting.Usage
	odd := hasTotal && !onlyInput && total != prompt+output
	left := prompt
	take := func(m accounting.Meter, paths []string) {
		for _, path := range paths {
			if part, has := r.count(path); has {
				odd = odd || part > left
				part = min(part, left)
				u[m] += part
				left -= part
				return
			}
		}
	}
	take(accounting.CachedInput, n.cached)
	take(accounting.CacheWrite, n.written)
	take(accounting.AudioInput, n.audioIn)
	take(accounting.ImageInput, n.imageIn)
	u[accounting.Input] = left

	left = output
	take(accounting.Reasoning, n.reasoning)
	take(accounting.AudioOutput, n.audioOut)
	take(accounting.ImageOutput, n.imageOut)
	u[accounting.Output] = left

	if c.quirks.SearchUsage {
		add := func(m accounting.Meter, path string) {
			more, _ := r.count(path)
			u[m] += more
		}
		add(accounting.Input, "citation_tokens")
		add(accounting.Reasoning, "reasoning_tokens")
		add(accounting.Searches, "num_search_queries")
	}
	u, _ = u.Clamp()
	switch {
	case r.bad:
		return nil, providers.BadUsage
	case u.IsZero():
		return nil, ""
	case odd:
		return &u, providers.OddUsage
	}
	return &u, ""
}

// usageReader reads counts and remembers if one was none.
type usageReader struct {
	fields []usageField
	bad    bool
}

// usageField is a value in a usage, or in an object of it: more is asked for by path
// than most of them hold, so they are read once.
type usageField struct {
	outer, inner string // inner is "" at the top
	raw          string
}

// maxUsageFields is how many values of a usage are looked at.
const maxUsageFields = 256

func readUsage(v gjson.Result) usageReader {
	r := usageReader{fields: make([]usageField, 0, 8)}
	v.ForEach(func(k, v gjson.Result) bool {
		outer := k.String()
		r.fields = append(r.fields, usageField{outer, "", v.Raw})
		if v.IsObject() {
			v.ForEach(func(k, v gjson.Result) bool {
				r.fields = append(r.fields, usageField{outer, k.String(), v.Raw})
				return len(r.fields) < maxUsageFields
			})
		}
		return len(r.fields) < maxUsageFields
	})
	return r
}

// count returns a count between 0 and [accounting.MaxCount], and whether there is
// one; null is none. Of a path that stands twice the first counts.
func (r *usageReader) count(path string) (n int64, has bool) {
	outer, inner, _ := strings.Cut(path, ".")
	raw := "null"
	for _, f := range r.fields {
		if f.outer == outer && f.inner == inner {
			raw = f.raw
			break
		}
	}
	if raw == "null" {
		return 0, false
	}
	n, err := strconv.ParseInt(raw, 10, 64) // of anything but a whole number it is an error
	if err != nil || n < 0 {
		r.bad = true
		return 0, false
	}
	return min(n, accounting.MaxCount), true
}
