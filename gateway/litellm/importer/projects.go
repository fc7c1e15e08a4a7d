package importer

import (
	"slices"
	"strings"

	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// project is what a project of LiteLLM means for its keys, since there are none here.
type project struct {
	blocked bool
	models  []string // nil: all
	tag     string   // whose budget is the project's; "" is none
}

// onTop is a key's tags with the project's, which none of them may push out.
func (of project) onTop(tags []string) []string {
	if of.tag == "" || slices.Contains(tags, of.tag) {
		return tags
	}
	all := append([]string{of.tag}, tags...)
	return all[:min(len(all), access.MaxTags)]
}

// readProjects reads projects. What one may spend is the budget of a tag that its keys carry.
func (p *planner) readProjects() error {
	return p.each(database.Projects, kindProject, func(r database.Row) error {
		t := p.thing(kindProject, strings.Clone(r.ID), r)
		of := project{blocked: t.flag("blocked"), models: mapping.Models(t.texts("models"))}
		if of.blocked {
			t.say(litellm.Changed, "blocked", "tollgate has no projects: its keys are blocked")
		}
		if b, ok := p.budget(t); ok {
			t = over(t, b)
		}
		t.row = object(with(t.row, "metadata", object(only(t.row, "model_rpm_limit", "model_tpm_limit").Map())))
		of.tag = "project:" + t.name
		if !isTag(of.tag) {
			t.say(litellm.Unavailable, "", "its id makes no tag: what it may spend is left out")
			of.tag = ""
			p.projects[t.name] = of
			return nil
		}
		_, err := p.Control.Tag(of.tag)
		fresh, err := missing(err)
		if err != nil {
			return err
		}
		before := len(p.wanted)
		p.want(scope.Account{Kind: scope.Tag, ID: of.tag}, fresh, t, "project")
		if len(p.wanted) == before { // it says nothing
			of.tag = ""
			p.projects[t.name] = of
			return nil
		}
		p.projects[t.name] = of
		t.say(litellm.Changed, "", "tollgate has no projects: what it may spend is the budget of the tag project:..., which its keys carry: leave it there when their tags are changed")
		if !fresh {
			return nil
		}
		text := "the project of LiteLLM of this id"
		return p.do(control.TagEdit{Action: control.Create, ID: of.tag, TagChange: control.TagChange{Description: &text}})
	})
}

// with are the members of an object with another value for one.
func with(of row, name string, v row) map[string]row {
	members := of.Map()
	members[name] = v
	return members
}
