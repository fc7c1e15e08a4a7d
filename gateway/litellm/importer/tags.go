package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// isTag says whether calls may carry a text as a tag.
func isTag(text string) bool {
	return text != "" && len(text) <= access.MaxTag && strings.TrimSpace(text) == text && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// tags reads the tags in the metadata of a key or a team.
func (t thing) tags() []string {
	out := []string{}
	for _, v := range t.row.Get("metadata.tags").Array() {
		switch {
		case v.Type != gjson.String || !isTag(v.Str):
			t.sayOf(litellm.Unavailable, "metadata.tags", v.String(), fmt.Sprintf("a tag has 1 to %d bytes and no spaces at its ends: it is left out", access.MaxTag))
		case slices.Contains(out, v.Str):
		case len(out) == access.MaxTags:
			t.say(litellm.Unavailable, "metadata.tags", fmt.Sprintf("there are more than %d tags: the others are left out", access.MaxTags))
			return out
		default:
			out = append(out, strings.Clone(v.Str))
		}
	}
	return out
}

func (p *planner) readTags() error {
	return p.each(database.Tags, kindTag, func(r database.Row) error {
		c := p.counts[kindTag]
		c.Found++
		t := p.thing(kindTag, r.ID, r)
		if !isTag(r.ID) {
			c.Left++
			t.say(litellm.Unavailable, "tag_name", "calls cannot name a tag like this here: it is left out")
			return nil
		}
		id := strings.Clone(r.ID)
		have, err := p.Control.Tag(id)
		fresh, err := missing(err)
		if err != nil {
			return err
		}
		if fresh && p.dropped(control.TagChanged, id, t) {
			return nil
		}
		raw, kept, err := p.kept(control.TagChanged, id, !fresh)
		if err != nil {
			return err
		}
		text := t.text("description")
		if len(text) > control.MaxDescription || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.say(litellm.Changed, "description", fmt.Sprintf("a description has at most %d bytes and no control characters here: it is left out", control.MaxDescription))
			text = ""
		}
		if !slices.Contains(none, t.row.Get("models").Raw) {
			t.say(litellm.Changed, "models", "a tag routes nothing by itself here: it is kept and does nothing")
		}
		e := control.TagEdit{ID: id, TagChange: control.TagChange{Description: changed(have.Description, text), Attributes: t.changedKept(raw, t.keep(kept, "tag_name", "description"))}}
		if err := p.putThing(kindTag, fresh, e.Description == nil && e.Attributes == nil, func(a control.Action) control.Edit { e.Action = a; return e }); err != nil {
			return err
		}
		if b, ok := p.budget(t); ok {
			t = over(t, b)
		}
		p.want(scope.Account{Kind: scope.Tag, ID: id}, fresh, t, "tag")
		return nil
	})
}
