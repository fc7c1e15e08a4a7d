// Package manage is LiteLLM's management API as a face of control: its paths, fields,
// shapes, words and rules of who may call what, over tollgate's own things.
//
// It holds no rule of its own. A request is read as LiteLLM reads it and becomes edits of
// control, all of them or none; what control has becomes LiteLLM's rows. What LiteLLM alone
// has a field for is kept in a thing's attributes under `litellm`, so that a client reads
// what it wrote; what every field means here stands beside its name, see [Fate], and
// docs/litellm.md is held against that.
//
// It imports control, gateway and edge, configs/litellm for what LiteLLM's texts mean,
// accounting/tokens to count what a prompt would cost, the types that they speak of, and
// fiber. Only cmd knows it.
package manage

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"tollgate/configs/litellm"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
)

// timeout bounds what one request may take.
const timeout = 30 * time.Second

// Parts are what the face stands before.
type Parts struct {
	Control *control.Control
	Gateway *gateway.Gateway
	Version string
	Now     func() time.Time
	Random  io.Reader
	// Listed are the deployments of LiteLLM's file in force; none, if that is no file of it.
	Listed func() []litellm.Listed
	// Zone is the time zone that the windows of budgets are in that are made; nil is UTC.
	Zone func() *time.Location
	// Env looks up a variable that a deployment refers to; see [litellm.Sent] for which.
	Env func(name string) (string, bool)
}

// api is the face.
type api struct {
	Parts
	// changing is held while a request changes something, so that those of one replica wait
	// for each other and are not made anew; see [api.whole].
	changing sync.Mutex
}

// route is a row of the table: who may call it, its handler asks control.
type route struct {
	method, path string
	fields       fields // of the body; nil: it has none that is looked at
	handle       func(*call) error
}

// table is every route of the face.
func (a *api) table() []route {
	var all []route
	for _, part := range [][]route{
		a.activityRoutes(),
		a.budgetRoutes(),
		a.costRoutes(),
		a.customerRoutes(),
		a.keyRoutes(),
		a.logRoutes(),
		a.memberRoutes(),
		a.orgRoutes(),
		a.settingRoutes(),
		a.spendRoutes(),
		a.tagRoutes(),
		a.teamRoutes(),
		a.userRoutes(),
		a.modelRoutes(),
		a.credentialRoutes(),
		a.groupRoutes(),
		a.fallbackRoutes(),
	} {
		all = append(all, part...)
	}
	return append(all, a.absentRoutes()...)
}

// Routes is the table of the face.
func Routes(p Parts) []edge.Route {
	a := &api{Parts: p}
	var routes []edge.Route
	for _, r := range a.table() {
		routes = append(routes, edge.Route{Method: r.method, Path: r.path, Access: edge.ByRole, Use: r.use(), Handle: a.handler(r)})
	}
	return routes
}

// itself are the routes that tell a key of itself and of the models that it may use; of
// others they tell those keys alone that may read.
var itself = []string{"/key/info", "/key/health", "/model/info", "/v1/model/info", "/v2/model/info", "/model_group/info"}

// posted are the routes that read with a POST.
var posted = []string{"/v2/key/info", "/budget/info", "/tag/info", "/spend/calculate", "/cost/estimate", "/utils/token_counter", "/global/spend/end_users", "/health/test_connection"}

// use is what a route is for, as far as keys are kept to some.
func (r route) use() access.Use {
	switch {
	case slices.Contains(itself, r.path):
		return access.Itself
	case r.method == http.MethodGet, slices.Contains(posted, r.path):
		return access.Reads
	}
	return access.Manages
}

// call is one request of a known principal. Its context does not belong to the framework,
// which uses its own again.
type call struct {
	c    *fiber.Ctx
	ctx  context.Context
	who  access.Principal
	now  time.Time
	zone *time.Location // of the windows that are made
	body
	service bool // a key of a service account is made
}

// headerChangedBy is where LiteLLM's clients name who is behind a change.
const headerChangedBy = "Litellm-Changed-By"

func (a *api) handler(r route) edge.Handler {
	return func(c *fiber.Ctx, who access.Principal) error {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		c.Set(fiber.HeaderCacheControl, "no-store")
		actor := control.Actor{Key: who.Key.ID, User: who.Key.UserID, Name: utils.CopyString(c.Get(headerChangedBy))}
		if len(actor.Name) > control.MaxActor {
			return tell(c, bad("litellm-changed-by", "the name in the header litellm-changed-by is longer than %d bytes", control.MaxActor))
		}
		in := &call{c: c, ctx: control.By(ctx, actor), who: who, now: a.Now(), zone: a.Zone()}
		err := error(nil)
		if r.fields != nil {
			err = in.read(r.fields)
		}
		if err == nil {
			err = a.serve(r, in)
		}
		if errors.Is(err, control.ErrNotPermitted) && in.views() {
			err = &refusal{status: http.StatusForbidden, kind: "auth_error", param: "None", message: "user not allowed to access this route, role= proxy_admin_viewer. Trying to access: " + r.path}
		}
		return tell(c, err)
	}
}

// serve handles a request: what changes something, one after another.
func (a *api) serve(r route, in *call) error {
	if r.use() != access.Manages {
		return r.handle(in)
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	return a.whole(in, r.handle)
}

// How often a change is made at most, since others changed something each time, and how long
// it waits at most before it looks again: so many replicas as there may be get their turn.
const (
	wholeTries = 40
	wholePause = 100 * time.Millisecond
)

// whole makes one change: do looks how a thing stands, and which names are taken, and makes
// what follows from that. If anybody has changed anything meanwhile, nothing of it has
// happened and it is done anew.
func (a *api) whole(in *call, do func(*call) error) error {
	for try := 1; ; try++ {
		ctx, err := a.Control.Look(in.ctx)
		if err != nil {
			return err
		}
		once := *in
		once.ctx = ctx
		if err = do(&once); !errors.Is(err, control.ErrOvertaken) || try == wholeTries {
			return err
		}
		select {
		case <-in.ctx.Done():
			return err
		case <-time.After(rand.N(min(wholePause, time.Millisecond<<min(try, 20)))):
		}
	}
}

// views says whether the caller sees everything and changes nothing.
func (in *call) views() bool {
	person := in.who.Person()
	return person != nil && person.Role == access.Viewer
}

// answer sends a value as JSON.
func (in *call) answer(v any) error { return in.c.JSON(v) }

// refusal is an answer that is none, as LiteLLM's clients read it.
type refusal struct {
	status  int
	kind    string // the type of the error
	param   string // "" is null
	message string
	wrong   []invalid // of a request that cannot be read: the status is 422
}

// detailed is a refusal whose detail is more, or less, than the message in an object.
type detailed struct {
	*refusal
	detail any
}

func (d *detailed) Unwrap() error { return d.refusal }

// invalid is one thing that is wrong with a request.
type invalid struct {
	Where []any  `json:"loc"` // "body" or "query", then the field
	What  string `json:"msg"`
	Kind  string `json:"type"`
}

func (r *refusal) Error() string { return r.message }

// tell answers with an error in LiteLLM's words: an `error` object, and for clients that
// read FastAPI's own a `detail` beside it. What is not this face's own goes on.
func tell(c *fiber.Ctx, err error) error {
	if err == nil {
		return nil
	}
	var no *refusal
	switch {
	case errors.As(err, &no):
	case errors.Is(err, control.ErrNotFound):
		no = &refusal{status: http.StatusNotFound, kind: "not_found_error", message: err.Error()}
	case errors.Is(err, control.ErrExists):
		no = &refusal{status: http.StatusConflict, kind: "bad_request_error", message: err.Error()}
	case errors.Is(err, control.ErrInvalid), errors.Is(err, control.ErrInFile):
		no = &refusal{status: http.StatusBadRequest, kind: "bad_request_error", message: err.Error()}
	case errors.Is(err, control.ErrNotPermitted):
		// LiteLLM has 401 for what a role may not do, and its clients look for it.
		no = &refusal{status: http.StatusUnauthorized, kind: "auth_error", param: "None", message: "Authentication Error, Only proxy admin can be used for this. " + err.Error()}
	default:
		return err
	}
	var param any
	if no.param != "" {
		param = no.param
	}
	detail := any(fiber.Map{"error": no.message})
	if no.wrong != nil {
		detail = no.wrong
	}
	var with *detailed
	if errors.As(err, &with) {
		detail = with.detail
	}
	return c.Status(no.status).JSON(fiber.Map{
		"error":  fiber.Map{"message": no.message, "type": no.kind, "param": param, "code": statusText(no.status)},
		"detail": detail,
	})
}
