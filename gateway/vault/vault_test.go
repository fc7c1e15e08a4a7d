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

// TestOpenLast: what stands in databases is read by every later version.
func TestOpenLast(t *testing.T) {
	const old = "v1:fa91986d:R38AIQgt87pYwQjF5Gub1MqQcp3SiWFFjMLxTE5Lj1rF83MC+g"
	if got, err := open(t, one).Open("model/a", old); err != nil || string(got) != "sk-secret" {
		t.Errorf("%q %v", got, err)
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
	id := strings.LastIndex(sealed, ":")
	for i := range sealed {
		other := []byte(sealed)
		other[i] ^= 1
		want := ErrDamaged
		if i >= len(version) && i < id {
			want = ErrOtherKey
		}
		if _, err := v.Open("model/a", string(other)); !errors.Is(err, want) {
			t.Errorf("byte %d changed: %v, want %v", i, err, want)
		}
		if _, err := v.Open("model/a", sealed[:i]); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
	// What is there in whole, with more behind it: five bytes leave no group of base64 unfinished.
	if _, err := v.Open("model/a", v.Seal("model/a", []byte("sk-12"))+"!"); !errors.Is(err, ErrDamaged) {
		t.Errorf("with more behind it: %v", err)
	}
	if _, err := New([]byte("short")); !errors.Is(err, ErrShortKey) {
		t.Errorf("a short key: %v", err)
	}
}
