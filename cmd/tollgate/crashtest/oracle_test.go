//go:build crash

package crashtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// entry is a line of the books as the oracle reads it.
type entry struct {
	id, requestID, endUser, deployment string
	cost                               *int64
	held, input, cached, output        int64
	source, status                     string
	claims                             []counter
	corrects                           *string // the entry that this one corrects
}

// counter names a running total.
type counter struct {
	Budget  string `json:"budget"`
	Account string `json:"account"`
	Start   int64  `json:"start"`
}

type standing struct{ posted, held int64 }

// books is everything that money is in.
type books struct {
	entries  []entry
	counters map[counter]standing
	holds    int64
}

// maxProblems is how many differences are told. One of a call takes two lines.
const maxProblems = 9

// problems collects what differs.
type problems struct {
	told []string
	more int
}

func (p *problems) add(format string, args ...any) {
	if len(p.told) < maxProblems {
		p.told = append(p.told, fmt.Sprintf(format, args...))
		return
	}
	p.more++
}

func (p *problems) String() string {
	text := strings.Join(p.told, "\n")
	if p.more > 0 {
		text += fmt.Sprintf("\nand %d more", p.more)
	}
	return text
}

// settled waits until nothing is held: every hold of a dead process has been found.
func (f *fleet) settled() {
	f.t.Helper()
	var holds, held int64
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		holds, held = f.number(`select count(*) from holds`), f.number(`select coalesce(sum(held), 0) from counters`)
		if holds == 0 && held == 0 {
			return
		}
	}
	f.t.Errorf("%d holds are still open and %d nano-dollars held, %s after the last call ended", holds, held, patience)
}

func (f *fleet) number(query string) (n int64) {
	f.t.Helper()
	if err := f.db.QueryRow(query).Scan(&n); err != nil {
		f.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (f *fleet) read() books {
	f.t.Helper()
	b := books{counters: map[counter]standing{}, holds: f.number(`select count(*) from holds`)}
	rows, err := f.db.Query(`select id, request_id, end_user, deployment, cost, held, input, cached, output, source, status, claims, corrects from entries`)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var e entry
		var claims []byte
		if err := rows.Scan(&e.id, &e.requestID, &e.endUser, &e.deployment, &e.cost, &e.held, &e.input, &e.cached, &e.output, &e.source, &e.status, &claims, &e.corrects); err != nil {
			f.t.Fatal(err)
		}
		if err := json.Unmarshal(claims, &e.claims); err != nil {
			f.t.Fatalf("the claims of entry %s: %v: %s", e.id, err, claims)
		}
		b.entries = append(b.entries, e)
	}
	if err := rows.Err(); err != nil {
		f.t.Fatal(err)
	}
	counters, err := f.db.Query(`select budget_id, account_id, period_start, posted, held from counters`)
	if err != nil {
		f.t.Fatal(err)
	}
	defer counters.Close()
	for counters.Next() {
		var c counter
		var s standing
		if err := counters.Scan(&c.Budget, &c.Account, &c.Start, &s.posted, &s.held); err != nil {
			f.t.Fatal(err)
		}
		b.counters[c] = s
	}
	if err := counters.Err(); err != nil {
		f.t.Fatal(err)
	}
	return b
}

// audit compares the books with what the upstream sent and what each client received.
// The load has ended and a replica serves.
func (f *fleet) audit() {
	f.t.Helper()
	f.settled()
	var p problems
	b := f.read()
	f.checkCounters(&p, b)
	f.checkCalls(&p, b)
	f.checkAPI(&p, b)
	if len(p.told) > 0 {
		f.t.Errorf("the books differ from what happened:\n%s", &p)
	}
	f.t.Log(f.summary(b))
}

// checkCounters holds I2 (sums), I3 (holds) and I6 (limits).
func (f *fleet) checkCounters(p *problems, b books) {
	f.t.Helper()
	var list struct {
		Data []struct {
			ID    string
			Limit *string
		}
	}
	f.api("GET", "/budgets?limit=100", "", &list)
	limits := map[string]int64{}
	for _, x := range list.Data {
		if x.Limit != nil {
			limits[x.ID] = money(f.t, *x.Limit)
		}
	}
	if len(limits) == 0 {
		p.add("no budget has a limit: the oracle would check nothing")
	}
	sums := map[counter]int64{}
	for _, e := range b.entries {
		if len(e.claims) != claims {
			p.add("entry %s of %s counts for %d budgets, not %d", e.id, e.endUser, len(e.claims), claims)
		}
		for _, c := range e.claims {
			if _, ok := b.counters[c]; !ok {
				p.add("entry %s of %s counts for budget %s of %q, which has no counter", e.id, e.endUser, c.Budget, c.Account)
			}
			if e.cost != nil {
				sums[c] += *e.cost
			}
		}
	}
	for c, s := range b.counters {
		if s.posted != sums[c] {
			p.add("budget %s of %q: %d is posted, its entries are %d", c.Budget, c.Account, s.posted, sums[c])
		}
		if s.held != 0 {
			p.add("budget %s of %q: %d is held by nobody", c.Budget, c.Account, s.held)
		}
		if limit, ok := limits[c.Budget]; ok && s.posted > limit {
			p.add("budget %s of %q: %d is posted, the limit is %d", c.Budget, c.Account, s.posted, limit)
		}
	}
	if b.holds != 0 {
		p.add("%d holds are open and nobody calls", b.holds)
	}
}

// checkCalls holds I1, I4 and I5, and T3, T4, T8 and T9, call by call.
func (f *fleet) checkCalls(p *problems, b books) {
	of := map[string][]entry{}
	for _, e := range merged(p, b.entries) {
		of[e.endUser] = append(of[e.endUser], e)
	}
	for _, id := range slices.Sorted(maps.Keys(f.book.calls)) {
		c := f.book.calls[id]
		if wrong := f.judge(c, of[id]); len(wrong) > 0 {
			p.add("%s: %s\n    %s", id, strings.Join(wrong, "; "), c.describe(of[id]))
		}
		delete(of, id)
	}
	for id, entries := range of {
		p.add("%d entries are of %q, who never called", len(entries), id)
	}
}

// merged puts every correction together with the entry that it corrects: a process that
// was taken for dead came back and knew better.
func merged(p *problems, entries []entry) (out []entry) {
	byID := map[string]int{}
	for _, e := range entries {
		if e.corrects == nil {
			byID[e.id] = len(out)
			out = append(out, e)
		}
	}
	for _, e := range entries {
		if e.corrects == nil {
			continue
		}
		i, ok := byID[*e.corrects]
		if !ok || out[i].source != "uncertain" || out[i].cost == nil || e.cost == nil {
			p.add("entry %s of %s corrects %s, which is no uncertain entry", e.id, e.endUser, *e.corrects)
			continue
		}
		was := &out[i]
		sum := *was.cost + *e.cost
		was.cost, was.input, was.cached, was.output = &sum, was.input+e.input, was.cached+e.cached, was.output+e.output
		was.source, was.status = e.source, e.status
	}
	return out
}

// judge returns what is wrong with the entries of one call.
func (f *fleet) judge(c *call, entries []entry) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	s := &c.seen
	if s.took > patience-time.Second {
		say("no end within %s", patience)
	}
	if f.calm(s) && !s.definitive() && !s.cut {
		say("the connection broke, and nobody was killed")
	}
	if s.complete && s.status == 0 || s.status == 401 || s.status == 403 || s.status == 404 || s.status == 418 {
		say("an answer that no call of these tests should get")
	}
	attempts := map[string]*attempt{}
	for _, a := range c.attempts {
		if attempts[a.id] != nil {
			say("the upstream saw attempt %s twice", a.id)
		}
		attempts[a.id] = a
	}
	found := map[string]bool{}
	for _, e := range entries {
		if free(e.deployment) {
			say("an entry for a free deployment")
			continue
		}
		if e.cost == nil {
			say("entry %s has no cost", e.id)
			continue
		}
		if s.requestID != "" && e.requestID != s.requestID {
			say("entry %s is of request %s, the client was told %s", e.id, e.requestID, s.requestID)
		}
		a := attempts[e.id]
		if a == nil {
			// Held and never sent: what became of it nobody could know after a crash.
			if e.source != "uncertain" {
				say("entry %s is %s, and the upstream never saw its attempt", e.id, e.source)
			}
			if !f.unknown(s) {
				say("entry %s is of an attempt that the upstream never saw, and the client was told the end", e.id)
			}
			if *e.cost > e.held {
				say("entry %s costs %d, more than the %d that were held", e.id, *e.cost, e.held)
			}
			continue
		}
		if found[e.id] = true; a.deployment != e.deployment {
			say("entry %s is for %s, the upstream was called as %s", e.id, e.deployment, a.deployment)
			continue
		}
		f.judgeEntry(c, a, e, say)
	}
	for _, a := range c.attempts {
		if found[a.id] || free(a.deployment) {
			continue
		}
		if _, end := a.state(); end != endStatus {
			say("the upstream served attempt %s (%s), and no entry tells of it", a.id, end)
		}
	}
	switch c.kind {
	case kindFree:
		if len(entries) > 0 {
			say("a free call has %d entries", len(entries))
		}
	case kindRefused:
		if len(entries) > 0 || len(c.attempts) > 0 || s.status == 200 {
			say("a call by somebody with a budget of zero: %d entries, %d attempts, status %d", len(entries), len(c.attempts), s.status)
		}
	}
	if s.status == 200 && s.complete && s.code == "" {
		if last := c.answered(); last == nil {
			say("the client has an answer that the upstream never gave")
		} else if !free(last.deployment) && !found[last.id] {
			say("the client has the whole answer, and no entry tells of it")
		}
	}
	return wrong
}

// unknown says whether it may be that nobody knows how a call ended: its client was
// told nothing definite, or the books had trouble.
func (f *fleet) unknown(s *seen) bool { return !s.definitive() || f.troubled }

// calm says that nothing ended a process after a call had begun.
func (f *fleet) calm(s *seen) bool { return s.kills == f.kills.Load() && !f.troubled }

// answered is the attempt that the client's answer came from: the last.
func (c *call) answered() *attempt {
	if len(c.attempts) == 0 {
		return nil
	}
	return c.attempts[len(c.attempts)-1]
}

// judgeEntry compares an entry with the attempt that it is of.
func (f *fleet) judgeEntry(c *call, a *attempt, e entry, say func(string, ...any)) {
	s, r := &c.seen, rates[a.deployment]
	reported, end := a.state()
	sent, got := a.sent.Load(), int64(0)
	answer := a == c.answered()
	if answer {
		got = s.tokens
	}
	whole := answer && s.status == 200 && s.complete && s.code == ""
	if sent < got {
		say("the client received %d tokens of %d that were sent", got, sent)
	}
	switch {
	case whole && e.source != "reported" && e.source != "counted":
		say("entry %s is %s, though the client has the whole answer", e.id, e.source)
	case end == endStatus && !f.unknown(s):
		say("entry %s charges a call that the upstream refused", e.id)
	}
	if e.source == "uncertain" {
		// Whoever settled it knew the prompt, and perhaps how far the stream had come.
		least := r.cost(c.prompt, c.prompt, 0)
		if *e.cost < least || *e.cost > e.held {
			say("entry %s is uncertain and costs %d, not between the prompt's %d and the %d that were held", e.id, *e.cost, least, e.held)
		}
		if (!f.unknown(s) || f.calm(s)) && a.stream && got > 0 {
			say("entry %s is uncertain, though nobody died within the stream", e.id)
		}
		return
	}
	if want := r.cost(e.input, e.cached, e.output); *e.cost != want {
		say("entry %s costs %d; its %d tokens in (%d cached) and %d out cost %d", e.id, *e.cost, e.input, e.cached, e.output, want)
	}
	if e.input != c.prompt {
		say("entry %s counts %d tokens of prompt, not %d", e.id, e.input, c.prompt)
	}
	switch e.source {
	case "reported":
		if reported == nil {
			say("entry %s says that the upstream reported its usage: it did not", e.id)
			return
		}
		if e.cached != reported.cached {
			say("entry %s counts %d cached tokens, not %d", e.id, e.cached, reported.cached)
		}
		if running := a.part.usage == usageRunning; e.output != reported.output && !(running && !whole && e.output >= got && e.output <= reported.output) {
			say("entry %s counts %d tokens out; %d were reported", e.id, e.output, reported.output)
		}
		if whole && s.cost != "" && money(f.t, s.cost) != *e.cost {
			say("entry %s costs %d, the client was told %s USD", e.id, *e.cost, s.cost)
		}
	case "counted", "estimated":
		if whole && reported != nil {
			say("entry %s is %s, though the upstream reported its usage", e.id, e.source)
		}
		if e.output < got || e.output > sent || whole && e.output != sent {
			say("entry %s counts %d tokens out; %d were sent and the client received %d", e.id, e.output, sent, got)
		}
		if e.source == "counted" && end != endWhole {
			say("entry %s is counted as if it were whole; the upstream's answer ended with %s", e.id, end)
		}
	default:
		say("entry %s is %s, which is no source", e.id, e.source)
	}
}

// describe tells a call in one line.
func (c *call) describe(entries []entry) string {
	s := &c.seen
	text := fmt.Sprintf("%s call of %s to %s (stream %t), to replica %d after %d kills: status %d complete %t code %q tokens %d cut %t broke %q",
		c.kind, c.who, c.model, c.stream, s.replica, s.kills, s.status, s.complete, s.code, s.tokens, s.cut, s.broke)
	for _, a := range c.attempts {
		u, end := a.state()
		text += fmt.Sprintf("; attempt %s at %s sent %d (%s) ended %s", a.id, a.deployment, a.sent.Load(), a.part.usage, end)
		if u != nil {
			text += fmt.Sprintf(" reported %d/%d/%d", u.input, u.cached, u.output)
		}
	}
	for _, e := range entries {
		text += fmt.Sprintf("; entry %s at %s %s %s %d/%d/%d", e.id, e.deployment, e.source, e.status, e.input, e.cached, e.output)
		if e.cost != nil {
			text += fmt.Sprintf(" cost %d held %d", *e.cost, e.held)
		}
	}
	return text
}

// checkAPI holds I2 for the report and I8 for the engine.
func (f *fleet) checkAPI(p *problems, b books) {
	f.t.Helper()
	var sum, calls int64
	for _, e := range b.entries {
		if e.cost != nil {
			sum += *e.cost
			if e.corrects == nil {
				calls++
			}
		}
	}
	var report struct {
		Total struct {
			Cost string
			Paid struct{ Calls int64 }
		}
	}
	f.api("GET", "/usage?from=2000-01-01T00:00:00Z", "", &report)
	if got := money(f.t, report.Total.Cost); got != sum || report.Total.Paid.Calls != calls {
		p.add("the report says %d for %d calls, the entries are %d for %d", got, report.Total.Paid.Calls, sum, calls)
	}
	if f.sqlite() {
		var verdict string
		if err := f.db.QueryRow(`pragma integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
			p.add("integrity_check: %q, %v", verdict, err)
		}
	}
}

func (f *fleet) sqlite() bool {
	return fmt.Sprintf("%T", f.db.Driver()) == "*sqlite3.SQLiteDriver"
}

// summary says what a run consisted of: a run in which nothing happened proves nothing.
func (f *fleet) summary(b books) string {
	kinds, ends, sources := map[string]int{}, map[string]int{}, map[string]int{}
	spent := 0
	for _, c := range f.book.calls {
		kinds[c.kind]++
		if c.who == "poor" && c.seen.code == "budget_exceeded" {
			spent++
		}
		switch s := &c.seen; {
		case s.complete && s.status == 200 && s.code == "":
			ends["whole"]++
		case s.cut:
			ends["cut by the client"]++
		case s.code != "":
			ends["error"]++
		default:
			ends["broken"]++
		}
	}
	for _, e := range b.entries {
		sources[e.source]++
	}
	if f.kills.Load() >= 50 && (ends["whole"] == 0 || spent == 0 || sources["reported"] == 0 || sources["counted"] == 0 || sources["estimated"] == 0 || sources["uncertain"] == 0) {
		f.t.Error("the run was too poor to prove anything")
	}
	return fmt.Sprintf("%d kills, %d calls %v, which ended %v; %d refused by the budget that is spent; entries %v",
		f.kills.Load(), len(f.book.calls), kinds, ends, spent, sources)
}

// verify runs the program's own check of its books, over a database that no process
// has open. Without the command nothing is checked.
func (f *fleet) verify() {
	f.t.Helper()
	if !f.has("verify") {
		f.t.Log("this build has no verify command")
		return
	}
	out, err := f.command(nil, "verify").CombinedOutput()
	if err != nil {
		f.t.Errorf("tollgate verify: %v\n%s", err, out)
	}
}

// has says whether this build has a command.
func (f *fleet) has(command string) bool {
	f.t.Helper()
	help, err := exec.Command(f.bin, "--help").CombinedOutput()
	if err != nil {
		f.t.Fatalf("%s --help: %v", f.bin, err)
	}
	return strings.Contains(string(help), "\n  "+command+" ")
}
