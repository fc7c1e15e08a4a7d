package database

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

type sealedText struct{ Form, Plain, Cipher string }

func sealedTexts(t *testing.T) ([]sealedText, map[string]string) {
	t.Helper()
	var texts []sealedText
	secrets := map[string]string{}
	for name, into := range map[string]any{"encrypted.json": &texts, "secrets.json": &secrets} {
		b, err := os.ReadFile("../testdata/database/" + name)
		if err == nil {
			err = json.Unmarshal(b, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(texts) == 0 {
		t.Fatal("there is nothing to open")
	}
	return texts, secrets
}

// TestOpensWhatLiteLLMEncrypted holds the key ring against texts that LiteLLM's own
// functions wrote, with the right key, with another one and with none.
func TestOpensWhatLiteLLMEncrypted(t *testing.T) {
	texts, secrets := sealedTexts(t)
	salt, master := secrets["LITELLM_SALT_KEY"], secrets["LITELLM_MASTER_KEY"]
	for _, c := range texts {
		for _, k := range []Keyring{{salt}, {"", master, salt}} {
			if got, err := k.Open(c.Cipher); err != nil || got != c.Plain {
				t.Errorf("%s: %q, %v; want %q", c.Form, got, err, c.Plain)
			}
		}
		for _, bad := range []struct {
			ring Keyring
			want error
		}{{Keyring{master}, ErrWrongKey}, {Keyring{salt + "x"}, ErrWrongKey}, {Keyring{"", ""}, ErrNoKey}, {nil, ErrNoKey}} {
			if got, err := bad.ring.Open(c.Cipher); !errors.Is(err, bad.want) || got != "" {
				t.Errorf("%s: %q, %v; want %v", c.Form, got, err, bad.want)
			}
		}
	}
}

// TestNothingButWhatWasWritten changes each byte of what LiteLLM encrypted: none of it may
// open any more, whatever comes out of it.
func TestNothingButWhatWasWritten(t *testing.T) {
	texts, secrets := sealedTexts(t)
	k := Keyring{secrets["LITELLM_SALT_KEY"]}
	for _, c := range texts[:4] {
		prefix := ""
		if i := strings.LastIndexByte(c.Cipher, ':'); i >= 0 {
			prefix = c.Cipher[:i+1]
		}
		raw, err := base64.URLEncoding.DecodeString(c.Cipher[len(prefix):])
		if err != nil {
			t.Fatal(err)
		}
		for i := range raw {
			raw[i] ^= 0x40
			if got, err := k.Open(prefix + base64.URLEncoding.EncodeToString(raw)); !errors.Is(err, ErrWrongKey) || got != "" {
				t.Fatalf("%s, byte %d: %q, %v", c.Form, i, got, err)
			}
			raw[i] ^= 0x40
		}
		for n := range len(c.Cipher) {
			if got, err := k.Open(c.Cipher[:n]); err == nil && got != c.Cipher[:n] && got != c.Plain { // the padding may be missing
				t.Fatalf("%s, cut at %d: %q", c.Form, n, got)
			}
		}
	}
}

func TestWhatStandsInClear(t *testing.T) {
	k := Keyring{"salt"}
	for _, text := range []string{"", "openai/gpt-5-mini", "os.environ/OPENAI_API_KEY", "https://vllm.example/v1", "sk-0123456789", "2024-10-01", "us-east-1"} {
		if got, err := k.Open(text); err != nil || got != text {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"v9:chacha:AAAA", "v1:aes-cbc:x"} {
		if got, err := k.Open(text); !errors.Is(err, ErrForm) || got != "" {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"v2:gcm:", "v2:gcm:!!!!", "v3:gcm:AAAA"} {
		if got, err := k.Open(text); !errors.Is(err, ErrWrongKey) || got != "" {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add("v2:gcm:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
	f.Add("tX5Yn7v3kua386MMdQyhwHdnMtigvujqO8_NEMpKmkU0CQANT6E2ONJVqVpv7c10eGdomf6gVeo=")
	k := Keyring{"salt", "master"}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := k.Open(text); err == nil && got != text {
			t.Fatalf("%q opened to %q", text, got)
		}
	})
}
