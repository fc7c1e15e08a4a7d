package litellm

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollgate/configs"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/echo"
	"tollgate/providers/ollama"
	"tollgate/providers/openai"
)

// planted is in every secret of the tests. It may never be shown.
const planted = "correct-horse-battery"

// environment is what the tests' machine has set.
var environment = map[string]string{
	"VLLM_KEY": "sk-" + planted + "-1", "OPENAI_API_KEY": "sk-" + planted + "-2", "GROQ_API_KEY": "gsk-" + planted + "-3",
	"ANTHROPIC_API_KEY": "sk-ant-" + planted + "-5", "LITELLM_MASTER_KEY_2": "sk-" + planted + "-6789-quite-long",
	"BASE": "http://from-env:8000/v1", "BUDGET": "12.5", "EMPTY": "",
}

func kinds() []providers.Kind {
	return append(openai.Kinds(), ollama.Kind(), providers.Kind{Name: "echo", Codec: openai.New(openai.Quirks{}), Local: true, Transport: echo.Transport()})
}

// source reads files that are written one after the other, each headed by "== NAME". One
// called environment sets variables.
func source(text string, inPlace bool) Source {
	files := map[string]string{}
	name, rest := "config.yaml", text
	for {
		head, tail, more := strings.Cut(rest, "\n== ")
		files[name] = head + "\n"
		if !more {
			files[name] = head
			break
		}
		name, rest, _ = strings.Cut(tail, "\n")
	}
	set := map[string]string{}
	for line := range strings.Lines(files["environment"]) {
		name, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		set[name] = v
	}
	return Source{
		File: "config.yaml", InPlace: inPlace, Weak: access.CheckOldAdminSecret, Short: access.CheckAdminSecret,
		Read: func(name string) ([]byte, error) {
			if s, ok := files[filepath.ToSlash(name)]; ok {
				return []byte(s), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		Env: func(name string) (string, bool) {
			if v, ok := set[name]; ok {
				return v, true
			}
			v, ok := environment[name]
			return v, ok
		},
	}
}

// parse reads what was written as tollgate does.
func parse(r *Result) (*configs.Config, []configs.Problem) {
	return configs.Parse(r.Native, kinds(), func(name string) (string, bool) {
		if v, ok := r.Secrets[name]; ok {
			return v, true
		}
		if v := environment[name]; v != "" {
			return v, true
		}
		return planted, true // what is to be set, in its place
	})
}

// shown is everything that a person sees of a result.
func shown(r *Result) string {
	var b strings.Builder
	b.Write(r.Native)
	b.WriteString("----\n")
	for _, name := range sortedKeys(r.Secrets) {
		fmt.Fprintf(&b, "secret %s of %d characters\n", name, len(r.Secrets[name]))
	}
	for _, f := range r.Findings {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

// TestConvert reads the upper part of each file and compares what comes of it.
func TestConvert(t *testing.T) {
	files, err := filepath.Glob("testdata/convert/*.txt")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			input, want, _ := strings.Cut(string(data), "----\n")
			r := Convert(source(unescaped(input), strings.Contains(filepath.Base(file), "inplace")))
			got := shown(r)
			if strings.Contains(got, planted) {
				t.Errorf("a secret is shown:\n%s", got)
			}
			holds(t, r)
			if *update {
				if err := os.WriteFile(file, []byte(input+"----\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// unescaped lets a file of text hold bytes that are none.
func unescaped(s string) string {
	s = strings.ReplaceAll(s, "\\xff", "\xff")
	return strings.ReplaceAll(s, "SECRET", planted)
}

// holds checks what must hold of every result.
func holds(t testing.TB, r *Result) {
	t.Helper()
	if wrong := wrongWith(r); wrong != "" {
		t.Fatal(wrong)
	}
}

// wrongWith says what does not hold of a result: tollgate takes the text as it is, or the
// findings say that it must not be used.
func wrongWith(r *Result) string {
	config, problems := parse(r)
	if n := strings.Count(string(r.Native), "\n"); len(r.origin) != n {
		return fmt.Sprintf("%d lines, %d places", n, len(r.origin))
	}
	if r.Serious() {
		return ""
	}
	if len(problems) > 0 {
		return fmt.Sprintf("tollgate refuses what was written:\n%v\n%s", problems, r.Native)
	}
	_, findings := catalog.Build(config.Spec, kinds(), config.Prices, nil)
	for _, f := range findings {
		if !f.Warning {
			return fmt.Sprintf("tollgate leaves something out: %v\n%s", f, r.Native)
		}
	}
	return ""
}

func FuzzConvert(f *testing.F) {
	files, _ := filepath.Glob("testdata/convert/*.txt")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		input, _, _ := strings.Cut(string(data), "----\n")
		f.Add(unescaped(input))
	}
	f.Fuzz(func(t *testing.T, input string) {
		for _, inPlace := range []bool{true, false} {
			r := Convert(source(input, inPlace))
			if got := shown(r); strings.Contains(got, "sk-"+planted) {
				t.Fatalf("a secret is shown:\n%s", got)
			}
			holds(t, r)
		}
	})
}

func TestIsConfig(t *testing.T) {
	for text, want := range map[string]bool{
		"model_list: []":                true,
		"litellm_settings: {}\n":        true,
		"# a\n\"general_settings\": {}": true,
		"{\"model_list\": []}":          true,
		"include: [a.yaml]":             true,
		"model_list:\n\t- broken":       true,
		"providers: {}\nmodel_list: []": false,
		"models: { model_list: a }":     false,
		"":                              false,
		"models:\n  a: b":               false,
		"# model_list:\nlisten: 1":      false,
		"[model_list]":                  false,
		"prices: file:a\nerrors: {budget_status: 400}": false,
	} {
		if got := IsConfig([]byte(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
