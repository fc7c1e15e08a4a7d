// Package handles makes the ids by which clients call what an upstream keeps for them:
// the responses of OpenAI's surface. A handle says where the thing is and can be read
// by this installation alone, and only for the tenant that it was made for: another's, a
// forged and an unknown one cannot be told apart.
//
// No table stands behind it, so no call waits for a disk and every replica that has the
// secret knows every handle. It imports nothing of ours and knows no HTTP, no route and
// no price.
package handles

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// SecretSize is how many bytes of secret a Sealer wants.
const SecretSize = 32

// MaxHandle is the longest handle that is looked at, in bytes.
const MaxHandle = 2048

// ErrUnknown says that a tenant has nothing of that id, whatever the reason.
var ErrUnknown = errors.New("there is no response of this id")

// Kept is where something is that an upstream keeps.
type Kept struct {
	Model      string // the public name it was asked for under
	Deployment string // provider/model that has it
	ID         string // what the upstream calls it
	// Followed says that its cost is known only when the upstream has done with it.
	Followed bool
}

// Sealer makes and reads handles. It is safe for concurrent use.
type Sealer struct {
	block cipher.Block
	mac   []byte
}

// New returns a Sealer for the secret of an installation.
func New(secret []byte) (*Sealer, error) {
	if len(secret) != SecretSize {
		return nil, fmt.Errorf("the secret of handles has %d bytes, and %d are wanted", len(secret), SecretSize)
	}
	block, err := aes.NewCipher(derive(secret, "encryption"))
	if err != nil {
		return nil, err
	}
	return &Sealer{block: block, mac: derive(secret, "authentication")}, nil
}

func derive(secret []byte, use string) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("tollgate response handles, " + use))
	return h.Sum(nil)
}

// The beginning of every handle, as clients know the ids of responses.
const prefix = "resp_"

const ivSize = aes.BlockSize

var encoding = base64.RawURLEncoding.Strict() // one spelling for each handle

// Seal returns a tenant's handle of what is kept. The same thing has the same handle
// each time.
func (s *Sealer) Seal(tenant string, k Kept) string {
	plain := []byte{0}
	if k.Followed {
		plain[0] = 1
	}
	plain = appendText(appendText(plain, k.Model), k.Deployment)
	plain = append(plain, k.ID...)
	sealed := make([]byte, ivSize+len(plain))
	// The vector is made from all there is, so that it differs for different things and
	// proves on the way back that nothing was changed.
	copy(sealed, s.vector(tenant, plain))
	cipher.NewCTR(s.block, sealed[:ivSize]).XORKeyStream(sealed[ivSize:], plain)
	return prefix + encoding.EncodeToString(sealed)
}

// Open reads a tenant's handle. The error is [ErrUnknown].
func (s *Sealer) Open(tenant, handle string) (Kept, error) {
	text, ok := strings.CutPrefix(handle, prefix)
	if !ok || len(handle) > MaxHandle {
		return Kept{}, ErrUnknown
	}
	sealed, err := encoding.DecodeString(text)
	if err != nil || len(sealed) < ivSize || strings.ContainsAny(text, "\r\n") { // the decoder passes over line ends
		return Kept{}, ErrUnknown
	}
	plain := make([]byte, len(sealed)-ivSize)
	cipher.NewCTR(s.block, sealed[:ivSize]).XORKeyStream(plain, sealed[ivSize:])
	if !hmac.Equal(sealed[:ivSize], s.vector(tenant, plain)) {
		return Kept{}, ErrUnknown
	}
	if len(plain) == 0 || plain[0] > 1 {
		return Kept{}, ErrUnknown
	}
	k := Kept{Followed: plain[0] == 1}
	if k.Model, plain, ok = cutText(plain[1:]); !ok {
		return Kept{}, ErrUnknown
	}
	if k.Deployment, plain, ok = cutText(plain); !ok {
		return Kept{}, ErrUnknown
	}
	k.ID = string(plain)
	return k, nil
}

func (s *Sealer) vector(tenant string, plain []byte) []byte {
	h := hmac.New(sha256.New, s.mac)
	h.Write(appendText(nil, tenant))
	h.Write(plain)
	return h.Sum(nil)[:ivSize]
}

// appendText appends a text with its length before it, so that two texts cannot be
// taken for two others.
func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

func cutText(b []byte) (text string, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return "", nil, false
	}
	b = b[size:]
	return string(b[:n]), b[n:], true
}
