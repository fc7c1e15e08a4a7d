package litellm

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/edge"
)

// Known is what the routes tell of that are LiteLLM's own.
type Known struct {
	// Ready says what the process is ready for; Draining is its word for nothing new, and
	// Whole that for everything.
	Ready           func() string
	Whole, Draining string
	// Models says which deployments somebody may use and which of them are called.
	Models func(access.Principal) []gateway.Health
	// May says why somebody may not use a model, or nil.
	May func(who access.Principal, model string) error
	// Routes are all of the program, for the list of them.
	Routes func() []edge.Route
}

// Mount returns the routes of LiteLLM's health checks, the list of all routes, and the one
// that counts tokens. Who gives no key is told what a balancer needs, in a word.
func (d *Dialect) Mount(h Known) []edge.Route {
	alive := func(c *fiber.Ctx, _ access.Principal) error { return c.JSON("I'm alive!") }
	ready := func(c *fiber.Ctx, details fiber.Map) error {
		switch status := h.Ready(); {
		case status == h.Draining:
			return c.Status(fiber.StatusServiceUnavailable).JSON(fiber.Map{"status": "shutting_down"})
		case status == h.Whole:
			details["db"] = "connected"
		default: // what is free is served
			details["db"] = "disconnected"
		}
		details["status"] = "healthy"
		return c.JSON(details)
	}
	return []edge.Route{
		{Method: fiber.MethodGet, Path: "/health/liveliness", Access: edge.Open, Handle: alive},
		{Method: fiber.MethodGet, Path: "/health/liveness", Access: edge.Open, Handle: alive},
		{Method: fiber.MethodGet, Path: "/health/readiness", Access: edge.Open, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			return ready(c, fiber.Map{})
		}},
		{Method: fiber.MethodGet, Path: "/health/readiness/details", Access: edge.AdminKey, Use: access.Reads, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			return ready(c, fiber.Map{"litellm_version": d.Version, "cache": nil, "success_callbacks": []string{}})
		}},
		{Method: fiber.MethodGet, Path: "/health", Access: edge.AnyKey, Use: access.Itself, Handle: func(c *fiber.Ctx, who access.Principal) error {
			return c.JSON(endpoints(h.Models(who), c.Query("model"), c.Query("model_id")))
		}},
		{Method: fiber.MethodGet, Path: "/routes", Access: edge.AnyKey, Use: access.Reads, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			return c.JSON(fiber.Map{"routes": listed(h.Routes())})
		}},
		{Method: fiber.MethodPost, Path: "/utils/token_counter", Access: edge.AnyKey, Use: access.Calls, Handle: count(h.May)},
		{Method: fiber.MethodGet, Path: "/openapi.json", Access: edge.AnyKey, Use: access.Reads, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			return c.JSON(described(h.Routes(), d.Version))
		}},
		{Method: fiber.MethodGet, Path: "/test", Access: edge.Open, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			return c.JSON(fiber.Map{"route": "/test"})
		}},
	}
}

// endpoint is a deployment in a health check. Where it is, is nobody's business.
type endpoint struct {
	Model string `json:"model"` // its public name
	ID    string `json:"model_id,omitempty"`
	Error string `json:"error,omitempty"`
}

// endpoints parts the deployments of a model or of all, by what their last calls have shown.
// A check calls nothing, so that it costs nothing.
func endpoints(all []gateway.Health, model, id string) fiber.Map {
	healthy, unhealthy := []endpoint{}, []endpoint{}
	for _, m := range all {
		e := endpoint{m.Model, m.Deployment, m.Problem}
		switch {
		case model != "" && m.Model != model, id != "" && m.Deployment != id:
		case m.Problem == "":
			healthy = append(healthy, e)
		default:
			unhealthy = append(unhealthy, e)
		}
	}
	return fiber.Map{"healthy_endpoints": healthy, "unhealthy_endpoints": unhealthy, "healthy_count": len(healthy), "unhealthy_count": len(unhealthy)}
}

// route is a route in the list of them.
type route struct {
	Path    string   `json:"path"`
	Methods []string `json:"methods"`
}

// listed lists routes by path, with their parameters in braces.
func listed(all []edge.Route) []route {
	var out []route
	for _, r := range all {
		parts := strings.Split(r.Path, "/")
		for i, p := range parts {
			switch {
			case p == "+":
				parts[i] = "{model}"
			case p == "*":
				parts[i] = "{rest}"
			case strings.HasPrefix(p, ":"):
				parts[i] = "{" + p[1:] + "}"
			}
		}
		path := strings.Join(parts, "/")
		if i := slices.IndexFunc(out, func(o route) bool { return o.Path == path }); i >= 0 {
			out[i].Methods = append(out[i].Methods, r.Method)
			continue
		}
		out = append(out, route{path, []string{r.Method}})
	}
	slices.SortFunc(out, func(a, b route) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// described is the list of routes as an OpenAPI document, for programs that look in it for
// what is served. What bodies have is in tollgate's documentation.
func described(all []edge.Route, version string) fiber.Map {
	paths := fiber.Map{}
	for _, r := range listed(all) {
		methods := fiber.Map{}
		for _, m := range r.Methods {
			methods[strings.ToLower(m)] = fiber.Map{"responses": fiber.Map{"200": fiber.Map{"description": "It was done."}}}
		}
		paths[r.Path] = methods
	}
	return fiber.Map{"openapi": "3.1.0", "info": fiber.Map{"title": "tollgate", "version": version}, "paths": paths}
}
