package dispatch

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"tollgate/providers"
)

// Told says what of a failed call may be logged: what went wrong on the way, or the
// upstream's status and its code. The upstream's own words are for the caller alone: they
// may quote a prompt.
func Told(err error) string {
	e := providers.AsError(err)
	if e == nil {
		return err.Error()
	}
	switch {
	case e.Kind == providers.BadAnswer && e.Status < 300:
		if malformed(e.Cause) {
			return e.Cause.Error()
		}
		why, _, _ := strings.Cut(e.Message, ": ") // what follows quotes the answer
		return why
	case onTheWay(e):
		if inner := network(e.Cause); inner != nil {
			return e.Message + ": " + inner.Error()
		}
		return e.Message
	}
	text := "the upstream reported a failure"
	if e.Status != 0 {
		text = fmt.Sprintf("the upstream answered with status %d", e.Status)
	}
	for _, code := range []string{e.Code, e.Type} {
		if isCode(code) {
			return text + ", code " + code
		}
	}
	return text
}

// onTheWay says that an error is dispatch's or a codec's own, without the upstream's words.
func onTheWay(e *providers.Error) bool {
	switch e.Kind {
	case providers.Unreachable, providers.Lost, providers.Truncated:
		return e.Status == 0
	case providers.TimedOut:
		return e.Status == 0 && e.Cause != nil
	}
	return false
}

// network is what the system, the name service or TLS said; nil if none of them did.
// What is around it, net/http may have written, which quotes what it could not read.
func network(err error) error {
	var op *net.OpError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &cert):
		return cert
	case errors.As(err, &dns):
		return dns
	case errors.As(err, &op):
		return op
	}
	return nil
}

// maxCode is how long a code may be, in bytes. The longest in use is half of it.
const maxCode = 64

// isCode says that a text is a stable code and not words of a sentence.
func isCode(s string) bool {
	return s != "" && len(s) <= maxCode && strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_' || r == '.' || r == '-')
	}) < 0
}
