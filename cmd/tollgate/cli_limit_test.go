package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

func TestLimits(t *testing.T) {
	s := newShell(t)
	s.run(exitOK, "user", "create", "alice")
	s.run(exitOK, "team", "create", "t")
	s.run(exitOK, "team", "add", "t", "alice")
	s.run(exitOK, "key", "create", "--user", "alice", "--name", "k")
	s.run(exitOK, "limit", "list").shows(t, "no rate limits", "tollgate limit create")
	s.run(exitUsage, "limit", "create", "--requests", "5").complains(t, "whose limit", "--each KIND")
	s.run(exitUsage, "limit", "create", "--user", "alice", "--team", "t", "--requests", "5").complains(t, "whose limit")
	s.run(exitUsage, "limit", "create", "--user", "alice").complains(t, "what does it limit", "--requests N")
	s.run(exitUsage, "limit", "create", "--user", "alice", "--requests", "none").complains(t, "requests per minute")
	s.run(exitUsage, "limit", "create", "--each", "planet", "--requests", "5").complains(t, "planet")
	for flag, values := range map[string][]string{"not negative": {"-1", "-99999999999999999999", "-1_000"}, "at most 1,000,000,000,000": {"1000000000001", "99999999999999999999"}, "not a whole number": {"lots", "1.5", "1e3", "1_0", "", " 5", "0x10", "1,000", "_", "1__000"}} {
		for _, v := range values {
			s.run(exitUsage, "limit", "create", "--user", "alice", "--tokens="+v).complains(t, "--tokens", flag)
		}
	}
	s.run(exitNotFound, "limit", "create", "--user", "zed", "--requests", "5").complains(t, "zed", "tollgate user list")
	s.run(exitNotFound, "limit", "create", "--key", "zed", "--requests", "5").complains(t, "zed", "tollgate key list")
	s.run(exitNotFound, "limit", "create", "--member", "t/zed", "--requests", "5").complains(t, "t/zed")
	s.run(exitOK, "limit", "create", "--each", "key", "--requests", "60", "--name", "scripts").shows(t, "each key may have 60 requests per minute on all models")
	s.run(exitOK, "limit", "create", "--user", "alice", "--models", "gpu/*,big", "--tokens", "200_000", "--concurrent", "1", "--name", "fair share").
		shows(t, "user alice may have 200,000 tokens per minute and 1 request at a time on gpu/*, big")
	s.run(exitOK, "limit", "create", "--team", "t", "--requests", "0").shows(t, "0 requests per minute")
	s.run(exitOK, "limit", "create", "--key", "k", "--tokens", "1000000000000")
	s.run(exitOK, "limit", "create", "--member", "t/alice", "--concurrent", "2")
	s.run(exitOK, "limit", "create", "--end-user", "webshop", "--requests", "10")
	s.run(exitOK, "limit", "create", "--gateway", "--models", "big", "--concurrent", "8", "--name", "engine")
	s.run(exitOK, "limit", "list").shows(t, "LIMIT NAME FOR MODELS REQUESTS/MIN TOKENS/MIN AT ONCE MADE BY", "scripts each key all 60 - - api", "fair share user alice gpu/*, big - 200,000 1 api",
		"- team t all 0 - - api", "- 1,000,000,000,000 - api", "- member t/alice all - - 2 api", "- end_user webshop all 10 - - api", "engine the gateway big - - 8 api")
	s.run(exitUsage, "limit", "update", "scripts").complains(t, "nothing to change")
	s.run(exitOK, "limit", "update", "fair share", "--tokens", "none", "--requests", "1", "--name", "fair").shows(t, "limit fair share changed")
	s.run(exitOK, "limit", "show", "fair").shows(t, "name fair", "for user alice", "models gpu/*, big", "requests per minute 1", "tokens per minute -", "requests at once 1", "declared in api")
	s.run(exitUsage, "limit", "update", "engine", "--concurrent", "none").complains(t, "concurrent requests")
	s.run(exitUsage, "limit", "update", "engine", "--concurrent", "many").complains(t, "--concurrent")
	s.run(exitOK, "limit", "create", "--gateway", "--requests", "5", "--name", "engine")
	s.run(exitUsage, "limit", "show", "engine").complains(t, "2 limits are called engine")
	s.run(exitOK, "limit", "delete", "fair")
	s.run(exitNotFound, "limit", "show", "fair").complains(t, "tollgate limit list")
	s.run(exitNotFound, "limit", "delete", "fair").complains(t, "no limit has the id or name fair")

	var one admin.Limit
	if r := s.run(exitOK, "limit", "create", "--each", "user", "--requests", "7", "--json"); json.Unmarshal([]byte(r.out), &one) != nil || *one.Requests != 7 || one.Tokens != nil {
		t.Errorf("%s", r.out)
	}
	if r := s.run(exitOK, "limit", "show", one.ID, "--json"); !strings.Contains(r.out, `"tokens_per_minute":null`) {
		t.Errorf("%s", r.out)
	}
	if r := s.run(exitOK, "limit", "update", one.ID, "--requests", "0", "--json"); !strings.Contains(r.out, `"requests_per_minute":0`) {
		t.Errorf("%s", r.out)
	}
	var list struct{ Data []admin.Limit }
	if r := s.run(exitOK, "limit", "list", "--json"); json.Unmarshal([]byte(r.out), &list) != nil || len(list.Data) != 8 {
		t.Errorf("%s", r.out)
	}

	// Who goes takes no limit along, as no budget.
	s.run(exitOK, "key", "delete", "k", "--yes")
	s.run(exitOK, "user", "delete", "alice", "--yes")
	s.run(exitOK, "team", "delete", "t", "--yes")
	s.run(exitOK, "limit", "list").shows(t, "- team t all", "- member t/alice all", "- 1,000,000,000,000 - api")
}

// TestLimitsOfTheFile: they are shown with the others, changed in the file only, and a
// reload replaces them at once.
func TestLimitsOfTheFile(t *testing.T) {
	g := start(t, upstreamConfig+"limits:\n  - { each: key, requests_per_minute: 60, name: scripts }\n")
	secret := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
	s := &shell{t, map[string]string{"TOLLGATE_URL": g.url, "TOLLGATE_ADMIN_KEY": secret}}
	s.run(exitOK, "limit", "create", "--gateway", "--concurrent", "8")
	s.run(exitOK, "limit", "list").shows(t, "scripts each key all 60 - - file", "the gateway all - - 8 api")
	s.run(exitFailed, "limit", "update", "scripts", "--requests", "5").complains(t, "configuration file", "change the configuration file")
	s.run(exitFailed, "limit", "delete", "scripts").complains(t, "configuration file")

	g.write(upstreamConfig + "limits:\n  - { each: key, requests_per_minute: 61 }\n  - { team: t, tokens_per_minute: 5 }\n")
	if err := g.reload.reload(); err != nil {
		t.Fatal(err)
	}
	s.run(exitOK, "limit", "list").shows(t, "- each key all 61 - - file", "- team t all - 5 - file", "the gateway all - - 8 api")

	// What is wrong with one limit leaves all as they were.
	g.write(upstreamConfig + "limits:\n  - { each: key, requests_per_minute: -1 }\n")
	if err := g.reload.reload(); err == nil || !strings.Contains(err.Error(), "limits[0].requests_per_minute") {
		t.Errorf("%v", err)
	}
	g.write(upstreamConfig)
	s.run(exitOK, "limit", "list").shows(t, "- each key all 61", "- team t all", "the gateway all")
	if err := g.reload.reload(); err != nil {
		t.Fatal(err)
	}
	if r := s.run(exitOK, "limit", "list").shows(t, "the gateway all - - 8 api"); strings.Contains(r.out, "file") {
		t.Errorf("limits that are gone from the file are still there:\n%s", r.out)
	}
}

// TestOrphansAreListed: calls that the end of a process cut off are found by check and
// by entries, and are told from the others, and from those that an upstream cut off.
func TestOrphansAreListed(t *testing.T) {
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	if a := g.chat(p, "paid", `"max_tokens":5`, nil); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	h := ledger.Hold{ID: "lost", At: time.Now(), Amount: accounting.Dollar, Prompt: accounting.Dollar / 4, Need: 1, PriceVersion: "v",
		Facts: ledger.Facts{RequestID: "r-lost", KeyID: p.keyID, UserID: p.user, Operation: "chat", Model: "paid", Deployment: "cloud/paid"}}
	must(g.srv.store.Reserve(context.Background(), h))(t)
	g.stop()
	g.run()
	secret := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
	s := &shell{t, map[string]string{"TOLLGATE_URL": g.url, "TOLLGATE_ADMIN_KEY": secret}}

	s.type_("", "check", "--no-probe").shows(t, "note orphans: the end of a process cut off 1 paid call in the last 7 days; nobody knows the true cost, and 0.25 USD in all were booked; see: tollgate entries --uncertain --last 7d")
	for _, args := range [][]string{{"--uncertain"}, {"--source", "uncertain"}, {"--uncertain", "--source", "uncertain", "--last", "7d"}, {"--uncertain", "--user", p.user}} {
		r := s.run(exitOK, append([]string{"entries"}, args...)...).shows(t, "$0.25", "uncertain", "r-lost")
		if strings.Count(r.out, "\n") != 2 {
			t.Errorf("%v lists more than the orphan:\n%s", args, r.out)
		}
	}
	if r := s.run(exitOK, "entries", "--source", "reported").shows(t, "reported"); strings.Contains(r.out, "r-lost") || strings.Count(r.out, "\n") != 2 {
		t.Errorf("%s", r.out)
	}
	s.run(exitOK, "entries", "--source", "counted").shows(t, "no entries that are counted")
	s.run(exitUsage, "entries", "--source", "guessed").complains(t, "source: it is one of reported, counted, estimated, uncertain")
	s.run(exitUsage, "entries", "--before", "yesterday").complains(t, "before", "yesterday")
	s.run(exitUsage, "entries", "--uncertain", "--source", "reported").complains(t, "exclude each other")
	var list struct{ Data []control.EntryView }
	if r := s.run(exitOK, "entries", "--uncertain", "--json"); json.Unmarshal([]byte(r.out), &list) != nil || len(list.Data) != 1 || list.Data[0].ID != "lost" {
		t.Errorf("%s", r.out)
	}

	g.up.Set("paid", providertest.Script{CutAfter: 1})
	if a := g.chat(p, "paid", `"max_tokens":5`, nil); a.Status != 502 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.type_("", "check", "--no-probe").shows(t, "note orphans: the end of a process cut off 1 paid call in", "0.25 USD in all",
		"note upstreams: before anything of an answer came, the upstreams of 1 paid call in the last 7 days broke off or kept silent for too long; nobody knows the true cost, and 0.00")
	s.run(exitOK, "entries", "--uncertain").shows(t, "orphaned", "truncated")
}

// TestDatabaseFlag: --database takes a file or a URL; what is wrong with a URL is said
// without showing it.
func TestDatabaseFlag(t *testing.T) {
	dir := t.TempDir()
	s := &shell{t, map[string]string{}}
	path := filepath.Join(dir, "flag.db")
	s.run(exitOK, "user", "create", "alice", "--database", path)
	s.run(exitOK, "user", "list", "--database", "sqlite:"+path).shows(t, "alice")
	s.env["TOLLGATE_DATABASE"] = path
	s.run(exitOK, "user", "list").shows(t, "alice")
	config := filepath.Join(dir, "tollgate.yaml")
	if err := os.WriteFile(config, []byte("database: postgres://tollgate@127.0.0.1:1/tollgate\nrate_limit_store: database\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := s.run(exitRefused, "check", "--config", config)
	r.shows(t, "--database", "rate_limit_store: database")
	for _, url := range []string{"postgres://u:hunter2@db/", "postgresql://u:hunter2@/tollgate", "postgres://u:hunter2@db:x/tollgate", "postgres://u:hunter2@db/tollgate?synchronous_commit=off"} {
		for _, r := range []result{s.type_("", "user", "list", "--database", url), func() result { s.env["TOLLGATE_DATABASE"] = url; return s.type_("", "user", "list") }()} {
			if r.code != exitUsage || !strings.Contains(r.err, "--database") || strings.Contains(r.out+r.err, "hunter2") {
				t.Errorf("%s: exit %d\n%s%s", url, r.code, r.out, r.err)
			}
		}
		delete(s.env, "TOLLGATE_DATABASE")
	}
}
