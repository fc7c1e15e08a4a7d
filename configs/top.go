package configs

import (
	"errors"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/address"
)

// The longest waits of a shutdown.
const (
	maxDrain = time.Hour
	maxDelay = 5 * time.Minute
)

// top reads the whole configuration. Prices come first, whatever their place in the
// text, since providers refer to them.
func (r *reader) top(root *yaml.Node) {
	c := r.config
	answers := ""
	known := map[string]field{
		"listen":              r.listen,
		"root_path":           r.rootPath,
		"log_level":           r.logLevel,
		"database":            r.database,
		"admin_key":           r.adminKey,
		"admin_key_calls":     func(path string, n *yaml.Node) { c.AdminCalls, _ = r.boolean(path, n) },
		"prices":              r.prices,
		"admission":           r.admission,
		"clamp_output":        func(path string, n *yaml.Node) { c.ClampOutput, _ = r.boolean(path, n) },
		"when_books_are_down": r.booksDown,
		"errors": func(path string, n *yaml.Node) {
			if isNull(n) {
				return
			}
			r.fields(path, n, "errors: { budget_status: auto }", map[string]field{"budget_status": r.budgetStatus})
		},
		"orphans":          r.orphans,
		"durability":       r.durability,
		"retention":        r.retention,
		"rate_limit_store": r.limitStore,
		"when_limits_are_down": func(path string, n *yaml.Node) {
			if w, ok := r.word(path, n, DownShare, DownRefuse); ok {
				c.LimitsDown = w
			}
		},
		"metrics": r.metrics,
		"compatibility": func(path string, n *yaml.Node) {
			if w, ok := r.word(path, n, "none", LikeLiteLLM); ok && w != "none" {
				c.Compatibility = w
			}
		},
		"answer_model": func(path string, n *yaml.Node) {
			answers, _ = r.word(path, n, AnswerUpstream, AnswerAsked)
		},
		"key_header":       r.keyHeader,
		"end_user_headers": r.endUserHeaders,
		"drain":            func(path string, n *yaml.Node) { c.Drain = r.duration(path, n, 0, maxDrain) },
		"drain_delay":      func(path string, n *yaml.Node) { c.DrainDelay = r.duration(path, n, 0, maxDelay) },
		"front":            r.front,
		"providers":        r.providers,
		"models":           r.models,
		"budgets":          r.budgets,
		"limits":           r.limits,
		"zone":             func(string, *yaml.Node) {}, // read already, since budgets need it
	}
	if r.placeOnly {
		root = placeOf(root, known)
	}
	r.commonZone(root)
	r.fields("", root, "listen: "+DefaultListen, known)
	c.AsAsked = answers == AnswerAsked || answers == "" && c.Compatibility == LikeLiteLLM
	r.vendors()
	r.entries()
	r.stores()
	r.apart()
	if slices.ContainsFunc(c.EndUserHeaders, func(h string) bool { return strings.EqualFold(h, c.KeyHeader) }) {
		r.say("key_header", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: c.KeyHeader}, "key_header: X-Tollgate-Key", "end_user_headers has the same header, and nobody is named by a key")
	}
}

// placeKeys are what [PlaceOnly] reads.
var placeKeys = []string{"listen", "database", "durability"}

// placeOf is a configuration with nothing but its place. A key that was meant to be one of
// these stays, and is told: without it the place would be another one.
func placeOf(root *yaml.Node, known map[string]field) *yaml.Node {
	if root.Kind != yaml.MappingNode {
		return root
	}
	only := *root
	only.Content = nil
	for i := 0; i+1 < len(root.Content); i += 2 {
		key := real(root.Content[i]).Value
		if known[key] == nil {
			key = nearest(key, slices.Sorted(maps.Keys(known)))
		}
		if slices.Contains(placeKeys, key) {
			only.Content = append(only.Content, root.Content[i], root.Content[i+1])
		}
	}
	return &only
}

// stores settles where limits are counted once the database is known, unless its own
// line is wrong.
func (r *reader) stores() {
	if slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Path == "database" }) {
		return
	}
	said := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: r.config.LimitStore.Kind}
	switch problem, warning := r.config.settleStore(); {
	case problem != "":
		r.say("rate_limit_store", said, "rate_limit_store: local", "%s", problem)
	case warning != "":
		r.warn("rate_limit_store", said, "rate_limit_store: database", "%s", warning)
	}
}

func (r *reader) listen(path string, n *yaml.Node) {
	s, public := r.address(path, n, "listen: "+DefaultListen)
	if s == "" {
		return
	}
	r.config.Listen = s
	if public {
		r.warn(path, n, "", PublicListen)
	}
}

// maxRootPath is how many bytes a root path may have.
const maxRootPath = 256

var rootPath = pattern(`^(/[A-Za-z0-9_~.-]+)+$`)

// rootPath reads the path below which everything is found as well. The health checks are
// asked for by who knows nothing of it, so their path is not to begin with it.
func (r *reader) rootPath(path string, n *yaml.Node) {
	const write = "root_path: /llm"
	s, ok := r.text(path, n, write)
	segments := strings.Split(s, "/")
	switch {
	case !ok:
	case len(s) > maxRootPath:
		r.say(path, n, write, "longer than %d bytes", maxRootPath)
	case !rootPath().MatchString(s), slices.Contains(segments, "."), slices.Contains(segments, ".."):
		r.say(path, n, write, "not a path of letters, digits and - . _ ~ that begins with a slash and does not end with one")
	case segments[1] == "health", segments[1] == "metrics":
		r.say(path, n, write, "/%s is asked for without a root path", segments[1])
	default:
		r.config.RootPath = s
	}
}

func (r *reader) logLevel(path string, n *yaml.Node) {
	if w, ok := r.word(path, n, "debug", "info", "warn", "error"); ok {
		_ = r.config.LogLevel.UnmarshalText([]byte(w)) // it is one of its words
	}
}

// address reads an address to listen on; "" if it is none. public says that others than
// this machine can reach it.
func (r *reader) address(path string, n *yaml.Node, write string) (address string, public bool) {
	s, ok := r.scalar(path, n, write)
	if !ok {
		return "", false
	}
	public, err := CheckListen(s)
	if err != nil {
		if p, bad := strconv.ParseUint(s, 10, 16); bad == nil {
			write = "listen: 127.0.0.1:" + strconv.FormatUint(p, 10)
		}
		r.say(path, n, write, "%v", err)
		return "", false
	}
	return s, public
}

// PublicListen is what an operator should know who listens on more than this machine.
const PublicListen = "others in the network can connect, and what they send, their keys included, is not encrypted: put a proxy with TLS in front"

// CheckListen says whether an address to listen on is host:port, and whether others
// than this machine can reach it.
func CheckListen(s string) (public bool, err error) {
	if _, err := strconv.ParseUint(s, 10, 16); err == nil {
		return false, errors.New("an address and a port are wanted")
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return false, errors.New("not an address and port")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return false, errors.New("the port is a number up to 65535")
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return !a.IsLoopback(), nil
	}
	if host != "" && !hostname(host) {
		return false, errors.New("the part before the port is neither an IP address nor a host's name")
	}
	return host != "localhost", nil
}

// CheckShadow reads the URL of a gateway that tollgate is to run beside.
func CheckShadow(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, errors.New("not the URL of a server: it begins with http:// or https:// and names a host")
	case u.User != nil:
		return nil, errors.New("a URL with a password: every request goes on with the credential that it came with")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("a URL with a query: only its host and the beginning of its paths are wanted")
	}
	return u, address.CheckUpstream(u.Hostname())
}

func hostname(s string) bool {
	if len(s) > 253 {
		return false
	}
	for _, label := range strings.Split(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' {
			return false
		}
		for _, c := range label {
			if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
				return false
			}
		}
	}
	return true
}

func (r *reader) adminKey(path string, n *yaml.Node) {
	before := len(r.problems)
	r.config.AdminKey = r.secret(path, n)
	if len(r.problems) == before && len(r.config.AdminKey.Reveal()) < access.MinAdminSecret {
		r.warn(path, n, "", "the key is shorter than %d characters and may be guessed", access.MinAdminSecret)
	}
}

func (r *reader) prices(path string, n *yaml.Node) {
	const write = "prices: file:prices.json"
	s, ok := r.text(path, n, write)
	if !ok {
		return
	}
	name, ok := strings.CutPrefix(s, "file:")
	if !ok {
		r.say(path, n, write, "a price list is named as file:PATH; nothing is fetched from the network")
		return
	}
	if name, ok = r.filename(path, n, write, name); !ok {
		return
	}
	r.beside(name)
	list, err := r.readPrices(name)
	if err != nil {
		r.say(path, n, "", "the price list cannot be read: %v", plain(err))
		return
	}
	r.config.Prices = list
}

// credentialHeaders are headers that nobody is named by.
var credentialHeaders = []string{"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key"}

// keyHeader reads the name of a header for keys. Those of [credentialHeaders] are read
// without being named.
func (r *reader) keyHeader(path string, n *yaml.Node) {
	const write = "key_header: X-Tollgate-Key"
	name, ok := r.text(path, n, write)
	switch {
	case !ok:
	case !headerName(name):
		r.say(path, n, write, "not the name of a header")
	case strings.EqualFold(name, "authorization"), strings.EqualFold(name, "proxy-authorization"), strings.EqualFold(name, "cookie"):
		r.say(path, n, write, "a header that others use as well is no place for a key alone")
	default:
		r.config.KeyHeader = name
	}
}

// maxEndUserHeaders is how many headers may name whom a call is made for.
const maxEndUserHeaders = 10

func (r *reader) endUserHeaders(path string, n *yaml.Node) {
	const write = "end_user_headers: [X-OpenWebUI-User-Id]"
	items := r.list(path, n, write)
	if len(items) > maxEndUserHeaders {
		r.say(path, n, write, "there are more than %d headers", maxEndUserHeaders)
		return
	}
	names := []string{}
	for _, it := range items {
		name, ok := r.text(it.path, it.node, write)
		switch {
		case !ok:
		case !headerName(name):
			r.say(it.path, it.node, write, "not the name of a header")
		case slices.Contains(credentialHeaders, strings.ToLower(name)):
			r.say(it.path, it.node, write, "this header carries a credential")
		default:
			names = append(names, name)
		}
	}
	r.config.EndUserHeaders = names
}

func (r *reader) admission(path string, n *yaml.Node) {
	if w, ok := r.word(path, n, string(ledger.Strict), string(ledger.Headroom)); ok {
		r.config.Admission = ledger.Admission(w)
	}
}

func (r *reader) booksDown(path string, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		if n.Value != "refuse" {
			r.say(path, n, "when_books_are_down: refuse or when_books_are_down: { allow: 1 USD }", "not known")
		}
		return
	}
	var allow *accounting.Money
	r.fields(path, n, "when_books_are_down: refuse", map[string]field{"allow": func(path string, n *yaml.Node) {
		if m, ok := r.money(path, n, "allow: 1 USD"); ok {
			if m <= 0 {
				r.say(path, n, "when_books_are_down: refuse", "the amount is above zero")
				return
			}
			allow = &m
		}
	}})
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.say(path, n, "when_books_are_down: { allow: 1 USD }", "the mapping is empty")
	}
	r.config.BooksDown = allow
}

func (r *reader) budgetStatus(path string, n *yaml.Node) {
	if w, ok := r.word(path, n, "auto", "429", "402", "400", "422"); ok {
		r.config.BudgetStatus, _ = strconv.Atoi(w) // auto is 0
	}
}
