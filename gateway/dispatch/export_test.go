package dispatch

import "time"

// NewStandard returns a dispatcher that calls plain HTTP by net/http, too.
func NewStandard() *Dispatcher {
	d := &Dispatcher{}
	d.upstreams.make = func(_ *head, scheme, _ string, idle time.Duration) client {
		return newStandard(scheme == "https", idle)
	}
	return d
}
