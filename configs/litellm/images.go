package litellm

import (
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
)

// sizedImage is what an image of one size and quality costs, and the key that says so.
type sizedImage struct {
	key  string
	rate accounting.ImageRate
}

// qualities are what may stand before a size.
var qualities = []string{"low", "medium", "high", "standard", "hd", "auto"}

// imageKey takes apart a key that prices one size and quality of a model's images:
// quality/WIDTH-x-HEIGHT/model, where either of the first two may be missing.
func imageKey(key string) (model string, size [2]int64, quality string, ok bool) {
	head, rest, slash := strings.Cut(key, "/")
	if slash && slices.Contains(qualities, head) {
		quality, ok = head, true
		key = rest
		head, rest, slash = strings.Cut(key, "/")
	}
	w, h, x := strings.Cut(head, "-x-")
	width, err1 := strconv.ParseInt(w, 10, 32)
	height, err2 := strconv.ParseInt(h, 10, 32)
	if slash && x && err1 == nil && err2 == nil && width > 0 && height > 0 {
		return rest, [2]int64{width, height}, quality, true
	}
	return key, size, quality, ok
}

// image keeps what an entry says of one size and quality of a model's images.
func (r *mapReader) image(key string, raw json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return
	}
	provider := text(fields["litellm_provider"])
	vendor, known := vendors[provider]
	model, size, quality, ok := imageKey(strings.TrimPrefix(key, provider+"/"))
	if !known || !ok || modes[text(fields["mode"])] != pricelist.Image || sized(model) {
		return // the reason is given with the entries
	}
	rate, err := imageRate(fields, size)
	if err != nil {
		r.note(key, "left out, %v", err)
		return
	}
	if quality == "auto" {
		quality = ""
	}
	of := sizedImage{key, accounting.ImageRate{Quality: quality, Rate: rate}}
	if size != [2]int64{} {
		of.rate.Size = strconv.FormatInt(size[0], 10) + "x" + strconv.FormatInt(size[1], 10)
	}
	at := [2]string{vendor, model}
	if slices.ContainsFunc(r.images[at], func(o sizedImage) bool {
		return o.rate.Size == of.rate.Size && o.rate.Quality == of.rate.Quality
	}) {
		r.note(key, "left out, the same image stands under another name already")
		return
	}
	r.images[at] = append(r.images[at], of)
}

// imageRate reads what one image costs: as it is, or by its pixels.
func imageRate(fields map[string]json.RawMessage, size [2]int64) (most accounting.Rate, err error) {
	for _, f := range []struct {
		name  string
		times int64
	}{
		{"input_cost_per_image", 1}, {"output_cost_per_image", 1}, {"input_cost_per_pixel", size[0] * size[1]}, {"output_cost_per_pixel", size[0] * size[1]},
	} {
		raw, stated := fields[f.name]
		if !stated || string(raw) == "null" || f.times > 1 && most > 0 {
			continue // pixels restate what an image costs
		}
		n, err := exact(raw)
		if err != nil {
			return 0, errors.New(f.name + " is no plain number")
		}
		rate, err := rateOfNumber(accounting.Images, f.name, countable(n.Mul(n, new(big.Rat).SetInt64(f.times))))
		if err != nil {
			return 0, err
		}
		most = max(most, rate)
	}
	if most == 0 {
		return 0, errors.New("what an image of it costs is not stated above zero")
	}
	return most, nil
}

// countable rounds what an image costs up to what can be counted: the price of a pixel is
// itself a rounded figure.
func countable(n *big.Rat) *big.Rat {
	const perDollar = 1_000_000_000_000_000 // nano-dollars for a million images
	up, rest := new(big.Int).DivMod(new(big.Int).Mul(n.Num(), big.NewInt(perDollar)), n.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		up.Add(up, big.NewInt(1))
	}
	return new(big.Rat).SetFrac(up, big.NewInt(perDollar))
}

func (r *mapReader) imageRates(at [2]string) (rates []accounting.ImageRate) {
	for _, of := range r.images[at] {
		rates = append(rates, of.rate)
	}
	return rates
}

// noImages names what a model's price makes no use of.
func (r *mapReader) noImages(at [2]string, why string) {
	for _, of := range r.images[at] {
		r.note(of.key, "left out, %s", why)
	}
}

// imagesAlone makes entries of models that only stand in the map by what images of theirs
// cost.
func (r *mapReader) imagesAlone() {
	for _, at := range slices.SortedFunc(maps.Keys(r.images), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		if r.refused[at] {
			r.noImages(at, "the entry of its model is of no use")
		}
		if _, has := r.made[at]; has || r.refused[at] {
			continue
		}
		price, err := accounting.NewPriced(accounting.Tariff{Version: version, Images: r.imageRates(at)})
		if err != nil {
			r.noImages(at, err.Error())
			continue
		}
		r.made[at] = pricelist.Entry{Vendor: at[0], Model: at[1], Mode: pricelist.Image, Price: price}
	}
}
