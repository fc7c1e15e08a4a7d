package openai

import (
	"bytes"
	"context"
	"math"
	"net/http"
	"strconv"

	"tollgate/providers"
)

// The names under which vLLM says how busy it is; the last is that of older versions.
var (
	vllmRunning = []byte("vllm:num_requests_running")
	vllmWaiting = []byte("vllm:num_requests_waiting")
	vllmCaches  = [][]byte{[]byte("vllm:kv_cache_usage_perc"), []byte("vllm:gpu_cache_usage_perc")}
)

// vllmLoad reads what vLLM says of itself at /metrics. A server of several engines has a
// line for each: their requests are added up, and of the caches the fullest counts.
func vllmLoad(ctx context.Context, fetch providers.Fetch) (providers.Load, error) {
	status, body, err := fetch(ctx, providers.Request{Method: http.MethodGet, Path: "/metrics", Root: true})
	if err != nil {
		return providers.Load{}, err
	}
	if status != http.StatusOK {
		return providers.Load{}, badAnswer("HTTP "+strconv.Itoa(status)+" instead of metrics", nil)
	}
	var load providers.Load
	for line := range bytes.Lines(body) {
		if !bytes.HasPrefix(line, []byte("vllm:")) {
			continue
		}
		name, value, ok := sample(line)
		switch {
		case !ok:
		case bytes.Equal(name, vllmRunning):
			load.Requests = true
			load.Running += whole(value)
		case bytes.Equal(name, vllmWaiting):
			load.Requests = true
			load.Waiting += whole(value)
		case bytes.Equal(name, vllmCaches[0]), bytes.Equal(name, vllmCaches[1]):
			load.Cache = max(load.Cache, min(value, 1))
		}
	}
	return load, nil
}

// sample reads one line of Prometheus' text format: a name, labels in braces or none, a
// value, and perhaps a time.
func sample(line []byte) (name []byte, value float64, ok bool) {
	line = bytes.TrimSpace(line)
	end := bytes.IndexAny(line, "{ \t")
	if end < 0 {
		return nil, 0, false
	}
	name, rest := line[:end], line[end:]
	if rest[0] == '{' {
		if rest = afterLabels(rest); rest == nil {
			return nil, 0, false
		}
	}
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return nil, 0, false
	}
	value, err := strconv.ParseFloat(string(fields[0]), 64)
	if err != nil || math.IsNaN(value) || value < 0 {
		return nil, 0, false
	}
	return name, value, true
}

// afterLabels returns what follows the labels; a brace within quotes ends nothing.
func afterLabels(text []byte) []byte {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '}' && !quoted:
			return text[i+1:]
		}
	}
	return nil
}

// whole is a gauge as a number of requests; what no engine can have is cut off.
func whole(v float64) int64 { return int64(min(v, 1e9)) }
