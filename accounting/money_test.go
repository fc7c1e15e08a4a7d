package accounting

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseMoney(t *testing.T) {
	for text, want := range map[string]Money{
		"0": 0, "5": 5 * Dollar, "5.00": 5 * Dollar, "5 USD": 5 * Dollar, "5USD": 5 * Dollar, "$5": 5 * Dollar, "$ 5": 5 * Dollar, " 5 ": 5 * Dollar, "-0": 0, "-5": -5 * Dollar,
		"0.000000001": 1, "0.0000000010000": 1, "-0.000000001": -1, "1.5": 1_500_000_000, "007": 7 * Dollar,
		"9223372036.854775807": MaxMoney, "-9223372036.854775807": -MaxMoney,
	} {
		if got, err := ParseMoney(text); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]error{
		"": ErrBadAmount, " ": ErrBadAmount, "USD": ErrBadAmount, "$": ErrBadAmount, ".5": ErrBadAmount, "5.": ErrBadAmount, ".": ErrBadAmount, "-": ErrBadAmount, "--5": ErrBadAmount, "+5": ErrBadAmount,
		"5,00": ErrBadAmount, "1e3": ErrBadAmount, "1_000": ErrBadAmount, "0x5": ErrBadAmount, "5 EUR": ErrBadAmount, "NaN": ErrBadAmount, "Inf": ErrBadAmount, "1.2.3": ErrBadAmount, "٣": ErrBadAmount, "5.-1": ErrBadAmount,
		"0.0000000001": ErrBadAmount, "0.0000000019": ErrBadAmount,
		"9223372036.854775808": ErrOverflow, "-9223372036.854775808": ErrOverflow, "99999999999": ErrOverflow, strings.Repeat("9", 1000): ErrOverflow,
	} {
		if got, err := ParseMoney(text); !errors.Is(err, want) || got != 0 {
			t.Errorf("%.20q: %d, %v, want %v", text, got, err, want)
		}
	}
}

func TestMoneyString(t *testing.T) {
	for m, want := range map[Money]string{
		0: "0.00", 1: "0.000000001", -1: "-0.000000001", Dollar: "1.00", -Dollar / 10: "-0.10", 1_230_000_000: "1.23", 1_234_000_000: "1.234",
		MaxMoney: "9223372036.854775807", math.MinInt64: "-9223372036.854775808",
	} {
		if got := m.String(); got != want {
			t.Errorf("%d: %s, want %s", int64(m), got, want)
		}
	}
}

func TestMoneyRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Money(rapid.Int64Min(-math.MaxInt64).Draw(t, "money"))
		if got, err := ParseMoney(m.String()); err != nil || got != m {
			t.Fatalf("%s reads as %v, %v", m, got, err)
		}
		data, err := json.Marshal(struct{ M Money }{m})
		if err != nil || !strings.Contains(string(data), `"`) {
			t.Fatalf("%s, %v", data, err)
		}
		var back struct{ M Money }
		if err := json.Unmarshal(data, &back); err != nil || back.M != m {
			t.Fatalf("%s reads as %v, %v", data, back.M, err)
		}
	})
	var m Money
	if err := json.Unmarshal([]byte(`"x"`), &m); !errors.Is(err, ErrBadAmount) {
		t.Error(err)
	}
}

func TestMoneyAdd(t *testing.T) {
	edges := rapid.SampledFrom([]int64{0, 1, -1, math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1, math.MaxInt64 / 2, math.MaxInt64/2 + 1})
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.OneOf(edges, rapid.Int64()).Draw(t, "a"), rapid.OneOf(edges, rapid.Int64()).Draw(t, "b")
		want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		got, err := Money(a).Add(Money(b))
		switch {
		case want.IsInt64() && (err != nil || int64(got) != want.Int64()):
			t.Fatalf("%d, %v, want %v", got, err, want)
		case !want.IsInt64() && (!errors.Is(err, ErrOverflow) || got != 0):
			t.Fatalf("%d, %v for %v", got, err, want)
		}
	})
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"5", "$0.25", "5 USD", "-1", "1e9", "0.000000001", "9223372036.854775807", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMoney(s)
		if err != nil {
			if m != 0 {
				t.Fatalf("%q: %d beside %v", s, m, err)
			}
			return
		}
		digits := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "USD")), "$"))
		want, ok := new(big.Rat).SetString(digits)
		if !ok || want.Mul(want, big.NewRat(int64(Dollar), 1)).Cmp(big.NewRat(int64(m), 1)) != 0 {
			t.Fatalf("%q reads as %s", s, m)
		}
	})
}
