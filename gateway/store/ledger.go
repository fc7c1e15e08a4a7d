package store

import (
	"context"
	"errors"
	"fmt"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/failpoint"
)

var _ ledger.Store = (*Store)(nil)

// maxOrphans is how many orphans are looked at in one go.
const maxOrphans = 1000

// Reserve implements [ledger.Store].
//
// The hold is the permission to send the call, so an attempt counts as sent from here
// on (trust.md S4 has another step for that). One more commit before each call would
// only tell apart, after a crash, the few calls that died between the two; they are
// posted by the policy for orphans, as those are whose fate is unknown.
func (s *Store) Reserve(ctx context.Context, h ledger.Hold) (after []ledger.Standing, err error) {
	return s.writer.post(ctx, op{kind: opReserve, hold: heldOf(&h), text: string(appendHold(make([]byte, 0, 512), h))})
}

// Extend implements [ledger.Store].
func (s *Store) Extend(ctx context.Context, h ledger.Hold, extra accounting.Money) error {
	_, err := s.writer.post(ctx, op{kind: opExtend, hold: heldOf(&h), extra: extra})
	return err
}

// Checkpoint implements [ledger.Store].
func (s *Store) Checkpoint(h ledger.Hold, p ledger.Progress) {
	text, err := progressOf(p)
	if err != nil {
		panic(err) // numbers always marshal
	}
	h.Claims = nil // it moves no counter
	s.writer.offer(op{kind: opCheckpoint, hold: heldOf(&h), progress: text})
}

// Settle implements [ledger.Store].
func (s *Store) Settle(ctx context.Context, e ledger.Entry) error {
	row, err := entryRowOf(e)
	if err != nil {
		return err
	}
	orphan := e.Outcome.Status == ledger.Orphaned
	if orphan {
		if err := failpoint.Hit(failpoint.InSweep); err != nil {
			return err
		}
	}
	if _, err := s.writer.post(ctx, op{kind: opSettle, hold: heldOf(&e.Hold), entry: row, orphan: orphan}); err != nil {
		return err
	}
	return failpoint.Hit(failpoint.AfterPost)
}

// Release implements [ledger.Store].
func (s *Store) Release(ctx context.Context, h ledger.Hold) error {
	_, err := s.writer.post(ctx, op{kind: opRelease, hold: heldOf(&h)})
	return err
}

// Standings implements [ledger.Store].
func (s *Store) Standings(ctx context.Context, counters []ledger.Counter) ([]ledger.Standing, error) {
	keys := make([]counterKey, len(counters))
	for i, c := range counters {
		keys[i] = keyOf(c)
	}
	ctx, cancel := context.WithTimeout(ctx, standingsLimit)
	defer cancel()
	out, err := s.engine.standings(ctx, keys)
	if err != nil {
		return nil, unavailable(err)
	}
	return out, nil
}

// Orphans implements [ledger.Store].
func (s *Store) Orphans(ctx context.Context) ([]ledger.Hold, error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	rows, err := s.engine.orphans(ctx, s.replica, maxOrphans)
	if err != nil {
		return nil, unavailable(err)
	}
	out := make([]ledger.Hold, 0, len(rows))
	var bad []error
	for _, r := range rows {
		h, err := holdOf(r)
		if err != nil {
			bad = append(bad, err)
			continue
		}
		out = append(out, h)
	}
	return out, errors.Join(bad...)
}

func unavailable(err error) error { return fmt.Errorf("%w: %w", ledger.ErrUnavailable, err) }
