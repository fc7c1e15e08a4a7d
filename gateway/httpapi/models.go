package httpapi

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/edge"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// modelObject is a model in OpenAI's list, with what tollgate says of it.
type modelObject struct {
	ID        string `json:"id"`
	Object    string `json:"object"`
	Created   int64  `json:"created"`
	OwnedBy   string `json:"owned_by"`
	Price     string `json:"price"`
	Open      bool   `json:"open"`
	Why       string `json:"why"`
	Context   int64  `json:"context_length,omitempty"`
	MaxOutput int64  `json:"max_output_tokens,omitempty"`
	Mode      string `json:"mode,omitempty"` // embedding, where that is all it makes
}

func objectOf(m gateway.ModelStatus) modelObject {
	o := modelObject{ID: m.Name, Object: "model", OwnedBy: "tollgate", Price: m.Price, Open: m.Open, Why: m.Why, Context: m.Context, MaxOutput: m.MaxOutput}
	if m.Embeds {
		o.Mode = "embedding"
	}
	return o
}

func (a *API) models(c *fiber.Ctx, who access.Principal) error {
	if a.Dialect != nil {
		if budgets, err := a.Gateway.Glance(a.Context, who); err == nil { // else the list says that the books are down
			a.Dialect.Standing(who, budgets, setter(c))
		}
	}
	all := a.Gateway.Models(a.Context, who)
	open, err := openOnly(c)
	if err != nil {
		return err
	}
	if open {
		all = slices.DeleteFunc(all, func(m gateway.ModelStatus) bool { return !m.Open })
	}
	if edge.SurfaceOf(c) == providers.Anthropic {
		page, err := anthropicPage(all, func(name string) string { return c.Query(name) })
		if err != nil {
			return err
		}
		return c.JSON(page)
	}
	return c.JSON(fiber.Map{"object": "list", "data": a.listed(c, all, who)})
}

// openOnly says that only the models that are open are asked for. Other parameters are those
// of clients' own, which list models of many servers.
func openOnly(c *fiber.Ctx) (bool, error) {
	if !c.Context().QueryArgs().Has("open") {
		return false, nil
	}
	open := c.Query("open")
	if open != "true" && open != "false" || len(c.Context().QueryArgs().PeekMulti("open")) > 1 {
		return false, &wire.ErrField{Field: "open", Problem: "it is true or false, and stands once"}
	}
	return open == "true", nil
}

// listed is how models stand in a list of them.
func (a *API) listed(c *fiber.Ctx, all []gateway.ModelStatus, who access.Principal) []any {
	if a.Dialect != nil {
		return a.Dialect.Models(all, a.Gateway.Wildcards(who), who, func(name string) string { return c.Query(name) })
	}
	data := make([]any, len(all))
	for i, m := range all {
		data[i] = objectOf(m)
	}
	return data
}

func (a *API) model(c *fiber.Ctx, who access.Principal) error {
	name, err := unescape(c.Params("+"))
	if err != nil {
		return edge.ErrNoRoute
	}
	m, err := a.Gateway.Model(a.Context, who, name)
	if err != nil {
		return err
	}
	if edge.SurfaceOf(c) == providers.Anthropic {
		return c.JSON(anthropicObject(m))
	}
	if a.Dialect != nil {
		return c.JSON(a.Dialect.Models([]gateway.ModelStatus{m}, nil, who, func(string) string { return "" })[0])
	}
	return c.JSON(objectOf(m))
}

// anthropicModel is a model as Anthropic's clients read it, with what tollgate says of it.
// When it was made nobody knows, for which they have the beginning of the epoch.
type anthropicModel struct {
	Type      string `json:"type"`
	ID        string `json:"id"`
	Display   string `json:"display_name"`
	Created   string `json:"created_at"`
	Lifecycle string `json:"lifecycle"`
	MaxInput  *int64 `json:"max_input_tokens"`
	MaxOutput *int64 `json:"max_tokens"`
	Price     string `json:"price"`
	Open      bool   `json:"open"`
	Why       string `json:"why"`
}

func anthropicObject(m gateway.ModelStatus) anthropicModel {
	known := func(n int64) *int64 {
		if n == 0 {
			return nil
		}
		return &n
	}
	return anthropicModel{Type: "model", ID: m.Name, Display: m.Name, Created: "1970-01-01T00:00:00Z", Lifecycle: "active",
		MaxInput: known(m.Context), MaxOutput: known(m.MaxOutput), Price: m.Price, Open: m.Open, Why: m.Why}
}

// maxPage is how many models may be asked for at once. Who asks for no number gets all.
const maxPage = 1000

// anthropicPage is the part of a list that Anthropic's clients ask for: so many, after one
// model or before one.
func anthropicPage(all []gateway.ModelStatus, query func(string) string) (fiber.Map, error) {
	at := func(key string) (int, error) {
		name := query(key)
		i := slices.IndexFunc(all, func(m gateway.ModelStatus) bool { return m.Name == name })
		if name != "" && i < 0 {
			return 0, &wire.ErrField{Field: key, Problem: "there is no such model in the list"}
		}
		return i, nil
	}
	after, err := at("after_id")
	if err != nil {
		return nil, err
	}
	before, err := at("before_id")
	if err != nil {
		return nil, err
	}
	limit := len(all)
	if text := query("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxPage {
			return nil, &wire.ErrField{Field: "limit", Problem: fmt.Sprintf("it must be a whole number from 1 to %d", maxPage)}
		}
	}
	part := all[after+1:]
	if before >= 0 {
		part = all[:before]
	}
	more := len(part) > limit
	switch {
	case more && before >= 0:
		part = part[len(part)-limit:]
	case more:
		part = part[:limit]
	}
	data := make([]anthropicModel, len(part))
	for i, m := range part {
		data[i] = anthropicObject(m)
	}
	page := fiber.Map{"data": data, "has_more": more, "first_id": nil, "last_id": nil}
	if len(data) > 0 {
		page["first_id"], page["last_id"] = data[0].ID, data[len(data)-1].ID
	}
	return page, nil
}
