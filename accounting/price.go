package accounting

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"strings"
)

// Rate is a price per million units of one meter, in nano-dollars: 2 USD per
// million tokens is Rate(2e9). Rates are per million because cached and batch
// rates are often no whole number of nano-dollars per token.
type Rate int64

// MaxRate is the dearest rate that is believed: 1000 USD per single unit.
const MaxRate Rate = 1_000_000_000_000_000_000

const perMillion = 1_000_000

// Per says how many units a stated amount is for.
type Per int64

// The units an amount may be stated for.
const (
	PerUnit     Per = 1
	PerThousand Per = 1_000
	PerMillion  Per = 1_000_000
)

// ParseRate reads an exact decimal number of dollars for `per` units of the
// meter m; "0.00000025" for one token and "0.25" for a million are the same rate.
// What cannot be held exactly is refused with [ErrBadAmount] or [ErrOverflow].
func ParseRate(m Meter, amount string, per Per) (Rate, error) {
	t := strings.TrimSpace(amount)
	t = strings.TrimSpace(strings.TrimSuffix(t, "USD"))
	t = strings.TrimSpace(strings.TrimPrefix(t, "$"))
	places := 9 // nano-dollars per million units
	for n := per; n < PerMillion; n *= 10 {
		places++
	}
	if m == Milliseconds { // stated per second, counted in thousandths
		places -= 3
	}
	v, err := parseDecimal(t, places)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s %q: %w", m, amount, err)
	case v < 0:
		return 0, fmt.Errorf("%s %q: %w: a price is not negative", m, amount, ErrBadAmount)
	case Rate(v) > MaxRate:
		return 0, fmt.Errorf("%s %q: %w", m, amount, ErrOverflow)
	}
	return Rate(v), nil
}

// PerUnitOf says how a rate of this meter is customarily stated: token and
// character meters per million, the others per single unit.
func PerUnitOf(m Meter) Per {
	if m < Images || m == Characters {
		return PerMillion
	}
	return PerUnit
}

// FormatRate writes a rate the way [PerUnitOf] says it is stated, in dollars.
func FormatRate(m Meter, r Rate) string {
	places := 9
	for n := PerUnitOf(m); n < PerMillion; n *= 10 {
		places++
	}
	if m == Milliseconds {
		places -= 3
	}
	return decimalString(int64(r), places)
}

// Rates states the rate of some meters. A meter that is absent has no stated
// rate, which differs from a rate of zero.
type Rates map[Meter]Rate

// Tier is the service tier that a call was served at, in OpenAI's words.
type Tier string

// The tiers with rates of their own. The zero Tier is the standard one.
const (
	Standard Tier = ""
	Batch    Tier = "batch"
	Flex     Tier = "flex"
	Priority Tier = "priority"
)

// TierOf maps the `service_tier` of a request or an answer to a tier with rates of its own.
// `fast` is how newer models spell priority. known is false for a word whose price nobody
// has stated, such as `scale`: it comes with the standard tier, and may well be dearer.
func TierOf(serviceTier string) (tier Tier, known bool) {
	switch serviceTier {
	case "", "auto", "default", "standard", "standard_only", "on_demand":
		return Standard, true
	case "batch":
		return Batch, true
	case "flex":
		return Flex, true
	case "priority", "fast":
		return Priority, true
	}
	return Standard, false
}

// Band is a set of rates for calls with more than AboveInput input tokens. Once
// the threshold is passed the whole call is billed at the band's rates.
type Band struct {
	AboveInput int64
	Rates      Rates
	Tiers      map[Tier]Rates
}

// Tariff is what an operator or the catalogue states about a price. [NewPriced]
// turns it into a price that can be used.
type Tariff struct {
	Version string // where the figures come from and of which day: shown and kept with every entry
	Rates   Rates
	Tiers   map[Tier]Rates
	Long    []Band
	Images  []ImageRate // by size and quality, whatever the tier; beside them, the rate of an image is for calls that name neither
}

// Price is what a deployment costs: [Free], [Unknown] or [Priced], nothing else.
type Price interface{ price() }

// Free is the price of a deployment that its operator declared free.
type Free struct{}

// Unknown is the price of a deployment that nobody stated. It is never free.
type Unknown struct{}

// Priced is a price with at least one rate above zero. Only [NewPriced] makes a
// usable one; the zero value quotes nothing.
type Priced struct{ t *tariff }

func (Free) price()    {}
func (Unknown) price() {}
func (Priced) price()  {}

// The reasons for which a tariff is refused or a call cannot be priced.
var (
	ErrAllZero       = errors.New("every rate is zero: write `price: free` if the model is free")
	ErrNoRates       = errors.New("no rate is stated")
	ErrUnpricedMeter = errors.New("the call bills something that has no price")
	ErrZeroPriced    = errors.New("a price that was not made by NewPriced")
)

type rateRow struct {
	rate [numMeters]Rate
	set  [numMeters]bool
}

// bandRow is the rates of calls of more than so many input tokens: those that are billed,
// and those that a quote is made of.
type bandRow struct {
	above  int64
	tiers  map[Tier]*rateRow
	quoted map[Tier]*rateRow
}

// newBand adds the rates that quotes are made of.
func newBand(above int64, tiers map[Tier]*rateRow) bandRow {
	std := tiers[Standard]
	b := bandRow{above: above, tiers: tiers, quoted: map[Tier]*rateRow{Standard: std.dearest()}}
	for tier, row := range tiers {
		if row != std { // of a tier without rates of its own the standard ones hold
			b.quoted[tier] = row.dearest()
		}
	}
	return b
}

// at returns the row of a tier, or the standard one.
func at(tiers map[Tier]*rateRow, tier Tier) *rateRow {
	if r, ok := tiers[tier]; ok {
		return r
	}
	return tiers[Standard]
}

type tariff struct {
	version string
	stated  [numMeters]bool // among the standard rates
	bands   []bandRow       // ascending; the first has above = -1
	images  []ImageRate     // what an image may cost, if that depends on what it is
}

// NewPriced checks a tariff and makes a price of it.
//
// Cached, audio and image input without a rate are billed as input, and what is cached
// for an hour as what is cached; reasoning, audio and image output as output. If no token
// rate at all is stated beside a rate per request, image, second, search or character,
// tokens cost nothing; if only one of input and output is stated, the other has no price,
// and a call that uses it is [ErrUnpricedMeter]. A tier or band falls back, meter by meter,
// to the standard rates.
func NewPriced(t Tariff) (Priced, error) {
	if err := t.check(); err != nil {
		return Priced{}, err
	}
	p := &tariff{version: t.Version}
	for m := range t.Rates {
		p.stated[m] = true
	}
	bands := append([]Band{{AboveInput: -1, Rates: t.Rates, Tiers: t.Tiers}}, t.Long...)
	sort.SliceStable(bands, func(i, j int) bool { return bands[i].AboveInput < bands[j].AboveInput })
	for i, b := range bands {
		if i > 0 && b.AboveInput == bands[i-1].AboveInput {
			return Priced{}, fmt.Errorf("two long-context bands above %d input tokens", b.AboveInput)
		}
		std := resolve(b.Rates, t.Rates)
		tiers := map[Tier]*rateRow{Standard: std}
		for _, tier := range []Tier{Batch, Flex, Priority} {
			tiers[tier] = std
			if own, has := b.Tiers[tier]; has {
				tiers[tier] = resolve(own, b.Rates, t.Rates)
			}
		}
		p.bands = append(p.bands, newBand(b.AboveInput, tiers))
	}
	if err := p.addImages(t); err != nil {
		return Priced{}, err
	}
	return Priced{p}, nil
}

// check finds rates that are none, and a tariff that states nothing above zero.
func (t Tariff) check() error {
	if len(t.Rates) == 0 && len(t.Images) == 0 {
		return ErrNoRates
	}
	above := len(t.Images) > 0
	rates := func(of string, rs Rates) error {
		for m, r := range rs {
			if m >= numMeters {
				return fmt.Errorf("%sunknown meter %d", of, m)
			}
			if r < 0 || r > MaxRate {
				return fmt.Errorf("%s%s: %w", of, m, ErrOverflow)
			}
			above = above || r > 0
		}
		return nil
	}
	all := func(of string, rs Rates, tiers map[Tier]Rates) error {
		if err := rates(of, rs); err != nil {
			return err
		}
		for tier, rs := range tiers {
			if err := rates(of+string(tier)+" ", rs); err != nil {
				return err
			}
		}
		return nil
	}
	if err := all("", t.Rates, t.Tiers); err != nil {
		return err
	}
	for _, b := range t.Long {
		if b.AboveInput < 1 {
			return fmt.Errorf("long context above %d input tokens: the threshold must be positive", b.AboveInput)
		}
		if err := all("long context ", b.Rates, b.Tiers); err != nil {
			return err
		}
	}
	if !above {
		return ErrAllZero
	}
	return nil
}

// resolve fills one row from the first layer that states a meter, then applies
// the defaults between meters.
func resolve(layers ...Rates) *rateRow {
	row := &rateRow{}
	for _, rs := range slices.Backward(layers) {
		for m, r := range rs {
			row.rate[m], row.set[m] = r, true
		}
	}
	inherit := func(from, to Meter) {
		if !row.set[to] && row.set[from] {
			row.rate[to], row.set[to] = row.rate[from], true
		}
	}
	for _, m := range []Meter{CachedInput, CacheWrite, AudioInput, ImageInput} {
		inherit(Input, m)
	}
	inherit(CacheWrite, CacheWriteHour)
	_, write := layers[0][CacheWrite]
	if _, hour := layers[0][CacheWriteHour]; write && !hour { // what is kept for longer is never cheaper
		row.rate[CacheWriteHour] = max(row.rate[CacheWriteHour], row.rate[CacheWrite])
	}
	// A cached rate is a discount on text; without one of its own, cached audio
	// and images are billed like fresh ones.
	inherit(AudioInput, CachedAudioInput)
	inherit(ImageInput, CachedImageInput)
	for _, m := range []Meter{Reasoning, AudioOutput, ImageOutput} {
		inherit(Output, m)
	}
	token := false
	for m := Input; m < Images; m++ {
		token = token || row.set[m]
	}
	if !token {
		for m := Input; m < Images; m++ {
			row.set[m] = true
		}
	}
	for _, m := range []Meter{Images, Requests, Searches, Characters, Milliseconds} {
		row.set[m] = true // not billed unless stated
	}
	return row
}

func (p Priced) row(inputTokens int64, tier Tier) *rateRow {
	b := p.t.bands[0]
	for _, next := range p.t.bands[1:] {
		if inputTokens > next.above {
			b = next
		}
	}
	return at(b.tiers, tier)
}

// Version says where the rates come from and of which day.
func (p Priced) Version() string {
	if p.t == nil {
		return ""
	}
	return p.t.version
}

// Rate returns the standard rate of a meter, after the defaults between meters,
// and whether there is one.
func (p Priced) Rate(m Meter) (Rate, bool) {
	if p.t == nil || m >= numMeters {
		return 0, false
	}
	r := p.t.bands[0].tiers[Standard]
	return r.rate[m], r.set[m]
}

// States says that the standard rate of a meter was stated, and does not follow from
// another one's.
func (p Priced) States(m Meter) bool { return p.t != nil && m < numMeters && p.t.stated[m] }

// Rated says whether a tier has rates of its own. One that has none is billed as the
// standard one.
func (p Priced) Rated(tier Tier) bool {
	return p.t != nil && slices.ContainsFunc(p.t.bands, func(b bandRow) bool { return b.tiers[tier] != nil && b.tiers[tier] != b.tiers[Standard] })
}

// Line is one addend of a cost.
type Line struct {
	Meter Meter
	Count int64
	Rate  Rate
}

// Cost is what a call did cost, with the counts and rates that make it up.
type Cost struct {
	Total Money
	Tier  Tier
	Lines []Line
}

// Cost computes what a usage costs at a tier: the products are added exactly in
// 128 bits, divided once by a million and rounded up to a whole nano-dollar.
// [ErrUnpricedMeter] if something was used that has no rate; [ErrOverflow] if the
// cost leaves the range of [Money].
func (p Priced) Cost(u Usage, tier Tier) (Cost, error) {
	if p.t == nil {
		return Cost{}, ErrZeroPriced
	}
	row := p.row(u.InputTokens(), tier)
	total, billed, err := row.total(&u)
	if err != nil {
		return Cost{}, err
	}
	c := Cost{Total: total, Tier: tier}
	if billed > 0 {
		c.Lines = make([]Line, 0, billed)
	}
	for m, n := range u {
		if row.bills(Meter(m), n) {
			c.Lines = append(c.Lines, Line{Meter: Meter(m), Count: n, Rate: row.rate[m]})
		}
	}
	return c, nil
}

// bills says whether a count is an addend of a cost: tokens are, even at a rate of zero.
func (r *rateRow) bills(m Meter, n int64) bool {
	return n != 0 && (r.rate[m] != 0 || m < Images)
}

// total is what a usage costs at these rates, and of how many addends.
func (r *rateRow) total(u *Usage) (sum Money, billed int, err error) {
	var hi, lo uint64
	for m := range numMeters {
		n := u[m]
		switch {
		case n < 0:
			return 0, 0, fmt.Errorf("%s %d: %w", m, n, ErrOverflow)
		case n == 0:
			continue
		case !r.set[m]:
			return 0, 0, fmt.Errorf("%w: %s", ErrUnpricedMeter, m)
		case !r.bills(m, n):
			continue
		}
		billed++
		h, l := bits.Mul64(uint64(n), uint64(r.rate[m]))
		var carry uint64
		lo, carry = bits.Add64(lo, l, 0)
		hi, carry = bits.Add64(hi, h, carry)
		if carry != 0 {
			return 0, 0, ErrOverflow
		}
	}
	if hi >= perMillion {
		return 0, 0, ErrOverflow
	}
	q, rem := bits.Div64(hi, lo, perMillion)
	if q > uint64(MaxMoney) { // before it is rounded up: 2^64-1 would become 0
		return 0, 0, ErrOverflow
	}
	if rem > 0 {
		q++
	}
	if q > uint64(MaxMoney) {
		return 0, 0, ErrOverflow
	}
	return Money(q), billed, nil
}

// Quote is the most a call is expected to cost. It can only be obtained from
// [Priced.Quote], and the ledger takes a hold for nothing else; the zero Quote is
// invalid.
type Quote struct {
	amount Money
	valid  bool
}

// Amount is the most the call is expected to cost.
func (q Quote) Amount() Money { return q.amount }

// Valid says that the quote was made by [Priced.Quote].
func (q Quote) Valid() bool { return q.valid }

// Quote bounds the cost of a call from above. most is the largest usage it may
// have, all input in one meter; any input token may turn out to be cached,
// written or fresh, so each is taken at the dearest of those rates (that of writing
// for an hour only if the input is in its meter), and at the dearer of the tier asked
// for and the standard one, since an upstream may serve either. Errors are those of [Priced.Cost].
func (p Priced) Quote(most Usage, tier Tier) (Quote, error) {
	if p.t == nil {
		return Quote{}, ErrZeroPriced
	}
	worst := Money(0)
	for _, b := range p.t.bands {
		if b.above >= most.InputTokens() {
			continue
		}
		for _, t := range [...]Tier{Standard, tier} {
			cost, _, err := at(b.quoted, t).total(&most)
			if err != nil {
				return Quote{}, err
			}
			worst = max(worst, cost)
		}
	}
	return Quote{amount: worst, valid: true}, nil
}

// dearest is a row in which each meter that a quote is asked in has the dearest rate of
// those that its tokens may turn out to be of.
func (r *rateRow) dearest() *rateRow {
	row := *r
	raise(&row, Input, CachedInput, CacheWrite)
	raise(&row, CacheWriteHour, Input)
	raise(&row, AudioInput, CachedAudioInput)
	raise(&row, ImageInput, CachedImageInput)
	raise(&row, Output, Reasoning)
	return &row
}

func raise(row *rateRow, to Meter, from ...Meter) {
	for _, m := range from {
		if row.set[to] && row.set[m] {
			row.rate[to] = max(row.rate[to], row.rate[m])
		}
	}
}

// Shadow is what the use of a free deployment would have cost elsewhere, for reports.
// It is no [Price] and it makes no [Quote], so that nothing can be held or posted for
// it. The zero Shadow says nothing.
type Shadow struct{ p Priced }

// NewShadow makes a shadow of a tariff; its errors are those of [NewPriced].
func NewShadow(t Tariff) (Shadow, error) {
	p, err := NewPriced(t)
	return Shadow{p}, err
}

// IsZero says that nothing was declared.
func (s Shadow) IsZero() bool { return s == Shadow{} }

// Worth computes what a usage at a tier would have cost, as [Priced.Cost] does. ok is
// false if nothing was declared, or nothing for a meter that was used.
func (s Shadow) Worth(u Usage, tier Tier) (worth Money, ok bool) {
	c, err := s.p.Cost(u, tier)
	return c.Total, err == nil
}

// PriceOf makes a price of what was stated. A tariff that states both input and
// output, and nothing above zero anywhere, says that the model is free; one that
// states only some zeros says nothing about the rest and is refused, because a
// missing figure is never a zero.
func PriceOf(t Tariff) (Price, error) {
	p, err := NewPriced(t)
	if errors.Is(err, ErrAllZero) {
		_, in := t.Rates[Input]
		_, out := t.Rates[Output]
		if in && out {
			return Free{}, nil
		}
		return nil, ErrAllZero
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}
