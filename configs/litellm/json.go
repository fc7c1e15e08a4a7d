package litellm

import (
	"errors"

	"go.yaml.in/yaml/v3"

	"tollgate/providers/wire"
)

var errNotJSON = errors.New("it cannot be written as JSON")

// json writes a value as JSON; numbers keep their digits. figures takes texts that are
// numbers for those.
func (c *converter) json(v *value, figures bool) ([]byte, error) {
	switch {
	case v == nil:
		return []byte("null"), nil
	case v.kind == yaml.SequenceNode:
		out := []byte{'['}
		for i, item := range v.items {
			raw, err := c.json(item, figures)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, raw...)
		}
		return append(out, ']'), nil
	case v.kind == yaml.MappingNode:
		out := []byte{'{'}
		for i, p := range v.pairs {
			raw, err := c.json(p.v, figures)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(wire.AppendString(out, p.key), ':'), raw...)
		}
		return append(out, '}'), nil
	}
	text, tag, _ := c.scalar(v)
	switch {
	case tag == "!!null":
		return []byte("null"), nil
	case tag == "!!bool":
		yes, ok := c.truth(v)
		if !ok {
			return nil, errNotJSON
		}
		if yes {
			return []byte("true"), nil
		}
		return []byte("false"), nil
	case tag == "!!int" || tag == "!!float" || figures:
		figure, err := c.figure(v)
		switch {
		case err == nil:
			return []byte(figure), nil
		case !figures:
			return nil, errNotJSON
		}
	}
	if tag != "!!str" && tag != "!!timestamp" {
		return nil, errNotJSON
	}
	return wire.String(text), nil
}
