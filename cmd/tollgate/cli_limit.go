package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"tollgate/gateway/admin"
)

type limitCmds struct {
	Create limitCreate `cmd:"" help:"Make a rate limit for each of a kind, for one account, or for the whole gateway."`
	List   limitList   `cmd:"" help:"List the rate limits."`
	Show   limitShow   `cmd:"" help:"Show a rate limit."`
	Update limitUpdate `cmd:"" help:"Change a rate limit's numbers or name."`
	Delete limitDelete `cmd:"" help:"Remove a rate limit."`
}

// pace are the flags of a limit's numbers.
type pace struct {
	Requests   *string `short:"r" placeholder:"N" help:"Requests per minute; 0 lets nothing pass, none is no limit."`
	Tokens     *string `placeholder:"N" help:"Tokens per minute, in and out: 200000 or 200_000."`
	Concurrent *string `placeholder:"N" help:"Requests at the same time."`
}

// put adds the numbers that were given.
func (p pace) put(v values) error {
	return errors.Join(v.count("requests", "requests_per_minute", p.Requests), v.count("tokens", "tokens_per_minute", p.Tokens), v.count("concurrent", "concurrent_requests", p.Concurrent))
}

type limitCreate struct {
	whose
	pace
	Models *string `placeholder:"A,B" help:"Only these models: names or patterns such as 'gpu/*'."`
	Name   *string `help:"A name for people."`
}

// Run makes a limit.
func (c *limitCreate) Run(s *session) error {
	v := values{}
	if err := errors.Join(c.owner(v, "limit"), c.put(v), v.names("models", c.Models)); err != nil {
		return err
	}
	if c.Requests == nil && c.Tokens == nil && c.Concurrent == nil {
		return &fault{code: exitUsage, err: errors.New("what does it limit?"), next: "give --requests N, --tokens N or --concurrent N, or several of them"}
	}
	v.text("name", c.Name)
	if err := c.findKey(s, v); err != nil {
		return err
	}
	var l admin.Limit
	if printed, err := s.call(http.MethodPost, "/limits", v, &l); printed || err != nil {
		return err
	}
	s.say("limit %s made: %s may have %s on %s", l.ID, ownerOf(l.Scope, l.Each, l.Owner), paceOf(l), joined(l.Models, "all models"))
	return nil
}

// paceOf writes what a limit lets pass.
func paceOf(l admin.Limit) string {
	var parts []string
	for _, p := range []struct {
		n         *int64
		one, more string
	}{{l.Requests, "request per minute", "requests per minute"}, {l.Tokens, "token per minute", "tokens per minute"}, {l.Concurrent, "request at a time", "requests at a time"}} {
		switch {
		case p.n == nil:
		case *p.n == 1:
			parts = append(parts, "1 "+p.one)
		default:
			parts = append(parts, number(*p.n)+" "+p.more)
		}
	}
	return strings.Join(parts, " and ")
}

func numberOrNone(n *int64) string {
	if n == nil {
		return "-"
	}
	return number(*n)
}

type limitList struct{}

// Run lists the limits.
func (limitList) Run(s *session) error {
	all, raws, err := collect[admin.Limit](s, "/limits", nil)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(all) == 0 {
		s.say("no rate limits; make one with: tollgate limit create --each key --requests 60")
		return nil
	}
	t := newTable("limit", "name", "for", "models", ">requests/min", ">tokens/min", ">at once", "made by")
	for _, l := range all {
		t.add(l.ID, orDash(l.Name), ownerOf(l.Scope, l.Each, l.Owner), joined(l.Models, "all"), numberOrNone(l.Requests), numberOrNone(l.Tokens), numberOrNone(l.Concurrent), l.Origin)
	}
	t.print(s.stdout)
	return nil
}

type limitID struct {
	ID string `arg:"" name:"limit" help:"The limit's id, or its name."`
}

// find turns a name into an id; what is an id already stays.
func (c limitID) find(s *session) (string, error) {
	return named(s, "/limits", "limit", c.ID, func(l admin.Limit) (id, name string) { return l.ID, l.Name })
}

type limitShow struct{ limitID }

// Run shows a limit.
func (c *limitShow) Run(s *session) error {
	id, err := c.find(s)
	if err != nil {
		return err
	}
	var l admin.Limit
	if printed, err := s.call(http.MethodGet, "/limits/"+seg(id), nil, &l); printed || err != nil {
		return err
	}
	fields(s.stdout, "limit", l.ID, "name", orDash(l.Name), "for", ownerOf(l.Scope, l.Each, l.Owner), "models", joined(l.Models, "all"),
		"requests per minute", numberOrNone(l.Requests), "tokens per minute", numberOrNone(l.Tokens), "requests at once", numberOrNone(l.Concurrent), "declared in", l.Origin)
	return nil
}

type limitUpdate struct {
	limitID
	pace
	Name *string `help:"A name for people."`
}

// Run changes a limit.
func (c *limitUpdate) Run(s *session) error {
	v := values{}
	if err := c.put(v); err != nil {
		return err
	}
	v.text("name", c.Name)
	id, err := c.find(s)
	if err != nil {
		return err
	}
	return s.change("/limits/"+seg(id), "limit", "limit "+c.ID, v)
}

type limitDelete struct {
	limitID
	Yes bool `short:"y" help:"Do not ask; a script is not asked anyway."`
}

// Run removes a limit.
func (c *limitDelete) Run(s *session) error {
	id, err := c.find(s)
	if err != nil {
		return err
	}
	if err := s.confirm(c.Yes, fmt.Sprintf("Delete limit %s?", c.ID)); err != nil {
		return err
	}
	return s.gone("/limits/"+seg(id), "limit "+c.ID+" deleted")
}
