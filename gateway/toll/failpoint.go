package toll

import (
	"tollgate/accounting"
	"tollgate/gateway/failpoint"
)

// arrived passes the failpoint of an event that has come and was not looked at yet. An
// event names its model, so the first is the one before which none is known.
func (m *meter) arrived() error {
	if m.model == "" {
		return failpoint.Hit(failpoint.AfterFirstByte)
	}
	return failpoint.Hit(failpoint.MidStream)
}

// complete settles an attempt whose answer has come to its end, past the failpoint
// between the two. An error there is a failure of our own: what was produced is paid.
func (m *meter) complete() error {
	if err := failpoint.Hit(failpoint.AfterUpstreamEnd); err != nil {
		m.fail("error", false)
		return err
	}
	return m.end("ok", accounting.Counted)
}
