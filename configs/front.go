package configs

import (
	"math"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Front bounds what clients may ask of the HTTP front at once. Sizes are in bytes.
type Front struct {
	MaxBody    int64 // of one request, as sent and inflated
	Bodies     int64 // of all running requests together
	Requests   int   // that run at once
	PerKey     int   // of one key
	PerAddress int   // connections from one address
	HeaderWait time.Duration
	BodyWait   time.Duration
	IdleWait   time.Duration // between two requests of a connection
	WriteStall time.Duration // for 64 KiB of an answer
}

// DefaultFront is what a front takes that is told nothing.
func DefaultFront() Front {
	return Front{
		MaxBody: 32 << 20, Bodies: 1 << 30, Requests: 16_384, PerKey: 4096, PerAddress: 4096,
		HeaderWait: 10 * time.Second, BodyWait: 60 * time.Second, IdleWait: 75 * time.Second, WriteStall: 30 * time.Second,
	}
}

// The ranges of what a front may be told.
const (
	minBody     = 64 << 10
	maxBody     = 1 << 30
	maxCount    = 100_000 // connections and requests
	maxPatience = time.Hour
)

func (r *reader) front(path string, n *yaml.Node) {
	if isNull(n) {
		return
	}
	f := &r.config.Front
	wait := func(to *time.Duration) field {
		return func(path string, n *yaml.Node) {
			if d := r.duration(path, n, time.Second, maxPatience); d != 0 {
				*to = d
			}
		}
	}
	count := func(to *int) field {
		return func(path string, n *yaml.Node) {
			if v, ok := r.whole(path, n, maxCount); ok {
				*to = int(v)
			}
		}
	}
	bytes := func(to *int64, most int64) field {
		return func(path string, n *yaml.Node) {
			if v, ok := r.bytes(path, n, minBody, most); ok {
				*to = v
			}
		}
	}
	before := len(r.problems)
	r.fields(path, n, "front: { max_body: 32 MiB }", map[string]field{
		"max_body": bytes(&f.MaxBody, maxBody), "bodies": bytes(&f.Bodies, 1<<40),
		"requests": count(&f.Requests), "requests_per_key": count(&f.PerKey), "connections_per_address": count(&f.PerAddress),
		"header_timeout": wait(&f.HeaderWait), "body_timeout": wait(&f.BodyWait), "idle_timeout": wait(&f.IdleWait), "write_timeout": wait(&f.WriteStall),
	})
	if len(r.problems) == before && f.Bodies < 2*f.MaxBody {
		r.say(path+".bodies", n, "bodies: "+spell(2*f.MaxBody), "there is no room for two bodies of %s (max_body)", spell(f.MaxBody))
	}
}

var sized = pattern(`^([1-9][0-9]{0,12}) ?(KiB|MiB|GiB)$`)

var units = map[string]int64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

// bytes reads a size with its unit, from low to high.
func (r *reader) bytes(path string, n *yaml.Node, low, high int64) (int64, bool) {
	write := last(path) + ": 32 MiB"
	s, ok := r.scalar(path, n, write)
	if !ok {
		return 0, false
	}
	m := sized().FindStringSubmatch(s)
	if m == nil {
		if v, err := strconv.ParseInt(s, 10, 64); err == nil && v > 0 && v%(1<<10) == 0 {
			write = last(path) + ": " + spell(v)
		} else if near := sized().FindStringSubmatch(strings.NewReplacer("B", "iB", "b", "iB").Replace(strings.ToUpper(s))); near != nil {
			write = last(path) + ": " + near[1] + " " + near[2]
		}
		r.say(path, n, write, "not a size with its unit (KiB, MiB, GiB)")
		return 0, false
	}
	v, err := strconv.ParseInt(m[1], 10, 64)
	unit := units[m[2]]
	if err != nil || v > math.MaxInt64/unit || v*unit < low || v*unit > high {
		r.say(path, n, "", "out of range: %s to %s are possible", spell(low), spell(high))
		return 0, false
	}
	return v * unit, true
}

// spell writes a size in the largest unit that it is whole in.
func spell(n int64) string {
	for _, unit := range []string{"GiB", "MiB", "KiB"} {
		if n%units[unit] == 0 {
			return strconv.FormatInt(n/units[unit], 10) + " " + unit
		}
	}
	return strconv.FormatInt(n, 10) + " bytes"
}
