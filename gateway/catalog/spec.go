package catalog

import (
	"cmp"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/gateway/listening"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// Spec is what the operator declared, after its grammar was checked.
type Spec struct {
	Providers []ProviderSpec
	Models    []ModelSpec
	// Own is where the program itself listens: no provider can be there. nil: nowhere.
	Own *listening.Own
}

// ProviderSpec declares a provider.
type ProviderSpec struct {
	Path    string // where it stands, for findings: providers.gpu
	Name    string // without a slash
	Kind    string
	URL     string // "" takes the kind's own
	Secret  providers.Secret
	Headers map[string]providers.Secret
	Local   *bool            // nil: as the kind is
	Assumed bool             // nobody has declared it: it is only looked for
	Price   accounting.Price // for all its models; nil: see [Build]
	Ceiling *accounting.Priced
	Shadow  accounting.Shadow // of those of its models that are free
	Prices  string            // vendor in the price list; "" is the kind's own, if the URL is the kind's own too
	// Unlisted keeps the models that a local provider is found to serve from having names of
	// their own: only what is declared can be called.
	Unlisted bool
	// Remote lets models through that the engine only forwards to somebody else's
	// machines (Ollama's cloud models). They are no longer free by default.
	Remote bool
	// Settings has the values for each of its models, except that Parallel is for all of
	// them together.
	Settings
}

// Settings are what can be set for a provider, for a model and for one target;
// the narrowest wins.
type Settings struct {
	NumCtx        int64
	KeepAlive     string
	Reasoning     providers.ReasoningName
	DefaultOutput int64
	MaxOutput     int64
	DenyMedia     *bool

	FirstByte      time.Duration
	Gap            time.Duration
	Total          time.Duration
	Parallel       int
	QueueWait      time.Duration
	RetryAmbiguous *bool
	FallbackLate   *bool

	Members *wire.Members // of requests for chat, completions and embeddings; nil changes none
}

func (s Settings) over(wider Settings) Settings {
	if s.NumCtx == 0 {
		s.NumCtx = wider.NumCtx
	}
	if s.KeepAlive == "" {
		s.KeepAlive = wider.KeepAlive
	}
	if s.Reasoning == "" {
		s.Reasoning = wider.Reasoning
	}
	if s.DefaultOutput == 0 {
		s.DefaultOutput = wider.DefaultOutput
	}
	if s.MaxOutput == 0 {
		s.MaxOutput = wider.MaxOutput
	}
	if s.DenyMedia == nil {
		s.DenyMedia = wider.DenyMedia
	}
	s.FirstByte = cmp.Or(s.FirstByte, wider.FirstByte)
	s.Gap = cmp.Or(s.Gap, wider.Gap)
	s.Total = cmp.Or(s.Total, wider.Total)
	s.Parallel = cmp.Or(s.Parallel, wider.Parallel)
	s.QueueWait = cmp.Or(s.QueueWait, wider.QueueWait)
	s.RetryAmbiguous = cmp.Or(s.RetryAmbiguous, wider.RetryAmbiguous)
	s.FallbackLate = cmp.Or(s.FallbackLate, wider.FallbackLate)
	s.Members = s.Members.Over(wider.Members)
	return s
}

// ModelSpec declares a public name. One * in the name makes it a wildcard; the
// text it stands for replaces the * of each target.
type ModelSpec struct {
	Path    string // models.assistant
	Name    string
	Targets []TargetSpec
	// Balance is how deployments of the same order are chosen from; "": see [Choice].
	Balance Balance
	// Groups are names by which lists of allowed models may call it, beside its own.
	Groups []string
	// Hidden keeps it out of the lists of models. It can be called all the same.
	Hidden bool
	// Unavailable says why nothing serves the name, which is declared all the same so that
	// whoever asks for it learns why. There are no targets then.
	Unavailable string
	Price       accounting.Price
	ListedAs    string // as in [TargetSpec]
	Ceiling     *accounting.Priced
	Shadow      accounting.Shadow
	Settings

	family string // the wildcard that the name was made of; "" if it was declared
}

// Fits says whether a name is one of those that a declaration with a * makes.
func (m ModelSpec) Fits(name string) bool {
	prefix, suffix, is := strings.Cut(m.Name, "*")
	_, ok := wildcard{prefix: prefix, suffix: suffix}.match(name)
	return is && ok
}

// TargetSpec is one target of a public name: a deployment written as
// provider/model, or another public name.
type TargetSpec struct {
	Path   string
	To     string
	Order  int // tiers ascend
	Weight int // 0 is 1
	When   When
	Price  accounting.Price
	// ListedAs is the entry of the price list that says what it costs and can, as
	// vendor/model, whatever the upstream calls the model; "": see [Build].
	ListedAs string
	Ceiling  *accounting.Priced
	Shadow   accounting.Shadow
	Settings

	family string // as in [ModelSpec]
}

// Finding is something wrong or remarkable in a declaration.
type Finding struct {
	Path    string `json:"path"`    // where: models.assistant.targets[1]
	Message string `json:"message"` // what, and what to write instead
	Warning bool   `json:"warning"` // the rest works without it
}

func (f Finding) String() string { return f.Path + ": " + f.Message }

// Discovered is what a provider was found to serve; see [providers.Codec].
type Discovered map[string][]providers.Model
