// Package litellm is LiteLLM's side of the data plane: the words in which clients of a
// LiteLLM Proxy ask, and those in which they are answered.
//
// It imports gateway, edge and wire. Only cmd knows it: it holds LiteLLM's words and no
// rule. What a word means is written into a request of gateway's own; what has no meaning
// here is taken out of the request, so that no upstream gets it.
package litellm

import "tollgate/gateway/edge"

// HeaderKey is a header of LiteLLM's own that its clients send a key in, alone or after
// `Bearer `.
var HeaderKey = edge.Name("X-Litellm-Api-Key")
