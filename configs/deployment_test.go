package configs

import (
	"fmt"
	"strings"
	"testing"

	"tollgate/accounting/pricelist"
	"tollgate/providers"
	"tollgate/providers/openai"
)

func TestReadDeployment(t *testing.T) {
	secrets := map[string]string{"key": "sk-own", "org": "org-1", "bad": "two\nlines"}
	for _, tt := range []struct{ name, text, want string }{
		{"assistant", `{"provider":"gpu","model":"Qwen/Qwen3-32B"}`, `gpu/Qwen/Qwen3-32B order 1 weight 0 price <nil>`},
		{"assistant", `{"provider":"gpu","model":"q","price":"free","order":2,"weight":3,"groups":["r"],"num_ctx":8192}`, `gpu/q order 2 weight 3 price {} groups [r] num_ctx 8192`},
		{"assistant", `{"provider":{"kind":"openai"},"model":"gpt-5-mini"}`, `m1/gpt-5-mini order 1 weight 0 price <nil>; openai "sk-own" unlisted true`},
		{"assistant", `{"provider":{"kind":"openai","url":"http://x/v1","key":"secret:org","headers":{"OpenAI-Organization":"secret:org","X-Plain":"a"}},"model":"x"}`, `m1/x order 1 weight 0 price <nil>; openai http://x/v1 "org-1" unlisted true OpenAI-Organization="org-1" X-Plain="a"`},
		{"w/*", `{"provider":"gpu","model":"*"}`, `gpu/* order 1 weight 0 price <nil>`},
		// What JSON may escape, as the encoders of PHP and Python do, and YAML does not.
		{"assistant", `{"provider":"gpu","model":"Qwen\/Qwen3 \ud83d\ude00 \\ \\\/ \u00e9 \" \\ud83d"}`, "gpu/Qwen/Qwen3 \U0001F600 \\ \\/ é \" \\ud83d order 1 weight 0 price <nil>"},
		{"assistant", `{"provider":"gpu","model":"x\ud83d\u0041\ude00"}`, "gpu/x\uFFFDA\uFFFD order 1 weight 0 price <nil>"},
		{"assistant", `{"unavailable":"it is for another day"}`, `it is for another day`},

		{"assistant", `{"provider":"gpu"}`, `api.models.m1.model: the deployment does not say what its provider calls the model`},
		{"assistant", `{"model":"x"}`, `api.models.m1.provider: the deployment does not say where it is`},
		{"assistant", `{"unavailable":"x","provider":"gpu","model":"x"}`, `a model that nothing serves has no provider`},
		{"assistant", `{"provider":"gpu","model":"x","prize":"free"}`, `api.models.m1.prize: this key is not known; write: price: …`},
		{"assistant", `{"provider":"gpu","model":"x","price":0}`, `api.models.m1.price`},
		{"assistant", `{"provider":"gpu","model":"x","listed_as":"openai/none-such"}`, `the price list has no such entry`},
		{"assistant", `{"provider":"gpu/x","model":"x"}`, `this is no provider's name`},
		{"assistant", `{"provider":"gpu","model":"x*"}`, `a * stands once in the name and in the model`},
		{"w/*", `{"provider":"gpu","model":"x"}`, `a * stands once in the name and in the model`},
		{"assistant", `{"provider":"gpu","model":"x","when":"context"}`, `api.models.m1.when: this key is not known`},
		// Nothing of the machine can be had by a declaration.
		{"assistant", `{"provider":{"kind":"openai","key":"env:HOME"},"model":"x"}`, `api.models.m1.provider.key: a secret does not stand in a declaration`},
		{"assistant", `{"provider":{"kind":"openai","key":"file:/etc/passwd"},"model":"x"}`, `a secret does not stand in a declaration`},
		{"assistant", `{"provider":{"kind":"openai","headers":{"X-Home":"env:HOME"}},"model":"x"}`, `a secret does not stand in a declaration`},
		{"assistant", `{"provider":{"kind":"openai","key":"secret:none"},"model":"x"}`, `have one called "none"`},
		{"assistant", `{"provider":{"kind":"openai","key":"secret:bad"},"model":"x"}`, `characters that no header can carry`},
		{"assistant", `[]`, `a declaration is a mapping`},
		{"assistant", `{`, `this is not YAML`},
		{" x", `{}`, `a model's name has 1 to 256 bytes`},
		{"assistant", strings.Repeat("x", MaxDeployment+1), `larger than 64 KiB`},
	} {
		got := read(tt.name, tt.text, secrets)
		if ok := got == tt.want; !ok && !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s\n got %s\nwant %s", tt.name, tt.text, got, tt.want)
		}
	}
}

// read writes what was read, or what was wrong with it.
func read(name, text string, secrets map[string]string) string {
	a, problems := ReadDeployment(Deployment{ID: "m1", Name: name, Path: "api.models.m1", Text: []byte(text), Secret: func(name string) (string, bool) {
		v, ok := secrets[name]
		return v, ok
	}}, append(openai.Kinds(), providers.Kind{Name: "echo"}), pricelist.Builtin())
	var out []string
	for _, p := range problems {
		if p.Line != 0 {
			return "a problem has a line"
		}
		out = append(out, p.String())
	}
	if len(out) > 0 {
		return strings.Join(out, "\n")
	}
	if a.Model.Unavailable != "" {
		return a.Model.Unavailable
	}
	target := a.Model.Targets[0]
	s := fmt.Sprintf("%s order %d weight %d price %v", target.To, target.Order, target.Weight, target.Price)
	if len(a.Model.Groups) > 0 {
		s += fmt.Sprintf(" groups %v", a.Model.Groups)
	}
	if target.NumCtx > 0 {
		s += fmt.Sprintf(" num_ctx %d", target.NumCtx)
	}
	if p := a.Provider; p != nil {
		s += "; " + p.Kind
		if p.URL != "" {
			s += " " + p.URL
		}
		s += fmt.Sprintf(" %q unlisted %v", p.Secret.Reveal(), p.Unlisted)
		for _, h := range []string{"OpenAI-Organization", "X-Plain"} {
			if v, ok := p.Headers[h]; ok {
				s += fmt.Sprintf(" %s=%q", h, v.Reveal())
			}
		}
	}
	return s
}
