package dispatch

import (
	"time"

	"tollgate/gateway/listening"
)

// NewStandard returns a dispatcher that calls plain HTTP by net/http, too.
func NewStandard() *Dispatcher {
	d := &Dispatcher{}
	d.upstreams.make = func(_ *head, scheme, _ string, idle time.Duration, own *listening.Own) client {
		return newStandard(scheme == "https", idle, own)
	}
	return d
}
