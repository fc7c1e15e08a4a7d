package litellm

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestConvertDeployment(t *testing.T) {
	env := map[string]string{"OPENAI_API_KEY": "sk-of-the-environment", "MY_API_KEY": "sk-mine-0123456789", "HOSTED_VLLM_API_KEY": "sk-of-the-server", "HOSTED_VLLM_API_BASE": "http://gpu:8000/v1", "HOME": "/root", "DATABASE_URL": "postgres://u:p@h/d"}
	for _, tt := range []struct{ name, params, info, credential, want string }{
		{"paid", `{"model":"openai/stored","api_base":"http://h:9/v1","api_key":"sk-stored-secret","input_cost_per_token":0.000002,"output_cost_per_token":1e-05}`, "", "",
			`{"provider":{"kind":"openai","url":"http://h:9/v1","key":"secret:TOLLGATE_H_KEY"},"model":"stored","price":{"input":2.00,"output":10.00}} TOLLGATE_H_KEY=sk-stored-secret`},
		{"free", `{"model":"hosted_vllm/q/w","api_base":"http://h:9/v1","input_cost_per_token":0,"output_cost_per_token":0,"rpm":5}`, `{"id":"x","mode":"chat","access_groups":["a"]}`, "",
			`{"provider":{"kind":"vllm","url":"http://h:9/v1"},"model":"q/w","weight":500,"groups":["a"],"price":"free"}`},
		{"own", `{"model":"gpt-5-mini"}`, "", "", `{"provider":{"kind":"openai","key":"secret:OPENAI_API_KEY"},"model":"gpt-5-mini"} OPENAI_API_KEY=sk-of-the-environment`},
		// The file sends it there.
		{"own", `{"model":"openai/x","api_base":"http://h/v1","api_key":"os.environ/MY_API_KEY","order":2,"weight":0.5,"temperature":0.2,"timeout":30}`, "", "",
			`{"provider":{"kind":"openai","url":"http://h/v1","key":"secret:MY_API_KEY"},"model":"x","order":2,"weight":50,"first_byte":"30s","defaults":{"temperature":0.2}} MY_API_KEY=sk-mine-0123456789`},
		{"own", `{"model":"gpt-5-mini","api_key":"os.environ/OPENAI_API_KEY"}`, "", "", `{"provider":{"kind":"openai","key":"secret:OPENAI_API_KEY"},"model":"gpt-5-mini"} OPENAI_API_KEY=sk-of-the-environment`},
		{"own", `{"model":"hosted_vllm/x","api_base":"os.environ/HOSTED_VLLM_API_BASE","api_key":"os.environ/HOSTED_VLLM_API_KEY"}`, "", "",
			`{"provider":{"kind":"vllm","url":"http://gpu:8000/v1","key":"secret:HOSTED_VLLM_API_KEY"},"model":"x"} HOSTED_VLLM_API_KEY=sk-of-the-server`},
		// Nobody sends it to an address of the API's choice.
		{"stolen", `{"model":"openai/x","api_base":"http://evil/v1","api_key":"os.environ/MY_API_KEY"}`, "", "", `os.environ/MY_API_KEY is not sent to http://evil: `},
		{"stolen", `{"model":"openai/x","api_base":"http://evil/v1","api_key":"os.environ/OPENAI_API_KEY"}`, "", "", `os.environ/OPENAI_API_KEY is not sent to http://evil: `},
		{"stolen", `{"model":"openai/x","api_base":"https://h/v1","api_key":"os.environ/MY_API_KEY"}`, "", "", `os.environ/MY_API_KEY is not sent to https://h: `},
		{"stolen", `{"model":"openai/x","api_base":"http://evil/v1","extra_headers":{"X-Key":"os.environ/OPENAI_API_KEY"}}`, "", "", `os.environ/OPENAI_API_KEY is not sent to http://evil: `},
		{"stolen", `{"model":"openai/x","api_base":"http://evil/v1","user":"os.environ/OPENAI_API_KEY"}`, "", "", `os.environ/OPENAI_API_KEY stands where`},
		{"stolen", `{"model":"openai/x","api_base":"http://evil/v1","extra_body":{"a":["os.environ/MY_API_KEY"]}}`, "", "", `os.environ/MY_API_KEY stands where`},
		{"stolen", `{"model":"openai/x","litellm_credential_name":"vault"}`, "", `{"api_key":"os.environ/OPENAI_API_KEY","api_base":"http://evil/v1"}`, `os.environ/OPENAI_API_KEY is not sent to http://evil: `},
		{"stolen", `{"model":"openai/x","api_base":"http://h/v1","api_key":"os.environ/DATABASE_URL"}`, "", "", `os.environ/DATABASE_URL is not sent to http://h: `},
		{"unsaid", `{"model":"hosted_vllm/x","api_base":"http://evil/v1"}`, "", "", `{"provider":{"kind":"vllm","url":"http://evil/v1"},"model":"x"}`},
		{"unsaid", `{"model":"hosted_vllm/x","api_base":"http://gpu:8000/v1"}`, "", "", `{"provider":{"kind":"vllm","url":"http://gpu:8000/v1","key":"secret:HOSTED_VLLM_API_KEY"},"model":"x"} HOSTED_VLLM_API_KEY=sk-of-the-server`},
		// What is no address is not read.
		{"own", `{"model":"openai/x","api_base":"os.environ/HOME"}`, "", "", `{"provider":{"kind":"openai","key":"secret:OPENAI_API_KEY"},"model":"x"} OPENAI_API_KEY=sk-of-the-environment`},
		{"shared", `{"model":"openai/x","litellm_credential_name":"vault"}`, "", `{"api_key":"sk-credential-secret","api_base":"http://h:9/v1"}`,
			`{"provider":{"kind":"openai","url":"http://h:9/v1","key":"secret:TOLLGATE_H_KEY"},"model":"x"} TOLLGATE_H_KEY=sk-credential-secret`},
		{"shared", `{"model":"openai/x","litellm_credential_name":"vault"}`, "", "", `{"unavailable":"no credential of credential_list is called vault"}`},
		{"elsewhere", `{"model":"azure/x","api_key":"sk-azure-0123456789"}`, "", "", `{"unavailable":"tollgate does not speak to the provider azure"}`},
		{"blocked", `{"model":"hosted_vllm/x","api_base":"http://h/v1"}`, `{"blocked":true}`, "", `{"unavailable":"it is blocked"}`},
		{"w/*", `{"model":"hosted_vllm/*","api_base":"http://h/v1"}`, "", "", `{"provider":{"kind":"vllm","url":"http://h/v1"},"model":"*"}`},
		{"headers", `{"model":"openai/x","api_base":"http://h/v1","extra_headers":{"X-Key":"sk-header-0123456789","X-Plain":"a"}}`, "", "",
			`{"provider":{"kind":"openai","url":"http://h/v1","headers":{"X-Key":"secret:TOLLGATE_H_X_KEY","X-Plain":"a"}},"model":"x"} TOLLGATE_H_X_KEY=sk-header-0123456789`},
		{"capped", `{"model":"openai/x","api_base":"http://h/v1","max_budget":5}`, "", "", `a deployment of the API has no max_budget`},
		{"limited", `{"model":"openai/x","api_base":"http://h/v1","default_api_key_rpm_limit":5}`, "", "", `a deployment of the API has no max_budget`},
		{" bad ", `{"model":"openai/x"}`, "", "", `a model_name has 1 to 256`},
		{"none", `{}`, "", "", `{"unavailable":"its litellm_params name no model"}`},
		{"none", `[]`, "", "", `{"unavailable":"its litellm_params are missing"}`},
	} {
		d := Deployment{Name: tt.name, Params: json.RawMessage(tt.params), Sent: []Sent{{"MY_API_KEY", "http://h"}}, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
		if tt.info != "" {
			d.Info = json.RawMessage(tt.info)
		}
		if tt.credential != "" {
			d.Credential = json.RawMessage(tt.credential)
		}
		got := ""
		c, err := ConvertDeployment(d)
		var no *ErrDeployment
		switch {
		case errors.As(err, &no):
			got = no.Problem
		case err != nil:
			t.Errorf("%v", err)
		default:
			got = string(c.Declaration)
			for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
				got += fmt.Sprintf(" %s=%s", name, c.Secrets[name])
			}
			for _, v := range c.Secrets {
				if strings.Contains(string(c.Declaration)+fmt.Sprint(c.Findings), v) {
					t.Errorf("a secret stands in %s or %v", c.Declaration, c.Findings)
				}
			}
		}
		if got != tt.want && !(err != nil && strings.HasPrefix(got, tt.want)) {
			t.Errorf("%s %s\n got %s\nwant %s", tt.name, tt.params, got, tt.want)
		}
	}
}
