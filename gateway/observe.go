package gateway

import (
	"cmp"
	"errors"
	"io"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/tokens"
	"tollgate/gateway/toll"
	"tollgate/providers"
)

// observer watches one reply: for the request's line in the log and, when it was
// free, for its record.
type observer struct {
	// What every event needs is in one place: with many streams, where it lies costs more
	// than what is done with it.
	mu     sync.Mutex
	now    func() time.Time
	costs  bool             // what the operation uses counts
	counts bool             // count the tokens of the text here
	failed *providers.Error // the failure that the answer tells of
	first  time.Time
	gaps   Gaps

	usage    accounting.Usage
	source   accounting.Source
	tier     string
	answered string
	text     tokens.Growing // produced

	call     *call
	reply    Reply
	charge   *toll.Charge
	upstream string
	sent     time.Time
	shadow   accounting.Shadow // of a free deployment
}

type outcome struct {
	usage  accounting.Usage
	source accounting.Source
	cost   *accounting.Money
	flags  []string
}

func (m *observer) outcome() outcome {
	if m.charge != nil {
		u, src, cost, flags, ok := m.charge.Final()
		if ok {
			return outcome{u, src, cost, flags}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return outcome{usage: m.usage, source: m.source}
}

func (m *observer) charged(got *toll.Reply, err error) (*Reply, error) {
	if err != nil {
		return nil, err
	}
	m.charge, m.upstream, m.call.timing.answers = got.Charge, got.UpstreamID, got.Waited
	m.answers()
	m.reply.Capped, m.reply.Soft = got.Charge.Capped(), got.Charge.Soft()
	if got.Stream != nil {
		m.reply.ContentType = got.ContentType
		return m.begin(got.Stream)
	}
	return m.whole(got.Answer, m.call.g.passing()), nil
}

// begin waits for the first event before anybody is told of an answer: an upstream that
// fails at once gets a status of its own, and another may be tried. It does not wait
// longer than [Gateway.Commit].
func (m *observer) begin(from source) (*Reply, error) {
	begun := false
	first := make(chan peeked, 1)
	defer func() { // also after a panic: nobody else would close it, and its hold would stay
		if !begun {
			from.Close()
		}
	}()
	asked := m.call.g.passing()
	go func() {
		var p peeked
		defer func() {
			p.panicked = recover()
			first <- p
		}()
		p.ev, p.err = from.Next()
	}()
	patience := time.NewTimer(cmp.Or(m.call.g.Commit, CommitAfter))
	defer patience.Stop()
	s := &Stream{from: from, seen: m}
	select {
	case p := <-first:
		m.call.timing.answers += m.call.g.passing().Sub(asked)
		if p.panicked != nil {
			panic(p.panicked)
		}
		if p.err != nil && !errors.Is(p.err, io.EOF) {
			return nil, p.err
		}
		m.call.use.Answered(true)
		s.ahead = &p
	case <-patience.C:
		s.first, s.since = first, m.call.g.passing()
		m.call.timing.answers += s.since.Sub(asked)
	}
	begun = true
	m.reply.Stream = s
	return &m.reply, nil
}

// whole takes an answer that is there since now.
func (m *observer) whole(a *providers.Answer, now time.Time) *Reply {
	m.call.use.Answered(false)
	m.eventAt(now, &providers.Event{Usage: a.Usage, Text: a.Text, Model: a.Model, ServiceTier: a.ServiceTier, Failed: a.Failed})
	m.reply.Answer, m.reply.ContentType = a.Body, a.ContentType
	status, err := m.complete()
	m.finish(now, status, err)
	return &m.reply
}

func (m *observer) event(ev *providers.Event) { m.eventAt(m.now(), ev) }

func (m *observer) eventAt(now time.Time, ev *providers.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.first.IsZero() {
		m.first = now
	}
	if ev.Data != nil {
		m.gaps.event(now)
	}
	if !m.costs {
		return // what a kept response has used, and that it has failed, was counted when it was made
	}
	if ev.Failed != nil {
		m.failed = ev.Failed
	}
	if ev.Usage != nil {
		m.usage, _ = ev.Usage.Clamp()
		m.source = accounting.Reported
	}
	m.count(ev.Text)
	if ev.Model != "" {
		m.answered = ev.Model
	}
	if ev.ServiceTier != "" {
		m.tier = ev.ServiceTier
	}
}

// worth is what a free answer would have cost at the shadow price of its deployment,
// figured as if it were paid; nil if none is declared or the upstream has not counted.
// It goes into the record and the log and never comes near the books.
func (m *observer) worth(now time.Time) *accounting.Money {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.source != accounting.Reported {
		return nil
	}
	tier := m.tier
	if tier == "" || tier == "auto" {
		tier = m.call.req.Params.ServiceTier
	}
	u := m.usage
	if m.call.req.Operation.Output() && u.InputTokens() == 0 {
		return nil // the upstream has counted what it wrote, and not what it has read
	}
	u[accounting.Requests] = 1
	switch m.call.req.Operation {
	case providers.Transcriptions, providers.Translations: // as long as the recording
	default:
		u[accounting.Milliseconds] = max(now.Sub(m.sent).Milliseconds(), 1)
	}
	served, known := accounting.TierOf(tier)
	if !known {
		return nil
	}
	worth, ok := m.shadow.Worth(u, served)
	if !ok {
		return nil
	}
	figured := worth // the other one costs no allocation
	return &figured
}

// complete says what an answer comes to that is whole. One may say that it has failed: then
// its deployment is to blame as for any other failure of that kind.
func (m *observer) complete() (status string, err error) {
	if m.failed == nil {
		return "ok", nil
	}
	m.call.blame(m.failed)
	return m.failed.Kind.String(), m.failed
}
