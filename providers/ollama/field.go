package ollama

import (
	"bytes"
	"encoding/json"
	"math"

	"github.com/tidwall/gjson"

	"tollgate/providers/wire"
)

// field returns a member of the body that is there and not null.
func field(body wire.Object, name string) (gjson.Result, bool) {
	v, ok := body.Get(name)
	return v, ok && v.Type != gjson.Null
}

// member returns what lies below an object at a path; nothing if v is no object,
// where gjson on its own would look into the text of a string.
func member(v gjson.Result, path string) gjson.Result {
	if !v.IsObject() {
		return gjson.Result{}
	}
	return v.Get(path)
}

// extension returns a native field as the client sent it, nil if it did not.
func extension(body wire.Object, name string) json.RawMessage {
	if v, ok := field(body, name); ok {
		return raw(v)
	}
	return nil
}

// integer returns a whole number of at least least; 0 if the field is not there.
func integer(body wire.Object, name string, least int64) (int64, error) {
	v, ok := field(body, name)
	if !ok {
		return 0, nil
	}
	// Beyond 2^53 a float is not exact and no count is meant.
	if v.Type != gjson.Number || v.Num != math.Trunc(v.Num) || v.Num < float64(least) || v.Num > 1<<53 {
		return 0, badRequest(name, "%s must be a whole number of at least %d", name, least)
	}
	return int64(v.Num), nil
}

// single refuses a field that asks for several answers to one call.
func single(body wire.Object, name string) error {
	n, err := integer(body, name, 1)
	if err == nil && n > 1 {
		return badRequest(name, "%s must be 1: Ollama gives one answer to a call", name)
	}
	return err
}

// raw copies a value's bytes, so that the request shares none with the call.
func raw(v gjson.Result) json.RawMessage { return bytes.TrimSpace([]byte(v.Raw)) }
