package database

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/nacl/secretbox"
)

// The reasons for which an encrypted value stays closed.
var (
	ErrNoKey    = errors.New("it is encrypted, and neither LITELLM_SALT_KEY nor LITELLM_MASTER_KEY was given")
	ErrWrongKey = errors.New("it is encrypted with another key than LITELLM_SALT_KEY or LITELLM_MASTER_KEY, or is damaged")
	ErrForm     = errors.New("it is encrypted in a form that tollgate does not know")
)

// Keyring are the secrets that LiteLLM may have encrypted with: its salt key, or without
// one its master key. An empty one is none.
type Keyring []string

// The forms that a value may be encrypted in.
const (
	formGCM2 = "v2:gcm:"
	formGCM3 = "v3:gcm:"

	nonceGCM, tagGCM = 12, 16
	nonceBox         = 24
)

var versioned = regexp.MustCompile(`^v[0-9]+:[a-z0-9_-]+:`)

// Open returns the plain text of a value. One that is in none of the forms that LiteLLM
// encrypts in stands in clear and is returned as it is. What is opened was authenticated
// with its key: it is what LiteLLM wrote, or the error is [ErrNoKey], [ErrWrongKey] or
// [ErrForm].
func (k Keyring) Open(value string) (string, error) {
	var (
		sealed []byte
		open   func(secret string, sealed []byte) ([]byte, bool)
		ok     bool
	)
	form := versioned.FindString(value)
	switch form {
	case formGCM2:
		sealed, ok = decode(value[len(form):])
		open = func(secret string, sealed []byte) ([]byte, bool) {
			key := sha256.Sum256([]byte(secret))
			return openGCM(key[:], sealed)
		}
	case formGCM3:
		sealed, ok = decode(value[len(form):])
		open = func(secret string, sealed []byte) ([]byte, bool) {
			key, err := hkdf.Key(sha256.New, []byte(secret), nil, "litellm-at-rest-v3", sha256.Size)
			if err != nil {
				return nil, false
			}
			return openGCM(key, sealed)
		}
	case "":
		// The oldest form has no prefix: whatever cannot be one is in clear. LiteLLM pads it.
		if sealed, ok = decode(value); !ok || len(value)%4 != 0 || len(sealed) < nonceBox+secretbox.Overhead {
			return value, nil
		}
		open = openBox
	default:
		return "", fmt.Errorf("%w (%s)", ErrForm, form)
	}
	if !ok {
		return "", ErrWrongKey
	}
	none := true
	for _, secret := range k {
		if secret == "" {
			continue
		}
		none = false
		if plain, ok := open(secret, sealed); ok && utf8.Valid(plain) {
			return string(plain), nil
		}
	}
	if none {
		return "", ErrNoKey
	}
	return "", ErrWrongKey
}

// decode reads base64 of either alphabet, with or without padding.
func decode(text string) ([]byte, bool) {
	text = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(text), "=")
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return b, err == nil
}

func openGCM(key, sealed []byte) ([]byte, bool) {
	if len(sealed) < nonceGCM+tagGCM {
		return nil, false
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, false
	}
	plain, err := gcm.Open(nil, sealed[:nonceGCM], sealed[nonceGCM:], nil)
	return plain, err == nil
}

func openBox(secret string, sealed []byte) ([]byte, bool) {
	key := sha256.Sum256([]byte(secret))
	return secretbox.Open(nil, sealed[nonceBox:], (*[nonceBox]byte)(sealed), &key)
}
