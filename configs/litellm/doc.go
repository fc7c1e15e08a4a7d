// Package litellm reads files of the LiteLLM proxy at the rim of tollgate, so that
// nothing further in has to know their formats. Today that is its price map.
//
// It imports accounting and the price list, whose entries it makes. It reads bytes
// that it is given: no files, no network. It does not know deployments, budgets or
// tollgate's own configuration.
//
// A figure is taken over exactly as its text says or not at all, and whatever is
// left out is named. Only what an image costs by its pixels is rounded, upward.
package litellm
