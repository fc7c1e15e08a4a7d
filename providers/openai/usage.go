package openai

import (
	"strconv"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
)

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
	r := usageReader{of: v}
	prompt, hasPrompt := r.count("prompt_tokens")
	output, hasOutput := r.count("completion_tokens")
	total, hasTotal := r.count("total_tokens")
	switch {
	case op == providers.Embeddings:
		if !hasPrompt {
			prompt, hasPrompt = total, hasTotal // an embedding has no other tokens
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
	odd := hasTotal && op != providers.Embeddings && total != prompt+output
	left := prompt
	take := func(m accounting.Meter, paths ...string) {
		for _, path := range paths {
			if n, has := r.count(path); has {
				odd = odd || n > left
				n = min(n, left)
				u[m] += n
				left -= n
				return
			}
		}
	}
	// Beside OpenAI's own: DeepSeek's and Moonshot's names for the cached part, and
	// vLLM's for the written one.
	take(accounting.CachedInput, "prompt_tokens_details.cached_tokens", "prompt_cache_hit_tokens", "cached_tokens")
	take(accounting.CacheWrite, "prompt_tokens_details.cache_write_tokens", "prompt_tokens_details.created_cache_tokens")
	take(accounting.AudioInput, "prompt_tokens_details.audio_tokens")
	take(accounting.ImageInput, "prompt_tokens_details.image_tokens")
	u[accounting.Input] = left

	left = output
	take(accounting.Reasoning, "completion_tokens_details.reasoning_tokens")
	take(accounting.AudioOutput, "completion_tokens_details.audio_tokens")
	take(accounting.ImageOutput, "completion_tokens_details.image_tokens")
	u[accounting.Output] = left

	if c.quirks.SearchUsage {
		add := func(m accounting.Meter, path string) {
			n, _ := r.count(path)
			u[m] += n
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
	of  gjson.Result
	bad bool
}

// count returns a count between 0 and [accounting.MaxCount], and whether there is
// one; null is none.
func (r *usageReader) count(path string) (n int64, has bool) {
	v := r.of.Get(path)
	if !v.Exists() || v.Type == gjson.Null {
		return 0, false
	}
	n, err := strconv.ParseInt(v.Raw, 10, 64)
	if v.Type != gjson.Number || err != nil || n < 0 {
		r.bad = true
		return 0, false
	}
	return min(n, accounting.MaxCount), true
}
