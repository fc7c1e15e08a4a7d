package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
)

type keyCmds struct {
	Create   keyCreate   `cmd:"" help:"Make a key. It is shown once."`
	List     keyList     `cmd:"" help:"List the keys, without the keys themselves."`
	Show     keyShow     `cmd:"" help:"Show a key and where its budgets stand."`
	Update   keyUpdate   `cmd:"" help:"Change a key."`
	Rotate   keyRotate   `cmd:"" help:"Give a key another secret. It is shown once."`
	Block    keyBlock    `cmd:"" help:"Refuse a key until it is unblocked."`
	Unblock  keyUnblock  `cmd:"" help:"Let a key work again."`
	Delete   keyDelete   `cmd:"" help:"Revoke a key for good. What it spent stays in the books, and its budgets and limits stay."`
	Generate keyGenerate `cmd:"" help:"Print a strong random secret for TOLLGATE_ADMIN_KEY or admin_key; nothing is stored."`
}

type keyFlags struct {
	Name           *string           `help:"A name to recognise it by."`
	Models         *string           `placeholder:"A,B" help:"What it may call: names, patterns such as 'gpt-5*', groups, and the word free; all for everything."`
	Expires        *string           `placeholder:"WHEN" help:"When it ends: 90d, 2027-01-31, a time, or never."`
	EndUsers       *bool             `negatable:"" help:"Let calls name the person they are made for, who then has budgets and reports."`
	Tags           *string           `placeholder:"A,B" help:"Tags of every call of the key, which have budgets and reports of their own; none for none."`
	CallTags       *bool             `negatable:"" help:"Let calls name more tags."`
	BudgetFallback *string           `placeholder:"A,B" help:"Models to serve instead when what was asked for cannot be paid for; none for none."`
	Aliases        map[string]string `name:"alias" mapsep:"none" placeholder:"NAME=MODEL" help:"A name of the key's own for a model; may be repeated. On a change it replaces all that were there."`
	Routes         *string           `placeholder:"A,B" help:"What it is kept to: calls, read, manage, and paths of routes such as /v1/chat/completions or '/v1/*'; all for everything."`
	Metadata       map[string]string `mapsep:"none" placeholder:"K=V" help:"What you want to keep with it; may be repeated."`
}

func (f keyFlags) values() (values, error) {
	v := values{}
	v.text("name", f.Name)
	if f.CallTags != nil {
		v["call_tags"] = *f.CallTags
	}
	if f.EndUsers != nil {
		v["end_users"] = *f.EndUsers
	}
	if len(f.Aliases) > 0 {
		v["aliases"] = f.Aliases
	}
	if len(f.Metadata) > 0 {
		v["metadata"] = f.Metadata
	}
	return v, errors.Join(v.names("models", f.Models), v.orNone("budget_fallback", f.BudgetFallback), v.names("routes", f.Routes), v.orNone("tags", f.Tags), v.expires(f.Expires, time.Now()))
}

type keyCreate struct {
	User       string `short:"u" placeholder:"USER" help:"The user it belongs to."`
	Team       string `short:"t" placeholder:"TEAM" help:"The team it belongs to; with --user, a member of it."`
	Org        string `placeholder:"ORG" help:"The organization it belongs to itself."`
	Standalone bool   `help:"The key belongs to nobody but itself."`
	CreateUser bool   `help:"Make the user, too, if there is none."`
	Admin      bool   `help:"Make an admin key: it manages, and calls no models."`
	Quiet      bool   `short:"q" help:"Print the key and nothing else."`
	keyFlags
}

// Run makes a key.
func (c *keyCreate) Run(s *session) error {
	v, err := c.wanted()
	if err != nil {
		return err
	}
	if c.CreateUser {
		if err := c.makeUser(s); err != nil {
			return err
		}
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	var k admin.NewKey
	raw, err := api.do(s.ctx, http.MethodPost, "/keys", nil, v, &k)
	switch {
	case err != nil:
		return c.explain(err)
	case c.Quiet:
		s.say("%s", k.Secret)
		return nil
	case s.g.JSON:
		return s.raw(raw)
	}
	handOver(s, api, k)
	return nil
}

// wanted are the members of the key that is to be made. It belongs to somebody, or says that
// it does not.
func (c *keyCreate) wanted() (values, error) {
	v, err := c.values()
	if err != nil {
		return nil, err
	}
	owned := c.User != "" || c.Team != "" || c.Org != "" || c.Standalone
	switch {
	case c.Admin && owned:
		return nil, usageError("an admin key belongs to no user, no team and no organization")
	case c.Admin:
		v["role"] = access.Admin
	case !owned:
		return nil, &fault{code: exitUsage, err: errors.New("whose key is it?"), next: "give --user USER, --team TEAM or both, --org ORG, --standalone, or --admin; --create-user makes the user in one go"}
	case c.CreateUser && c.User == "":
		return nil, usageError("--create-user needs --user")
	}
	for name, id := range map[string]string{"user": c.User, "team": c.Team, "org": c.Org} {
		if id != "" {
			v[name] = id
		}
	}
	if c.Standalone {
		v["standalone"] = true
	}
	return v, nil
}

// handOver shows a new key, this once, and what to do with it.
func handOver(s *session, api *client, k admin.NewKey) {
	s.say("%s", k.Secret)
	s.say("")
	s.say("That is the key: keep it, it is shown this once.")
	s.say("")
	printKey(s, k.Key)
	s.say("")
	if k.Role == access.Admin {
		s.say("It manages and calls no models. Use it with: tollgate --url %s --admin-key-file FILE ...", api.base)
		return
	}
	model, err := tryModel(s.ctx, api, k.Secret)
	switch {
	case err != nil: // the key is made all the same
		model = "MODEL"
	case model == "":
		s.say("no model is open to it at present: tollgate check shows which there are")
		return
	}
	s.say("Try it:")
	s.say("  curl %s/v1/chat/completions -H 'Content-Type: application/json' -H 'Authorization: Bearer %s' \\", api.base, k.Secret)
	s.say("    -d %s", firstChat(model))
}

// makeUser makes the key's user; one that is there is fine.
func (c *keyCreate) makeUser(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	_, err = api.do(s.ctx, http.MethodPost, "/users", nil, values{"id": c.User}, nil)
	var there *apiError
	if errors.As(err, &there) && there.Code == "exists" {
		return nil
	}
	if err == nil && c.Team != "" {
		_, err = api.do(s.ctx, http.MethodPut, "/teams/"+seg(c.Team)+"/members/"+seg(c.User), nil, nil, nil)
	}
	return err
}

// explain says what to type when the owner of a new key is missing.
func (c *keyCreate) explain(err error) error {
	var e *apiError
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.Code == "not_found" && c.User != "" && strings.HasPrefix(e.Message, "user "):
		return &fault{code: exitNotFound, err: fmt.Errorf("there is no user %s", c.User), next: fmt.Sprintf("make it with: tollgate user create %s (or add --create-user)", word(c.User))}
	case e.Code == "not_found" && c.Team != "" && strings.HasPrefix(e.Message, "team "):
		return &fault{code: exitNotFound, err: fmt.Errorf("there is no team %s", c.Team), next: "make it with: tollgate team create " + word(c.Team)}
	case strings.Contains(e.Message, "is no member of team"):
		return &fault{code: exitUsage, err: fmt.Errorf("%s is not in team %s", c.User, c.Team), next: fmt.Sprintf("add it with: tollgate team add %s %s", word(c.Team), word(c.User))}
	}
	return err
}

// tryModel is a model to try a key with in a chat, a free one if there is one; "" if none is
// open to it. Only the server knows what a key may call.
func tryModel(ctx context.Context, api *client, key string) (string, error) {
	as := *api
	as.token = key
	var models struct {
		Data []struct {
			ID    string `json:"id"`
			Price string `json:"price"`
			Open  bool   `json:"open"`
			Mode  string `json:"mode"`
		} `json:"data"`
	}
	if _, err := as.at(ctx, http.MethodGet, "/v1/models", nil, nil, &models); err != nil {
		return "", err
	}
	best := ""
	for _, m := range models.Data {
		switch {
		case !m.Open || m.Mode == "embedding":
		case m.Price == "free":
			return m.ID, nil
		case best == "":
			best = m.ID
		}
	}
	return best, nil
}

func printKey(s *session, k admin.Key) {
	pairs := []string{"key", k.ID, "name", orDash(k.Name), "ends in", "..." + k.Hint, "user", orDash(k.User), "team", orDash(k.Team), "organization", orDash(k.Org), "models", joined(k.Models, "all"),
		"expires", when(k.Expires, "never"), "state", keyState(k)}
	if k.Role == access.Admin {
		pairs = append(pairs, "role", "admin: manages, calls no models")
	}
	if k.EndUsers {
		pairs = append(pairs, "end users", "may be named by calls")
	}
	if len(k.Routes) > 0 {
		pairs = append(pairs, "kept to", joined(k.Routes, ""))
	}
	if len(k.Tags) > 0 {
		pairs = append(pairs, "tags", joined(k.Tags, ""))
	}
	if k.CallTags {
		pairs = append(pairs, "more tags", "may be named by calls")
	}
	if len(k.BudgetFallback) > 0 {
		pairs = append(pairs, "when spent", joined(k.BudgetFallback, ""))
	}
	if k.FormerUntil != nil {
		pairs = append(pairs, "key before", until(k.FormerUntil))
	}
	for _, name := range slices.Sorted(maps.Keys(k.Aliases)) {
		pairs = append(pairs, "alias", name+"="+k.Aliases[name])
	}
	for _, name := range slices.Sorted(maps.Keys(k.Metadata)) {
		pairs = append(pairs, "metadata", name+"="+k.Metadata[name])
	}
	fields(s.stdout, append(pairs, "created", when(k.Created, "-"))...)
}

func keyState(k admin.Key) string {
	switch {
	case k.Blocked:
		return "blocked"
	case k.Expires != nil && !k.Expires.After(time.Now()):
		return "expired"
	}
	return "open"
}

type keyList struct {
	User string `short:"u" placeholder:"USER" help:"Only keys of this user."`
	Team string `short:"t" placeholder:"TEAM" help:"Only keys of this team."`
	Org  string `placeholder:"ORG" help:"Only keys of this organization itself."`
}

// Run lists the keys.
func (c *keyList) Run(s *session) error {
	q := url.Values{}
	for name, id := range map[string]string{"user": c.User, "team": c.Team, "org": c.Org} {
		if id != "" {
			q.Set(name, id)
		}
	}
	return s.keys(q)
}

// keys lists the keys of whom a query names, or of everybody.
func (s *session) keys(q url.Values) error {
	keys, raws, err := collect[admin.Key](s, "/keys", q)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(keys) == 0 {
		owner := "--user USER"
		for _, kind := range []string{"org", "team", "user"} {
			if id := q.Get(kind); id != "" {
				owner = "--" + kind + " " + word(id)
			}
		}
		s.say("no keys; make one with: tollgate key create %s", owner)
		return nil
	}
	head := []string{"key", "name", "ends in", "user", "team", "models", "expires", "state", "created"}
	inOrgs := slices.ContainsFunc(keys, func(k admin.Key) bool { return k.Org != "" })
	if inOrgs {
		head = slices.Insert(head, 5, "organization")
	}
	t := newTable(head...)
	for _, k := range keys {
		state := keyState(k)
		if k.Role == access.Admin && state == "open" {
			state = "admin"
		}
		row := []string{k.ID, orDash(k.Name), k.Hint, orDash(k.User), orDash(k.Team), joined(k.Models, "all"), when(k.Expires, "never"), state, when(k.Created, "-")}
		if inOrgs {
			row = slices.Insert(row, 5, orDash(k.Org))
		}
		t.add(row...)
	}
	t.print(s.stdout)
	return nil
}

type keyID struct {
	ID string `arg:"" name:"key" help:"The key's id, or its name."`
}

// find turns a name into an id; what is an id already stays.
func (c keyID) find(s *session) (string, error) {
	api, err := s.client()
	if err != nil {
		return "", err
	}
	var k admin.Key
	_, err = api.do(s.ctx, http.MethodGet, "/keys/"+seg(c.ID), nil, nil, &k)
	var missing *apiError
	if err == nil || !errors.As(err, &missing) || missing.exit() != exitNotFound {
		return c.ID, err
	}
	if access.WellFormed(c.ID) {
		return "", &fault{code: exitUsage, err: errors.New("that is a key itself, which does not belong on a command line"), next: "give its id or its name: tollgate key list"}
	}
	keys, _, err := collect[admin.Key](s, "/keys", nil)
	if err != nil {
		return "", err
	}
	var found []string
	for _, k := range keys {
		if k.Name == c.ID {
			found = append(found, k.ID)
		}
	}
	switch len(found) {
	case 0:
		return "", &fault{code: exitNotFound, err: fmt.Errorf("no key has the id or name %s", c.ID), next: "see: tollgate key list"}
	case 1:
		return found[0], nil
	}
	return "", usageError("%d keys are called %s: give the id of one of them: %s", len(found), c.ID, strings.Join(found, ", "))
}

type keyShow struct{ keyID }

// Run shows a key.
func (c *keyShow) Run(s *session) error {
	id, err := c.find(s)
	if err != nil {
		return err
	}
	var k admin.Key
	if printed, err := s.call(http.MethodGet, "/keys/"+seg(id), nil, &k); printed || err != nil {
		return err
	}
	printKey(s, k)
	s.say("")
	return s.standing("/keys/" + seg(id) + "/budgets")
}

type keyUpdate struct {
	keyID
	keyFlags
}

// Run changes a key.
func (c *keyUpdate) Run(s *session) error {
	v, err := c.values()
	if err != nil {
		return err
	}
	return c.change(s, v)
}

func (c keyID) change(s *session, v values) error {
	id, err := c.find(s)
	if err != nil {
		return err
	}
	return s.change("/keys/"+seg(id), "key", "key "+c.ID, v)
}

type keyRotate struct {
	keyID
	Grace string `placeholder:"LENGTH" help:"How long the secret before works on: 30m, 24h, 7d; without it, it stops now."`
	Quiet bool   `short:"q" help:"Print the key and nothing else."`
}

// Run rotates a key.
func (c *keyRotate) Run(s *session) error {
	var grace time.Duration
	if c.Grace != "" {
		var ok bool
		if grace, ok = lasting(c.Grace); !ok {
			return usageError("--grace: %q is not a length of time: write 30m, 24h or 7d", c.Grace)
		}
	}
	id, err := c.find(s)
	if err != nil {
		return err
	}
	var k admin.NewKey
	if printed, err := s.call(http.MethodPost, "/keys/"+seg(id)+"/rotate", values{"grace_seconds": int64(grace.Seconds())}, &k); printed || err != nil {
		return err
	}
	s.say("%s", k.Secret)
	if c.Quiet {
		return nil
	}
	s.say("")
	s.say("That is the key now: keep it, it is shown this once. The one before works %s.", until(k.FormerUntil))
	if id == control.AdminKeyID && !s.api.remote {
		s.say("A start that finds admin_key or TOLLGATE_ADMIN_KEY set brings that one back.")
	}
	return nil
}

// until says how long something works.
func until(t *time.Time) string {
	if t == nil {
		return "no more"
	}
	return "until " + when(t, "-")
}

type keyBlock struct{ keyID }

// Run blocks a key.
func (c *keyBlock) Run(s *session) error { return c.change(s, values{"blocked": true}) }

type keyUnblock struct{ keyID }

// Run unblocks a key.
func (c *keyUnblock) Run(s *session) error { return c.change(s, values{"blocked": false}) }

type keyDelete struct {
	keyID
	Yes bool `short:"y" help:"Do not ask; a script is not asked anyway."`
}

// Run revokes a key.
func (c *keyDelete) Run(s *session) error {
	id, err := c.find(s)
	if err != nil {
		return err
	}
	if err := s.confirm(c.Yes, fmt.Sprintf("Revoke key %s for good?", c.ID)); err != nil {
		return err
	}
	return s.remove("/keys/"+seg(id), "key "+c.ID)
}

type keyGenerate struct{}

// Run prints a secret.
func (keyGenerate) Run(s *session) error {
	secret, err := access.NewKey(rand.Reader)
	if err != nil {
		return err
	}
	if printed, err := s.printed(map[string]string{"key": secret}); printed || err != nil {
		return err
	}
	s.say("%s", secret)
	return nil
}
