package litellm

import (
	"net/url"
	"slices"
	"strings"
)

// vendor is what a provider's prefix stands for here.
type vendor struct {
	kind string   // of tollgate's providers
	url  string   // where it is unless something is said; "" is the kind's own place, or nowhere
	own  string   // the vendor's own base URL, which need not be written
	base []string // variables that name another place
	key  []string // variables that hold a key
	// server says that it is somebody's own server: there is no place of its own, and no key
	// unless one is said.
	server bool
	// local says that tollgate takes its models for free unless a price is set.
	local bool
}

const vendorURL = "https://api.openai.com/v1"

// prefixes are the providers that tollgate speaks to.
var prefixes = map[string]vendor{
	"openai":                 {kind: "openai", own: vendorURL, base: []string{"OPENAI_BASE_URL", "OPENAI_API_BASE"}, key: []string{"OPENAI_API_KEY"}},
	"text-completion-openai": {kind: "openai", own: vendorURL, base: []string{"OPENAI_BASE_URL", "OPENAI_API_BASE"}, key: []string{"OPENAI_API_KEY"}},

	"hosted_vllm": {kind: "vllm", server: true, local: true, base: []string{"HOSTED_VLLM_API_BASE"}, key: []string{"HOSTED_VLLM_API_KEY"}},
	"vllm":        {kind: "vllm", server: true, local: true, base: []string{"HOSTED_VLLM_API_BASE"}, key: []string{"HOSTED_VLLM_API_KEY"}},
	"ollama":      {kind: "ollama", server: true, local: true, url: "http://localhost:11434", base: []string{"OLLAMA_API_BASE"}, key: []string{"OLLAMA_API_KEY"}},
	"ollama_chat": {kind: "ollama", server: true, local: true, url: "http://localhost:11434", base: []string{"OLLAMA_API_BASE"}, key: []string{"OLLAMA_API_KEY"}},
	"lm_studio":   {kind: "lmstudio", server: true, local: true, base: []string{"LM_STUDIO_API_BASE"}, key: []string{"LM_STUDIO_API_KEY"}},
	"llamafile":   {kind: "llamacpp", server: true, local: true, url: "http://127.0.0.1:8080/v1", base: []string{"LLAMAFILE_API_BASE"}, key: []string{"LLAMAFILE_API_KEY"}},

	"litellm_proxy": {kind: "openai", server: true, base: []string{"LITELLM_PROXY_API_BASE"}, key: []string{"LITELLM_PROXY_API_KEY"}},
	"openai_like":   {kind: "openai", server: true, base: []string{"OPENAI_LIKE_API_BASE"}, key: []string{"OPENAI_LIKE_API_KEY"}},
	"custom_openai": {kind: "openai", server: true},
	"xinference":    {kind: "openai", server: true, base: []string{"XINFERENCE_API_BASE"}, key: []string{"XINFERENCE_API_KEY"}},
	"infinity":      {kind: "openai", server: true, base: []string{"INFINITY_API_BASE"}, key: []string{"INFINITY_API_KEY"}},

	"anthropic":    {kind: "anthropic", own: "https://api.anthropic.com", base: []string{"ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"}, key: []string{"ANTHROPIC_API_KEY"}},
	"gemini":       {kind: "gemini", key: []string{"GEMINI_API_KEY", "GOOGLE_API_KEY"}},
	"mistral":      {kind: "mistral", own: "https://api.mistral.ai/v1", base: []string{"MISTRAL_API_BASE"}, key: []string{"MISTRAL_API_KEY"}},
	"groq":         {kind: "groq", own: "https://api.groq.com/openai/v1", base: []string{"GROQ_API_BASE"}, key: []string{"GROQ_API_KEY"}},
	"deepseek":     {kind: "deepseek", own: "https://api.deepseek.com/beta", base: []string{"DEEPSEEK_API_BASE"}, key: []string{"DEEPSEEK_API_KEY"}},
	"xai":          {kind: "xai", own: "https://api.x.ai/v1", base: []string{"XAI_API_BASE"}, key: []string{"XAI_API_KEY"}},
	"together_ai":  {kind: "together", own: "https://api.together.xyz/v1", base: []string{"TOGETHER_AI_API_BASE"}, key: []string{"TOGETHERAI_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHER_API_KEY"}},
	"fireworks_ai": {kind: "fireworks", own: "https://api.fireworks.ai/inference/v1", base: []string{"FIREWORKS_API_BASE"}, key: []string{"FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY", "FIREWORKSAI_API_KEY"}},
	"cerebras":     {kind: "cerebras", own: "https://api.cerebras.ai/v1", base: []string{"CEREBRAS_API_BASE"}, key: []string{"CEREBRAS_API_KEY"}},
	"perplexity":   {kind: "perplexity", own: "https://api.perplexity.ai", base: []string{"PERPLEXITY_API_BASE"}, key: []string{"PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"}},
	"deepinfra":    {kind: "deepinfra", own: "https://api.deepinfra.com/v1/openai", base: []string{"DEEPINFRA_API_BASE"}, key: []string{"DEEPINFRA_API_KEY"}},
	"moonshot":     {kind: "moonshot", own: "https://api.moonshot.ai/v1", base: []string{"MOONSHOT_API_BASE"}, key: []string{"MOONSHOT_API_KEY"}},
	"dashscope":    {kind: "dashscope", own: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", base: []string{"DASHSCOPE_API_BASE"}, key: []string{"DASHSCOPE_API_KEY"}},
	"openrouter":   {kind: "openrouter", own: "https://openrouter.ai/api/v1", base: []string{"OPENROUTER_API_BASE"}, key: []string{"OPENROUTER_API_KEY", "OR_API_KEY"}},
	"nebius":       {kind: "nebius", own: "https://api.studio.nebius.ai/v1", base: []string{"NEBIUS_API_BASE"}, key: []string{"NEBIUS_API_KEY"}},
	"sambanova":    {kind: "sambanova", own: "https://api.sambanova.ai/v1", base: []string{"SAMBANOVA_API_BASE"}, key: []string{"SAMBANOVA_API_KEY"}},
	"cohere":       {kind: "cohere", own: "https://api.cohere.ai", key: []string{"COHERE_API_KEY", "CO_API_KEY"}},
	"cohere_chat":  {kind: "cohere", own: "https://api.cohere.ai", key: []string{"COHERE_API_KEY", "CO_API_KEY"}},
}

// foreign are providers that LiteLLM knows and tollgate does not speak to. The list only
// decides between two words for it; it need not be whole.
var foreign = strings.Fields(`azure azure_ai azure_text bedrock bedrock_mantle vertex_ai vertex_ai_beta sagemaker sagemaker_chat
	huggingface replicate watsonx watsonx_text databricks cloudflare nvidia_nim nvidia_riva jina_ai voyage baseten triton predibase
	oobabooga nlp_cloud petals ai21 ai21_chat anthropic_text codestral text-completion-codestral friendliai featherless_ai github
	github_copilot volcengine snowflake gradient_ai meta_llama nscale hyperbolic recraft fal_ai stability heroku aiml cometapi oci
	auto_router vercel_ai_gateway novita galadriel topaz elevenlabs deepgram assemblyai aws_polly runwayml lambda_ai morph v0 inception
	bytez datarobot gigachat lemonade amazon_nova minimax zai publicai ovhcloud scaleway wandb docker_model_runner compactifai empower
	chatgpt sap modelscope tencent synthetic custom langgraph a2a a2a_agent manus ragflow dotprompt humanloop helicone clarifai maritalk`)

// knownOpenAI are the beginnings of names that mean OpenAI without a prefix.
var knownOpenAI = pattern(`^(gpt-|chatgpt-|o[134](-|$)|text-embedding-|text-davinci|davinci-|babbage-|dall-e-|whisper-|tts-|ft:gpt|codex-|computer-use-|omni-moderation|text-moderation)`)

// split says which provider a model's name means and how that calls the model. why is the
// reason if tollgate cannot call it.
func split(model, provider string) (prefix string, v vendor, upstream, why string) {
	head, rest, slash := strings.Cut(model, "/")
	switch {
	case provider != "":
		prefix, upstream = provider, strings.TrimPrefix(model, provider+"/")
	case slash && known(head):
		prefix, upstream = head, rest
	case slash:
		return "", v, "", "no provider is called " + hidden(head) + "; a model of a server of your own is written hosted_vllm/" + hidden(model) + ", or openai/" + hidden(model)
	case knownOpenAI().MatchString(model):
		prefix, upstream = "openai", model
	case strings.HasPrefix(model, "claude-"):
		prefix, upstream = "anthropic", model
	case model == "*":
		return "", v, "", "a * for every provider's models is not had: write one name for each provider, such as openai/*"
	default:
		return "", v, "", "it names no provider: write openai/" + hidden(model) + ", or another provider"
	}
	v, ok := prefixes[prefix]
	switch {
	case !ok && slices.Contains(foreign, prefix):
		return prefix, v, "", "tollgate does not speak to the provider " + prefix
	case !ok:
		return prefix, v, "", "no provider is called " + hidden(prefix)
	case upstream == "":
		return prefix, v, "", "the name of the model is missing"
	}
	return prefix, v, upstream, ""
}

func known(prefix string) bool {
	_, ok := prefixes[prefix]
	return ok || slices.Contains(foreign, prefix)
}

// address is where an API is, fit to be written; why says what is wrong with it.
func address(raw string, v vendor) (out, why string) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", "its api_base is no URL such as http://HOST:PORT/v1"
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", "its api_base holds a credential or a query, which belong elsewhere: write api_base: http://HOST:PORT/v1 and api_key"
	case strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", "its api_base has characters that no URL has"
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	for _, end := range []string{"/chat/completions", "/completions", "/embeddings", "/api/chat", "/api/generate"} {
		u.Path = strings.TrimRight(strings.TrimSuffix(u.Path, end), "/")
	}
	if v.kind == "ollama" {
		u.Path = strings.TrimSuffix(u.Path, "/v1")
	}
	return u.String(), ""
}

// isOwn says that an address is the vendor's own.
func (v vendor) isOwn(address string) bool {
	return v.own != "" && (strings.EqualFold(address, v.own) || strings.EqualFold(address+"/v1", v.own) || strings.EqualFold(address, v.own+"/v1"))
}

// vendorsOwn says whether a variable is a vendor's address or key by its name.
func vendorsOwn(name string) bool {
	for _, v := range prefixes {
		if slices.Contains(v.base, name) || slices.Contains(v.key, name) {
			return true
		}
	}
	return false
}

// placeholders are keys that stand for none, since LiteLLM's client wants one.
var placeholders = []string{"", "none", "null", "empty", "dummy", "fake", "fake-key", "no-key", "no-key-required", "not-needed", "not-required", "na", "n/a", "-", "x", "sk-xxx", "sk-none", "ollama"}
