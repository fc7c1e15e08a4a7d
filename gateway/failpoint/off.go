//go:build !failpoints

package failpoint

import "time"

// Enabled says whether this build has failpoints.
const Enabled = false

// Hit does nothing in this build.
func Hit(Point) error { return nil }

// Duration is normal in this build.
func Duration(_ string, normal time.Duration) time.Duration { return normal }
