package kind

import (
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// NotByEC2 is the resource type of kinds whose tags EC2 does not list.
const NotByEC2 types.ResourceType = "not tagged by EC2"

// Registration is what is known of a kind.
type Registration struct {
	Title    string             // for people, such as "NAT gateway"
	Setting  string             // what turns the kind on, such as "network.flow_logs"; empty: every stack has it
	Global   bool               // a stack has it once, and not in each region
	Launched bool               // an Auto Scaling group creates it: only removal and the search for leftovers look for it
	TaggedAs types.ResourceType // in EC2's list of tags, by which leftovers are found; or [NotByEC2]
	After    []string           // the kinds that must be gone before a thing of this one can be deleted
	Writes   Writes
	Actions  Actions
	Drift    Drift
	Least    Least
	Place    Place

	// Register takes these from the kind's type.
	name     string
	tied     string
	together bool
	zero     any
	add      func(g *graph.Graph, c *cloud.Region, stack string, after ...string)
}

// Name is the start of the kind's keys.
func (r Registration) Name() string { return r.name }

// GoesWith is the kind with which AWS deletes this one; empty for most.
func (r Registration) GoesWith() string { return r.tied }

// Together is set if one call deletes several things of the kind.
func (r Registration) Together() bool { return r.together }

// Zero is the kind's Go type, with no client.
func (r Registration) Zero() any { return r.zero }

// AddTo adds the kind to a graph. A thing of it is deleted when everything of the kinds in after is gone.
func (r Registration) AddTo(g *graph.Graph, c *cloud.Region, stack string, after ...string) {
	r.add(g, c, stack, after...)
}

// Telling is implemented by observed values that people want to know more of than the ID.
type Telling interface {
	Facts() []string
}

// Least is how few calls AWS's API makes possible, besides one list of the kind and one call that creates each thing.
type Least struct {
	Follow  Follow // the calls that complete a thing, since the one that creates it has no room for them
	Waits   bool   // a thing of the kind takes its time until others can rely on it
	Lingers bool   // its deletion takes its time
	Reads   int    // of what the list lacks, once there is a thing
	Plans   int    // of what the list lacks and only a plan asks for
	Nested  bool   // listed by what it belongs to: without that, there is no call
}

// Follow is how many calls complete a new thing, and what they wait for.
type Follow int

// The ways to complete a thing.
const (
	Nothing    Follow = iota
	OneCall           // which waits for nothing else
	OneForEach        // for each resource that only changes wait for
	OneForAll         // after all resources that changes wait for
)

// Place is where the diagram shows a kind.
type Place int

// The places, from the internet to the instances.
const (
	Unplaced Place = iota
	Internet
	VPC
	Balancer
	Listeners
	Targets
	Zone // by its name: a subnet's, or that of its zone
	Tables
	Template
	Group
	Services
	Security
	Account // what a stack has once
	Apart   // in the list of further things
)
