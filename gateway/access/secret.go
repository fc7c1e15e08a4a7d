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

// Hint returns the last four characters of a key.
func Hint(key string) string { return key[max(0, len(key)-4):] }

// MinAdminSecret is the fewest characters an admin key set by hand may have.
const MinAdminSecret = 32

// ErrWeakSecret says that an admin key set by hand can be guessed.
var ErrWeakSecret = errors.New("the admin key is too weak")

// CheckAdminSecret refuses an admin key that is short, well known or plainly not
// random. A key made by [NewKey] always passes.
func CheckAdminSecret(s string) error {
	const do = "make one with: tollgate key generate, or openssl rand -hex 32"
	switch {
	case len(s) < MinAdminSecret:
		return fmt.Errorf("%w: it has %d characters, at least %d are needed; %s", ErrWeakSecret, len(s), MinAdminSecret, do)
	case len(s) > MaxCredential:
		return fmt.Errorf("%w: it has more than %d characters; %s", ErrWeakSecret, MaxCredential, do)
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }):
		return fmt.Errorf("%w: it has spaces or characters that no header carries; %s", ErrWeakSecret, do)
	}
	lower := strings.ToLower(s)
	for _, known := range []string{"changeme", "change-me", "change_me", "password", "secret", "example", "sk-1234", "123456", "abcdef", "qwerty", "admin", "default", "your-", "placeholder", "replace"} {
		if strings.Contains(lower, known) && !WellFormed(s) {
			return fmt.Errorf("%w: it contains %q; %s", ErrWeakSecret, known, do)
		}
	}
	seen := map[rune]int{}
	for _, r := range s {
		seen[r]++
	}
	if len(seen) < 10 {
		return fmt.Errorf("%w: it has only %d different characters; %s", ErrWeakSecret, len(seen), do)
	}
	return nil
}
