package manage

import (
	"bytes"
	"embed"
	"encoding/json"
	"maps"
	"sync"
)

// A shape is every member that LiteLLM's answer about a thing has, with the value that it
// has where nobody said anything: clients of typed languages count on each of them.
//
//go:embed shapes/*.json
var shapes embed.FS

// row is an answer about a thing.
type row map[string]any

var parsed sync.Map // of shapes, by name: row

// shape returns a new row of a shape.
func shape(name string) row {
	v, ok := parsed.Load(name)
	if !ok {
		raw, err := shapes.ReadFile("shapes/" + name + ".json")
		if err != nil {
			panic(err) // it is part of the program
		}
		r := row{}
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&r); err != nil {
			panic(err)
		}
		v, _ = parsed.LoadOrStore(name, r)
	}
	return maps.Clone(v.(row))
}

// with puts members into a row that its shape has; what the shape has not is left out.
func (r row) with(members row) row {
	for k, v := range members {
		if _, has := r[k]; has {
			r[k] = v
		}
	}
	return r
}

// add puts members into a row, whether its shape has them or not.
func (r row) add(members row) row {
	maps.Copy(r, members)
	return r
}
