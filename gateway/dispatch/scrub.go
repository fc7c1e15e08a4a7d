package dispatch

import (
	"strings"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// Upstreams, and proxies before them, quote what they were sent when they complain.
// What they say goes to the client, so tollgate's own credentials are taken out of it
// here, where they are known.

const (
	redacted = "[redacted]"
	// minSecret is the length in bytes from which the value of a configured header may
	// be a credential: shorter ones are words such as "true".
	minSecret = 8
)

// scrub takes a provider's credentials out of the texts of its error.
func scrub(p *catalog.Provider, err error) error {
	if e := providers.AsError(err); e != nil {
		for _, text := range []*string{&e.Message, &e.Type, &e.Code, &e.Param} {
			*text = hide(p, *text)
		}
	}
	return err
}

func hide(p *catalog.Provider, text string) string {
	if text == "" {
		return text
	}
	text = without(text, p.Secret.Reveal())
	for _, v := range p.Headers {
		text = without(text, v.Reveal())
		// Of `Bearer KEY` the key alone is the secret.
		if _, key, ok := strings.Cut(v.Reveal(), " "); ok {
			text = without(text, key)
		}
	}
	return text
}

// without takes a secret out of a text, and the beginning of one from its end, where
// the text was cut.
func without(text, secret string) string {
	if len(secret) < minSecret {
		return text
	}
	text = strings.ReplaceAll(text, secret, redacted)
	cut := strings.TrimSuffix(text, "…")
	for n := min(len(secret)-1, len(cut)); n >= minSecret; n-- {
		if strings.HasSuffix(cut, secret[:n]) {
			return cut[:len(cut)-n] + redacted
		}
	}
	return text
}
