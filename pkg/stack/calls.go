package stack

import (
	"maps"
	"slices"

	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
)

// Calls are how often a plan calls which operation, by its name in IAM policies, e.g. "ec2:CreateVpc".
type Calls map[string]int

// Names are the operations in order.
func (c Calls) Names() []string { return slices.Sorted(maps.Keys(c)) }

// Total is how many calls there are.
func (c Calls) Total() int {
	n := 0
	for _, times := range c {
		n += times
	}
	return n
}

// Calls are the calls of one region that change something, when all goes well: reads, waits and repeats after errors
// come on top.
func (p *Part) Calls() Calls {
	calls := Calls{}
	if p.Plan == nil {
		return calls
	}
	later := map[graph.Key]bool{}
	for _, step := range p.Plan.Changed() {
		later[step.Key] = true
	}
	for _, step := range p.Plan.Changed() {
		of := kinds.Of(step)
		lacking := func() []graph.Change { return of.Writes.Lacking(p.Plan.Lacking(step.Key)) }
		switch step.Action {
		case graph.Create:
			calls.creation(of, lacking(), later)
		case graph.Replace:
			calls.add(of.Writes.Delete...)
			calls.creation(of, lacking(), later)
		case graph.Update:
			calls.changes(of, step.Changes, later)
		case graph.Delete:
			calls.deletion(of)
		}
	}
	return calls
}

// Calls are the calls of one region's removal. A resource that AWS deletes together with another needs none.
func (p *RemovalPart) Calls() Calls {
	calls := Calls{}
	if p.Removal == nil {
		return calls
	}
	there := map[string]bool{}
	for _, step := range p.Removal.Steps {
		there[kinds.Of(step).Name()] = true
	}
	for _, step := range p.Removal.Steps {
		if of := kinds.Of(step); !there[of.GoesWith()] && step.Phase != graph.Leaving {
			calls.deletion(of)
		}
	}
	return calls
}

func (c Calls) add(names ...string) {
	for _, name := range names {
		c[name]++
	}
}

func (c Calls) deletion(of kind.Registration) {
	for _, name := range of.Writes.Delete {
		if !of.Together() || c[name] == 0 {
			c.add(name)
		}
	}
}

// creation adds the call that creates the thing, and the changes that this call could not make along with it.
func (c Calls) creation(of kind.Registration, lacking []graph.Change, later map[graph.Key]bool) {
	c.add(of.Writes.Create)
	c.changes(of, lacking, later)
}

// changes adds the calls of changes. Those with one name are made by one call, unless there is one for each, or some
// wait for what comes later.
func (c Calls) changes(of kind.Registration, changes []graph.Change, later map[graph.Key]bool) {
	type call struct {
		name  string
		after graph.Key
	}
	made := map[call]bool{}
	for _, change := range changes {
		after := change.After
		if !later[after] {
			after = ""
		}
		if change.Fixed != "" || change.Useless != "" {
			continue // no call makes it in place
		}
		how := of.Writes.Of(change)
		for _, name := range how.Operations(change) {
			if how.Each || how.ClearEach && change.To == "" || !made[call{name, after}] {
				c.add(name)
			}
			made[call{name, after}] = true
		}
	}
}
