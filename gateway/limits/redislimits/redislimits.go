// Package redislimits keeps the buckets of rate limits in a server that speaks
// Redis's protocol, for all replicas of a gateway together.
//
// It imports gateway/limits, whose [limits.Backend] it is, and the client. It knows no
// rules: what an ask costs it is told. One script takes all buckets of a request or
// none, by the server's own clock. The server is one node, or one that looks like it:
// all keys share a hash tag, so they are in one place in any case.
package redislimits

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"tollgate/gateway/limits"
)

// renewBatch is how many slots one script renews: the server serves nobody else
// meanwhile.
const renewBatch = 1000

// Store is a connection to a server.
type Store struct {
	client *redis.Client
	prefix string
}

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

func init() {
	redis.SetLogger(quiet{}) // what goes wrong is returned, too
}

// Open returns the store at a URL, redis://[user:password@]host:port/database or
// rediss:// for TLS. The server does not have to be there yet. Gateways with different
// prefixes share nothing. An error does not show the URL.
func Open(url, prefix string) (*Store, error) {
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, errors.New("the address of the store of the rate limits is not a Redis URL: write redis://HOST:PORT or rediss://HOST:PORT")
	}
	o.Protocol = 2
	o.MaxRetries = -1 // a step that may have been made is not made again
	o.DialerRetries = 1
	o.DialTimeout = limits.Deadline
	o.PoolSize = limits.InFlight
	o.PipelinePoolSize = -1
	o.ContextTimeoutEnabled = true
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return &Store{client: redis.NewClient(o), prefix: "{" + strings.NewReplacer("{", "", "}", "").Replace(prefix) + "}:"}, nil
}

// A rate is a string "AT LEVEL PART": when the level was true, in microseconds since
// 1970, and the level as [limits.Level] has it. It expires when the bucket is full.
// Slots are a sorted set of their names by the end of their lease. Every number stays
// below 2^53, so that a script's floating point holds it exactly.
var (
	shared = fmt.Sprintf(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local empty, deepest = %d, %d
local function plus(level, part, cost, rest, limit)
	level, part = level + cost, part + rest
	if part >= limit then level, part = level + 1, part - limit end
	if level >= deepest then return deepest, 0 end
	return level, part
end
local function minus(level, part, cost, rest, limit)
	level, part = level - cost, part - rest
	if part < 0 then level, part = level - 1, part + limit end
	if level < 0 then return 0, 0 end
	return level, part
end
local function write(key, level, part)
	if level == 0 and part == 0 then
		redis.call('DEL', key)
	else
		redis.call('SET', key, string.format('%%.0f %%.0f %%.0f', now, level, part), 'PX', string.format('%%.0f', math.floor(level / 1000) + 1))
	end
end
local function read(key, limit)
	local text = redis.call('GET', key)
	if not text then return 0, 0 end
	local at, level, part = string.match(text, '^(%%d+) (%%d+) (%%d+)$')
	level, part = tonumber(level), tonumber(part)
	if part >= limit then level, part = level + 1, 0 end
	if now < tonumber(at) then
		write(key, level, part) -- the clock was set back: no time has passed, and it goes on from here
		return level, part
	end
	level = level - (now - at)
	if level < 0 then return 0, 0 end
	return level, part
end
local function hold(key, slot, lease)
	redis.call('ZADD', key, string.format('%%.0f', now + lease * 1000), slot)
	redis.call('PEXPIRE', key, lease)
end
`, limits.Empty, limits.Deepest)

	take = redis.NewScript(shared + `
local slot, lease, fits, found = ARGV[1], tonumber(ARGV[2]), 1, {0}
for i, key in ipairs(KEYS) do
	local limit, cost, rest = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
	local level, part = 0, 0
	if cost < 0 then
		redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now))
		level = redis.call('ZCARD', key)
		if level >= limit then fits = 0 end
	else
		level, part = read(key, limit)
		local to, more = plus(level, part, cost, rest, limit)
		if to > empty or (to == empty and more > 0) then fits = 0 end
	end
	found[2 * i], found[2 * i + 1] = level, part
end
found[1] = fits
if fits == 0 then return found end
for i, key in ipairs(KEYS) do
	local limit, cost, rest = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
	if cost < 0 then
		hold(key, slot, lease)
	else
		write(key, plus(found[2 * i], found[2 * i + 1], cost, rest, limit))
	end
end
return found`)

	put = redis.NewScript(shared + `
local slot, after = ARGV[1], {}
for i, key in ipairs(KEYS) do
	local what, limit, cost, rest = ARGV[4 * i - 2], tonumber(ARGV[4 * i - 1]), tonumber(ARGV[4 * i]), tonumber(ARGV[4 * i + 1])
	local level, part = 0, 0
	if what == 'slot' then
		redis.call('ZREM', key, slot)
	else
		level, part = read(key, limit)
		if what == 'more' then
			level, part = plus(level, part, cost, rest, limit)
		else
			level, part = minus(level, part, cost, rest, limit)
		end
		write(key, level, part)
	end
	after[2 * i - 1], after[2 * i] = level, part
end
return after`)

	renew = redis.NewScript(shared + `
for i, key in ipairs(KEYS) do
	hold(key, ARGV[i + 1], tonumber(ARGV[1]))
end
return 0`)
)

// Take is [limits.Backend]'s.
func (s *Store) Take(ctx context.Context, asks []limits.Ask, slot string) (bool, []limits.State, error) {
	keys, args := make([]string, len(asks)), []any{slot, limits.Lease.Milliseconds()}
	for i, a := range asks {
		keys[i] = s.prefix + a.Bucket.Key()
		if a.Bucket.Metric == limits.Concurrent {
			args = append(args, a.Limit, -1, 0)
		} else {
			c := a.Cost()
			args = append(args, a.Limit, c.Micros, c.Part)
		}
	}
	got, err := s.run(ctx, take, keys, args, 1+2*len(asks))
	if err != nil {
		return false, nil, err
	}
	return got[0] == 1, limits.StatesOf(asks, got[1:]), nil
}

// Put is [limits.Backend]'s.
func (s *Store) Put(ctx context.Context, changes []limits.Change, slot string) ([]limits.State, error) {
	keys, args := make([]string, len(changes)), []any{slot}
	for i, c := range changes {
		keys[i] = s.prefix + c.Bucket.Key()
		v, back := c.Cost()
		what := "more"
		switch {
		case c.Bucket.Metric == limits.Concurrent:
			what = "slot"
		case back:
			what = "less"
		}
		args = append(args, what, c.Limit, v.Micros, v.Part)
	}
	got, err := s.run(ctx, put, keys, args, 2*len(changes))
	if err != nil {
		return nil, err
	}
	after := make([]limits.State, len(changes))
	for i := range changes {
		after[i].Level = limits.Level{Micros: got[2*i], Part: got[2*i+1]}
	}
	return after, nil
}

// Renew is [limits.Backend]'s, in steps of so many slots.
func (s *Store) Renew(ctx context.Context, slots []limits.Slot) error {
	for len(slots) > 0 {
		n := min(len(slots), renewBatch)
		keys, args := make([]string, n), []any{limits.Lease.Milliseconds()}
		for i, x := range slots[:n] {
			keys[i] = s.prefix + x.Bucket.Key()
			args = append(args, x.ID)
		}
		if err := renew.Run(ctx, s.client, keys, args...).Err(); err != nil {
			return err
		}
		slots = slots[n:]
	}
	return nil
}

// Tidy has nothing to do: everything here expires by itself.
func (s *Store) Tidy(context.Context) error { return nil }

// Close gives up the connections.
func (s *Store) Close() error { return s.client.Close() }

func (s *Store) run(ctx context.Context, script *redis.Script, keys []string, args []any, want int) ([]int64, error) {
	got, err := script.Run(ctx, s.client, keys, args...).Int64Slice()
	if err == nil && len(got) != want {
		err = fmt.Errorf("the store of the rate limits answers with %d numbers, not %d", len(got), want)
	}
	return got, err
}
