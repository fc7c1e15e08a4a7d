package accounting

import (
	"errors"
	"fmt"
)

// ImageRate is what one image of a size and quality costs. An empty size or quality is
// that of a call which names none.
type ImageRate struct {
	Size    string // such as 1024x1024
	Quality string // such as hd
	Rate    Rate
}

// MaxImageRates is how many sizes and qualities a price may tell apart.
const MaxImageRates = 256

// usual is the quality that some vendors name where a call names none.
const usual = "standard"

// addImages takes over the rates of sizes and qualities. What nobody has chosen among is
// the dearest, in every band and tier.
func (p *tariff) addImages(t Tariff) error {
	if len(t.Images) == 0 {
		return nil
	}
	if len(t.Images) > MaxImageRates {
		return fmt.Errorf("%d image rates, but %d are possible", len(t.Images), MaxImageRates)
	}
	named := func(rs Rates) bool { _, has := rs[Images]; return has }
	ambiguous := errors.New("an image has a rate by size and quality, and another by tier or length")
	for _, rs := range t.Tiers {
		if named(rs) {
			return ambiguous
		}
	}
	for _, b := range t.Long {
		if named(b.Rates) {
			return ambiguous
		}
		for _, rs := range b.Tiers {
			if named(rs) {
				return ambiguous
			}
		}
	}
	seen := map[[2]string]bool{}
	if flat, has := t.Rates[Images]; has {
		p.images = append(p.images, ImageRate{Rate: flat})
		seen[[2]string{}] = true
	}
	for _, r := range t.Images {
		at := [2]string{r.Size, r.Quality}
		switch {
		case r.Rate <= 0:
			return fmt.Errorf("image %s %s: a rate that is not above zero: %w", r.Size, r.Quality, ErrBadAmount)
		case r.Rate > MaxRate:
			return fmt.Errorf("image %s %s: %w", r.Size, r.Quality, ErrOverflow)
		case seen[at]:
			return fmt.Errorf("two rates for an image of size %q and quality %q", r.Size, r.Quality)
		}
		seen[at] = true
		p.images = append(p.images, r)
	}
	p.setImages(dearest(p.images, func(ImageRate) bool { return true }))
	return nil
}

func (p *tariff) setImages(r Rate) {
	for _, b := range p.bands {
		for _, rows := range []map[Tier]*rateRow{b.tiers, b.quoted} {
			for _, row := range rows {
				row.rate[Images], row.set[Images] = r, true
			}
		}
	}
}

// ByImage says whether an image costs something by itself.
func (p Priced) ByImage() bool { r, _ := p.Rate(Images); return r > 0 }

func dearest(of []ImageRate, which func(ImageRate) bool) (most Rate) {
	for _, r := range of {
		if which(r) {
			most = max(most, r.Rate)
		}
	}
	return most
}

// ForImages returns the price as it is for calls that ask for images of a size and
// quality, where it tells them apart. A call that names no size, or no quality, pays what
// is stated for those that do not, or the dearest it may get; one that names what nobody
// has stated pays the dearest of all.
func (p Priced) ForImages(size, quality string) Priced {
	if p.t == nil || len(p.t.images) == 0 {
		return p
	}
	exact := func(size, quality string) Rate {
		return dearest(p.t.images, func(r ImageRate) bool { return r.Size == size && r.Quality == quality })
	}
	if rate := exact(size, quality); rate > 0 {
		return p.withImages(rate)
	}
	sized := func(r ImageRate) bool { return size == "" || r.Size == size }
	plain := func(quality string) bool { return quality == "" || quality == usual }
	for _, which := range []func(ImageRate) bool{
		func(r ImageRate) bool {
			return sized(r) && (r.Quality == quality || plain(quality) && plain(r.Quality))
		},
		func(r ImageRate) bool { return sized(r) && quality == "" },
	} {
		if rate := dearest(p.t.images, which); rate > 0 {
			return p.withImages(max(rate, exact("", "")))
		}
	}
	return p // the dearest of all
}

// withImages returns the price with one rate for every image.
func (p Priced) withImages(rate Rate) Priced {
	t := &tariff{version: p.t.version, stated: p.t.stated}
	for _, b := range p.t.bands {
		tiers := make(map[Tier]*rateRow, len(b.tiers))
		for tier, rates := range b.tiers {
			own := *rates
			tiers[tier] = &own
		}
		t.bands = append(t.bands, newBand(b.above, tiers))
	}
	t.setImages(rate)
	return Priced{t}
}
