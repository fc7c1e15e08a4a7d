package configs

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tollgate/gateway/limits"
	"tollgate/providers"
)

// The places where rate limits are counted.
const (
	StoreLocal    = "local"    // in this process
	StoreDatabase = "database" // in the PostgreSQL database, for all replicas
	StoreRedis    = "redis"    // in a server that speaks Redis's protocol, for all replicas
)

// What happens to limited calls while the place where limits are counted does not
// answer.
const (
	DownShare  = "share"  // each replica lets its part pass
	DownRefuse = "refuse" // nothing that is limited passes
)

// LimitStore says where rate limits are counted.
type LimitStore struct {
	Kind string           // local, database or redis
	URL  providers.Secret // of redis: redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER], or rediss:// with TLS; else zero
}

const limitExample = "- { each: user, requests_per_minute: 60 }"

func (r *reader) limits(path string, n *yaml.Node) {
	r.config.Limits = distinct(r, path, n, listed{"limit", MaxLimits, "limits: [{ each: user, requests_per_minute: 60 }]", "account and models"},
		r.limitRule, func(l limits.Rule) string { return l.ID })
}

func (r *reader) limitRule(at pair) (limits.Rule, bool) {
	before := len(r.problems)
	rule := limits.Rule{Origin: "file"}
	w := whom{what: "limit"}
	known := map[string]field{}
	for name, to := range map[string]**int64{"requests_per_minute": &rule.Requests, "tokens_per_minute": &rule.Tokens, "concurrent_requests": &rule.Concurrent} {
		known[name] = func(path string, n *yaml.Node) { *to = r.figure(path, n) }
	}
	r.whom(known, &w)
	r.fields(at.path, at.node, limitExample, known)
	if at.node.Kind != yaml.MappingNode {
		return rule, false
	}
	r.whose(at, &w, before)
	rule.Name, rule.Selector = w.name, w.Selector
	if len(r.problems) > before {
		return rule, false
	}
	if err := rule.Validate(); err != nil {
		write := ""
		if errors.Is(err, limits.ErrNoLimit) {
			write = "requests_per_minute: 60"
		}
		r.say(at.path, at.node, write, "%v", err)
		return rule, false
	}
	// The counters hang on the id: it stays when a number or the name is edited.
	rule.ID = nameOf(rule.Selector)
	return rule, true
}

// groups are digits, with _ between thousands or without.
var groups = pattern(`^(0|[1-9][0-9]*|[1-9][0-9]{0,2}(_[0-9]{3})+)$`)

// figure reads a number of a limit; nil is none.
func (r *reader) figure(path string, n *yaml.Node) *int64 {
	example := last(path) + ": 60"
	s, ok := r.scalar(path, n, example)
	if !ok || s == "none" {
		return nil
	}
	digits, negative := strings.CutPrefix(s, "-")
	switch {
	case !groups().MatchString(digits):
		if slices.Contains([]string{"unlimited", "infinite", "inf", "off", "no"}, strings.ToLower(s)) {
			example = last(path) + ": none"
		}
		r.say(path, n, example, "not a whole number, such as 60 or 100_000; 0 lets nothing pass, none means unlimited")
		return nil
	case negative:
		r.say(path, n, last(path)+": 0", "%v", limits.ErrNegative)
		return nil
	case n.ShortTag() == "!!str":
		r.say(path, n, last(path)+": "+s, "this is text, but a whole number is wanted")
		return nil
	}
	v, err := strconv.ParseInt(strings.ReplaceAll(digits, "_", ""), 10, 64)
	if err != nil || v > limits.MaxLimit {
		r.say(path, n, last(path)+": none", "%v", limits.ErrTooLarge)
		return nil
	}
	return &v
}

func (r *reader) limitStore(path string, n *yaml.Node) {
	const write = "rate_limit_store: local, or rate_limit_store: redis://HOST:6379/0"
	s, ok := r.scalar(path, n, write)
	if !ok {
		return
	}
	literal := true
	switch {
	case s == StoreLocal || s == StoreDatabase:
		r.config.LimitStore, r.config.storeSaid = LimitStore{Kind: s}, true
		return
	case foreign().MatchString(s):
		r.sayHidden(path, n, "rate_limit_store: env:"+foreign().FindStringSubmatch(s)[1], "tollgate refers to the environment with env:")
		return
	case strings.HasPrefix(s, "env:"), strings.HasPrefix(s, "file:"):
		if s, ok = r.reference(path, n, last(path)); !ok {
			return
		}
		literal = false
	}
	switch scheme, _, _ := strings.Cut(s, ":"); scheme {
	case "redis", "rediss":
	default:
		// Whatever it is, it may hold a password.
		r.sayHidden(path, n, write, "limits are counted in local, in database (PostgreSQL), or at redis://HOST:PORT/NUMBER")
		return
	}
	if err := checkRedis(s); err != nil {
		r.sayHidden(path, n, "rate_limit_store: redis://HOST:6379/0", "%v", err)
		return
	}
	if u, err := url.Parse(s); err == nil && literal && hasPassword(u) {
		r.warnHidden(path, n, "rate_limit_store: env:NAME or rate_limit_store: file:PATH", passwordInFile)
	}
	r.config.LimitStore, r.config.storeSaid = LimitStore{Kind: StoreRedis, URL: providers.NewSecret(s)}, true
}

// maxRedis is the highest number of a Redis database that is believed.
const maxRedis = 65_535

// checkRedis says what is wrong with the URL of a Redis-compatible server. The error
// holds nothing of it.
func checkRedis(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" {
		return errors.New("not the URL of a Redis server; special characters of a password are percent-encoded")
	}
	if u.Hostname() == "" {
		return errors.New("the URL names no host")
	}
	if !hostname(u.Hostname()) && net.ParseIP(u.Hostname()) == nil {
		return errors.New("what should be the host of the URL is none; special characters of a password are percent-encoded")
	}
	if !validPort(u.Port()) {
		return errors.New("the port of the URL is a number from 1 to 65535")
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return errors.New("the URL ends with the number of the database; settings behind ? or # are not taken")
	}
	number := strings.TrimPrefix(u.EscapedPath(), "/")
	if v, err := strconv.ParseUint(number, 10, 16); number != "" && (err != nil || v > maxRedis || !groups().MatchString(number)) {
		return fmt.Errorf("behind the host stands the number of the database, 0 to %d", maxRedis)
	}
	return nil
}

// validPort says whether what url.Parse took for a port is one; "" is the usual one.
func validPort(p string) bool {
	if p == "" {
		return true
	}
	v, err := strconv.ParseUint(p, 10, 16)
	return err == nil && v > 0
}

// hasPassword says whether a URL holds a password.
func hasPassword(u *url.URL) bool {
	_, set := u.User.Password()
	return set || u.Query().Has("password") || u.Query().Has("sslpassword")
}

const passwordInFile = "the password stands in the file itself, where backups and colleagues find it; refer to the whole URL"

// The findings about a place to count in that does not go with the database.
const (
	storeNeedsPostgres = "limits are counted in the database only if it is PostgreSQL: an SQLite database has one process, which counts by itself"
	storeCountsAlone   = "each replica on the database counts by itself, so several let several times as much pass"
)

// settleStore says where limits are counted if nobody said so, and what does not go
// with the database: a problem, or a warning.
func (c *Config) settleStore() (problem, warning string) {
	postgres := c.Database.Driver == Postgres
	switch {
	case !c.storeSaid && postgres:
		c.LimitStore = LimitStore{Kind: StoreDatabase}
	case !c.storeSaid:
		c.LimitStore = LimitStore{Kind: StoreLocal}
	case c.LimitStore.Kind == StoreDatabase && !postgres:
		return storeNeedsPostgres, ""
	case c.LimitStore.Kind == StoreLocal && postgres:
		return "", storeCountsAlone
	}
	return "", ""
}
