// Package litellm reads files of the LiteLLM proxy at the rim of tollgate, so that
// nothing further in has to know their formats: its price map, and its configuration,
// which [Convert] turns into the text of tollgate's own. All of LiteLLM's words for
// configurations stand in this package.
//
// It imports accounting and the price list, whose entries it makes and looks up, the
// wire's way to write text, which addresses are called, and the YAML reader. It opens
// nothing: files and the environment come by functions. It does not import tollgate's own
// configuration, whose grammar it only writes; tests parse what it wrote.
//
// The configuration is text in and text out, not a structure, for three reasons: there is
// one reader of tollgate's grammar and one set of checks; what runs from LiteLLM's file in
// place is what the printed file would run; and a problem that is found further in has a
// line of the text, which [Result.Origin] leads back to LiteLLM's own.
//
// A figure is taken over exactly as its text says or not at all, and whatever is left out
// or means something else is named. Only what an image costs by its pixels is rounded,
// upward. A secret that stands in LiteLLM's file is in no text
// and no finding: the text refers to the environment, and the value goes by itself.
package litellm
