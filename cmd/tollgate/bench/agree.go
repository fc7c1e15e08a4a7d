//go:build bench

package main

import (
	"fmt"
	"time"
)

// recordsWithin is how long records of free calls may be under way to the disk.
const recordsWithin = 5 * time.Second

// agree fails if a call failed, or if what the clients got, what the upstreams served
// and what the books hold are not the same.
func (b *bench) agree() error {
	if b.errors > 0 {
		return fmt.Errorf("%d calls failed, so no figure counts: %w", b.errors, b.why)
	}
	for _, u := range []*upstream{b.upFast, b.upNet, b.upFree, b.upPaid} {
		if n := u.bad.Load(); n > 0 {
			return fmt.Errorf("the upstream did not understand %d requests, or could not answer them", n)
		}
	}
	if got, served := b.given["fasthttp"]+b.given["direct"], b.upFast.served.Load(); got != served {
		return fmt.Errorf("fasthttp: %d answers of %d that were served", got, served)
	}
	if got, served := b.given["nethttp"], b.upNet.served.Load(); got != served {
		return fmt.Errorf("net/http: %d answers of %d that were served", got, served)
	}
	given := b.given["free"] + b.given["paid"] + b.given["others"]
	served := b.upFree.served.Load() + b.upPaid.served.Load()
	if given != served {
		return fmt.Errorf("tollgate: %d answers of %d that were served", given, served)
	}
	var free, paid counted
	for until := time.Now().Add(recordsWithin); ; time.Sleep(100 * time.Millisecond) {
		free, paid = counted{}, counted{}
		for _, t := range append(b.others, b.gate) {
			f, p, err := t.booked()
			if err != nil {
				return err
			}
			free.add(f)
			paid.add(p)
		}
		if free.Calls == b.upFree.served.Load() && paid.Calls == b.upPaid.served.Load() {
			break
		}
		if time.Now().After(until) {
			return fmt.Errorf("the books hold %d free and %d paid calls; the upstreams served %d and %d", free.Calls, paid.Calls, b.upFree.served.Load(), b.upPaid.served.Load())
		}
	}
	freeStreams, paidStreams := b.upFree.streams.Load(), b.upPaid.streams.Load()
	if !free.are(freeStreams) || !paid.are(paidStreams) {
		return fmt.Errorf("the books' tokens are not those that the upstream reported: free %+v, of these %d streams; paid %+v, of these %d streams", free, freeStreams, paid, paidStreams)
	}
	fmt.Printf("\nThe books agree with the upstream: %d free calls, of these %d streams, and %d paid calls, of these %d streams, call for call and token for token.\n", free.Calls, freeStreams, paid.Calls, paidStreams)
	return nil
}

// are says whether the tokens are those of the calls, so many of which are streams.
func (c *counted) are(streams int64) bool {
	return c.Input == c.Calls*inputTokens && c.Output == (c.Calls-streams)*outputTokens+streams*streamTokens
}

func (c *counted) add(other counted) {
	c.Calls += other.Calls
	c.Input += other.Input
	c.Output += other.Output
}
