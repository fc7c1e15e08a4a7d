package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestT22_CallsOfRevokedKeysAreCut: whichever replica a call runs on, whether or not its
// first token has come, and whether or not it is streamed, it is cut when its key is
// blocked, deleted or has expired. It is told why, the upstream is left, and what it had
// cost is booked. The calls of others go on.
func TestT22_CallsOfRevokedKeysAreCut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	yes := true
	rows := []struct {
		name, code string
		revoke     func(g *gate, p person) error
	}{
		{"blocked", "blocked_api_key", func(g *gate, p person) error {
			_, err := g.srv.control.UpdateKey(ctx, p.keyID, control.KeyChange{Blocked: &yes})
			return err
		}},
		{"deleted", "invalid_api_key", func(g *gate, p person) error { return g.srv.control.DeleteKey(ctx, p.keyID) }},
		{"expired", "expired_api_key", func(g *gate, p person) error {
			soon := time.Now().Add(500 * time.Millisecond)
			_, err := g.srv.control.UpdateKey(ctx, p.keyID, control.KeyChange{Expires: &soon})
			return err
		}},
		{"out of its team", "invalid_api_key", func(g *gate, p person) error {
			_, err := g.srv.control.RemoveMember(ctx, p.team, p.user)
			return err
		}},
	}
	eachCluster(t, admissionConfig, func(t *testing.T, c *cluster) {
		for _, model := range []string{"paid", "free"} {
			c.up.Set(model, providertest.Script{Text: strings.Repeat("word ", 40), HangAfter: 30})
		}
		c.up.Set("dear", providertest.Script{Hang: true})
		first := c.gates[0]
		other := first.person(control.KeyChange{})
		for _, row := range rows {
			p := first.person(control.KeyChange{})
			c.known(p, other)
			c.up.Reset()
			var cut, left []*live
			var waiting []<-chan answer
			for _, g := range c.gates {
				for _, model := range []string{"paid", "free"} {
					cut = append(cut, g.open(p, "/v1/chat/completions", chatBody(p, model, `"stream":true`)))
					left = append(left, g.open(other, "/v1/chat/completions", chatBody(other, model, `"stream":true`)))
				}
				for _, stream := range []string{`"stream":true`, `"stream":false`} {
					done, _ := g.background(p, "/v1/chat/completions", chatBody(p, "dear", stream))
					waiting = append(waiting, done)
				}
			}
			first.arrived(6 * len(c.gates))
			for _, l := range left {
				l.next()
			}
			began := time.Now()
			if err := row.revoke(first, p); err != nil {
				t.Fatal(err)
			}
			for _, l := range cut {
				if last := l.rest(); !strings.Contains(last, `"code":"`+row.code+`"`) {
					t.Errorf("%s: the stream ended with %s", row.name, last)
				}
			}
			for _, ch := range waiting {
				if a := finishes(t, ch); a.Status != 401 || a.errorField(t, "code") != row.code {
					t.Errorf("%s, before the first token or a whole answer: %d %s", row.name, a.Status, a.Body)
				}
			}
			t.Logf("%s: all are cut after %v", row.name, time.Since(began))
			first.eventually("only the others' calls go on", func() bool {
				running := 0
				for _, call := range c.up.Calls() {
					if call.Aborted.IsZero() {
						running++
					}
				}
				return running == len(left)
			})
			first.eventually("each paid call is booked", func() bool {
				return first.query("select count(*) from entries where key_id = ? and status = 'cut_off'", p.keyID) == int64(3*len(c.gates))
			})
			if n := first.query("select count(*) from holds"); n != int64(len(left)/2) {
				t.Errorf("%s: %d calls hold something, want the %d of others", row.name, n, len(left)/2)
			}
			for _, l := range left {
				l.cancel()
			}
			first.settled()
		}
	})
}

// TestT22_AnotherSecretCutsNothing: a key can be rotated while it is in use. The secret before
// is refused to new calls at once, and those that run with it go on to their end.
func TestT22_AnotherSecretCutsNothing(t *testing.T) {
	t.Parallel()
	g := begin(t, admissionConfig)
	p := g.person(control.KeyChange{})
	const pause = 2200 * time.Millisecond // longer than from one look at who is revoked to the next
	g.up.Set("paid", providertest.Script{Text: "a b c d e f g h i j k", DelayChunk: pause / 10, PromptTokens: 10, CompletionTokens: 11})
	g.up.Set("free", providertest.Script{DelayHeaders: pause})
	stream := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
	stream.next()
	whole, _ := g.background(p, "/v1/chat/completions", chatBody(p, "free", ""))
	g.arrived(2)
	_, secret, err := g.srv.control.RotateKey(context.Background(), p.keyID, control.KeySecret{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if a := g.chat(p, "free", "", nil); a.Status != 401 || a.errorField(t, "code") != "invalid_api_key" {
		t.Errorf("the secret before: %d %s", a.Status, a.Body)
	}
	if last := stream.rest(); last != "[DONE]" {
		t.Errorf("the stream ended with %s", last)
	}
	if a := finishes(t, whole); a.Status != 200 {
		t.Errorf("a whole answer: %d %s", a.Status, a.Body)
	}
	p.key = secret
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("the secret now: %d %s", a.Status, a.Body)
	}
}
