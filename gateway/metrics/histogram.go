package metrics

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tollgate/gateway"
)

// bounds are the upper bounds of a histogram's buckets, and how many of the unit that
// is counted make one of the unit that is told.
type bounds struct {
	upper []int64
	unit  float64
}

// The buckets. A model answers in milliseconds or in minutes, and both are looked at.
var (
	durationBounds = seconds(5*time.Millisecond, 10*time.Millisecond, 25*time.Millisecond, 50*time.Millisecond, 100*time.Millisecond, 250*time.Millisecond,
		500*time.Millisecond, time.Second, 2500*time.Millisecond, 5*time.Second, 10*time.Second, 30*time.Second, time.Minute, 2*time.Minute, 5*time.Minute,
		10*time.Minute, 15*time.Minute)
	firstBounds = seconds(5*time.Millisecond, 10*time.Millisecond, 25*time.Millisecond, 50*time.Millisecond, 100*time.Millisecond, 250*time.Millisecond,
		500*time.Millisecond, time.Second, 2500*time.Millisecond, 5*time.Second, 10*time.Second, 20*time.Second, 40*time.Second, time.Minute, 2*time.Minute)
	gapBounds = seconds(gateway.GapBounds[:]...)
	ownBounds = seconds(50*time.Microsecond, 100*time.Microsecond, 250*time.Microsecond, 500*time.Microsecond, time.Millisecond, 2500*time.Microsecond,
		5*time.Millisecond, 10*time.Millisecond, 25*time.Millisecond, 50*time.Millisecond, 100*time.Millisecond, 250*time.Millisecond, time.Second, 5*time.Second)
	commitBounds = seconds(100*time.Microsecond, 250*time.Microsecond, 500*time.Microsecond, time.Millisecond, 2500*time.Microsecond, 5*time.Millisecond,
		10*time.Millisecond, 25*time.Millisecond, 50*time.Millisecond, 100*time.Millisecond, 250*time.Millisecond, time.Second, 5*time.Second)
	stepBounds = &bounds{[]int64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}, 1}
)

func seconds(upper ...time.Duration) *bounds {
	b := &bounds{unit: float64(time.Second)}
	for _, d := range upper {
		b.upper = append(b.upper, int64(d))
	}
	return b
}

// histogram counts values by size. It is always in agreement with itself but for its sum,
// which may run ahead or behind by the values that are being counted.
type histogram struct {
	*bounds
	counts []atomic.Uint64 // one more than bounds: what is above them all
	sum    atomic.Int64
}

func newHistogram(b *bounds) *histogram {
	return &histogram{bounds: b, counts: make([]atomic.Uint64, len(b.upper)+1)}
}

func (h *histogram) observe(v int64) {
	i := 0
	for i < len(h.upper) && v > h.upper[i] {
		i++
	}
	h.counts[i].Add(1)
	h.sum.Add(v)
}

// addAll adds values that were counted elsewhere by the same bounds.
func (h *histogram) addAll(counts []uint32, sum int64) {
	for i, n := range counts {
		if n > 0 {
			h.counts[i].Add(uint64(n))
		}
	}
	h.sum.Add(sum)
}

func (h *histogram) metric(d *prometheus.Desc, labels ...string) prometheus.Metric {
	total, buckets := uint64(0), make(map[float64]uint64, len(h.upper))
	for i, b := range h.upper {
		total += h.counts[i].Load()
		buckets[float64(b)/h.unit] = total
	}
	total += h.counts[len(h.upper)].Load()
	return prometheus.MustNewConstHistogram(d, total, float64(h.sum.Load())/h.unit, buckets, labels...)
}
