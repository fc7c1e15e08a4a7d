package accounting

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMeterNames(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Meters() {
		name := m.String()
		if got, ok := MeterByName(name); !ok || got != m || name == "" || seen[name] {
			t.Errorf("%d is called %q, which is %v", m, name, got)
		}
		seen[name] = true
	}
	if _, ok := MeterByName("nothing"); ok || numMeters.String() == "" || len(Meters()) != int(numMeters) {
		t.Error("a meter that is none")
	}
}

func TestUsage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var u Usage
		for _, m := range Meters() {
			u[m] = rapid.Int64().Draw(t, m.String())
		}
		c, moved := u.Clamp()
		for _, m := range Meters() {
			if c[m] < 0 || c[m] > MaxCount || u[m] >= 0 && u[m] <= MaxCount && c[m] != u[m] {
				t.Fatalf("%s: %d is clamped to %d", m, u[m], c[m])
			}
		}
		if moved != (c != u) {
			t.Fatalf("moved %v", moved)
		}
		if _, again := c.Clamp(); again {
			t.Fatalf("clamped twice")
		}
		tokens := int64(0)
		for m := Input; m < Images; m++ {
			tokens += c[m]
		}
		if c.InputTokens()+c.OutputTokens() != tokens || c.InputTokens() < 0 {
			t.Fatalf("%d in and %d out are not %d", c.InputTokens(), c.OutputTokens(), tokens)
		}
	})
	if !(Usage{}).IsZero() || (Usage{Requests: 1}).IsZero() {
		t.Error("IsZero")
	}
	if c, moved := (Usage{Input: math.MinInt64, Output: math.MaxInt64}).Clamp(); !moved || c != (Usage{Output: MaxCount}) {
		t.Errorf("%v", c)
	}
}

// TestRenew: a newer report holds, but neither input nor output becomes less.
func TestRenew(t *testing.T) {
	// As many, and known better by now.
	old, newer := Usage{Input: 5, CachedInput: 5, Output: 8}, Usage{Input: 4, CachedInput: 6, Output: 5, Reasoning: 3}
	if now, shrank := old.Renew(newer); now != newer || shrank {
		t.Errorf("%v, shrank %v", now, shrank)
	}
	count := rapid.Int64Range(0, 20)
	rapid.Check(t, func(t *rapid.T) {
		var old, newer Usage
		for _, m := range Meters() {
			old[m], newer[m] = count.Draw(t, "old "+m.String()), count.Draw(t, "new "+m.String())
		}
		now, shrank := old.Renew(newer)
		if now.InputTokens() != max(old.InputTokens(), newer.InputTokens()) || now.OutputTokens() != max(old.OutputTokens(), newer.OutputTokens()) {
			t.Fatalf("%v and then %v is %v", old, newer, now)
		}
		if want := newer.InputTokens() < old.InputTokens() || newer.OutputTokens() < old.OutputTokens(); shrank != want {
			t.Fatalf("%v and then %v: shrank %v", old, newer, shrank)
		}
		for m := Input; m < Images; m++ {
			if from := map[bool]Usage{false: newer, true: old}[m < Output && newer.InputTokens() < old.InputTokens() || m >= Output && newer.OutputTokens() < old.OutputTokens()]; now[m] != from[m] {
				t.Fatalf("%s of %v and then %v is %d", m, old, newer, now[m])
			}
		}
		for m := Images; m < numMeters; m++ {
			if now[m] != max(old[m], newer[m]) {
				t.Fatalf("%s of %v and then %v is %d", m, old, newer, now[m])
			}
		}
	})
}
