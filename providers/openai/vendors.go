package openai

import (
	"time"

	"tollgate/providers"
)

// Kinds is the table of vendors that speak OpenAI's dialect. To add one is to add
// a row. The kind `openai` with a URL of the operator's own serves any other
// compatible server.
//
// A hosted vendor's name is its id in the price catalogue. Above each row stands
// where its facts were read in November 2026: the vendor's own page, or one that
// states it where the vendor's could not be read. No vendor was called.
func Kinds() []providers.Kind {
	return []providers.Kind{
		// github.com/openai/openai-openapi: chat has max_completion_tokens, and max_tokens is deprecated.
		// Other servers behind this kind may ignore that field, and know max_tokens.
		compatible(hosted("openai", "https://api.openai.com/v1", Quirks{CapField: maxCompletionTokens, SearchedChats: true, Has: openAIHas})),

		// docs.vllm.ai, online serving; uvicorn closes idle connections after 5 s. Its running usage
		// (continuous_usage_stats) counts the tokens of the chunk's own choice.
		watched(local("vllm", "http://localhost:8000/v1", Quirks{RequestID: true, AskFormUsage: true, ChoiceUsage: true, Has: vllmHas, CacheIncluded: true,
			Policy: []string{"priority", "cache_salt", "request_id", "kv_transfer_params"}})),
		// github.com/ggml-org/llama.cpp, tools/server; cpp-httplib closes idle connections after 5 s.
		// Recorded in testdata/recorded/llamacpp: responses that it does not keep, messages with Anthropic's own counts.
		local("llamacpp", "http://localhost:8080/v1", Quirks{Has: []providers.Operation{providers.Responses, providers.Messages, providers.CountTokens, providers.Rerank, providers.Tokenize, providers.Detokenize}}),
		// lmstudio.ai/docs/api/openai-api and lmstudio.ai/docs/developer/anthropic-compat: nothing kept is read back.
		local("lmstudio", "http://localhost:1234/v1", Quirks{Has: []providers.Operation{providers.Responses, providers.Messages}}),
		// mintlify.com/sgl-project/sglang/backend/openai-compatible-api; uvicorn, as vLLM, and its running usage
		// is a choice's own as well: github.com/sgl-project/sglang, entrypoints/openai. SGLang native APIs: rerank, score, tokenize.
		local("sglang", "http://localhost:30000/v1", Quirks{ChoiceUsage: true, Has: []providers.Operation{providers.Rerank, providers.Score, providers.Tokenize, providers.Detokenize}}),
		// github.com/ollama/ollama, openai: Ollama's own translation, which ignores max_completion_tokens.
		local("ollama-v1", "http://localhost:11434/v1", ollamaQuirks("")),

		// Its own messages want x-api-key: anthropic-sdk-python.
		// Its fallbacks name other models, which a key may not call and which have other prices.
		// platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk, developer.4d.com/docs/aikit/compatible-openai
		hosted("anthropic", "https://api.anthropic.com/v1", Quirks{Has: messagesHas, MessagesKey: "X-Api-Key", Policy: []string{"fallbacks"}}),
		// ai.google.dev/api/compatibility; thinking is beside the candidates: mozilla-ai/any-llm#1290.
		hosted("gemini", "https://generativelanguage.googleapis.com/v1beta/openai", Quirks{OutputFromTotal: true}),
		// developer.4d.com/docs/aikit/compatible-openai; 422 for both fields: openai/openai-agents-python#442, editor-code-assistant/eca#231.
		hosted("mistral", "https://api.mistral.ai/v1", Quirks{NoStreamOptions: true, CapFieldOnly: true}),
		// console.groq.com/docs/openai, and its speech-to-text and text-to-speech.
		hosted("groq", "https://api.groq.com/openai/v1", Quirks{Has: []providers.Operation{providers.Transcriptions, providers.Translations, providers.Speech}}),
		// share.apidog.com/apidoc/docs-site/747793, DeepSeek's documentation; max_completion_tokens is ignored: earendil-works/pi#8018.
		hosted("deepseek", "https://api.deepseek.com/v1", Quirks{CapFieldOnly: true}),
		// reference.langchain.com, langchain-xai; reasoning is counted beside completion_tokens: vercel/ai#12425.
		hosted("xai", "https://api.x.ai/v1", Quirks{OutputFromTotal: true}),
		// docs.pipecat.ai, services/llm/together
		hosted("together", "https://api.together.xyz/v1", Quirks{}),
		// docs.fireworks.ai/tools-sdks/openai-compatibility
		hosted("fireworks", "https://api.fireworks.ai/inference/v1", Quirks{}),
		// developersdigest.tech/reference/api-compatibility/cerebras, which quotes the vendor.
		hosted("cerebras", "https://api.cerebras.ai/v1", Quirks{}),
		// docs.spring.io, spring-ai, perplexity; no [DONE]: perplexityai/api-discussion#209; counts: docs.perplexity.ai/getting-started/pricing
		hosted("perplexity", "https://api.perplexity.ai", Quirks{NoDone: true, SearchUsage: true}),
		// deepinfra.com/docs/advanced/openai_api
		hosted("deepinfra", "https://api.deepinfra.com/v1/openai", Quirks{}),
		// promptfoo.dev/docs/providers/moonshot; api.moonshot.cn serves China.
		hosted("moonshot", "https://api.moonshot.ai/v1", Quirks{}),
		// api.koog.ai, DashscopeLLMClient: the international endpoint.
		hosted("dashscope", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", Quirks{}),
		// openrouter.ai/docs/api-reference, mintlify.com/BoundaryML/baml; models and route name others that answer instead.
		hosted("openrouter", "https://openrouter.ai/api/v1", Quirks{Policy: []string{"models", "route"}}),
		// docs.tokenfactory.nebius.com/api-reference/introduction
		hosted("nebius", "https://api.tokenfactory.nebius.com/v1", Quirks{}),
		// docs.sambanova.ai/docs/ja/features/openai-compatibility
		hosted("sambanova", "https://api.sambanova.ai/v1", Quirks{}),
		// docs.cohere.com/docs/compatibility-api; refuses stream_options: strandsagents.com, Cohere provider.
		hosted("cohere", "https://api.cohere.ai/compatibility/v1", Quirks{NoStreamOptions: true}),
	}
}

// The operations that vendors have beside chat, completions and embeddings.
var (
	// github.com/openai/openai-openapi
	openAIHas = []providers.Operation{providers.Responses, providers.ResponsesCompact, providers.ResponsesInputTokens,
		providers.ResponsesGet, providers.ResponsesCancel, providers.ResponsesDelete, providers.ResponsesInputItems,
		providers.Transcriptions, providers.Translations, providers.Speech,
		providers.ImageGenerations, providers.ImageEdits, providers.ImageVariations, providers.Moderations}
	// github.com/vllm-project/vllm, entrypoints
	vllmHas = []providers.Operation{providers.Responses, providers.ResponsesGet, providers.ResponsesCancel,
		providers.Messages, providers.CountTokens, providers.Transcriptions, providers.Translations,
		providers.Rerank, providers.Score, providers.Tokenize, providers.Detokenize}
	// anthropic-sdk-python
	messagesHas = []providers.Operation{providers.Messages, providers.CountTokens}
	// github.com/ollama/ollama, openai and anthropic: nothing is kept, and nothing counted beforehand.
	ollamaHas = []providers.Operation{providers.Responses, providers.Messages, providers.Transcriptions}
)

// ollamaQuirks are those of Ollama's own translation. The usage at the start of its
// messages is a quarter of the prompt's length.
func ollamaQuirks(prefix string) Quirks {
	return Quirks{Prefix: prefix, CapFieldOnly: true, Has: ollamaHas, CacheIncluded: true, GuessedStart: true}
}

// BesideOllama speaks to the OpenAI surface of an Ollama server whose base URL is that
// of its native one, for the operations that the native one does not have.
func BesideOllama() providers.Codec { return New(ollamaQuirks("/v1")) }

func hosted(name, url string, q Quirks) providers.Kind {
	return providers.Kind{Name: name, Codec: New(q), URL: url, DefaultPath: "/v1", NeedsKey: true, Catalogue: name}
}

// compatible lets a kind stand for any server that copies the dialect. Which operations
// it has is for that server to answer.
func compatible(k providers.Kind) providers.Kind {
	k.Compatible = New(Quirks{Has: providers.Operations(), UnknownServer: true})
	return k
}

// localIdle is below the 5 seconds after which uvicorn and cpp-httplib close an
// idle connection: a call that is sent while the server closes is lost.
const localIdle = 4 * time.Second

// watched adds how vLLM is looked at. /health needs no key and says that the engine behind
// the server lives.
func watched(k providers.Kind) providers.Kind {
	k.Health, k.Load = "/health", vllmLoad
	return k
}

func local(name, url string, q Quirks) providers.Kind {
	return providers.Kind{Name: name, Codec: New(q), URL: url, DefaultPath: "/v1", Local: true, IdleTimeout: localIdle}
}
