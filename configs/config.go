package configs

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/gateway/catalog"
	"tollgate/gateway/limits"
	"tollgate/gateway/listening"
	"tollgate/providers"
)

// The limits of a configuration.
const (
	MaxFile      = 1 << 20 // bytes of the file
	MaxProviders = 1000
	MaxModels    = 10_000
	MaxBudgets   = 10_000
	MaxLimits    = 10_000
	MaxTargets   = 100 // of one model
	MaxName      = 256 // bytes of a model's name
	MaxHeaders   = 64  // of one provider
	MaxWeight    = 1000
	MaxOrder     = 1000
)

// The defaults of a configuration.
const (
	DefaultListen   = "127.0.0.1:4000"
	DefaultDatabase = "tollgate.db"
	DefaultDrain    = 60 * time.Second
	DefaultDelay    = 5 * time.Second

	// DefaultMetricsListen is what is suggested; there is no listener of the metrics' own
	// unless it is declared.
	DefaultMetricsListen = "127.0.0.1:9464"
)

// Config is a configuration that was found to be right.
type Config struct {
	Listen string // host:port
	// RootPath is a path such as /llm, below which every route is found as well; "" for none.
	RootPath   string
	LogLevel   slog.Level // of the least that is logged
	Shadow     *url.URL   // the gateway to run beside; nil: none. No file says so, only --shadow
	Database   Database
	Durability string // full or relaxed
	Orphans    ledger.OrphanPolicy
	Retention  int              // whole months that entries and calls are kept; 0: for ever
	AdminKey   providers.Secret // zero: none was declared
	AdminCalls bool             // the admin key may call models
	Prices     *pricelist.List  // the built-in list or the one that replaces it
	Admission  ledger.Admission
	// ClampOutput lowers a client's output cap to what its budget can pay for,
	// where otherwise the call would be refused.
	ClampOutput bool
	// BooksDown is what paid calls may cost in all while the store of the books does
	// not answer; nil refuses paid calls then.
	BooksDown *accounting.Money
	// BudgetStatus is the HTTP status of a refusal for money: 429, 402, 400 or 422; 0
	// chooses by client.
	BudgetStatus int
	Drain        time.Duration // how long running requests may take at shutdown
	DrainDelay   time.Duration // how long requests are still taken after a SIGTERM, while balancers notice
	Front        Front
	Spec         catalog.Spec
	Budgets      []ledger.Budget
	Zone         *time.Location // of budgets that name none, here and through LiteLLM's API; nil is UTC
	Limits       []limits.Rule
	LimitStore   LimitStore // where limits are counted
	LimitsDown   string     // share or refuse: what happens while that place does not answer
	Metrics      Metrics
	// KeyHeader is a header for keys: where it stands in a request no other is looked at. ""
	// is none.
	KeyHeader string
	// EndUserHeaders name whom a call is made for, in order; nil: those of Open WebUI.
	EndUserHeaders []string
	// Compatibility is whose clients are answered as they are used to, [LikeLiteLLM] or
	// nobody's, "".
	Compatibility string
	// AsAsked names the model in answers as the client has asked for it, not as the upstream
	// calls it.
	AsAsked  bool
	Warnings []Problem // what works but should be known
	// Told is what a file in another program's words says, but for its secrets: for a face that
	// tells it again.
	Told json.RawMessage

	places    map[string]place
	storeSaid bool // LimitStore was declared, and does not follow the database
}

// LikeLiteLLM reads and answers requests of LiteLLM's clients as they are used to.
const LikeLiteLLM = "litellm"

// Whose name for the model stands in answers.
const (
	AnswerUpstream = "upstream"
	AnswerAsked    = "asked"
)

// How sure an entry is on disk before the end of its answer is sent.
const (
	DurabilityFull    = "full"    // it survives the loss of power
	DurabilityRelaxed = "relaxed" // it survives the end of the process; a loss of power may take the last second
)

// Default is the configuration of a gateway that was given none.
func Default() *Config {
	return &Config{
		Listen:     DefaultListen,
		Database:   Database{Driver: SQLite, Path: DefaultDatabase},
		Durability: DurabilityFull,
		Orphans:    ledger.OrphanPrompt,
		Prices:     pricelist.Builtin(),
		Admission:  ledger.Strict,
		Drain:      DefaultDrain,
		DrainDelay: DefaultDelay,
		Front:      DefaultFront(),
		LimitStore: LimitStore{Kind: StoreLocal},
		LimitsDown: DownShare,
	}
}

// Own is where the program listens, which is no place of an upstream.
func (c *Config) Own() *listening.Own {
	own := &listening.Own{}
	own.Add(c.Listen)
	own.Add(c.Metrics.Listen)
	return own
}

// Where says at which line and column a path of the configuration stands, or the
// nearest one above it that does; ok is false if there is none. It gives findings
// made later, such as those of a build with discovered models, their place.
func (c *Config) Where(path string) (line, column int, ok bool) {
	p, ok := nearestPlace(c.places, path)
	return p.line, p.column, ok
}
