package handles

import (
	"bytes"
	"crypto/cipher"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func sealer(t testing.TB, fill byte) *Sealer {
	t.Helper()
	s, err := New(bytes.Repeat([]byte{fill}, SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestHandles: a handle is read by the tenant and the installation that it was made for,
// comes out the same each time, and by nobody else, nor after any change.
func TestHandles(t *testing.T) {
	s, again, other := sealer(t, 1), sealer(t, 1), sealer(t, 2)
	rapid.Check(t, func(t *rapid.T) {
		k := Kept{rapid.String().Draw(t, "model"), rapid.String().Draw(t, "deployment"), rapid.String().Draw(t, "id"), rapid.Bool().Draw(t, "followed")}
		tenant := rapid.String().Draw(t, "tenant")
		h := s.Seal(tenant, k)
		if h != again.Seal(tenant, k) || !strings.HasPrefix(h, "resp_") || strings.Trim(h, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%q", h)
		}
		if got, err := again.Open(tenant, h); err != nil || got != k {
			t.Fatalf("%+v, %v; want %+v", got, err, k)
		}
		if _, err := other.Open(tenant, h); !errors.Is(err, ErrUnknown) {
			t.Fatalf("another installation reads it: %v", err)
		}
		if _, err := s.Open(rapid.String().Filter(func(o string) bool { return o != tenant }).Draw(t, "other"), h); !errors.Is(err, ErrUnknown) {
			t.Fatalf("another tenant reads it: %v", err)
		}
		at := rapid.IntRange(0, len(h)-1).Draw(t, "at")
		forged := []byte(h)
		forged[at] = rapid.ByteRange('-', 'z').Filter(func(b byte) bool { return b != h[at] }).Draw(t, "byte")
		for _, bad := range []string{string(forged), h[:at], h + h[at:], h[:at] + "\n" + h[at:], strings.TrimPrefix(h, "resp_"), k.ID} {
			if _, err := s.Open(tenant, bad); bad != h && !errors.Is(err, ErrUnknown) {
				t.Fatalf("%q is read: %v", bad, err)
			}
		}
	})
}

// TestHandlesLast: what clients have kept is read by every later version, and made as before.
func TestHandlesLast(t *testing.T) {
	const old = "resp_21PSUdLXapUK9e0bGPGx3iPtiJOTBEvlnialKNTB8lElAG7BklXPZsgr7w"
	k, s := Kept{"gpt", "openai/gpt-5", "resp_0123", true}, sealer(t, 1)
	if got, err := s.Open("team:t", old); err != nil || got != k {
		t.Errorf("%+v, %v", got, err)
	}
	if made := s.Seal("team:t", k); made != old {
		t.Errorf("made as %s", made)
	}
}

func TestHandlesApart(t *testing.T) {
	s := sealer(t, 1)
	seen := map[string]bool{}
	for _, k := range []Kept{{"a", "b", "c", false}, {"a", "b", "c", true}, {"ab", "", "c", false}, {"", "ab", "c", false}, {"a", "", "bc", false}, {"", "", "abc", false}} {
		for _, tenant := range []string{"", "t", "u"} {
			h := s.Seal(tenant, k)
			if seen[h] {
				t.Errorf("%v of %q is another's", k, tenant)
			}
			seen[h] = true
		}
	}
}

func TestHandleLimits(t *testing.T) {
	s := sealer(t, 1)
	fits := s.Seal("t", Kept{ID: strings.Repeat("i", 1513)})
	if over := s.Seal("t", Kept{ID: strings.Repeat("i", 1514)}); len(fits) != MaxHandle || len(over) <= MaxHandle {
		t.Fatalf("%d and %d bytes are not beside the limit", len(fits), len(over))
	} else if _, err := s.Open("t", over); !errors.Is(err, ErrUnknown) {
		t.Errorf("over the limit: %v", err)
	}
	if _, err := s.Open("t", fits); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	for _, n := range []int{0, SecretSize - 1, SecretSize + 1} {
		if _, err := New(make([]byte, n)); err == nil {
			t.Errorf("a secret of %d bytes", n)
		}
	}
}

// TestHandlesOfNothing: what was made with the secret and is no handle of this version is
// refused all the same.
func TestHandlesOfNothing(t *testing.T) {
	s := sealer(t, 1)
	for plain, ok := range map[string]bool{
		"\x00\x01m\x01di": true, "\x01\x00\x00": true, "": false, "\x02\x01m\x01di": false, "\x00": false, "\x00\x80": false, "\x00\x02m": false, "\x00\x01m": false, "\x00\x01m\x02d": false,
		"\x00" + strings.Repeat("\xff", 9) + "\x01m": false,
	} {
		sealed := append(s.vector("t", []byte(plain)), make([]byte, len(plain))...)
		cipher.NewCTR(s.block, sealed[:ivSize]).XORKeyStream(sealed[ivSize:], []byte(plain))
		if k, err := s.Open("t", prefix+encoding.EncodeToString(sealed)); (err == nil) != ok || !ok && !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %+v, %v", plain, k, err)
		}
	}
	for _, short := range []string{"", "AAAA", encoding.EncodeToString(make([]byte, ivSize-1)), "!"} {
		if _, err := s.Open("t", prefix+short); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v", short, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	s := sealer(f, 1)
	f.Add("t", s.Seal("t", Kept{"m", "d", "i", false}))
	f.Add("t", "resp_")
	f.Fuzz(func(t *testing.T, tenant, handle string) {
		if k, err := s.Open(tenant, handle); err == nil && s.Seal(tenant, k) != handle {
			t.Fatalf("%q is read and would not be made", handle)
		}
	})
}
