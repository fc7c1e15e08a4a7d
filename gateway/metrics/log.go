package metrics

import (
	"context"
	"log/slog"
)

// levels are how lines of the log are told apart.
var levels = [...]string{"debug", "info", "warn", "error"}

// Log returns a handler that passes every line on to another and counts it.
func (m *Metrics) Log(to slog.Handler) slog.Handler { return &lines{to, m} }

type lines struct {
	slog.Handler
	m *Metrics
}

// Handle implements [slog.Handler].
func (l *lines) Handle(ctx context.Context, r slog.Record) error {
	i := 0
	switch {
	case r.Level >= slog.LevelError:
		i = 3
	case r.Level >= slog.LevelWarn:
		i = 2
	case r.Level >= slog.LevelInfo:
		i = 1
	}
	l.m.logged[i].add(1)
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (l *lines) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &lines{l.Handler.WithAttrs(attrs), l.m}
}

// WithGroup implements [slog.Handler].
func (l *lines) WithGroup(name string) slog.Handler { return &lines{l.Handler.WithGroup(name), l.m} }
