package control

import (
	"context"
	"errors"
)

// basis is what a change follows from that somebody works out before it is made; nil if it
// follows from nothing but itself.
type basis struct {
	edition int64 // what was in force
	used    bool
}

type basisKey struct{}

// Look returns a context for one change that somebody works out by looking at how things are:
// it is made if nothing was changed since, of anything and by anybody. Otherwise the error is
// [ErrOvertaken] and nothing is changed: look again. With that context a second change is an
// error.
//
// Nothing is held between the look and the change.
func (c *Control) Look(ctx context.Context) (context.Context, error) {
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.mu.Unlock()
	return context.WithValue(ctx, basisKey{}, &basis{edition: c.edition}), nil
}

func basisOf(ctx context.Context) *basis {
	b, _ := ctx.Value(basisKey{}).(*basis)
	return b
}

// good says whether a change may be made on the basis while an edition is in force. The
// mutex of control is held, here and below.
func (b *basis) good(edition int64) error {
	switch {
	case b == nil:
	case b.used:
		return errors.New("a second change follows from one look")
	case b.edition != edition:
		return ErrOvertaken
	}
	return nil
}

// of says that the change follows from everything.
func (b *basis) of(ChangeKind, string) bool { return true }

func (b *basis) use() {
	if b != nil {
		b.used = true
	}
}
