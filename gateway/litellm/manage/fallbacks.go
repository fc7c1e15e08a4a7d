package manage

import (
	"net/http"
	"slices"

	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
)

func (a *api) fallbackRoutes() []route {
	return []route{
		{http.MethodPost, "/fallback", honoured("model", "fallback_models", "fallback_type"), a.setFallback},
		{http.MethodGet, "/fallback/:model", nil, a.getFallback},
		{http.MethodDelete, "/fallback/:model", nil, a.deleteFallback},
	}
}

// fallbackTypes are the cases in which something takes over, in LiteLLM's words.
var fallbackTypes = map[string]catalog.When{"": catalog.Always, "general": catalog.Always, "context_window": catalog.WhenContext, "content_policy": catalog.WhenRefused}

// fallbackOf returns what was said through the API of a model in one case. ok is false if
// nothing was.
func (a *api) fallbackOf(model string, when catalog.When) (f control.Fallback, ok bool) {
	for _, f := range a.Control.Fallbacks() {
		if f.Model == model && f.When == when {
			return f, true
		}
	}
	return f, false
}

// setFallback says what takes over from a model, in place of what was said before. What the
// configuration file says goes first and stays.
func (a *api) setFallback(in *call) error {
	if err := a.may(in, control.Alter); err != nil {
		return err
	}
	in.needBody()
	model, to, kind := in.text("model"), in.texts("fallback_models"), in.text("fallback_type").or("general")
	when, known := fallbackTypes[kind]
	switch {
	case in.none:
	case model.v == nil:
		in.fail("missing", "Field required", "model")
	case len(to.or(nil)) == 0:
		in.fail("missing", "Field required", "fallback_models")
	case !known:
		in.fail("enum", "Input should be 'general', 'context_window' or 'content_policy'", "fallback_type")
	}
	if err := in.done(); err != nil {
		return err
	}
	all, err := a.deployments(in)
	if err != nil {
		return err
	}
	is := func(name string) bool {
		for _, d := range all {
			if d.name == name {
				return true
			}
		}
		_, ok := a.routeOf(name)
		return ok
	}
	if !is(*model.v) {
		return missing("model", "Model '%s' not found in router", *model.v)
	}
	var invalid []string
	for _, name := range *to.v {
		if name == *model.v {
			return bad("fallback_models", "Model '%s' cannot be its own fallback", name)
		}
		if !is(name) {
			invalid = append(invalid, name)
		}
	}
	if len(invalid) > 0 {
		no := bad("fallback_models", "Invalid fallback models: %s", pythonList(invalid))
		return &detailed{no, row{"error": no.message, "available_models": namesOf(all)}}
	}
	if f, there := a.fallbackOf(*model.v, when); there {
		_, err = a.Control.UpdateFallback(in.ctx, f.ID, *to.v)
	} else {
		_, err = a.Control.CreateFallback(in.ctx, control.Fallback{Model: *model.v, When: when, To: *to.v})
	}
	if err != nil {
		return err
	}
	return in.answer(row{"model": *model.v, "fallback_models": *to.v, "fallback_type": kind, "message": "Fallback configuration created successfully"})
}

// namesOf are the public names of deployments, in order.
func namesOf(all []deployed) []string {
	out := []string{}
	for _, d := range all {
		out = append(out, d.name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pythonList writes texts as LiteLLM's messages have them.
func pythonList(texts []string) string {
	out := "["
	for i, s := range texts {
		if i > 0 {
			out += ", "
		}
		out += "'" + s + "'"
	}
	return out + "]"
}

// askedFallback returns what a request names by its path and fallback_type.
func (a *api) askedFallback(in *call) (f control.Fallback, kind string, err error) {
	q := in.query()
	if kind = q.text("fallback_type"); kind == "" {
		kind = "general"
	}
	when, known := fallbackTypes[kind]
	if !known {
		q.fail("enum", "Input should be 'general', 'context_window' or 'content_policy'", "fallback_type")
	}
	if err := q.done(); err != nil {
		return f, kind, err
	}
	model := in.param("model")
	f, there := a.fallbackOf(model, when)
	if !there {
		return f, kind, missing("", "No %s fallbacks configured for model '%s'", kind, model)
	}
	return f, kind, nil
}

func (a *api) getFallback(in *call) error {
	if err := a.may(in, control.See); err != nil {
		return err
	}
	f, kind, err := a.askedFallback(in)
	if err != nil {
		return err
	}
	return in.answer(row{"model": f.Model, "fallback_models": list(f.To), "fallback_type": kind})
}

func (a *api) deleteFallback(in *call) error {
	if err := a.may(in, control.Alter); err != nil {
		return err
	}
	f, kind, err := a.askedFallback(in)
	if err != nil {
		return err
	}
	if err := a.Control.DeleteFallback(in.ctx, f.ID); err != nil {
		return err
	}
	return in.answer(row{"model": f.Model, "fallback_type": kind, "message": "Fallback configuration deleted successfully"})
}
