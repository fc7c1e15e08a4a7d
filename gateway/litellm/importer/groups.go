package importer

import (
	"slices"
	"strings"

	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/control"
)

// group is an access group, which keys and teams refer to by its id.
type group struct {
	id     string // here
	models []string
}

// readGroups brings access groups over.
func (p *planner) readGroups() error {
	return p.each(database.AccessGroups, kindGroup, func(r database.Row) error {
		c := p.counts[kindGroup]
		c.Found++
		t := p.thing(kindGroup, strings.Clone(r.Value.Get("access_group_name").Str), r)
		for _, field := range []string{"access_mcp_server_ids", "access_agent_ids", "access_skill_names"} {
			if !slices.Contains(none, t.row.Get(field).Raw) {
				t.say(litellm.Unavailable, field, "tollgate has neither MCP servers nor agents nor skills: they are kept and do nothing")
			}
		}
		id := p.id(kindGroup, r.ID)
		have, err := p.Control.Group(id)
		fresh, err := missing(err)
		if err != nil {
			return err
		}
		if fresh && p.dropped(control.GroupChanged, id, t) {
			return nil
		}
		raw, kept, err := p.kept(control.GroupChanged, id, !fresh)
		if err != nil {
			return err
		}
		models := t.texts("access_model_names")
		e := control.GroupEdit{ID: id, GroupChange: control.GroupChange{Name: changed(have.Name, t.label("access_group_name")), Models: changedList(have.Models, models),
			Attributes: t.changedKept(raw, t.keep(kept, "access_group_id", "access_group_name", "access_model_names"))}}
		same := e.Name == nil && e.Models == nil && e.Attributes == nil
		edit := func(a control.Action) control.Edit { e.Action = a; return e }
		if ok, err := p.fits(t, fresh, same, edit); !ok {
			return err
		}
		p.groups[strings.Clone(r.ID)] = group{id, models}
		return p.putThing(kindGroup, fresh, same, edit)
	})
}

// spread writes the models of groups into a list in place of the groups.
func (p *planner) spread(list []string) []string {
	out := []string{}
	for _, m := range list {
		isGroup := false
		for _, g := range p.groups {
			if g.id == m {
				out, isGroup = append(out, g.models...), true
			}
		}
		if !isGroup {
			out = append(out, m)
		}
	}
	return out
}

// fits says whether tollgate takes an edit of something that comes with models, after those
// that it rests on. What it does not take is left out, so that all else can be brought over.
func (p *planner) fits(t thing, fresh, same bool, edit func(control.Action) control.Edit, after ...control.Edit) (ok bool, err error) {
	if same {
		return true, nil
	}
	action := control.Update
	if fresh {
		action = control.Create
	}
	why := p.Control.Check(p.ctx, append(after, edit(action)))
	if why == nil {
		return true, nil
	}
	if err := p.ctx.Err(); err != nil {
		return false, err
	}
	p.counts[t.kind].Left++
	t.say(litellm.Unavailable, "", plainly(why)+": it is left out")
	return false, nil
}
