package importer

import (
	"slices"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/gateway/litellm/mapping"
)

// TestAmounts: an amount is read to the nearest nano-dollar, and what is none is never
// money to spend.
func TestAmounts(t *testing.T) {
	for text, want := range map[string]string{"5": "5.00", "0.0006100000000000001": "0.00061", "1e-08": "0.00000001", "0": "0.00", `"2.5"`: "2.50", "1e-30": "0.000000001", "-3": "0.00", `"NaN"`: "0.00", `"x"`: "0.00",
		"[1]": "0.00", "true": "0.00", "1e300": "9223372036.854775807", "1e999999999": "0.00", `"0x10"`: "0.00", `"1/3"`: "0.00", "null": "none", `"Infinity"`: "none"} {
		row := thing{&findings{}, "key", "k", gjson.Parse(`{"max_budget":` + text + `}`)}
		got := "none"
		if m := row.limit("max_budget"); m != nil {
			got = m.String()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if spent, ok := row.spent("max_budget"); ok && (spent < 0 || got == "none" && spent != 0) {
			t.Errorf("%s: %s was spent", text, spent)
		}
	}
}

// TestNarrow: what two lists both allow, and never more.
func TestNarrow(t *testing.T) {
	for _, c := range []struct{ list, allowed, want []string }{
		{nil, []string{"a", "b"}, []string{"a", "b"}},
		{[]string{"a", "c"}, []string{"a", "b"}, []string{"a"}},
		{[]string{"c"}, []string{"a", "b"}, []string{mapping.Nothing}},
		{[]string{"gpt-*"}, []string{"gpt-5", "claude"}, []string{"gpt-5"}},
		{[]string{"gpt-5"}, []string{"gpt-*"}, []string{"gpt-5"}},
		{[]string{"gpt-5*"}, []string{"gpt-*"}, []string{"gpt-5*"}},
		{[]string{"*"}, []string{"gpt-*"}, []string{"gpt-*"}},
		{[]string{mapping.Nothing}, []string{"*"}, []string{mapping.Nothing}},
	} {
		if got := narrow(c.list, c.allowed); !slices.Equal(got, c.want) {
			t.Errorf("%v and %v: %v, want %v", c.list, c.allowed, got, c.want)
		}
	}
}
