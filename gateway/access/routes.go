package access

import (
	"slices"
	"strings"

	"tollgate/accounting/pattern"
)

// Use is what a route is for, as far as a key can be kept to some routes.
type Use uint8

// The uses of a route. A route of another use is for no key that is kept to any.
const (
	// Itself is to tell a key of itself and of the models that it may use. No key is kept
	// from that: clients ask for it before they call anything.
	Itself  Use = iota + 1
	Calls       // to call models, and to ask for what calls have left behind
	Reads       // to tell of anything else, as far as a role may see it
	Manages     // to change something
)

// The words that stand for routes among those that a key is kept to; see [Key.Routes].
const (
	CallsWord  = "calls"
	ReadWord   = "read"
	ManageWord = "manage" // and read
)

// RouteWords lists the words.
func RouteWords() []string { return []string{CallsWord, ReadWord, ManageWord} }

// Reaches says whether a key may use a route, whatever else its role allows. path is the
// route's own, as its table has it, and not what a client wrote. Where models are called, a
// path with /v1 and the one without it are the same.
func (k *Key) Reaches(use Use, path string) bool {
	if len(k.Routes) == 0 || use == Itself {
		return true
	}
	return slices.ContainsFunc(k.Routes, func(r string) bool {
		switch r {
		case CallsWord:
			return use == Calls
		case ReadWord:
			return use == Reads
		case ManageWord:
			return use == Reads || use == Manages
		}
		return use != 0 && Route{use, path}.Named(r)
	})
}

// Route is a route as a key can be kept to it.
type Route struct {
	Use  Use
	Path string // the route's own
}

// Named says whether a path or a pattern of paths, which is none of the words, names the
// route.
func (r Route) Named(kept string) bool {
	if pattern.Match(kept, r.Path) {
		return true
	}
	bare := strings.TrimPrefix(r.Path, "/v1")
	return r.Use == Calls && (pattern.Match(kept, bare) || pattern.Match(kept, "/v1"+bare))
}

// Nowhere is a path that no route has: a key that is kept to it alone reaches none.
const Nowhere = "/nowhere"

// RoutesWithin says whether a key that is kept to some routes reaches no more than one that
// is kept to others, as far as the lists tell: what is not plainly within is not. An empty
// list is every route.
func RoutesWithin(routes, others []string) bool {
	return within(routes, others, func(route, other string) bool {
		return route == other || route == ReadWord && other == ManageWord || !slices.Contains(RouteWords(), route) && pattern.Match(other, route)
	})
}

// ModelsWithin is RoutesWithin for lists of models. group says whether a name is that of a
// group, whose models no pattern tells.
func ModelsWithin(models, others []string, group func(string) bool) bool {
	return within(models, others, func(model, other string) bool {
		return model == other || other == "*" || model != FreeWord && !group(model) && pattern.Match(other, model)
	})
}

// within says whether each of some is covered by one of others. A pattern that is covered as
// if it were a name is covered as a pattern too: each star of it stands for a text that the
// other's star takes along.
func within(some, others []string, covers func(one, other string) bool) bool {
	if len(others) == 0 {
		return true
	}
	return len(some) > 0 && !slices.ContainsFunc(some, func(one string) bool {
		return !slices.ContainsFunc(others, func(other string) bool { return covers(one, other) })
	})
}
