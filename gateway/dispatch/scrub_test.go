package dispatch

import (
	"errors"
	"strings"
	"testing"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

func TestScrub(t *testing.T) {
	const key, header = "sk-canary-0123456789", "Basic dXNlcjpwYXNz"
	p := &catalog.Provider{Secret: providers.NewSecret(key), Headers: map[string]providers.Secret{"X-Auth": providers.NewSecret(header), "X-Flag": providers.NewSecret("true"), "X-Short": providers.NewSecret("12345678")}}
	for text, want := range map[string]string{
		"":                                    "",
		"it is true":                          "it is true",
		"no key " + key + " here, nor " + key: "no key [redacted] here, nor [redacted]",
		"Authorization: Bearer " + key:        "Authorization: Bearer [redacted]",
		"X-Auth: " + header:                   "X-Auth: [redacted]",
		"user dXNlcjpwYXNz":                   "user [redacted]",
		"cut " + key[:12] + "…":               "cut [redacted]",
		"just long enough: 12345678":          "just long enough: [redacted]",
		"cut " + key[:8]:                      "cut [redacted]",
		"cut " + key[:7]:                      "cut " + key[:7],
	} {
		err := scrub(p, &providers.Error{Kind: providers.BadRequest, Message: text, Type: text, Code: text, Param: text})
		e := providers.AsError(err)
		if e.Message != want || e.Type != want || e.Code != want || e.Param != want {
			t.Errorf("%q became %+v", text, e)
		}
		if strings.Contains(err.Error(), key) {
			t.Error(err)
		}
	}
	if other := errors.New(key); scrub(p, other) != other {
		t.Error("another error was changed")
	}
}
