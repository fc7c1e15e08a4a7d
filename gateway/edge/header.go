package edge

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
)

// Name is the name of a header as [http.CanonicalHeaderKey] has it. The server keeps
// names so, and need not spell one anew each time that it is asked for.
type Name []byte

var (
	nameAuthorization   = Name(fiber.HeaderAuthorization)
	nameXAPIKey         = Name("X-Api-Key")
	nameAPIKey          = Name("Api-Key")
	nameSubscription    = Name("Ocp-Apim-Subscription-Key")
	nameGoogle          = Name("X-Goog-Api-Key")
	nameContentEncoding = Name(fiber.HeaderContentEncoding)
	nameRequestID       = Name(HeaderRequestID)
	nameAttempts        = Name(HeaderAttempts)
)

// Get returns the first value of a header of the request; "" if there is none. It is a
// view of a buffer, as all of a request is: see [Handler].
func Get(c *fiber.Ctx, name Name) string {
	return utils.UnsafeString(c.Request().Header.PeekCanonical(name))
}

// GetOnce returns the value of a header that may stand once: whoever comes in between may
// have put another one beside the client's, be that an empty one. It is "" if there is none,
// or no name.
func GetOnce(c *fiber.Ctx, name Name) (string, error) {
	if name == nil {
		return "", nil
	}
	switch all := c.Request().Header.PeekAll(string(name)); len(all) {
	case 0:
		return "", nil
	case 1:
		return utils.UnsafeString(all[0]), nil
	}
	return "", twice(string(name))
}

// Has says whether the request has a header, be it an empty one.
func Has(c *fiber.Ctx, name Name) bool {
	for key := range c.Request().Header.All() {
		if bytes.Equal(key, name) {
			return true
		}
	}
	return false
}

// Set sets a header of the answer, which keeps a copy of the value.
func Set(c *fiber.Ctx, name Name, value string) {
	c.Response().Header.SetCanonical(name, utils.UnsafeBytes(value))
}

// Address is the address that the request's connection comes from, without a port.
func Address(c *fiber.Ctx) string {
	k, ok := c.Context().Conn().(*conn)
	if !ok {
		return c.Context().RemoteIP().String()
	}
	if k.address == "" {
		k.address = c.Context().RemoteIP().String()
	}
	return k.address
}
