// Package providertest holds what tests of providers share: [Contract], the one
// suite that every codec passes, and [Upstream], a scriptable server that speaks
// OpenAI's and Ollama's dialects for tests of whole programs.
//
// It may import accounting, providers and providers/wire. It knows no codec: a
// codec's own tests bring the codec and its fixtures here. Only tests import it.
package providertest
