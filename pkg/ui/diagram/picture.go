package diagram

import (
	"slices"
	"time"

	"provision/pkg/graph"
	"provision/pkg/verdict"
)

// Picture is what is drawn of a stack.
type Picture struct {
	Stack   string
	Time    time.Time // of the look at AWS
	Plan    *Planned  // the saved plan that is drawn; nil: what differs from the settings is
	Global  []Node    // what the stack has once
	Regions []Region
}

// Region is one region's stack.
type Region struct {
	Name    string
	Verdict verdict.Verdict
	URL     string
	Healthy int    // targets that get requests
	Err     string // why it could not be read
	Planned bool   // the differences are those that a saved plan does away with

	VPC      Node
	Regional Node // the NAT gateway that AWS spreads over the zones, if that is how it is
	Internet Node // the internet gateway
	Balancer Node
	Targets  []Node // listeners and target group
	Zones    []Zone
	Group    []Node // launch template and Auto Scaling group
	Services []Node // endpoints
	Security []Node // security groups
	Tables   []Node // route tables of the public subnets
	Others   []Node // the stack's resources that have no place above, e.g. because they are no longer desired
}

// Zone is an availability zone's share.
type Zone struct {
	Letter          string // as in the keys
	Name            string // e.g. "eu-west-1a (euw1-az3)"
	Public, Private Node
	Gateway         []Node // NAT gateway and its address
	Table           Node   // the private subnet's way out
	Exit            int    // the zone whose NAT gateway this one uses, or one of the below
	Instances       []Node
}

// These are the values of a zone's Exit that are not zones.
const (
	NoExit       = -1
	RegionalExit = -2
)

// Node is one thing.
type Node struct {
	Key   graph.Key // empty: there is no such thing
	Title string
	ID    string
	State State
	Word  string // the state in the API's words
	Facts []string
	// Changes are how it differs from what is wanted.
	Changes []string
}

// Is reports whether the resource exists or will be created.
func (n Node) Is() bool { return n.Key != "" }

// State is how a thing is drawn.
type State string

// The states. Each has a mark of its own, so that it is read without colours.
const (
	Ready     State = "ready"
	Busy      State = "busy"    // pending, or on its way out
	Failed    State = "failed"  // or unhealthy
	Missing   State = "missing" // wanted and not there: it would be made
	Differs   State = "differs"
	Replaced  State = "replaced" // it failed: it would be deleted and created again
	Unwanted  State = "unwanted" // it would be removed
	Elsewhere State = ""         // no thing of the stack's
)

var marks = map[State]string{
	Ready: "✓", Busy: "…", Failed: "✗", Missing: "+", Differs: "~", Replaced: "-/+", Unwanted: "-",
}

// Mark is the state's symbol, those of plans where it is a difference.
func (s State) Mark() string { return marks[s] }

// Changed says whether something would be done about it.
func (s State) Changed() bool { return slices.Contains(differences, s) }

// differences are the states that a plan does away with, in the order that plans count them in.
var differences = []State{Missing, Differs, Replaced, Unwanted}

// Nodes are all things of the region, in reading order.
func (r Region) Nodes() []Node {
	all := []Node{r.VPC, r.Internet, r.Regional, r.Balancer}
	all = append(all, r.Targets...)
	for _, z := range r.Zones {
		all = append(all, z.Public)
		all = append(all, z.Gateway...)
		all = append(all, z.Private, z.Table)
		all = append(all, z.Instances...)
	}
	for _, more := range [][]Node{r.Group, r.Services, r.Security, r.Tables, r.Others} {
		all = append(all, more...)
	}
	is := all[:0]
	for _, n := range all {
		if n.Is() {
			is = append(is, n)
		}
	}
	return is
}
