package litellm

import (
	"maps"
	"slices"
	"strings"

	"tollgate/gateway/spelling"
	"tollgate/providers/wire"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// sane says that a member of requests has a value that a request can have.
func sane(key string, raw []byte) bool {
	o, err := wire.ParseObject([]byte(`{"model":"m"}`))
	if err != nil {
		return false
	}
	if o, err = wire.ParseObject(o.Patch(wire.Edit{Key: key, Value: raw})); err != nil {
		return false
	}
	_, err = wire.ReadParams(o)
	return err == nil
}

// nearest returns the known word that was probably meant, or "".
func nearest(word string, known []string) string {
	word = strings.ToLower(word)
	if len(word) > spelling.MaxWord || len(word) < 3 {
		return ""
	}
	best, at := "", 3
	for _, k := range known {
		if d := spelling.Distance(word, k); d < at && d <= len(word)/4+1 {
			best, at = k, d
		}
	}
	return best
}
