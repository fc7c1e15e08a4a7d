package main

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/gateway/access"
	"tollgate/gateway/admin"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/edge"
	"tollgate/gateway/httpapi"
	"tollgate/gateway/litellm"
	"tollgate/providers"
)

// mountShadow has every request forwarded that is not for the management API, the health
// checks or the metrics of this program.
func (s *server) mountShadow(to *url.URL, running context.Context, now func() time.Time) {
	s.shadow = &httpapi.Shadow{API: s.api, Gateway: s.gateway, Relay: dispatch.NewRelay(to, s.own), Recorder: s.store, Log: s.log, Now: now, Codec: codecFor, Read: litellm.ReadAnswer, Context: running}
	edge.MountRest(s.app, s.auth, func(c *fiber.Ctx, who access.Principal, unknown error, mark string) error {
		if strings.HasPrefix(c.Path(), admin.Prefix+"/") {
			return edge.ErrNoRoute
		}
		return s.shadow.Handle(c, who, unknown, mark)
	})
}

// codecFor reads answers in OpenAI's dialect, or in Anthropic's where the operation is
// Anthropic's; nil if no provider has the operation.
func codecFor(op providers.Operation) providers.Codec {
	for _, k := range kinds() {
		if c := k.For(op); c != nil {
			return c
		}
	}
	return nil
}

// running is how many requests run.
func (s *server) running() int64 {
	n := s.api.Running()
	if s.shadow != nil {
		n += s.shadow.Running()
	}
	return n
}
