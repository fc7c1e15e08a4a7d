package store

import (
	"context"
	"errors"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
)

// What tests write one by one. The error is that of the one write.
func (s *Store) one(ctx context.Context, w control.Write) error {
	err := s.Write(ctx, []control.Write{w}, nil)
	var failed *control.NotWritten
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func (s *Store) CreateUser(ctx context.Context, u access.User) error {
	return s.one(ctx, control.PutUser{User: u, New: true})
}
func (s *Store) UpdateUser(ctx context.Context, u access.User) error {
	return s.one(ctx, control.PutUser{User: u})
}
func (s *Store) DeleteUser(ctx context.Context, id string) error {
	return s.one(ctx, control.Drop{Kind: control.UserChanged, ID: id})
}
func (s *Store) CreateTeam(ctx context.Context, t access.Team) error {
	return s.one(ctx, control.PutTeam{Team: t, New: true})
}
func (s *Store) UpdateTeam(ctx context.Context, t access.Team) error {
	return s.one(ctx, control.PutTeam{Team: t})
}
func (s *Store) DeleteTeam(ctx context.Context, id string) error {
	return s.one(ctx, control.Drop{Kind: control.TeamChanged, ID: id})
}
func (s *Store) AddMember(ctx context.Context, team, user string) error {
	return s.one(ctx, control.PutMember{In: control.TeamChanged, ID: team, User: user})
}
func (s *Store) RemoveMember(ctx context.Context, team, user string) error {
	return s.one(ctx, control.DropMember{In: control.TeamChanged, ID: team, User: user})
}
func (s *Store) CreateKey(ctx context.Context, k control.StoredKey) error {
	return s.one(ctx, control.PutKey{Key: k, New: true})
}

// UpdateKey keeps the digest and the form of the key.
func (s *Store) UpdateKey(ctx context.Context, k access.Key) error {
	was, err := s.KeyByID(ctx, k.ID)
	if err != nil {
		return err
	}
	k.Digest, k.Hint = was.Digest, was.Hint
	return s.one(ctx, control.PutKey{Key: control.StoredKey{Key: k, Foreign: was.Foreign}})
}
func (s *Store) DeleteKey(ctx context.Context, id string) error {
	return s.one(ctx, control.Drop{Kind: control.KeyChanged, ID: id})
}
func (s *Store) CreateBudget(ctx context.Context, b ledger.Budget, at time.Time) error {
	return s.one(ctx, control.PutBudget{Budget: b, New: true, At: at})
}
func (s *Store) UpdateBudget(ctx context.Context, b ledger.Budget) error {
	return s.one(ctx, control.PutBudget{Budget: b})
}
func (s *Store) DeleteBudget(ctx context.Context, id string) error {
	return s.one(ctx, control.Drop{Kind: control.BudgetChanged, ID: id})
}
func (s *Store) CreateLimit(ctx context.Context, r limits.Rule, at time.Time) error {
	return s.one(ctx, control.PutLimit{Limit: r, New: true, At: at})
}
func (s *Store) UpdateLimit(ctx context.Context, r limits.Rule) error {
	return s.one(ctx, control.PutLimit{Limit: r})
}
func (s *Store) DeleteLimit(ctx context.Context, id string) error {
	return s.one(ctx, control.Drop{Kind: control.LimitChanged, ID: id})
}
