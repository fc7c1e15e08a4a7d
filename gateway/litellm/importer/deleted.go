package importer

import (
	"slices"

	"tollgate/configs/litellm"
	"tollgate/gateway/control"
)

// deleted names a thing that was deleted here.
type deleted struct {
	kind control.ChangeKind
	id   string
}

// gone is what is told of it.
const gone = "it was deleted here since it was imported: it is not brought back; make it here by this id if it is wanted again"

// readDeleted reads from the audit log what was deleted. What was made again since is there,
// so nobody asks for it.
func (p *planner) readDeleted() error {
	q := control.AuditQuery{Action: control.Delete, Limit: control.MaxEntries}
	for {
		audits, err := p.Control.Audits(p.ctx, q)
		if err != nil {
			return err
		}
		for _, a := range audits {
			if !slices.Contains([]control.ChangeKind{control.BudgetChanged, control.LimitChanged}, a.Kind) { // they are fields there
				p.deleted[deleted{a.Kind, a.ID}] = true
			}
		}
		if len(audits) < q.Limit {
			return nil
		}
		q.Before = audits[len(audits)-1].Seq
	}
}

// dropped says whether a thing that is not here was deleted here. It is left out then.
func (p *planner) dropped(kind control.ChangeKind, id string, t thing) bool {
	if !p.deleted[deleted{kind, id}] {
		return false
	}
	p.counts[t.kind].Left++
	t.say(litellm.Changed, "", gone)
	return true
}
