package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"tollgate/gateway/control"
)

type auditRow struct {
	Seq    int64 `gorm:"<-:false"` // the database numbers them
	At     int64
	KeyID  string
	UserID string
	Actor  string
	Action string
	Kind   string
	Thing  string
	Was    string
	Became string
}

func auditRowOf(a control.Audit) auditRow {
	return auditRow{At: micros(a.At), KeyID: a.Actor.Key, UserID: a.Actor.User, Actor: a.Actor.Name, Action: string(a.Action), Kind: string(a.Kind), Thing: a.ID,
		Was: a.Before, Became: a.After}
}

// Audits implements [control.Store].
func (s *Store) Audits(ctx context.Context, q control.AuditQuery) ([]control.Audit, error) {
	db := s.read.Limit(q.Limit)
	for _, c := range []struct{ column, value string }{{"kind", string(q.Kind)}, {"action", string(q.Action)}, {"thing", q.ID}, {"user_id", q.User}, {"key_id", q.Key}} {
		if c.value != "" {
			db = db.Where(c.column+" = ?", c.value)
		}
	}
	if !q.From.IsZero() {
		db = db.Where("at >= ?", micros(q.From))
	}
	if !q.To.IsZero() {
		db = db.Where("at < ?", micros(q.To))
	}
	if q.Before != 0 {
		db = db.Where("seq < ?", q.Before)
	}
	return list(ctx, db, "audit", "seq desc", func(r auditRow) (control.Audit, error) {
		return control.Audit{Seq: r.Seq, At: instant(r.At), Actor: control.Actor{Key: r.KeyID, User: r.UserID, Name: r.Actor}, Action: control.Action(r.Action),
			Kind: control.ChangeKind(r.Kind), ID: r.Thing, Before: r.Was, After: r.Became}, nil
	})
}

// forgetAudits removes the audits from before an instant.
func (s *Store) forgetAudits(ctx context.Context, before time.Time) error {
	text := "delete from audit where seq in (select seq from audit where at < ? order by at limit ?" + s.engine.passOver() + ")"
	for gone := int64(removeBatch); gone == removeBatch; {
		if err := s.apart(ctx, func(tx *gorm.DB) error {
			res := tx.Exec(text, micros(before), removeBatch)
			gone = res.RowsAffected
			return res.Error
		}); err != nil {
			return err
		}
	}
	return nil
}
