package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/store/storetest"
)

// sqlTexts are what a text would do that is pasted into SQL, or read as a pattern.
func sqlTexts() []string {
	var all []string
	for _, before := range []string{"", "x", "1", "user1", `x\`, "%"} {
		for _, core := range []string{`'`, `"`, "`", `''`, `' or '1'='1`, `" or ""="`, `') or ('1'='1`, `1 or 1=1`, `'; drop table users; --`, `'; delete from entries; --`, `' union select null,null,null --`,
			`' union all select digest from keys --`, `' and pg_sleep(30) --`, `'||(select 1)||'`, `' order by 99 --`, `$1`, `?`, `:id`, `@name`, `?1`, `{{.}}`, `${x}`, `%' or '%'='`, `_%`, strings.Repeat("%", 100),
			`\' or 1=1 --`, `ʼ or 1=1`, `＇ or 1=1`, `/**/or/**/1=1`, `'; vacuum; --`, `$$x$$`, `e'\x27'`, `{"a":1}`, `->>'x'`, `[x]`} {
			all = append(all, before+core)
		}
	}
	return all
}

// sqlInput is one text of one route.
type sqlInput struct {
	method, path string
	query        string // the parameter's name; "": it is in the path or the body
	body         string // in which TEXT stands for it; "": there is none
}

// sqlInputs are those of the routes of both management faces, as their descriptions have
// them: nobody has to add a route here.
func sqlInputs(t *testing.T, openapi string) (all []sqlInput) {
	t.Helper()
	name := regexp.MustCompile(`\{[a-z_]+\}|\*`)
	inPath := func(method, path string) {
		if name.MatchString(path) {
			all = append(all, sqlInput{method: method, path: path})
		}
	}
	described := gjson.Parse(openapi)
	described.Get("paths").ForEach(func(path, methods gjson.Result) bool {
		if !strings.HasPrefix(path.Str, "/api/v1") {
			return true
		}
		methods.ForEach(func(method, route gjson.Result) bool {
			verb := strings.ToUpper(method.Str)
			if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, verb) {
				return true
			}
			inPath(verb, path.Str)
			route.Get("parameters").ForEach(func(_, p gjson.Result) bool {
				if ref := p.Get("$ref").Str; ref != "" {
					p = described.Get(strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", "."))
				}
				if p.Get("in").Str == "query" {
					all = append(all, sqlInput{method: verb, path: path.Str, query: p.Get("name").Str})
				}
				return true
			})
			example := route.Get(`requestBody.content.application/json.example`).Value()
			eachText(example, func() {
				all = append(all, sqlInput{method: verb, path: path.Str, body: string(must(json.Marshal(example))(t))})
			})
			return true
		})
		return true
	})
	b, err := os.ReadFile("../../docs/litellm.md")
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string]string{}
	words := regexp.MustCompile("`([^`]+)`")
	var routes []string
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		list := func(i int) (out []string) {
			if i < len(cells) {
				for _, m := range words.FindAllStringSubmatch(cells[i], -1) {
					out = append(out, m[1])
				}
			}
			return out
		}
		first := list(0)
		switch {
		case !strings.HasPrefix(line, "|"):
			routes = nil
		case len(first) == 1 && strings.Contains(first[0], " /"):
			method, path, _ := strings.Cut(first[0], " ")
			methods[path] = method
			inPath(method, path)
			for _, query := range list(2) {
				all = append(all, sqlInput{method: method, path: path, query: query})
			}
		case len(cells) > 2 && (strings.TrimSpace(cells[2]) == "honoured" || strings.TrimSpace(cells[2]) == "kept"):
			if len(first) > 0 {
				routes = first
			}
			for _, path := range routes {
				for _, field := range list(1) {
					if method := methods[path]; method != "" {
						all = append(all, sqlInput{method: method, path: path, body: fmt.Sprintf("{%q:TEXT}", field)}, sqlInput{method: method, path: path, body: fmt.Sprintf("{%q:[TEXT]}", field)})
					}
				}
			}
		case len(first) > 0:
			routes = first
		}
	}
	return all
}

// eachText calls do with TEXT in the place of each text in a JSON value, one after the other.
func eachText(v any, do func()) {
	try := func(v any, set func(any)) {
		if _, is := v.(string); is {
			set("TEXT")
			do()
			set(v)
			return
		}
		eachText(v, do)
	}
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			try(inner, func(to any) { v[key] = to })
		}
	case []any:
		for i, inner := range v {
			try(inner, func(to any) { v[i] = to })
		}
	}
}

// TestA1_TextsAreNoSQL: whatever stands in any text of any route, it is a text to the
// database: nobody is told of SQL, nothing fails, nothing else is read or changed, and no
// statement has it in its own text.
func TestA1_TextsAreNoSQL(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		const within = "zq4711" // stands in every text
		var mu sync.Mutex
		statements := map[string]int{}
		listening := func(g *gate) {
			if !g.postgres() {
				return // what it is asked is made in the same place
			}
			wire := storetest.NewWire(t, g.db)
			wire.OnStatement(func(text string) { mu.Lock(); statements[text]++; mu.Unlock() })
			g.db, g.around = wire.URL(), g.db
		}
		g := begin(t, "compatibility: litellm\n"+onceConfig, db, listening)
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "5")
		if a := g.chat(p, "paid", "", nil); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		admin := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
		texts, next := sqlTexts(), 0
		text := func() string { next++; return texts[next%len(texts)] + " " + within }
		quoted := func(s string) string { return string(must(json.Marshal(s))(t)) }
		told := regexp.MustCompile(`(?i)syntax error|sqlstate|near "|unrecognized token|no such (table|column)|sqlite|postgres|pq:|gorm`)
		check := func(what, text string, a answer) {
			t.Helper()
			if a.Status >= 500 || told.MatchString(strings.ReplaceAll(strings.ReplaceAll(a.Body, quoted(text), ""), strings.Trim(quoted(text), `"`), "")) {
				t.Errorf("%s with %q: %d %s", what, text, a.Status, a.Body)
			}
		}
		inputs := sqlInputs(t, g.do("GET", "/api/v1/openapi.json", "", "", nil).Body)
		if len(inputs) < 1000 {
			t.Fatalf("only %d texts are known", len(inputs))
		}
		name := regexp.MustCompile(`\{[a-z_]+\}|\*`)
		for _, in := range inputs {
			s := text()
			path, body := name.ReplaceAllString(in.path, strings.ReplaceAll(url.PathEscape(s), "$", "%24")), ""
			if in.query != "" {
				path = name.ReplaceAllString(in.path, "x") + "?" + url.Values{in.query: {s}}.Encode()
			}
			if in.body != "" {
				path = name.ReplaceAllString(in.path, "x")
				body = strings.ReplaceAll(strings.ReplaceAll(in.body, `"TEXT"`, quoted(s)), "TEXT", quoted(s))
			} else if in.method != "GET" {
				body = "{}"
			}
			check(fmt.Sprintf("%s %s (%s%s)", in.method, in.path, in.query, in.body), s, g.do(in.method, path, admin, body, nil))
		}
		for _, s := range texts {
			s = "call " + s + within // some of the others are the names of things by now
			body := fmt.Sprintf(`{"model":%s,"user":%s,"messages":[{"role":"user","content":%s}],"metadata":{"tags":[%s]}}`, quoted("free"), quoted(s), quoted(s), quoted(s))
			plain := strings.Map(func(r rune) rune {
				if r > '~' {
					return '?'
				}
				return r
			}, s)
			a := g.do("POST", "/v1/chat/completions", p.key, body, header{"X-Client-Request-Id": plain, "User-Agent": plain, "X-Tollgate-Session": plain, "X-Tollgate-Tags": plain, "Idempotency-Key": plain})
			if check("a call", s, a); a.Status != 200 {
				t.Errorf("%q: %d %s", s, a.Status, a.Body)
			}
			check("a model", s, g.do("POST", "/v1/chat/completions", p.key, `{"model":`+quoted(s)+`,"messages":[]}`, nil))
			check("the name of a model", s, g.do("GET", "/v1/models/"+url.PathEscape(s), p.key, "", nil))
			check("a key", s, g.do("GET", "/v1/models", plain, "", nil))
		}
		for line := range strings.Lines(g.logs.String()) {
			slow := strings.Contains(gjson.Get(line, "error").Str, context.DeadlineExceeded.Error()) // the database of a busy machine
			if gjson.Get(line, "level").Str == "ERROR" && !slow {
				t.Errorf("in the log: %s", line)
			}
		}
		if a := g.chat(p, "paid", "", nil); a.Status != 200 || g.posted(b) != 2*(10*inputRate+5*outputRate) {
			t.Errorf("afterwards: %d %s, %d posted", a.Status, a.Body, g.posted(b))
		}
		mu.Lock()
		defer mu.Unlock()
		for s := range statements {
			if strings.Contains(s, within) {
				t.Errorf("a text of a request stands in a statement: %s", s)
			}
		}
		if g.postgres() && len(statements) < 100 {
			t.Errorf("only %d statements were heard", len(statements))
		}
		t.Logf("%d texts, %d statements", len(inputs), len(statements))
	})
}
