package vault

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func open(t *testing.T, keys ...string) *Vault {
	t.Helper()
	var raw [][]byte
	for _, k := range keys {
		raw = append(raw, []byte(k))
	}
	v, err := New(raw...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var one, two = strings.Repeat("1", MinKey), strings.Repeat("2", MinKey)

func TestSeal(t *testing.T) {
	v := open(t, one)
	plain := []byte("sk-secret")
	sealed := v.Seal("model/a", plain)
	if strings.Contains(sealed, "secret") || sealed == v.Seal("model/a", plain) {
		t.Fatalf("not sealed, or the same twice: %s", sealed)
	}
	if got, err := v.Open("model/a", sealed); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("%q %v", got, err)
	}
	both := open(t, two, one) // the key has changed, and the old one is known yet
	if got, err := both.Open("model/a", sealed); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("%q %v", got, err)
	}
	if got, err := open(t, two).Open("model/a", both.Seal("model/a", plain)); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("the first key does not seal: %q %v", got, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	v := open(t, one)
	sealed := v.Seal("model/a", []byte("sk-secret"))
	if _, err := open(t, two).Open("model/a", sealed); !errors.Is(err, ErrOtherKey) {
		t.Errorf("another key: %v", err)
	}
	if _, err := v.Open("model/b", sealed); !errors.Is(err, ErrDamaged) {
		t.Errorf("for another thing: %v", err)
	}
	for i := range sealed {
		other := []byte(sealed)
		other[i] ^= 1
		if _, err := v.Open("model/a", string(other)); err == nil {
			t.Errorf("byte %d changed, and nothing is said", i)
		}
		if _, err := v.Open("model/a", sealed[:i]); err == nil {
			t.Errorf("cut at %d, and nothing is said", i)
		}
	}
	if _, err := New([]byte("short")); !errors.Is(err, ErrShortKey) {
		t.Errorf("a short key: %v", err)
	}
}
