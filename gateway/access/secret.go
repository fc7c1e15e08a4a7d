package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/big"
	"slices"
	"strings"
)

// The form of a key: a prefix that secret scanners know, 256 random bits in 43
// characters of base 62, and a checksum in 6, so that a typing error or junk costs
// no look-up.
const (
	Prefix      = "sk-tg-"
	bodyLen     = 43
	checksumLen = 6
	keyLen      = len(Prefix) + bodyLen + checksumLen
	base62      = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// MaxCredential is the longest credential that is looked at, in bytes.
const MaxCredential = 512

// Digest is the SHA-256 of a key: all that is stored of it. The key has 256 random
// bits, so a slow hash would only cost time.
type Digest [sha256.Size]byte

// String writes the digest in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// ParseDigest reads what [Digest.String] writes.
func ParseDigest(s string) (Digest, error) {
	var (
		d    Digest
		text [2 * len(d)]byte // a start reads as many as there are keys
	)
	if copy(text[:], s) == len(s) {
		if n, err := hex.Decode(d[:], text[:]); err == nil && n == len(s)/2 && len(s) == len(text) {
			return d, nil
		}
	}
	return Digest{}, errors.New("not a SHA-256 in hexadecimal")
}

// DigestOf returns the digest of a key in any form.
func DigestOf(key string) Digest {
	var own [keyLen]byte // a copy of a key of tollgate's own form need not be collected
	if len(key) > len(own) {
		return sha256.Sum256([]byte(key))
	}
	return sha256.Sum256(own[:copy(own[:], key)])
}

// NewKey makes a key from random bytes (crypto/rand's Reader outside of tests).
func NewKey(random io.Reader) (string, error) {
	limit := new(big.Int).Lsh(big.NewInt(1), 256)
	n, err := rand.Int(random, limit)
	if err != nil {
		return "", fmt.Errorf("no random bytes for a key: %w", err)
	}
	body := Prefix + encode62(n, bodyLen)
	sum := checksum(body)
	return body + string(sum[:]), nil
}

// checksum is the CRC-32 of a key without its checksum. It is computed at every call, so
// it makes nothing for the collector.
func checksum(body string) (out [checksumLen]byte) {
	sum := ^uint32(0)
	for i := range len(body) {
		sum = crc32.IEEETable[byte(sum)^body[i]] ^ sum>>8
	}
	sum = ^sum
	for i := range slices.Backward(out[:]) {
		out[i], sum = base62[sum%62], sum/62
	}
	return out
}

func encode62(n *big.Int, width int) string {
	out := make([]byte, width)
	base, rem := big.NewInt(62), new(big.Int)
	n = new(big.Int).Set(n)
	for i := range slices.Backward(out) {
		n.DivMod(n, base, rem)
		out[i] = base62[rem.Int64()]
	}
	return string(out)
}

// WellFormed says whether a text has the form of a key made by [NewKey] and its
// checksum is right.
func WellFormed(key string) bool {
	if len(key) != keyLen || !strings.HasPrefix(key, Prefix) {
		return false
	}
	sum := checksum(key[:keyLen-checksumLen])
	return string(sum[:]) == key[keyLen-checksumLen:]
}

// MayBeKey says whether a text has a form that a caller's key can have: tollgate's own with a
// checksum that is right, or the beginning that keys set by hand have.
func MayBeKey(text string) bool {
	return strings.HasPrefix(text, handPrefix) && (!strings.HasPrefix(text, Prefix) || WellFormed(text))
}

// Hint returns the last four characters of a key.
func Hint(key string) string { return key[max(0, len(key)-4):] }

// MinAdminSecret is the fewest characters an admin key set by hand may have.
const MinAdminSecret = 32

// ErrWeakSecret says that a key set by hand can be guessed.
var ErrWeakSecret = errors.New("is too weak")

// MinSecret is the fewest characters a key set by hand may have, that is no admin key.
const MinSecret = 16

// handPrefix is what a key set by hand begins with, that is no admin key.
const handPrefix = "sk-"

// CheckSecret refuses a key set by hand that does not begin with sk-, is short, well
// known or plainly not random, or looks like one of tollgate's own and is none.
func CheckSecret(s string) error {
	const do = "leave it out, and one is made"
	switch {
	case !strings.HasPrefix(s, handPrefix):
		return fmt.Errorf("the key %w: it does not begin with sk-; %s", ErrWeakSecret, do)
	case strings.HasPrefix(s, Prefix) && !WellFormed(s):
		return fmt.Errorf("the key %w: it begins with %s, but its checksum is wrong; %s", ErrWeakSecret, Prefix, do)
	}
	return checkSecret(s, "the key", MinSecret, 8, do)
}

// CheckAdminSecret refuses an admin key that is short, well known or plainly not
// random. A key made by [NewKey] always passes.
func CheckAdminSecret(s string) error {
	return checkSecret(s, "the admin key", MinAdminSecret, 10, "make one with: tollgate key generate, or openssl rand -hex 32")
}

// CheckOldAdminSecret is [CheckAdminSecret] for an admin key that another gateway had
// before: it may be shorter, down to [MinSecret] characters, since every program that
// manages has it already.
func CheckOldAdminSecret(s string) error {
	return checkSecret(s, "the admin key", MinSecret, 8, "make one with: tollgate key generate, or openssl rand -hex 32")
}

func checkSecret(s, what string, shortest, different int, do string) error {
	weak := func(format string, args ...any) error {
		return fmt.Errorf("%s %w: %s; %s", what, ErrWeakSecret, fmt.Sprintf(format, args...), do)
	}
	switch {
	case len(s) < shortest:
		return weak("it has %d characters, at least %d are needed", len(s), shortest)
	case len(s) > MaxCredential:
		return weak("it has more than %d characters", MaxCredential)
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }):
		return weak("it has spaces or characters that no header carries")
	}
	lower := strings.ToLower(s)
	for _, known := range []string{"changeme", "change-me", "change_me", "password", "secret", "example", "sk-1234", "123456", "abcdef", "qwerty", "admin", "default", "your-", "placeholder", "replace"} {
		if strings.Contains(lower, known) && !WellFormed(s) {
			return weak("it contains %q", known)
		}
	}
	seen := map[rune]int{}
	for _, r := range s {
		seen[r]++
	}
	if len(seen) < different {
		return weak("it has only %d different characters", len(seen))
	}
	return nil
}
