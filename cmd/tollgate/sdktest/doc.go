// Package sdktest tests the program that is shipped, from outside and as its users
// meet it: OpenAI's own SDKs for Python, Node and Go call it (python/, node/, go/),
// LiteLLM's SDK and LangChain call it in LiteLLM's place, the first hour is walked
// through, and the image is laid out and started.
//
// It has tests only, behind build tags, because they need the built program and what
// make fetches for them: `make test-sdk` and `make test-image`. It may import
// providers/providertest and nothing else of tollgate.
package sdktest
