package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
	"tollgate/providers/providertest"
)

// manyTags are so many different tags.
func manyTags(n int) (tags []string) {
	for i := range n {
		tags = append(tags, fmt.Sprintf("tag %d", i))
	}
	return tags
}

// TestTagsOfACall: a call has the tags of its key and its team, which it cannot leave
// out, and names more where the key allows it, each once and within bounds.
func TestTagsOfACall(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	ctx, yes := context.Background(), true
	shut := g.person(control.KeyChange{Tags: &[]string{"prod", "of the key"}})
	open := g.person(control.KeyChange{Tags: &[]string{"prod"}, CallTags: &yes})
	for _, p := range []person{shut, open} {
		must(g.srv.control.UpdateTeam(ctx, p.team, control.TeamChange{Tags: &[]string{"team-red/batch", "prod"}}))(t)
	}
	for _, c := range []struct {
		p    person
		tags string
		want []string
	}{
		{shut, "", []string{"prod", "of the key", "team-red/batch"}},
		{shut, "more", []string{"prod", "of the key", "team-red/batch"}},
		{open, "", []string{"prod", "team-red/batch"}},
		{open, " a b , prod,,c/d:e , c/d:e", []string{"prod", "team-red/batch", "a b", "c/d:e"}},
		{open, strings.Join(manyTags(access.MaxTags), ","), append([]string{"prod", "team-red/batch"}, manyTags(access.MaxTags)...)},
	} {
		for _, model := range []string{"paid", "unknown", "free"} {
			a := g.chat(c.p, model, `"max_tokens":5`, header{"X-Tollgate-Tags": c.tags})
			if a.Status != 200 {
				t.Fatalf("%q: %d %s", c.tags, a.Status, a.Body)
			}
			id := a.Header.Get("X-Request-Id")
			if model == "free" {
				want := `["` + strings.Join(c.want, `","`) + `"]`
				g.eventually("the free call has its tags", func() bool {
					return g.query("select count(*) from calls where request_id = ? and tags = ?", id, want) == 1
				})
			} else if e := g.entry(id); !slices.Equal(e.Tags, c.want) {
				t.Errorf("%q: %q, want %q", c.tags, e.Tags, c.want)
			}
		}
	}
	// A list may come in several lines; who is meant by the one or the other nobody knows.
	twice := func(name, first string) answer {
		t.Helper()
		raw := strings.ReplaceAll(head, "KEY", open.key) + name + ": " + first + "\r\n" + name + ": two\r\nConnection: close\r\n" + length(freeBody)
		answers, _ := exchange(t, strings.TrimPrefix(g.url, "http://"), raw, 0)
		if len(answers) != 1 {
			t.Fatalf("%s: %d answers", name, len(answers))
		}
		return answers[0]
	}
	a := twice("X-Tollgate-Tags", "one")
	g.eventually("the call has the tags of both lines", func() bool {
		return g.query("select count(*) from calls where request_id = ? and tags = ?", a.Header.Get("X-Request-Id"), `["prod","team-red/batch","one","two"]`) == 1
	})
	for _, first := range []string{"one", ""} {
		if a := twice("X-Tollgate-End-User", first); a.Status != 400 || a.errorField(t, "code") != "bad_request" {
			t.Errorf("two end users, the first is %q: %d %s", first, a.Status, a.Body)
		}
	}
	for _, tags := range []string{strings.Repeat("x", access.MaxTag+1), strings.Join(manyTags(access.MaxTags+1), ",")} {
		for _, model := range []string{"paid", "free"} {
			if a := g.chat(open, model, "", header{"X-Tollgate-Tags": tags}); a.Status != 400 || a.errorField(t, "param") != "tags" {
				t.Errorf("%q: %d %s", tags, a.Status, a.Body)
			}
		}
	}
	for _, ch := range []control.KeyChange{{Tags: &[]string{""}}, {Tags: &[]string{"a", "a"}}, {Tags: &[]string{" a"}}, {Tags: &[]string{"a\x00"}}, {Tags: &[]string{strings.Repeat("x", 257)}},
		{Tags: ptr(manyTags(access.MaxTags + 1))}} {
		if _, err := g.srv.control.UpdateKey(ctx, open.keyID, ch); err == nil {
			t.Errorf("taken: %q", *ch.Tags)
		}
	}
}

// TestBudgetsOfTags: a call counts for each of its tags and needs room in each; a named
// budget stands in for the one that each has; what is free passes and counts nothing.
func TestBudgetsOfTags(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+`budgets:
  - { each: tag, limit: 1, per: month, name: each }
  - { tag: rich/vip, limit: 100, per: month, name: vip }
  - { tag: poor, limit: 0, per: month, name: none }
`)
	ctx, yes := context.Background(), true
	p := g.person(control.KeyChange{Tags: &[]string{}, CallTags: &yes})
	tagged := func(tags string) header { return header{"X-Tollgate-Tags": tags} }
	g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 60_000}) // 0.60001 USD
	spend := func(tags string) {
		t.Helper()
		if a := g.chat(p, "paid2", `"max_tokens":10`, tagged(tags)); a.Status != 200 {
			t.Fatalf("%s: %d %s", tags, a.Status, a.Body)
		}
	}
	spend("a,b,rich/vip")
	spend("b,c,rich/vip")
	for tags, account := range map[string]string{
		"a": "", "c": "", "a,c,d": "", "rich/vip": "", "": "",
		"b": "b", "a,b": "b", "rich/vip,b": "b", "poor": "poor", "a,poor": "poor",
	} {
		for _, extra := range []string{`"max_tokens":10`, `"max_tokens":10,"stream":true`} {
			before := g.books()
			a := g.chat(p, "paid", extra, tagged(tags))
			if account == "" {
				if a.Status != 200 {
					t.Errorf("%q: %d %s", tags, a.Status, a.Body)
				}
			} else if a.Status != 429 || a.member(t, "budget", "scope") != "tag" || a.member(t, "budget", "account") != account || !strings.Contains(a.errorField(t, "message"), "tag "+account) {
				t.Errorf("%q: %d %s", tags, a.Status, a.Body)
			} else if now := g.books(); now != before {
				t.Errorf("%q: a refusal moved the books: %+v, then %+v", tags, before, now)
			}
			before = g.books()
			if a := g.chat(p, "free", extra, tagged(tags)); a.Status != 200 {
				t.Errorf("free with %q: %d %s", tags, a.Status, a.Body)
			}
			if now := g.books(); now != before {
				t.Errorf("%q: a free call moved the books: %+v, then %+v", tags, before, now)
			}
		}
	}
	for _, tag := range []string{"a", "b", "rich/vip", "never seen"} {
		of := must(g.srv.control.Standings(ctx, ledger.Account{Kind: ledger.Tag, ID: tag}))(t)
		want := map[string]string{"rich/vip": "vip"}[tag]
		if want == "" {
			want = "each"
		}
		if len(of) != 1 || of[0].Claim.Budget.Name != want {
			t.Errorf("%s: %+v", tag, of)
		}
		spent := accounting.Money(g.query("select coalesce(sum(cost), 0) from entries where tags like ?", `%"`+tag+`"%`))
		if of[0].Standing.Posted != spent {
			t.Errorf("%s: %s posted, %s spent", tag, of[0].Standing.Posted, spent)
		}
	}
	// An adjustment is the tag's in reports, and moves its budget.
	made := must(g.srv.control.Adjust(ctx, control.AdjustOrder{Account: ledger.Account{Kind: ledger.Tag, ID: "b"}, Amount: -accounting.Dollar, Reason: "forgiven"}))(t)
	if len(made.Claims) != 1 {
		t.Errorf("%+v", made)
	}
	if a := g.chat(p, "paid", `"max_tokens":10`, tagged("b")); a.Status != 200 {
		t.Errorf("after an adjustment: %d %s", a.Status, a.Body)
	}
	g.eventually("the report has the calls, of which free ones are recorded later", func() bool {
		rows := must(g.srv.control.Usage(ctx, control.UsageQuery{By: []string{"tag"}, Tag: "b"}))(t)
		i := slices.IndexFunc(rows, func(r control.UsageRow) bool { return r.Group[0] == "b" })
		return i >= 0 && rows[i].Adjusted == -accounting.Dollar && rows[i].Cost >= accounting.Dollar && rows[i].Free.Calls > 0
	})
	if v := must(g.srv.control.Verify(ctx))(t); !v.Clean() {
		t.Errorf("%+v", v.Differences)
	}
}

// TestTagsAtOnce: of many calls at once whose tags lie crosswise, as many pass as fit the
// budgets of all their tags, and what is refused holds nothing.
func TestTagsAtOnce(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+"budgets:\n  - { each: tag, limit: 1, per: month }\n  - { tag: hub, limit: 2, per: month }\n")
	yes := true
	p := g.person(control.KeyChange{Tags: &[]string{"hub"}, CallTags: &yes})
	g.up.Set("paid", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000}) // a call holds and costs about 1 USD
	var wg sync.WaitGroup
	for i := range 60 {
		tags := []string{"x,y", "y,z", "z,x"}[i%3]
		wg.Go(func() {
			a, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, "paid", `"max_tokens":60000`), header{"X-Tollgate-Tags": tags})
			if err != nil || a.Status != 200 && a.Status != 429 {
				t.Errorf("%s: %d %s %v", tags, a.Status, a.Body, err)
			}
		})
	}
	wg.Wait()
	g.settled()
	// Any two of the three pairs share a tag, whose budget is for one call.
	if n := g.query("select count(*) from entries"); n != 1 {
		t.Errorf("%d calls passed", n)
	}
	if n := g.query("select count(*) from counters where posted != 0"); n != 3 {
		t.Errorf("%d counters have moved", n)
	}
}

// TestLimitsOfTags: rate limits hold for tags as for everybody else.
func TestLimitsOfTags(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+"limits:\n  - { each: tag, requests_per_minute: 2 }\n")
	yes := true
	p := g.person(control.KeyChange{Tags: &[]string{}, CallTags: &yes})
	must(g.srv.control.CreateLimit(t.Context(), limits.Rule{Selector: scope.Selector{Kind: scope.Tag, Owner: "shut"}, Requests: ptr(int64(0))}))(t)
	for i, c := range []struct{ tags, refused string }{{"a,b", ""}, {"a", ""}, {"a", "a"}, {"c,a", "a"}, {"b,c", ""}, {"b", "b"}, {"c", ""}, {"shut,d", "shut"}, {"d", ""}, {"", ""}} {
		a := g.chat(p, "free", "", header{"X-Tollgate-Tags": c.tags})
		if c.refused == "" && a.Status != 200 || c.refused != "" && (a.Status != 429 || a.member(t, "rate_limit", "account") != c.refused || a.member(t, "rate_limit", "scope") != "tag") {
			t.Errorf("%d %q: %d %s", i, c.tags, a.Status, a.Body)
		}
	}
}

// TestBlockedTag: a call that carries a tag that is blocked is refused, paid or free,
// wherever the tag comes from.
func TestBlockedTag(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	ctx, yes, no := context.Background(), true, false
	own, named := g.person(control.KeyChange{Tags: &[]string{"a/shut"}}), g.person(control.KeyChange{CallTags: &yes})
	must(g.srv.control.CreateTag(ctx, "a/shut", control.TagChange{Blocked: &yes}))(t)
	for _, model := range []string{"free", "paid"} {
		for _, extra := range []string{"", `"stream":true`} {
			for _, a := range []answer{g.chat(own, model, extra, nil), g.chat(named, model, extra, header{"X-Tollgate-Tags": "a/shut"})} {
				if a.Status != 403 || a.errorField(t, "code") != "blocked_tag" {
					t.Errorf("%s %s: %d %s", model, extra, a.Status, a.Body)
				}
			}
		}
		if a := g.chat(named, model, "", nil); a.Status != 200 {
			t.Errorf("without it: %d %s", a.Status, a.Body)
		}
	}
	must(g.srv.control.UpdateTag(ctx, "a/shut", control.TagChange{Blocked: &no}))(t)
	if a := g.chat(own, "paid", "", nil); a.Status != 200 {
		t.Errorf("no longer blocked: %d %s", a.Status, a.Body)
	}
}

func TestTagCommands(t *testing.T) {
	s := newShell(t)
	const tag = "team-red/batch: 1 %"
	s.run(exitOK, "tag", "list").shows(t, "nothing is known of any tag")
	s.run(exitOK, "tag", "create", tag, "--description", "Nightly runs").shows(t, "tag "+tag+" made")
	s.run(exitFailed, "tag", "create", tag).complains(t, "exists")
	s.run(exitUsage, "tag", "create", "a//b").complains(t, "would not survive in a path")
	s.run(exitOK, "tag", "update", tag, "--blocked").shows(t, "changed")
	s.run(exitOK, "tag", "list").shows(t, tag+" Nightly runs blocked")
	s.run(exitOK, "budget", "create", "--tag", tag, "--limit", "5 USD", "--per", "month", "--name", "nights").shows(t, "tag "+tag+" may spend $5.00 per month")
	s.run(exitOK, "budget", "adjust", "--tag", tag, "--amount", "2 USD", "--reason", "moved")
	s.run(exitOK, "tag", "show", tag).shows(t, "description Nightly runs", "state blocked", "nights", "$2.00")
	s.run(exitOK, "limit", "create", "--tag", tag, "--requests", "10")
	s.run(exitOK, "key", "create", "--standalone", "--name", "robot", "--tags", "a, "+tag, "--call-tags")
	s.run(exitOK, "key", "show", "robot").shows(t, "tags a, "+tag, "more tags may be named by calls")
	s.run(exitOK, "key", "update", "robot", "--tags", "none", "--no-call-tags")
	if r := s.run(exitOK, "key", "show", "robot"); strings.Contains(r.out, tag) {
		t.Error(r.out)
	}
	s.run(exitOK, "team", "create", "red", "--tags", "x,y")
	s.run(exitOK, "team", "show", "red").shows(t, "tags x, y")
	s.run(exitOK, "usage", "--by", "tag", "--tag", tag).shows(t, tag)
	s.run(exitOK, "entries", "--tag", tag).shows(t, "2.00")
	s.run(exitOK, "tag", "delete", tag, "--yes").shows(t, "deleted")
	s.run(exitNotFound, "tag", "show", tag).complains(t, "tollgate tag list")
	s.run(exitOK, "audit", "--kind", "tag").shows(t, "update tag "+tag+" blocked: false -> true")
}
