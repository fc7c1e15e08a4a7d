package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tollgate/gateway/admin"
)

type auditCmd struct {
	Kind   string `placeholder:"KIND" help:"Only changes of this kind of thing: user, end_user, tag, org, team, key, budget, limit, adjustment, plan, deployment, credential, model_group, fallback, 'team member' or 'org member'."`
	ID     string `placeholder:"ID" help:"Only changes of what has this id."`
	User   string `short:"u" placeholder:"USER" help:"Only what this user changed."`
	Key    string `short:"k" placeholder:"KEY" help:"Only what was changed with this key, by id or name."`
	From   string `placeholder:"WHEN" help:"From this day or time on, in UTC."`
	To     string `placeholder:"WHEN" help:"Up to, and not including, this day or time."`
	Before string `placeholder:"N" help:"Go on after this row of the page before."`
	Limit  int    `default:"50" help:"How many, 1 to 1000."`
}

// narrowed says that only some of the changes were asked for.
func (c *auditCmd) narrowed() bool {
	return cmp.Or(c.Kind, c.ID, c.User, c.Key, c.From, c.To, c.Before) != ""
}

// Run lists what was changed.
func (c *auditCmd) Run(s *session) error {
	q := url.Values{"limit": {fmt.Sprint(c.Limit)}}
	for name, v := range map[string]string{"kind": c.Kind, "id": c.ID, "user": c.User, "key": c.Key, "from": c.From, "to": c.To, "before": c.Before} {
		if v != "" {
			q.Set(name, v)
		}
	}
	api, err := s.books()
	if err != nil {
		return err
	}
	if c.Key != "" {
		id, err := keyID{c.Key}.everWas(s)
		if err != nil {
			return err
		}
		q.Set("key", id)
	}
	var page struct {
		Data []admin.Audit `json:"data"`
		Next *string       `json:"next"`
	}
	raw, err := api.do(s.ctx, http.MethodGet, "/audit", q, nil, &page)
	switch {
	case err != nil:
		return err
	case s.g.JSON:
		return s.raw(raw)
	case len(page.Data) == 0:
		if c.narrowed() {
			s.say("nothing was changed like that; all that was: tollgate audit")
			return nil
		}
		s.say("nothing was changed")
		return nil
	}
	t := newTable("at", "who", "what", "which", "how")
	for _, a := range page.Data {
		who := cmp.Or(a.User, a.Key, "tollgate")
		if a.Actor != "" {
			who += " for " + a.Actor
		}
		t.add(when(a.At, "-"), who, a.Action+" "+a.Kind, a.ID, changed(a))
	}
	t.print(s.stdout)
	if page.Next != nil {
		s.say("more: --before %s", *page.Next)
	}
	return nil
}

// changed lists the fields that an update has changed, with what they were and became; of
// what was made or is gone, those that say something.
func changed(a admin.Audit) string {
	var before, after map[string]json.RawMessage
	if json.Unmarshal(a.Before, &before) != nil || json.Unmarshal(a.After, &after) != nil {
		return "-"
	}
	var out []string
	if before == nil || after == nil {
		one := after
		if one == nil {
			one = before
		}
		for _, name := range slices.Sorted(maps.Keys(one)) {
			if v := string(one[name]); !slices.Contains(saysNothing, v) {
				out = append(out, name+": "+v)
			}
		}
		return cmp.Or(strings.Join(out, ", "), "-")
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		was := string(before[name])
		if name == "attributes" {
			out = append(out, name)
		} else if became := string(after[name]); was != became {
			out = append(out, fmt.Sprintf("%s: %s -> %s", name, cmp.Or(was, "-"), became))
		}
	}
	return cmp.Or(strings.Join(out, ", "), "-")
}

// saysNothing are the values of fields that are as they are without being said.
var saysNothing = []string{"null", "false", `""`, "[]", "{}"}
