package main

import (
	"fmt"
	"net/http"

	"tollgate/gateway/admin"
)

type tagCmds struct {
	Create tagCreate `cmd:"" help:"Keep something of a tag. Calls may carry others all the same."`
	List   tagList   `cmd:"" help:"List the tags of which something is known."`
	Show   tagShow   `cmd:"" help:"Show a tag and where its budgets stand."`
	Update tagUpdate `cmd:"" help:"Change a tag."`
	Delete tagDelete `cmd:"" help:"Forget what is known of a tag. Its budgets stay, and so do the books."`
}

type tagFlags struct {
	Description *string `help:"What it marks."`
	Blocked     *bool   `negatable:"" help:"Refuse all calls that carry it (--no-blocked serves them again)."`
}

func (f tagFlags) values() values {
	v := values{}
	v.text("description", f.Description)
	if f.Blocked != nil {
		v["blocked"] = *f.Blocked
	}
	return v
}

type tagID struct {
	ID string `arg:"" name:"tag" help:"The tag, as calls carry it."`
}

func (c tagID) path() string { return "/tags/" + seg(c.ID) }

type tagCreate struct {
	tagID
	tagFlags
}

// Run keeps something of a tag.
func (c *tagCreate) Run(s *session) error {
	v := c.values()
	v["id"] = c.ID
	var t admin.Tag
	if printed, err := s.call(http.MethodPost, "/tags", v, &t); printed || err != nil {
		return err
	}
	s.say("tag %s made", t.ID)
	s.say("next: tollgate budget create --tag %s --limit '5 USD' --per month", word(t.ID))
	return nil
}

type tagList struct{}

// Run lists the tags.
func (tagList) Run(s *session) error {
	tags, raws, err := collect[admin.Tag](s, "/tags", nil)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(tags) == 0 {
		s.say("nothing is known of any tag; make one with: tollgate tag create NAME, or see what calls carry with: tollgate usage --by tag")
		return nil
	}
	t := newTable("tag", "description", "state", "created")
	for _, x := range tags {
		t.add(x.ID, orDash(x.Description), blockedWord(x.Blocked), when(x.Created, "-"))
	}
	t.print(s.stdout)
	return nil
}

type tagShow struct{ tagID }

// Run shows a tag.
func (c *tagShow) Run(s *session) error {
	var t admin.Tag
	if printed, err := s.call(http.MethodGet, c.path(), nil, &t); printed || err != nil {
		return err
	}
	fields(s.stdout, "tag", t.ID, "description", orDash(t.Description), "state", blockedWord(t.Blocked), "created", when(t.Created, "-"))
	s.say("")
	return s.standing(c.path() + "/budgets")
}

type tagUpdate struct {
	tagID
	tagFlags
}

// Run changes a tag.
func (c *tagUpdate) Run(s *session) error { return s.change(c.path(), "tag", "tag "+c.ID, c.values()) }

type tagDelete struct {
	tagID
	Yes bool `short:"y" help:"Do not ask; a script is not asked anyway."`
}

// Run forgets a tag.
func (c *tagDelete) Run(s *session) error {
	if err := s.confirm(c.Yes, fmt.Sprintf("Forget what is known of tag %s?", c.ID)); err != nil {
		return err
	}
	return s.remove(c.path(), "tag "+c.ID)
}
