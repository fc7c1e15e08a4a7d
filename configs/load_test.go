package configs

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"tollgate/accounting/pricelist"
)

// anyEnv is an environment in which every variable is set, so that the example files
// can be read anywhere.
func anyEnv(string) (string, bool) { return secretValue, true }

func TestExamples(t *testing.T) {
	for _, file := range []string{"tollgate.example.yaml", "tollgate.full.yaml"} {
		c, problems := Load(file, testKinds(), anyEnv)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", file, problems)
		}
		if len(c.Spec.Providers) == 0 || len(c.Spec.Models) == 0 || len(c.Budgets) == 0 || (len(c.Limits) == 0) == strings.Contains(file, "full") {
			t.Errorf("%s declares %d providers, %d models, %d budgets, %d limits", file, len(c.Spec.Providers), len(c.Spec.Models), len(c.Budgets), len(c.Limits))
		}
	}
}

// TestFullExampleIsComplete keeps the manual complete: every key that the loader
// knows stands in it.
func TestFullExampleIsComplete(t *testing.T) {
	text, err := os.ReadFile("tollgate.full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, yaml := range []string{
		"bananas: 1", "errors: { bananas: 1 }", "when_books_are_down: { bananas: 1 }", "metrics: { bananas: 1 }",
		"providers: { a: { bananas: 1 } }", "models: { a: { bananas: 1 } }", "models: { a: { targets: [{ bananas: 1 }] } }",
		"models: { a: { price: { bananas: 1 } } }", "models: { a: { price: { long_context: [{ bananas: 1 }] } } }", "budgets: [{ bananas: 1 }]", "limits: [{ bananas: 1 }]",
	} {
		_, problems := parse(yaml)
		found := false
		for _, p := range problems {
			_, keys, ok := strings.Cut(p.Message, "known are ")
			if !ok {
				continue
			}
			found = true
			for key := range strings.SplitSeq(keys, ", ") {
				if !strings.Contains(string(text), key+":") {
					t.Errorf("%s: the key %s is not explained", yaml, key)
				}
			}
		}
		if !found && !strings.HasPrefix(yaml, "errors") && !strings.HasPrefix(yaml, "when") {
			t.Errorf("%s: %v", yaml, problems)
		}
	}
}

func TestDefaultIsTheEmptyFile(t *testing.T) {
	c, problems := Parse(nil, testKinds(), testEnv)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c.places = nil
	if want := Default(); !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

func TestLoadReadsPathsBesideTheFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("admin.key", secretValue+"\n")
	write("prices.json", `{"as_of":"2026-11-23","currency":"USD","models":[{"provider":"openai","model":"m","mode":"chat","as_of":"2026-11-23","rates":{"input":"1","output":"2"}}]}`)
	write("tollgate.yaml", "admin_key: file:admin.key\nprices: file:prices.json\n")
	before, _ := os.ReadDir(dir)
	c, problems := Load(filepath.Join(dir, "tollgate.yaml"), testKinds(), testEnv)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if c.AdminKey.Reveal() != secretValue || c.Prices.Len() != 1 || c.Database.Path != filepath.Join(dir, "tollgate.db") {
		t.Errorf("read %d prices and database %s", c.Prices.Len(), c.Database.Path)
	}
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Errorf("loading left %d files where there were %d", len(after), len(before))
	}
	if text := fmt.Sprintf("%v %+v %#v %s", c, c, c, c.AdminKey); strings.Contains(text, secretValue) {
		t.Error("a printed configuration shows a secret")
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, make([]byte, MaxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "missing"): "no such file",
		dir:                           "no regular file",
		large:                         "larger than 1 MiB",
	} {
		c, problems := Load(path, testKinds(), testEnv)
		if c != nil || len(problems) != 1 || !strings.Contains(problems[0].String(), want) {
			t.Errorf("%s: %v, want %q", path, problems, want)
		}
	}
	if _, problems := Parse(make([]byte, MaxFile+1), testKinds(), testEnv); len(problems) != 1 {
		t.Errorf("a text above the limit: %v", problems)
	}
}

func TestWithPrices(t *testing.T) {
	asked := ""
	_, problems := Parse([]byte("prices: file:map.json"), testKinds(), testEnv, In("/etc"), WithPrices(func(path string) (*pricelist.List, error) {
		asked = path
		return pricelist.NewList("2026-11-23", nil)
	}))
	if len(problems) > 0 || asked != "/etc/map.json" {
		t.Errorf("asked for %q, %v", asked, problems)
	}
}

// TestPricesAfterProviders names a vendor above the list that has it.
func TestPricesAfterProviders(t *testing.T) {
	text := "providers: { a: { kind: compatible, url: http://a:1/v1, prices: mine } }\nprices: file:mine.json\n"
	_, problems := Parse([]byte(text), testKinds(), testEnv, WithPrices(func(string) (*pricelist.List, error) {
		return pricelist.NewList("2026-11-23", []pricelist.Entry{{Vendor: "mine", Model: "m"}})
	}))
	if len(problems) > 0 {
		t.Error(problems)
	}
}

func TestWhere(t *testing.T) {
	c, problems := parse("providers:\n  gpu: { kind: vllm, url: http://a:1/v1 }\nmodels:\n  \"a.b/*\": gpu/*\n  c:\n    targets: [gpu/x, gpu/y]\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for path, want := range map[string][2]int{
		"providers.gpu":         {2, 3},
		"providers.gpu.url":     {2, 27},
		"providers.gpu.nothing": {2, 3},
		`models["a.b/*"]`:       {4, 12},
		"models.c.targets[1]":   {6, 22},
		"models.c.targets[1].x": {6, 22},
	} {
		line, column, ok := c.Where(path)
		if !ok || line != want[0] || column != want[1] {
			t.Errorf("%s is at %d:%d, want %v", path, line, column, want)
		}
	}
	if _, _, ok := c.Where("nowhere"); ok {
		t.Error("a path that is not there has a place")
	}
}

func TestCountsAtTheEdge(t *testing.T) {
	lines := func(head string, n int, line func(int) string) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	const gpu = "providers: { gpu: { kind: vllm, url: http://a:1/v1 } }\n"
	shapes := map[string]struct {
		limit int
		text  func(n int) string
	}{
		"models": {MaxModels, func(n int) string {
			return lines(gpu+"models:\n", n, func(i int) string { return fmt.Sprintf("  m%d: gpu/m%d\n", i, i) })
		}},
		"providers": {MaxProviders, func(n int) string {
			return lines("providers:\n", n, func(i int) string { return fmt.Sprintf("  p%d: { kind: vllm, url: http://a:1 }\n", i) })
		}},
		"budgets": {MaxBudgets, func(n int) string {
			return lines("budgets:\n", n, func(i int) string { return fmt.Sprintf("  - { user: u%d, limit: 5, per: month }\n", i) })
		}},
		"limits": {MaxLimits, func(n int) string {
			return lines("limits:\n", n, func(i int) string { return fmt.Sprintf("  - { user: u%d, requests_per_minute: 5 }\n", i) })
		}},
		"targets": {MaxTargets, func(n int) string {
			return lines(gpu+"models:\n  a:\n", n, func(i int) string { return fmt.Sprintf("  - gpu/m%d\n", i) })
		}},
		"headers": {MaxHeaders, func(n int) string {
			return lines("providers:\n  a:\n    kind: vllm\n    url: http://a:1\n    headers:\n", n, func(i int) string { return fmt.Sprintf("      X-H%d: a\n", i) })
		}},
		"name": {MaxName, func(n int) string { return gpu + "models:\n  " + strings.Repeat("m", n) + ": gpu/x\n" }},
		"provider name": {63, func(n int) string {
			return "providers:\n  " + strings.Repeat("m", n) + ": { kind: vllm, url: http://a:1 }\n"
		}},
		"bands": {maxBands, func(n int) string {
			return lines(gpu+"models:\n  a:\n    to: gpu/x\n    price:\n      input: 1\n      long_context:\n", n, func(i int) string { return fmt.Sprintf("      - { above_input: %d, input: 2 }\n", i+1) })
		}},
		"patterns": {1000, func(n int) string {
			return "budgets:\n- { each: user, limit: 5, per: month, models: [" + lines("", n, func(i int) string { return fmt.Sprintf("m%d, ", i) }) + "] }\n"
		}},
	}
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			if _, problems := parse(s.text(s.limit)); len(problems) > 0 {
				t.Errorf("%d is refused: %v", s.limit, problems[0])
			}
			if c, problems := parse(s.text(s.limit + 1)); c != nil || len(problems) == 0 || len(problems[0].String()) > 2000 {
				t.Errorf("%d is accepted: %v", s.limit+1, problems)
			}
		})
	}
}

func TestManyProblemsAreCut(t *testing.T) {
	_, problems := parse("models:\n" + strings.Repeat("  - x\n", 1) + "")
	if len(problems) != 1 {
		t.Fatal(problems)
	}
	var b strings.Builder
	for i := range MaxProblems + 10 {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	_, problems = parse(b.String())
	if len(problems) != MaxProblems+1 || !strings.Contains(problems[MaxProblems].Message, "10 more") {
		t.Errorf("%d problems", len(problems))
	}
}

// TestSecretsAreNeverShown puts a credential in every place that a value can stand
// and looks for it in what is said.
func TestSecretsAreNeverShown(t *testing.T) {
	for _, secret := range []string{"sk-proj-abcdefghijklmnop", "Bearer abcdefghijkl", "http://user:abcdefgh@host/v1", "0123456789abcdef0123456789abcdef"} {
		for _, shape := range []string{
			"listen: %s", "database: %s", "admin_key: %s", "admin_key: env:%s", "prices: %s", "admission: %s", "clamp_output: %s", "drain: %s", "%s: 1", "errors: { budget_status: %s }",
			"providers: { a: { kind: %s } }", "providers: { a: { kind: vllm, url: %s } }", "providers: { a: { kind: vllm, key: %s } }", "providers: { a: { kind: vllm, api_key: %s } }",
			"providers: { a: { headers: { Authorization: %s } } }", "providers: { a: { headers: { X: %s } } }", "providers: { a: { price: %s } }", "providers: { a: { price: { input: %s } } }",
			"providers: %s", "providers: { a: %s }", "providers: [%s", "budgets: [{ key: %s, limit: x }]", "budgets: [{ limit: %s }]", "models: { a: { price: %s } }", "wrong: &a %s",
			"rate_limit_store: %s", "when_limits_are_down: %s", "durability: %s", "orphans: %s", "drain_delay: %s", "front: %s", "front: { max_body: %s }", "front: { requests: %s }", "retention: %s", "database: env:%s",
			"limits: %s", "limits: [{ key: %s, requests_per_minute: 1 }]", "limits: [{ each: user, requests_per_minute: %s }]", "limits: [{ each: user, %s: 1 }]",
		} {
			text := fmt.Sprintf(shape, `"`+secret+`"`)
			_, problems := parse(text)
			for _, p := range problems {
				if strings.Contains(p.String(), secret) || strings.Contains(p.String(), "abcdefgh") {
					t.Errorf("%s: %s", text, p)
				}
			}
		}
	}
}

// TestPasswordsOfURLsAreNeverShown puts a password into the URLs of the database and of
// the place where limits are counted, right and wrong, and prints whatever comes of it.
func TestPasswordsOfURLsAreNeverShown(t *testing.T) {
	for _, password := range []string{"hunter2", "hun%2Fter2", "hun/ter2", "hun#ter2", "hun?ter2", "hun@ter2", "hun ter2", "hun%ter2", "hun:ter2", "hun=ter2&a"} {
		for _, shape := range []string{"postgres://u:%s@db/tollgate", "postgres://u:%s@db:x/tollgate", "postgres://db/tollgate?password=%s", "postgres://db/tollgate?sslmode=%s", "postgres://:%s@", "postgresql:%s",
			"redis://u:%s@cache:6379/0", "redis://:%s@cache:6379/x", "redis:%s", "mysql://u:%s@db/tollgate"} {
			value := fmt.Sprintf(shape, password)
			for _, key := range []string{"database", "rate_limit_store"} {
				c, problems := parse(key + ": " + strconv.Quote(value))
				told := fmt.Sprintf("%v %+v %#v %v", c, c, c, problems)
				if c != nil {
					told += c.Database.String() + fmt.Sprint(c.Database, c.LimitStore, c.Warnings)
				}
				if strings.Contains(told, "hun") || strings.Contains(told, "ter2") {
					t.Errorf("%s: %s: %s", key, value, told)
				}
			}
			c := Default()
			if problems := c.UseDatabase("--database", value); isPostgres(value) {
				if told := fmt.Sprint(problems, c.Database, c.Warnings); strings.Contains(told, "hun") || strings.Contains(told, "ter2") {
					t.Errorf("--database %s: %s", value, told)
				}
			}
		}
	}
}

// TestUseDatabase puts a database in place of the declared one; where limits are
// counted follows, unless it was said.
func TestUseDatabase(t *testing.T) {
	const local, remote = "postgres://tollgate@127.0.0.1/tollgate", "postgres://tollgate:hunter2@db/tollgate"
	for _, c := range []struct {
		file, flag       string
		database, store  string
		problem, warning string
	}{
		{file: "", flag: "other.db", database: "other.db", store: StoreLocal},
		{file: "", flag: "a:b?c#d.db", database: "a:b?c#d.db", store: StoreLocal},
		{file: "", flag: "sqlite:other.db", database: "other.db", store: StoreLocal},
		{file: "", flag: "sqlite::memory:", problem: "lost at the first restart"},
		{file: "", flag: "sqlite:", problem: "no name"},
		{file: "", flag: "env:DATABASE_URL", problem: "TOLLGATE_DATABASE"},
		{file: "", flag: "file:/run/secrets/database", problem: "TOLLGATE_DATABASE"},
		{file: "", flag: "mysql://u:hunter2@db/tollgate", problem: "postgres://"},
		{file: "", flag: local, database: local, store: StoreDatabase},
		{file: "", flag: remote, database: "postgres://tollgate@db/tollgate", store: StoreDatabase, warning: "--database: the connection to the database may be unencrypted"},
		{file: "", flag: "postgres://tollgate@db", problem: "names no database"},
		{file: "rate_limit_store: local", flag: local, database: local, store: StoreLocal, warning: "several times as much"},
		{file: "rate_limit_store: redis://cache", flag: local, database: local, store: StoreRedis},
		{file: "database: " + local, flag: "other.db", database: "other.db", store: StoreLocal},
		{file: "database: " + remote, flag: "other.db", database: "other.db", store: StoreLocal},
		{file: "database: " + local + "\nrate_limit_store: database", flag: "other.db", problem: "rate_limit_store: database"},
		{file: "database: " + local + "\nrate_limit_store: local", flag: "other.db", database: "other.db", store: StoreLocal},
		{file: "database: " + local + "\nrate_limit_store: redis://u:hunter2@cache", flag: "other.db", database: "other.db", store: StoreRedis, warning: "the password stands in the file"},
	} {
		config, problems := parse(c.file)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", c.file, problems)
		}
		problems = config.UseDatabase("--database", c.flag)
		if c.problem != "" {
			if len(problems) != 1 || !strings.Contains(problems[0].String(), c.problem) || problems[0].Path != "--database" {
				t.Errorf("%q with %s: %v, want %q", c.file, c.flag, problems, c.problem)
			}
			continue
		}
		warnings := fmt.Sprint(config.Warnings)
		if len(problems) > 0 || config.Database.String() != c.database || config.LimitStore.Kind != c.store || (c.warning == "") != (len(config.Warnings) == 0) || !strings.Contains(warnings, c.warning) {
			t.Errorf("%q with %s: %v, database %s, limits in %s, warnings %v", c.file, c.flag, problems, config.Database, config.LimitStore.Kind, config.Warnings)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"first_byte", "gap", "key", "kind", "limit", "price", "prices", "url"}
	for word, want := range map[string]string{
		"frist_byte": "first_byte", "First-Byte": "first_byte", "ulr": "url", "keys": "key", "api_key": "key", "api_base": "url",
		"pricess": "prices", "banana": "", "": "", "k": "", "limits": "limit", "gpa": "gap", strings.Repeat("x", 1000): "",
	} {
		if got := nearest(word, known); got != want {
			t.Errorf("%q is nearest to %q, want %q", word, got, want)
		}
	}
}

func TestPlainDecimal(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "1": "1", "0.25": "0.25", "2.5e-7": "0.00000025", "2.5E-7": "0.00000025", "25e-8": "0.00000025", "1e0": "1", "1e3": "1000", "1.5e1": "15", "1.5e+1": "15",
		"12.34e1": "123.4", "0.0e5": "000000", "1e-1": "0.1", "10e-1": "1.0", "0.1e1": "01",
		"": "!", ".5": "!", "5.": "!", "1e": "1", "1e999": "!", "010": "!", "1.2.3": "!", "1e-61": "!",
	} {
		got, ok := plainDecimal(in)
		if !ok {
			got = "!"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	lines, _ := filepath.Glob("testdata/*.lines")
	for _, file := range append(files, lines...) {
		if data, err := os.ReadFile(file); err == nil {
			input, _, _ := strings.Cut(string(data), "----\n")
			f.Add([]byte(input))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		env := func(name string) (string, bool) { return secretValue, name != "NOT_SET" }
		noFile := func(r *reader) { r.dir = "/nonexistent" }
		c, problems := Parse(data, testKinds(), env, noFile, WithPrices(testPrices))
		if (c == nil) != (len(problems) > 0) {
			t.Fatalf("configuration %v beside %v", c != nil, problems)
		}
		for _, p := range problems {
			if strings.Contains(p.String(), secretValue) {
				t.Fatalf("a secret is shown: %s", p)
			}
			if len(p.String()) > 10_000 {
				t.Fatalf("a problem of %d bytes", len(p.String()))
			}
		}
	})
}
