package gateway

import "time"

// OutOfTime is the cause that a call ends with when its time is up.
func OutOfTime(total time.Duration) error { return &outOfTime{total} }
