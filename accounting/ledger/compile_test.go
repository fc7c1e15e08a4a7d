package ledger

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"encoding/json"
	"os/exec"
)

// TestFreeCannotBeHeldFor builds programs that try to hold money for a free model,
// and one that holds it for a paid one: only the last compiles.
func TestFreeCannotBeHeldFor(t *testing.T) {
	const head = "package attempt\n\nimport (\n\t\"context\"\n\n\t\"tollgate/accounting\"\n\t\"tollgate/accounting/ledger\"\n)\n\nvar _ = accounting.Free{}\n\n"
	const try = "func try(l *ledger.Ledger, free accounting.Free, unknown accounting.Unknown, paid accounting.Priced, shadow accounting.Shadow) {\n\t_ = context.Background()\n\t%\n}\n"
	for name, c := range map[string]struct {
		body string
		want string // what the compiler says; "" is success
	}{
		"paid": {"q, _ := paid.Quote(accounting.Usage{}, accounting.Standard)\n\t_, _ = l.Reserve(context.Background(), ledger.Attempt{}, q)", ""},

		"reserve for free":    {"_, _ = l.Reserve(context.Background(), ledger.Attempt{}, free)", "cannot use free"},
		"reserve for unknown": {"_, _ = l.Reserve(context.Background(), ledger.Attempt{}, unknown)", "cannot use unknown"},
		"reserve an amount":   {"_, _ = l.Reserve(context.Background(), ledger.Attempt{}, accounting.Money(5))", "cannot use accounting.Money(5)"},
		"quote free":          {"_, _ = free.Quote(accounting.Usage{}, accounting.Standard)", "free.Quote undefined"},
		"quote unknown":       {"_, _ = unknown.Quote(accounting.Usage{}, accounting.Standard)", "unknown.Quote undefined"},
		"free as paid":        {"_ = accounting.Priced(free)", "cannot convert free"},
		"quote from nothing":  {"_ = accounting.Quote{amount: 5, valid: true}", "unexported field amount"},
		"quote from a struct": {"_ = accounting.Quote(struct{ amount accounting.Money; valid bool }{5, true})", "cannot convert"},
		"price made up":       {"_ = accounting.Priced{t: nil}", "unexported field t"},
		"reserve a shadow":    {"_, _ = l.Reserve(context.Background(), ledger.Attempt{}, shadow)", "cannot use shadow"},
		"quote a shadow":      {"_, _ = shadow.Quote(accounting.Usage{}, accounting.Standard)", "shadow.Quote undefined"},
		"cost of a shadow":    {"_ = ledger.Outcome{Cost: shadow.Cost}", "shadow.Cost undefined"},
		"shadow as paid":      {"_ = accounting.Priced(shadow)", "cannot convert shadow"},
		"price of a shadow":   {"_ = shadow.p", "unexported field p"},
		"shadow as a price":   {"var _ accounting.Price = shadow", "does not implement accounting.Price"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := buildSnippet(t, head+strings.Replace(try, "%", c.body, 1))
			switch {
			case c.want == "" && err != nil:
				t.Errorf("does not compile: %v\n%s", err, out)
			case c.want != "" && err == nil:
				t.Error("compiles")
			case !strings.Contains(out, c.want):
				t.Errorf("fails for another reason than %q:\n%s", c.want, out)
			}
		})
	}
}

// TestPricesAreSealed builds programs that make a price state of their own.
func TestPricesAreSealed(t *testing.T) {
	out, err := buildSnippet(t, "package attempt\n\nimport \"tollgate/accounting\"\n\ntype mine struct{}\n\nfunc (mine) price() {}\n\nvar _ accounting.Price = mine{}\n")
	if err == nil || !strings.Contains(out, "does not implement") {
		t.Errorf("%v\n%s", err, out)
	}
}

// buildSnippet builds one file as a package of this module that exists nowhere but in
// the compiler's view.
func buildSnippet(t *testing.T, source string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "attempt.go")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	overlay, _ := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(here, "attempt", "attempt.go"): file}})
	overlayFile := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-overlay", overlayFile, "-o", os.DevNull, "./attempt")
	cmd.Dir = here
	out, err := cmd.CombinedOutput()
	return string(out), err
}
