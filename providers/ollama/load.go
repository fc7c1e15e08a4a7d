package ollama

import (
	"context"
	"net/http"

	"tollgate/providers"
)

// load asks which models are in memory. Ollama says nothing of the requests that it has.
func load(ctx context.Context, fetch providers.Fetch) (providers.Load, error) {
	var running tags
	if err := (codec{}).ask(ctx, fetch, providers.Request{Method: http.MethodGet, Path: "/api/ps"}, &running); err != nil {
		return providers.Load{}, err
	}
	l := providers.Load{Loaded: map[string]bool{}}
	if running.Models != nil {
		for _, t := range *running.Models {
			l.Loaded[canonical(t.name())] = true
		}
	}
	return l, nil
}
