package litellm

import (
	"strconv"
	"time"

	"tollgate/gateway"
	"tollgate/gateway/edge"
)

// The headers of an answer that LiteLLM's clients look for. Where an upstream is, is nobody's
// business, so there is no address among them.
var (
	nameModelID   = edge.Name("X-Litellm-Model-Id")
	nameGroup     = edge.Name("X-Litellm-Model-Group")
	nameVersion   = edge.Name("X-Litellm-Version")
	nameCost      = edge.Name("X-Litellm-Response-Cost")
	nameTried     = edge.Name("X-Litellm-Attempted-Retries")
	nameFallbacks = edge.Name("X-Litellm-Attempted-Fallbacks")
	nameTook      = edge.Name("X-Litellm-Response-Duration-Ms")
	nameOverhead  = edge.Name("X-Litellm-Overhead-Duration-Ms")
)

// Answer sets the headers of an answer. A stream that is paid for has no cost yet when they
// are sent.
func (d *Dialect) Answer(req *gateway.Request, reply *gateway.Reply, set func(edge.Name, string)) {
	id := req.Labels.ClientRequestID
	if id == "" {
		id = req.ID
	}
	set(nameCall, id)
	set(nameModelID, reply.Deployment)
	set(nameGroup, reply.Model)
	set(nameVersion, d.Version)
	if cost := reply.Cost(); cost != nil && reply.Stream == nil {
		set(nameCost, cost.String())
	} else if reply.Free() {
		set(nameCost, "0.0")
	}
	set(nameTried, strconv.Itoa(max(0, reply.Attempts-1-reply.Hops)))
	set(nameFallbacks, strconv.Itoa(reply.Hops))
	took, upstream := reply.Took()
	set(nameTook, millis(took))
	set(nameOverhead, millis(max(0, took-upstream)))
}

func millis(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 3, 64)
}
