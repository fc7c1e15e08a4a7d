// Package vault seals secrets that are kept in the database: those of models and
// credentials that the API made. What is sealed can be read with the key alone, and only
// as what it was sealed for: a secret that is put beside another thing's name is refused.
//
// It imports nothing of ours. It knows no table, and not what the secrets are for.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// MinKey is how many bytes the text of a key has at least.
const MinKey = 32

var (
	// ErrShortKey says that a key is too short to be one.
	ErrShortKey = fmt.Errorf("a key for secrets has at least %d characters: openssl rand -base64 32 makes one", MinKey)
	// ErrOtherKey says that something was sealed with a key that is not here.
	ErrOtherKey = errors.New("they were sealed with another key: TOLLGATE_SECRETS_KEY is not set to the key of that time")
	// ErrDamaged says that what is there is not what was sealed.
	ErrDamaged = errors.New("they were changed, or sealed for something else")
)

// key is one of the keys of a Vault.
type key struct {
	id   string
	aead cipher.AEAD
}

// Vault seals with its first key and opens with each. It is safe for concurrent use.
type Vault struct{ keys []key }

// New returns a Vault of some keys, of which the first seals. The error is [ErrShortKey].
func New(keys ...[]byte) (*Vault, error) {
	v := &Vault{}
	for _, text := range keys {
		if len(text) < MinKey {
			return nil, ErrShortKey
		}
		secret, err := hkdf.Key(sha256.New, text, nil, "tollgate secrets at rest", 32)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(secret)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		id, err := hkdf.Key(sha256.New, text, nil, "tollgate secrets at rest, which key", 4)
		if err != nil {
			return nil, err
		}
		v.keys = append(v.keys, key{hex.EncodeToString(id), aead})
	}
	return v, nil
}

// version begins what is sealed. What follows are the key's id and, in base64, a random
// nonce with the sealed bytes.
const version = "v1:"

// Seal returns bytes sealed for a purpose, as text. Each time it is another text.
func (v *Vault) Seal(purpose string, plain []byte) string {
	k := v.keys[0]
	nonce := make([]byte, k.aead.NonceSize())
	_, _ = rand.Read(nonce) // it never fails: it ends the program instead
	return version + k.id + ":" + base64.RawStdEncoding.EncodeToString(k.aead.Seal(nonce, nonce, plain, []byte(purpose)))
}

// Open returns what was sealed for a purpose. The error is [ErrOtherKey] or [ErrDamaged].
func (v *Vault) Open(purpose, sealed string) ([]byte, error) {
	rest, ok := strings.CutPrefix(sealed, version)
	id, text, cut := strings.Cut(rest, ":")
	if !ok || !cut {
		return nil, ErrDamaged
	}
	for _, k := range v.keys {
		if k.id != id {
			continue
		}
		raw, err := base64.RawStdEncoding.DecodeString(text)
		if err != nil || len(raw) < k.aead.NonceSize() {
			return nil, ErrDamaged
		}
		plain, err := k.aead.Open(nil, raw[:k.aead.NonceSize()], raw[k.aead.NonceSize():], []byte(purpose))
		if err != nil {
			return nil, ErrDamaged
		}
		return plain, nil
	}
	return nil, ErrOtherKey
}
