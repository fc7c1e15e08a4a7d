package main

import (
	"fmt"

	"tollgate/accounting/scope"
)

// whose are the flags that say whom a budget or a limit is for.
type whose struct {
	Each string `placeholder:"KIND" help:"The same for each user, team, org, member, key, tag or end_user; what one of them has of its own stands in place of it."`
	account
}

// account are the flags that say whose spending is meant.
type account struct {
	User    string `short:"u" placeholder:"USER" help:"For one user."`
	Team    string `short:"t" placeholder:"TEAM" help:"For one team."`
	Org     string `placeholder:"ORG" help:"For one organization."`
	Key     string `short:"k" placeholder:"KEY" help:"For one key."`
	Member  string `placeholder:"TEAM/USER" help:"For one user within a team."`
	Tag     string `placeholder:"TAG" help:"For one tag, as calls carry it."`
	EndUser string `placeholder:"NAME" help:"For one end user, as calls name it."`
	Gateway bool   `help:"For everybody together."`
}

// owner puts into the request whom what is made is for.
func (w whose) owner(v values, what string) error {
	n := w.put(v)
	if w.Each == string(scope.Gateway) {
		return usageError("--each: there is one gateway: give --gateway")
	}
	if w.Each != "" {
		n++
		v["scope"], v["each"] = w.Each, true
	}
	return one(n, what, "--each KIND, ")
}

// owner puts into the request whose spending is meant.
func (a account) owner(v values, what string) error { return one(a.put(v), what, "") }

// put puts an account into the request, and says how many were named.
func (a account) put(v values) (n int) {
	for kind, id := range map[scope.Kind]string{scope.User: a.User, scope.Team: a.Team, scope.Org: a.Org, scope.Key: a.Key, scope.Member: a.Member, scope.Tag: a.Tag, scope.EndUser: a.EndUser} {
		if id != "" {
			n++
			v["scope"], v["owner"] = kind, id
		}
	}
	if a.Gateway {
		n++
		v["scope"] = scope.Gateway
	}
	return n
}

// one is the error that not one owner was named.
func one(named int, what, also string) error {
	if named == 1 {
		return nil
	}
	return &fault{code: exitUsage, err: fmt.Errorf("whose %s is it?", what), next: "give one of " + also + "--user, --team, --org, --member, --key, --tag, --end-user and --gateway"}
}

// findKey puts a key's id in place of its name.
func (a account) findKey(s *session, v values) error {
	if a.Key == "" {
		return nil
	}
	id, err := keyID{a.Key}.find(s)
	if err == nil {
		v["owner"] = id
	}
	return err
}

// ownerOf says whose a budget or a limit is.
func ownerOf(kind scope.Kind, each bool, owner string) string {
	switch {
	case each:
		return "each " + string(kind)
	case kind == scope.Gateway:
		return "the gateway"
	}
	return string(kind) + " " + owner
}

// named turns the name of one of a list into its id; what is an id already stays.
func named[T any](s *session, path, what, text string, of func(T) (id, name string)) (string, error) {
	all, _, err := collect[T](s, path, nil)
	if err != nil {
		return "", err
	}
	var found []string
	for _, x := range all {
		switch id, name := of(x); text {
		case id:
			return id, nil
		case name:
			found = append(found, id)
		}
	}
	switch len(found) {
	case 0:
		return "", &fault{code: exitNotFound, err: fmt.Errorf("no %s has the id or name %s", what, text), next: "see: tollgate " + what + " list"}
	case 1:
		return found[0], nil
	}
	return "", usageError("%d %ss are called %s: give the id of one of them", len(found), what, text)
}
