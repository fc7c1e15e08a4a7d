package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// scrapeToken is the token of the metrics in these tests.
const scrapeToken = "canary-metrics-9fQx7Lw2k3Y8dR5tB1vN"

// withToken writes the file that `metrics: { token: file:metrics.token }` names.
func withToken(g *gate) {
	if err := os.WriteFile(filepath.Join(filepath.Dir(g.config), "metrics.token"), []byte(scrapeToken+"\n"), 0o600); err != nil {
		g.t.Fatal(err)
	}
}

const tokenConfig = "metrics: { token: file:metrics.token }\n"

// samples are the values of a scrape by their name and labels, as `name{a="b"}`; of
// histograms the count and the sum.
type samples map[string]float64

// scraped reads what a scrape has answered as Prometheus would.
func scraped(t *testing.T, text string) samples {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("not what Prometheus reads: %v\n%s", err, text)
	}
	out := samples{}
	for name, f := range families {
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
			}
			slices.Sort(labels)
			key := "{" + strings.Join(labels, ",") + "}"
			if len(labels) == 0 {
				key = ""
			}
			if h := m.GetHistogram(); h != nil {
				out[name+"_count"+key], out[name+"_sum"+key] = float64(h.GetSampleCount()), h.GetSampleSum()
				continue
			}
			out[name+key] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + m.GetUntyped().GetValue()
		}
	}
	return out
}

// scrape reads the metrics with their token.
func (g *gate) scrape() (samples, string) {
	g.t.Helper()
	a := g.do("GET", "/metrics", scrapeToken, "", nil)
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain; version=0.0.4") {
		g.t.Fatalf("a scrape: %d %v %s", a.Status, a.Header, a.Body)
	}
	return scraped(g.t, a.Body), a.Body
}

// of keeps the samples of one metric, without its name.
func (s samples) of(name string) map[string]float64 {
	out := map[string]float64{}
	for k, v := range s {
		if rest, ok := strings.CutPrefix(k, name+"{"); ok {
			out["{"+rest] = v
		}
	}
	return out
}

func (s samples) want(t *testing.T, what string, want float64) {
	t.Helper()
	if got, ok := s[what]; got != want || !ok && want != 0 {
		t.Errorf("%s is %v (there: %v), want %v", what, got, ok, want)
	}
}

func same(t *testing.T, name string, got, want map[string]float64) {
	t.Helper()
	if !maps.Equal(got, want) {
		for _, k := range slices.Sorted(maps.Keys(got)) {
			t.Logf("  %s%s %v", name, k, got[k])
		}
		t.Errorf("%s is not what was sent; want %v", name, want)
	}
}
