package litellm

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tollgate/accounting"
)

// TestPricesAreExact: the digits of a price per token arrive as they are written, or the
// model is not served.
func TestPricesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[1-9][0-9]{0,8}`).Draw(t, "digits")
		figure := digits
		switch rapid.IntRange(0, 2).Draw(t, "form") {
		case 0:
			figure = "0." + strings.Repeat("0", rapid.IntRange(0, 12).Draw(t, "zeros")) + digits
		case 1:
			figure = digits[:1] + "." + digits + "e-" + fmt.Sprint(rapid.IntRange(1, 14).Draw(t, "exponent"))
		case 2:
			figure = digits + "e-" + fmt.Sprint(rapid.IntRange(5, 16).Draw(t, "exponent"))
		}
		r := Convert(source("model_list: [{ model_name: m, litellm_params: { model: hosted_vllm/m, api_base: \"http://g/v1\", input_cost_per_token: "+figure+", output_cost_per_token: "+figure+" } }]", true))
		config, problems := parse(r)
		if len(problems) > 0 || r.Serious() {
			t.Fatalf("%s: %v\n%s", figure, problems, r.Native)
		}
		n, err := exact([]byte(figure))
		if err != nil {
			t.Fatal(err)
		}
		const places = 40
		want, err := accounting.ParseRate(accounting.Input, n.FloatString(places), accounting.PerUnit)
		m := config.Spec.Models[0]
		if err != nil {
			if m.Unavailable == "" {
				t.Fatalf("%s cannot be held (%v), and the model is served", figure, err)
			}
			return
		}
		got, ok := m.Price.(accounting.Priced)
		if !ok {
			t.Fatalf("%s: the price is %T\n%s", figure, m.Price, r.Native)
		}
		if rate, _ := got.Rate(accounting.Input); rate != want {
			t.Fatalf("%s: %d, want %d\n%s", figure, rate, want, r.Native)
		}
	})
}

// TestOrigin: a line of what was written leads back to where it comes from.
func TestOrigin(t *testing.T) {
	r := Convert(source(`
model_list:
  - { model_name: a, litellm_params: { model: gpt-5-mini } }
litellm_settings:
  max_budget: 3
`, true))
	for text, want := range map[string]string{"kind: openai": "model_list[0] 3", "  a: openai": "model_list[0] 3", "limit: 3.00": "litellm_settings.max_budget 5", "models:": " 0"} {
		for i, line := range strings.Split(string(r.Native), "\n") {
			if !strings.Contains(line, text) {
				continue
			}
			at, _ := r.Origin(i + 1)
			if got := fmt.Sprintf("%s %d", at.Path, at.Line); got != want {
				t.Errorf("%q: %s, want %s", line, got, want)
			}
		}
	}
	for _, line := range []int{-1, 0, 1000} {
		if _, ok := r.Origin(line); ok {
			t.Errorf("line %d comes from somewhere", line)
		}
	}
}

// TestConvertHuge: a list as long as a file can be is read, and what is too much is said.
func TestConvertHuge(t *testing.T) {
	var b strings.Builder
	b.WriteString("litellm_settings: { default_fallbacks: [m1, m2] }\nmodel_list:\n")
	for i := range 9000 {
		fmt.Fprintf(&b, "- { model_name: m%d, litellm_params: { model: hosted_vllm/m, api_base: \"http://g%d/v1\" } }\n", i, i%2000)
	}
	began := time.Now()
	r := Convert(source(b.String(), true))
	t.Logf("%d findings in %v, %d bytes", len(r.Findings), time.Since(began), len(r.Native))
	if !r.Serious() || len(r.Findings) > MaxFindings+1 {
		t.Errorf("%d findings, serious %v", len(r.Findings), r.Serious())
	}
	if r := Convert(source(strings.Repeat("# a comment\n", 100_000), true)); !r.Serious() {
		t.Error("a file that is too large is read")
	}
}
