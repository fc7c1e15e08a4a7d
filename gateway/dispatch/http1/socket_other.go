//go:build !linux

package http1

// Elsewhere nobody looks: a peer that is gone is noticed by the keep-alive probes, and
// a connection that has ended by its use.
func setUserTimeout(uintptr) error { return nil }

func look(uintptr) sight { return nothing }

// converse leaves the request to be written as anything else is.
func (cn *conn) converse(uintptr) (done bool) { return true }
