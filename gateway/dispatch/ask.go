package dispatch

import (
	"context"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// Ask sends a small request that is no call, such as for an engine's health, to a
// provider and returns the status and the body of its answer, of at most [MaxListing]
// bytes. It takes no longer than [ListTimeout]. An upstream that cannot be asked, or whose
// answer is longer or breaks off, is a [*providers.Error].
func (d *Dispatcher) Ask(ctx context.Context, p *catalog.Provider, r providers.Request) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, ListTimeout)
	defer cancel()
	res, fate, err := d.send(ctx, p, r, ListTimeout, true)
	if err != nil {
		return 0, nil, scrub(p, classify(ctx, err, fate, noFirstByte))
	}
	defer res.Close()
	if err := encoded(res); err != nil {
		return 0, nil, scrub(p, err)
	}
	body, err = readWhole(ctx, res, MaxListing, ListTimeout)
	return res.Status(), body, scrub(p, err)
}
