package litellm

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
)

// meters are the rates that tollgate has meters for, whatever the mode.
var meters = map[string]accounting.Meter{
	"input_cost_per_token":                      accounting.Input,
	"cache_read_input_token_cost":               accounting.CachedInput,
	"cache_creation_input_token_cost":           accounting.CacheWrite,
	"cache_creation_input_token_cost_above_1hr": accounting.CacheWriteHour,
	"input_cost_per_audio_token":                accounting.AudioInput,
	"cache_read_input_audio_token_cost":         accounting.CachedAudioInput,
	"input_cost_per_image_token":                accounting.ImageInput,
	"cache_read_input_image_token_cost":         accounting.CachedImageInput,
	"output_cost_per_token":                     accounting.Output,
	"output_cost_per_reasoning_token":           accounting.Reasoning,
	"output_cost_per_audio_token":               accounting.AudioOutput,
	"output_cost_per_image_token":               accounting.ImageOutput,
	"output_cost_per_image":                     accounting.Images,
	"input_cost_per_query":                      accounting.Requests,
	"input_cost_per_request":                    accounting.Requests,
}

// instead are rates that stand for another one where that is not stated.
var instead = []struct {
	field string
	meter accounting.Meter
	mode  pricelist.Mode // "" is every mode
}{
	{"input_cost_per_token_cache_hit", accounting.CachedInput, ""},
	{"input_cost_per_image", accounting.Images, pricelist.Image},
}

// byLength are rates by the second or character. Beside token rates they restate the
// same price for those who cannot count tokens, so both are never billed.
var byLength = []struct {
	field string
	meter accounting.Meter
}{
	{"input_cost_per_second", accounting.Milliseconds},
	{"output_cost_per_second", accounting.Milliseconds},
	{"input_cost_per_character", accounting.Characters},
}

var tiers = map[string]accounting.Tier{"batches": accounting.Batch, "flex": accounting.Flex, "priority": accounting.Priority}

// pattern is an expression that is compiled when it is first asked: most starts read no
// price map.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// suffix takes a threshold and a tier off a field's name.
var suffix = pattern(`^(.+?)(?:_above_([0-9]{1,6})k_tokens)?(?:_(batches|flex|priority))?$`)

// isCost says that a field is a price of something.
var isCost = pattern(`cost|pricing`)

// tariffReader gathers the rates of one entry.
type tariffReader struct {
	tariff accounting.Tariff
	bands  map[int64]*accounting.Band
	unused []string // fields with a price above zero that no meter counts
	xai    bool
}

// version is what prices out of the map are marked with.
const version = "LiteLLM price map"

// readPrice makes a price of an entry's fields, and of what its images cost by size and
// quality, and names the fields above zero that it leaves out.
func readPrice(vendor string, mode pricelist.Mode, fields map[string]json.RawMessage, images []accounting.ImageRate) (accounting.Price, []string, error) {
	tariff, unused, err := readTariff(vendor, mode, fields, images)
	if err != nil {
		return nil, nil, err
	}
	price, err := accounting.PriceOf(tariff)
	switch {
	case errors.Is(err, accounting.ErrNoRates) && len(unused) > 0:
		return nil, nil, fmt.Errorf("only %s is stated, which nothing here counts", strings.Join(unused, ", "))
	case errors.Is(err, accounting.ErrAllZero):
		return nil, nil, errors.New("only some zeros are stated")
	case err != nil:
		return nil, nil, err
	}
	if _, free := price.(accounting.Free); free && len(unused) > 0 {
		return nil, nil, fmt.Errorf("not free: it bills %s, which nothing here counts", strings.Join(unused, ", "))
	}
	return price, unused, nil
}

// readTariff gathers the rates of an entry's fields, and the names of those above zero
// that no meter counts.
func readTariff(vendor string, mode pricelist.Mode, fields map[string]json.RawMessage, images []accounting.ImageRate) (accounting.Tariff, []string, error) {
	none := accounting.Tariff{}
	t := &tariffReader{
		tariff: accounting.Tariff{Version: version, Rates: accounting.Rates{}, Tiers: map[accounting.Tier]accounting.Rates{}},
		bands:  map[int64]*accounting.Band{},
		xai:    vendor == "xai",
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if string(fields[name]) == "null" || !isCost().MatchString(name) {
			continue
		}
		if err := t.field(name, fields[name]); err != nil {
			return none, nil, err
		}
	}
	if err := t.stepped(fields["tiered_pricing"]); err != nil {
		return none, nil, err
	}
	if err := t.fallbacks(mode, fields); err != nil {
		return none, nil, err
	}
	if err := t.search(fields["search_context_cost_per_query"]); err != nil {
		return none, nil, err
	}
	// Beside a rate for what is produced in tokens, that of an image restates it for those
	// who cannot count them: both are never billed.
	if t.tariff.Rates[accounting.Output] > 0 || t.tariff.Rates[accounting.ImageOutput] > 0 {
		delete(t.tariff.Rates, accounting.Images)
	} else {
		t.tariff.Images = images
	}
	for _, above := range slices.Sorted(maps.Keys(t.bands)) {
		t.tariff.Long = append(t.tariff.Long, *t.bands[above])
	}
	slices.Sort(t.unused)
	return t.tariff, t.unused, nil
}

// field reads one rate that has a meter, or marks it as unused.
func (t *tariffReader) field(name string, raw json.RawMessage) error {
	switch name {
	case "tiered_pricing", "search_context_cost_per_query",
		"input_cost_per_token_cache_hit", "input_cost_per_image", "input_cost_per_second", "output_cost_per_second", "input_cost_per_character":
		return nil // read apart
	}
	parts := suffix().FindStringSubmatch(name)
	meter, known := meters[parts[1]]
	if !known {
		if n, err := exact(raw); err != nil || n.Sign() != 0 {
			t.unused = append(t.unused, name)
		}
		return nil
	}
	rate, err := rateOf(meter, name, raw)
	if err != nil {
		return err
	}
	t.rates(parts[2], tiers[parts[3]])[meter] = rate
	return nil
}

// rates returns the rates of a tier above a number of thousand tokens; "" is from
// the first token on.
func (t *tariffReader) rates(thousands string, tier accounting.Tier) accounting.Rates {
	standard, byTier := t.tariff.Rates, t.tariff.Tiers
	if thousands != "" {
		n, _ := strconv.ParseInt(thousands, 10, 64) // six digits at most
		b := t.band(n * 1000)
		standard, byTier = b.Rates, b.Tiers
	}
	if tier == accounting.Standard {
		return standard
	}
	if byTier[tier] == nil {
		byTier[tier] = accounting.Rates{}
	}
	return byTier[tier]
}

// band returns the band above a number of tokens. At xAI a band begins at its
// threshold, elsewhere above it.
func (t *tariffReader) band(above int64) *accounting.Band {
	if t.xai {
		above--
	}
	b := t.bands[above]
	if b == nil {
		b = &accounting.Band{AboveInput: above, Rates: accounting.Rates{}, Tiers: map[accounting.Tier]accounting.Rates{}}
		t.bands[above] = b
	}
	return b
}

// stepped reads tiered_pricing: rates by ranges of input tokens, of which the first
// begins at zero.
func (t *tariffReader) stepped(raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var steps []map[string]json.RawMessage
	if json.Unmarshal(raw, &steps) != nil {
		return errors.New("tiered_pricing is no list of ranges")
	}
	seen := map[int64]bool{}
	for _, step := range steps {
		var bounds []json.RawMessage
		if json.Unmarshal(step["range"], &bounds) != nil || len(bounds) == 0 {
			return errors.New("tiered_pricing has a step without a range of tokens")
		}
		low, err := exact(bounds[0])
		if err != nil || !low.IsInt() || low.Sign() < 0 || !low.Num().IsInt64() || seen[low.Num().Int64()] {
			return errors.New("tiered_pricing has a range that does not begin at a number of tokens of its own")
		}
		seen[low.Num().Int64()] = true
		into := t.tariff.Rates
		if low.Sign() > 0 {
			into = t.band(low.Num().Int64()).Rates
		}
		for _, name := range slices.Sorted(maps.Keys(step)) {
			meter, known := meters[name]
			switch {
			case !known && isCost().MatchString(name):
				t.unused = append(t.unused, "tiered_pricing "+name)
			case known:
				if into[meter], err = rateOf(meter, name, step[name]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// fallbacks reads the rates that only count where others are absent.
func (t *tariffReader) fallbacks(mode pricelist.Mode, fields map[string]json.RawMessage) error {
	for _, f := range instead {
		raw, stated := fields[f.field]
		if !stated || string(raw) == "null" {
			continue
		}
		rate, err := rateOf(f.meter, f.field, raw)
		if err != nil {
			return err
		}
		_, has := t.tariff.Rates[f.meter]
		switch {
		case f.mode != "" && f.mode != mode:
			if rate > 0 {
				t.unused = append(t.unused, f.field)
			}
		case !has:
			t.tariff.Rates[f.meter] = rate
		}
	}
	byToken := false
	for m, r := range t.tariff.Rates {
		byToken = byToken || m < accounting.Images && r > 0
	}
	for _, f := range byLength {
		raw, stated := fields[f.field]
		if !stated || byToken || string(raw) == "null" {
			continue
		}
		rate, err := rateOf(f.meter, f.field, raw)
		if err != nil {
			return err
		}
		// Input and output of one call are as long as each other: the dearer counts.
		t.tariff.Rates[f.meter] = max(rate, t.tariff.Rates[f.meter])
	}
	return nil
}

// mediumSearch is the size of context that a web search has unless its request says another.
const mediumSearch = "search_context_size_medium"

// search reads what a web search costs; of the three sizes of context, the usual.
func (t *tariffReader) search(raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var sizes map[string]json.RawMessage
	if json.Unmarshal(raw, &sizes) != nil {
		t.unused = append(t.unused, "search_context_cost_per_query")
		return nil
	}
	if sizes[mediumSearch] == nil {
		t.unused = append(t.unused, "search_context_cost_per_query")
		return nil
	}
	rate, err := rateOf(accounting.Searches, mediumSearch, sizes[mediumSearch])
	if err != nil {
		return err
	}
	t.tariff.Rates[accounting.Searches] = rate
	return nil
}

// searchSizes names the sizes of context whose searches cost another amount than those of the
// usual one, at which all are charged.
func searchSizes(raw json.RawMessage) (others []string) {
	var sizes map[string]json.RawMessage
	if json.Unmarshal(raw, &sizes) != nil || sizes[mediumSearch] == nil {
		return nil // it is not charged, which is told
	}
	usual, err := exact(sizes[mediumSearch])
	if err != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		if n, err := exact(sizes[name]); err != nil || n.Cmp(usual) != 0 {
			others = append(others, name)
		}
	}
	return others
}

// rateOf makes a rate of dollars for one unit.
func rateOf(m accounting.Meter, name string, raw json.RawMessage) (accounting.Rate, error) {
	n, err := exact(raw)
	if err != nil {
		return 0, fmt.Errorf("%s is no plain number", name)
	}
	return rateOfNumber(m, name, n)
}

func rateOfNumber(m accounting.Meter, name string, n *big.Rat) (accounting.Rate, error) {
	const places = 40
	decimal := n.FloatString(places)
	if back, ok := new(big.Rat).SetString(decimal); !ok || back.Cmp(n) != 0 {
		return 0, fmt.Errorf("%s is finer than can be counted exactly", name)
	}
	rate, err := accounting.ParseRate(m, decimal, accounting.PerUnit)
	switch {
	case err != nil && n.Sign() < 0:
		return 0, fmt.Errorf("%s is negative", name)
	case errors.Is(err, accounting.ErrOverflow):
		return 0, fmt.Errorf("%s is dearer than is believed", name)
	case err != nil:
		return 0, fmt.Errorf("%s is finer than can be counted exactly", name)
	}
	return rate, nil
}

var number = pattern(`^-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$`)

// exact reads a JSON number, or a string that holds one, as its text says.
func exact(raw json.RawMessage) (*big.Rat, error) {
	s := string(raw)
	if strings.HasPrefix(s, `"`) {
		s = text(raw)
	}
	if !number().MatchString(s) {
		return nil, errors.New("no number")
	}
	n, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, errors.New("no number")
	}
	return n, nil
}
