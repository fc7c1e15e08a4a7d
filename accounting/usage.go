package accounting

import "fmt"

// Meter is one thing a model can bill. The token meters are disjoint: a token is
// counted in exactly one of them, and the codec that reads an upstream's usage
// makes them so.
type Meter uint8

// The meters. The first group counts tokens.
const (
	Input            Meter = iota // prompt tokens that fall in no other input meter
	CachedInput                   // prompt tokens read from the upstream's cache
	CacheWrite                    // prompt tokens written to the upstream's cache
	CacheWriteHour                // the same, for an hour
	AudioInput                    // prompt tokens of audio
	CachedAudioInput              // the same, read from the cache
	ImageInput                    // prompt tokens of images
	CachedImageInput              // the same, read from the cache
	Output                        // answer tokens that fall in no other output meter
	Reasoning                     // hidden or shown reasoning tokens
	AudioOutput                   // answer tokens of audio
	ImageOutput                   // answer tokens of images

	Images       // generated images
	Requests     // calls
	Searches     // web searches run by the upstream
	Characters   // input characters (speech)
	Milliseconds // audio length or compute time, in thousandths of a second

	numMeters
)

var meterNames = [numMeters]string{
	"input", "cached_input", "cache_write", "cache_write_1h", "audio_input", "cached_audio_input",
	"image_input", "cached_image_input", "output", "reasoning", "audio_output", "image_output",
	"image", "request", "search", "character", "second",
}

// String returns the meter's name in configuration files, columns and JSON.
func (m Meter) String() string {
	if m < numMeters {
		return meterNames[m]
	}
	return fmt.Sprintf("meter(%d)", uint8(m))
}

// Meters lists every meter in order.
func Meters() []Meter {
	all := make([]Meter, numMeters)
	for i := range all {
		all[i] = Meter(i)
	}
	return all
}

// MeterByName finds a meter by the name that [Meter.String] gives it.
func MeterByName(name string) (Meter, bool) {
	for i, n := range meterNames {
		if n == name {
			return Meter(i), true
		}
	}
	return 0, false
}

// MaxCount is the largest count of one meter in one call that is believed; see
// [Usage.Clamp]. A trillion tokens is beyond any model by five orders.
const MaxCount int64 = 1_000_000_000_000

// Usage holds one count per meter for one call. Counts are never negative.
type Usage [numMeters]int64

// InputTokens is the sum of the input token meters.
func (u Usage) InputTokens() int64 {
	return u[Input] + u[CachedInput] + u[CacheWrite] + u[CacheWriteHour] + u[AudioInput] + u[CachedAudioInput] + u[ImageInput] + u[CachedImageInput]
}

// OutputTokens is the sum of the output token meters.
func (u Usage) OutputTokens() int64 {
	return u[Output] + u[Reasoning] + u[AudioOutput] + u[ImageOutput]
}

// IsZero says that nothing was counted.
func (u Usage) IsZero() bool { return u == Usage{} }

// Clamp brings every count into 0..[MaxCount] and says whether one had to be
// moved. What an upstream reports is input like any other: it may be negative or
// absurd, and must neither lower a counter nor wrap it.
func (u Usage) Clamp() (Usage, bool) {
	moved := false
	for i, n := range u {
		switch {
		case n < 0:
			u[i], moved = 0, true
		case n > MaxCount:
			u[i], moved = MaxCount, true
		}
	}
	return u, moved
}

// Renew returns a running usage after a newer report of it: the newer counts of input
// and those of output, unless they add up to less than the older ones, since what was
// used does not become less; shrank says that they did.
func (u Usage) Renew(newer Usage) (now Usage, shrank bool) {
	now = newer
	keep := func(from, to Meter) {
		shrank = true
		copy(now[from:to], u[from:to])
	}
	if newer.InputTokens() < u.InputTokens() {
		keep(Input, Output)
	}
	if newer.OutputTokens() < u.OutputTokens() {
		keep(Output, Images)
	}
	for m := Images; m < numMeters; m++ {
		now[m] = max(now[m], u[m])
	}
	return now, shrank
}

// Source says who counted a usage.
type Source string

// The sources of a usage, from best to worst.
const (
	Reported  Source = "reported"  // the upstream said so
	Counted   Source = "counted"   // counted here on the complete text
	Estimated Source = "estimated" // counted here on what was received of a cut answer
	Uncertain Source = "uncertain" // nobody knows: the process died while the call was running, or its upstream broke off before anything came
)
