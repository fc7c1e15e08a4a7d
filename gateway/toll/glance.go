package toll

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/aside"
)

// How long a list waits for the books: for those that have answered last time, and for those
// that have not, which are asked on behalf of one list at a time.
const (
	glanceWait  = 250 * time.Millisecond
	glanceAgain = 20 * time.Millisecond
)

// glances is what lists have found out about the books.
type glances struct {
	silent atomic.Bool // they did not answer when they were asked last
	trial  atomic.Bool // they are silent, and asked whether they still are
}

// Glance is [Toll.Standing] for lists, which are shown without it as well: it waits for the
// books for a quarter of a second, and hardly at all while they are known not to answer.
// The error is then a [ledger.ErrUnavailable].
func (t *Toll) Glance(ctx context.Context, who access.Principal) ([]ledger.Shortfall, error) {
	wait, trial := glanceWait, t.glances.silent.Load()
	if trial {
		if !t.glances.trial.CompareAndSwap(false, true) {
			return nil, fmt.Errorf("%w: they did not answer a moment ago", ledger.ErrUnavailable)
		}
		wait = glanceAgain
	}
	answer := aside.Ask(t.log, "while the books were asked for a list", func() (states []ledger.Shortfall, err error) { // which the store ends in time
		defer func() {
			t.glances.silent.Store(errors.Is(err, ledger.ErrUnavailable))
			if trial {
				t.glances.trial.Store(false)
			}
		}()
		return t.Standing(context.WithoutCancel(ctx), who)
	})
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case a := <-answer:
		return a.Get()
	case <-patience.C:
		t.glances.silent.Store(true)
		return nil, fmt.Errorf("%w: they did not answer within %s", ledger.ErrUnavailable, wait)
	}
}
