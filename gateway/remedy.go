package gateway

import (
	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// remedy is what may help after a failure.
type remedy struct {
	elsewhere bool
	again     bool  // the same deployment may be tried again when nothing else is left
	larger    int64 // only deployments with a known context above so many tokens help
	refused   bool  // only tiers for what a content filter refuses help
	once      bool  // it is tried once only: the upstream may have worked
}

// remedyFor is the table of trust.md P3: what an attempt's failure allows.
func remedyFor(dep *catalog.Deployment, e *providers.Error) remedy {
	if e.Oversize || e.Ours { // it would be as long elsewhere, and there is no room for that either
		return remedy{}
	}
	switch e.Kind {
	case providers.Unreachable: // the request was not sent to its end
		return remedy{elsewhere: true, again: true}
	case providers.RateLimited, providers.Overloaded: // a whole refusal
		return remedy{elsewhere: true}
	case providers.KeyRefused, providers.ModelMissing: // the deployment is at fault, not the request
		return remedy{elsewhere: true}
	case providers.ServerError: // no usage came with it
		return remedy{elsewhere: true, once: true}
	case providers.Truncated, providers.BadAnswer: // an answer had begun and nobody has seen it
		return remedy{elsewhere: true, once: true}
	case providers.TimedOut:
		// With a status it is the upstream's own word; otherwise it may still be working.
		return remedy{elsewhere: e.Status != 0 || dep.FallbackLate, once: true}
	case providers.Lost:
		return remedy{elsewhere: dep.RetryAmbiguous, again: dep.RetryAmbiguous, once: true}
	case providers.ContextTooLong:
		return remedy{elsewhere: true, larger: max(dep.Context, 1)}
	case providers.ContentRefused:
		return remedy{elsewhere: true, refused: true}
	}
	return remedy{}
}
