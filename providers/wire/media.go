package wire

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Units are what a request asks for that is not counted in tokens of its text, and the
// most that it can come to.
type Units struct {
	Characters  int64  // of the text that is to be spoken
	Images      int64  // to be made
	Size        string // of each of them, as it was asked for; "" leaves it to the model
	Quality     string // the same
	ImageTokens int64  // of each of them, at most
	ImagesIn    int64  // that the request brings along
	Millis      int64  // that the request's recording lasts, as its own header or its size says
	MillisMost  int64  // that it can last at most
	Documents   int64  // to be compared with a query, or pairs to be scored
}

// The bounds of what a request may ask for.
const (
	MaxDocuments = 100_000 // of a rerank or a score
	MaxImages    = 16      // files of a request for an image
)

// What an image costs in tokens at most: OpenAI's images of high, medium and low quality
// have one for so many pixels (6,240, 1,584 and 408 for 1536 by 1024), and each partial
// image is a hundred more.
const (
	pixelsHigh, pixelsMedium, pixelsLow = 252, 992, 3855

	usualPixels   = 1536 * 1024 // where the size is left to the model
	mostSide      = 4096        // pixels of a side
	mostPartial   = 10
	tokensPartial = 100
)

// ImageInTokens is what an image that a request brings along is taken for at most.
const ImageInTokens = 10_000

// ReadSpeech reads a request for speech. One that is answered in events says so.
func ReadSpeech(o Object) (Params, error) {
	p, err := ReadParams(o)
	if err != nil {
		return p, err
	}
	input, ok := o.Get("input")
	if !ok || input.Type != gjson.String || input.Str == "" {
		return p, &ErrField{"input", "it must be the text to speak"}
	}
	format, _ := o.Get("stream_format")
	p.Stream = format.Type == gjson.String && format.Str == "sse"
	p.Choices, p.OutputCap = 1, 0
	p.Units.Characters = int64(utf8.RuneCountInString(input.Str))
	if voice := o.Text("ref_audio"); mayBeURL(voice) { // which some engines speak with
		p.named(voice)
	}
	return p, nil
}

// ReadImages reads a request for images that is a JSON object.
func ReadImages(o Object) (Params, error) {
	p, err := ReadParams(o)
	if err != nil {
		return p, err
	}
	p.OutputCap, p.Units.Images = 0, p.Choices
	text := func(key string) string {
		v, ok := o.Get(key)
		if !ok || v.Type == gjson.Null {
			return ""
		}
		return v.String()
	}
	p.Units.size(text("size"), text("quality"), text("partial_images"))
	// Images come as URLs, as data, or as files that the vendor keeps.
	image := func(v gjson.Result) {
		switch {
		case v.Type == gjson.String:
			p.Units.ImagesIn++
			if mayBeURL(v.Str) {
				p.named(v.Str)
			}
		case v.IsObject():
			p.Units.ImagesIn++
			each(v, func(key string, u gjson.Result) {
				switch {
				case key != "image_url" && key != "url":
				case u.Type == gjson.String:
					p.named(u.Str)
				default:
					each(u, func(key string, u gjson.Result) {
						if key == "url" {
							p.named(u.String())
						}
					})
				}
			})
		}
	}
	for _, key := range imageKeys {
		switch v, ok := o.Get(key); {
		case !ok:
		case v.IsArray():
			v.ForEach(func(_, v gjson.Result) bool { image(v); return true })
		default:
			image(v)
		}
	}
	if p.Units.ImagesIn > MaxImages {
		return p, &ErrField{"images", fmt.Sprintf("more than %d images", MaxImages)}
	}
	return p, nil
}

// imageKeys are what requests for images call those that they bring along.
var imageKeys = []string{"image", "images", "mask", "image_url", "image_urls", "url"}

// ReadImageForm reads a request for images that is a form.
func ReadImageForm(f *Form) (Params, error) {
	p, err := readForm(f)
	if err != nil {
		return p, err
	}
	text := func(key string) string { v, _ := f.Get(key); return v }
	p.Units.Images = p.Choices
	p.Units.size(text("size"), text("quality"), text("partial_images"))
	for _, part := range f.parts {
		switch {
		case part.File:
			p.Units.ImagesIn++
		case slices.Contains(imageKeys, strings.TrimSuffix(part.Name, "[]")) && mayBeURL(string(f.Value(part))):
			p.Units.ImagesIn++
			p.named(string(f.Value(part)))
		}
	}
	switch n := p.Units.ImagesIn; {
	case n == 0:
		return p, &ErrField{"image", "it must be a file"}
	case n > MaxImages:
		return p, &ErrField{"image", fmt.Sprintf("more than %d files", MaxImages)}
	}
	return p, nil
}

// size notes what images are asked for and bounds the tokens of each. What is not
// understood is for the upstream to refuse, and taken for the most until then.
func (u *Units) size(size, quality, partial string) {
	pixels := int64(usualPixels)
	chosen := func(s string) string {
		if s == "auto" {
			return ""
		}
		return s
	}
	u.Size, u.Quality = chosen(size), chosen(quality)
	if u.Size != "" {
		w, h, _ := strings.Cut(size, "x")
		width, err1 := number(w, mostSide)
		height, err2 := number(h, mostSide)
		if pixels = width * height; err1 != nil || err2 != nil {
			pixels = mostSide * mostSide
		}
	}
	per := int64(pixelsHigh)
	switch quality {
	case "medium":
		per = pixelsMedium
	case "low":
		per = pixelsLow
	}
	u.ImageTokens = pixels/per + 1
	if partial != "" && partial != "0" {
		n, err := number(partial, mostPartial)
		if err != nil {
			n = mostPartial
		}
		u.ImageTokens += n * tokensPartial
	}
}

// ReadAudio reads a request for the text of a recording.
func ReadAudio(f *Form) (Params, error) {
	p, err := readForm(f)
	if err != nil {
		return p, err
	}
	if _, has := f.Get("url"); has {
		return p, &ErrField{"url", "recordings are not fetched: send one as a file"}
	}
	files := 0
	for _, part := range f.parts {
		if part.File {
			files++
			p.Units.Millis, p.Units.MillisMost = audioLength(f.Value(part))
		}
	}
	if files != 1 {
		return p, &ErrField{"file", "there must be exactly one file"}
	}
	p.Choices = 1
	return p, nil
}

// ReadRanking reads a request that compares a query with documents, or scores pairs.
// InputBound counts the query once with each document, as models that read pairs do.
func ReadRanking(o Object) (Params, error) {
	p, err := ReadParams(o)
	if err != nil {
		return p, err
	}
	p.OutputCap, p.Choices, p.Stream = 0, 1, false
	query, documents := Ranking(o)
	n := int64(len(documents))
	switch {
	case len(query) == 0 || n == 0:
		return p, &ErrField{"documents", "there must be a query and documents, or two texts to compare"}
	case n > MaxDocuments:
		return p, &ErrField{"documents", fmt.Sprintf("more than %d", MaxDocuments)}
	}
	// A template puts a few tokens around each pair.
	const around = 64
	bound, units := int64(0), int64(0)
	for i, d := range documents {
		q := query[min(i, len(query)-1)]
		bound += int64(len(q)+len(d)) + around
		units += Chunks(int64(len(d)))
	}
	p.InputBound = bound
	if o.MayNest(mediaKeys...) {
		for _, key := range slices.Concat(queryKeys, documentKeys) {
			v, _ := o.Get(key)
			p.nested(v)
		}
	}
	p.Units.Documents = n
	p.Searches = (units + SearchUnit - 1) / SearchUnit
	return p, nil
}

// SearchUnit is how many documents, or parts of long ones, Cohere bills as one search.
const SearchUnit = 100

// chunkTokens is the length from which on a document counts as several.
const chunkTokens = 510

// Chunks is how many documents a document of so many tokens counts for.
func Chunks(tokens int64) int64 { return max((tokens+chunkTokens-1)/chunkTokens, 1) }

// Ranking returns what is compared in a rerank or a score: one query with each of the
// documents, or as many queries as documents. A text that is no string is returned as
// it is written. Of more than [MaxDocuments] it returns one more than that.
func Ranking(o Object) (query, documents []string) {
	list := func(keys ...string) (all []string) {
		for _, key := range keys {
			v, _ := o.Get(key)
			if v.Type == gjson.Null {
				continue
			}
			if v.IsObject() && v.Get("content").IsArray() { // vLLM's inputs of many parts
				v = v.Get("content")
			}
			if !v.IsArray() {
				return []string{v.String()}
			}
			n := 0 // counted first: a list that grew would take memory several times
			v.ForEach(func(_, _ gjson.Result) bool { n++; return n <= MaxDocuments })
			all = make([]string, 0, n)
			v.ForEach(func(_, v gjson.Result) bool { all = append(all, v.String()); return len(all) < n })
			return all
		}
		return nil
	}
	return list(queryKeys...), list(documentKeys...)
}

// queryKeys and documentKeys are where the two sides of a comparison stand.
var (
	queryKeys    = []string{"query", "queries", "text_1", "data_1"}
	documentKeys = []string{"documents", "items", "text_2", "data_2"}
)

// nested finds the media in a text of parts. How deep it is was checked with the body.
func (p *Params) nested(v gjson.Result) {
	if v.IsObject() {
		p.part(v)
	}
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, v gjson.Result) bool { p.nested(v); return true })
	}
}
