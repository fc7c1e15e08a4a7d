package admin

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/gateway"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/providers/wire"
)

// Usage is a report. Paid and free stand side by side and are never added up.
type Usage struct {
	From      *time.Time `json:"from"`
	To        *time.Time `json:"to"` // not included
	By        []string   `json:"by"`
	Rows      []UsageRow `json:"rows"`
	Total     UsageSums  `json:"total"`
	Truncated bool       `json:"truncated"` // there are more rows: ask for less time
}

// UsageRow is one line of a report.
type UsageRow struct {
	Group map[string]string `json:"group"`
	UsageSums
}

// UsageSums are the figures of a line.
type UsageSums struct {
	Cost     accounting.Money `json:"cost"`
	Adjusted accounting.Money `json:"adjusted"` // said to have been spent; part of no cost
	Paid     control.Sums     `json:"paid"`
	Free     control.FreeSums `json:"free"`
	Unpriced control.Sums     `json:"unpriced"`
	Refused  int64            `json:"refused"` // requests that got no answer
}

func viewSums(r control.UsageRow) UsageSums {
	return UsageSums{Cost: r.Cost, Adjusted: r.Adjusted, Paid: r.Paid, Free: r.Free, Unpriced: r.Unpriced, Refused: r.Refused}
}

// total asks for one line over everything.
func (a *api) total(r *request, q control.UsageQuery) (UsageSums, error) {
	q.By = nil
	rows, err := a.Control.Usage(r.ctx, q)
	if err != nil || len(rows) == 0 {
		return UsageSums{}, err
	}
	return viewSums(rows[0]), nil
}

// mayUsage says whether somebody may see what was used by a user, a team, an organization
// or a key: what is asked for together is narrower than each.
func (a *api) mayUsage(r *request, user, team, org, key string) error {
	err := a.Control.May(r.who, control.See, control.TheUsage, control.Place{})
	for _, at := range []control.Place{{User: user}, a.Control.PlaceOfTeam(team), placeOfOrg(org), a.placeOfKey(key)} {
		if err != nil {
			err = a.Control.May(r.who, control.See, control.TheUsage, at)
		}
	}
	return err
}

// placeOfKey says where a key is; one that is not there is nowhere.
func (a *api) placeOfKey(id string) control.Place {
	k, err := a.Control.Key(id)
	if err != nil {
		return control.Place{}
	}
	return a.Control.PlaceOfKey(k)
}

// everWere says, where nothing was found, that it was looked for under an id that was never
// anybody's. Some are "".
func (a *api) everWere(r *request, ids map[control.ChangeKind]string) error {
	for _, kind := range slices.Sorted(maps.Keys(ids)) {
		if id := ids[kind]; id != "" {
			if err := a.Control.EverWas(r.ctx, kind, id); err != nil {
				return &control.InField{Field: string(kind), Err: err}
			}
		}
	}
	return nil
}

func (a *api) usage(r *request) error {
	q := r.query()
	ask := control.UsageQuery{From: q.instant("from"), To: q.instant("to"), UserID: q.text("user"), TeamID: q.text("team"), OrgID: q.text("org"),
		KeyID: q.text("key"), EndUser: q.text("end_user"), Tag: q.text("tag"), Model: q.text("model")}
	if by := q.text("by"); by != "" {
		ask.By = strings.Split(by, ",")
	}
	for i, by := range ask.By {
		if !slices.Contains(control.UsageColumns(), by) {
			q.fail("by", "a report is grouped by %s, not by %q", strings.Join(control.UsageColumns(), ", "), by)
		}
		if slices.Contains(ask.By[:i], by) {
			q.fail("by", "%q stands twice", by)
		}
	}
	if !ask.To.IsZero() && !ask.From.Before(ask.To) {
		q.fail("to", "the report ends before it begins")
	}
	if err := q.done(); err != nil {
		return err
	}
	if err := a.mayUsage(r, ask.UserID, ask.TeamID, ask.OrgID, ask.KeyID); err != nil {
		return err
	}
	rows, err := a.Control.Usage(r.ctx, ask)
	if err != nil {
		return err
	}
	out := Usage{From: instant(ask.From), To: instant(ask.To), By: list(ask.By), Rows: []UsageRow{}, Truncated: len(rows) >= control.MaxUsageRows}
	if out.Total, err = a.total(r, ask); err != nil {
		return err
	}
	for _, row := range rows {
		line := UsageRow{Group: map[string]string{}, UsageSums: viewSums(row)}
		for i, by := range ask.By {
			line.Group[by] = row.Group[i]
		}
		if len(ask.By) > 0 || row.Paid.Calls+row.Free.Calls+row.Unpriced.Calls+row.Refused > 0 || row.Adjusted != 0 {
			out.Rows = append(out.Rows, line)
		}
	}
	if len(out.Rows) == 0 {
		err := a.everWere(r, map[control.ChangeKind]string{control.UserChanged: ask.UserID, control.TeamChanged: ask.TeamID, control.OrgChanged: ask.OrgID, control.KeyChanged: ask.KeyID})
		if err == nil && ask.Model != "" {
			if _, no := a.Gateway.Catalog.Snapshot().Resolve(ask.Model); errors.Is(no, catalog.ErrNoModel) {
				err = &gateway.UnknownModelError{Name: ask.Model}
			}
		}
		if err != nil {
			return err
		}
	}
	return r.answer(http.StatusOK, out)
}

func (a *api) entries(r *request) error {
	q := r.query()
	ask := control.EntryQuery{From: q.instant("from"), To: q.instant("to"), UserID: q.text("user"), TeamID: q.text("team"), OrgID: q.text("org"),
		KeyID: q.text("key"), Tag: q.text("tag"), Operation: oneOf(q, "operation", control.Operations()), Request: q.text("request"), Source: oneOf(q, "source", control.Sources()), Before: q.text("before"), Limit: q.limit()}
	if err := q.done(); err != nil {
		return err
	}
	if !ask.To.IsZero() && !ask.From.Before(ask.To) {
		return &wire.ErrField{Field: "to", Problem: "the list ends before it begins"}
	}
	if err := a.mayUsage(r, ask.UserID, ask.TeamID, ask.OrgID, ask.KeyID); err != nil {
		return err
	}
	limit := ask.Limit
	ask.Limit++
	entries, err := a.Control.Entries(r.ctx, ask)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		if err := a.everWere(r, map[control.ChangeKind]string{control.UserChanged: ask.UserID, control.TeamChanged: ask.TeamID, control.OrgChanged: ask.OrgID, control.KeyChanged: ask.KeyID}); err != nil {
			return err
		}
	}
	entries, next := first(entries, limit, func(e control.EntryView) string { return e.ID })
	out := page[control.EntryView]{Data: list(entries), Next: next}
	for i := range out.Data {
		e := &out.Data[i]
		e.Flags, e.Lines, e.Tags = list(e.Flags), list(e.Lines), list(e.Tags)
		if e.Usage == nil {
			e.Usage = map[string]int64{}
		}
	}
	return r.answer(http.StatusOK, out)
}
