// Package control is the life of everything but requests: people, keys, budgets,
// limits, reports, and the catalog as engines come and go. It is the single writer: it
// changes the store, then what requests read (the directory, the ledger's budgets,
// the limiter's rules, the snapshot).
//
// It imports access, aside, catalog, dispatch (to ask engines what they serve), limits,
// listening, spelling, the ledger, the price list, toll for how it names the account of a
// member, and the types that these speak of, and declares the [Store] it needs. It knows no HTTP and no SQL.
// The management API and the command line are faces of it and hold no rules.
package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/gateway/listening"
	"tollgate/providers"
)

// The failures of control. Each comes wrapped with what and which.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("exists already")
	ErrInvalid  = errors.New("not valid")
	// ErrOvertaken says that another replica has changed a thing since it was looked at.
	ErrOvertaken = errors.New("others change this at the same moment: try again")
	// ErrInFile says that the configuration file owns the thing, so the file must be
	// changed.
	ErrInFile = errors.New("declared in the configuration file: change it there")
)

// Store keeps what control writes. A missing row is [ErrNotFound].
type Store interface {
	Users(context.Context) ([]access.User, error)
	// EachUser hands over every user, in no order. Two of them may have one list, which
	// nobody may change.
	EachUser(ctx context.Context, put func(access.User)) error
	UserByID(ctx context.Context, id string) (access.User, error)

	// EachEndUser hands over every end user, in no order.
	EachEndUser(ctx context.Context, put func(access.EndUser)) error
	// EndUsers lists at most so many end users by id, from behind one on.
	EndUsers(ctx context.Context, after string, limit int) ([]access.EndUser, error)
	EndUserByID(ctx context.Context, id string) (access.EndUser, error)

	// EachTag hands over every tag of which something is known, in no order.
	EachTag(ctx context.Context, put func(access.Tag)) error
	// Tags lists at most so many of them by id, from behind one on.
	Tags(ctx context.Context, after string, limit int) ([]access.Tag, error)
	TagByID(ctx context.Context, id string) (access.Tag, error)

	Orgs(context.Context) ([]access.Organization, error) // with their members
	OrgByID(ctx context.Context, id string) (access.Organization, error)

	Teams(context.Context) ([]access.Team, error) // with their members
	TeamByID(ctx context.Context, id string) (access.Team, error)

	Keys(context.Context) ([]StoredKey, error)
	// EachKey hands over every key, in no order. Two of them may have one list or map,
	// which nobody may change.
	EachKey(ctx context.Context, put func(StoredKey)) error
	KeyByID(ctx context.Context, id string) (StoredKey, error)

	Budgets(context.Context) ([]ledger.Budget, error)
	BudgetByID(ctx context.Context, id string) (ledger.Budget, error)

	Limits(context.Context) ([]limits.Rule, error)

	Plans(context.Context) ([]Plan, error)
	PlanByID(ctx context.Context, id string) (Plan, error)

	// What the API added to the catalog, in no order.
	Deployments(context.Context) ([]StoredDeployment, error)
	Credentials(context.Context) ([]StoredCredential, error)
	Groups(context.Context) ([]Group, error)
	Fallbacks(context.Context) ([]Fallback, error)

	// Write does all of some writes in turn, or none. If it is for one of them, the error
	// is a [*NotWritten]: an id or a secret that is taken is [ErrExists], a thing or a
	// reference that is not there [ErrNotFound], an amount beyond the range of money
	// [ErrInvalid]. asOf, unless nil, says what all of it follows from.
	Write(ctx context.Context, writes []Write, asOf *AsOf) error
	Audits(context.Context, AuditQuery) ([]Audit, error)
	// Attributes returns the attributes of things of one kind; what is missing is missing
	// in the answer.
	Attributes(ctx context.Context, kind ChangeKind, ids []string) (map[string]json.RawMessage, error)

	// LastChange is the number of the newest change; 0 if there never was one.
	LastChange(context.Context) (int64, error)
	// Changes lists changes in order from a number on, that one included, so that a
	// reader sees whether any are gone: at most a page, and never the newest one's.
	// Whoever has seen a number sees no smaller one later.
	Changes(ctx context.Context, from int64) ([]Change, error)

	Usage(context.Context, UsageQuery) ([]UsageRow, error)
	Entries(context.Context, EntryQuery) ([]EntryView, error)
	// Log lists calls, and counts them up to MaxLog.
	Log(context.Context, LogQuery) ([]LogRow, int, error)
	Uncertain(ctx context.Context, since time.Time) (Uncertain, error)

	Verify(context.Context) (Verification, error)
	// Retain removes whole months that lie before the last so many at an instant, and the
	// counters of periods that had ended before those.
	Retain(ctx context.Context, now time.Time, months int, ends Ends) ([]Removal, error)
}

// StoredKey is a key as it is kept.
type StoredKey struct {
	access.Key
	Foreign bool // not in the form that access.NewKey gives
}

// The limits on what people and keys may hold.
const (
	MaxID       = 128      // bytes of an id or name
	MaxModels   = 1000     // patterns of one list
	MaxList     = 64 << 10 // bytes of the texts of one list of models, or of all aliases
	MaxMetadata = 64       // entries, each with at most MaxValue bytes
	MaxValue    = 1024
	MaxAliases  = 1000
	MaxRoutes   = 100 // that a key is kept to
	MaxRoute    = 256 // bytes of one
	// MaxAttributes is how many bytes the attributes of a thing have at most, as JSON
	// without spaces.
	MaxAttributes = 64 << 10
)

// AdminKeyID is the id of the key that the first start prints.
const AdminKeyID = "admin"

// Declared is what the configuration declares.
type Declared struct {
	Spec    catalog.Spec
	Prices  *pricelist.List
	Budgets []ledger.Budget
	Limits  []limits.Rule
}

// Control changes things. Its methods may be called at the same time.
type Control struct {
	store     Store
	directory *access.Directory
	ledger    *ledger.Ledger
	limiter   *limits.Limiter
	catalog   *catalog.Live
	dispatch  *dispatch.Dispatcher
	kinds     []providers.Kind
	vault     Vault
	random    io.Reader
	now       func() time.Time
	log       *slog.Logger

	readDeclaration func(Declaration) (catalog.Addition, error)

	own    *listening.Own
	routes func() []access.Route

	shared bool
	behind atomic.Bool // the store does not say what other replicas have changed
	looks  looks

	mu       sync.Mutex // held while something changes
	seen     int64      // the last change of the store that is in force here
	edition  int64      // grows whenever anything is put in force here; see [Control.Look]
	declared Declared
	outside  bool            // the admin key's secret is set by who starts the program
	api      []ledger.Budget // budgets of the store
	apiRules []limits.Rule   // limits of the store
	plans    map[string]Plan
	added    *added // to the catalog, by the API
	found    catalog.Discovered
	reach    map[string]Reach
	findings []catalog.Finding
}

// Parts are what control works on.
type Parts struct {
	Store     Store
	Directory *access.Directory
	Ledger    *ledger.Ledger
	Limits    *limits.Limiter
	Catalog   *catalog.Live
	Dispatch  *dispatch.Dispatcher
	Kinds     []providers.Kind
	// Vault seals the secrets of what the API adds to the catalog, and ReadDeclaration reads
	// the deployments among it. Its error is told to whoever declares one.
	Vault           Vault
	ReadDeclaration func(Declaration) (catalog.Addition, error)
	Random          io.Reader
	Now             func() time.Time
	Log             *slog.Logger
	// Own is where the program itself listens, which no provider can be at.
	Own *listening.Own
	// Routes are those that the program has in some configuration, to know which a key can be
	// kept to; nil: any may be there.
	Routes func() []access.Route
	// Shared says that other replicas change the same store: see [Control.FollowChanges].
	Shared bool
}

// New returns a control over its parts. Call Load before anything else.
func New(p Parts) *Control {
	return &Control{store: p.Store, directory: p.Directory, ledger: p.Ledger, limiter: p.Limits, catalog: p.Catalog, dispatch: p.Dispatch,
		kinds: p.Kinds, vault: p.Vault, readDeclaration: p.ReadDeclaration, added: newAdded(), random: p.Random, now: p.Now, log: p.Log, own: p.Own, routes: p.Routes, shared: p.Shared, looks: looks{ask: make(chan struct{}, 1)}, found: catalog.Discovered{}, plans: map[string]Plan{}, reach: map[string]Reach{}}
}

// Load reads everybody from the store and puts the declarations in force.
func (c *Control) Load(ctx context.Context, d Declared) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.read(ctx); err != nil {
		return err
	}
	return c.declare(d)
}

// Declare replaces what the configuration declares: a reload. If it clashes with
// what the API made, the error names both and nothing changes.
func (c *Control) Declare(d Declared) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.declare(d)
}

func (c *Control) declare(d Declared) error {
	for _, b := range d.Budgets {
		for _, x := range c.api {
			if x.ID == b.ID {
				return fmt.Errorf("budget %s is declared in the file and was made through the API too: delete one of them: %w", b.ID, ErrExists)
			}
		}
	}
	for _, r := range d.Limits {
		for _, x := range c.apiRules {
			if x.ID == r.ID {
				return fmt.Errorf("limit %s is declared in the file and was made through the API too: delete one of them: %w", r.ID, ErrExists)
			}
		}
	}
	if err := c.added.apart(d.Spec); err != nil {
		return err
	}
	c.declared = d
	c.edition++
	c.added = c.added.clone()
	c.added.forget("") // what they say of prices may mean something else now
	c.setBudgets()
	c.setLimits()
	c.publish()
	return nil
}

// Prices returns the price list in force.
func (c *Control) Prices() *pricelist.List {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.declared.Prices
}

// setBudgets puts the budgets in force. The mutex is held.
func (c *Control) setBudgets() {
	c.ledger.SetBudgets(ledger.NewBudgets(append(append([]ledger.Budget{}, c.declared.Budgets...), c.api...)))
}

// publish builds the snapshot anew. The mutex is held.
func (c *Control) publish() {
	spec, findings := c.spec(c.declared, c.added)
	snap, more := catalog.Build(spec, c.kinds, c.declared.Prices, c.found)
	findings = append(findings, more...)
	for _, f := range findings {
		if !containsFinding(c.findings, f) {
			c.log.Warn("catalog", "path", f.Path, "finding", f.Message)
		}
	}
	c.findings = findings
	c.catalog.Publish(snap)
}

func containsFinding(all []catalog.Finding, f catalog.Finding) bool {
	for _, x := range all {
		if x == f {
			return true
		}
	}
	return false
}

// newID makes an id: a prefix and 16 characters of base 36 from random bytes.
func (c *Control) newID(prefix string) (string, error) {
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
	b := make([]byte, 16)
	if _, err := io.ReadFull(c.random, b); err != nil {
		return "", fmt.Errorf("no random bytes: %w", err)
	}
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return prefix + "_" + string(b), nil
}

// named says of an error which thing it is about.
func named(kind ChangeKind, id string, err error) error {
	return fmt.Errorf("%s %q: %w", kind, id, err)
}

func missing(kind ChangeKind, id string) error { return named(kind, id, ErrNotFound) }

func invalid(format string, args ...any) error {
	return Invalid(fmt.Errorf(format, args...))
}

// listed are the words that may stand somewhere, for an error.
func listed[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}

// Invalid marks an error as [ErrInvalid]. Its words stay as they are: that something is not
// valid, the code of the answer says.
func Invalid(err error) error { return refusal{err} }

type refusal struct{ error }

func (r refusal) Unwrap() []error { return []error{r.error, ErrInvalid} }

// InField is an error that lies in one field, by the name which that has in tollgate's own
// API.
type InField struct {
	Field string
	Err   error
}

func (e *InField) Error() string { return e.Err.Error() }

func (e *InField) Unwrap() error { return e.Err }

// inField says in which field an error lies, if there is one.
func inField(field string, err error) error {
	if err == nil {
		return nil
	}
	return &InField{field, err}
}

// CheckID says why a text cannot be the id of a user, a team or another thing that control
// keeps, or nil.
func CheckID(what, id string) error { return checkID(what, id) }

// checkID accepts what can stand in a path once it is percent-encoded, in a report, in a
// log and on a terminal, and what is not taken for another id there: printable text without
// a slash, which parts a team from its member, and without a space at either end.
func checkID(what, id string) error {
	if len(id) > MaxID {
		return invalid("the id of %s is longer than %d bytes", what, MaxID)
	}
	for _, r := range id {
		if !unicode.IsPrint(r) || r == utf8.RuneError { // which also is what is no UTF-8
			return invalid("the id %q of %s holds %q, which is not printable", id, what, r)
		}
	}
	switch {
	case id == "":
		return invalid("%s needs an id", what)
	case strings.Contains(id, "/"):
		return invalid("the id %q of %s holds a slash", id, what)
	case strings.Trim(id, ".") == "":
		return invalid("the id %q of %s would not survive in a path", id, what)
	case strings.TrimSpace(id) != id:
		return invalid("the id %q of %s has a space at one end", id, what)
	}
	return nil
}

func checkText(what, text string) error {
	if len(text) > MaxID {
		return invalid("%s is longer than %d bytes", what, MaxID)
	}
	return checkPrintable(what, text)
}

func checkPrintable(what, text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }) {
		return invalid("%s holds a control character, or is no UTF-8", what)
	}
	return nil
}

func checkModels(models []string) error {
	if len(models) > MaxModels {
		return invalid("more than %d models", MaxModels)
	}
	bytes := 0
	for _, m := range models {
		if m == "" || len(m) > 512 {
			return invalid("a model's name or pattern has 1 to 512 bytes")
		}
		if err := checkPrintable("a model's name or pattern", m); err != nil {
			return err // it fits no model, so that a budget for it would hold nobody back
		}
		bytes += len(m)
	}
	if bytes > MaxList {
		return invalid("the names of a list of models have %d bytes, and at most %d are kept: a pattern such as gpt-*, or a group of models, stands for many", bytes, MaxList)
	}
	return nil
}

// checkAttributes makes sure that attributes, unless nil, are a JSON object of a bounded
// size, and returns it without spaces.
func checkAttributes(raw json.RawMessage) (json.RawMessage, error) {
	if raw == nil {
		return nil, nil
	}
	out, err := checkObject("attributes", raw, MaxAttributes)
	return out, inField("attributes", err)
}

// checkObject makes sure that something is a JSON object of a bounded size, and returns it
// without spaces.
func checkObject(what string, raw json.RawMessage, most int) (json.RawMessage, error) {
	var out bytes.Buffer
	if err := json.Compact(&out, raw); err != nil || !utf8.Valid(raw) || out.Len() == 0 || out.Bytes()[0] != '{' {
		return nil, invalid("%s: a JSON object is wanted", what)
	}
	if out.Len() > most {
		return nil, invalid("%s: %d bytes without spaces, and at most %d are kept", what, out.Len(), most)
	}
	return out.Bytes(), nil
}

func checkAliases(aliases map[string]string) error {
	if len(aliases) > MaxAliases {
		return invalid("more than %d aliases", MaxAliases)
	}
	bytes := 0
	for name, model := range aliases {
		if name == "" || model == "" || len(name) > 512 || len(model) > 512 {
			return invalid("an alias, and the model that it stands for, have 1 to 512 bytes")
		}
		if err := checkPrintable("an alias, or the model that it stands for,", name+model); err != nil {
			return err
		}
		bytes += len(name) + len(model)
	}
	if bytes > MaxList {
		return invalid("the aliases have %d bytes, and at most %d are kept", bytes, MaxList)
	}
	return nil
}
