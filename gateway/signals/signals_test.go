package signals

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tollgate/accounting/pricelist"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
	"tollgate/providers/openai"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server answers every path with one status and notes what was asked.
type server struct {
	mu     sync.Mutex
	status map[string]int
	body   map[string]string // else a list of one model
	asked  []string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Method+" "+r.URL.Path)
	if status := s.status[r.URL.Path]; status != 0 {
		w.WriteHeader(status)
	}
	_, _ = w.Write([]byte(cmp.Or(s.body[r.URL.Path], `{"data":[{"id":"m"}]}`)))
}

func (s *server) since() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	s.asked = nil
	slices.Sort(out)
	return out
}

// watching is a watch over a local engine, a vendor, an engine of somebody else's and a server
// of one's own that says nothing of itself, all at one address.
func watching(t *testing.T) (*Watch, *server, map[string]*catalog.Deployment) {
	t.Helper()
	s := &server{status: map[string]int{}, body: map[string]string{}}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	local, remote := true, false
	target := func(to string) []catalog.TargetSpec { return []catalog.TargetSpec{{Path: "x", To: to}} }
	snapshot, findings := catalog.Build(catalog.Spec{
		Providers: []catalog.ProviderSpec{
			{Path: "x", Name: "gpu", Kind: "vllm", URL: web.URL + "/v1"},
			{Path: "x", Name: "cloud", Kind: "openai", URL: web.URL + "/v1", Secret: providers.NewSecret("k")},
			{Path: "x", Name: "theirs", Kind: "vllm", URL: web.URL + "/v1", Local: &remote},
			{Path: "x", Name: "silent", Kind: "openai", URL: web.URL + "/v1", Local: &local},
			{Path: "x", Name: "gone", Kind: "vllm", URL: "http://127.0.0.1:1/v1"},
		},
		Models: []catalog.ModelSpec{{Path: "x", Name: "gpu", Targets: target("gpu/m")}, {Path: "x", Name: "cloud", Targets: target("cloud/m")}, {Path: "x", Name: "gone", Targets: target("gone/m")}},
	}, openai.Kinds(), pricelist.Builtin(), nil)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	log := slog.New(slog.DiscardHandler)
	w := &Watch{Catalog: &catalog.Live{}, Dispatch: &dispatch.Dispatcher{}, Balancer: balancer.New(time.Now, log), Log: log}
	t.Cleanup(w.Dispatch.Close)
	w.Catalog.Publish(snapshot)
	deps := map[string]*catalog.Deployment{}
	for _, r := range snapshot.Routes() {
		deps[r.Name] = r.Candidates()[0].Of()
	}
	return w, s, deps
}

// TestWhatIsAsked: nothing of nobody's engine, health and load of a local one in use, and
// the list of models of a server of somebody else's only while it is left out.
func TestWhatIsAsked(t *testing.T) {
	w, s, deps := watching(t)
	w.Look(t.Context())
	if got := s.since(); len(got) != 0 {
		t.Errorf("of engines that nobody uses: %v", got)
	}
	w.Balancer.Ask(w.Catalog.Snapshot().Providers())
	w.Look(t.Context())
	if got := s.since(); !slices.Equal(got, []string{"GET /health", "GET /metrics"}) {
		t.Errorf("in use: %v", got)
	}
	if e := w.Balancer.Engine("silent"); e == nil || e.Healthy != nil {
		t.Errorf("of a server that says nothing: %+v", e)
	}
	for range balancer.TripInRow {
		use, err := w.Balancer.Enter(t.Context(), deps["cloud"], balancer.Call{})
		if err != nil {
			t.Fatal(err)
		}
		use.Failed(&providers.Error{Kind: providers.Unreachable})
		use.Done()
	}
	if w.Balancer.Usable(deps["cloud"]) == nil {
		t.Fatal("it is not left out")
	}
	s.status["/v1/models"] = http.StatusInternalServerError
	w.Look(t.Context())
	if got, e := s.since(), w.Balancer.Engine("cloud"); !slices.Contains(got, "GET /v1/models") || e == nil || e.Healthy != nil {
		t.Errorf("left out, and without a list: %v, then %+v", got, e)
	}
	s.status["/v1/models"] = 0
	w.Look(t.Context())
	if e := w.Balancer.Engine("cloud"); e == nil || e.Healthy == nil || !*e.Healthy {
		t.Errorf("with a list: %+v", e)
	}
	if got := s.since(); !slices.Equal(got, []string{"GET /health", "GET /metrics", "GET /v1/models"}) || w.Balancer.Usable(deps["cloud"]) != nil {
		t.Errorf("left out: %v, then %v", got, w.Balancer.Usable(deps["cloud"]))
	}
}

// TestHealth: only what an engine says itself counts, and that it cannot be reached.
func TestHealth(t *testing.T) {
	w, s, _ := watching(t)
	yes, no := true, false
	for status, want := range map[int]*bool{200: &yes, 204: &yes, 503: &no, 404: nil, 401: nil, 300: nil, 302: nil, 500: nil} {
		s.status["/health"] = status
		w.Balancer.Ask(w.Catalog.Snapshot().Providers())
		w.Look(t.Context())
		got := w.Balancer.Engine("gpu").Healthy
		if (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%d: healthy %v", status, got)
		}
		if gone := w.Balancer.Engine("gone").Healthy; gone == nil || *gone {
			t.Errorf("out of reach: %v", gone)
		}
	}
}

// TestLoad: how busy an engine is counts as long as it says so.
func TestLoad(t *testing.T) {
	w, s, _ := watching(t)
	s.body["/metrics"] = "vllm:num_requests_running 3\nvllm:num_requests_waiting 2\n"
	for _, status := range []int{200, 500} {
		s.status["/metrics"] = status
		w.Balancer.Ask(w.Catalog.Snapshot().Providers())
		w.Look(t.Context())
		want := providers.Load{}
		if status == 200 {
			want = providers.Load{Requests: true, Running: 3, Waiting: 2}
		}
		if got := w.Balancer.Engine("gpu").Load; got.Requests != want.Requests || got.Running != want.Running || got.Waiting != want.Waiting {
			t.Errorf("%d: %+v, want %+v", status, got, want)
		}
	}
}

// TestRunEnds with its context, and a look with it.
func TestRunEnds(t *testing.T) {
	w, _, _ := watching(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	cancel()
	<-ended
	w.Balancer.Ask(w.Catalog.Snapshot().Providers())
	w.Look(ctx) // at once: nothing is waited for
}
