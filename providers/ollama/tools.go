package ollama

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tidwall/gjson"

	"tollgate/providers/wire"
)

// encodeTools returns the tools that the model is shown, each as the client wrote
// it. What tool_choice can do is in the package comment.
func encodeTools(body wire.Object) ([]json.RawMessage, error) {
	list, ok := field(body, "tools")
	if ok && !list.IsArray() {
		return nil, badRequest("tools", "tools must be an array")
	}
	choice, err := readToolChoice(body)
	if err != nil || choice.none {
		return nil, err
	}
	var tools []json.RawMessage
	var names []string
	all, err := items(list, "tools")
	if err != nil {
		return nil, err
	}
	for i, tool := range all {
		if kind := member(tool, "type").String(); kind != "function" || !tool.Get("function").IsObject() {
			return nil, badRequest("tools", "tools[%d] has type %q: Ollama has functions only", i, kind)
		}
		name := tool.Get("function.name").String()
		if choice.only == nil || slices.Contains(choice.only, name) {
			tools = append(tools, raw(tool))
			names = append(names, name)
		}
	}
	for _, name := range choice.only {
		if !slices.Contains(names, name) {
			return nil, badRequest("tool_choice", "tool_choice names %q, which is not among the tools", name)
		}
	}
	return tools, nil
}

// toolChoice is what Ollama can do about a tool_choice: show the model no tool, or
// only some. The zero value shows them all.
type toolChoice struct {
	none bool
	only []string // nil: all
}

func readToolChoice(body wire.Object) (toolChoice, error) {
	v, ok := field(body, "tool_choice")
	if !ok {
		return toolChoice{}, nil
	}
	if v.Type == gjson.String {
		switch v.String() {
		case "none":
			return toolChoice{none: true}, nil
		case "auto", "required":
			return toolChoice{}, nil
		}
	}
	switch member(v, "type").String() {
	case "function":
		return toolChoice{only: []string{v.Get("function.name").String()}}, nil
	case "allowed_tools":
		only := []string{}
		allowed, err := items(v.Get("allowed_tools.tools"), "tool_choice.allowed_tools.tools")
		if err != nil {
			return toolChoice{}, err
		}
		for _, tool := range allowed {
			only = append(only, member(tool, "function.name").String())
		}
		return toolChoice{only: only}, nil
	}
	return toolChoice{}, badRequest("tool_choice", "tool_choice %s is not one of none, auto, required, a function, allowed_tools",
		fmt.Sprintf("%.100s", v.Raw))
}
