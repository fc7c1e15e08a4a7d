// Package edge is what tollgate's HTTP faces share: the fiber application with its
// limits, the one way a credential becomes a principal, the route table, the one
// table of errors, and knowing that a client has left.
//
// It imports fiber, access, and whatever makes an error that the table turns into an
// answer, from the ledger to the providers. It knows no route of its own: httpapi and
// admin bring theirs as [Route] tables, and what stands in no table answers 404.
package edge

import (
	"crypto/subtle"
	"errors"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tollgate/gateway/access"
	"tollgate/providers"
)

// Access says who may call a route.
type Access uint8

// The principals of a route.
const (
	Open        Access = iota + 1 // nobody has to say who they are, and bodies are not read
	AnyKey                        // any valid key
	ByRole                        // any valid key whose role allows it, which the handler knows
	AdminKey                      // a key that manages
	ScrapeToken                   // the token of the metrics, or a key that manages
)

// Handler answers a request of a known principal; with [Open] the principal is
// empty. Strings and bytes of the context are views of buffers that are used again
// after the handler returns: what is kept has to be copied.
type Handler func(c *fiber.Ctx, who access.Principal) error

// Route is one row of a face's table. One that says nothing of its use no key may use that
// is kept to some routes.
type Route struct {
	Method string
	Path   string
	Access Access
	Use    access.Use // of those that are not [Open]
	Handle Handler
}

// Auth turns credentials into principals.
type Auth struct {
	Directory *access.Directory
	Now       func() time.Time
	// Local is the credential that this process wrote into its lock file for commands
	// run by the same operating-system user; it manages. "" for none.
	Local string
	// Other is one more header that a key may come in, alone or after `Bearer `; nil for none.
	Other Name
	// Own is the header that the operator has named for keys, alone or after `Bearer `: where
	// it stands no other is looked at, which may then be somebody else's. nil for none.
	Own Name
	// CaughtUp brings Directory up to what it is now and says whether that could be done: if
	// not, a key may have been made of which it does not know. nil: it always is.
	CaughtUp func() bool
	// Scrape is the token that reads the metrics and nothing else; zero for none.
	Scrape providers.Secret
}

// local is the principal of the local credential.
var local = access.Principal{Key: &access.Key{ID: "local", Name: "local command line", Role: access.Admin}}

// Principal returns who a request comes from, by the one credential among its
// headers. While a key may be valid that is unknown here, nobody is told that it is not.
func (a *Auth) Principal(c *fiber.Ctx) (access.Principal, error) {
	key, err := a.credential(c)
	if err != nil {
		return access.Principal{}, err
	}
	if a.Local != "" && subtle.ConstantTimeCompare([]byte(key), []byte(a.Local)) == 1 {
		return local, nil
	}
	who, err := a.Directory.Authenticate(key, a.Now())
	if errors.Is(err, access.ErrUnknownKey) && a.CaughtUp != nil && access.MayBeKey(key) {
		if !a.CaughtUp() {
			return access.Principal{}, ErrKeysBehind
		}
		return a.Directory.Authenticate(key, a.Now())
	}
	return who, err
}

// credential is the one credential among a request's headers: a view, of which nothing may
// be kept.
func (a *Auth) credential(c *fiber.Ctx) (string, error) {
	own, err := GetOnce(c, a.Own)
	if err != nil {
		return "", err
	}
	if own != "" {
		return access.Extract(access.Credentials{Other: own})
	}
	other, err := GetOnce(c, a.Other)
	if err != nil {
		return "", err
	}
	return access.Extract(access.Credentials{
		Authorization: Get(c, nameAuthorization),
		XAPIKey:       Get(c, nameXAPIKey),
		APIKey:        Get(c, nameAPIKey),
		Subscription:  Get(c, nameSubscription),
		Google:        Get(c, nameGoogle),
		Other:         other,
	})
}

// scrapes says whether a request carries the token of the metrics. Both are hashed first,
// so that the time tells nothing of it, not even its length.
func (a *Auth) scrapes(c *fiber.Ctx) bool {
	if a.Scrape.IsZero() {
		return false
	}
	key, err := access.Extract(access.Credentials{Authorization: Get(c, nameAuthorization)})
	want, got := access.DigestOf(a.Scrape.Reveal()), access.DigestOf(key)
	return err == nil && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// Mount adds the routes of a table to an application. What a request costs is spent only
// once it is known whose it is: its body is read after that, and before the handler runs.
func Mount(app fiber.Router, auth *Auth, routes []Route) {
	for _, r := range routes {
		app.Add(r.Method, r.Path, func(c *fiber.Ctx) error {
			var who access.Principal
			if r.Access != Open && !(r.Access == ScrapeToken && auth.scrapes(c)) {
				var err error
				if who, err = auth.Principal(c); err != nil {
					return err
				}
				if k, ok := c.Context().Conn().(*conn); ok {
					k.caller = who.Key.ID
				}
				if r.Access != AnyKey && r.Access != ByRole && !who.Manages() {
					return access.ErrAdminOnly
				}
				if !who.Key.Reaches(r.Use, r.Path) {
					return access.ErrRoute
				}
			}
			if err := open(c, r.Access, who); err != nil {
				return err
			}
			return r.Handle(c, who)
		})
	}
}

// NewApp returns an application within the limits of a front, on whose listener it is to
// be served. newID makes request ids; tell says what clients are told of errors; refused
// counts what is refused here, by one of few words, and may be nil. root is a path such as
// /llm, below which every route is found as well; "" for none.
func NewApp(log *slog.Logger, newID func() string, tell Tell, refused func(reason string), front *Front, root string) *fiber.App {
	w := &writer{log: log, newID: newID, tell: tell, refused: refused}
	app := fiber.New(fiber.Config{
		AppName:                      "tollgate",
		DisableStartupMessage:        true,
		BodyLimit:                    int(front.limits.MaxBody), // kept to in readBody: the server leaves the body where it is
		StreamRequestBody:            true,
		ReadBufferSize:               MaxHeaders,
		Concurrency:                  2 * MaxConnections, // the front turns away before, in its own words
		ReadTimeout:                  front.limits.HeaderWait,
		IdleTimeout:                  front.limits.IdleWait,
		WriteTimeout:                 0, // it would bound a whole stream; each write has its own, see conn
		Network:                      "tcp",
		ReduceMemoryUsage:            true,
		StrictRouting:                false,
		CaseSensitive:                true,
		DisablePreParseMultipartForm: true,
		ErrorHandler:                 w.write,
	})
	hardenServer(app)
	server := app.Server()
	server.ConnState = changed
	server.HeaderReceived = func(*fasthttp.RequestHeader) fasthttp.RequestConfig {
		// One byte is what the server waits for and copies before it asks us.
		return fasthttp.RequestConfig{ReadTimeout: front.limits.BodyWait, MaxRequestBodySize: 1}
	}
	unread := server.ErrorHandler // of what could not be read as a request
	server.ErrorHandler = func(ctx *fasthttp.RequestCtx, err error) {
		mayStillSend(ctx.Conn())
		unread(ctx, err)
	}
	app.Use(func(c *fiber.Ctx) (err error) {
		id := newID()
		if k, ok := c.Context().Conn().(*conn); ok {
			k.request, k.caller = id, ""
		}
		Set(c, nameRequestID, id)
		defer func() {
			if v := recover(); v != nil {
				err = &panicError{v}
			}
			// A client of HTTP/1.0 knows no chunks: the end of the connection is that of a stream.
			old := c.Response().IsBodyStream() && !c.Request().Header.IsHTTP11()
			if k, ok := c.Context().Conn().(*conn); ok && old {
				k.old = &unframed{}
			}
			if old || front.draining.Load() {
				c.Context().SetConnectionClose()
			}
		}()
		if err := strict(c, root); err != nil {
			return err
		}
		if rest, ok := below(target(c), root); ok { // all that routes and handlers see
			c.Path(string(rest))
		}
		if err := bounded(c); err != nil {
			return err
		}
		return c.Next()
	})
	return app
}

// HeaderRequestID carries tollgate's own id of a request in its answer.
const HeaderRequestID = "X-Request-Id"

// RequestID returns the id that the request's answer carries.
func RequestID(c *fiber.Ctx) string {
	id := c.Response().Header.Peek(HeaderRequestID)
	if k, ok := c.Context().Conn().(*conn); ok && k.request == string(id) {
		return k.request // it need not be copied
	}
	return string(id)
}
