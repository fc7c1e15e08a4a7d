package admin

import (
	_ "embed"
	"encoding/json"
	"sync"

	"github.com/gofiber/fiber/v2"
	"go.yaml.in/yaml/v3"

	"tollgate/gateway/access"
)

// Spec is the description of the API, in OpenAPI 3.1.
//
//go:embed openapi.yaml
var Spec []byte

var specAsJSON = sync.OnceValues(func() ([]byte, error) {
	var doc any
	if err := yaml.Unmarshal(Spec, &doc); err != nil {
		return nil, err
	}
	return json.Marshal(doc)
})

func specYAML(c *fiber.Ctx, _ access.Principal) error {
	c.Set(fiber.HeaderContentType, "application/yaml; charset=utf-8")
	return c.Send(Spec)
}

func specJSON(c *fiber.Ctx, _ access.Principal) error {
	b, err := specAsJSON()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(b)
}
