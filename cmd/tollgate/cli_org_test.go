package main

import (
	"strings"
	"testing"

	"tollgate/gateway/access"
)

func TestOrgCommands(t *testing.T) {
	s := newShell(t)
	s.run(exitOK, "org", "list").shows(t, "no organizations yet")
	s.run(exitOK, "org", "create", "science", "--name", "Faculty", "--models", "free,gpt-5*").shows(t, "organization science made", "tollgate team create NAME --org science")
	s.run(exitFailed, "org", "create", "science").complains(t, "exists")
	s.run(exitOK, "user", "create", "alice", "--role", "viewer")
	s.run(exitUsage, "user", "create", "bob", "--role", "king").complains(t, "role")
	s.run(exitOK, "user", "show", "alice").shows(t, "role viewer")
	s.run(exitOK, "org", "add", "science", "alice", "--role", "admin").shows(t, "alice is in organization science")
	s.run(exitOK, "team", "create", "physics", "--org", "science", "--alias", "fast=qwen")
	s.run(exitOK, "team", "add", "physics", "alice").shows(t, "alice is in team physics")
	s.run(exitOK, "team", "show", "physics").shows(t, "organization science")
	s.run(exitOK, "key", "create", "--org", "science", "--name", "robot", "--alias", "a=b")
	s.run(exitOK, "key", "create", "--standalone", "--name", "alone")
	s.run(exitOK, "key", "show", "robot").shows(t, "organization science", "alias a=b")
	s.run(exitOK, "key", "list").shows(t, "TEAM ORGANIZATION MODELS", "- - science all never open")
	s.run(exitOK, "org", "show", "science").shows(t, "name Faculty", "admins alice", "models free, gpt-5*", "robot")
	s.run(exitOK, "org", "list").shows(t, "science Faculty 1 free, gpt-5* open")
	s.run(exitUsage, "org", "delete", "science", "--yes").complains(t, "1 teams and 1 keys")
	s.run(exitNotFound, "org", "show", "arts").complains(t, "tollgate org list")
	s.run(exitOK, "budget", "create", "--org", "science", "--limit", "5 USD", "--per", "month", "--name", "grant").shows(t, "org science may spend $5.00 per month")
	s.run(exitOK, "budget", "adjust", "--org", "science", "--amount", "2 USD", "--reason", "moved", "--id", "one").shows(t, "adjustment one: $2.00")
	s.run(exitFailed, "budget", "adjust", "--org", "science", "--amount", "2 USD", "--reason", "moved", "--id", "one").complains(t, "made before")
	s.run(exitOK, "budget", "show", "grant").shows(t, "spent $2.00", "left $3.00")
	s.run(exitOK, "budget", "update", "grant", "--extra", "1 USD", "--extra-until", "30d")
	s.run(exitOK, "budget", "show", "grant").shows(t, "extra $1.00 until", "left $4.00")
	s.run(exitOK, "budget", "update", "grant", "--extra", "none")
	s.run(exitUsage, "budget", "update", "grant", "--extra", "1 USD").complains(t, "--extra-until")
	s.run(exitOK, "budget", "adjust", "--org", "science", "--budget", "grant", "--to", "0", "--reason", "reset")
	s.run(exitOK, "budget", "show", "grant").shows(t, "spent $0.00", "left $5.00")
	s.run(exitUsage, "budget", "adjust", "--org", "science", "--reason", "r").complains(t, "--amount")
	s.run(exitOK, "entries", "--json").shows(t, `"operation":"adjustment"`)
	s.run(exitOK, "entries", "--org", "science", "--operation", "adjustment").shows(t, "org science - - - - - $2.00 - adjustment - moved")
	s.run(exitNotFound, "entries", "--org", "arts").complains(t, "arts")
	s.run(exitOK, "usage", "--org", "science").shows(t, "$2.00")
	s.run(exitUsage, "budget", "adjust", "--each", "user", "--amount", "1", "--reason", "r").complains(t, "--each")
	s.run(exitUsage, "budget", "adjust", "--amount", "1", "--reason", "r").complains(t, "whose spending", "give one of --user")
	s.run(exitOK, "org", "update", "science", "--blocked").shows(t, "organization science changed")
	r := s.run(exitOK, "key", "rotate", "robot", "--grace", "24h", "--quiet")
	if secret := strings.TrimSpace(r.out); !access.WellFormed(secret) {
		t.Errorf("%q", r.out)
	}
	s.run(exitOK, "key", "show", "robot").shows(t, "key before until")
	s.run(exitOK, "key", "rotate", "robot").shows(t, "The one before works no more.")
	s.run(exitUsage, "key", "rotate", "robot", "--grace", "10000h").complains(t, "grace_seconds")
	s.run(exitOK, "org", "remove", "science", "alice").shows(t, "alice is no longer in organization science")
	s.run(exitOK, "team", "delete", "physics", "--yes")
	s.run(exitOK, "key", "delete", "robot", "--yes")
	s.run(exitOK, "org", "delete", "science", "--yes").shows(t, "organization science deleted")
	who := "local for " + operator()
	s.run(exitOK, "audit", "--kind", "org").shows(t, "AT WHO WHAT WHICH HOW", who+` create org science models: ["free","gpt-5*"], name: "Faculty"`,
		who+" update org science blocked: false -> true", who+" delete org science blocked: true, models")
	s.run(exitOK, "audit", "--limit", "1").shows(t, "more: --before")
	s.run(exitOK, "audit", "--id", "nothing").shows(t, "nothing was changed")
	s.run(exitUsage, "audit", "--before", "x").complains(t, "before")
	s.run(exitUsage, "audit", "--from", "never").complains(t, "from")
}
