package gateway

import (
	"net/url"
	"strings"

	"tollgate/gateway/access"
	"tollgate/gateway/address"
)

// CheckMedia refuses media that points into a private network: an upstream would
// fetch it from where it stands. Names are not resolved, since who fetches resolves
// them again; what is refused are addresses and names that are private as written.
func CheckMedia(urls []string) error {
	for _, raw := range urls {
		u, err := url.Parse(strings.TrimSpace(raw))
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || !ascii(u.Hostname()) || address.Private(u.Hostname()) {
			return access.ErrMediaPrivate
		}
	}
	return nil
}

// ascii says that whoever fetches reads the same host: characters that look like others,
// such as full-width digits, become those on the way.
func ascii(host string) bool {
	return !strings.ContainsFunc(host, func(r rune) bool { return r > '~' })
}
