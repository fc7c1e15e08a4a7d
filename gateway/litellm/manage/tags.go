package manage

import (
	"encoding/json"
	"net/http"
	"slices"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// tagFields are the fields of a tag.
var tagFields = slices.Concat(termFields,
	honoured("name", "description", "budget_id"),
	as(Kept, "It is told again. A tag says of a call what it is for, and not where it goes.", "models", "model_info"),
)

func (a *api) tagRoutes() []route {
	return []route{
		{http.MethodPost, "/tag/new", tagFields, func(in *call) error { return a.putTag(in, control.Create) }},
		{http.MethodPost, "/tag/update", tagFields, func(in *call) error { return a.putTag(in, control.Update) }},
		{http.MethodPost, "/tag/info", honoured("names"), a.tagsInfo},
		{http.MethodGet, "/tag/list", nil, a.listTags},
		{http.MethodPost, "/tag/delete", honoured("name"), a.deleteTag},
		{http.MethodGet, "/tag/summary", nil, a.tagSummary},
		{http.MethodGet, "/tag/distinct", nil, a.distinctTags},
		{http.MethodGet, "/spend/tags", nil, a.spendTags},
		{http.MethodGet, "/global/spend/tags", nil, a.spendPerTag},
		{http.MethodGet, "/global/spend/all_tag_names", nil, a.tagNames},
	}
}

func noTag(name string) *refusal { return missing("name", "Tag %s not found", name) }

// putTag makes a tag or changes one.
func (a *api) putTag(in *call, action control.Action) error {
	name, err := in.needText("name")
	if err != nil {
		return err
	}
	do, said := control.Make, "created"
	if action == control.Update {
		do, said = control.Alter, "updated"
	}
	if err := a.Control.May(in.who, do, control.TheTag, control.Place{}); err != nil {
		return err
	}
	_, err = a.Control.Tag(name)
	switch there := err == nil; {
	case there && action == control.Create:
		return bad("name", "Tag %s already exists", name)
	case !there && action == control.Update:
		return noTag(name)
	}
	attributes, err := a.attributes(in, control.TagChanged, name)
	if err != nil {
		return err
	}
	now, err := a.standing(in.ctx, scope.Tag, name) // calls may have carried it before
	if err != nil {
		return err
	}
	ch, terms, err := a.wantTag(in, now, attributes[name])
	if err != nil {
		return err
	}
	more, err := a.change(scope.Account{Kind: scope.Tag, ID: name}, now, terms, nil)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append([]control.Edit{control.TagEdit{Action: action, ID: name, TagChange: ch}}, more...)); err != nil {
		return plain(err)
	}
	rows, err := a.tagRows(in, name)
	if err != nil {
		return err
	}
	r := rows[name]
	delete(r, "litellm_budget_table")
	delete(r, "spend")
	return in.answer(row{"message": "Tag " + name + " " + said + " successfully", "tag": r})
}

// wantTag reads what a request says of a tag.
func (a *api) wantTag(in *call, now *mapping.Standing, attributes json.RawMessage) (ch control.TagChange, terms mapping.Terms, err error) {
	own, p, err := a.agreed(in, now, mapping.KeptOf(attributes))
	if err != nil {
		return ch, terms, err
	}
	terms = p.over(in.terms(own.Terms))
	kept := in.fill(mapping.KeptOf(attributes))
	in.texts("models") // it must be one
	in.raw("model_info")
	if v := in.text("description"); v.given {
		ch.Description = ptr(v.or(""))
	}
	in.keepTerms(kept, terms)
	p.name(in, kept)
	ch.Attributes = kept.Into(attributes)
	return ch, terms, in.done()
}

// tagRows are the tags of which something is known, by name.
func (a *api) tagRows(in *call, names ...string) (map[string]row, error) {
	var tags []access.Tag
	for _, n := range names {
		if t, err := a.Control.Tag(n); err == nil {
			tags = append(tags, t)
		}
	}
	ids := make([]string, len(tags))
	for i, t := range tags {
		ids[i] = t.ID
	}
	attributes, err := a.attributes(in, control.TagChanged, ids...)
	if err != nil {
		return nil, err
	}
	standings, err := a.standings(in.ctx, scope.Tag, ids...)
	if err != nil {
		return nil, err
	}
	out := map[string]row{}
	for _, t := range tags {
		kept, s := mapping.KeptOf(attributes[t.ID]), standings[t.ID]
		r := row{"name": t.ID, "description": null(t.Description), "models": []string{}, "model_info": row{}, "created_by": nil, "updated_at": instant(t.Created)}
		r.with(members(kept)).add(row{"created_at": instant(t.Created), "spend": number(s.Spend)})
		id := kept.Text("budget_id")
		if id == "" && s.Main != nil {
			id = s.Main.ID
		}
		if id != "" {
			terms := termsOf(s, kept)
			if len(terms["model_max_budget"].(row)) == 0 {
				delete(terms, "model_max_budget") // the shape has what is there then
			}
			r["litellm_budget_table"] = shape("budget").with(terms).with(row{"budget_id": id, "created_at": r["created_at"], "updated_at": r["updated_at"], "created_by": r["created_by"], "updated_by": r["created_by"]})
		}
		out[t.ID] = r
	}
	return out, nil
}

func (a *api) tagsInfo(in *call) error {
	in.needBody()
	names, err := needed(in, "names", in.texts("names"))
	if err != nil {
		return err
	}
	if len(names) > MaxBulk {
		return bad("names", "at most %d tags are told of at once", MaxBulk)
	}
	if err := a.Control.May(in.who, control.See, control.TheTag, control.Place{}); err != nil {
		return err
	}
	rows, err := a.tagRows(in, names...)
	if err != nil {
		return err
	}
	var none []string
	for _, n := range names {
		if rows[n] == nil {
			none = append(none, n)
		}
	}
	if len(none) > 0 {
		return missing("names", "Tags not found: %q", none)
	}
	return in.answer(rows)
}

// onlySpent describes a tag of which nothing is known but that calls have carried it.
const onlySpent = "This is just a spend tag that was passed dynamically in a request. It does not control any LLM models."

// listTags lists the tags of which something is known, and those that calls have carried.
func (a *api) listTags(in *call) error {
	rows, err := a.spent(in, in.query(), control.UsageQuery{By: []string{"day", "tag"}})
	if err != nil {
		return err
	}
	out, known := []row{}, map[string]bool{}
	if a.Control.May(in.who, control.See, control.TheTag, control.Place{}) == nil {
		if err := eachPage(in.ctx, a.Control.Tags, func(t access.Tag) string { return t.ID }, func(names []string) error {
			told, err := a.tagRows(in, names...)
			if err != nil {
				return err
			}
			for _, n := range names {
				known[n] = true
				if r, there := told[n]; there {
					delete(r, "spend")
					out = append(out, r)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	first, last := map[string]string{}, map[string]string{}
	for _, r := range rows {
		day, name := r.Group[0], r.Group[1]
		if first[name] == "" || day < first[name] {
			first[name] = day
		}
		last[name] = max(last[name], day)
	}
	for _, name := range tagsOf(rows, 1) {
		if !known[name] {
			out = append(out, row{"name": name, "description": onlySpent, "models": nil, "created_at": first[name] + "T00:00:00.000000Z", "updated_at": last[name] + "T00:00:00.000000Z"})
		}
	}
	return in.answer(out)
}

// tagsOf are the tags in a column of a report.
func tagsOf(rows []control.UsageRow, column int) []string {
	names := []string{}
	for _, r := range rows {
		if r.Group[column] != "" {
			names = append(names, r.Group[column])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (a *api) deleteTag(in *call) error {
	name, err := in.needText("name")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Remove, control.TheTag, control.Place{}); err != nil {
		return err
	}
	if _, err := a.Control.Tag(name); err != nil {
		return noTag(name)
	}
	now, err := a.standing(in.ctx, scope.Tag, name)
	if err != nil {
		return err
	}
	edits := []control.Edit{control.TagEdit{Action: control.Delete, ID: name}}
	more, err := a.change(scope.Account{Kind: scope.Tag, ID: name}, now, mapping.Terms{}, nil)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(edits, more...)); err != nil {
		return plain(err)
	}
	return in.answer(row{"message": "Tag " + name + " deleted successfully"})
}

// tagSummary adds up what calls of each tag have used.
func (a *api) tagSummary(in *call) error {
	q := in.query()
	wanted := q.list("tag_filters")
	if one := q.text("tag_filter"); one != "" {
		wanted = append(wanted, one)
	}
	rows, err := a.spent(in, q, control.UsageQuery{By: []string{"tag", "user"}})
	if err != nil {
		return err
	}
	all, err := sumsBy(rows, part(0))
	if err != nil {
		return err
	}
	users := map[string]int{}
	for _, r := range rows {
		if r.Group[1] != "" {
			users[r.Group[0]]++
		}
	}
	delete(all, "")
	out := []row{}
	for _, name := range dearest(all, maxTop) {
		if s := all[name]; len(wanted) == 0 || slices.Contains(wanted, name) {
			out = append(out, row{"tag": name, "unique_users": users[name], "total_requests": s.requests(), "successful_requests": s.calls, "failed_requests": s.failed,
				"total_tokens": s.tokens(), "total_spend": number(s.spend)})
		}
	}
	return in.answer(row{"results": out})
}

func (a *api) distinctTags(in *call) error {
	rows, err := a.spent(in, in.query(), control.UsageQuery{By: []string{"tag"}})
	if err != nil {
		return err
	}
	out := []row{}
	for _, name := range tagsOf(rows, 0) {
		out = append(out, row{"tag": name})
	}
	return in.answer(row{"results": out})
}

// perTag reports what was spent under each tag, or under those that are asked for.
func (a *api) perTag(in *call, line func(name string, s *sums) row) ([]row, error) {
	q := in.query()
	wanted := q.list("tags")
	rows, err := a.spent(in, q, control.UsageQuery{By: []string{"tag"}})
	if err != nil {
		return nil, err
	}
	all, err := sumsBy(rows, part(0))
	if err != nil {
		return nil, err
	}
	delete(all, "")
	out := []row{}
	for _, name := range dearest(all, maxTop) {
		if len(wanted) == 0 || slices.Contains(wanted, name) || slices.Contains(wanted, "all-tags") {
			out = append(out, line(name, all[name]))
		}
	}
	return out, nil
}

func (a *api) spendTags(in *call) error {
	out, err := a.perTag(in, func(name string, s *sums) row {
		return row{"individual_request_tag": name, "log_count": s.requests(), "total_spend": number(s.spend)}
	})
	if err != nil {
		return err
	}
	return in.answer(out)
}

func (a *api) spendPerTag(in *call) error {
	out, err := a.perTag(in, func(name string, s *sums) row {
		return row{"name": name, "log_count": s.requests(), "spend": number(s.spend)}
	})
	if err != nil {
		return err
	}
	return in.answer(row{"spend_per_tag": out})
}

func (a *api) tagNames(in *call) error {
	rows, err := a.spent(in, in.query(), control.UsageQuery{By: []string{"tag"}})
	if err != nil {
		return err
	}
	return in.answer(row{"tag_names": tagsOf(rows, 0)})
}
