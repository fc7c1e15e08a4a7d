package edge

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/control"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// exported finds every exported error of the packages that requests pass through:
// variables named Err…, and types with an Error method.
func exported(t *testing.T) (vars, types []string) {
	t.Helper()
	for _, root := range []string{"../../accounting", "../../gateway", "../../providers"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			for _, decl := range file.Decls {
				switch decl := decl.(type) {
				case *ast.GenDecl:
					for _, spec := range decl.Specs {
						if v, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR {
							for _, n := range v.Names {
								if strings.HasPrefix(n.Name, "Err") {
									vars = append(vars, file.Name.Name+"."+n.Name)
								}
							}
						}
					}
				case *ast.FuncDecl:
					if decl.Recv != nil && decl.Name.Name == "Error" {
						e := decl.Recv.List[0].Type
						if star, ok := e.(*ast.StarExpr); ok {
							e = star.X
						}
						if id, ok := e.(*ast.Ident); ok && id.IsExported() {
							types = append(types, file.Name.Name+"."+id.Name)
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(vars)
	slices.Sort(types)
	return vars, types
}

// TestEveryErrorHasARow walks all exported errors and fails on one that the table
// does not tell a client about.
func TestEveryErrorHasARow(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	inTable := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		kv, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		if k, ok := kv.Key.(*ast.Ident); !ok || k.Name != "Err" {
			return true
		}
		switch v := kv.Value.(type) {
		case *ast.SelectorExpr:
			inTable[v.X.(*ast.Ident).Name+"."+v.Sel.Name] = true
		case *ast.Ident:
			inTable["edge."+v.Name] = true
		}
		return true
	})
	vars, _ := exported(t)
	if len(vars) < 40 {
		t.Fatalf("only %d errors were found: this test looks in the wrong place", len(vars))
	}
	for _, name := range vars {
		if !inTable[name] {
			t.Errorf("%s has no row in the table of errors", name)
		}
	}
	codes := map[string]Row{}
	for _, row := range Table {
		if row.Status < 400 || row.Type == "" || row.Code == "" {
			t.Errorf("%v: a row needs a status, a type and a code", row.Err)
		}
		if other, ok := codes[row.Code]; ok && other.Status != row.Status {
			t.Errorf("the code %s has the statuses %d and %d", row.Code, other.Status, row.Status)
		}
		codes[row.Code] = row
		told := Describe(fmt.Errorf("around: %w", row.Err), "req", "", 0)
		if told.Status != row.Status || told.Object.Code != row.Code || told.Object.Message == "" {
			t.Errorf("%v is told as %d %s %q", row.Err, told.Status, told.Object.Code, told.Object.Message)
		}
		if again(row.Status) && !told.NoRetry && told.RetryAfter == 0 && !errors.Is(row.Err, ErrSlow) { // whose sender may be faster the next time
			t.Errorf("%v: clients would send it again at once", row.Err)
		}
	}
	for kind, row := range upstream {
		if again(row.Status) && row.Retry == retryAsStatus && kind != providers.RateLimited { // which says by itself when
			t.Errorf("%s: clients would send it again at once", kind)
		}
	}
}

// again says that the usual clients send a request again by this status.
func again(status int) bool { return status >= 500 || status == 408 || status == 409 || status == 429 }

// TestEveryErrorTypeIsTold does the same for errors with fields of their own.
func TestEveryErrorTypeIsTold(t *testing.T) {
	refusal := &ledger.Refusal{Short: []ledger.Shortfall{{State: ledger.Spent, Claim: ledger.Claim{Budget: &ledger.Budget{ID: "b", Kind: ledger.User, Limit: new(accounting.Money)}}}}}
	examples := map[string]struct {
		err         error
		status      int
		code, param string
	}{
		"gateway.BudgetError":       {&gateway.BudgetError{Refusal: refusal, Model: "m"}, 429, "budget_exceeded", ""},
		"access.KeyError":           {&access.KeyError{Key: "k", Err: access.ErrKeyExpired}, 401, "expired_api_key", ""},
		"gateway.LimitError":        {&gateway.LimitError{Refusal: &limits.Refusal{Wait: time.Second}, Model: "m"}, 429, "rate_limit_exceeded", ""},
		"gateway.AttemptError":      {&gateway.AttemptError{Err: &providers.Error{Kind: providers.TimedOut}, Deployment: "a/b"}, 504, "upstream_timeout", ""},
		"providers.Error":           {&providers.Error{Kind: providers.RateLimited}, 429, "upstream_rate_limit", ""},
		"control.EditError":         {&control.EditError{At: 2, Edit: control.UserEdit{Action: control.Create, ID: "a"}, Err: control.ErrExists}, 409, "exists", ""},
		"control.NotWritten":        {&control.NotWritten{Write: control.Drop{Kind: control.UserChanged, ID: "a"}, Err: control.ErrNotFound}, 404, "not_found", ""},
		"wire.ErrField":             {&wire.ErrField{Field: "n", Problem: "no"}, 400, "invalid_value", "n"},
		"ledger.Repeated":           {&ledger.Repeated{RequestID: "r", Running: true}, 409, "idempotency_key_running", ""},
		"balancer.Shut":             {&balancer.Shut{Deployment: "a/b", Wait: time.Second, Kind: providers.Unreachable}, 503, "no_healthy_upstream", ""},
		"gateway.UnknownModelError": {&gateway.UnknownModelError{Name: "m"}, 404, "model_not_found", "model"},
		"dispatch.Sent":             {&dispatch.Sent{Err: &providers.Error{Kind: providers.Lost}, Yes: true}, 502, "upstream_disconnected", ""},
		"control.InField":           {&control.InField{Field: "id", Err: control.ErrInvalid}, 400, "invalid_value", ""},
		"edge.InField":              {&InField{Field: "id", Err: control.ErrInvalid}, 400, "invalid_value", "id"},
		"wire.DuplicateKey":         {&wire.DuplicateKey{Key: "n"}, 400, "duplicate_key", "n"},
	}
	inside := []string{
		"ledger.Refusal",    // always told as a gateway.BudgetError
		"limits.Refusal",    // always told as a gateway.LimitError
		"store.LockedError", // ends the start
	}
	_, types := exported(t)
	for _, name := range types {
		ex, ok := examples[name]
		if !ok {
			if !slices.Contains(inside, name) {
				t.Errorf("%s is not told to clients: give it a place in Describe and an example here", name)
			}
			continue
		}
		if told := Describe(ex.err, "req", "", 0); told.Status != ex.status || told.Object.Message == "" || told.Code != ex.code || told.Object.Code != ex.code || told.Object.Param != ex.param {
			t.Errorf("%s is told as %d %q: %+v", name, told.Status, told.Object.Message, told.Object)
		}
	}
	for kind := providers.BadRequest; kind <= providers.Truncated; kind++ {
		told := Describe(&providers.Error{Kind: kind}, "req", "", 0)
		if _, ok := upstream[kind]; !ok || told.Status < 400 || told.Object.Code == "" {
			t.Errorf("an upstream error of kind %s has no row", kind)
		}
	}
	told := Describe(&providers.Error{Kind: providers.Unreachable, Ours: true}, "req", "", 0)
	if told.Status != 503 || told.Object.Code != "gateway_overloaded" || told.RetryAfter == 0 {
		t.Errorf("that there is no room for a connection is told as %+v", told)
	}
}

func TestUnknownErrorsTellNothing(t *testing.T) {
	told := Describe(errors.New("dial tcp 10.1.2.3:5432: password=hunter2"), "req-7", "", 0)
	if told.Status != 500 || !strings.Contains(told.Object.Message, "req-7") || strings.Contains(told.Object.Message, "hunter2") {
		t.Errorf("told %d %q", told.Status, told.Object.Message)
	}
	if told := Describe(&providers.Error{Kind: providers.ModelMissing, Message: "Not Found"}, "r", "", 0); !strings.Contains(told.Object.Message, "does not serve this kind of call: Not Found") {
		t.Errorf("an upstream's 404: %s", told.Object.Message)
	}
	if told := Describe(&providers.Error{Kind: providers.KeyRefused, Message: "Incorrect API key provided: sk-abc"}, "r", "", 0); strings.Contains(told.Object.Message, "sk-abc") {
		t.Errorf("the operator's credential is told: %q", told.Object.Message)
	}
	if told := Describe(context.Canceled, "r", "", 0); told.Status != 499 {
		t.Errorf("a client that left: %d", told.Status)
	}
}

// TestTriesDoNotMultiply: a client is told not to repeat what was tried at several
// upstreams already.
func TestTriesDoNotMultiply(t *testing.T) {
	for attempts, want := range map[int]bool{1: false, 2: true, 3: true} {
		err := &gateway.AttemptError{Err: &providers.Error{Kind: providers.Overloaded}, Deployment: "a/b", Attempts: attempts}
		if told := Describe(err, "r", "", 0); told.NoRetry != want || told.Status != 503 {
			t.Errorf("%d attempts: %d, no retry %v", attempts, told.Status, told.NoRetry)
		}
	}
}

func TestRetryAfterIsTheTimeToTheReset(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	limit := accounting.Dollar
	short := func(end time.Time, state ledger.State) ledger.Shortfall {
		return ledger.Shortfall{State: state, Claim: ledger.Claim{Period: ledger.Period{End: end}, Budget: &ledger.Budget{Kind: ledger.User, Limit: &limit}}}
	}
	for _, c := range []struct {
		name  string
		short []ledger.Shortfall
		want  time.Duration
		code  string
	}{
		{"one", []ledger.Shortfall{short(now.Add(time.Hour), ledger.Spent)}, time.Hour, "budget_exceeded"},
		{"the later of two", []ledger.Shortfall{short(now.Add(time.Hour), ledger.Spent), short(now.Add(time.Minute), ledger.Tight)}, time.Hour, "budget_exceeded"},
		{"never", []ledger.Shortfall{short(now.Add(time.Hour), ledger.Spent), short(time.Time{}, ledger.Zero)}, never, "budget_exceeded"},
		{"held", []ledger.Shortfall{short(now.Add(time.Hour), ledger.Held)}, heldRetry, "budget_held"},
		{"held and spent", []ledger.Shortfall{short(now.Add(time.Hour), ledger.Held), short(now.Add(time.Minute), ledger.Spent)}, time.Hour, "budget_exceeded"},
	} {
		told := tellBudget(&gateway.BudgetError{Refusal: &ledger.Refusal{Short: c.short}, At: now}, "", 0)
		if told.RetryAfter != c.want || told.Object.Code != c.code {
			t.Errorf("%s: %v %s", c.name, told.RetryAfter, told.Object.Code)
		}
	}
}

// TestTypesOfUpstreams: a type that no client knows is told beside OpenAI's, and one that
// clients know in its place (wire.md 3.5).
func TestTypesOfUpstreams(t *testing.T) {
	for kind, want := range map[string]string{
		"BadRequestError":       `{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_request","provider":{"type":"BadRequestError"}}}`,
		"invalid_request_error": `{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_request"}}`,
		"image_error":           `{"error":{"message":"no","type":"image_error","param":null,"code":"invalid_request"}}`,
		"":                      `{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_request"}}`,
	} {
		told := Describe(&providers.Error{Kind: providers.BadRequest, Status: 422, Type: kind, Message: "no"}, "req", "", 0)
		if got := string(told.Object.Body()); got != want || told.Status != 422 {
			t.Errorf("%q: %d %s", kind, told.Status, got)
		}
	}
	// What is the request's fault is not called the server's, whatever the server called it.
	told := Describe(&providers.Error{Kind: providers.BadRequest, Status: 500, Type: "server_error", Message: "no"}, "req", "", 0)
	if want := `{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_request","provider":{"type":"server_error"}}}`; told.Status != 400 || string(told.Object.Body()) != want {
		t.Errorf("%d %s", told.Status, told.Object.Body())
	}
}

// TestSkippedIsSaid: why an alternative was not tried is told in words, for every reason that
// there is.
func TestSkippedIsSaid(t *testing.T) {
	said := map[string]string{}
	for _, reason := range []string{"budget_exceeded", "budget_held", "price_unknown", "books_unavailable", "rate_limited", "limits_unavailable", "too_many_idempotency_keys", "background_limit"} {
		err := &gateway.AttemptError{Err: &providers.Error{Kind: providers.TimedOut}, Deployment: "a/b", Skipped: &gateway.Skipped{Deployments: []string{"c/d"}, Reason: reason}}
		told := Describe(err, "r", "", 0)
		_, why, _ := strings.Cut(told.Object.Message, "(not tried, because it is ")
		why, _, ok := strings.Cut(why, ": c/d)")
		if !ok || why == "" || said[why] != "" {
			t.Errorf("%s (and %s): %s", reason, said[why], told.Object.Message)
		}
		said[why] = reason
	}
}

// TestMessagesHaveALength: whatever a request says that stands in an error, the error stays
// short, and what is wrong stands in it.
func TestMessagesHaveALength(t *testing.T) {
	around := len((&wire.ErrField{Field: "f", Problem: ""}).Error())
	for _, c := range []struct {
		message, param int
		cut            bool
	}{{maxMessage - around, 1, false}, {maxMessage - around + 1, 1, true}, {1 << 20, 1, true}, {10, maxParam, false}, {10, maxParam + 1, true}, {10, 1 << 20, true}} {
		problem := "begins " + strings.Repeat("ä", max(c.message-14, 0)/2) + strings.Repeat("x", max(c.message-14, 0)%2) + " ending"
		o := Describe(&wire.ErrField{Field: strings.Repeat("f", c.param), Problem: problem[:max(c.message, len("begins  ending"))]}, "r", "", 0).Object
		if len(o.Message) > maxMessage || len(o.Param) > maxParam || !utf8.ValidString(o.Message) || !strings.HasSuffix(o.Message, "ending") ||
			strings.Contains(o.Message+o.Param, " … ") != c.cut {
			t.Errorf("%+v: %d bytes about %d", c, len(o.Message), len(o.Param))
		}
	}
}
