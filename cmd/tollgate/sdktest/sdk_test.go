//go:build sdk

package sdktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tollgate/providers/providertest"
)

// cases is what every SDK's program has to report as done.
var cases = []string{
	"chat", "chat_stream", "chat_stream_usage", "tools", "tools_stream", "vision", "schema", "logprobs", "embeddings", "completions",
	"models", "base_url", "extra_body", "request_id",
	"bad_key", "model_denied", "model_unknown", "bad_request", "upstream_500", "upstream_down", "stream_cut", "budget", "fallback",
	"ollama_chat", "ollama_stream", "ollama_tools", "ollama_tools_stream", "ollama_embeddings",
	"responses", "responses_stream", "responses_cut", "transcription", "transcription_stream", "translation", "speech", "images", "images_stream", "images_edit", "moderations",
}

// more are the cases of a program that calls with a second SDK, and what they send.
var more = map[string]struct {
	cases []string
	calls map[string]int
}{
	"python": {[]string{"messages", "messages_stream", "count_tokens", "messages_refused"}, map[string]int{"messages": 3}},
}

const (
	cloudKey = "sk-the-vendors-key"
	image    = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

// need is a setting that make gives. Without it the tests fail: none is left out in
// silence.
func need(t *testing.T, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Fatalf("%s is not set: run these tests with make test-sdk", name)
	}
	return v
}

// bench is a running gateway between two scripted engines and the SDKs.
type bench struct {
	*program
	bin            string
	admin          string // its admin key
	up, ollama     *providertest.Upstream
	clientsSecrets []string // keys of the gateway's own: none of them may go upstream
}

func newBench(t *testing.T, config string) *bench {
	t.Helper()
	b := &bench{bin: need(t, "TOLLGATE_BIN"), up: providertest.NewUpstream(t), ollama: providertest.NewUpstream(t)}
	secret, err := exec.Command(b.bin, "key", "generate").Output()
	if err != nil {
		t.Fatalf("tollgate key generate: %v", err)
	}
	b.admin = strings.TrimSpace(string(secret))
	b.clientsSecrets = []string{b.admin}
	b.up.Models(free...)
	b.ollama.Models(ollamaModels...)
	for model, s := range scripts {
		b.up.Set(model, s)
	}
	for model, s := range ollamaScripts {
		b.ollama.Set(model, s)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "tollgate.yaml")
	text := strings.NewReplacer("UPSTREAM", b.up.OpenAI(), "OLLAMA", b.ollama.Ollama(), "DEAD", "http://"+deadAddress(t)+"/v1").Replace(config)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(b.bin, "serve", "--config", file)
	cmd.Dir = dir
	cmd.Env = append(clean(), "TOLLGATE_ADMIN_KEY="+b.admin, "CLOUD_KEY="+cloudKey)
	b.program = begin(t, cmd)
	if strings.Contains(b.stdout.String(), b.admin) {
		t.Errorf("the admin key that the environment set was printed:\n%s", b.stdout.String())
	}
	return b
}

// deadAddress is one that refuses connections.
func deadAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// clean is the environment without settings of whoever runs the tests.
func clean() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return strings.HasPrefix(name, "OPENAI_") || strings.HasPrefix(name, "TOLLGATE_") || strings.HasSuffix(strings.ToLower(name), "_proxy")
	})
}

// cli runs a command against the running server and reads its JSON.
func (b *bench) cli(t *testing.T, out any, args ...string) {
	t.Helper()
	cmd := exec.Command(b.bin, append(args, "--json", "--url", b.url)...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(clean(), "TOLLGATE_ADMIN_KEY="+b.admin)
	answer, err := cmd.Output()
	if err != nil {
		stderr := ""
		if e, ok := err.(*exec.ExitError); ok { //nolint:errorlint // exec returns it as it is
			stderr = string(e.Stderr)
		}
		t.Fatalf("tollgate %s: %v\n%s%s", strings.Join(args, " "), err, answer, stderr)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("tollgate %s: %v: %s", strings.Join(args, " "), err, answer)
	}
}

func (b *bench) key(t *testing.T, args ...string) string {
	t.Helper()
	var k struct{ Key string }
	b.cli(t, &k, append([]string{"key", "create"}, args...)...)
	if k.Key == "" {
		t.Fatalf("no key was made")
	}
	b.clientsSecrets = append(b.clientsSecrets, k.Key)
	return k.Key
}

// TestSDKs runs each SDK's program against the same gateway, and then looks at what
// reached the engines.
func TestSDKs(t *testing.T) {
	b := newBench(t, config)
	programs := map[string][]string{
		"python": {need(t, "SDK_PYTHON"), "python/sdk.py"},
		"node":   {need(t, "SDK_NODE"), "node/sdk.mjs"},
		"go":     {need(t, "SDK_GO")},
	}
	for _, name := range []string{"python", "node", "go"} {
		t.Run(name, func(t *testing.T) {
			rich, poor := "rich-"+name, "poor-"+name
			b.cli(t, nil, "user", "create", rich)
			b.cli(t, nil, "user", "create", poor)
			b.cli(t, nil, "budget", "create", "--user", poor, "--limit", "0.01", "--per", "month", "--name", "pocket money")
			env := append(clean(),
				"OPENAI_BASE_URL="+b.url+"/v1",
				"OPENAI_API_KEY="+b.key(t, "--user", rich),
				"OPENAI_ORG_ID=org-of-the-client", "OPENAI_PROJECT_ID=proj-of-the-client",
				"TOLLGATE_ROOT="+b.url,
				"TOLLGATE_KEY_POOR="+b.key(t, "--user", poor),
				"TOLLGATE_KEY_NARROW="+b.key(t, "--user", rich, "--models", "chat"),
				"TOLLGATE_USER_POOR="+poor,
				"TOLLGATE_IMAGE="+image,
				"TOLLGATE_DOWN=down-"+name, // of its own: what has failed often enough is left out
			)
			b.up.Reset()
			b.ollama.Reset()
			cmd := exec.Command(programs[name][0], programs[name][1:]...)
			cmd.Env = env
			out, err := cmd.CombinedOutput()
			report(t, string(out), err, slices.Concat(cases, more[name].cases))
			t.Run("upstream", func(t *testing.T) { b.checkUpstream(t, more[name].calls) })
			t.Run("secrets", func(t *testing.T) { b.checkSecrets(t) })
		})
	}
}

// report turns the lines "ok CASE" and "FAIL CASE" of a program into tests.
func report(t *testing.T, out string, err error, cases []string) {
	t.Helper()
	result := map[string]string{}
	for line := range strings.Lines(out) {
		if word, name, found := strings.Cut(strings.TrimSpace(line), " "); found && (word == "ok" || word == "FAIL") {
			result[name] = word
		}
	}
	for _, name := range cases {
		t.Run(name, func(t *testing.T) {
			switch result[name] {
			case "ok":
			case "FAIL":
				t.Error("see the output below")
			default:
				t.Error("the program has no such case")
			}
		})
		delete(result, name)
	}
	if len(result) > 0 {
		t.Errorf("the program has cases that no other has: %v", slices.Sorted(maps.Keys(result)))
	}
	if err != nil || t.Failed() {
		t.Errorf("%v\n%s", err, out)
	}
}

// tally counts the calls that are for a model, by its name.
func tally(calls []providertest.Call) map[string]int {
	n := map[string]int{}
	for _, c := range calls {
		if c.Method == "POST" && c.Path != "/api/show" { // the gateway asks about a model
			n[c.Model]++
		}
	}
	return n
}

func (b *bench) checkUpstream(t *testing.T, more map[string]int) {
	calls := b.up.Calls()
	want := maps.Clone(wantCalls)
	maps.Copy(want, more)
	if got := tally(calls); !maps.Equal(got, want) {
		t.Errorf("calls that reached the engine:\n got %v\nwant %v", got, want)
	}
	if got := tally(b.ollama.Calls()); !maps.Equal(got, wantOllamaCalls) {
		t.Errorf("calls that reached Ollama:\n got %v\nwant %v", got, wantOllamaCalls)
	}
	for _, c := range calls {
		switch c.Model {
		case "vision":
			contains(t, c, image)
		case "schema":
			var v struct {
				Format struct {
					Type   string
					Schema struct {
						Name   string
						Strict bool
						Schema struct{ Properties map[string]any }
					} `json:"json_schema"`
				} `json:"response_format"`
			}
			if err := json.Unmarshal(c.Body, &v); err != nil {
				t.Error(err)
			}
			s := v.Format.Schema
			if v.Format.Type != "json_schema" || s.Name == "" || !s.Strict || s.Schema.Properties["city"] == nil || s.Schema.Properties["degrees"] == nil {
				t.Errorf("the schema did not arrive: %s", c.Body)
			}
		case "logprobs":
			contains(t, c, `"logprobs":true`, `"top_logprobs":2`)
		case "tools", "tools-stream":
			contains(t, c, `"get_weather"`)
		case "extra":
			contains(t, c, `"vllm_xargs":{"deep":[1,2,{"x":null}]}`, `"repetition_penalty":1.05`)
		case "paid":
			if got := c.Header.Get("Authorization"); got != "Bearer "+cloudKey {
				t.Errorf("the vendor was called with %q", got)
			}
		}
	}
}

// contains looks for JSON in a call's body, whatever the spaces between.
func contains(t *testing.T, c providertest.Call, want ...string) {
	t.Helper()
	var v any
	if err := json.Unmarshal(c.Body, &v); err != nil {
		t.Fatal(err)
	}
	tight, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		if !strings.Contains(string(tight), w) {
			t.Errorf("the upstream did not get %s: %s", w, c.Body)
		}
	}
}

// checkSecrets looks for what belongs to the client or the gateway alone.
func (b *bench) checkSecrets(t *testing.T) {
	for _, c := range slices.Concat(b.up.Calls(), b.ollama.Calls()) {
		all := fmt.Sprint(c.Header) + string(c.Body)
		for _, s := range append(b.clientsSecrets, "of-the-client", "X-Stainless") {
			if strings.Contains(all, s) {
				t.Errorf("%s %s: %q went upstream: %s", c.Path, c.Model, s, all)
			}
		}
		if !slices.Contains(cloudModels, c.Model) && strings.Contains(all, cloudKey) {
			t.Errorf("%s %s: the vendor's key went to another upstream", c.Path, c.Model)
		}
	}
	for _, s := range append(b.clientsSecrets, cloudKey) {
		if strings.Contains(b.stderr.String()+b.stdout.String(), s) {
			t.Errorf("a secret is in the log")
		}
	}
}
