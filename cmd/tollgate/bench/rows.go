//go:build bench

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// row is one line of the table.
type row struct {
	quantity string
	load     string
	errors   int64
	must     float64
	aim      float64
	unit     string // of the figures: "x" for a ratio to the pass-through, else MB or ms
	ratio    float64
	other    float64 // the ratio of the net/http proxy; 0: not measured
	base     string  // what the ratio is to
	own      string  // tollgate's own figure
	atLeast  bool    // more is better
	note     string
}

func (r row) met() string {
	better := func(than float64) bool {
		if r.atLeast {
			return r.ratio >= than
		}
		return r.ratio <= than
	}
	switch {
	case r.must == 0: // nothing was promised
		return ""
	case better(r.aim):
		return "aim"
	case better(r.must):
		return "must"
	}
	return "short"
}

// bench is the servers and what they were given.
type bench struct {
	plan
	core int

	fast, net      *exec.Cmd
	fastTo, netTo  target
	upFast, upNet  *upstream
	upFree, upPaid *upstream // behind tollgate
	gate           *tollgate
	others         []*tollgate
	given          map[string]int64 // answers by server, and by model where it is the main program
	errors         int64
	why            error // the first failure
}

func (b *bench) start() (err error) {
	b.given = map[string]int64{}
	for _, u := range []**upstream{&b.upFast, &b.upNet, &b.upFree, &b.upPaid} {
		if *u, err = newUpstream(); err != nil {
			return err
		}
	}
	if b.fast, b.fastTo, err = b.startProxy("fasthttp", b.upFast); err != nil {
		return err
	}
	if b.net, b.netTo, err = b.startProxy("nethttp", b.upNet); err != nil {
		return err
	}
	if b.gate, err = newTollgate(b.plan, b.core, "program", b.upFree.address, b.upPaid.address); err != nil {
		return err
	}
	_, err = b.gate.start()
	b.given["free"]++
	return err
}

func (b *bench) startProxy(kind string, up *upstream) (*exec.Cmd, target, error) {
	to := target{address: freeAddress(), key: "sk-none", model: "m"}
	self, err := os.Executable()
	if err != nil {
		return nil, to, err
	}
	cmd := exec.Command(self, "proxy", kind, to.address, up.address)
	if err := startOn(cmd, b.core); err != nil {
		return nil, to, err
	}
	to.pid = cmd.Process.Pid
	request := load{size: 200}.request(to)
	for until := time.Now().Add(startWithin); !answers(to.address, request); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			return cmd, to, fmt.Errorf("the %s proxy did not start", kind)
		}
	}
	b.given[kind]++
	return cmd, to, nil
}

func (b *bench) stop() {
	for _, c := range []*exec.Cmd{b.fast, b.net} {
		if c != nil && c.Process != nil {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	}
	for _, t := range append(b.others, b.gate) {
		if t != nil {
			_ = t.stop()
		}
	}
}

// visit puts a load on a server and keeps count.
func (b *bench) visit(name string, l load, to target) *result {
	r := put(l, to, b.warm, b.window)
	b.given[name] += r.answered
	b.errors += r.failed
	if r.why != nil && b.why == nil {
		b.why = fmt.Errorf("%s: %w", name, r.why)
	}
	time.Sleep(100 * time.Millisecond)
	return r
}

// rounds visits every server once in each round, in another order each time.
func (b *bench) rounds(l load, names []string) (map[string][]*result, int64) {
	before := b.errors
	got := map[string][]*result{}
	for i := range b.plan.rounds {
		order := slices.Concat(names[i%len(names):], names[:i%len(names)])
		if i%2 == 1 {
			slices.Reverse(order)
		}
		for _, name := range order {
			got[name] = append(got[name], b.visit(name, l, b.targetOf(name)))
		}
	}
	return got, b.errors - before
}

func (b *bench) targetOf(name string) target {
	switch name {
	case "fasthttp":
		return b.fastTo
	case "nethttp":
		return b.netTo
	case "direct":
		return target{address: b.upFast.address, key: "sk-none", model: "m"}
	}
	return b.gate.target(name) // free or paid
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// ratio is the median of the ratios within each round.
func ratio(a, b []*result, of func(*result) float64) float64 {
	var v []float64
	for i := range a {
		if of(b[i]) > 0 {
			v = append(v, of(a[i])/of(b[i]))
		}
	}
	return median(v)
}

func middle(a []*result, of func(*result) float64) float64 {
	var v []float64
	for _, r := range a {
		v = append(v, of(r))
	}
	return median(v)
}

// wanted says whether a row is to be measured.
func (b *bench) wanted(name string) bool { return b.only.MatchString(name) }

// beside makes a row out of three servers' results.
func beside(got map[string][]*result, errs int64, quantity, load string, must, aim float64, of func(*result) float64, show func(float64) string) row {
	return row{quantity: quantity, load: load, errors: errs, must: must, aim: aim, unit: "x",
		ratio: ratio(got["free"], got["fasthttp"], of), other: ratio(got["nethttp"], got["fasthttp"], of),
		base: show(middle(got["fasthttp"], of)), own: show(middle(got["free"], of))}
}

// besideFree makes a row out of what is paid for, beside the same without a price.
func besideFree(got map[string][]*result, errs int64, quantity, load string, must, aim float64, of func(*result) float64, show func(float64) string) row {
	return row{quantity: quantity, load: load + "; beside the free one", errors: errs, must: must, aim: aim, unit: "x",
		ratio: ratio(got["paid"], got["free"], of), base: show(middle(got["free"], of)), own: show(middle(got["paid"], of))}
}

func micros(v float64) string  { return fmt.Sprintf("%.1f µs", v/1e3) } // of nanoseconds
func seconds(v float64) string { return fmt.Sprintf("%.3f ms", v*1e3) } // of seconds
func perSecond(v float64) string {
	return fmt.Sprintf("%.0f/s", v)
}

func (b *bench) measure() ([]row, error) {
	var rows []row
	three := []string{"fasthttp", "nethttp", "free"}
	for _, l := range []struct {
		load
		name      string
		must, aim float64
	}{
		{load{connections: 16, size: 200}, "200 B, 16 connections", 1.8, 1.4},
		{load{connections: 64, size: 200}, "200 B, 64 connections", 1.8, 1.4},
		{load{connections: 64, size: 8 << 10}, "8 KB, 64 connections", 2, 1.5},
		{load{connections: 16, size: 100 << 10}, "100 KB, 16 connections", 4, 2},
		{load{connections: 4, size: 1 << 20}, "1 MB, 4 connections", 5, 2.5},
	} {
		most := l.connections == 64 && l.size == 200
		paid := most && b.wanted("CPU per paid call")
		if !b.wanted("CPU per free call, "+l.name) && !(most && b.wanted("requests per second")) && !paid {
			continue
		}
		names := three
		if paid {
			names = append(slices.Clone(three), "paid")
		}
		got, errs := b.rounds(l.load, names)
		r := beside(got, errs, "CPU per free call", l.name, l.must, l.aim, (*result).perCall, micros)
		rows = append(rows, r)
		if paid {
			rows = append(rows, besideFree(got, errs, "CPU per paid call", l.name, 1.5, 1.3, (*result).perCall, micros))
		}
		if most {
			r := beside(got, errs, "requests per second on one core", l.name, 0.55, 0.7, (*result).rate, perSecond)
			r.atLeast = true
			r.note = fmt.Sprintf("of their core the servers used %.0f%% (pass-through) and %.0f%% (tollgate)", 100*middle(got["fasthttp"], (*result).busy), 100*middle(got["free"], (*result).busy))
			rows = append(rows, r)
		}
	}
	if b.wanted("added p50 p99 latency") {
		rows = append(rows, b.added()...)
	}
	if b.wanted("time to first token transit CPU per streamed token of a paid stream") {
		rows = append(rows, b.streamed(three)...)
	}
	for _, more := range []struct {
		name string
		run  func() ([]row, error)
	}{{"added p99 durable", b.durable}, {"budget check", b.budgets}, {"resident memory", b.memory}, {"first answer after exec", b.firstAnswer}} {
		if !b.wanted(more.name) {
			continue
		}
		got, err := more.run()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", more.name, err)
		}
		rows = append(rows, got...)
	}
	return rows, nil
}

// added is what a server adds to the latency of the upstream itself.
func (b *bench) added() []row {
	const name = "200 B, 1 connection"
	got, errs := b.rounds(load{connections: 1, size: 200}, []string{"direct", "fasthttp", "nethttp", "free"})
	var rows []row
	for _, q := range []struct {
		name      string
		q         float64
		must, aim float64
	}{{"added p50", 0.5, 1.3, 1.15}, {"added p99", 0.99, 2, 1.4}} {
		var own, other, fast, gate []float64
		for i, d := range got["direct"] {
			above := func(server string) float64 { return at(got[server][i].latency, q.q) - at(d.latency, q.q) }
			fast, gate = append(fast, above("fasthttp")), append(gate, above("free"))
			own, other = append(own, above("free")/above("fasthttp")), append(other, above("nethttp")/above("fasthttp"))
		}
		rows = append(rows, row{quantity: q.name, load: name, errors: errs, must: q.must, aim: q.aim, unit: "x", ratio: median(own), other: median(other),
			base: seconds(median(fast)), own: seconds(median(gate))})
	}
	return rows
}

// durableRate is how many paid calls a second trust.md T44 speaks of.
const durableRate = 200

// durable is what paid calls at a pace wait for longer than at the upstream itself, the
// disk among it.
func (b *bench) durable() ([]row, error) {
	disk, err := fsync(b.dir)
	if err != nil {
		return nil, err
	}
	got, errs := b.rounds(load{connections: 16, size: 200, rate: durableRate}, []string{"direct", "paid"})
	p99 := func(r *result) float64 { return at(r.latency, 0.99) }
	var added []float64
	for i, d := range got["direct"] {
		added = append(added, 1e3*(p99(got["paid"][i])-p99(d)))
	}
	return []row{{quantity: "added p99, durable", load: fmt.Sprintf("200 B, %d paid calls/s", durableRate), errors: errs, must: 10, unit: "ms", ratio: median(added),
		base: seconds(middle(got["direct"], p99)), own: seconds(middle(got["paid"], p99)),
		note: fmt.Sprintf("beside the upstream itself; an fsync of 4 KiB on this disk took %s at p50 and %s at p99", seconds(at(disk, 0.5)), seconds(at(disk, 0.99)))}}, nil
}

// fsync is how long the disk takes for 4 KiB that are appended, some hundred times.
func fsync(dir string) (took []time.Duration, err error) {
	f, err := os.CreateTemp(dir, "fsync")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	page := make([]byte, 4<<10)
	for range 300 {
		if _, err := f.Write(page); err != nil {
			return nil, err
		}
		began := time.Now()
		if err := f.Sync(); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

func (b *bench) streamed(three []string) []row {
	l := load{connections: 256, size: 200, stream: true}
	name := fmt.Sprintf("%d streams of %d tokens", l.connections, streamTokens)
	got, errs := b.rounds(l, append(slices.Clone(three), "paid"))
	quantile := func(of func(*result) []time.Duration, q float64) func(*result) float64 {
		return func(r *result) float64 { return at(of(r), q) }
	}
	first := func(r *result) []time.Duration { return r.first }
	transit := func(r *result) []time.Duration { return r.transit }
	return []row{
		beside(got, errs, "time to first token p50", name, 2, 1.3, quantile(first, 0.5), seconds),
		beside(got, errs, "time to first token p99", name, 2, 1.3, quantile(first, 0.99), seconds),
		beside(got, errs, "token transit p99", name, 2, 1.3, quantile(transit, 0.99), seconds),
		beside(got, errs, "CPU per streamed token", name, 1.3, 0.9, (*result).perToken, micros),
		besideFree(got, errs, "CPU per token of a paid stream", name, 0, 0, (*result).perToken, micros),
		besideFree(got, errs, "token transit p99 of a paid stream", name, 0, 0, quantile(transit, 0.99), seconds),
	}
}

// budgets is whether a paid call costs more where the books are full.
func (b *bench) budgets() ([]row, error) {
	const keys = 10_000
	var pair []*tollgate
	for _, full := range []bool{false, true} {
		t, err := b.another(map[bool]string{false: "new", true: "full"}[full])
		if err != nil {
			return nil, err
		}
		if full {
			if err := t.fill(keys, b.entries); err != nil {
				return nil, err
			}
		}
		if _, err := t.start(); err != nil {
			return nil, err
		}
		b.given["others"]++
		pair = append(pair, t)
	}
	before := b.errors
	l := load{connections: 64, size: 200}
	var small, full []*result
	for i := range b.plan.rounds {
		if i%2 == 0 {
			small, full = append(small, b.visit("others", l, pair[0].target("paid"))), append(full, b.visit("others", l, pair[1].target("paid")))
		} else {
			full, small = append(full, b.visit("others", l, pair[1].target("paid"))), append(small, b.visit("others", l, pair[0].target("paid")))
		}
	}
	r := row{quantity: "budget check", load: fmt.Sprintf("%d entries and %d keys, beside none", b.entries, keys), errors: b.errors - before, must: 1.05, aim: 1, unit: "x",
		ratio: ratio(full, small, (*result).perCall), base: micros(middle(small, (*result).perCall)), own: micros(middle(full, (*result).perCall))}
	return []row{r}, errors.Join(pair[0].stop(), pair[1].stop())
}

func (b *bench) another(name string) (*tollgate, error) {
	t, err := newTollgate(b.plan, b.core, name, b.upFree.address, b.upPaid.address)
	if err == nil {
		b.others = append(b.others, t)
	}
	return t, err
}

const megabyte = 1 << 20

func (b *bench) memory() ([]row, error) {
	t, err := b.another("memory")
	if err != nil {
		return nil, err
	}
	if _, err := t.start(); err != nil {
		return nil, err
	}
	b.given["others"]++
	before := b.errors
	idle := b.rested(t)
	many := b.visit("others", load{connections: 256, size: 200}, t.target("free"))
	b.visit("others", load{connections: 64, size: megabyte}, t.target("free"))
	peak := float64(resident(t.cmd.Process.Pid))
	rest := b.rested(t)
	mb := func(v float64) string { return fmt.Sprintf("%.1f MB", v/megabyte) }
	errs := b.errors - before
	return []row{
		{quantity: "resident memory", load: "idle", errors: errs, must: 20, aim: 15, unit: "MB", ratio: idle / megabyte, own: mb(idle)},
		{quantity: "resident memory", load: "256 connections", errors: errs, must: 50, aim: 40, unit: "MB", ratio: float64(many.memory) / megabyte, own: mb(float64(many.memory))},
		{quantity: "resident memory", load: fmt.Sprintf("after 64 x 1 MB and %v rest, beside idle", b.rest), errors: errs, must: 2, aim: 1.3, unit: "x", ratio: rest / idle, base: mb(idle), own: mb(rest), note: "at the end of the load " + mb(peak)},
	}, t.stop()
}

// rested is the memory of a program that is left alone, in bytes: the median over the last
// third of its rest. Parts of its file come and go meanwhile, some MB of them, as it looks
// after itself every few seconds; one moment says which of both it was.
func (b *bench) rested(t *tollgate) float64 {
	const looks = 100
	time.Sleep(b.rest - b.rest/3)
	seen := make([]float64, looks)
	for i := range seen {
		time.Sleep(b.rest / 3 / looks)
		seen[i] = float64(resident(t.cmd.Process.Pid))
	}
	return median(seen)
}

// firstAnswer is the time from exec to the first free call that was answered.
func (b *bench) firstAnswer() ([]row, error) {
	var rows []row
	for _, c := range []struct {
		keys      int
		must, aim float64
	}{{0, 25, 12}, {10_000, 60, 30}, {100_000, 300, 150}} {
		name := fmt.Sprintf("%d keys", c.keys)
		if c.keys == 0 {
			name = "empty"
		}
		t, err := b.another("start" + name)
		if err != nil {
			return nil, err
		}
		if c.keys > 0 {
			if err := t.fill(c.keys, 0); err != nil {
				return nil, err
			}
		}
		var took []float64
		for range b.starts {
			d, err := t.start()
			if err != nil {
				return nil, err
			}
			b.given["others"]++
			took = append(took, d.Seconds()*1e3)
			if err := t.stop(); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row{quantity: "first answer after exec", load: name, must: c.must, aim: c.aim, unit: "ms", ratio: median(took), own: fmt.Sprintf("%.1f ms", median(took))})
	}
	return rows, nil
}
