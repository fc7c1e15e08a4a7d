package openai

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// names are the words of a usage: the surfaces say the same in different ones.
type names struct {
	input, output string
	cached        []path // of each part; the first that is there counts
	written       []path
	audioIn       []path
	imageIn       []path
	reasoning     []path
	audioOut      []path
	imageOut      []path
}

// path is where a count stands: in an object of the usage, or at the top, with inner "".
type path struct{ outer, inner string }

// chatNames hold OpenAI's words, and for the cached part DeepSeek's and Moonshot's, for
// the written one vLLM's.
var chatNames = names{
	input: "prompt_tokens", output: "completion_tokens",
	cached:    []path{{"prompt_tokens_details", "cached_tokens"}, {"prompt_cache_hit_tokens", ""}, {"cached_tokens", ""}},
	written:   []path{{"prompt_tokens_details", "cache_write_tokens"}, {"prompt_tokens_details", "created_cache_tokens"}},
	audioIn:   []path{{"prompt_tokens_details", "audio_tokens"}},
	imageIn:   []path{{"prompt_tokens_details", "image_tokens"}},
	reasoning: []path{{"completion_tokens_details", "reasoning_tokens"}},
	audioOut:  []path{{"completion_tokens_details", "audio_tokens"}},
	imageOut:  []path{{"completion_tokens_details", "image_tokens"}},
}

// responseNames are those of the responses surface.
var responseNames = names{
	input: "input_tokens", output: "output_tokens",
	cached:    []path{{"input_tokens_details", "cached_tokens"}},
	written:   []path{{"input_tokens_details", "cache_write_tokens"}, {"input_tokens_details", "created_cache_tokens"}},
	audioIn:   []path{{"input_tokens_details", "audio_tokens"}},
	imageIn:   []path{{"input_tokens_details", "image_tokens"}},
	reasoning: []path{{"output_tokens_details", "reasoning_tokens"}},
	audioOut:  []path{{"output_tokens_details", "audio_tokens"}},
	imageOut:  []path{{"output_tokens_details", "image_tokens"}},
}

// audioNames are those of the audio surfaces.
var audioNames = names{
	input: "input_tokens", output: "output_tokens",
	cached:   []path{{"input_token_details", "cached_tokens"}},
	audioIn:  []path{{"input_token_details", "audio_tokens"}},
	audioOut: []path{{"output_token_details", "audio_tokens"}},
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
	return c.rawUsage(op, []byte(v.Raw))
}

// rawUsage is usage of a value as it is written; empty: there is none.
func (c *codec) rawUsage(op providers.Operation, raw []byte) (*accounting.Usage, providers.Doubt) {
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return nil, ""
	case raw[0] != '{':
		return nil, providers.BadUsage
	}
	var room [12]usageField
	r := usageReader{fields: appendUsage(room[:0], raw)}
	n := r.names(op)
	prompt, output, odd, ok := c.whole(&r, op, n)
	switch {
	case r.bad:
		return nil, providers.BadUsage
	case !ok:
		return nil, ""
	}

	var u accounting.Usage
	left := prompt
	take := func(m accounting.Meter, paths []path) {
		for _, p := range paths {
			if part, has := r.count(p); has {
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
		add := func(m accounting.Meter, name string) {
			more, _ := r.count(path{name, ""})
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

// names are the words of the usage of an operation.
func (r *usageReader) names(op providers.Operation) *names {
	switch op {
	case providers.Chat, providers.Completions, providers.Embeddings, providers.Rerank, providers.Score:
		return &chatNames
	case providers.Transcriptions, providers.Translations, providers.Speech:
		if r.has(path{chatNames.input, ""}) { // vLLM's
			return &chatNames
		}
		return &audioNames
	}
	return &responseNames
}

// whole reads the prompt and the output of a usage, each with all its parts. odd says that
// they are not the total, ok that they are known: of a text, if it is one of them, the other
// one is left at zero.
func (c *codec) whole(r *usageReader, op providers.Operation, n *names) (prompt, output int64, odd, ok bool) {
	prompt, hasPrompt := r.count(path{n.input, ""})
	output, hasOutput := r.count(path{n.output, ""})
	total, hasTotal := r.count(path{"total_tokens", ""})
	switch op {
	case providers.Embeddings, providers.Rerank, providers.Score: // these have no other tokens
		if !hasPrompt {
			prompt, hasPrompt = total, hasTotal
		}
		return prompt, 0, false, hasPrompt
	}
	switch { // of a total alone nothing follows
	case hasTotal && hasPrompt && (!hasOutput || c.quirks.OutputFromTotal):
		output, hasOutput = max(output, total-prompt), true
	case hasTotal && hasOutput && !hasPrompt && !c.quirks.OutputFromTotal:
		prompt, hasPrompt = max(total-output, 0), true
	}
	both := hasPrompt && hasOutput
	return prompt, output, both && hasTotal && total != prompt+output, both || op.Output() && (hasPrompt || hasOutput)
}

// telling adds to a failure what the upstream says in the same object that it has used. That
// is as true as the usage of an answer.
func (c *codec) telling(call providers.Call, said []byte, err error) error {
	e := providers.AsError(err)
	if e == nil || e.Usage != nil || !bytes.Contains(said, []byte(`"usage"`)) {
		return err
	}
	o, bad := wire.ParseObject(said)
	if bad != nil {
		return err
	}
	v, has := o.Get("usage")
	if !has {
		return err
	}
	switch call.Operation {
	case providers.Messages:
		var n messageUsage
		n.merge(v)
		e.Usage, e.Doubt = n.usage(c.quirks.CacheIncluded)
	case providers.Transcriptions, providers.Translations:
		e.Usage, e.Doubt = c.transcriptUsage(call, v, gjson.Result{})
	case providers.ImageGenerations, providers.ImageEdits, providers.ImageVariations:
		e.Usage, e.Doubt = c.imageUsage(call, v, 0)
	default:
		e.Usage, e.Doubt = c.usage(call.Operation, v)
	}
	return err
}

// searched adds the search of a chat that stands in no usage.
func (c *codec) searched(u *accounting.Usage, call providers.Call, target providers.Target) {
	if u != nil {
		u[accounting.Searches] = max(u[accounting.Searches], c.lookups(call, target))
	}
}

// lookups is how often a chat has searched the web by itself.
func (c *codec) lookups(call providers.Call, target providers.Target) int64 {
	if c.looksUp(call, target) {
		return 1
	}
	return 0
}

// looksUp says that a chat has searched the web once for each answer.
func (c *codec) looksUp(call providers.Call, target providers.Target) bool {
	if !c.quirks.SearchedChats || call.Operation != providers.Chat {
		return false
	}
	options, _ := call.Body.Raw("web_search_options")
	return len(options) > 0 && options[0] == '{' || strings.Contains(target.Model, "-search-")
}

// mostSearches is how many searches a model that decides by itself is taken to make at most.
const mostSearches = 30

// Searches implements [providers.Searcher].
func (c *codec) Searches(call providers.Call, target providers.Target) int64 {
	switch {
	case c.quirks.SearchUsage && call.Operation == providers.Chat:
		return mostSearches
	case c.looksUp(call, target):
		return 1
	}
	return 0
}

// usageReader reads counts and remembers if one was none.
type usageReader struct {
	fields []usageField
	bad    bool
}

// usageField is a value in a usage, or in an object of it: more is asked for by path
// than most of them hold, so they are read once. They are views of the usage.
type usageField struct {
	outer, inner []byte // inner is empty at the top
	raw          []byte
}

// maxUsageFields is how many values of a usage are looked at.
const maxUsageFields = 256

func readUsage(v gjson.Result) usageReader {
	return usageReader{fields: appendUsage(nil, []byte(v.Raw))}
}

func appendUsage(to []usageField, raw []byte) []usageField {
	wire.EachMember(raw, func(outer, value []byte) bool {
		to = append(to, usageField{outer, nil, value})
		wire.EachMember(value, func(inner, value []byte) bool {
			to = append(to, usageField{outer, inner, value})
			return len(to) < maxUsageFields
		})
		return len(to) < maxUsageFields
	})
	return to
}

// find returns a value as it is written; nil if there is none. Of a path that stands
// twice the first counts.
func (r *usageReader) find(p path) []byte {
	for i := range r.fields {
		if f := &r.fields[i]; string(f.outer) == p.outer && string(f.inner) == p.inner {
			return f.raw
		}
	}
	return nil
}

func (r *usageReader) has(p path) bool { return r.find(p) != nil }

// count returns a count between 0 and [accounting.MaxCount], and whether there is
// one; null is none.
func (r *usageReader) count(p path) (n int64, has bool) {
	raw := r.find(p)
	if raw == nil || string(raw) == "null" {
		return 0, false
	}
	n, err := strconv.ParseInt(string(raw), 10, 64) // of anything but a whole number it is an error
	if err != nil || n < 0 {
		r.bad = true
		return 0, false
	}
	return min(n, accounting.MaxCount), true
}
