package openai

import (
	"bytes"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// template is a chunk that was read in full. The chunks of an answer are alike but for
// their text: one that has the same bytes before and after it, and a valid JSON string
// between, says the same of everything else, so that it need not be read in full.
type template struct {
	before, after []byte // of the chunk, with the quotes of the text
	// first and last are the same of what the client gets, where that is not the chunk.
	first, last []byte
	cut         bool
	out         []byte // the last of these
	missed      int    // how many chunks were learned and not met again, in a row
}

// maxMissed is after how many chunks that have no likeness it is not looked for any more:
// some vendors put something random into each.
const maxMissed = 16

// read makes the event of a chunk that is like the template, and says whether it is.
func (t *template) read(e *providers.Event, chunk []byte, noText bool) bool {
	n := len(t.before)
	if n == 0 || len(chunk) < n+len(t.after) || !bytes.Equal(chunk[:n], t.before) {
		return false
	}
	end, escaped, ok := wire.TextEnd(chunk, n-1)
	if !ok || !bytes.Equal(chunk[end-1:], t.after) {
		return false
	}
	t.missed = 0
	*e = providers.Event{Data: chunk}
	if t.cut {
		t.out = append(append(append(t.out[:0], t.first...), chunk[n:end-1]...), t.last...)
		e.Data = t.out
	}
	switch {
	case noText:
	case escaped:
		e.Text = gjson.ParseBytes(chunk[n-1 : end]).Str
	default:
		e.Text = string(chunk[n : end-1])
	}
	return true
}

// learn takes a chunk for the template, if it has one text and that stands in one place.
// sent is what the client gets of it.
func (t *template) learn(chunk, sent []byte, choices gjson.Result) {
	t.before = t.before[:0]
	if t.missed >= maxMissed {
		return
	}
	t.missed++
	text := loneText(choices)
	if len(text) <= len(`""`) || bytes.Count(chunk, []byte(text)) != 1 {
		return
	}
	at := bytes.Index(chunk, []byte(text)) + 1
	t.before = append(t.before, chunk[:at]...)
	t.after = append(t.after[:0], chunk[at+len(text)-2:]...)
	if t.cut = len(sent) != len(chunk); t.cut {
		at = bytes.Index(sent, []byte(text)) + 1
		t.first = append(t.first[:0], sent[:at]...)
		t.last = append(t.last[:0], sent[at+len(text)-2:]...)
	}
}

// loneText is the raw JSON string of the text that a chunk has produced, if it has one
// choice and that one text; else "".
func loneText(choices gjson.Result) string {
	all := choices.Array()
	if len(all) != 1 {
		return ""
	}
	var text string
	lone := true
	take := func(v gjson.Result) {
		switch {
		case v.Type == gjson.Null, v.Type == gjson.String && v.Str == "": // absent ones are null, too
		case v.Type != gjson.String || text != "":
			lone = false
		default:
			text = v.Raw
		}
	}
	choice := all[0]
	take(choice.Get("text"))
	take(choice.Get("message"))
	delta := choice.Get("delta")
	for _, key := range []string{"content", "refusal", "reasoning", "reasoning_content", "function_call"} {
		take(delta.Get(key))
	}
	if calls := delta.Get("tool_calls"); calls.IsArray() {
		for _, call := range calls.Array() {
			take(call.Get("function.arguments"))
		}
	}
	// The chunk is read twice, in two ways: of anything odd nothing is learned.
	if !lone || text == "" || gjson.Parse(text).Str != wire.AnswerText(choices) {
		return ""
	}
	return text
}
