package main

import (
	"fmt"

	"tollgate/accounting/scope"
)

// whose are the flags that say whom a budget or a limit is for.
type whose struct {
	Each    string `placeholder:"KIND" help:"The same for each user, team, org, member, key, tag or end_user."`
	User    string `short:"u" placeholder:"USER" help:"For one user, in place of what each has of the same kind."`
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
	n := 0
	for kind, id := range map[scope.Kind]string{scope.User: w.User, scope.Team: w.Team, scope.Org: w.Org, scope.Key: w.Key, scope.Member: w.Member, scope.Tag: w.Tag, scope.EndUser: w.EndUser} {
		if id != "" {
			n++
			v["scope"], v["owner"] = kind, id
		}
	}
	if w.Gateway {
		n++
		v["scope"] = scope.Gateway
	}
	if w.Each != "" {
		n++
		v["scope"], v["each"] = w.Each, true
	}
	if n != 1 {
		return &fault{code: exitUsage, err: fmt.Errorf("whose %s is it?", what), next: "give one of --each KIND, --user, --team, --org, --member, --key, --tag, --end-user and --gateway"}
	}
	return nil
}

// findKey puts a key's id in place of its name.
func (w whose) findKey(s *session, v values) error {
	if w.Key == "" {
		return nil
	}
	id, err := keyID{w.Key}.find(s)
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
