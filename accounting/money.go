package accounting

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Money is an amount in nano-dollars (10^-9 US dollar). Its range is about plus
// or minus 9.2 billion dollars.
type Money int64

// Dollar is one US dollar.
const Dollar Money = 1_000_000_000

// MaxMoney is the largest amount.
const MaxMoney Money = math.MaxInt64

// ErrOverflow says that a sum or product left the range of its type.
var ErrOverflow = errors.New("amount out of range")

// ErrBadAmount says that a text is not an exact decimal amount.
var ErrBadAmount = errors.New("not an amount of money")

// Add returns m+n, or [ErrOverflow].
func (m Money) Add(n Money) (Money, error) {
	s := m + n
	if (n > 0 && s < m) || (n < 0 && s > m) {
		return 0, ErrOverflow
	}
	return s, nil
}

// String writes the amount in dollars as an exact decimal with at least two
// places: "5.00", "0.000000001", "-0.10". It has no currency sign.
func (m Money) String() string { return decimalString(int64(m), 9) }

// MarshalText writes the same decimal as [Money.String], so that money in JSON
// is a string and no reader turns it into a float.
func (m Money) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what [ParseMoney] reads.
func (m *Money) UnmarshalText(b []byte) error {
	v, err := ParseMoney(string(b))
	if err != nil {
		return err
	}
	*m = v
	return nil
}

// ParseMoney reads a decimal number of dollars, with or without the currency:
// "5", "5.00", "5 USD", "$5", "0.000000001". An amount finer than a nano-dollar,
// with an exponent or out of range is refused with [ErrBadAmount] or
// [ErrOverflow], never rounded.
func ParseMoney(s string) (Money, error) {
	t := strings.TrimSpace(s)
	t = strings.TrimSpace(strings.TrimSuffix(t, "USD"))
	t = strings.TrimSpace(strings.TrimPrefix(t, "$"))
	v, err := parseDecimal(t, 9)
	if err != nil {
		return 0, fmt.Errorf("%q: %w (write dollars with up to 9 decimals, such as 5 USD or 0.25)", s, err)
	}
	return Money(v), nil
}

// parseDecimal reads an exact decimal and returns it in units of 10^-places.
func parseDecimal(t string, places int) (int64, error) {
	neg := false
	if strings.HasPrefix(t, "-") {
		neg, t = true, t[1:]
	}
	whole, frac, dotted := strings.Cut(t, ".")
	if whole == "" || (dotted && frac == "") {
		return 0, ErrBadAmount
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > places {
		return 0, fmt.Errorf("%w: finer than %d decimals", ErrBadAmount, places)
	}
	digits := whole + frac + strings.Repeat("0", places-len(frac))
	var v int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, ErrBadAmount
		}
		d := int64(c - '0')
		if v > (math.MaxInt64-d)/10 {
			return 0, ErrOverflow
		}
		v = v*10 + d
	}
	if neg {
		v = -v
	}
	return v, nil
}

// decimalString writes v units of 10^-places exactly, with at least two decimals.
func decimalString(v int64, places int) string {
	neg := v < 0
	u := uint64(v)
	if neg {
		u = -u
	}
	d := strconv.FormatUint(u, 10)
	if short := places + 1 - len(d); short > 0 {
		d = strings.Repeat("0", short) + d
	}
	whole, frac := d[:len(d)-places], d[len(d)-places:]
	out := whole + "." + frac[:max(len(strings.TrimRight(frac, "0")), 2)]
	if neg {
		return "-" + out
	}
	return out
}
