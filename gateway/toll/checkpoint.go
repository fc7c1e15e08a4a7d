package toll

import (
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// How often a stream's progress is written down, so that a crash forgets no more than
// this of what it has produced.
const (
	checkpointTokens = 500 // output tokens since the last time
	checkpointTime   = 5 * time.Second
)

// promptBytes is how much of a prompt a checkpoint counts in a stream's way, in bytes.
const promptBytes = 16 << 10

// checkpoint writes down how far the answer has got, if that is due.
func (m *meter) checkpoint() {
	now := m.toll.now()
	late := now.Sub(m.at) >= checkpointTime
	if !late && m.about() < m.passed+checkpointTokens {
		return
	}
	if m.lags || m.reported == nil {
		m.text.Look()
	}
	u, _ := m.usage(accounting.Estimated, m.someOfPrompt)
	if !late && u.OutputTokens() < m.passed+checkpointTokens {
		return
	}
	m.at, m.passed = now, u.OutputTokens()
	p := ledger.Progress{Usage: u, Running: m.following()}
	switch cost, err := m.cost(u); {
	case err != nil:
		p.Cost = m.hold.Held() // as at the end
	case cost != nil:
		p.Cost = cost.Total
	}
	m.hold.Checkpoint(p)
}

// following is where the attempt goes on if it is one that is followed; "": it is not.
func (m *meter) following() string {
	if m.slot == nil {
		return ""
	}
	return m.running
}

// goesOn notes where an attempt goes on whatever becomes of this process, and writes it
// down, so that the next process can follow it.
func (m *meter) goesOn(running string) {
	if running == "" || running == m.running {
		return
	}
	if m.running = running; m.following() != "" {
		m.hold.Checkpoint(ledger.Progress{Running: running})
	}
}

// about is about how many output tokens there are, without counting.
func (m *meter) about() int64 {
	n := m.text.About()
	if m.reported != nil {
		if !m.lags {
			return m.reported.OutputTokens()
		}
		n = max(n, m.reported.OutputTokens())
	}
	return n
}

// someOfPrompt estimates the tokens of the prompt, once.
func (m *meter) someOfPrompt() int64 {
	if m.prompt == 0 {
		m.prompt, _ = m.promptTokens(promptBytes)
	}
	return m.prompt
}
