package configs

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"tollgate/providers"
)

// Metrics says who may read the metrics, and where.
type Metrics struct {
	On     bool
	Token  providers.Secret // opens them, beside an admin key; zero: none was declared
	Listen string           // host:port that they have for themselves; "": that of everything else
}

// shortToken is how many characters the token of the metrics has at least. The command
// that is named for it makes more.
const shortToken = 32

const metricsExample = "metrics: { token: env:METRICS_TOKEN }"

func (r *reader) metrics(path string, n *yaml.Node) {
	m := &r.config.Metrics
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "on":
			m.On = true
		case "off":
		default:
			r.say(path, n, metricsExample, "not known: on, off, or a mapping with token, listen or both is wanted")
		}
		return
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.say(path, n, "metrics: on", "the mapping is empty")
		return
	}
	var listen *yaml.Node
	r.fields(path, n, metricsExample, map[string]field{
		"token": func(path string, n *yaml.Node) {
			before := len(r.problems)
			m.Token = r.secret(path, n)
			if len(r.problems) == before && len(m.Token.Reveal()) < shortToken {
				r.sayHidden(path, n, "", "the token is shorter than %d characters and may be guessed; make one with: tollgate key generate", shortToken)
			}
		},
		"listen": func(path string, n *yaml.Node) {
			listen = n
			m.Listen, _ = r.address(path, n, "listen: "+DefaultMetricsListen)
		},
	})
	m.On = true
	if m.Listen == "" {
		return
	}
	switch public, _ := CheckListen(m.Listen); {
	case !public:
	case m.Token.IsZero():
		r.warn(path+".listen", listen, "token: env:METRICS_TOKEN", "others in the network can connect and read the metrics: without a token nothing is asked of them")
	default:
		r.warn(path+".listen", listen, "", PublicListen)
	}
}

// apart checks that the metrics do not listen where everything else does, once both are
// known.
func (r *reader) apart() {
	if l := r.config.Metrics.Listen; l != "" && l == r.config.Listen && !strings.HasSuffix(l, ":0") { // 0 is any that is free
		said := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: l}
		r.say("metrics.listen", said, metricsExample, "everything else listens there: leave this out to have the metrics there too")
	}
}
