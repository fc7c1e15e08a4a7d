package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tollgate/gateway/access"
	"tollgate/gateway/edge"
)

// MaxScrapes is how many may read the metrics at once.
const MaxScrapes = 4

// Metrics is the route of the metrics. write makes their text, which is of contentType.
func Metrics(who edge.Access, contentType string, write func() ([]byte, error)) edge.Route {
	places := make(chan struct{}, MaxScrapes)
	return edge.Route{Method: fiber.MethodGet, Path: "/metrics", Access: who, Use: access.Reads, Handle: func(c *fiber.Ctx, _ access.Principal) error {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
		default:
			return edge.ErrScrapes
		}
		text, err := write()
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, contentType)
		return c.Send(text)
	}}
}
