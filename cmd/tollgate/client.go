package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tollgate/configs"
	"tollgate/gateway/admin"
	"tollgate/gateway/store"
)

// client calls the management API: over the network, or in this process when nobody
// has the database open.
type client struct {
	http   *http.Client
	base   string // without a slash at the end
	token  string
	remote bool // a server answers, and not this process
	shared bool // servers may be at work on the same database
	close  func() error
	// refusals are what a start would end with now; nil where a server answers.
	refusals func() []admin.Finding
}

const (
	clientTimeout = 60 * time.Second
	lockedTries   = 10 // another command has the database for a moment
	lockedWait    = 200 * time.Millisecond
	maxAnswer     = 64 << 20
)

// client returns the way to the API, found once.
func (s *session) client() (*client, error) {
	if s.api == nil {
		c, err := connect(s.ctx, s.g, s.stdin, s.stderr)
		if err != nil {
			return nil, err
		}
		s.api = c
	}
	return s.api, nil
}

func (s *session) close() error {
	if s.api == nil || s.api.close == nil {
		return nil
	}
	return s.api.close()
}

func connect(ctx context.Context, g globals, stdin io.Reader, stderr io.Writer) (*client, error) {
	if g.URL != "" {
		base, err := baseOf(g.URL)
		if err != nil {
			return nil, err
		}
		key, err := adminKey(ctx, g, stdin)
		if err != nil {
			return nil, err
		}
		return remote(base, key), nil
	}
	for try := 1; ; try++ {
		local, err := openLocal(ctx, g, stderr)
		var locked *store.LockedError
		switch {
		case err == nil:
			return local, nil
		case !errors.As(err, &locked):
			return nil, err
		case locked.Holder.URL != "":
			return remote(strings.TrimRight(locked.Holder.URL, "/"), locked.Holder.Token), nil
		case try == lockedTries:
			return nil, &fault{code: exitUnreachable, err: err, next: "it says no address: it is just starting, or it is a command that takes long; try again"}
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(lockedWait):
		}
	}
}

func remote(base, token string) *client {
	return &client{http: &http.Client{Timeout: clientTimeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // an admin key follows nobody elsewhere
	}}, base: base, token: token, remote: true}
}

// baseOf reads the address of a server as people write it.
func baseOf(text string) (string, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", usageError("--url: write the server's address, such as http://127.0.0.1:4000")
	}
	path := strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/v1")
	return u.Scheme + "://" + u.Host + path, nil
}

func adminKey(ctx context.Context, g globals, stdin io.Reader) (string, error) {
	key := g.AdminKey
	if key != "" && g.AdminKeyFile != "" {
		return "", usageError("the admin key is given twice, by itself and as a file: leave one away")
	}
	if g.AdminKeyFile != "" {
		text, err := typed(ctx, func() (string, error) {
			from := stdin
			if g.AdminKeyFile != "-" {
				f, err := os.Open(g.AdminKeyFile) // which may be a pipe
				if err != nil {
					return "", cannotRead(g.AdminKeyFile, err)
				}
				defer f.Close()
				from = f
			}
			b, err := io.ReadAll(io.LimitReader(from, configs.MaxSecret))
			return string(b), err
		})
		if err != nil {
			return "", usageError("the admin key: %w", err)
		}
		key = strings.TrimSpace(text)
	}
	if key == "" {
		return "", &fault{code: exitUsage, err: errors.New("a server is asked by --url, but with which admin key?"),
			next: "set TOLLGATE_ADMIN_KEY, or give --admin-key-file FILE"}
	}
	return key, nil
}

// apiError is a refusal of the API.
type apiError struct {
	Status  int
	Message string
	Code    string
	Param   string
	lines   []string // the problems of a configuration
}

func (e *apiError) Error() string {
	return strings.Join(append([]string{e.Message}, e.lines...), "\n  ")
}

func (e *apiError) exit() int {
	switch {
	case e.Status == http.StatusNotFound && e.Code != "unknown_path" && e.Code != "":
		return exitNotFound
	case e.Status == http.StatusBadRequest:
		return exitUsage
	case e.Status == http.StatusUnprocessableEntity:
		return exitRefused
	}
	return exitFailed
}

// notTollgate is the doubt about a server that knows nothing of the API.
const notTollgate = "is this a tollgate? its management API lies at " + admin.Prefix

func (e *apiError) next() string {
	switch e.Code {
	case "invalid_api_key", "expired_api_key", "blocked_api_key":
		return "the admin key was refused: check --admin-key-file or TOLLGATE_ADMIN_KEY"
	case "admin_only":
		return "give an admin key, not a caller's"
	case "not_permitted":
		return "somebody with a wider role can do it: an admin of the team or of the organization, or whoever manages tollgate"
	case "":
		if e.Status == http.StatusNotFound {
			return notTollgate
		}
	case "unknown_path":
		return notTollgate
	case "books_unavailable":
		return "the database of the server does not answer; free models are still served"
	case "exists":
		what, rest, _ := strings.Cut(e.Message, " ")
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil || !slices.Contains([]string{"user", "org", "team", "tag", "budget", "limit"}, what) || strings.Contains(rest, "in the configuration file") {
			break
		}
		if id, err := strconv.Unquote(quoted); err == nil {
			return fmt.Sprintf("change it with: tollgate %s update %s", what, word(id))
		}
	case "not_found":
		switch what, _, _ := strings.Cut(e.Message, " "); what {
		case "user", "org", "team", "key", "tag", "budget", "limit", "credential":
			return fmt.Sprintf("see: tollgate %s list", what)
		case "deployment":
			return "see: tollgate model list, for the id of what was added"
		}
	case "declared_in_file":
		return "change the configuration file; a running server reads it again by itself"
	}
	return ""
}

// do makes one request of the management API. in, unless nil, is sent as JSON; out, unless
// nil, takes the answer, which is returned as it came too.
func (c *client) do(ctx context.Context, method, path string, q url.Values, in, out any) ([]byte, error) {
	return c.at(ctx, method, admin.Prefix+path, q, in, out)
}

// at is do for a whole path.
func (c *client) at(ctx context.Context, method, path string, q url.Values, in, out any) ([]byte, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	to := c.base + path
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, to, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("User-Agent", "tollgate-cli/"+version())
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if who := operator(); method != http.MethodGet && actorName().MatchString(who) {
		req.Header.Set(admin.HeaderActor, who) // else the audit knows but the key, or that it was on this machine
	}
	res, err := c.http.Do(req)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return nil, &fault{code: exitUnreachable, err: fmt.Errorf("%s does not answer: %w", c.base, err), next: "is it running? start one with: tollgate serve"}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, &fault{code: exitUnreachable, err: fmt.Errorf("%s broke off: %w", c.base, err)}
	}
	if res.StatusCode >= 300 {
		return nil, readError(res.StatusCode, b)
	}
	if out != nil {
		if err := json.Unmarshal(b, out); err != nil {
			return nil, fmt.Errorf("%s does not answer as a tollgate does: %w", c.base, err)
		}
	}
	return b, nil
}

// actorName is what the API takes as the name of who is behind a change.
var actorName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[ -~]{1,256}$`) })

func readError(status int, b []byte) error {
	var v struct {
		Error struct {
			Message  string          `json:"message"`
			Code     string          `json:"code"`
			Param    string          `json:"param"`
			Problems []admin.Problem `json:"problems"`
		} `json:"error"`
	}
	if err := json.Unmarshal(b, &v); err != nil || v.Error.Message == "" {
		return &apiError{Status: status, Message: fmt.Sprintf("the server answered %d %s", status, http.StatusText(status))}
	}
	e := &apiError{Status: status, Message: v.Error.Message, Code: v.Error.Code, Param: v.Error.Param}
	for _, p := range v.Error.Problems {
		e.lines = append(e.lines, configs.Problem(p).String())
	}
	return e
}

// call is do for one path with the session's client; with --json it prints the
// answer and says so.
func (s *session) call(method, path string, in, out any) (printed bool, err error) {
	c, err := s.client()
	if err != nil {
		return false, err
	}
	b, err := c.do(s.ctx, method, path, nil, in, out)
	if err != nil || !s.g.JSON || out == nil {
		return false, err
	}
	return true, s.raw(b)
}

// collect reads all pages of a list. Items are kept as they came, too.
func collect[T any](s *session, path string, q url.Values) ([]T, []json.RawMessage, error) {
	c, err := s.client()
	if err != nil {
		return nil, nil, err
	}
	if q == nil {
		q = url.Values{}
	}
	q.Set("limit", fmt.Sprint(admin.MaxPage))
	var all []T
	raws := []json.RawMessage{}
	for {
		var page struct {
			Data []json.RawMessage `json:"data"`
			Next *string           `json:"next"`
		}
		if _, err := c.do(s.ctx, http.MethodGet, path, q, nil, &page); err != nil {
			return nil, nil, err
		}
		for _, raw := range page.Data {
			var v T
			if err := json.Unmarshal(raw, &v); err != nil {
				return nil, nil, fmt.Errorf("%s does not answer as a tollgate does: %w", c.base, err)
			}
			all = append(all, v)
		}
		raws = append(raws, page.Data...)
		if page.Next == nil {
			return all, raws, nil
		}
		q.Set("after", *page.Next)
	}
}

// listed prints a whole list as JSON, in the shape of one page.
func (s *session) listed(raws []json.RawMessage) error {
	b, err := json.Marshal(map[string]any{"data": raws, "next": nil})
	if err != nil {
		return err
	}
	return s.raw(b)
}

// seg makes an id fit for a path.
func seg(id string) string { return url.PathEscape(id) }
