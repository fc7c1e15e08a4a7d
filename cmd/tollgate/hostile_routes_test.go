package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
)

// rawConn is one kept-alive connection on which requests are written as they are given.
type rawConn struct {
	g    *gate
	conn net.Conn
	r    *bufio.Reader
}

func (w *rawConn) send(method, target, key, headers, body string) answer {
	w.g.t.Helper()
	if w.conn == nil {
		w.conn = must(net.Dial("tcp", strings.TrimPrefix(w.g.url, "http://")))(w.g.t)
		w.r = bufio.NewReader(w.conn)
	}
	if err := w.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		w.g.t.Fatal(err)
	}
	if key != "" {
		headers += "Authorization: Bearer " + key + "\r\n"
	}
	if _, err := io.WriteString(w.conn, method+" "+target+" HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"+headers+length(body)); err != nil {
		w.g.t.Fatalf("%s %s: %v", method, target, err)
	}
	res, err := http.ReadResponse(w.r, &http.Request{Method: method})
	if err != nil {
		w.g.t.Fatalf("%s %q: %v", method, target, err)
	}
	b := must(io.ReadAll(res.Body))(w.g.t)
	if res.Close {
		w.close()
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

func (w *rawConn) close() {
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}

// refusal says what is wrong with an answer that should be a refusal.
func (a answer) refusal(method string, statuses ...int) string {
	if !slices.Contains(statuses, a.Status) {
		return fmt.Sprintf("%d %s, want %v", a.Status, a.Body, statuses)
	}
	if a.Header.Get("X-Request-Id") == "" {
		return "no request id"
	}
	if a.Status == 405 && a.Header.Get("Allow") == "" {
		return "405 without Allow"
	}
	if method == "HEAD" {
		return ""
	}
	var e struct {
		Error struct{ Message, Type, Code string }
	}
	if err := json.Unmarshal([]byte(a.Body), &e); err != nil || e.Error.Message == "" || e.Error.Type == "" || e.Error.Code == "" {
		return "not an error of OpenAI's shape: " + a.Body
	}
	return ""
}

// TestT17_RouteWalk: the router of the program has what the table has, and nothing
// else; each route answers whom the table names; every other method and path is
// refused, whoever asks, and nothing of it reaches an upstream.
func TestT17_RouteWalk(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	admin, err := g.srv.control.EnsureAdmin(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]string{"nobody": "", "a caller": p.key, "the admin": admin}

	var written, found []string
	for _, r := range routeTable {
		written = append(written, r.method+" "+r.path)
	}
	for _, stack := range g.srv.app.Stack() {
		for _, r := range stack {
			if line := r.Method + " " + r.Path; r.Path != "/" && !slices.Contains(found, line) {
				found = append(found, line)
			}
		}
	}
	for _, line := range found {
		if !slices.Contains(written, line) {
			t.Errorf("%s is served and not in the table of this test", line)
		}
	}
	for _, line := range written {
		if !slices.Contains(found, line) {
			t.Errorf("%s is in the table of this test and not served", line)
		}
	}

	g.up.Reset()
	w := &rawConn{g: g}
	defer w.close()
	methods := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW", "get", "POSTS"}
	override := "X-HTTP-Method-Override: METHOD\r\nX-Method-Override: METHOD\r\nX-HTTP-Method: METHOD\r\nX-Original-Method: METHOD\r\n"
	for _, r := range routeTable {
		path := example(r.path)
		for role, key := range roles {
			a := w.send(r.method, path, key, "", "")
			want := []int{}
			switch {
			case r.access != edge.Open && key == "":
				want = []int{401}
			case r.access == edge.AdminKey && key == p.key:
				want = []int{403}
			case r.access == edge.ByRole && key == p.key:
				continue // it sees what is its own: the tests of the API say
			case r.access == edge.AnyKey && key == admin:
				continue // who manages may see and may not call: other tests say
			}
			if len(want) > 0 {
				if wrong := a.refusal(r.method, want...); wrong != "" {
					t.Errorf("%s %s by %s: %s", r.method, path, role, wrong)
				}
			} else if slices.Contains([]int{401, 403, 405}, a.Status) {
				t.Errorf("%s %s by %s: %d %s", r.method, path, role, a.Status, a.Body)
			}
			for _, m := range methods {
				if slices.ContainsFunc(routeTable, func(o route) bool {
					return o.method == m && matches(o.path, path)
				}) {
					continue
				}
				for _, h := range []string{"", strings.ReplaceAll(override, "METHOD", r.method)} {
					a := w.send(m, path, key, h, "{}")
					if wrong := a.refusal(m, 405); wrong != "" {
						t.Errorf("%s %s by %s: %s", m, path, role, wrong)
					}
					if got, want := a.Header.Get("Allow"), allows(path); got != want {
						t.Errorf("%s %s by %s: Allow: %s, want %s", m, path, role, got, want)
					}
				}
			}
		}
	}
	// Claude Code asks HEAD / whether anybody is there: any answer says so, and this is the
	// same that every path gets at which there is nothing.
	for _, m := range methods {
		if wrong := w.send(m, "/", "", "", "").refusal(m, 404); wrong != "" {
			t.Errorf("%s /: %s", m, wrong)
		}
	}
	for _, path := range []string{"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/api/chat", "/api/embed"} {
		if n := len(g.up.CallsTo(path)); n != 0 {
			t.Errorf("%d calls reached %s of the upstream", n, path)
		}
	}
	g.up.Reset() // of what the admin's own routes asked the engines

	// A method that a header names is not the method.
	if a := w.send("GET", "/api/v1/users/"+p.user, admin, strings.ReplaceAll(override, "METHOD", "DELETE"), ""); a.Status != 200 {
		t.Errorf("GET with an override: %d %s", a.Status, a.Body)
	}
	if a := w.send("GET", "/api/v1/users/"+p.user, admin, "", ""); a.Status != 200 {
		t.Errorf("an overridden GET has deleted: %d %s", a.Status, a.Body)
	}

	// Paths near the routes (A5), and paths bent at random.
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	bent := 0
	for _, r := range routeTable {
		path := example(r.path)
		for range 12 {
			bend := bends[rng.IntN(len(bends))](path, rng)
			bent += w.bent(r.method, bend, roles)
		}
		for _, b := range bends {
			bent += w.bent(r.method, b(path, rng), roles)
		}
	}
	if bent < 1000 {
		t.Errorf("only %d bent paths were tried", bent)
	}

	// What engines serve and a gateway must not pass on (A18).
	for _, path := range backendPaths() {
		for _, m := range []string{"GET", "POST", "DELETE"} {
			if wrong := w.send(m, path, p.key, "", `{"model":"free"}`).refusal(m, 404, 405); wrong != "" {
				t.Errorf("%s %s: %s", m, path, wrong)
			}
		}
	}
	for _, c := range g.up.Calls() {
		t.Errorf("%s %s reached the upstream", c.Method, c.Path)
	}
}

// TestT17_OthersGetNothing: whatever is asked of the routes that ask control themselves who
// may, whether it names things of somebody else or nothing: a plain caller, and one who
// manages a team and an organization, learn nothing of them, and change nothing.
func TestT17_OthersGetNothing(t *testing.T) {
	t.Parallel()
	g := audited(t, "compatibility: litellm\n"+upstreamConfig)
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	done := g.do("POST", "/api/v1/apply", admin, `{"edits":[
		{"action":"create","kind":"user","id":"zq-user","name":"cnry","email":"cnry@example.org","attributes":{"litellm":{"metadata":{"x":"cnry"}}}},
		{"action":"create","kind":"org","id":"zq-org","name":"cnry"},{"action":"create","kind":"team","id":"zq-team","name":"cnry","org":"zq-org"},
		{"action":"update","kind":"team_member","id":"zq-team","user":"zq-user"},{"action":"update","kind":"org_member","id":"zq-org","user":"zq-user"},
		{"action":"create","kind":"key","id":"zq-key","name":"cnry","user":"zq-user","team":"zq-team","end_users":true,"tags":["zq-tag"]},
		{"action":"create","kind":"end_user","id":"zq-end","name":"cnry"},{"action":"create","kind":"tag","id":"zq-tag","description":"cnry"},
		{"action":"create","kind":"budget","id":"zq-budget","name":"cnry","scope":"user","owner":"zq-user","limit":"5","per":"month"},
		{"action":"create","kind":"limit","id":"zq-limit","name":"cnry","scope":"user","owner":"zq-user","requests_per_minute":1000},
		{"action":"create","kind":"plan","id":"zq-plan","name":"cnry","attributes":{"litellm":{"max_budget":1}}},
		{"action":"create","kind":"credential","id":"zq-credential","urls":["https://zq.example"],"secrets":{"cnry":"x"}},
		{"action":"create","kind":"model_group","id":"zq-group","name":"cnry","models":["paid2"]},
		{"action":"create","kind":"fallback","id":"zq-fallback","model":"paid2","to":["paid"]}]}`, nil)
	if done.Status != 200 {
		t.Fatal(done.Body)
	}
	secret := regexp.MustCompile(`"key":"(sk-tg-[^"]*)"`).FindStringSubmatch(done.Body)[1]
	if a := g.chat(person{key: secret, endUser: "zq-end"}, "paid", "", nil); a.Status != 200 {
		t.Fatal(a.Body)
	}
	g.settled()
	hash := access.DigestOf(secret).String()
	plain, boss := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	_, own, err := g.srv.control.CreateKey(t.Context(), control.KeyOwner{UserID: boss.user}, control.KeyChange{})
	if err != nil {
		t.Fatal(err)
	}
	lead := access.GroupAdmin
	must(g.srv.control.AddMember(t.Context(), boss.team, boss.user, &lead))(t)
	must(g.srv.control.AddOrgMember(t.Context(), boss.org, boss.user, &lead))(t)

	ids := map[string]string{"users": "zq-user", "end_users": "zq-end", "tags": "zq-tag", "orgs": "zq-org", "teams": "zq-team", "keys": "zq-key", "budgets": "zq-budget", "limits": "zq-limit",
		"plans": "zq-plan", "credentials": "zq-credential", "model_groups": "zq-group", "fallbacks": "zq-fallback"}
	inPath := strings.NewReplacer(":key", hash, ":team", "zq-team", ":user", "zq-user", ":name", "zq-credential", ":group", "zq-group", ":model", "paid2", ":id", "zq-group", "*", "zq")
	const query = "?user_id=zq-user&team_id=zq-team&team_ids=zq-team&organization_id=zq-org&organization_ids=zq-org&end_user_id=zq-end&api_key=HASH&key=HASH&tags=zq-tag&budget_id=zq-budget&start_date=2020-01-01&end_date=2099-01-01"
	fields := map[string]string{
		"/key/bulk_update": `{"keys":[{"key":"HASH","blocked":true}]}`, "/user/bulk_update": `{"users":[{"user_id":"zq-user","blocked":true}]}`,
		"/team/member_add":         `{"team_id":"zq-team","member":{"user_id":"zq-user","role":"admin"}}`,
		"/team/bulk_member_add":    `{"team_id":"zq-team","members":[{"user_id":"zq-user","role":"admin"}]}`,
		"/organization/member_add": `{"organization_id":"zq-org","member":{"user_id":"zq-user","role":"org_admin"}}`,
		"/model/new":               `{"model_name":"new","litellm_params":{"model":"openai/x","api_base":"http://127.0.0.1:9/v1"}}`,
		"/credentials":             `{"credential_name":"new","credential_values":{"api_key":"x"}}`,
		"/fallback":                `{"model":"paid2","fallback_models":["paid"]}`,
		"/access_group/new":        `{"access_group":"new","model_names":["paid2"]}`,
		"":                         `{"user_id":"zq-user","team_id":"zq-team","organization_id":"zq-org","key":"HASH","keys":["HASH"],"key_alias":"new","budget_id":"zq-plan","id":"zq-plan","budgets":["zq-plan"],"name":"zq-tag","names":["zq-tag"],"user_ids":["zq-user"],"team_ids":["zq-team"],"organization_ids":["zq-org"],"organization_alias":"x","models":["free"],"reset_to":0,"all_keys_in_team":true,"update_fields":{"blocked":true},"access_group_name":"new"}`,
	}
	before := g.query("select count(*) from audit")
	shown := 0 // to the admin, so that there is something to be hidden
	for _, r := range slices.Concat(routeTable, likeLiteLLMTable) {
		if r.access != edge.ByRole {
			continue
		}
		path, more, body := inPath.Replace(r.path), "", ""
		if kind, ours := strings.CutPrefix(r.path, "/api/v1/"); ours {
			kind, _, _ = strings.Cut(kind, "/")
			path = strings.NewReplacer(":id", ids[kind], ":user", "zq-user").Replace(r.path)
			body = map[string]string{"POST": `{"user":"zq-user","team":"zq-team"}`, "PATCH": `{"name":"changed"}`}[r.method]
		} else if r.method == "GET" {
			more = strings.ReplaceAll(query, "HASH", hash)
		} else {
			body = cmp.Or(fields[r.path], fields[""])
			body = strings.ReplaceAll(body, "HASH", hash)
		}
		if r.method == "GET" {
			for _, asked := range []string{"", more} {
				if a := g.do("GET", path+asked, admin, "", nil); strings.Contains(a.Body, "cnry") {
					shown++
				}
			}
		}
		for who, key := range map[string]string{"a plain caller": plain.key, "an admin of others": own} {
			for _, asked := range []string{"", more} {
				a := g.do(r.method, path+asked, key, body, nil)
				told := a.Body
				if asked+body != "" || path != r.path { // what was asked for may be told again
					for _, id := range append(slices.Collect(maps.Values(ids)), hash) {
						told = strings.ReplaceAll(told, id, "")
					}
				}
				if strings.Contains(told, "cnry") || strings.Contains(told, "zq-") || strings.Contains(told, hash) || strings.Contains(told, secret) {
					t.Errorf("%s %s%s %s tells %s: %d %s", r.method, path, asked, body, who, a.Status, a.Body)
				}
			}
			if now := g.query("select count(*) from audit"); now != before {
				t.Errorf("%s %s %s by %s has changed something", r.method, path, body, who)
				before = now
			}
		}
	}
	if shown < 30 {
		t.Errorf("only %d answers to the admin tell of what is to be hidden", shown)
	}
	if a := g.chat(person{key: secret}, "paid", "", nil); a.Status != 200 {
		t.Errorf("something was done to somebody else: %d %s", a.Status, a.Body)
	}
}

// TestKeptToRoutes: a key of somebody who may do everything is refused at every route of
// another use than those that it is kept to, and at none of these. No route is without one.
func TestKeptToRoutes(t *testing.T) {
	t.Parallel()
	g := audited(t, "compatibility: litellm\n"+upstreamConfig)
	manager := access.Manager
	must(g.srv.control.CreateUser(t.Context(), "boss", control.UserChange{Role: &manager}))(t)
	w := &rawConn{g: g}
	defer w.close()
	kept := func(routes ...string) string {
		_, secret, err := g.srv.control.CreateKey(t.Context(), control.KeyOwner{UserID: "boss"}, control.KeyChange{Routes: &routes})
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	const itself, calls, reads, manages = "itself", access.CallsWord, access.ReadWord, access.ManageWord
	uses := func(r route) string {
		switch {
		case r.access == edge.ByRole && !strings.HasPrefix(r.path, "/api"): // LiteLLM's management
			switch path := strings.TrimPrefix(strings.TrimPrefix(r.path, "/v1"), "/v2"); {
			case path == "/key/info" && r.method == "GET", path == "/key/health", path == "/model/info", path == "/model_group/info":
				return itself
			case r.method == "GET", slices.Contains([]string{"/key/info", "/budget/info", "/tag/info", "/spend/calculate", "/cost/estimate", "/utils/token_counter", "/global/spend/end_users", "/health/test_connection"}, path):
				return reads
			}
			return manages
		case strings.HasSuffix(r.path, "/me"), strings.HasSuffix(r.path, "/models") && !strings.HasPrefix(r.path, "/api"), strings.Contains(r.path, "/models/+"), r.path == "/health":
			return itself
		case r.path == "/api/v1/explain", r.method == "GET" && strings.HasPrefix(r.path, "/api"), r.path == "/routes", r.path == "/health/readiness/details", r.path == "/openapi.json":
			return reads
		case strings.HasPrefix(r.path, "/api"):
			return manages
		}
		return calls
	}
	for key, allowed := range map[string][]string{
		kept(calls): {calls}, kept(reads): {reads}, kept(manages): {reads, manages}, kept(calls, reads): {calls, reads}, kept(access.Nowhere): {}, kept("/*"): {calls, reads, manages},
	} {
		for _, r := range slices.Concat(routeTable, likeLiteLLMTable) {
			if r.access == edge.Open {
				continue
			}
			use := uses(r)
			a := w.send(r.method, example(r.path), key, "", "")
			if refused := a.Status == 403 && strings.Contains(a.Body, `"route_not_allowed"`); refused != !slices.Contains(append(allowed, itself), use) {
				t.Errorf("%s %s, for %s, with a key that is for %v: %d %s", r.method, r.path, use, allowed, a.Status, a.Body)
			}
		}
	}
	other := g.person(control.KeyChange{})
	for key, status := range map[string]int{kept(calls): 403, kept(reads): 200} { // itself is not another
		if a := w.send("GET", "/key/info?key="+other.key, key, "", ""); a.Status != status {
			t.Errorf("/key/info of another key: %d %s", a.Status, a.Body)
		}
	}
	// One route, however it is written.
	one := kept("/v1/responses/:id", "/api/v1/keys")
	for path, may := range map[string]bool{"/v1/responses/x": true, "/responses/x": true, "/v1/responses/x/input_items": false, "/api/v1/keys": true, "/api/v1/keys?user=boss": true, "/api/v1/keys/x": false, "/v1/models": true} {
		if a := w.send("GET", path, one, "", ""); strings.Contains(a.Body, `"route_not_allowed"`) == may {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

// bent sends one bent path for each role and counts it, unless the table has it.
func (w *rawConn) bent(method, path string, roles map[string]string) int {
	w.g.t.Helper()
	for _, r := range routeTable {
		if matches(r.path, strings.SplitN(path, "?", 2)[0]) && !nameWithin(path) {
			return 0
		}
	}
	for role, key := range roles {
		// Where a name may have slashes nearly everything is one, which somebody has to be to
		// ask for, and asks for nothing with an empty body; no admin key calls.
		allowed := []int{404}
		if nameWithin(path) {
			allowed = append(allowed, 400, 401, 415)
			if key == roles["the admin"] {
				allowed = append(allowed, 403)
			}
		}
		if wrong := w.send(method, path, key, "", "{}").refusal(method, allowed...); wrong != "" {
			w.g.t.Errorf("%s %q by %s: %s", method, path, role, wrong)
		}
	}
	return len(roles)
}

// bends make of a path another one that a careless reader takes for it.
var bends = []func(path string, rng *rand.Rand) string{
	func(p string, _ *rand.Rand) string { return p + "/" },
	func(p string, _ *rand.Rand) string { return "/" + p },
	func(p string, rng *rand.Rand) string { return atSlash(p, "//", rng) },
	func(p string, rng *rand.Rand) string { return atSlash(p, "/./", rng) },
	func(p string, rng *rand.Rand) string { return atSlash(p, "/x/../", rng) },
	func(p string, rng *rand.Rand) string { return atSlash(p, "%2f", rng) },
	func(p string, rng *rand.Rand) string { return atSlash(p, "%252f", rng) },
	func(p string, rng *rand.Rand) string { return atSlash(p, "\\", rng) },
	func(p string, rng *rand.Rand) string { return atSlash(p, "/%2e/", rng) },
	func(p string, rng *rand.Rand) string { return atSlash(p, "/x/%2e%2e/", rng) },
	func(p string, rng *rand.Rand) string { return atSlash(p, "/;/", rng) },
	func(p string, _ *rand.Rand) string { return p + ";x=1" },
	func(p string, _ *rand.Rand) string { return p + "%20" },
	func(p string, _ *rand.Rand) string { return p + "%00" },
	func(p string, _ *rand.Rand) string { return p + ".json" },
	func(p string, _ *rand.Rand) string { return p + "#x" },
	func(p string, _ *rand.Rand) string { return p + "/..;/" },
	func(p string, _ *rand.Rand) string { return "/v1" + p },
	func(p string, _ *rand.Rand) string { return "/api" + p },
	func(p string, _ *rand.Rand) string { return "/v1/models/x/.." + p },
	func(p string, _ *rand.Rand) string { return "/health/live/.." + p },
	func(p string, _ *rand.Rand) string { return "/health/live" + p },
	func(p string, rng *rand.Rand) string { // another case
		i := letterAt(p, rng)
		return p[:i] + strings.ToUpper(p[i:i+1]) + p[i+1:]
	},
	func(p string, rng *rand.Rand) string { // a letter encoded
		i := letterAt(p, rng)
		return fmt.Sprintf("%s%%%02x%s", p[:i], p[i], p[i+1:])
	},
	func(p string, rng *rand.Rand) string { // a letter lost
		i := letterAt(p, rng)
		return p[:i] + p[i+1:]
	},
}

func atSlash(p, with string, rng *rand.Rand) string {
	var at []int
	for i := range p {
		if p[i] == '/' && i > 0 {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return "/" + with + p[1:]
	}
	i := at[rng.IntN(len(at))]
	return p[:i] + with + p[i+1:]
}

func letterAt(p string, rng *rand.Rand) int {
	for {
		if i := rng.IntN(len(p)); p[i] >= 'a' && p[i] <= 'z' {
			return i
		}
	}
}

// backendPaths are what Ollama, vLLM, SGLang, llama.cpp, Triton and their like serve
// beside inference, and what scanners look for.
func backendPaths() []string {
	paths := strings.Fields(`/api/generate /api/chat /api/embed /api/embeddings /api/create /api/pull /api/push /api/copy /api/delete /api/show
		/api/tags /api/ps /api/version /api/blobs/sha256:0 /api/status /metrics /v1/metrics /load /v1/load_lora_adapter /v1/unload_lora_adapter
		/load_lora_adapter /unload_lora_adapter /start_profile /stop_profile /sleep /wake_up /is_sleeping /reset_prefix_cache /reset_mm_cache
		/collective_rpc /server_info /get_server_info /get_model_info /flush_cache /update_weights /update_weights_from_disk
		/init_weights_update_group /get_weights_by_name /release_memory_occupation /resume_memory_occupation /open_session /close_session
		/invocations /ping /version /v1/version /props /slots /slots/0 /lora-adapters /apply-template /infill /completion /v1/internal/logits
		/v2 /v2/health/live /v2/models /v2/repository/index /v2/repository/models/x/load /scale_elastic_ep /abort_requests /pause /resume
		/docs /redoc /openapi.json /swagger /admin /v1/admin /config /config/update /key/generate /user/new /team/new /model/new /spend/logs
		/global/spend /health /healthz /readyz /debug/pprof/ /debug/vars /debug/requests /.env /.git/config /server-status /actuator/env
		/v1/fine_tuning/jobs /v1/batches /v1/files /v1/files/x /v1/uploads /v1/vector_stores /v1/assistants /v1/threads /v1/realtime
		/v1/realtime/client_secrets /v1/organization/usage /v1/organization/admin_api_keys /v1/evals /v1/containers /v1/conversations
		/proxy /v1/proxy/http://127.0.0.1/ /openai/deployments/x /openai/deployments/x/responses /vertex_ai/x /bedrock/x /anthropic/x /gemini/x /cohere/x
		/v1/engines/x/completions /engines/x /api/v0/models /api/v1 /api/v1/ /api /api/v2/users /ui /login /sso /mcp /v1/mcp`)
	if len(paths) < 100 {
		panic("the list of backend paths is too short")
	}
	return paths
}
