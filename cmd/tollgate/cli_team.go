package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"tollgate/gateway/admin"
)

type teamCmds struct {
	Create teamCreate `cmd:"" help:"Make a team."`
	List   teamList   `cmd:"" help:"List the teams."`
	Show   teamShow   `cmd:"" help:"Show a team, its keys and where its budgets stand."`
	Update teamUpdate `cmd:"" help:"Change a team."`
	Delete teamDelete `cmd:"" help:"Remove a team and its keys. What it spent stays in the books, and its budgets and limits stay."`
	Add    teamAdd    `cmd:"" help:"Put users into a team."`
	Remove teamRemove `cmd:"" help:"Take users out of a team; their keys for it stop working."`
}

type teamFlags struct {
	Name    *string           `help:"The team's name."`
	Org     *string           `placeholder:"ORG" help:"The organization that it is in."`
	Aliases map[string]string `name:"alias" mapsep:"none" placeholder:"NAME=MODEL" help:"A name of the team's own for a model; may be repeated. On a change it replaces all that were there."`
	Tags    *string           `placeholder:"A,B" help:"Tags of every call of the team's keys; none for none."`
	Models  *string           `placeholder:"A,B" help:"What the team's keys may call: names, patterns such as 'gpt-5*', groups, and the word free; all for everything."`
}

func (f teamFlags) values() (values, error) {
	v := values{}
	v.text("name", f.Name)
	v.text("org", f.Org)
	if len(f.Aliases) > 0 {
		v["aliases"] = f.Aliases
	}
	return v, errors.Join(v.names("models", f.Models), v.orNone("tags", f.Tags))
}

type teamID struct {
	ID string `arg:"" name:"team" help:"The team's id."`
}

type teamCreate struct {
	teamID
	teamFlags
}

// Run makes a team.
func (c *teamCreate) Run(s *session) error {
	v, err := c.values()
	if err != nil {
		return err
	}
	v["id"] = c.ID
	var t admin.Team
	if printed, err := s.call(http.MethodPost, "/teams", v, &t); printed || err != nil {
		return err
	}
	s.say("team %s made", t.ID)
	s.say("next: tollgate team add %s USER", word(t.ID))
	return nil
}

type teamList struct{}

// Run lists the teams.
func (teamList) Run(s *session) error {
	teams, raws, err := collect[admin.Team](s, "/teams", nil)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(teams) == 0 {
		s.say("no teams yet; make one with: tollgate team create NAME")
		return nil
	}
	t := newTable("team", "name", ">members", "models", "state", "created")
	for _, x := range teams {
		t.add(x.ID, orDash(x.Name), fmt.Sprint(len(x.Members)), joined(x.Models, "all"), blockedWord(x.Blocked), when(x.Created, "-"))
	}
	t.print(s.stdout)
	return nil
}

type teamShow struct{ teamID }

// Run shows a team.
func (c *teamShow) Run(s *session) error {
	var t admin.Team
	if printed, err := s.call(http.MethodGet, "/teams/"+seg(c.ID), nil, &t); printed || err != nil {
		return err
	}
	fields(s.stdout, "team", t.ID, "name", orDash(t.Name), "organization", orDash(t.Org), "admins", joined(t.Admins, "-"), "members", joined(t.Members, "none: tollgate team add "+word(t.ID)+" USER"),
		"models", joined(t.Models, "all"), "tags", joined(t.Tags, "-"), "state", blockedWord(t.Blocked), "created", when(t.Created, "-"))
	s.say("")
	if err := s.standing("/teams/" + seg(c.ID) + "/budgets"); err != nil {
		return err
	}
	s.say("")
	return s.keys(url.Values{"team": {c.ID}})
}

type teamUpdate struct {
	teamID
	teamFlags
	Blocked *bool `negatable:"" help:"Refuse all keys of the team (--no-blocked lets them work again)."`
}

// Run changes a team.
func (c *teamUpdate) Run(s *session) error {
	v, err := c.values()
	if err != nil {
		return err
	}
	if c.Blocked != nil {
		v["blocked"] = *c.Blocked
	}
	return s.change("/teams/"+seg(c.ID), "team", "team "+c.ID, v)
}

type teamDelete struct {
	teamID
	Yes bool `short:"y" help:"Do not ask; a script is not asked anyway."`
}

// Run removes a team.
func (c *teamDelete) Run(s *session) error {
	if err := s.confirm(c.Yes, fmt.Sprintf("Delete team %s and all keys of it?", c.ID)); err != nil {
		return err
	}
	return s.remove("/teams/"+seg(c.ID), "team "+c.ID)
}

type teamMembers struct {
	teamID
	members
}

// members are users that come or go.
type members struct {
	Users []string `arg:"" name:"user" help:"The users' ids."`
}

// each puts them into what is at a path, or takes them out.
func (c *members) each(s *session, method, path string, q url.Values, done string) error {
	for i, u := range c.Users {
		var t struct{}
		api, err := s.client()
		if err != nil {
			return err
		}
		b, err := api.do(s.ctx, method, path+"/members/"+seg(u), q, nil, &t)
		switch {
		case err != nil:
			return err
		case !s.g.JSON:
			s.say("%s %s", u, done)
		case i == len(c.Users)-1:
			return s.raw(b)
		}
	}
	return nil
}

type teamAdd struct {
	teamMembers
	memberRole
}

// memberRole is the role of who is put in.
type memberRole struct {
	Role *string `enum:"member,admin" help:"member or admin, who manages it; without it a new member is a plain one."`
}

func (r memberRole) query() url.Values {
	if r.Role == nil {
		return nil
	}
	return url.Values{"role": {*r.Role}}
}

// Run adds members.
func (c *teamAdd) Run(s *session) error {
	return c.each(s, http.MethodPut, "/teams/"+seg(c.ID), c.query(), "is in team "+c.ID)
}

type teamRemove struct{ teamMembers }

// Run removes members.
func (c *teamRemove) Run(s *session) error {
	return c.each(s, http.MethodDelete, "/teams/"+seg(c.ID), nil, "is no longer in team "+c.ID)
}
