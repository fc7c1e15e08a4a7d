//go:build crash

package crashtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// kept are the responses that the upstream makes in the background, by their ids.
type kept struct {
	mu  sync.Mutex
	all map[string]string // their status
}

// What a response in the background has used.
const keptIn, keptOut = 1000, 200

// serve answers POST /v1/responses and GET /v1/responses/ID.
func (k *kept) serve(w http.ResponseWriter, r *http.Request, id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r.Method == http.MethodPost {
		if k.all == nil {
			k.all = map[string]string{}
		}
		id = fmt.Sprintf("resp_kept_%d", len(k.all)+1)
		k.all[id] = "queued"
	}
	w.Header().Set("Content-Type", "application/json")
	status, has := k.all[id]
	if !has || status == "" {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"error":{"message":"no such response","type":"invalid_request_error","code":null}}`)
		return
	}
	used := "null"
	if status != "queued" {
		used = fmt.Sprintf(`{"input_tokens":%d,"output_tokens":%d,"total_tokens":%d}`, keptIn, keptOut, keptIn+keptOut)
	}
	fmt.Fprintf(w, `{"id":%q,"object":"response","model":"large","status":%q,"background":true,"output":[],"usage":%s}`, id, status, used)
}

// set brings a response to a status; "" has the upstream forget it.
func (k *kept) set(id, status string) { k.mu.Lock(); defer k.mu.Unlock(); k.all[id] = status }

// ids are those of the responses that were made.
func (k *kept) ids() (all []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id := range k.all {
		all = append(all, id)
	}
	return all
}

var requestHeader = http.CanonicalHeaderKey("X-Request-Id")

// respond asks for a response in the background and returns the request's id; "" if
// nobody answered, since the program died.
func (f *fleet) respond() string {
	f.t.Helper()
	a := f.replicas[0].addr.Load()
	if a == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "POST", *a+"/v1/responses", strings.NewReader(`{"model":"paid","background":true,"max_output_tokens":300,"input":"hi"}`))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+f.keys["ann"])
	req.Header.Set("Content-Type", "application/json")
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return ""
	}
	if res.StatusCode != 200 || !strings.Contains(string(body), `"queued"`) {
		f.t.Fatalf("%d %s", res.StatusCode, body)
	}
	return res.Header.Get(requestHeader)
}

var keptID = regexp.MustCompile(`resp_kept_[0-9]+`)

// goesOn returns, for each open hold that tells where it goes on, the upstream's id by the
// request's.
func (f *fleet) goesOn() map[string]string {
	f.t.Helper()
	rows, err := f.db.Query(`select hold, progress from holds`)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var hold, progress string
		if err := rows.Scan(&hold, &progress); err != nil {
			f.t.Fatal(err)
		}
		var h struct{ Facts struct{ RequestID string } }
		if err := json.Unmarshal([]byte(hold), &h); err != nil {
			f.t.Fatal(err)
		}
		if id := keptID.FindString(progress); id != "" {
			out[h.Facts.RequestID] = id
		}
	}
	return out
}

// of are the entries of a request, the correction last, and what they add up to.
func (f *fleet) of(request string) (all []entry, sum int64) {
	f.t.Helper()
	for _, e := range f.read().entries {
		if e.requestID == request {
			all = append(all, e)
			sum += *e.cost
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.id, b.id) })
	return all, sum
}

// checkBooks holds what must be true whatever became of the calls.
func (f *fleet) checkBooks() {
	f.t.Helper()
	f.settled()
	var p problems
	f.checkCounters(&p, f.read())
	if len(p.told) > 0 {
		f.t.Errorf("the books:\n%s", &p)
	}
}

// TestBackground kills the program while it follows calls that their upstream works on in
// the background. The next one books each as uncertain, as the configuration says, follows
// it again, and corrects the entry once; what the upstream has lost stays.
func TestBackground(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"prompt", "full_hold"} {
		for name, newFleet := range map[string]func(t *testing.T) *fleet{
			"sqlite":   func(t *testing.T) *fleet { return sqliteFleet(t) },
			"postgres": func(t *testing.T) *fleet { return postgresFleet(t, 1) },
		} {
			t.Run(name+"/"+policy, func(t *testing.T) {
				t.Parallel()
				f := newFleet(t)
				f.configure("orphans: " + policy)
				backgroundOnce(t, f, policy)
			})
		}
	}
}

// configure adds a line to the configuration.
func (f *fleet) configure(line string) {
	f.t.Helper()
	text, err := os.ReadFile(f.file)
	if err == nil {
		err = os.WriteFile(f.file, append([]byte(line+"\n"), text...), 0o600)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

func backgroundOnce(t *testing.T, f *fleet, policy string) {
	f.first()
	r, real := f.replicas[0], rates["alpha/large"].cost(keptIn, 0, keptOut)
	calls := map[string]string{} // what becomes of it -> its request
	for _, fate := range []string{"completed", "failed", "lost", "completed meanwhile"} {
		if calls[fate] = f.respond(); calls[fate] == "" {
			t.Fatal("no answer, and nobody was killed")
		}
	}
	var where map[string]string
	f.eventually("it is written down where each goes on", func() bool { where = f.goesOn(); return len(where) == len(calls) })
	r.kill()
	f.up.kept.set(where[calls["lost"]], "")
	f.up.kept.set(where[calls["completed meanwhile"]], "completed")
	r.start()
	f.eventually("each is booked", func() bool { return f.number(`select count(*) from holds`) == 0 })
	for fate, request := range calls {
		all, sum := f.of(request)
		if len(all) == 0 || all[0].source != "uncertain" || all[0].status != "orphaned" {
			t.Errorf("%s: %+v", fate, all)
			continue
		}
		if first := *all[0].cost; first <= 0 || (first == all[0].held) != (policy == "full_hold") {
			t.Errorf("%s: %d posted of %d held", fate, first, all[0].held)
		}
		if fate != "completed meanwhile" && len(all) != 1 {
			t.Errorf("%s: %d entries while it goes on, for %d", fate, len(all), sum)
		}
	}
	f.up.kept.set(where[calls["completed"]], "completed")
	f.up.kept.set(where[calls["failed"]], "failed")
	for _, fate := range []string{"completed", "failed", "completed meanwhile"} {
		f.eventually(fate+" is corrected", func() bool { all, _ := f.of(calls[fate]); return len(all) == 2 })
		if all, sum := f.of(calls[fate]); sum != real || all[1].source != "reported" || all[1].corrects == nil || *all[1].corrects != all[0].id {
			t.Errorf("%s: %d, want %d: %+v", fate, sum, real, all)
		}
	}
	f.checkBooks()
	before := f.read().entries
	for range 2 { // nothing is followed, or booked, any more
		r.kill()
		r.start()
	}
	f.checkBooks()
	if after := f.read().entries; len(after) != len(before) {
		t.Errorf("%d entries after further starts, and there were %d", len(after), len(before))
	}
	if all, _ := f.of(calls["lost"]); len(all) != 1 {
		t.Errorf("what was lost has %d entries", len(all))
	}
	r.terminate()
	f.verify()
}

// TestBackgroundAtRandom kills the program at random moments around such calls. Each has
// one entry and perhaps a correction: the two are what the upstream reports, and one alone
// is uncertain.
func TestBackgroundAtRandom(t *testing.T) {
	t.Parallel()
	seed := seedOf(t)
	rng := rand.New(rand.NewPCG(seed, 7))
	f := sqliteFleet(t)
	f.first()
	r, real := f.replicas[0], rates["alpha/large"].cost(keptIn, 0, keptOut)
	var told []string
	for range 15 {
		var wg sync.WaitGroup
		var mu sync.Mutex
		for range 4 {
			wait := within(rng, 30*time.Millisecond)
			wg.Go(func() {
				time.Sleep(wait)
				if request := f.respond(); request != "" {
					mu.Lock()
					told = append(told, request)
					mu.Unlock()
				}
			})
		}
		time.Sleep(within(rng, 60*time.Millisecond))
		if rng.IntN(2) == 0 {
			time.Sleep(within(rng, 700*time.Millisecond)) // past the first look
		}
		for _, id := range f.up.kept.ids() {
			if rng.IntN(2) == 0 {
				f.up.kept.set(id, "completed")
			}
		}
		r.kill()
		wg.Wait()
		r.start()
	}
	for _, id := range f.up.kept.ids() {
		f.up.kept.set(id, "completed")
	}
	time.Sleep(2 * time.Second) // the followed ones are looked at
	f.checkBooks()
	of := map[string][]entry{}
	for _, e := range f.read().entries {
		of[e.requestID] = append(of[e.requestID], e)
	}
	corrected, alone := 0, 0
	for request, all := range of {
		var sum int64
		reported := 0
		for _, e := range all {
			sum += *e.cost
			if e.source == "reported" {
				reported++
			}
		}
		switch {
		case len(all) == 1 && all[0].source == "uncertain":
			alone++
			if sum <= 0 || sum > all[0].held {
				t.Errorf("%s: %d of %d held", request, sum, all[0].held)
			}
		case len(all) <= 2 && reported == 1 && sum == real:
			corrected += len(all) - 1
		default:
			t.Errorf("%s: %d, want %d: %+v", request, sum, real, all)
		}
	}
	for _, request := range told {
		if len(of[request]) == 0 {
			t.Errorf("%s was answered and has no entry", request)
		}
	}
	t.Logf("%d requests answered of %d, %d corrected, %d uncertain", len(told), len(of), corrected, alone)
	if corrected == 0 {
		t.Error("the run was too poor to prove anything")
	}
	r.terminate()
	f.verify()
}
