package balancer

import (
	"math"
	"time"
)

const (
	paceShare    = 0.3              // of the newest time in the average
	paceHalfLife = 30 * time.Second // after which a time that nothing confirms counts for half
	paceLeast    = 10 * time.Millisecond
)

// pace is the time to the first token, averaged with more weight on the newest. Without
// calls it fades, so that a deployment that was slow is tried again. Whoever holds it
// holds its deployment's lock.
type pace struct {
	value time.Duration // 0: nothing is known
	at    time.Time
}

func (p *pace) add(now time.Time, d time.Duration) {
	d = max(d, 1)
	if p.value > 0 {
		d = time.Duration(paceShare*float64(d) + (1-paceShare)*float64(p.value))
	}
	p.value, p.at = d, now
}

// expected is the time to reckon with, at least paceLeast: what is unknown looks fast,
// and is tried.
func (p *pace) expected(now time.Time) time.Duration {
	if p.value == 0 {
		return paceLeast
	}
	fade := math.Exp2(-float64(now.Sub(p.at)) / float64(paceHalfLife))
	return max(time.Duration(float64(p.value)*fade), paceLeast)
}
