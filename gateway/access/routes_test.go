package access_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tollgate/gateway/access"
)

// TestReaches: a key that is kept to some routes reaches these and what tells of itself.
func TestReaches(t *testing.T) {
	const chat, bareChat, deployments, keys, me = "/v1/chat/completions", "/chat/completions", "/openai/deployments/+/chat/completions", "/api/v1/keys/:id", "/api/v1/me"
	for _, c := range []struct {
		routes string
		use    access.Use
		path   string
		want   bool
	}{
		{"", access.Calls, chat, true},
		{"", 0, "/anything", true},
		{"calls", access.Calls, chat, true},
		{"calls", access.Calls, deployments, true},
		{"calls", access.Reads, keys, false},
		{"calls", access.Manages, keys, false},
		{"calls", access.Itself, me, true},
		{"calls", 0, "/anything", false},
		{"read", access.Reads, keys, true},
		{"read", access.Manages, keys, false},
		{"read", access.Calls, chat, false},
		{"manage", access.Reads, keys, true},
		{"manage", access.Manages, keys, true},
		{"manage", access.Calls, chat, false},
		{"manage", access.Itself, "/v1/models", true},
		{"read,calls", access.Calls, chat, true},
		{"/v1/chat/completions", access.Calls, chat, true},
		{"/v1/chat/completions", access.Calls, bareChat, true},
		{"/chat/completions", access.Calls, chat, true},
		{"/v1/chat/completions", access.Calls, deployments, false},
		{"/v1/chat", access.Calls, chat, false},
		{"/v1/chat/completions", access.Calls, "/v1/chat/completions/more", false},
		{"/v1/*", access.Calls, chat, true},
		{"/v1/*", access.Calls, bareChat, true},
		{"/v1/*", access.Calls, deployments, true},
		{"/v1/*", access.Manages, "/api/v1/keys", false},
		{"/api/v1/keys/*", access.Manages, keys, true},
		{"/api/v1/keys/*", access.Manages, "/api/v1/keys", false},
		{"/keys", access.Manages, "/v1/keys", false}, // only calls have two paths
		{"*", access.Manages, keys, true},
		{"*", 0, "/anything", false},
		{"/nothing", access.Itself, me, true},
	} {
		k := &access.Key{}
		if c.routes != "" {
			k.Routes = strings.Split(c.routes, ",")
		}
		if got := k.Reaches(c.use, c.path); got != c.want {
			t.Errorf("%q at %s (use %d): %v", c.routes, c.path, c.use, got)
		}
	}
}

// TestWithin: what is said to be within a list is never more than it.
func TestWithin(t *testing.T) {
	routes := rapid.SliceOfN(rapid.SampledFrom([]string{"calls", "read", "manage", "/v1/a", "/v1/*", "/api/*", "/api/b", "*", "/*/b"}), 0, 3)
	models := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "free", "a*", "f*", "*", "*e", "group"}), 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		some, others := routes.Draw(t, "routes"), routes.Draw(t, "others")
		if access.RoutesWithin(some, others) {
			one, other := &access.Key{Routes: some}, &access.Key{Routes: others}
			for use := access.Use(0); use <= access.Manages; use++ {
				for _, path := range []string{"/v1/a", "/a", "/v1/b", "/api/b", "/api/v1/c", "/x"} {
					if one.Reaches(use, path) && !other.Reaches(use, path) {
						t.Fatalf("%q is said to be within %q, and reaches %s (use %d)", some, others, path, use)
					}
				}
			}
		}
		some, others = models.Draw(t, "models"), models.Draw(t, "other models")
		group := func(name string) bool { return name == "group" || name == "a" }
		if access.ModelsWithin(some, others, group) {
			one, other := access.Principal{Key: &access.Key{Models: some}}, access.Principal{Key: &access.Key{Models: others}}
			for _, model := range []string{"a", "b", "ab", "free", "fe", "e", "group", "c"} {
				for _, groups := range [][]string{nil, {"group"}, {"a"}} {
					for _, free := range []bool{false, true} {
						if one.Allows(model, groups, free) && !other.Allows(model, groups, free) {
							t.Fatalf("%q is said to be within %q, and allows %s in %q, free %v", some, others, model, groups, free)
						}
					}
				}
			}
		}
	})
	for _, c := range []struct {
		some, others string
		want         bool
	}{{"/v1/a", "/v1/*", true}, {"/v1/a/*", "/v1/*", true}, {"/v1/*", "/v1/a", false}, {"/api/b", "/v1/*", false}, {"/api/b", "*", true}, {"calls", "calls", true}, {"read", "manage", true}, {"manage", "read", false}, {"/api/b", "manage", false}} {
		if got := access.RoutesWithin([]string{c.some}, []string{c.others}); got != c.want {
			t.Errorf("%s within %s: %v", c.some, c.others, got)
		}
	}
	for _, c := range []struct {
		some, others string
		want         bool
	}{{"gpt-5", "gpt-*", true}, {"gpt-5*", "gpt-*", true}, {"gpt-*", "gpt-5*", false}, {"free", "free", true}, {"free", "*", true}, {"x", "free", false}} {
		if got := access.ModelsWithin([]string{c.some}, []string{c.others}, func(string) bool { return false }); got != c.want {
			t.Errorf("%s within %s: %v", c.some, c.others, got)
		}
	}
}
