package kind

import (
	"slices"

	"provision/pkg/graph"
)

// Actions are what IAM has to allow for a kind, by how each can be limited. Each call that the kind's file makes is in
// exactly one list, except that a creation can be in Create and Within.
type Actions struct {
	Read   []string // on everything: these take no resource
	Create []string // on things that get the stack's tag by the same call
	Made   []string // the ARNs of what Create makes, as in On; EC2's are known by what the things are tagged as
	Within []string // creations that also name existing things: those must have the stack's tag
	Change []string // on things that have the stack's tag

	// On are the ARNs of the things that are known by the stack's name, without "arn:" and the partition; {account} and
	// {name} stand for the stack's own. Where tags can't limit an action, they do.
	On       []string
	ReadOn   []string
	ChangeOn []string

	// Launches is set where instances are launched on behalf of the caller: from things that have the stack's tag, and with tags.
	Launches bool

	Further []Allowance // what is limited otherwise
	Admin   []string    // what no pipeline is allowed: an administrator's run makes these calls
	Linked  []string    // services that create a role of their own with an account's first thing of the kind
}

// Allowance is one statement of a policy.
type Allowance struct {
	Sid     string // empty: along with what others need on everything and under no condition
	Actions []string
	On      []string // as Actions.On; "*" is everything
	Limits  []Limit  // all of them must hold
	Implied bool     // AWS asks for it on behalf of the caller: no code calls it
}

// Limit is one condition of a policy. ARNs among the values are written as in Actions.On, and {stack} stands for the
// stack's name in its tags.
type Limit struct {
	Operator string // such as StringEquals
	Key      string
	Values   []string
}

// Equals is the limit that a key has one of the values.
func Equals(key string, values ...string) Limit { return Limit{"StringEquals", key, values} }

// InStack is the limit that an existing resource has the stack's tag.
func InStack() Limit { return Equals("aws:ResourceTag/"+graph.TagStack, "{stack}") }

// IntoStack is the limit that the call gives the stack's tag.
func IntoStack() Limit { return Equals("aws:RequestTag/"+graph.TagStack, "{stack}") }

// Called are the actions that the kind's own code calls.
func (a Actions) Called() []string {
	all := slices.Concat(a.Read, a.Create, a.Within, a.Change, a.ReadOn, a.ChangeOn, a.Admin)
	for _, further := range a.Further {
		if !further.Implied {
			all = append(all, further.Actions...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Implied are the actions that AWS asks for though the kind's code does not call them.
func (a Actions) Implied() []string {
	var all []string
	for _, further := range a.Further {
		if further.Implied {
			all = append(all, further.Actions...)
		}
	}
	if a.Launches {
		all = append(all, "ec2:RunInstances", "ec2:CreateTags")
	}
	if len(a.Linked) > 0 {
		all = append(all, "iam:CreateServiceLinkedRole")
	}
	return all
}
