package ollama

import "github.com/tidwall/gjson"

// MaxItems is how many messages, parts, calls, tools, inputs or stops a request may have:
// each is translated, which costs more memory than it takes in the body.
const MaxItems = 10_000

// items lists the items of an array, if there are not too many.
func items(list gjson.Result, where string) ([]gjson.Result, error) {
	var all []gjson.Result
	if !list.IsArray() {
		return nil, nil
	}
	list.ForEach(func(_, v gjson.Result) bool {
		all = append(all, v)
		return len(all) <= MaxItems
	})
	if len(all) > MaxItems {
		return nil, badRequest(where, "%s has more than %d items", where, MaxItems)
	}
	return all, nil
}
