package litellm

import (
	"github.com/gofiber/fiber/v2"

	"tollgate/accounting/tokens"
	"tollgate/gateway/access"
	"tollgate/gateway/edge"
	"tollgate/providers/wire"
)

// counted is what LiteLLM answers to who asks how many tokens something has.
type counted struct {
	Total     int64   `json:"total_tokens"`
	Asked     string  `json:"request_model"`
	Used      string  `json:"model_used"`
	Tokenizer string  `json:"tokenizer_type"`
	Source    string  `json:"count_source"`
	Original  *string `json:"original_response"` // of a provider that counts; none is asked
	Error     bool    `json:"error"`
	Message   *string `json:"error_message"`
	Status    *int    `json:"status_code"`
}

// count counts the tokens of a prompt or of messages here. It asks no upstream, so it is the
// same for every model that the caller may use.
func count(may func(who access.Principal, model string) error) edge.Handler {
	return func(c *fiber.Ctx, who access.Principal) error {
		if !edge.JSON(c) {
			return edge.ErrContentType
		}
		raw, err := edge.Body(c)
		if err != nil {
			return err
		}
		body, err := wire.ParseObject(raw)
		if err != nil {
			return err
		}
		model := body.Text("model")
		if model == "" {
			return wire.ErrNoModel
		}
		if err := may(who, model); err != nil {
			return err
		}
		n := tokens.NewCounter(wire.PromptSize(body), tokens.Most)
		wire.WritePrompt(body, n)
		return c.JSON(counted{Total: n.Tokens(), Asked: model, Used: model, Tokenizer: "openai_tokenizer", Source: "local_estimate"})
	}
}
