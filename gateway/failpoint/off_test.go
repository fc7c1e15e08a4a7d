//go:build !failpoints

package failpoint

import (
	"testing"
	"time"
)

// TestNothingInANormalBuild: the shipped program cannot be told to fail.
func TestNothingInANormalBuild(t *testing.T) {
	t.Setenv("TOLLGATE_FAILPOINTS", "after_auth=panic")
	t.Setenv("TOLLGATE_TEST_LEASE", "1ms")
	if Enabled {
		t.Error("a build without the tag says that it has failpoints")
	}
	for _, p := range Points {
		if err := Hit(p); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
	if d := Duration("lease", time.Minute); d != time.Minute {
		t.Errorf("the lease is %s", d)
	}
}
