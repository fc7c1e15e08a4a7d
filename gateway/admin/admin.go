// Package admin is tollgate's own management API under /api/v1: a face of control,
// in tollgate's own words, for the command line, scripts and a user interface.
//
// It imports control, gateway, edge and the types that they speak of, and fiber. It
// holds no rules: what is allowed and what is valid, control and access know; here a
// request is read strictly, handed on, and what comes back is put into JSON. The API
// is described in openapi.yaml, which a test holds against the routes and against
// real answers.
package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
)

// Prefix is what the path of every route begins with.
const Prefix = "/api/v1"

// timeout bounds what one management request may take; asking all engines is the
// longest.
const timeout = 30 * time.Second

// Problem is one thing that is wrong with the configuration file, or worth knowing.
type Problem struct {
	File    string `json:"file"` // the file, if it is not the configuration itself but one that it includes
	Path    string `json:"path"`
	Line    int    `json:"line"` // from 1; 0 if it has no place
	Column  int    `json:"column"`
	Value   string `json:"value"`   // what stands there; "" where it might be a secret
	Message string `json:"message"` // what is wrong
	Write   string `json:"write"`   // the line to write instead; may be ""
}

// Deps are what the API is a face of. Control, Gateway and Now must be there; the
// others may be zero.
type Deps struct {
	Control *control.Control
	Gateway *gateway.Gateway
	Version string
	Now     func() time.Time
	// Reload reads the configuration file again and puts it in force. An error with a
	// method Problems() []Problem is told problem by problem. nil: there is no file to
	// read again.
	Reload func() error
	// Warnings are what was remarkable in the configuration file in force.
	Warnings func() []Problem
	// Pending names the settings that the file in force has changed and that take effect at
	// the next start only.
	Pending func() []string
	// Refused are the problems of the configuration file as it is now and when they kept it
	// from being put in force; none, if it is.
	Refused func() (time.Time, []Problem)
	// Assumed names providers that nobody declared and tollgate looks for by itself:
	// it is no problem that they are not there.
	Assumed func() []string
	// Look looks at the engines now: see signals.
	Look func(context.Context)
	// Books says why no paid call can be begun now; nil: it can be.
	Books func(context.Context) error
	// Shadow has the calls of a trial beside another gateway.
	Shadow ShadowCalls
}

type api struct {
	Deps
	making sync.Mutex // held while a key is made: how many its user has is looked at before
}

// Routes is the table of the API.
func Routes(d Deps) []edge.Route {
	a := &api{Deps: d}
	var routes []edge.Route
	add := func(who edge.Access, use access.Use, method, path string, handle edge.Handler) {
		routes = append(routes, edge.Route{Method: method, Path: Prefix + path, Access: who, Use: use, Handle: handle})
	}
	use := func(method, path string) access.Use {
		if method == http.MethodGet || path == "/explain" {
			return access.Reads
		}
		return access.Manages
	}
	admin := func(method, path string, handle func(*request) error) {
		add(edge.AdminKey, use(method, path), method, path, a.handler(handle))
	}
	byRole := func(method, path string, handle func(*request) error) { // which asks control
		add(edge.ByRole, use(method, path), method, path, a.handler(handle))
	}

	byRole(http.MethodGet, "/users", a.listUsers)
	byRole(http.MethodPost, "/users", a.createUser)
	byRole(http.MethodGet, "/users/:id", a.getUser)
	admin(http.MethodPatch, "/users/:id", a.updateUser)
	admin(http.MethodDelete, "/users/:id", a.deleteUser)
	byRole(http.MethodGet, "/users/:id/budgets", a.userBudgets)

	a.endUsers().mount("/end_users", byRole, admin)
	a.tags().mount("/tags", byRole, admin)

	byRole(http.MethodGet, "/orgs", a.listOrgs)
	admin(http.MethodPost, "/orgs", a.createOrg)
	byRole(http.MethodGet, "/orgs/:id", a.getOrg)
	admin(http.MethodPatch, "/orgs/:id", a.updateOrg)
	admin(http.MethodDelete, "/orgs/:id", a.deleteOrg)
	byRole(http.MethodGet, "/orgs/:id/budgets", a.orgBudgets)
	byRole(http.MethodPut, "/orgs/:id/members/:user", a.addOrgMember)
	byRole(http.MethodDelete, "/orgs/:id/members/:user", a.removeOrgMember)

	byRole(http.MethodGet, "/teams", a.listTeams)
	byRole(http.MethodPost, "/teams", a.createTeam)
	byRole(http.MethodGet, "/teams/:id", a.getTeam)
	byRole(http.MethodPatch, "/teams/:id", a.updateTeam)
	byRole(http.MethodDelete, "/teams/:id", a.deleteTeam)
	byRole(http.MethodGet, "/teams/:id/budgets", a.teamBudgets)
	byRole(http.MethodPut, "/teams/:id/members/:user", a.addMember)
	byRole(http.MethodDelete, "/teams/:id/members/:user", a.removeMember)

	byRole(http.MethodGet, "/keys", a.listKeys)
	byRole(http.MethodPost, "/keys", a.createKey)
	byRole(http.MethodGet, "/keys/:id", a.getKey)
	byRole(http.MethodPatch, "/keys/:id", a.updateKey)
	byRole(http.MethodDelete, "/keys/:id", a.deleteKey)
	byRole(http.MethodPost, "/keys/:id/rotate", a.rotateKey)
	byRole(http.MethodGet, "/keys/:id/budgets", a.keyBudgets)

	byRole(http.MethodGet, "/budgets", a.listBudgets)
	admin(http.MethodPost, "/budgets", a.createBudget)
	byRole(http.MethodGet, "/budgets/:id", a.getBudget)
	admin(http.MethodPatch, "/budgets/:id", a.updateBudget)
	admin(http.MethodDelete, "/budgets/:id", a.deleteBudget)

	byRole(http.MethodGet, "/limits", a.listLimits)
	admin(http.MethodPost, "/limits", a.createLimit)
	byRole(http.MethodGet, "/limits/:id", a.getLimit)
	admin(http.MethodPatch, "/limits/:id", a.updateLimit)
	admin(http.MethodDelete, "/limits/:id", a.deleteLimit)

	byRole(http.MethodGet, "/plans", a.seeing(control.ThePlan, a.listPlans))
	admin(http.MethodPost, "/plans", a.createPlan)
	byRole(http.MethodGet, "/plans/:id", a.seeing(control.ThePlan, a.getPlan))
	admin(http.MethodPatch, "/plans/:id", a.updatePlan)
	admin(http.MethodDelete, "/plans/:id", a.deletePlan)

	admin(http.MethodPost, "/apply", a.apply)
	admin(http.MethodPost, "/adjustments", a.adjust)
	byRole(http.MethodGet, "/audit", a.seeing(control.TheOperation, a.audits))

	byRole(http.MethodGet, "/models", a.seeing(control.TheOperation, a.listModels))
	admin(http.MethodPost, "/models", a.createModel)
	byRole(http.MethodGet, "/models/:id", a.seeing(control.TheOperation, a.getModel))
	admin(http.MethodPatch, "/models/:id", a.updateModel)
	admin(http.MethodDelete, "/models/:id", a.deleteModel)
	byRole(http.MethodGet, "/additions", a.seeing(control.TheOperation, a.listAdditions))

	byRole(http.MethodGet, "/credentials", a.seeing(control.TheOperation, a.listCredentials))
	admin(http.MethodPost, "/credentials", a.createCredential)
	byRole(http.MethodGet, "/credentials/:id", a.seeing(control.TheOperation, a.getCredential))
	admin(http.MethodPatch, "/credentials/:id", a.updateCredential)
	admin(http.MethodDelete, "/credentials/:id", a.deleteCredential)

	byRole(http.MethodGet, "/model_groups", a.seeing(control.TheOperation, a.listModelGroups))
	admin(http.MethodPost, "/model_groups", a.createModelGroup)
	byRole(http.MethodGet, "/model_groups/:id", a.seeing(control.TheOperation, a.getModelGroup))
	admin(http.MethodPatch, "/model_groups/:id", a.updateModelGroup)
	admin(http.MethodDelete, "/model_groups/:id", a.deleteModelGroup)

	byRole(http.MethodGet, "/fallbacks", a.seeing(control.TheOperation, a.listFallbacks))
	admin(http.MethodPost, "/fallbacks", a.createFallback)
	byRole(http.MethodGet, "/fallbacks/:id", a.seeing(control.TheOperation, a.getFallback))
	admin(http.MethodPatch, "/fallbacks/:id", a.updateFallback)
	admin(http.MethodDelete, "/fallbacks/:id", a.deleteFallback)

	byRole(http.MethodGet, "/deployments", a.seeing(control.TheOperation, a.listDeployments))
	byRole(http.MethodGet, "/usage", a.usage)
	byRole(http.MethodGet, "/entries", a.entries)
	byRole(http.MethodGet, "/verify", a.seeing(control.TheOperation, a.verify))
	admin(http.MethodPost, "/retain", a.retain)
	admin(http.MethodPost, "/explain", a.explain)
	admin(http.MethodGet, "/shadow", a.shadow)
	byRole(http.MethodGet, "/check", a.seeing(control.TheOperation, a.check))
	admin(http.MethodPost, "/reload", a.reload)

	add(edge.AnyKey, access.Itself, http.MethodGet, "/me", a.handler(a.me))
	add(edge.Open, 0, http.MethodGet, "/openapi.yaml", specYAML)
	add(edge.Open, 0, http.MethodGet, "/openapi.json", specJSON)
	return routes
}

// request is one request of a known principal. Its context does not belong to the
// framework, which uses its own again.
type request struct {
	c   *fiber.Ctx
	ctx context.Context
	who access.Principal
}

func (a *api) handler(handle func(*request) error) edge.Handler {
	return func(c *fiber.Ctx, who access.Principal) error {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		c.Set(fiber.HeaderCacheControl, "no-store")
		r := &request{c: c, who: who}
		actor, err := by(r)
		if err != nil {
			return err
		}
		r.ctx = control.By(ctx, actor)
		switch c.Method() {
		case http.MethodDelete:
			if err = r.query().done(); err == nil {
				err = r.bare("this path takes no body: what is meant is in the path")
			}
		case http.MethodGet, http.MethodPut:
			err = r.bare("this path takes no body: write parameters, as ?name=value")
		}
		if err != nil {
			return err
		}
		return inRequest(handle(r))
	}
}

// inRequest says of an error in which field or parameter of a request it lies, if it lies in
// one.
func inRequest(err error) error {
	var in *control.InField
	if !errors.As(err, &in) {
		return err
	}
	field := in.Field
	var edit *control.EditError
	if errors.As(err, &edit) {
		field = fmt.Sprintf("edits[%d].%s", edit.At, field)
	}
	return &edge.InField{Field: field, Err: err}
}

// seeing asks whether somebody may see a thing that is nobody's in particular.
func (a *api) seeing(what control.Thing, handle func(*request) error) func(*request) error {
	return func(r *request) error {
		if err := a.Control.May(r.who, control.See, what, control.Place{}); err != nil {
			return err
		}
		return handle(r)
	}
}

// visible leaves of a list what somebody may see. of says where each is.
func visible[T any](a *api, r *request, what control.Thing, all []T, of func(T) control.Place) []T {
	if a.Control.May(r.who, control.See, what, control.Place{}) == nil {
		return all
	}
	return slices.DeleteFunc(all, func(v T) bool { return a.Control.May(r.who, control.See, what, of(v)) != nil })
}

// param returns a part of the path, decoded. What cannot be decoded names nothing.
func (r *request) param(name string) string {
	raw := utils.CopyString(r.c.Params(name))
	if id, err := url.PathUnescape(raw); err == nil {
		return id
	}
	return raw
}

// answer sends a value as JSON.
func (r *request) answer(status int, v any) error {
	r.c.Status(status)
	return r.c.JSON(v)
}

// gone answers a deletion.
func (r *request) gone() error { return r.c.SendStatus(http.StatusNoContent) }

// instant writes a time in UTC, to the microsecond as it is stored; the zero time is
// null.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Microsecond)
	return &t
}

// list makes a list that is never null in JSON.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
