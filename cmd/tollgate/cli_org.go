package main

import (
	"fmt"
	"net/http"
	"net/url"

	"tollgate/gateway/admin"
)

type orgCmds struct {
	Create orgCreate `cmd:"" help:"Make an organization."`
	List   orgList   `cmd:"" help:"List the organizations."`
	Show   orgShow   `cmd:"" help:"Show an organization, its keys and where its budgets stand."`
	Update orgUpdate `cmd:"" help:"Change an organization."`
	Delete orgDelete `cmd:"" help:"Remove an organization that has no teams and no keys. What was spent in it stays in the books, and its budgets and limits stay."`
	Add    orgAdd    `cmd:"" help:"Put users into an organization."`
	Remove orgRemove `cmd:"" help:"Take users out of an organization."`
}

type orgFlags struct {
	Name   *string `help:"The organization's name."`
	Models *string `placeholder:"A,B" help:"What its keys and its teams' keys may call: names, patterns such as 'gpt-5*', and the word free; all for everything."`
}

func (f orgFlags) values() (values, error) {
	v := values{}
	v.text("name", f.Name)
	return v, v.names("models", f.Models)
}

type orgID struct {
	ID string `arg:"" name:"org" help:"The organization's id."`
}

func (c orgID) path() string { return "/orgs/" + seg(c.ID) }

type orgCreate struct {
	orgID
	orgFlags
}

// Run makes an organization.
func (c *orgCreate) Run(s *session) error {
	v, err := c.values()
	if err != nil {
		return err
	}
	v["id"] = c.ID
	var o admin.Org
	if printed, err := s.call(http.MethodPost, "/orgs", v, &o); printed || err != nil {
		return err
	}
	s.say("organization %s made", o.ID)
	s.say("next: tollgate team create NAME --org %s", word(o.ID))
	return nil
}

type orgList struct{}

// Run lists the organizations.
func (orgList) Run(s *session) error {
	orgs, raws, err := collect[admin.Org](s, "/orgs", nil)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(orgs) == 0 {
		s.say("no organizations yet; make one with: tollgate org create NAME")
		return nil
	}
	t := newTable("organization", "name", ">members", "models", "state", "created")
	for _, o := range orgs {
		t.add(o.ID, orDash(o.Name), fmt.Sprint(len(o.Members)), joined(o.Models, "all"), blockedWord(o.Blocked), when(o.Created, "-"))
	}
	t.print(s.stdout)
	return nil
}

type orgShow struct{ orgID }

// Run shows an organization.
func (c *orgShow) Run(s *session) error {
	var o admin.Org
	if printed, err := s.call(http.MethodGet, c.path(), nil, &o); printed || err != nil {
		return err
	}
	fields(s.stdout, "organization", o.ID, "name", orDash(o.Name), "admins", joined(o.Admins, "-"), "members", joined(o.Members, "none: tollgate org add "+word(o.ID)+" USER"),
		"models", joined(o.Models, "all"), "state", blockedWord(o.Blocked), "created", when(o.Created, "-"))
	s.say("")
	if err := s.standing(c.path() + "/budgets"); err != nil {
		return err
	}
	s.say("")
	return s.keys(url.Values{"org": {c.ID}})
}

type orgUpdate struct {
	orgID
	orgFlags
	Blocked *bool `negatable:"" help:"Refuse all its keys and its teams' keys (--no-blocked lets them work again)."`
}

// Run changes an organization.
func (c *orgUpdate) Run(s *session) error {
	v, err := c.values()
	if err != nil {
		return err
	}
	if c.Blocked != nil {
		v["blocked"] = *c.Blocked
	}
	return s.change(c.path(), "org", "organization "+c.ID, v)
}

type orgDelete struct {
	orgID
	Yes bool `short:"y" help:"Do not ask; a script is not asked anyway."`
}

// Run removes an organization.
func (c *orgDelete) Run(s *session) error {
	if err := s.confirm(c.Yes, fmt.Sprintf("Delete organization %s?", c.ID)); err != nil {
		return err
	}
	return s.remove(c.path(), "organization "+c.ID)
}

type orgAdd struct {
	orgID
	members
	memberRole
}

// Run adds members.
func (c *orgAdd) Run(s *session) error {
	return c.each(s, http.MethodPut, c.path(), c.query(), "is in organization "+c.ID)
}

type orgRemove struct {
	orgID
	members
}

// Run removes members.
func (c *orgRemove) Run(s *session) error {
	return c.each(s, http.MethodDelete, c.path(), nil, "is no longer in organization "+c.ID)
}
