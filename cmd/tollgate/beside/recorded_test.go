package beside

import (
	"os"
	"regexp"
	"testing"
)

// Each request has a recorded answer, in its place; so a request that is added, moved or
// changed asks for a new recording.
func TestRecordingsAreWhole(t *testing.T) {
	groups, err := Groups("testdata/requests")
	if err != nil {
		t.Fatal(err)
	}
	var version string
	for _, g := range groups {
		r, err := ReadRecording("testdata/recorded", g.Name)
		if err != nil {
			t.Fatal(err)
		}
		if version == "" {
			version = r.LiteLLM
		}
		if r.Group != g.Name || r.LiteLLM != version || version == "" {
			t.Errorf("%s: recorded as %q from LiteLLM %q, want %q", g.Name, r.Group, r.LiteLLM, version)
		}
		if len(r.Answers) != len(g.Requests) {
			t.Errorf("%s: %d answers to %d requests: record again, make beside RECORD=yes", g.Name, len(r.Answers), len(g.Requests))
			continue
		}
		for i, a := range r.Answers {
			if q := g.Requests[i]; a.Name != q.Name || a.Call != q.Call || a.As != q.As {
				t.Errorf("%s: answer %d is to %q %q, the request is %q %q", g.Name, i+1, a.Name, a.Call, q.Name, q.Call)
			}
			if a.Answer.Status == 0 {
				t.Errorf("%s/%s: no answer", g.Name, a.Name)
			}
			if d := Compare(a.Name, a.Answer, a.Answer); d != nil {
				t.Errorf("%s/%s differs from itself: %v", g.Name, a.Name, d)
			}
		}
	}
	files, err := os.ReadDir("testdata/recorded")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(groups) {
		t.Errorf("%d recordings of %d groups", len(files), len(groups))
	}
}

// A recording is the same wherever it is made, and gives away nothing of the machine.
func TestRecordingsNameNoMachine(t *testing.T) {
	files, err := os.ReadDir("testdata/recorded")
	if err != nil {
		t.Fatal(err)
	}
	bad := regexp.MustCompile(`/(root|home|Users|work|tmp)/[\w./-]*|127\.0\.0\.1:\d+|\bsk-[A-Za-z0-9_-]{20,}|\$\{`)
	for _, f := range files {
		r, err := ReadRecording("testdata/recorded", f.Name()[:len(f.Name())-len(".json")])
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range r.Answers {
			for _, s := range texts(a.Answer.Body) {
				if found := bad.FindString(s); found != "" {
					t.Errorf("%s: %s: %q", f.Name(), a.Name, found)
				}
			}
		}
	}
}

func texts(v any) (all []string) {
	switch x := v.(type) {
	case string:
		return []string{x}
	case map[string]any:
		for k, m := range x {
			all = append(append(all, k), texts(m)...)
		}
	case []any:
		for _, e := range x {
			all = append(all, texts(e)...)
		}
	}
	return all
}

func TestExpectationsAreReasoned(t *testing.T) {
	if _, err := Expectations("testdata/expected.yaml"); err != nil {
		t.Fatal(err)
	}
}
