package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/gateway/toll"
	"tollgate/providers"
)

// finish reports a request whose answer has ended, well if err is nil.
func (m *observer) finish(now time.Time, status string, err error) {
	c := m.call
	o := m.outcome()
	m.mu.Lock()
	answered, first := m.answered, m.first
	m.mu.Unlock()
	var worth *accounting.Money
	if m.reply.State == (catalog.Free{}).State() {
		worth = m.worth(now)
		r := c.record(now, status)
		r.Deployment, r.Answered, r.Price, r.Usage, r.Source, r.Worth = m.reply.Deployment, answered, m.reply.State, o.usage, o.source, worth
		c.g.Recorder.Record(r)
	}
	room := rooms.Get().(*[maxAttrs]slog.Attr)
	defer vacate(room)
	attrs := c.attrs(room[:0], status, now)
	attrs = append(attrs, slog.String("deployment", m.reply.Deployment), slog.String("answered", answered), slog.String("price", m.reply.State),
		slog.Int64("input", o.usage.InputTokens()), slog.Int64("output", o.usage.OutputTokens()), slog.String("counted", string(o.source)),
		slog.Int("attempts", m.reply.Attempts))
	if len(m.reply.Tried) > 0 {
		attrs = append(attrs, slog.Any("tried", m.reply.Tried))
	}
	if o.cost != nil {
		attrs = append(attrs, slog.String("cost", o.cost.String()))
	}
	if worth != nil {
		attrs = append(attrs, slog.String("worth", worth.String()))
	}
	if !first.IsZero() {
		attrs = append(attrs, slog.Int64("first_ms", first.Sub(c.began).Milliseconds()))
	}
	if m.upstream != "" {
		attrs = append(attrs, slog.String("upstream_request", m.upstream))
	}
	if s := m.reply.Skipped; s != nil {
		attrs = append(attrs, slog.Any("skipped", s.Deployments), slog.String("skipped_for", s.Reason))
	}
	if m.reply.Model != c.req.Params.Model {
		attrs = append(attrs, slog.String("served_as", m.reply.Model))
	}
	if len(o.flags) > 0 {
		attrs = append(attrs, slog.Any("flags", o.flags))
	}
	if len(m.reply.Soft) > 0 {
		attrs = append(attrs, slog.Any("past_soft_limit", m.reply.Soft))
	}
	level := slog.LevelInfo
	if err != nil {
		level = levelOf(err)
		if up := providers.AsError(err); up != nil {
			attrs = append(attrs, slog.String("error", dispatch.Told(up)))
		}
	}
	c.measure(m, status, now)
	c.g.say(level, attrs)
}

// levelOf is the level of the line of a request that was sent upstream and did not end well.
// What the upstream, the books or a shutdown did to it is a warning, since something may be
// done about it. What came of itself is none: the client left, asked for what no model takes
// or has no money left, or its key was revoked.
func levelOf(err error) slog.Level {
	var refusal *ledger.Refusal
	switch up := providers.AsError(err); {
	case up != nil && up.Kind == providers.KeyRefused:
		return slog.LevelError // the operator's business, at once
	case up != nil && (up.Kind == providers.BadRequest || up.Kind == providers.ContextTooLong || up.Kind == providers.ContentRefused):
		return slog.LevelInfo
	case up != nil || errors.Is(err, ErrShutdown):
		return slog.LevelWarn
	case errors.As(err, &refusal), errors.Is(err, context.Canceled), isRevoked(err):
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

// say writes the line of a request. It does what [slog.Logger.LogAttrs] does, less
// looking for where it was called.
func (g *Gateway) say(level slog.Level, attrs []slog.Attr) {
	to := g.Log.Handler()
	if !to.Enabled(context.Background(), level) {
		return
	}
	line := slog.NewRecord(time.Now(), level, "request", 0)    //clock: of the log only
	line.AddAttrs(slog.Attr{Value: slog.GroupValue(attrs...)}) // a group without a name is its members, and they are not copied
	_ = to.Handle(context.Background(), line)                  // there is nobody to tell of a log that cannot be written
}

// maxAttrs is how many attributes a request's line has room for without an allocation.
const maxAttrs = 24

// rooms are where the attributes of lines are put together. A handler of the log keeps
// nothing of a line when it has handled it.
var rooms = sync.Pool{New: func() any { return new([maxAttrs]slog.Attr) }}

func vacate(room *[maxAttrs]slog.Attr) {
	clear(room[:])
	rooms.Put(room)
}

// attrs appends what every request's line says.
func (c *call) attrs(to []slog.Attr, status string, now time.Time) []slog.Attr {
	who := c.req.Who
	attrs := append(to, slog.String("request", c.req.ID), slog.String("status", status), slog.String("operation", c.req.Operation.String()),
		slog.String("model", c.asked()), slog.Bool("stream", c.req.Params.Stream), slog.String("key", who.Key.ID), slog.Int64("took_ms", now.Sub(c.began).Milliseconds()))
	if who.User != nil {
		attrs = append(attrs, slog.String("user", who.User.ID))
	}
	if who.Team != nil {
		attrs = append(attrs, slog.String("team", who.Team.ID))
	}
	for _, l := range []struct{ key, value string }{{"end_user", who.EndUser}, {"client_request", c.req.Labels.ClientRequestID},
		{"client", c.req.Labels.UserAgent}, {"client_retry", c.req.Labels.Retry}, {"from", c.req.Labels.Address}} {
		if l.value != "" {
			attrs = append(attrs, slog.String(l.key, l.value))
		}
	}
	if len(who.Tags) > 0 {
		attrs = append(attrs, slog.Any("tags", who.Tags))
	}
	return attrs
}

// asked is the model that was asked for, as it is written down. Some programs send a key in
// its place, which is kept nowhere.
func (c *call) asked() string {
	if c.resolved == "" && access.MayBeKey(c.req.Params.Model) {
		return "(a key)"
	}
	return c.req.Params.Model
}

func (c *call) record(now time.Time, status string) Record {
	who := c.req.Who
	r := Record{At: c.g.Now(), RequestID: c.req.ID, KeyID: who.Key.ID, EndUser: who.EndUser, Tags: who.Tags, Operation: c.req.Operation.String(),
		Model: c.asked(), Stream: c.req.Params.Stream, Status: status, Took: now.Sub(c.began)}
	if who.User != nil {
		r.UserID = who.User.ID
	}
	if who.Team != nil {
		r.TeamID = who.Team.ID
	}
	if who.Org != nil {
		r.OrgID = who.Org.ID
	}
	return r
}

// refused reports a request that got no answer.
func (c *call) refused(err error) {
	now := c.g.passing()
	status := Reason(err)
	level := slog.LevelInfo
	room := rooms.Get().(*[maxAttrs]slog.Attr)
	defer vacate(room)
	attrs := c.attrs(room[:0], status, now)
	r := c.record(now, status)
	var budget *BudgetError
	if errors.As(err, &budget) {
		attrs = append(attrs, slog.String("budget", budget.Refusal.Short[0].Claim.Budget.ID))
	}
	var limit *LimitError
	if errors.As(err, &limit) {
		attrs = append(attrs, slog.String("limit", limit.Refusal.Rule.ID))
	}
	var failed *AttemptError
	if errors.As(err, &failed) {
		level = levelOf(err)
		r.Deployment = failed.Deployment
		attrs = append(attrs, slog.String("deployment", failed.Deployment), slog.Int("attempts", failed.Attempts))
		if len(c.tried) > 0 {
			attrs = append(attrs, slog.Any("tried", c.tried))
		}
		if up := providers.AsError(err); up != nil {
			attrs = append(attrs, slog.String("error", dispatch.Told(up)))
			if up.UpstreamID != "" {
				attrs = append(attrs, slog.String("upstream_request", up.UpstreamID))
			}
		}
		if failed.Skipped != nil {
			attrs = append(attrs, slog.Any("skipped", failed.Skipped.Deployments), slog.String("skipped_for", failed.Skipped.Reason))
		}
	}
	c.g.Recorder.Record(r)
	c.measure(nil, status, now)
	c.g.say(level, attrs)
}

// Reason is the status that a failed request has in records and in the log.
func Reason(err error) string {
	var budget *BudgetError
	var limit *LimitError
	var shut *balancer.Shut
	var failed *AttemptError
	switch up := providers.AsError(err); {
	case up != nil:
		return up.Kind.String()
	case errors.As(err, &budget):
		return passedReason(budget.Refusal)
	case isRepeat(err), errors.Is(err, ledger.ErrOnceFull):
		return "repeated"
	case errors.As(err, &limit):
		return "rate_limited"
	case errors.Is(err, limits.ErrUnavailable):
		return "limits_unavailable"
	case errors.As(err, &shut):
		return "left_out"
	case errors.Is(err, balancer.ErrQueueFull), errors.Is(err, balancer.ErrQueueWait):
		return "busy"
	case errors.Is(err, ErrBooksDown), errors.Is(err, toll.ErrUnsettled):
		return "books_unavailable"
	case errors.Is(err, ErrPriceUnknown):
		return "price_unknown"
	case errors.Is(err, catalog.ErrNoModel), errors.Is(err, catalog.ErrModelGone):
		return "model_not_found"
	case errors.Is(err, access.ErrModelDenied), errors.Is(err, access.ErrAdminCalls), errors.Is(err, access.ErrMediaDenied):
		return "denied"
	case errors.Is(err, ErrOperation):
		return "unsupported"
	case errors.Is(err, ErrShutdown):
		return "cut_off"
	case errors.Is(err, context.Canceled):
		return "client_gone"
	case errors.As(err, &failed) && isRevoked(err):
		return "cut_off" // before the first of its stream came
	}
	return "error"
}

// isRevoked says that a key may not go on with what it has begun.
func isRevoked(err error) bool {
	for _, why := range []error{access.ErrUnknownKey, access.ErrKeyBlocked, access.ErrKeyExpired, access.ErrUserBlocked, access.ErrTeamBlocked,
		access.ErrOrgBlocked, access.ErrEndUser, access.ErrTagBlocked} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}
