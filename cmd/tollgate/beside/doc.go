// Package beside asks LiteLLM and tollgate the same requests and tells where their
// answers differ.
//
// `make beside` starts both with one configuration, testdata/litellm.yaml, before one
// scripted upstream, sends what testdata/requests/ lists, one file a group, and fails on each
// difference that testdata/expected.yaml does not explain. What LiteLLM answered is
// recorded in testdata/recorded/, so that tests can hold tollgate against it without
// LiteLLM at hand.
//
// The package imports the standard library and YAML only. It knows both programs by
// their HTTP faces and nothing of what is behind them.
package beside
