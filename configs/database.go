package configs

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting/ledger"
	"tollgate/providers"
)

// The engines that keep the books.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Database names the store of the books.
type Database struct {
	Driver string           // sqlite or postgres
	Path   string           // of sqlite: the file; a relative one was joined to the directory of the configuration
	URL    providers.Secret // of postgres: postgres://…, with a password maybe
}

// String says for people which database it is, without its password.
func (d Database) String() string {
	if d.Driver != Postgres {
		return d.Path
	}
	u, err := url.Parse(d.URL.Reveal())
	if err != nil {
		return Postgres
	}
	shown := url.URL{Scheme: Postgres, Host: u.Host, Path: u.Path}
	if name := u.User.Username(); name != "" {
		shown.User = url.User(name)
	}
	return shown.String()
}

const (
	databaseForms = "a database is written sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME, or refers to the whole of that with env:NAME or file:PATH"
	writeDatabase = "database: sqlite:" + DefaultDatabase
)

func (r *reader) database(path string, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode {
		r.say(path, n, writeDatabase, "this is %s, but text is wanted", what(n))
		return
	}
	// A database URL may hold a password, so none is shown.
	text, literal := n.Value, true
	if m := foreign().FindStringSubmatch(text); m != nil {
		r.sayHidden(path, n, "database: env:"+m[1], "tollgate refers to the environment with env:")
		return
	}
	if strings.HasPrefix(text, "env:") || strings.HasPrefix(text, "file:") {
		if name, ok := strings.CutPrefix(text, "file:"); ok && slices.Contains([]string{".db", ".sqlite", ".sqlite3"}, filepath.Ext(name)) {
			r.sayHidden(path, n, "database: sqlite:"+cmp.Or(shown(name), "PATH"), "file: refers to a file that holds the URL of a database; the file of an SQLite database follows sqlite:")
			return
		}
		v, ok := r.reference(path, n, "database")
		if !ok {
			return
		}
		text, literal = v, false
	}
	d, warning, err := readDatabase(text)
	if err != nil {
		write := writeDatabase
		switch {
		case !literal:
			write = ""
		case isPostgres(text):
			write = "database: postgres://USER@HOST:5432/NAME?sslmode=verify-full"
		}
		r.sayHidden(path, n, write, "%v", err)
		return
	}
	if d.Driver == SQLite {
		var ok bool
		if d.Path, ok = r.filename(path, n, writeDatabase, d.Path); !ok {
			return
		}
	} else if u, err := url.Parse(text); err == nil && literal && hasPassword(u) {
		r.warnHidden(path, n, "database: env:NAME or database: file:PATH", passwordInFile)
	}
	if warning != "" {
		r.warnHidden(path, n, "", "%s", warning)
	}
	r.config.Database = d
}

// readDatabase reads sqlite:PATH or the URL of a PostgreSQL database. Neither the
// warning nor the error holds anything of the text.
func readDatabase(text string) (d Database, warning string, err error) {
	if isPostgres(text) {
		warning, err = checkPostgres(text)
		return Database{Driver: Postgres, URL: providers.NewSecret(text)}, warning, err
	}
	rest, ok := strings.CutPrefix(text, SQLite+":")
	switch {
	case !ok:
		return d, "", errors.New(databaseForms)
	case rest == "":
		return d, "", errors.New("there is no name after sqlite:")
	case strings.HasPrefix(rest, ":"):
		return d, "", errors.New("books in memory would be lost at the first restart: name a file")
	case strings.HasPrefix(rest, "//"), strings.ContainsAny(rest, "?#\x00"), strings.HasPrefix(rest, "file:"):
		return d, "", errors.New("sqlite: is followed by the path of a file and nothing else")
	}
	return Database{Driver: SQLite, Path: rest}, "", nil
}

func isPostgres(text string) bool {
	return strings.HasPrefix(text, "postgres:") || strings.HasPrefix(text, "postgresql:")
}

// sslModes are PostgreSQL's own, from the weakest.
var sslModes = []string{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}

// setHere are the settings of a session that tollgate makes itself; in a URL they
// would undo what the books rely on.
var setHere = []string{"options", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "default_transaction_isolation",
	"default_transaction_read_only", "default_transaction_deferrable", "TimeZone", "timezone", "DateStyle", "datestyle"}

// checkPostgres says what is wrong with the URL of a PostgreSQL database, or what an
// operator should know of it.
func checkPostgres(s string) (warning string, err error) {
	const encode = "special characters of a password are percent-encoded"
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" || u.Fragment != "" {
		return "", errors.New("not the URL of a PostgreSQL database; " + encode)
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", errors.New("what stands behind ? in the URL cannot be read: settings are written NAME=VALUE with & between them")
	}
	for name, values := range q {
		switch {
		case len(values) > 1:
			return "", fmt.Errorf("a setting stands twice behind ? in the URL: %s", safeName(name))
		case strings.EqualFold(name, "synchronous_commit"):
			return "", errors.New("how sure an entry is on disk is not said by synchronous_commit in the URL, but by durability: full or durability: relaxed")
		case slices.Contains(setHere, name):
			return "", fmt.Errorf("%s cannot be set in the URL: the books rely on what tollgate sets itself", name)
		}
	}
	hosts := u.Host
	if hosts == "" {
		hosts = q.Get("host")
	}
	if hosts == "" {
		return "", errors.New("the URL names no host")
	}
	name := strings.TrimPrefix(u.EscapedPath(), "/")
	switch {
	case strings.ContainsAny(name, "/@"):
		return "", errors.New("the URL's path is more than the name of a database; " + encode)
	case name == "" && q.Get("dbname") == "" && q.Get("database") == "":
		return "", errors.New("the URL names no database")
	}
	mode := q.Get("sslmode")
	if mode != "" && !slices.Contains(sslModes, mode) {
		return "", fmt.Errorf("sslmode in the URL is one of %s", strings.Join(sslModes, ", "))
	}
	for h := range strings.SplitSeq(hosts, ",") {
		local, err := localHost(h)
		if err != nil {
			return "", err
		}
		if !local && slices.Index(sslModes, mode) < slices.Index(sslModes, "require") {
			warning = "the connection to the database may be unencrypted, and then others in the network can read it: put sslmode=verify-full behind ? in the URL"
		}
	}
	return warning, nil
}

// localHost says whether a host of a URL, with a port or without, is this machine.
func localHost(s string) (bool, error) {
	if strings.HasPrefix(s, "/") {
		return true, nil // the directory of a socket
	}
	host, port := s, ""
	if h, p, err := net.SplitHostPort(s); err == nil {
		host, port = h, p
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	ip := net.ParseIP(host)
	switch {
	case ip == nil && !hostname(host):
		return false, errors.New("what should be the host of the URL is none; special characters of a password are percent-encoded")
	case !validPort(port):
		return false, errors.New("the port of the URL is a number from 1 to 65535")
	}
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}

// safeName shows the name of a setting if it is like one.
func safeName(s string) string {
	if len(s) > 64 || s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" {
		return "its name is not shown"
	}
	return s
}

// UseDatabase puts another database in place of the declared one, as a flag says it:
// the path of a file, sqlite:PATH, or the URL of a PostgreSQL database. Problems do not
// show it.
func (c *Config) UseDatabase(flag, text string) []Problem {
	d, warning := Database{Driver: SQLite, Path: text}, ""
	// A file of such a name would be made, and hold nothing.
	if strings.HasPrefix(text, "env:") || strings.HasPrefix(text, "file:") {
		return []Problem{{Path: flag, Message: "a reference stands in the configuration only: here is the file itself, or the URL, which belongs in the variable TOLLGATE_DATABASE", Write: flag + " " + DefaultDatabase}}
	}
	if scheme, _, url := strings.Cut(text, "://"); url && !isPostgres(text) && scheme != SQLite {
		return []Problem{{Path: flag, Message: "neither a file nor the URL of a PostgreSQL database, which begins with postgres://", Write: flag + " " + DefaultDatabase}}
	}
	if isPostgres(text) || strings.HasPrefix(text, SQLite+":") {
		var err error
		if d, warning, err = readDatabase(text); err != nil {
			return []Problem{{Path: flag, Message: err.Error(), Write: flag + " " + DefaultDatabase}}
		}
	}
	c.Database = d
	c.Warnings = slices.DeleteFunc(slices.Clone(c.Warnings), func(p Problem) bool { return p.Path == "database" || p.Message == storeCountsAlone })
	if warning != "" {
		c.Warnings = append(c.Warnings, Problem{Path: flag, Message: warning})
	}
	problem, warning := c.settleStore()
	if problem != "" {
		return []Problem{{Path: flag, Message: "the configuration says rate_limit_store: database, but " + problem, Write: flag + " postgres://USER@HOST:5432/NAME"}}
	}
	if warning != "" {
		c.Warnings = append(c.Warnings, Problem{Path: "rate_limit_store", Value: StoreLocal, Message: warning})
	}
	return nil
}

func (r *reader) durability(path string, n *yaml.Node) {
	if w, ok := r.word(path, n, DurabilityFull, DurabilityRelaxed); ok {
		r.config.Durability = w
	}
}

func (r *reader) orphans(path string, n *yaml.Node) {
	if w, ok := r.word(path, n, string(ledger.OrphanPrompt), string(ledger.OrphanHold), string(ledger.OrphanZero)); ok {
		r.config.Orphans = ledger.OrphanPolicy(w)
	}
}

// MaxRetention is how many months entries can be said to be kept: a hundred years.
const MaxRetention = 1200

// retention reads how long entries are kept. They go by whole months, so it is said
// in months or years.
func (r *reader) retention(path string, n *yaml.Node) {
	const example = "retention: 13 months"
	s, ok := r.scalar(path, n, example)
	if !ok || s == "none" {
		return
	}
	number, unit, _ := strings.Cut(strings.TrimSpace(s), " ")
	v, err := strconv.Atoi(number)
	if err != nil || v < 0 || !groups().MatchString(number) {
		r.say(path, n, example, "not a number of months or years; without the key everything is kept")
		return
	}
	months := v
	switch strings.TrimSuffix(strings.TrimSpace(unit), "s") {
	case "month":
	case "year":
		months = min(v, MaxRetention+1) * 12
	case "day":
		r.say(path, n, fmt.Sprintf("retention: %d months", max((min(v, 40_000)+29)/30, 1)), "entries go by whole months, so say it in months or years")
		return
	case "week":
		r.say(path, n, fmt.Sprintf("retention: %d months", max((min(v, 6_000)*7+29)/30, 1)), "entries go by whole months, so say it in months or years")
		return
	default:
		write := example
		if unit == "" && v > 0 && v <= MaxRetention {
			write = fmt.Sprintf("retention: %d months", v)
		}
		r.say(path, n, write, "not a number of months or years; without the key everything is kept")
		return
	}
	if months < 1 || months > MaxRetention {
		r.say(path, n, example, "out of range: 1 to %d months are possible; without the key everything is kept", MaxRetention)
		return
	}
	r.config.Retention = months
}
