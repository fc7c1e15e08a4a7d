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
	// Joining are the edits that give a user who is put into a team what the team gives to each
	// who joins, by the terms that another face keeps with it. nil: none keeps any.
	Joining func(ctx context.Context, who access.Principal, team, user string) ([]control.Edit, error)
	// Shadow has the calls of a trial beside another gateway.
	Shadow ShadowCalls
}

type api struct {
	Deps
	making sync.Mutex // held while a key is made: how many its user has is looked at before
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
