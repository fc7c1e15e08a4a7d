package edge

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/providers/wire"
)

// What the log says of requests that are refused here, before there is a call: those that
// become one have a line from the gateway.
const (
	saidMost    = 100   // lines a second: whoever has no key must not fill a disk
	saidPath    = 128   // bytes of a path
	saidLabel   = 200   // bytes of a client's name for itself
	saidSegment = 32    // bytes of a part of a path; a longer one may be a key
	saidHidden  = "..." // in place of one that may be
	saidSecret  = "sk-" // how keys begin, if they are short
	saidRefused = "refused"
)

// said keeps the lines about refused requests few.
type said struct {
	mu     sync.Mutex
	second int64
	lines  int // of that second
	left   int // lines that were left out since one was written
}

// take says whether one more line may be written now, and how many were left out before it.
func (s *said) take(now time.Time) (left int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Unix() != s.second {
		s.second, s.lines = now.Unix(), 0
	}
	if s.lines >= saidMost {
		s.left++
		return 0, false
	}
	s.lines++
	left, s.left = s.left, 0
	return left, true
}

// sayRefused writes the line of a refused request.
func (w *writer) sayRefused(c *fiber.Ctx, id string, t Told, err error) {
	if gateway.Reported(err) {
		return
	}
	left, ok := w.said.take(time.Now()) //clock: of the log only
	if !ok {
		return
	}
	attrs := []slog.Attr{slog.String("request", id), slog.String("status", t.Code), slog.Int("http", t.Status),
		slog.String("method", wire.Excerpt(string(c.Request().Header.Method()), saidSegment)), slog.String("path", shownPath(c.Path()))}
	if key := keyOf(c, err); key != "" {
		attrs = append(attrs, slog.String("key", key))
	}
	if agent := c.Request().Header.UserAgent(); len(agent) > 0 {
		attrs = append(attrs, slog.String("client", wire.Excerpt(string(agent), saidLabel)))
	}
	attrs = append(attrs, slog.String("from", Address(c)))
	if left > 0 {
		attrs = append(attrs, slog.Int("left_out_before", left))
	}
	w.log.LogAttrs(context.Background(), slog.LevelInfo, saidRefused, attrs...)
}

// keyOf is the id of the key that a request came with, if it is one of those there are.
func keyOf(c *fiber.Ctx, err error) string {
	var refused *access.KeyError
	if errors.As(err, &refused) {
		return refused.Key
	}
	if k, ok := c.Context().Conn().(*conn); ok && k.request == RequestID(c) {
		return k.caller
	}
	return ""
}

// shownPath is a path without what may be a key that somebody has put there by mistake.
func shownPath(path string) string {
	if len(path) > saidPath {
		path = path[:saidPath] + saidHidden
	}
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if len(p) > saidSegment || strings.HasPrefix(strings.ToLower(p), saidSecret) {
			parts[i] = saidHidden
		}
	}
	return strings.ToValidUTF8(strings.Join(parts, "/"), "?")
}
