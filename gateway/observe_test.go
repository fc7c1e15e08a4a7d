package gateway_test

import (
	"fmt"
	"testing"

	"tollgate/gateway"
	"tollgate/gateway/access"
)

// TestReasonOfARevokedKey: a stream that is cut before its first event has the same status
// in records and metrics as one that is cut within, whatever the key was refused for.
func TestReasonOfARevokedKey(t *testing.T) {
	for _, why := range []error{access.ErrUnknownKey, access.ErrKeyBlocked, access.ErrKeyExpired, access.ErrUserBlocked, access.ErrTeamBlocked,
		access.ErrOrgBlocked, access.ErrEndUser, access.ErrTagBlocked} {
		err := &gateway.AttemptError{Err: fmt.Errorf("the call was ended: %w", why), Deployment: "gpu/m", Attempts: 1}
		if got := gateway.Reason(err); got != "cut_off" {
			t.Errorf("%v: %s", why, got)
		}
	}
}
