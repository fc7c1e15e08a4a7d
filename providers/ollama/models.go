package ollama

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tollgate/providers"
)

// cloudHost is where models with a cloud tag run.
const cloudHost = "ollama.com"

// tags is the answer of /api/tags and of /api/ps.
type tags struct {
	Models *[]tag `json:"models"`
}

type tag struct {
	Name         string   `json:"name"`
	Model        string   `json:"model"`
	RemoteHost   string   `json:"remote_host"`
	Capabilities []string `json:"capabilities"` // in newer servers; not to be relied on, see [codec.Models]
	Details      struct {
		ContextLength count `json:"context_length"`
	} `json:"details"`
}

func (t tag) name() string {
	if t.Name == "" {
		return t.Model
	}
	return t.Name
}

// show is the part of /api/show that is needed.
type show struct {
	RemoteHost   string                     `json:"remote_host"`
	Capabilities []string                   `json:"capabilities"`
	ModelInfo    map[string]json.RawMessage `json:"model_info"`
}

// Models implements [providers.Codec]. It asks /api/tags for the models, /api/ps for
// what is loaded and then /api/show for each model, one after the other. The context
// is what the model was made for: the server loads it with less unless told
// otherwise.
//
// What newer servers say of capabilities in /api/tags is read from the head of the
// model's file only, and makes a completer of an embedder whose file says so further
// down; /api/show reads on. So the tags serve only where it cannot be asked: for a
// model that runs elsewhere, since the server would ask elsewhere, and for one that
// the server fails to describe, which must not hide the others.
//
// A model that goes away meanwhile, and one that can neither answer nor embed, such
// as a maker of images, is left out.
func (c codec) Models(ctx context.Context, fetch providers.Fetch) ([]providers.Model, error) {
	var listed, running tags
	if err := c.ask(ctx, fetch, providers.Request{Method: http.MethodGet, Path: "/api/tags"}, &listed); err != nil {
		return nil, err
	}
	if listed.Models == nil {
		return nil, badAnswer(nil, "/api/tags: the answer has no models")
	}
	if err := c.ask(ctx, fetch, providers.Request{Method: http.MethodGet, Path: "/api/ps"}, &running); err != nil && statusOf(err) != http.StatusNotFound {
		return nil, err
	}
	loaded := map[string]bool{}
	if running.Models != nil {
		for _, t := range *running.Models {
			loaded[canonical(t.name())] = true
		}
	}
	var models []providers.Model
	for _, t := range *listed.Models {
		if t.name() == "" {
			continue
		}
		m, ok, err := c.model(ctx, fetch, t)
		if err != nil {
			return nil, err
		}
		if ok {
			m.Loaded = loaded[canonical(m.ID)]
			models = append(models, m)
		}
	}
	return models, nil
}

// model describes one model, and says whether it is of any use here.
func (c codec) model(ctx context.Context, fetch providers.Fetch, t tag) (providers.Model, bool, error) {
	m := providers.Model{ID: t.name(), Context: max(int64(t.Details.ContextLength), 0), Remote: remote(t)}
	capabilities := t.Capabilities
	if m.Remote == "" {
		ask, err := post("/api/show", map[string]string{"model": m.ID}, nil)
		if err != nil {
			return m, false, err
		}
		var s show
		switch err := c.ask(ctx, fetch, ask, &s); {
		case err == nil:
			m.Context, m.Remote, capabilities = cmp.Or(s.contextLength(), m.Context), hostOf(s.RemoteHost), s.capabilities()
		case statusOf(err) == http.StatusNotFound:
			return m, false, nil
		case statusOf(err) == 0:
			return m, false, err
		}
	}
	answers := len(capabilities) == 0 || slices.Contains(capabilities, "completion")
	embeds := slices.Contains(capabilities, "embedding")
	m.Embedder = embeds && !answers
	return m, answers || embeds, nil
}

// architecture returns what model_info has under the name of the model's
// architecture; nil if it is not there.
func (s show) architecture(name string) json.RawMessage {
	return s.ModelInfo[text(s.ModelInfo["general.architecture"])+"."+name]
}

func (s show) contextLength() int64 {
	return max(int64(parseCount(s.architecture("context_length"))), 0)
}

// capabilities says what the model can do. Older servers do not say: there
// an embedder is known by how it pools.
func (s show) capabilities() []string {
	if len(s.Capabilities) > 0 {
		return s.Capabilities
	}
	if s.architecture("pooling_type") != nil {
		return []string{"embedding"}
	}
	return []string{"completion"}
}

// ask sends a request and reads its answer.
func (c codec) ask(ctx context.Context, fetch providers.Fetch, r providers.Request, into any) error {
	status, body, err := fetch(ctx, r)
	if err != nil {
		return fmt.Errorf("ollama: %s %s: %w", r.Method, r.Path, err)
	}
	if status < 200 || status > 299 {
		return fmt.Errorf("ollama: %s %s: %w", r.Method, r.Path, c.Fault(providers.Call{}, status, nil, body))
	}
	if err := json.Unmarshal(body, into); err != nil {
		return badAnswer(err, "%s %s: the answer is not one of Ollama's: %v", r.Method, r.Path, err)
	}
	return nil
}

// statusOf returns the status of the answer that refused, 0 if there was none.
func statusOf(err error) int {
	if e := providers.AsError(err); e != nil {
		return e.Status
	}
	return 0
}

// remote returns the host on which a model runs, if that is not the server.
func remote(t tag) string {
	if t.RemoteHost != "" {
		return hostOf(t.RemoteHost)
	}
	_, version, _ := strings.Cut(t.name()[strings.LastIndexByte(t.name(), '/')+1:], ":")
	if version = strings.ToLower(version); version == "cloud" || strings.HasSuffix(version, "-cloud") {
		return cloudHost
	}
	return ""
}

// hostOf returns the host of an address, or the address if it is none.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return address
}

// canonical makes names comparable: case does not count, and no tag is "latest".
func canonical(name string) string {
	name = strings.ToLower(name)
	if !strings.Contains(name[strings.LastIndexByte(name, '/')+1:], ":") {
		name += ":latest"
	}
	return name
}
