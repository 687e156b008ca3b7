package kind

import "slices"

// Actions are what IAM has to allow for a kind, by how each can be limited. Each call that the kind's file makes is in
// exactly one list, except that a creation can be in Create and Within.
type Actions struct {
	Read   []string // on everything: these take no resource
	Create []string // on things that get the stack's tag by the same call
	Within []string // creations that also name existing things: those must have the stack's tag
	Change []string // on things that have the stack's tag

	// On are the ARNs of the things that are known by the stack's name, without "arn:" and the partition; {account} and
	// {name} stand for the stack's own. Where tags can't limit an action, they do.
	On       []string
	ReadOn   []string
	ChangeOn []string

	Further []Allowance // what is limited otherwise
	Linked  []string    // services that create a role of their own with an account's first thing of the kind
}

// Allowance is one statement of a policy.
type Allowance struct {
	Sid      string // empty: along with what others need on everything and under no condition
	Actions  []string
	On       []string // as Actions.On; "*" is everything
	Operator string   // of the condition on Key, such as StringEquals; empty: no condition
	Key      string
	Values   []string // ARNs are written as in Actions.On
	Implied  bool     // AWS asks for it on behalf of the caller: no code calls it
}

// Called are the actions that the kind's own code calls.
func (a Actions) Called() []string {
	all := slices.Concat(a.Read, a.Create, a.Within, a.Change, a.ReadOn, a.ChangeOn)
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
	if len(a.Linked) > 0 {
		all = append(all, "iam:CreateServiceLinkedRole")
	}
	return all
}
