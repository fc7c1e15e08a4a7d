// Package httpapi is the data plane's HTTP face: OpenAI's routes and Anthropic's messages,
// with and without /v1, their streams, health, and the trial beside another gateway.
//
// It imports gateway, edge, shadow, aside, failpoint, the types that these speak of, and
// fiber. It reads and writes HTTP and holds no rule: who may call what, in which order and at
// what cost is gateway's.
package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
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

// HeaderTags is in a request of a key that may name tags: some, with commas between them.
const HeaderTags = "X-Tollgate-Tags"

// HeaderOnce names a request, so that it is not paid for twice when it is repeated. Any
// client may choose a name of at most [MaxOnce] printable characters.
const (
	HeaderOnce = "Idempotency-Key"
	MaxOnce    = 255
)

// OpenWebUI are the headers in which Open WebUI names whom a call is made for.
var OpenWebUI = []edge.Name{edge.Name("X-Openwebui-User-Id"), edge.Name("X-Openwebui-User-Email")}

// Dialect is how the clients of another gateway ask, beside OpenAI's way, and what they
// look for in an answer.
type Dialect interface {
	// Read takes out of a request what is the dialect's and writes what it means into the
	// request, whose operation, body and caller are known, and of which nothing else is read
	// yet. What header returns is a view, as all of a request is. set sets a header of the
	// answer, also if that is an error.
	Read(req *gateway.Request, header func(edge.Name) string, set func(edge.Name, string)) error
	// Answer sets the dialect's headers of an answer.
	Answer(req *gateway.Request, reply *gateway.Reply, set func(edge.Name, string))
	// Standing sets the dialect's headers of the list of models, which may tell where the
	// caller's budgets stand.
	Standing(who access.Principal, budgets []ledger.Shortfall, set func(edge.Name, string))
	// Models is what the dialect's clients find in the list of models: something to be written
	// as JSON for each. wildcards are names with a * that the caller may use names of; query
	// returns a parameter of the request, as a view.
	Models(all []gateway.ModelStatus, wildcards []string, who access.Principal, query func(string) string) []any
}

// The headers that every call is asked for, or gets.
var (
	nameFallback      = edge.Name(HeaderFallback)
	nameEndUser       = edge.Name(HeaderEndUser)
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
	// Tell says what the client of a stream is told of an error that comes within it.
	Tell edge.Tell
	// Dialect is how other clients than OpenAI's and Anthropic's ask and want to be answered;
	// nil: there are none, and what is not read of a body reaches the upstream as it came.
	Dialect Dialect
	// AsAsked names the model in answers as the client has asked for it, in place of the
	// upstream's name.
	AsAsked bool
	// EndUser are headers that name whom a call is made for, in order, after [HeaderEndUser].
	EndUser []edge.Name
	// Still says why somebody who was let in would be refused now, or nil.
	Still func(access.Principal) error
	// Context ends when running requests must end: at the end of a shutdown's patience.
	Context context.Context
	// KeepAlive is how long a stream may say nothing until the client gets a comment; 0 means
	// 15 seconds.
	KeepAlive time.Duration

	draining atomic.Bool
	calls    calls

	mu   sync.Mutex
	look *look // at the books, which is under way; nil: none is
}

// Running is how many calls have begun and not ended: streams count until their last
// byte, and until they are settled.
func (a *API) Running() int64 { return a.calls.running() }

// Drain makes the readiness check fail.
func (a *API) Drain() { a.draining.Store(true) }

// Health is the route table of the health checks. Monitors and `wget --spider` look with
// HEAD.
func (a *API) Health() []edge.Route {
	var routes []edge.Route
	for _, method := range []string{fiber.MethodGet, fiber.MethodHead} {
		routes = append(routes,
			edge.Route{Method: method, Path: "/health/live", Access: edge.Open, Handle: a.live},
			edge.Route{Method: method, Path: "/health/ready", Access: edge.Open, Handle: a.ready},
		)
	}
	return routes
}

// Routes is the data plane's route table, with that of the health checks.
func (a *API) Routes() []edge.Route {
	routes := a.Health()
	for _, prefix := range []string{"/v1", ""} {
		routes = append(routes, a.surfaces(prefix)...)
		routes = append(routes,
			edge.Route{Method: fiber.MethodPost, Path: prefix + "/chat/completions", Access: edge.AnyKey, Use: access.Calls, Handle: a.call(providers.Chat)},
			edge.Route{Method: fiber.MethodPost, Path: prefix + "/completions", Access: edge.AnyKey, Use: access.Calls, Handle: a.call(providers.Completions)},
			edge.Route{Method: fiber.MethodPost, Path: prefix + "/embeddings", Access: edge.AnyKey, Use: access.Calls, Handle: a.call(providers.Embeddings)},
			edge.Route{Method: fiber.MethodGet, Path: prefix + "/models", Access: edge.AnyKey, Use: access.Itself, Handle: a.models},
			edge.Route{Method: fiber.MethodGet, Path: prefix + "/models/+", Access: edge.AnyKey, Use: access.Itself, Handle: a.model},
		)
	}
	return append(routes, a.inPath()...)
}

func (a *API) live(c *fiber.Ctx, _ access.Principal) error {
	return c.JSON(fiber.Map{"status": "ok"})
}

// booksPatience is how long the readiness check waits for the books. Balancers give a check
// half a second or more: an answer that came later would take every replica out at once, and
// free models with them, while the database hangs.
const booksPatience = 250 * time.Millisecond

// ready says whether requests should be sent here. With the books down they should:
// free models are served.
func (a *API) ready(c *fiber.Ctx, _ access.Principal) error {
	status := a.Readiness()
	if status == Draining {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(fiber.Map{"status": status})
}

// What a process may be ready for.
const (
	Ready    = "ok"
	Degraded = "degraded" // the books do not answer, or take no paid calls: what is free is served
	Draining = "draining" // it is about to end
)

// Readiness says what the process is ready for.
func (a *API) Readiness() string {
	if a.draining.Load() {
		return Draining
	}
	if err := a.lookAtBooks(); err != nil {
		return Degraded
	}
	return Ready
}

// look is a look at the books, for all who ask while it is under way.
type look struct {
	done chan struct{}
	err  error // once it is done
}

// lookAtBooks says whether the books answer. Anybody may ask, and each look is a step of the
// database's: however many ask, there is one at a time.
func (a *API) lookAtBooks() error {
	a.mu.Lock()
	l := a.look
	if l != nil {
		a.mu.Unlock()
		<-l.done
		return l.err
	}
	l = &look{done: make(chan struct{})}
	a.look = l
	a.mu.Unlock()
	defer func() { // also after a panic
		a.mu.Lock()
		a.look = nil
		a.mu.Unlock()
		close(l.done)
	}()
	ctx, cancel := context.WithTimeout(a.Context, booksPatience)
	defer cancel()
	l.err = a.Books(ctx)
	return l.err
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
		running := a.begin(who)
		running.unwatch = edge.Watch(c.Context().Conn(), running.gone)
		var reply *gateway.Reply
		streams := false
		defer func() { // also after a panic
			if streams {
				return
			}
			defer a.calls.end(running)
			if reply != nil && reply.Stream != nil {
				reply.Stream.Close()
			}
		}()
		if reply, err = a.Gateway.Do(&running.life, req); err != nil {
			return err
		}
		setHeaders(c, reply)
		if a.Dialect != nil {
			asked := req
			a.Dialect.Answer(&asked, reply, setter(c))
		}
		if op.Spec().Surface == providers.Anthropic {
			c.Set(edge.HeaderAnthropicID, req.ID)
		}
		var named *stamp
		if a.AsAsked {
			named = newStamp(op, reply.Named)
		}
		if reply.Stream == nil {
			if cost := reply.Cost(); cost != nil {
				c.Set(HeaderCost, cost.String())
			}
			edge.Set(c, nameContentType, cmp.Or(reply.ContentType, fiber.MIMEApplicationJSON))
			return c.Send(named.whole(reply.Answer, reply.ContentType))
		}
		file := reply.ContentType != ""
		c.Set(fiber.HeaderContentType, cmp.Or(reply.ContentType, "text/event-stream; charset=utf-8"))
		if !file {
			c.Set(fiber.HeaderCacheControl, "no-cache")
		}
		c.Set("X-Accel-Buffering", "no")
		c.Response().ImmediateHeaderFlush = reply.Stream.Late() // else they leave with the first event
		c.Context().SetBodyStream(&streamBody{
			stream: reply.Stream, id: req.ID, agent: req.Labels.UserAgent, path: utils.CopyString(c.Path()), tell: a.Tell,
			frames: frames{op: op, stamp: named}, file: file, gone: running.gone, end: func() { a.calls.end(running) }, every: a.KeepAlive,
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
	req, err := a.asked(c, op, who, setter(c))
	if err != nil {
		return req, err
	}
	req.Once, err = readOnce(c, req.Body, req.Form)
	return req, err
}

// asked reads what the headers and the body of a request ask for. set sets headers of the
// answer.
func (a *API) asked(c *fiber.Ctx, op providers.Operation, who access.Principal, set func(edge.Name, string)) (req gateway.Request, err error) {
	raw, err := edge.Body(c)
	if err != nil {
		return req, err
	}
	body, form, err := parse(c, op, raw)
	if err != nil {
		return req, err
	}
	deny, err := denies(c)
	if err != nil {
		return req, err
	}
	req = gateway.Request{
		ID: edge.RequestID(c), Operation: op, Body: body, Form: form, Header: forwarded(c, op), Who: who,
		NoFallback: deny, Session: label(c, nameSession), Labels: labels(c),
	}
	if a.Dialect != nil {
		asked := req // a copy, so that the request of who has no dialect is no work for the collector
		if err := a.Dialect.Read(&asked, func(name edge.Name) string { return edge.Get(c, name) }, set); err != nil {
			return req, err
		}
		req = asked
	}
	if req.Params, err = read(op, req.Body, req.Form); err != nil {
		return req, err
	}
	if err := gateway.CheckMedia(req.Params.Media); err != nil {
		return req, err
	}
	if err := a.endUser(c, &req); err != nil {
		return req, err
	}
	if err := tags(c, &req); err != nil {
		return req, err
	}
	if req.Who.EndUser != "" || len(req.Who.Tags) > 0 {
		if err := a.Still(req.Who); err != nil { // one of them may be blocked
			return req, err
		}
	}
	if op.Spec().End == providers.NoStream {
		req.Params.Stream = false
	}
	return req, nil
}

// denies says that the client wants nothing else in place of what it cannot pay for. Another
// word is refused: whoever says `no` means that, too, and would be served something else.
func denies(c *fiber.Ctx) (bool, error) {
	if !edge.Has(c, nameFallback) {
		return false, nil
	}
	switch said, err := edge.GetOnce(c, nameFallback); {
	case err != nil:
		return false, err
	case said == "":
		return false, nil
	case strings.EqualFold(said, "deny"):
		return true, nil
	}
	return false, &wire.ErrField{Field: HeaderFallback, Problem: "it is `deny`, or left out"}
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
func readOnce(c *fiber.Ctx, body wire.Object, form *wire.Form) (*ledger.Once, error) {
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
	b := body.Bytes()
	if form != nil {
		b = form.Bytes()
	}
	return &ledger.Once{Token: digest(name), Body: digest(b)}, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// maxLabel is how much of a header is kept as a label, in bytes.
const maxLabel = 200

// label is the excerpt of a header, as a copy.
func label(c *fiber.Ctx, name edge.Name) string {
	return utils.CopyString(wire.Excerpt(edge.Get(c, name), maxLabel))
}

// endUser settles whom a call is made for: whom the dialect names, else, where the key
// allows it, a header or the body.
func (a *API) endUser(c *fiber.Ctx, req *gateway.Request) error {
	name := req.Who.EndUser
	if req.Who.Key.EndUsers {
		own, err := edge.GetOnce(c, nameEndUser)
		if err != nil {
			return err
		}
		name = cmp.Or(strings.TrimSpace(own), name)
		for _, h := range a.EndUser {
			other, err := edge.GetOnce(c, h)
			if err != nil {
				return err
			}
			name = cmp.Or(name, strings.TrimSpace(other))
		}
		name = cmp.Or(utils.CopyString(name), req.Params.EndUser)
	}
	if len(name) > access.MaxEndUser {
		return access.ErrEndUserLong
	}
	req.Who.EndUser = strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\x00", "\uFFFD") // NUL is no text to PostgreSQL
	return nil
}

// tags adds the tags that a call names in a header, where the key allows it, to those
// that it has and those that the dialect has read.
func tags(c *fiber.Ctx, req *gateway.Request) error {
	if !req.Who.Key.CallTags {
		return nil
	}
	for _, line := range c.Request().Header.PeekAll(HeaderTags) {
		for tag := range strings.SplitSeq(string(line), ",") {
			if err := req.Who.NameTag(tag); err != nil {
				return err
			}
		}
	}
	return nil
}

func setHeaders(c *fiber.Ctx, r *gateway.Reply) {
	edge.Set(c, nameModel, headerText(r.Model))
	edge.Set(c, nameDeployment, headerText(r.Deployment))
	edge.Set(c, namePrice, r.State)
	edge.SetTried(c, r.Attempts, r.Tried)
	if s := r.Skipped; s != nil {
		c.Set(HeaderFallback, headerText(s.Reason)+"; skipped="+edge.HeaderList(s.Deployments))
	}
	if r.Capped > 0 {
		c.Set(HeaderOutputCap, strconv.FormatInt(r.Capped, 10))
	}
	if len(r.Soft) > 0 {
		c.Set(HeaderSoftLimit, headerText(strings.Join(r.Soft, ",")))
	}
	edge.SetLimits(c, r.Limits)
}

// setter sets headers of an answer.
func setter(c *fiber.Ctx) func(edge.Name, string) {
	return func(name edge.Name, value string) { edge.Set(c, name, headerText(value)) }
}

func headerText(s string) string { return edge.HeaderText(s) }

// unescape is a part of a path as it was meant, as a copy.
func unescape(path string) (string, error) { return url.PathUnescape(utils.CopyString(path)) }
