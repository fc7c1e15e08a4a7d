package main

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// TestLiteLLM_6189_NoUserTwice (#11368): the second user of an id or of an address is
// refused, though both are made at the same time, and the first stays as it was.
func TestLiteLLM_6189_NoUserTwice(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	g.manage("POST /user/new", `{"user_id":"ann","user_email":"ann@example.org","max_budget":5}`)
	for _, body := range []string{`{"user_id":"ann","max_budget":50}`, `{"user_id":"ann2","user_email":"ann@example.org"}`, `{"user_email":"ANN@example.org"}`} {
		if a := g.do("POST", "/user/new", masterKey, body, nil); a.Status != http.StatusConflict {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	if info := g.manage("GET /user/info?user_id=ann", ""); info.Get("user_info.max_budget").Float() != 5 || len(info.Get("keys").Array()) != 1 {
		t.Errorf("%s", info)
	}
	var mu sync.Mutex
	var made int
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			a, err := g.try("POST", "/user/new", masterKey, fmt.Sprintf(`{"user_id":"bob-%d","user_email":"bob@example.org"}`, i), nil)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if a.Status == 200 {
				made++
			}
		})
	}
	wg.Wait()
	if n := g.manage("GET /user/list?user_email=bob@example.org", "").Get("total").Int(); made != 1 || n != 1 {
		t.Errorf("%d users of one address are said to be made, and %d are there", made, n)
	}
}

// TestLiteLLM_5651_AUsersBudget (#8451, #38515): the budget that a user was made with holds
// for every key of theirs, in a team or not, leaves free models alone, and a key made by
// nobody's budget is limited by none.
func TestLiteLLM_5651_AUsersBudget(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	made := g.manage("POST /user/new", `{"user_id":"ann","max_budget":0}`)
	own := person{key: made.Get("key").String()}
	second := g.keyed(`{"user_id":"ann"}`)
	for _, p := range []person{own, second} {
		for model, want := range map[string]int{"free": 200, "default": 200, "gpu/x": 200, "paid": 429} {
			if a := g.chat(p, model, "", nil); a.Status != want {
				t.Errorf("%s: %d %s", model, a.Status, a.Body)
			}
		}
	}
	g.manage("POST /user/update", `{"user_id":"ann","max_budget":null}`)
	if a := g.chat(own, "paid", "", nil); a.Status != 200 {
		t.Errorf("lifted: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLM_15967_ACustomersBudget (#11083): an end user with a budget that the management
// API made is refused what costs, and who is blocked everything.
func TestLiteLLM_15967_ACustomersBudget(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.keyed("{}")
	g.manage("POST /customer/new", `{"user_id":"poor","max_budget":0}`)
	g.manage("POST /end_user/new", `{"user_id":"shut","blocked":true}`)
	for _, c := range []struct {
		who, model string
		want       int
	}{{"poor", "paid", 429}, {"poor", "free", 200}, {"shut", "free", 403}, {"other", "paid", 200}} {
		for _, h := range []header{nil, {"x-litellm-customer-id": c.who}} {
			q := p
			if h == nil {
				q.endUser = c.who
			}
			if a := g.chat(q, c.model, "", h); a.Status != c.want {
				t.Errorf("%s of %s, %v: %d %s", c.model, c.who, h, a.Status, a.Body)
			}
		}
	}
}
