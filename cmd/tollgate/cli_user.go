package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"tollgate/gateway/admin"
)

type userCmds struct {
	Create  userCreate  `cmd:"" help:"Make a user, with a budget if you like."`
	List    userList    `cmd:"" help:"List the users."`
	Show    userShow    `cmd:"" help:"Show a user, its keys and where its budgets stand."`
	Update  userUpdate  `cmd:"" help:"Change a user."`
	Block   userBlock   `cmd:"" help:"Refuse all keys of a user until it is unblocked."`
	Unblock userUnblock `cmd:"" help:"Let a user's keys work again."`
	Delete  userDelete  `cmd:"" help:"Remove a user and its keys. What it spent stays in the books, and its budgets and limits stay."`
}

type userFlags struct {
	Name   *string `help:"The person's name."`
	Email  *string `help:"The person's e-mail address."`
	Role   *string `enum:"member,self_service,viewer,admin" help:"What the user's own keys may do beside calling models: member (nothing), self_service (keep the user's own keys), viewer (see everything) or admin (manage everything)."`
	Models *string `placeholder:"A,B" help:"What the user's keys may call: names, patterns such as 'gpt-5*', groups, and the word free; all for everything."`
}

func (f userFlags) values() (values, error) {
	v := values{}
	v.text("name", f.Name)
	v.text("email", f.Email)
	v.text("role", f.Role)
	return v, v.names("models", f.Models)
}

type userCreate struct {
	ID string `arg:"" help:"The user's id: printable text without a slash."`
	userFlags
	Budget *string `placeholder:"'5 USD'" help:"Make a budget for the user, too: an amount, 0 for free models only, or none."`
	Per    *string `placeholder:"WINDOW" help:"The window of the budget: total, minute, hour, day, week, month, or a number of them such as '2 weeks'; month without it."`
}

// madeUser is a user that was made, with its budget if it was to have one.
type madeUser struct {
	admin.User
	Budget *admin.BudgetStanding `json:"budget,omitempty"`
}

// Run makes the user and then the budget.
func (c *userCreate) Run(s *session) error {
	per := "month"
	if c.Per != nil {
		per = *c.Per
	}
	if c.Per != nil && c.Budget == nil {
		return usageError("--per is the window of a budget: give --budget, too")
	}
	budget := values{"scope": "user", "owner": c.ID, "per": per}
	if err := errors.Join(budget.money("budget", "limit", c.Budget), checkWindow(per)); err != nil {
		return err // before anything was made
	}
	v, err := c.values()
	if err != nil {
		return err
	}
	v["id"] = c.ID
	api, err := s.client()
	if err != nil {
		return err
	}
	var u madeUser
	if _, err := api.do(s.ctx, http.MethodPost, "/users", nil, v, &u.User); err != nil {
		return err
	}
	if !s.g.JSON {
		s.say("user %s made", u.ID)
	}
	if c.Budget != nil {
		u.Budget = &admin.BudgetStanding{}
		if _, err := api.do(s.ctx, http.MethodPost, "/budgets", nil, budget, u.Budget); err != nil {
			return fmt.Errorf("the user is made, but not the budget: %w", err)
		}
	}
	if printed, err := s.printed(u); printed || err != nil {
		return err
	}
	if b := u.Budget; b != nil {
		s.say("budget %s: %s per %s", b.ID, limitOf(b.Budget), b.Per)
	}
	s.say("next: tollgate key create --user %s", word(u.ID))
	return nil
}

type userList struct{}

// Run lists the users.
func (userList) Run(s *session) error {
	users, raws, err := collect[admin.User](s, "/users", nil)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(users) == 0 {
		s.say("no users yet; make one with: tollgate user create NAME --budget '5 USD' --per month")
		return nil
	}
	t := newTable("user", "name", "e-mail", "role", "teams", "models", "state", "created")
	for _, u := range users {
		t.add(u.ID, orDash(u.Name), orDash(u.Email), string(u.Role), joined(u.Teams, "-"), joined(u.Models, "all"), blockedWord(u.Blocked), when(u.Created, "-"))
	}
	t.print(s.stdout)
	return nil
}

func blockedWord(blocked bool) string {
	if blocked {
		return "blocked"
	}
	return "open"
}

type userID struct {
	ID string `arg:"" name:"user" help:"The user's id."`
}

type userShow struct{ userID }

// Run shows a user.
func (c *userShow) Run(s *session) error {
	var u admin.User
	if printed, err := s.call(http.MethodGet, "/users/"+seg(c.ID), nil, &u); printed || err != nil {
		return err
	}
	fields(s.stdout, "user", u.ID, "name", orDash(u.Name), "e-mail", orDash(u.Email), "role", string(u.Role), "teams", joined(u.Teams, "-"), "organizations", joined(u.Orgs, "-"),
		"models", joined(u.Models, "all"), "state", blockedWord(u.Blocked), "created", when(u.Created, "-"))
	s.say("")
	if err := s.standing("/users/" + seg(c.ID) + "/budgets"); err != nil {
		return err
	}
	s.say("")
	return s.keys(url.Values{"user": {c.ID}})
}

type userUpdate struct {
	userID
	userFlags
}

// Run changes a user.
func (c *userUpdate) Run(s *session) error {
	v, err := c.values()
	if err != nil {
		return err
	}
	return s.change("/users/"+seg(c.ID), "user", "user "+c.ID, v)
}

// change sends the fields that were given of what a command of its own updates.
func (s *session) change(path, command, what string, v values) error {
	if len(v) == 0 {
		return &fault{code: exitUsage, err: fmt.Errorf("nothing to change was given for %s", what), next: "see: tollgate " + command + " update --help"}
	}
	var out map[string]any
	printed, err := s.call(http.MethodPatch, path, v, &out)
	if err == nil && !printed {
		s.say("%s changed", what)
	}
	return err
}

type userBlock struct{ userID }

// Run blocks a user.
func (c *userBlock) Run(s *session) error {
	return s.change("/users/"+seg(c.ID), "user", "user "+c.ID, values{"blocked": true})
}

type userUnblock struct{ userID }

// Run unblocks a user.
func (c *userUnblock) Run(s *session) error {
	return s.change("/users/"+seg(c.ID), "user", "user "+c.ID, values{"blocked": false})
}

type userDelete struct {
	userID
	Yes bool `short:"y" help:"Do not ask; a script is not asked anyway."`
}

// Run removes a user.
func (c *userDelete) Run(s *session) error {
	if err := s.confirm(c.Yes, fmt.Sprintf("Delete user %s and all keys of it?", c.ID)); err != nil {
		return err
	}
	return s.remove("/users/"+seg(c.ID), "user "+c.ID)
}

func (s *session) remove(path, what string) error {
	return s.gone(path, what+" deleted; what was spent stays in the books")
}

// gone deletes what is at a path and says so. The API's own answer is an empty one, which is
// no JSON.
func (s *session) gone(path, say string) error {
	if _, err := s.call(http.MethodDelete, path, nil, nil); err != nil {
		return err
	}
	printed, err := s.printed(map[string]bool{"deleted": true})
	if !printed {
		s.say("%s", say)
	}
	return err
}
