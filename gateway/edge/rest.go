package edge

import (
	"encoding/hex"

	"github.com/gofiber/fiber/v2"

	"tollgate/gateway/access"
)

// Rest answers a request that no route takes. who is empty if unknown says why the caller
// is nobody who is known here. mark is the beginning of the digest of the credential, ""
// if there is none or more than one.
type Rest func(c *fiber.Ctx, who access.Principal, unknown error, mark string) error

// markSize is how many bytes of a digest name a credential to whoever has its digest.
const markSize = 8

// MountRest hands every request to which no route before leads to one handler, which
// decides by itself what unknown callers get. Requests of a credential count as those of a
// key: they are let in, and their bodies read, within the front's limits.
func MountRest(app fiber.Router, auth *Auth, handle Rest) {
	app.Use(func(c *fiber.Ctx) error {
		switch c.Method() {
		case fiber.MethodTrace, fiber.MethodConnect:
			return ErrNoRoute
		}
		who, unknown := auth.Principal(c)
		mark := auth.mark(c)
		name := "unknown:" + mark
		if unknown == nil {
			name = who.Key.ID
		}
		if who.Key == local.Key { // it goes nowhere
			return ErrNoRoute
		}
		k, _ := c.Context().Conn().(*conn) // a call within the process has none
		if k != nil {
			if err := k.front.admit(k, name); err != nil {
				return err
			}
		}
		if err := readBody(c, k); err != nil {
			return err
		}
		return handle(c, who, unknown, mark)
	})
}

// mark is the beginning of the SHA-256 of a request's credential, in hex.
func (a *Auth) mark(c *fiber.Ctx) string {
	key, err := a.credential(c)
	if err != nil {
		return ""
	}
	d := access.DigestOf(key)
	return hex.EncodeToString(d[:markSize])
}
