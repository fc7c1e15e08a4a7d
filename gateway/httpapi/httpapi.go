// Package httpapi is the data plane's HTTP face: OpenAI's routes and Anthropic's messages, with and without
// /v1, their streams, and health.
//
// It imports gateway, edge, failpoint, the ledger's names and fiber. It reads and writes HTTP and holds no rule:
// who may call what, in which order and at what cost is gateway's.
package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/edge"
	"tollgate/gateway/failpoint"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// The headers of tollgate's own, beside OpenAI's.
const (
	HeaderModel      = "X-Tollgate-Model"      // the public name that was served
	HeaderDeployment = "X-Tollgate-Deployment" // provider/model that answered
	HeaderPrice      = "X-Tollgate-Price"      // free, paid or unknown
	HeaderCost       = "X-Tollgate-Cost"       // dollars; only of a whole answer
	HeaderFallback   = "X-Tollgate-Fallback"   // why something else was served; in a request, `deny` forbids it
	HeaderOutputCap  = "X-Tollgate-Output-Cap" // the output cap that the budget set
	HeaderSoftLimit  = "X-Tollgate-Soft-Limit" // budgets past their soft limit
	HeaderSession    = "X-Tollgate-Session"    // in a request: the client's name for the conversation
	HeaderEndUser    = "X-Tollgate-End-User"   // in a request: whom the call is made for
)

// HeaderOnce names a request, so that it is not paid for twice when it is repeated. Any
// client may choose a name of at most [MaxOnce] printable characters.
const (
	HeaderOnce = "Idempotency-Key"
	MaxOnce    = 255
)

// endUserHeaders name whom a call is made for, in order of precedence; the body's
// `user` comes after them.
var endUserHeaders = []edge.Name{edge.Name(HeaderEndUser), edge.Name("X-Openwebui-User-Id"), edge.Name("X-Openwebui-User-Email")}

// The headers that every call is asked for, or gets.
var (
	nameFallback      = edge.Name(HeaderFallback)
	nameSession       = edge.Name(HeaderSession)
	nameOnce          = edge.Name(HeaderOnce)
	nameClientRequest = edge.Name("X-Client-Request-Id")
	nameUserAgent     = edge.Name(fiber.HeaderUserAgent)
	nameRetry         = edge.Name("X-Stainless-Retry-Count")
	nameModel         = edge.Name(HeaderModel)
	nameDeployment    = edge.Name(HeaderDeployment)
	namePrice         = edge.Name(HeaderPrice)
	nameContentType   = edge.Name(fiber.HeaderContentType)
)

// API answers the data plane's requests.
type API struct {
	Gateway *gateway.Gateway
	Books   func(context.Context) error // says whether the books answer
	// BudgetStatus is the configured status of refusals for money; 0 suits each client.
	BudgetStatus func() int
	// Still says why somebody who was let in would be refused now, or nil.
	Still func(access.Principal) error
	// Context ends when running requests must end: at the end of a shutdown's patience.
	Context context.Context
	// KeepAlive is how long a stream may say nothing until the client gets a comment; 0 means
	// 15 seconds.
	KeepAlive time.Duration

	draining atomic.Bool
	calls    calls
}

// Running is how many calls have begun and not ended: streams count until their last
// byte, and until they are settled.
func (a *API) Running() int64 { return a.calls.running() }

// Drain makes the readiness check fail.
func (a *API) Drain() { a.draining.Store(true) }

// Routes is the data plane's route table.
func (a *API) Routes() []edge.Route {
	routes := []edge.Route{
		{Method: fiber.MethodGet, Path: "/health/live", Access: edge.Open, Handle: a.live},
		{Method: fiber.MethodGet, Path: "/health/ready", Access: edge.Open, Handle: a.ready},
	}
	for _, prefix := range []string{"/v1", ""} {
		routes = append(routes, a.surfaces(prefix)...)
		routes = append(routes,
			edge.Route{Method: fiber.MethodPost, Path: prefix + "/chat/completions", Access: edge.AnyKey, Handle: a.call(providers.Chat)},
			edge.Route{Method: fiber.MethodPost, Path: prefix + "/completions", Access: edge.AnyKey, Handle: a.call(providers.Completions)},
			edge.Route{Method: fiber.MethodPost, Path: prefix + "/embeddings", Access: edge.AnyKey, Handle: a.call(providers.Embeddings)},
			edge.Route{Method: fiber.MethodGet, Path: prefix + "/models", Access: edge.AnyKey, Handle: a.models},
			edge.Route{Method: fiber.MethodGet, Path: prefix + "/models/+", Access: edge.AnyKey, Handle: a.model},
		)
	}
	return routes
}

func (a *API) live(c *fiber.Ctx, _ access.Principal) error {
	return c.JSON(fiber.Map{"status": "ok"})
}

// booksPatience is how long the readiness check waits for the books.
const booksPatience = 500 * time.Millisecond

// ready says whether requests should be sent here. With the books down they should:
// free models are served.
func (a *API) ready(c *fiber.Ctx, _ access.Principal) error {
	if a.draining.Load() {
		return c.Status(fiber.StatusServiceUnavailable).JSON(fiber.Map{"status": "draining"})
	}
	ctx, cancel := context.WithTimeout(a.Context, booksPatience)
	defer cancel()
	if err := a.Books(ctx); err != nil {
		return c.JSON(fiber.Map{"status": "degraded"})
	}
	return c.JSON(fiber.Map{"status": "ok"})
}

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
}

func objectOf(m gateway.ModelStatus) modelObject {
	return modelObject{ID: m.Name, Object: "model", OwnedBy: "tollgate", Price: m.Price, Open: m.Open, Why: m.Why, Context: m.Context, MaxOutput: m.MaxOutput}
}

func (a *API) models(c *fiber.Ctx, who access.Principal) error {
	onlyOpen := c.QueryBool("open")
	data := []modelObject{}
	for _, m := range a.Gateway.Models(a.Context, who) {
		if !onlyOpen || m.Open {
			data = append(data, objectOf(m))
		}
	}
	return c.JSON(fiber.Map{"object": "list", "data": data})
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
	return c.JSON(objectOf(m))
}

// call handles one operation.
func (a *API) call(op providers.Operation) edge.Handler {
	return func(c *fiber.Ctx, who access.Principal) error {
		req, err := a.request(c, op, who)
		if err != nil {
			return err
		}
		if err := failpoint.Hit(failpoint.AfterAuth); err != nil {
			return err
		}
		running := a.begin(who, req.Params.Stream)
		unwatch := edge.Watch(c.Context().Conn(), running.gone)
		end := func() { unwatch(); a.calls.end(running) }
		var reply *gateway.Reply
		streams := false
		defer func() { // also after a panic
			if streams {
				return
			}
			defer end()
			if reply != nil && reply.Stream != nil {
				reply.Stream.Close()
			}
		}()
		if reply, err = a.Gateway.Do(&running.life, req); err != nil {
			return err
		}
		setHeaders(c, reply)
		if op.Spec().Surface == providers.Anthropic {
			c.Set(edge.HeaderAnthropicID, req.ID)
		}
		if reply.Stream == nil {
			if cost := reply.Cost(); cost != nil {
				c.Set(HeaderCost, cost.String())
			}
			edge.Set(c, nameContentType, cmp.Or(reply.ContentType, fiber.MIMEApplicationJSON))
			return c.Send(reply.Answer)
		}
		file := reply.ContentType != ""
		c.Set(fiber.HeaderContentType, cmp.Or(reply.ContentType, "text/event-stream; charset=utf-8"))
		if !file {
			c.Set(fiber.HeaderCacheControl, "no-cache")
		}
		c.Set("X-Accel-Buffering", "no")
		c.Response().ImmediateHeaderFlush = reply.Stream.Late() // else they leave with the first event
		c.Context().SetBodyStream(&streamBody{
			stream: reply.Stream, id: req.ID, agent: req.Labels.UserAgent, status: a.BudgetStatus(),
			frames: frames{op: op}, file: file, gone: running.gone, end: end, every: a.KeepAlive,
		}, -1)
		streams = true
		return nil
	}
}

// request reads what a call is about. Everything kept is copied: the context's
// buffers are used again.
func (a *API) request(c *fiber.Ctx, op providers.Operation, who access.Principal) (gateway.Request, error) {
	var req gateway.Request
	if op.Kept() {
		return a.kept(c, op, who)
	}
	switch spec := op.Spec(); {
	case spec.Form && !edge.Form(c) && !(spec.JSON && edge.JSON(c)):
		return req, edge.ErrFormType
	case !spec.Form && !edge.JSON(c):
		return req, edge.ErrContentType
	}
	raw, err := edge.Body(c)
	if err != nil {
		return req, err
	}
	once, err := readOnce(c, raw)
	if err != nil {
		return req, err
	}
	body, form, params, err := read(c, op, raw)
	if err != nil {
		return req, err
	}
	if err := gateway.CheckMedia(params.Media); err != nil {
		return req, err
	}
	if who.Key.EndUsers {
		if who.EndUser, err = endUser(c, params); err != nil {
			return req, err
		}
		if who.EndUser != "" {
			if err := a.Still(who); err != nil { // it may be blocked
				return req, err
			}
		}
	}
	if op.Spec().End == providers.NoStream {
		params.Stream = false
	}
	return gateway.Request{
		ID: edge.RequestID(c), Operation: op, Body: body, Form: form, Header: forwarded(c, op), Params: params, Who: who,
		NoFallback: strings.EqualFold(edge.Get(c, nameFallback), "deny"), Once: once, Session: label(c, nameSession), Labels: labels(c),
	}, nil
}

func labels(c *fiber.Ctx) gateway.Labels {
	return gateway.Labels{
		ClientRequestID: label(c, nameClientRequest),
		UserAgent:       label(c, nameUserAgent),
		Retry:           label(c, nameRetry),
		Address:         edge.Address(c),
	}
}

// readOnce reads the Idempotency-Key. Of it and of the body only digests are kept.
func readOnce(c *fiber.Ctx, body []byte) (*ledger.Once, error) {
	if !edge.Has(c, nameOnce) {
		return nil, nil
	}
	all := c.Request().Header.PeekAll(HeaderOnce)
	if len(all) > 1 {
		return nil, &wire.ErrField{Field: HeaderOnce, Problem: "the header stands twice: send it once"}
	}
	name := all[0]
	if n := len(name); n == 0 || n > MaxOnce || bytes.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) {
		return nil, &wire.ErrField{Field: HeaderOnce, Problem: fmt.Sprintf("it must have 1 to %d printable ASCII characters", MaxOnce)}
	}
	return &ledger.Once{Token: digest(name), Body: digest(body)}, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

const maxLabel = 200

// label is the excerpt of a header, as a copy.
func label(c *fiber.Ctx, name edge.Name) string {
	return utils.CopyString(wire.Excerpt(edge.Get(c, name), maxLabel))
}

func endUser(c *fiber.Ctx, p wire.Params) (string, error) {
	for _, h := range endUserHeaders {
		if v := strings.TrimSpace(edge.Get(c, h)); v != "" {
			return checkEndUser(utils.CopyString(v))
		}
	}
	return checkEndUser(p.EndUser)
}

func checkEndUser(name string) (string, error) {
	if len(name) > access.MaxEndUser {
		return "", access.ErrEndUserLong
	}
	return strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\x00", "\uFFFD"), nil // NUL is no text to PostgreSQL
}

func setHeaders(c *fiber.Ctx, r *gateway.Reply) {
	edge.Set(c, nameModel, headerText(r.Model))
	edge.Set(c, nameDeployment, headerText(r.Deployment))
	edge.Set(c, namePrice, r.State)
	edge.SetTried(c, r.Attempts, r.Tried)
	if s := r.Skipped; s != nil {
		c.Set(HeaderFallback, headerText(s.Reason+"; skipped="+strings.Join(s.Deployments, ",")))
	}
	if r.Capped > 0 {
		c.Set(HeaderOutputCap, strconv.FormatInt(r.Capped, 10))
	}
	if len(r.Soft) > 0 {
		c.Set(HeaderSoftLimit, headerText(strings.Join(r.Soft, ",")))
	}
	edge.SetLimits(c, r.Limits)
}

func headerText(s string) string { return edge.HeaderText(s) }

func unescape(path string) (string, error) {
	b := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			b = append(b, path[i])
			continue
		}
		if i+2 >= len(path) {
			return "", errors.New("a percent sign without two digits")
		}
		v, err := strconv.ParseUint(path[i+1:i+3], 16, 8)
		if err != nil {
			return "", err
		}
		b = append(b, byte(v))
		i += 2
	}
	return string(b), nil
}
