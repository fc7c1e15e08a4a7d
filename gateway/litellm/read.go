package litellm

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/gateway"
	"tollgate/gateway/edge"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// The bounds of what a client may ask for.
const (
	maxFallbacks = 10 // models
	maxRetries   = 100
	maxTimeout   = 24 * time.Hour
	maxLabel     = 200 // bytes of a name that the client gives something
)

// word reads the value of a member that is LiteLLM's.
type word func(req *gateway.Request, key string, v gjson.Result) error

// words are the members of a body that are LiteLLM's. None reaches an upstream. What stands
// with none has no meaning here.
var words = map[string]word{
	"fallbacks":          fallbacks,
	"disable_fallbacks":  alone,
	"num_retries":        retries,
	"max_retries":        retries,
	"timeout":            timeout,
	"request_timeout":    timeout,
	"litellm_session_id": session,
	"litellm_metadata":   func(req *gateway.Request, _ string, v gjson.Result) error { return tags(req, "", within(v, "tags")) },
	"tags":               tags,

	"api_key": refused(elsewhere), "api_base": refused(elsewhere), "base_url": refused(elsewhere), "user_config": refused(elsewhere), "model_list": refused(elsewhere),
	"prompt_id": refused("no prompts are kept here: send the messages themselves"),

	"additional_drop_params": none, "allowed_openai_params": none, "api_version": none, "custom_llm_provider": none, "merge_reasoning_content_in_choices": none, "turn_off_message_logging": none, "cache": none, "caching": none, "content_policy_fallbacks": none,
	"context_window_fallbacks": none, "drop_params": none, "enforced_params": none, "guardrails": none, "litellm_call_id": none,
	"litellm_trace_id": none, "max_fallbacks": none, "no-log": none, "prompt_label": none,
	"prompt_variables": none, "prompt_version": none, "stream_timeout": none,
}

// inMetadata are the words within `metadata`.
var inMetadata = []string{"guardrails", "spend_logs_metadata", "tags"}

// Said says of each word what becomes of it, for people.
func Said() map[string]string { return maps.Clone(said) }

const (
	passes  = "ignored"
	dropped = "ignored: what a model does not support is passed on, and what must not arrive is named in the configuration (`drop`)"
	again   = "read, within what the program tries at all"
)

var said = map[string]string{
	"fallbacks": "read: up to 10 models that the key may call", "disable_fallbacks": "read", "num_retries": again, "max_retries": again, "timeout": "read: seconds that all attempts together have", "request_timeout": "the same",
	"litellm_session_id": "read: the session of a conversation", "api_key": "refused: " + elsewhere, "api_base": "refused: " + elsewhere, "base_url": "refused: " + elsewhere, "prompt_id": "refused: no prompts are kept",
	"user_config": "refused: " + elsewhere, "model_list": "refused: " + elsewhere, "api_version": passes, "custom_llm_provider": passes + ": a model's name says whose it is", "merge_reasoning_content_in_choices": passes, "turn_off_message_logging": passes + ": prompts and answers are never kept",
	"additional_drop_params": dropped, "allowed_openai_params": passes + ": what a client sends arrives", "cache": passes + ": no answers are kept", "caching": passes + ": no answers are kept", "content_policy_fallbacks": passes + ": name `fallbacks`",
	"context_window_fallbacks": passes + ": name `fallbacks`", "drop_params": dropped, "enforced_params": passes, "guardrails": passes + ": there are none", "litellm_call_id": passes + ": the header x-litellm-call-id is read",
	"litellm_metadata": "its `tags` are read", "litellm_trace_id": passes, "max_fallbacks": passes, "no-log": passes + ": prompts and answers are never kept", "prompt_label": passes, "prompt_variables": passes, "prompt_version": passes, "stream_timeout": passes, "tags": "read: what the call counts under in reports and budgets",
}

const elsewhere = "no request says where it goes: address and credential of an upstream are the operator's"

// services begin the members that tell LiteLLM of services to log to, with credentials of
// the client's own.
var services = []string{"langfuse_", "langsmith_", "arize_", "humanloop_", "posthog_"}

// ours begins the members that LiteLLM has named after itself.
const ours = "litellm_"

// mocked begins the members that ask for an answer that no model gives.
const mocked = "mock_"

func none(*gateway.Request, string, gjson.Result) error { return nil }

func refused(problem string) word {
	return func(_ *gateway.Request, key string, v gjson.Result) error {
		if v.Type == gjson.Null || v.Type == gjson.False || v.Raw == `""` {
			return nil
		}
		return &wire.ErrField{Field: key, Problem: problem}
	}
}

var noMock = refused("no answer is made up here: ask a model, such as tollgate's own echo")

// wordFor is how a member of a body is read; nil: it is not LiteLLM's.
func wordFor(key string) word {
	if strings.HasPrefix(key, mocked) {
		return noMock
	}
	w := words[key]
	if w == nil && (strings.HasPrefix(key, ours) || slices.ContainsFunc(services, func(s string) bool { return strings.HasPrefix(key, s) })) {
		return none
	}
	return w
}

// Read takes out of a request what is LiteLLM's and writes what it means into the request.
// Whatever comes of it, the answer has the id that the client calls it by, and what its key
// is limited to.
func (d *Dialect) Read(req *gateway.Request, header func(edge.Name) string, set func(edge.Name, string)) error {
	if v := label(header(nameSession)); v != "" && req.Session == "" {
		req.Session = v
	}
	if v := label(header(nameCall)); v != "" {
		req.Labels.ClientRequestID = v
	}
	set(nameCall, cmp.Or(req.Labels.ClientRequestID, req.ID))
	d.keyLimits(req.Who.Key.ID, set)
	d.keyBudget(req.Who.Key.ID, set)
	req.Who.EndUser = d.endUser(req, header)
	for tag := range strings.SplitSeq(header(nameTags), ",") {
		if err := req.Who.NameTag(tag); err != nil {
			return err
		}
	}
	if req.Form != nil {
		return readForm(req)
	}
	var edits []wire.Edit
	for _, key := range req.Body.Keys() {
		read := wordFor(key)
		if read == nil {
			continue
		}
		v, _ := req.Body.Get(key)
		if err := read(req, key, v); err != nil {
			return err
		}
		edits = append(edits, wire.Edit{Key: key})
	}
	if raw, ok := req.Body.Raw("metadata"); ok {
		v, _ := req.Body.Get("metadata")
		if err := tags(req, "", within(v, "tags")); err != nil {
			return err
		}
		if edit, is := metadata(req, raw); is {
			edits = append(edits, edit)
		}
	}
	// What a header says counts for more than the body.
	for _, h := range []struct {
		name  edge.Name
		field string
		read  word
	}{{nameTimeout, "timeout", timeout}, {nameRetries, "num_retries", retries}} {
		if v := strings.TrimSpace(header(h.name)); v != "" {
			if err := h.read(req, string(h.name), gjson.Result{Type: gjson.String, Str: v}); err != nil {
				return err
			}
		}
	}
	if len(edits) == 0 {
		return nil
	}
	body, err := wire.ParseObject(req.Body.Patch(edits...))
	req.Body = body
	return err
}

// readForm is Read for a form.
func readForm(req *gateway.Request) error {
	var drop []string
	for _, p := range req.Form.Parts() {
		read := wordFor(p.Name)
		if read == nil || p.File {
			continue
		}
		v := gjson.Result{Type: gjson.String, Str: string(req.Form.Value(p))}
		if b := bytes.TrimSpace(req.Form.Value(p)); gjson.ValidBytes(b) {
			v = gjson.ParseBytes(b)
		}
		if err := read(req, p.Name, v); err != nil {
			return err
		}
		drop = append(drop, p.Name)
	}
	if len(drop) == 0 {
		return nil
	}
	form, err := wire.ParseForm(req.Form.ContentType(), req.Form.Without(drop...))
	req.Form = form
	return err
}

// metadata says what becomes of a body's `metadata`. In a chat it is for the books of LiteLLM
// unless the answer is to be stored, since OpenAI takes it with that alone. Elsewhere it is
// the upstream's, but for LiteLLM's words in it.
func metadata(req *gateway.Request, raw []byte) (edit wire.Edit, is bool) {
	edit.Key = "metadata"
	switch req.Operation {
	case providers.Chat, providers.Completions, providers.Embeddings:
		if stored, _ := req.Body.Raw("store"); string(stored) != "true" {
			return edit, true
		}
	}
	inner, err := wire.ParseObject(raw)
	if err != nil {
		return edit, false // the upstream may say what is wrong with it
	}
	var edits []wire.Edit
	left := 0
	for _, key := range inner.Keys() {
		if slices.Contains(inMetadata, key) {
			edits = append(edits, wire.Edit{Key: key})
		} else {
			left++
		}
	}
	if len(edits) > 0 && left > 0 {
		edit.Value = inner.Patch(edits...)
	}
	return edit, len(edits) > 0
}

// endUser is whom a call is made for, in LiteLLM's order of precedence. Any key may name
// somebody there: a budget of theirs can only narrow what the key's own allow.
func (d *Dialect) endUser(req *gateway.Request, header func(edge.Name) string) string {
	for _, h := range append([]edge.Name{nameCustomer, nameEndUser}, d.EndUser...) {
		if v := strings.TrimSpace(header(h)); v != "" {
			return strings.Clone(v)
		}
	}
	if req.Form != nil {
		user, _ := req.Form.Get("user")
		return strings.TrimSpace(user)
	}
	for _, place := range [][2]string{{"user"}, {"litellm_metadata", "user"}, {"metadata", "user_id"}, {"safety_identifier"}} {
		v, ok := req.Body.Get(place[0])
		if ok && place[1] != "" {
			v = within(v, place[1])
		}
		if name := named(v); name != "" {
			return name
		}
	}
	return ""
}

// within is a member of an object, which some clients send as a text.
func within(v gjson.Result, name string) gjson.Result {
	if v.Type == gjson.String {
		v = gjson.Parse(v.Str)
	}
	return v.Get(name)
}

// tags reads a list of tags. Any key may name some: a budget of theirs can only narrow
// what the key's own allow.
func tags(req *gateway.Request, _ string, v gjson.Result) (err error) {
	if !v.IsArray() {
		return nil
	}
	v.ForEach(func(_, tag gjson.Result) bool {
		err = req.Who.NameTag(named(tag))
		return err == nil
	})
	return err
}

// named is the name that a value gives somebody; "" if it gives none.
func named(v gjson.Result) string {
	switch v.Type {
	case gjson.String:
		return strings.TrimSpace(v.Str)
	case gjson.Number:
		return v.Raw
	}
	return ""
}

// wishes are those of a request, to be written to.
func wishes(req *gateway.Request) *gateway.Wishes {
	if req.Wishes == nil {
		req.Wishes = &gateway.Wishes{}
	}
	return req.Wishes
}

func alone(req *gateway.Request, _ string, v gjson.Result) error {
	if v.Type == gjson.True {
		wishes(req).Alone = true
	}
	return nil
}

func session(req *gateway.Request, _ string, v gjson.Result) error {
	if v.Type == gjson.String && req.Session == "" {
		req.Session = label(v.Str)
	}
	return nil
}

func label(s string) string { return strings.Clone(wire.Excerpt(s, maxLabel)) }

// fallbacks reads a list of models, or what takes over from each of some models.
func fallbacks(req *gateway.Request, key string, v gjson.Result) error {
	const want = "it must be a list of models' names"
	if v.Type == gjson.Null {
		return nil
	}
	if !v.IsArray() {
		return &wire.ErrField{Field: key, Problem: want}
	}
	asked := req.Body.Text("model")
	var names []string
	problem := ""
	add := func(v gjson.Result) {
		switch {
		case v.Type != gjson.String || v.Str == "":
			problem = want
		case len(v.Str) > wire.MaxModelName:
			problem = fmt.Sprintf("a name is longer than %d bytes", wire.MaxModelName)
		default:
			names = append(names, v.Str)
		}
	}
	v.ForEach(func(_, item gjson.Result) bool {
		if !item.IsObject() {
			add(item)
			return problem == "" && len(names) <= maxFallbacks
		}
		item.ForEach(func(of, to gjson.Result) bool {
			switch {
			case of.Str == "model":
				add(to)
			case to.IsArray():
				if of.Str == asked || of.Str == "*" {
					to.ForEach(func(_, v gjson.Result) bool { add(v); return problem == "" && len(names) <= maxFallbacks })
				}
			default:
				problem = "a fallback changes the model and nothing else of a request"
			}
			return problem == ""
		})
		return problem == "" && len(names) <= maxFallbacks
	})
	if len(names) > maxFallbacks {
		problem = fmt.Sprintf("there are more than %d", maxFallbacks)
	}
	if problem != "" {
		return &wire.ErrField{Field: key, Problem: problem}
	}
	wishes(req).Fallbacks = names
	return nil
}

func retries(req *gateway.Request, key string, v gjson.Result) error {
	if v.Type == gjson.Null {
		return nil
	}
	n, err := strconv.Atoi(text(v))
	if err != nil || n < 0 || n > maxRetries {
		return &wire.ErrField{Field: key, Problem: fmt.Sprintf("it must be a whole number from 0 to %d", maxRetries)}
	}
	wishes(req).Retries = &n
	return nil
}

func timeout(req *gateway.Request, key string, v gjson.Result) error {
	if v.Type == gjson.Null {
		return nil
	}
	seconds, err := strconv.ParseFloat(text(v), 64)
	if err != nil || !(seconds > 0) {
		return &wire.ErrField{Field: key, Problem: "it must be a number of seconds above 0"}
	}
	wishes(req).Timeout = maxTimeout
	if seconds < maxTimeout.Seconds() {
		req.Wishes.Timeout = max(time.Millisecond, time.Duration(seconds*float64(time.Second)))
	}
	return nil
}

// text is a number as it is written, in quotes or not.
func text(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	return v.Raw
}
