package wire

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// Params are the fields of a request that a gateway has to read. Everything else
// in the body is between the client and the model.
type Params struct {
	Model       string
	Stream      bool     // the answer is wanted as it comes
	WantUsage   bool     // stream_options.include_usage is true
	OutputCap   int64    // the largest of the caps that the client set, per choice; 0: none. Of a cap of no tokens it is 1
	Choices     int64    // how many answers the model is asked to write
	ServiceTier string   // the tier asked for
	EndUser     string   // `user`, else `safety_identifier`
	InputBound  int64    // no fewer tokens than the prompt can have; see [ReadParams]
	AudioIn     bool     // the prompt holds audio
	AudioOut    bool     // the answer may hold audio
	Media       []string // http(s) and other URLs of media in messages; data: URLs are not among them
	Previous    string   // the response that the request goes on from, as the client calls it
	Stored      bool     // the model reads more than the request tells: what the upstream keeps, fetches, or makes of a document
	Background  bool     // the upstream answers at once and works on
	HourCache   bool     // the prompt may be written to the upstream's cache for an hour
	Searches    int64    // the most web searches that the upstream may run
	Echo        bool     // the text of the answer holds that of the prompt
	Turns       bool     // the upstream may run the model several times, with a prompt each: the usage adds them up
	FeeTool     string   // a tool that the upstream runs, and bills in a way that no usage tells
	Units       Units    // what it asks for beside text
}

// ErrField says that a field has a value nobody can act on. Field names it.
type ErrField struct {
	Field   string
	Problem string
}

func (e *ErrField) Error() string { return fmt.Sprintf("%s: %s", e.Field, e.Problem) }

// DuplicateKey is [ErrDuplicateKey] of a key.
type DuplicateKey struct{ Key string }

func (e *DuplicateKey) Error() string { return fmt.Sprintf("%v: %q", ErrDuplicateKey, e.Key) }

func (e *DuplicateKey) Unwrap() error { return ErrDuplicateKey }

// ErrNoModel says that a request names no model.
var ErrNoModel = errors.New("the request names no model")

// The bounds of what a request may ask for.
const (
	MaxModelName = 512           // bytes
	MaxChoices   = 128           // answers per prompt
	MaxOutputCap = 1_000_000_000 // tokens
)

// What media without a readable size is taken for when a prompt is bounded.
const (
	imageTokens        = ImageInTokens // tokens per image
	audioBytesPerToken = 100           // base64 bytes per token of audio
)

// ReadParams reads the fields of a chat, completions or tokenize request.
//
// InputBound is an upper bound: a token of a byte-level vocabulary covers at least
// one byte, so the body's own length bounds its text, templates included, because
// the JSON around a message is longer than what a template puts around it. Inline
// media is taken out and counted by itself.
func ReadParams(o Object) (Params, error) {
	var p Params
	model, ok := o.Get("model")
	switch {
	case !ok || model.Type == gjson.Null:
		return p, ErrNoModel
	case model.Type != gjson.String:
		return p, &ErrField{"model", "it must be a string"}
	case model.String() == "":
		return p, ErrNoModel
	case len(model.String()) > MaxModelName:
		return p, &ErrField{"model", fmt.Sprintf("it is longer than %d bytes", MaxModelName)}
	}
	p.Model = model.String()
	if err := p.streamed(o); err != nil {
		return p, err
	}
	if err := p.bounds(o); err != nil {
		return p, err
	}
	if raw, ok := o.Raw("echo"); ok {
		p.Echo = string(raw) != "false" && string(raw) != "null"
	}
	if v, ok := o.Get("service_tier"); ok {
		p.ServiceTier = v.String()
	}
	if raw, ok := o.Raw("web_search_options"); ok && raw[0] == '{' {
		p.Searches = 1
	}
	for _, key := range []string{"safety_identifier", "user"} {
		p.EndUser = cmp.Or(o.Text(key), p.EndUser)
	}
	if v, ok := o.Get("modalities"); ok && v.IsArray() {
		v.ForEach(func(_, m gjson.Result) bool {
			p.AudioOut = m.String() == "audio"
			return !p.AudioOut
		})
	}
	p.InputBound = int64(len(o.raw))
	if raw, ok := o.Raw("messages"); ok && raw[0] == '[' && o.MayNest(mediaKeys...) {
		gjson.ParseBytes(raw).ForEach(func(_, msg gjson.Result) bool {
			each(msg, func(key string, content gjson.Result) {
				if key == "content" && content.IsArray() {
					content.ForEach(func(_, part gjson.Result) bool { p.part(part); return true })
				}
			})
			return true
		})
	}
	return p, nil
}

// streamed reads whether the answer is a stream, and whether it tells its usage.
func (p *Params) streamed(o Object) (err error) {
	if p.Stream, err = flag(o, "stream"); err != nil {
		return err
	}
	if raw, ok := o.Raw("stream_options"); ok && raw[0] == '{' {
		options, err := ParseObject(raw)
		if err != nil {
			return &ErrField{"stream_options", err.Error()}
		}
		usage, _ := options.Get("include_usage")
		p.WantUsage = usage.Type == gjson.True
	}
	return nil
}

// bounds reads how many answers there are at most, and how long each is.
func (p *Params) bounds(o Object) (err error) {
	if p.OutputCap, err = outputCap(o); err != nil {
		return err
	}
	p.Choices = 1
	for _, key := range []string{"n", "best_of"} {
		n, err := positive(o, key, MaxChoices)
		if err != nil {
			return err
		}
		p.Choices = max(p.Choices, n)
	}
	if raw, ok := o.Raw("prompt"); ok && raw[0] == '[' {
		prompts := int64(0)
		gjson.ParseBytes(raw).ForEach(func(_, v gjson.Result) bool {
			prompts++
			return prompts > 1 || v.Type != gjson.Number // else it is one prompt, as tokens
		})
		p.Choices *= max(prompts, 1)
	}
	return nil
}

// ReadChat reads the fields of a chat: those of [ReadParams], and what its tools and the
// vendors' own fields add.
func ReadChat(o Object) (Params, error) {
	p, err := ReadParams(o)
	if err != nil {
		return p, err
	}
	if v, ok := o.Get("tools"); ok && v.IsArray() {
		v.ForEach(func(_, tool gjson.Result) bool {
			p.chatTool(tool)
			return true
		})
	}
	if v, ok := o.Get("plugins"); ok && v.IsArray() && v.Get("#").Int() > 0 {
		p.FeeTool = "plugins" // OpenRouter's, of which some are billed by the request or by the page
	}
	return p, nil
}

// chatTool reads one tool that a chat offers. But for those that the client runs itself, and
// those of a server that speaks MCP, no usage of a chat tells what they cost.
func (p *Params) chatTool(tool gjson.Result) {
	kind, typed, own := "", false, false
	each(tool, func(key string, v gjson.Result) {
		switch key {
		case "server_url":
			p.tool(tool, 0)
		case "function":
			own = true
		case "type":
			switch typed = true; v.String() {
			case "", "function", "custom":
			case "mcp":
				p.Stored, p.Turns = true, true
			default:
				kind = v.String()
			}
		}
	})
	switch {
	case kind != "":
		p.FeeTool = Excerpt(kind, maxTool)
	case !typed && !own && tool.IsObject():
		p.FeeTool = "without a type"
	}
}

// maxTool is how much of a tool's type is told, in bytes.
const maxTool = 64

// each calls do for every member of an object, and for none of anything else. A key below
// the top may stand twice: which of the two counts is for the upstream to say, and what is
// looked for here must be in neither.
func each(object gjson.Result, do func(key string, v gjson.Result)) {
	if object.IsObject() {
		object.ForEach(func(key, v gjson.Result) bool { do(key.Str, v); return true })
	}
}

// mediaKeys hold media in a part of a message's content: inline audio, and URLs.
var mediaKeys = []string{audioKey, "image_url", "video_url", "audio_url", "file_url", "file", "image", "video"}

const audioKey = "input_audio"

// mayBeURL says that a text leads somewhere, or holds what it would lead to: in base64 there
// is no colon.
func mayBeURL(s string) bool { return strings.Contains(s, "://") || isData(s) }

// part reads one part of a message's content.
func (p *Params) part(part gjson.Result) {
	each(part, func(key string, v gjson.Result) {
		switch {
		case key == audioKey:
			p.AudioIn = true
			each(v, func(key string, data gjson.Result) {
				switch size := int64(len(data.String())); {
				case key == "url" && data.Type == gjson.String, key == "data" && strings.Contains(data.Str, "://"):
					p.media(data.Str)
				case key == "data":
					p.InputBound += size/audioBytesPerToken + 1 - size
				}
			})
		case !slices.Contains(mediaKeys, key):
		case v.Type == gjson.String && (key == "image" || key == "video") && !mayBeURL(v.Str):
			// the bytes themselves, which stay in the bound
		case v.Type == gjson.String:
			p.mediaAt(key, v.Str)
		default:
			each(v, func(inner string, u gjson.Result) {
				switch {
				case u.Type != gjson.String:
				case inner == "url", inner == "file_url":
					p.mediaAt(key, u.Str)
				case inner == "file_data" && !isData(u.Str) && strings.Contains(u.Str, "://"):
					p.mediaAt(key, u.Str) // any other is the file itself, whose bytes stay in the bound
				case inner == "file_data":
					p.file(u.Str)
				case inner == "file_id":
					p.Stored = true
				}
			})
		}
	})
}

// mediaAt reads where media of a key is. An image has about so many tokens; how long anything
// else is nobody knows.
func (p *Params) mediaAt(key, u string) {
	if p.media(u); key != "image_url" && key != "image" {
		p.Stored = true
	}
	p.AudioIn = p.AudioIn || key == "audio_url"
}

// file reads a file itself. A text has no more tokens than bytes; the pages of a document
// may be packed into as few as one likes.
func (p *Params) file(data string) {
	p.Stored = p.Stored || !isData(data) || !strings.HasPrefix(strings.ToLower(data[:min(len(data), len(textData))]), textData)
}

const textData = "data:text/"

// ReadInputs reads the fields of a request whose input is one or many texts or parts: of
// embeddings and of moderations.
func ReadInputs(o Object) (Params, error) {
	p, err := ReadParams(o)
	if err == nil && o.MayNest(mediaKeys...) {
		input, _ := o.Get("input")
		p.nested(input)
	}
	return p, err
}

// media reads where an image is, and takes it for so many tokens.
func (p *Params) media(u string) {
	p.InputBound += imageTokens
	p.named(u)
}

// named notes where media is. Its own bytes are no text of the prompt.
func (p *Params) named(u string) {
	if isData(u) {
		p.InputBound -= int64(len(u))
		return
	}
	p.Media = append(p.Media, u)
}

// isData says that a URL holds what it leads to.
func isData(u string) bool { return len(u) >= 5 && strings.EqualFold(u[:5], "data:") }

// flag reads a field that is true or false. Servers differ in what else they take for true,
// and what they answer then is not what is waited for here.
func flag(o Object, key string) (bool, error) {
	raw, ok := o.Raw(key)
	switch {
	case !ok:
	case string(raw) == "true":
		return true, nil
	case string(raw) != "false" && string(raw) != "null":
		return false, &ErrField{key, "it must be true or false"}
	}
	return false, nil
}

// outputCap reads the largest of the caps of the output. No tokens at all may be asked for:
// to have a prompt scored, or put into the cache.
func outputCap(o Object) (most int64, err error) {
	for _, key := range []string{"max_tokens", "max_completion_tokens", "max_output_tokens"} {
		n, set, err := whole(o, key)
		switch {
		case err != nil || n < 0 || n > MaxOutputCap:
			return 0, &ErrField{key, fmt.Sprintf("it must be a whole number from 0 to %d", MaxOutputCap)}
		case set:
			most = max(most, n, 1)
		}
	}
	return most, nil
}

// positive reads a whole number from 1 to limit; 0 if there is none.
func positive(o Object, key string, limit int64) (int64, error) {
	n, set, err := whole(o, key)
	if err != nil || set && (n < 1 || n > limit) {
		return 0, &ErrField{key, fmt.Sprintf("it must be a whole number from 1 to %d", limit)}
	}
	return n, nil
}

var errNotWhole = errors.New("not a whole number")

// whole reads a whole number, and says whether there is one.
func whole(o Object, key string) (n int64, set bool, err error) {
	raw, ok := o.Raw(key)
	if !ok || string(raw) == "null" {
		return 0, false, nil
	}
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n, true, nil
	}
	v := gjson.ParseBytes(raw) // it may have an exponent
	if n = v.Int(); v.Type != gjson.Number || float64(n) != v.Float() {
		return 0, false, errNotWhole
	}
	return n, true, nil
}

// PromptText returns the text of a request's prompt, for counting its tokens when
// nobody reported them: messages, tools, prompt or input. Inline media is left out.
func PromptText(o Object) string {
	var b strings.Builder
	WritePrompt(o, &b)
	return b.String()
}

// PromptSize is the length of the text of a prompt in bytes, without making it.
func PromptSize(o Object) int64 {
	var n size
	WritePrompt(o, &n)
	return int64(n)
}

type size int64

func (n *size) WriteString(s string) (int, error) { *n += size(len(s)); return len(s), nil }

// write writes where nothing fails.
func write(b io.StringWriter, texts ...string) {
	for _, s := range texts {
		_, _ = b.WriteString(s)
	}
}

// oneToken is a text that is one token of its own behind any other: it stands for a token that
// is given by its id, since what that says is known to its model alone.
const oneToken = " a"

// WritePrompt writes the text of a request's prompt piece by piece: a long prompt is
// never there twice.
func WritePrompt(o Object, b io.StringWriter) {
	add := func(v gjson.Result) {
		if v.Type == gjson.String {
			write(b, v.String(), "\n")
		}
	}
	for _, key := range []string{"system", "instructions", "messages", "prompt", "input", "tools", "suffix"} {
		raw, ok := o.Raw(key)
		if !ok {
			continue
		}
		v := gjson.Parse(unsafe.String(&raw[0], len(raw))) // not copied: nothing of it is kept
		switch {
		case v.Type == gjson.String:
			add(v)
		case key == "tools":
			write(b, v.Raw)
		case key == "messages":
			v.ForEach(func(_, m gjson.Result) bool {
				if content := m.Get("content"); content.IsArray() {
					content.ForEach(func(_, part gjson.Result) bool { blockText(b, part); return true })
				} else {
					add(content)
				}
				m.Get("tool_calls").ForEach(func(_, c gjson.Result) bool {
					add(c.Get("function.name"))
					add(c.Get("function.arguments"))
					return true
				})
				return true
			})
		default:
			v.ForEach(func(_, item gjson.Result) bool {
				switch {
				case item.Type == gjson.String:
					add(item)
				case item.IsObject():
					itemText(b, item)
				case item.IsArray():
					item.ForEach(func(_, _ gjson.Result) bool { write(b, oneToken); return true })
				default:
					write(b, oneToken)
				}
				return true
			})
		}
	}
}
