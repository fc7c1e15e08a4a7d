package litellm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
)

// vendors are LiteLLM's names of providers and tollgate's. Whoever is not among them
// has no price list here, so that a model's name alone never finds a price.
var vendors = map[string]string{
	"openai": "openai", "text-completion-openai": "openai", "anthropic": "anthropic", "gemini": "gemini",
	"mistral": "mistral", "groq": "groq", "deepseek": "deepseek", "xai": "xai", "together_ai": "together",
	"fireworks_ai": "fireworks", "fireworks_ai-embedding-models": "fireworks", "cerebras": "cerebras",
	"perplexity": "perplexity", "deepinfra": "deepinfra", "moonshot": "moonshot", "dashscope": "dashscope",
	"openrouter": "openrouter", "nebius": "nebius", "sambanova": "sambanova", "cohere": "cohere", "cohere_chat": "cohere",
}

// hides are the vendors whose reasoning models bill tokens that they do not show.
var hides = []string{"openai", "anthropic", "gemini", "xai", "openrouter"}

// modes are the uses of a model that tollgate can serve. Reranking and entries
// without a mode have no word of their own in a price list.
var modes = map[string]pricelist.Mode{
	"": "", "rerank": "", "chat": pricelist.Chat, "completion": pricelist.Completion, "embedding": pricelist.Embedding,
	"image_generation": pricelist.Image, "image_edit": pricelist.Image, "audio_transcription": pricelist.Transcription,
	"audio_speech": pricelist.Speech, "moderation": pricelist.Moderation, "responses": pricelist.Responses,
}

// sample is the entry that documents the format.
const sample = "sample_spec"

// IsPriceMap says whether data looks like LiteLLM's
// model_prices_and_context_window.json.
func IsPriceMap(data []byte) bool {
	var m map[string]json.RawMessage
	if json.Unmarshal(clean(data), &m) != nil {
		return false
	}
	for _, raw := range m {
		var e struct {
			Provider *string `json:"litellm_provider"`
		}
		if json.Unmarshal(raw, &e) == nil && e.Provider != nil {
			return true
		}
	}
	return false
}

func clean(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) }

// ReadPriceMap makes a price list of LiteLLM's price map, in which every figure is
// dollars for one unit. The texts say what was left out and why: whole entries, and
// rates within entries for which tollgate has no meter. An entry of which no usable
// price is left is left out, so that its model's price is unknown, never free; one
// is free only if it states zero for input and output and nothing above zero.
func ReadPriceMap(data []byte) (*pricelist.List, []string, error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(clean(data), &m); err != nil {
		return nil, nil, fmt.Errorf("not a price map: %w", err)
	}
	r := &mapReader{made: map[[2]string]pricelist.Entry{}, images: map[[2]string][]sizedImage{}, refused: map[[2]string]bool{}, notes: map[string][]string{}}
	// LiteLLM looks a name up with its provider's prefix first, so those go first.
	delete(m, sample)
	keys := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(keys, func(a, b string) int { return prefixed(b) - prefixed(a) })
	for _, key := range keys {
		r.image(key, m[key])
	}
	for _, key := range keys {
		r.entry(key, m[key])
	}
	r.imagesAlone()
	if len(r.made) == 0 {
		return nil, r.said(), errors.New("not one entry of the price map could be used")
	}
	list, err := pricelist.NewList("", slices.Collect(maps.Values(r.made)))
	return list, r.said(), err
}

func prefixed(key string) int {
	head, _, slash := strings.Cut(key, "/")
	if _, known := vendors[head]; slash && known {
		return 1
	}
	return 0
}

type mapReader struct {
	made    map[[2]string]pricelist.Entry
	images  map[[2]string][]sizedImage // what the images of a vendor's model cost
	refused map[[2]string]bool         // models whose own entries are of no use
	notes   map[string][]string        // why -> the keys that it concerns
}

func (r *mapReader) note(key, why string, args ...any) {
	why = fmt.Sprintf(why, args...)
	r.notes[why] = append(r.notes[why], key)
}

// said writes one text for each reason, with some of the entries it concerns.
func (r *mapReader) said() []string {
	const few = 5
	var out []string
	for _, why := range slices.Sorted(maps.Keys(r.notes)) {
		keys := r.notes[why]
		text := strings.Join(keys[:min(len(keys), few)], ", ")
		if more := len(keys) - few; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		out = append(out, why+": "+text)
	}
	return out
}

// entry reads one entry and keeps what it can be used for.
func (r *mapReader) entry(key string, raw json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || fields == nil {
		r.note(key, "left out, no entry of a price map")
		return
	}
	provider, mode := text(fields["litellm_provider"]), text(fields["mode"])
	vendor, known := vendors[provider]
	use, served := modes[mode]
	model := strings.TrimPrefix(key, provider+"/")
	switch {
	case provider == "":
		r.note(key, "left out, no litellm_provider")
		return
	case !known:
		r.note(key, "left out, tollgate has no list for the provider %s", provider)
		return
	case !served:
		r.note(key, "left out, tollgate does not serve the mode %s", mode)
		return
	case sized(model):
		r.note(key, "left out, priced by size or quality")
		return
	}
	if _, _, _, ok := imageKey(model); ok {
		if use != pricelist.Image {
			r.note(key, "left out, priced by size or quality")
		}
		return // read with its model
	}
	at := [2]string{vendor, model}
	if _, twice := r.made[at]; twice {
		r.note(key, "left out, the same model stands under another name already")
		return
	}
	price, unused, err := readPrice(vendor, use, fields, r.imageRates(at))
	if err != nil {
		r.refused[at] = true
		r.note(key, "left out, %v", err)
		return
	}
	if p, ok := price.(accounting.Priced); ok && !p.ByImage() {
		r.noImages(at, "its images are billed by tokens")
	}
	for _, f := range unused {
		r.note(key, "not carried over, %s", f)
	}
	if others := searchSizes(fields["search_context_cost_per_query"]); len(others) > 0 {
		r.note(key, "web searches charged as of medium context, which differ: %s", strings.Join(others, ", "))
	}
	e := pricelist.Entry{
		Vendor: vendor, Model: model, Mode: use, Price: price, Source: text(fields["source"]),
		Context: count(fields["max_input_tokens"]), MaxOutput: count(fields["max_output_tokens"]),
		HiddenReasoning: string(fields["supports_reasoning"]) == "true" && slices.Contains(hides, vendor),
	}
	if e.MaxOutput == 0 && (use == pricelist.Chat || use == pricelist.Completion || use == pricelist.Responses) {
		e.MaxOutput = count(fields["max_tokens"])
	}
	if _, free := price.(accounting.Free); free {
		r.note(key, "free, by explicit zeros")
	}
	r.made[at] = e
}

// sized says that a key names a class of models by their number of parameters, or
// pictures by how they are made, which no call asks for by name.
func sized(model string) bool {
	if strings.HasPrefix(model, "fireworks-ai-") || strings.HasPrefix(model, "together-ai-") {
		return true
	}
	return slices.ContainsFunc(strings.Split(model, "/"), func(part string) bool { return strings.HasSuffix(part, "-steps") })
}

func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // anything but a string has no text
	return s
}

// count reads a number of tokens; what is no whole number above zero is not stated.
func count(raw json.RawMessage) int64 {
	n, err := exact(raw)
	if err != nil || !n.IsInt() || !n.Num().IsInt64() || n.Num().Int64() <= 0 || n.Num().Int64() > accounting.MaxCount {
		return 0
	}
	return n.Num().Int64()
}
