package admin_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"tollgate/gateway/admin"
)

// object is a JSON object.
type object = map[string]any

// document is the API's description, read once per test.
type document struct {
	t    *testing.T
	root object
}

func readDocument(t *testing.T) document {
	t.Helper()
	var root object
	if err := yaml.Unmarshal(admin.Spec, &root); err != nil {
		t.Fatalf("openapi.yaml is no YAML: %v", err)
	}
	return document{t, root}
}

// keywords are what the validator understands; a schema that uses another one would
// be checked less than it says.
var keywords = []string{"$ref", "type", "description", "example", "default", "format", "pattern", "enum", "items", "properties", "required",
	"additionalProperties", "oneOf", "allOf", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "maxProperties"}

func (d document) resolve(node object) object {
	ref, ok := node["$ref"].(string)
	if !ok {
		return node
	}
	var at any = d.root
	for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		m, _ := at.(object)
		if at, ok = m[part]; !ok {
			d.t.Fatalf("%s leads nowhere", ref)
		}
	}
	return d.resolve(at.(object))
}

// properties collects the members that a schema knows of.
func (d document) properties(schema object) (known map[string]object, open bool) {
	schema = d.resolve(schema)
	known = map[string]object{}
	props, has := schema["properties"].(object)
	for name, p := range props {
		known[name] = p.(object)
	}
	all, composed := schema["allOf"].([]any)
	for _, part := range all {
		more, _ := d.properties(part.(object))
		for name, p := range more {
			known[name] = p
		}
	}
	return known, !has && !composed
}

// check says what is wrong with a value; strictly: a member that no schema knows is
// wrong, unless the schema lists none.
func (d document) check(schema object, v any, at string) []string {
	return d.checkPart(schema, v, at, true)
}

func (d document) checkPart(schema object, v any, at string, whole bool) (wrong []string) {
	schema = d.resolve(schema)
	say := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	for k := range schema {
		if !slices.Contains(keywords, k) {
			say("the schema has the keyword %s, which is not checked", k)
		}
	}
	if types := listOf(schema["type"]); len(types) > 0 && !slices.ContainsFunc(types, func(t any) bool { return isType(v, t.(string)) }) {
		say("%v is not of type %v", v, types)
		return wrong
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) {
		say("%v is none of %v", v, enum)
	}
	if text, ok := v.(string); ok {
		if p, ok := schema["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(text) {
			say("%q does not match %s", text, p)
		}
		if schema["format"] == "date-time" {
			if _, err := time.Parse(time.RFC3339, text); err != nil || !strings.HasSuffix(text, "Z") {
				say("%q is no time in UTC", text)
			}
		}
	}
	for _, part := range listOf(schema["allOf"]) {
		wrong = append(wrong, d.checkPart(part.(object), v, at, false)...)
	}
	if one := listOf(schema["oneOf"]); len(one) > 0 {
		fit := 0
		var why []string
		for _, part := range one {
			if w := d.check(part.(object), v, at); len(w) == 0 {
				fit++
			} else {
				why = append(why, w...)
			}
		}
		if fit != 1 {
			say("fits %d of the schemas: %v", fit, why)
		}
	}
	switch v := v.(type) {
	case []any:
		items, ok := schema["items"].(object)
		for i, x := range v {
			if ok {
				wrong = append(wrong, d.check(items, x, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	case object:
		for _, name := range listOf(schema["required"]) {
			if _, ok := v[name.(string)]; !ok {
				say("%v is missing", name)
			}
		}
		own, _ := schema["properties"].(object)
		for name, p := range own {
			if x, ok := v[name]; ok {
				wrong = append(wrong, d.check(p.(object), x, at+"."+name)...)
			}
		}
		known, open := d.properties(schema)
		for name, x := range v {
			if _, ok := known[name]; ok {
				continue
			}
			if more, ok := schema["additionalProperties"].(object); ok {
				wrong = append(wrong, d.check(more, x, at+"."+name)...)
			} else if whole && !open && schema["additionalProperties"] != true {
				say("%s is not described", name)
			}
		}
	}
	return wrong
}

func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func isType(v any, name string) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || (name == "integer" && v == math.Trunc(v))
	case int:
		return name == "number" || name == "integer"
	case []any:
		return name == "array"
	case object:
		return name == "object"
	}
	return false
}

// operation returns the description of a method on a path.
func (d document) operation(method, path string) object {
	item, _ := d.root["paths"].(object)[path].(object)
	op, _ := item[strings.ToLower(method)].(object)
	return op
}

// answerSchema returns what an answer with a status looks like; nil has no body.
func (d document) answerSchema(op object, status int) (object, bool) {
	responses := op["responses"].(object)
	r, ok := responses[fmt.Sprint(status)]
	if !ok {
		if r, ok = responses["default"]; !ok || status < 400 {
			return nil, false
		}
	}
	content, ok := d.resolve(r.(object))["content"].(object)
	if !ok {
		return nil, true
	}
	media, ok := content["application/json"].(object)
	if !ok {
		return nil, true
	}
	schema, _ := media["schema"].(object)
	return schema, true
}

// plain turns YAML's values into JSON's.
func plain(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
