package live

import (
	"slices"

	"provision/pkg/graph"
)

// Run is what is known of a run before its first event.
type Run struct {
	Command string // "up" or "down"
	Stack   string
	Note    string // e.g. that time runs faster than outside; may be empty
	Parts   []Part // the regions, in the order in which they are shown
}

// Part is one region's share of the run, or that of what the stack has once.
type Part struct {
	Region string
	Global bool
	Tasks  []graph.Outlook
	Err    error // why it takes no part; nil as a rule
}

// stage is a column: what of a region is made, or removed, together.
type stage struct {
	title string
	holds func(graph.Key) bool
}

func kinds(names ...string) func(graph.Key) bool {
	return func(key graph.Key) bool { return slices.Contains(names, key.Kind()) }
}

var (
	network   = kinds("vpc", "subnet", "internet-gateway", "security-group")
	balancing = kinds("load-balancer", "target-group", "listener")
	instances = kinds("launch-template", "auto-scaling-group", "instance", "volume", "iam-role", "instance-profile")
	healthy   = kinds("targets", "url")
	public    = graph.Key("route-table/public")
)

func isNetwork(key graph.Key) bool { return network(key) || key == public }

// isEgress takes what no other stage does: ways out of the private subnets.
func isEgress(key graph.Key) bool {
	return !isNetwork(key) && !balancing(key) && !instances(key) && !healthy(key)
}

var upStages = []stage{
	{"NETWORK", isNetwork}, {"EGRESS", isEgress}, {"LOAD BALANCER", balancing}, {"INSTANCES", instances}, {"HEALTHY", healthy},
}

// A removal goes the other way.
var downStages = []stage{
	{"INSTANCES", instances}, {"LOAD BALANCER", balancing}, {"EGRESS", isEgress}, {"NETWORK", isNetwork},
}

func (r Run) stages() []stage {
	if r.Command == "down" {
		return downStages
	}
	return upStages
}
