package stack

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// Record is what a stack remembers: a [state.Writer], or a [ReadOnly] document.
type Record interface {
	Document() state.Document
	Journal(region string) graph.Journal
	SetFacts(region string, facts state.Facts) error
}

// Stack is one stack, in the regions it is worked on.
type Stack struct {
	Config  *config.Config
	Cloud   *cloud.Cloud
	Record  Record
	Regions []string // in the order in which they are shown
	Shared  Shared   // nil: Record may be written for what the stack has once, too

	Events func(graph.Event) // may be nil; called from many goroutines
	Clock  clock.Clock       // nil: real time
	Web    http.RoundTripper // for the verification of URLs; nil: the internet

	Parallelism int  // resources of a region that are worked on at once; 0: no limit
	Concurrent  int  // regions that are worked on at once; 0: all
	Tolerance   int  // regions that may fail before Apply starts no further one
	SkipVerify  bool // do not fetch the URLs
	RefreshAMI  bool // take the newest image even where one is pinned

	RemoveGuardDuty bool // a removal also takes what GuardDuty put into the stack's VPCs
}

// ReadOnly is a record for commands that change nothing.
type ReadOnly struct{ Read state.Document }

// Document implements [Record].
func (r ReadOnly) Document() state.Document { return r.Read }

// Journal implements [Record]; it refuses to be written.
func (r ReadOnly) Journal(region string) graph.Journal { return r.Read.Journal(region) }

// SetFacts implements [Record]. The facts are used for this run and not kept.
func (r ReadOnly) SetFacts(string, state.Facts) error { return nil }

// Name is the name of the stack's load balancer, target group, Auto Scaling group, launch template and role, and the
// prefix of its security groups' names. AWS accepts each of these for any name of a stack: a security group's name
// could not start with "sg-", nor a load balancer's with "internal-", and a launch template's needs three characters.
func (s *Stack) Name() string { return "provision-" + s.Config.Name }

func (s *Stack) owner() graph.Owner {
	return graph.Owner{Stack: s.Config.Name, ID: s.Record.Document().Owner}
}

// Owns says whether a thing carries the tags of the stack and of its owner.
func (s *Stack) Owns(i graph.Identity) bool { return s.owner().Owns(i) }

func (s *Stack) engine(region string) *graph.Engine {
	return &graph.Engine{
		Owner:       s.owner(),
		Journal:     s.Record.Journal(region),
		Classify:    cloud.Classify,
		Events:      s.Events,
		Clock:       s.Clock,
		NewNonce:    state.NewOwner,
		Parallelism: s.Parallelism,
	}
}

// tags are what a resource carries, and what earlier runs set and this one does not want.
func (s *Stack) tags(user map[string]string, facts state.Facts, key graph.Key) graph.Tags {
	owner := s.owner()
	want := map[string]string{
		graph.TagName:  owner.Stack + "-" + strings.ReplaceAll(string(key), "/", "-"),
		graph.TagStack: owner.Stack,
		graph.TagOwner: owner.ID,
		graph.TagKey:   string(key),
	}
	maps.Copy(want, user)
	drop := slices.DeleteFunc(slices.Clone(facts.TagKeys), func(name string) bool {
		_, wanted := want[name]
		return wanted
	})
	return graph.Tags{Want: want, Drop: drop}
}

// emit tells of something that is not a single resource's.
func (s *Stack) emit(e graph.Event) {
	if s.Events != nil {
		e.Time = s.clock().Now()
		s.Events(e)
	}
}

func (s *Stack) clock() clock.Clock {
	if s.Clock == nil {
		return clock.Real{}
	}
	return s.Clock
}
