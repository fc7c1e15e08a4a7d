package control

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"strings"

	"tollgate/gateway/catalog"
)

// originOf is the scheme, host and port of an address, the port only if it is not the
// scheme's own: where secrets are sent, whatever the path. An address that is no URL is its
// own.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	scheme, host, port := strings.ToLower(u.Scheme), strings.ToLower(u.Hostname()), u.Port()
	if port == map[string]string{"http": "80", "https": "443"}[scheme] {
		port = ""
	}
	switch {
	case port != "":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return scheme + "://" + host
}

// originsOf reads the URLs that a credential is for, and leaves of each where it leads.
func originsOf(urls []string) ([]string, error) {
	if len(urls) > MaxURLs {
		return nil, invalid("more than %d URLs", MaxURLs)
	}
	out := []string{}
	for _, text := range urls {
		u, err := url.Parse(text)
		switch {
		case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
			return nil, invalid("%.100q is no URL: write https://HOST or http://HOST:PORT", text)
		case u.User != nil:
			return nil, invalid("a credential does not belong in a URL")
		}
		out = append(out, originOf(text))
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// addressOf is where the secrets of a deployment are sent: the origin of its own provider;
// "" if it has none, or if it cannot be read.
func (c *Control) addressOf(read *catalog.Addition) string {
	if read.Provider == nil {
		return ""
	}
	at := read.Provider.URL
	for _, k := range c.kinds {
		if at == "" && k.Name == read.Provider.Kind {
			at = k.URL
		}
	}
	return originOf(at)
}

// staysWhere refuses to send secrets that nobody has said again to another address than
// those that they were given for.
func staysWhere(unsaid, from []string, to ...string) error {
	for _, at := range to {
		if len(unsaid) > 0 && at != "" && !slices.Contains(from, at) {
			return inField("secrets", invalid("they would go to %s, and were given for %s: say them again with the new address (%s)",
				at, cmp.Or(strings.Join(from, ", "), "no address"), strings.Join(unsaid, ", ")))
		}
	}
	return nil
}

// bind notes for each credential that says of no address where it may be sent that it is for
// those of the deployments that use it.
func (d *draft) bind() {
	used := map[string][]string{}
	for _, m := range byAge(d.adding.deployments, (*deployment).made) {
		v := d.adding.credentials[m.Credential]
		if v == nil || len(v.URLs) > 0 {
			continue
		}
		d.readDeployment(d.adding, m, d.declared.Prices)
		if at := d.addressOf(m.read); at != "" {
			used[v.ID] = append(used[v.ID], at)
		}
	}
	for _, v := range byAge(d.adding.credentials, (*credential).made) {
		if urls := used[v.ID]; len(urls) > 0 {
			bound := &credential{v.StoredCredential}
			slices.Sort(urls)
			bound.URLs = slices.Compact(urls)
			d.write(PutCredential{bound.StoredCredential, false, nil})
			d.adding.credentials[v.ID] = bound
		}
	}
}
