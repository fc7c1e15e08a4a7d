package toll

import (
	"tollgate/accounting"
	"tollgate/gateway/failpoint"
	"tollgate/providers"
)

// arrived passes the failpoint of an event that has come and was not looked at yet. An
// event names its model, so the first is the one before which none is known.
func (m *meter) arrived() error {
	if m.model == "" {
		return failpoint.Hit(failpoint.AfterFirstByte)
	}
	return failpoint.Hit(failpoint.MidStream)
}

// complete settles an attempt whose answer has come to its end, past the failpoint between
// the two. failed is the failure that the answer tells of, if any: that of an answer which
// says nothing else is one like any other. An error at the failpoint is a failure of our own:
// what was produced is paid.
func (m *meter) complete(failed *providers.Error) error {
	if err := failpoint.Hit(failpoint.AfterUpstreamEnd); err != nil {
		m.fail("error", false)
		return err
	}
	if failed == nil {
		return m.end("ok", accounting.Counted)
	}
	m.failed(failed, true)
	return m.err
}
