package openai

import (
	"context"
	"errors"
	"testing"

	"tollgate/providers"
)

func TestVLLMLoad(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want providers.Load
	}{
		"new": {`# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="Qwen/Qwen3-32B"} 3.0
vllm:num_requests_running{engine="1",model_name="Qwen/Qwen3-32B"} 4.0
vllm:num_requests_waiting{engine="0",model_name="Qwen/Qwen3-32B"} 2.0
vllm:kv_cache_usage_perc{engine="0",model_name="Qwen/Qwen3-32B"} 0.25
vllm:kv_cache_usage_perc{engine="1",model_name="Qwen/Qwen3-32B"} 0.93
vllm:num_requests_waiting_by_reason{reason="x"} 7.0
`, providers.Load{Requests: true, Running: 7, Waiting: 2, Cache: 0.93}},
		"older":          {"vllm:num_requests_running{model_name=\"m\"} 1\nvllm:gpu_cache_usage_perc{model_name=\"m\"} 0.5\n", providers.Load{Requests: true, Running: 1, Cache: 0.5}},
		"no labels":      {"vllm:num_requests_running 1 1764000000000", providers.Load{Requests: true, Running: 1}},
		"strange labels": {`vllm:num_requests_waiting{model_name="a\"} 9 {b"} 5`, providers.Load{Requests: true, Waiting: 5}},
		"nothing":        {"", providers.Load{}},
		"another server": {"process_cpu_seconds_total 7\n", providers.Load{}},
		"nonsense": {"vllm:num_requests_running\nvllm:num_requests_running{\nvllm:num_requests_running{} \nvllm:num_requests_running NaN\nvllm:num_requests_running -3\nvllm:num_requests_running x\n",
			providers.Load{}},
		"huge": {"vllm:num_requests_running 1e300\nvllm:kv_cache_usage_perc +Inf\n", providers.Load{Requests: true, Running: 1e9, Cache: 1}},
	} {
		got, err := vllmLoad(t.Context(), func(_ context.Context, r providers.Request) (int, []byte, error) {
			if r.Method != "GET" || r.Path != "/metrics" || !r.Root {
				t.Errorf("%s %s", r.Method, r.Path)
			}
			return 200, []byte(c.body), nil
		})
		if err != nil || got.Requests != c.want.Requests || got.Running != c.want.Running || got.Waiting != c.want.Waiting || got.Cache != c.want.Cache || got.Loaded != nil {
			t.Errorf("%s: %+v %v, want %+v", name, got, err, c.want)
		}
	}
	for _, status := range []int{404, 401, 500} {
		if _, err := vllmLoad(t.Context(), func(context.Context, providers.Request) (int, []byte, error) { return status, nil, nil }); err == nil {
			t.Errorf("%d is taken for metrics", status)
		}
	}
	lost := errors.New("lost")
	if _, err := vllmLoad(t.Context(), func(context.Context, providers.Request) (int, []byte, error) { return 0, nil, lost }); !errors.Is(err, lost) {
		t.Errorf("%v", err)
	}
}
