package dispatch

import (
	"context"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// Ask sends a small request that is no call, such as for an engine's health, to a
// provider and returns the status and at most [MaxListing] bytes of its answer. An
// upstream that cannot be asked is a [*providers.Error].
func (d *Dispatcher) Ask(ctx context.Context, p *catalog.Provider, r providers.Request) (status int, body []byte, err error) {
	res, err := d.send(ctx, p, r)
	if err != nil {
		return 0, nil, classify(ctx, err, false)
	}
	body, err = readAll(res.Body, MaxListing)
	return res.StatusCode, body, err
}
