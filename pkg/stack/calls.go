package stack

import (
	"maps"
	"slices"
	"strings"

	"provision/pkg/graph"
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
		writes := operations[step.Key.Kind()]
		switch step.Action {
		case graph.Create:
			writes.creation(calls, p.Plan.Lacking(step.Key), later)
		case graph.Replace:
			calls.add(writes.delete...)
			writes.creation(calls, p.Plan.Lacking(step.Key), later)
		case graph.Update:
			writes.changes(calls, step.Changes, later)
		case graph.Delete:
			writes.deletion(calls)
		}
	}
	return calls
}

// Calls are the calls of one region's removal. What AWS removes together with something else needs none.
func (p *RemovalPart) Calls() Calls {
	calls := Calls{}
	if p.Removal == nil {
		return calls
	}
	there := map[string]bool{}
	for _, step := range p.Removal.Steps {
		there[step.Key.Kind()] = true
	}
	for _, step := range p.Removal.Steps {
		if writes := operations[step.Key.Kind()]; !there[writes.goesWith] && step.Phase != graph.Leaving {
			writes.deletion(calls)
		}
	}
	return calls
}

func (c Calls) add(names ...string) {
	for _, name := range names {
		c[name]++
	}
}

func (w writes) deletion(calls Calls) {
	for _, name := range w.delete {
		if !w.together || calls[name] == 0 {
			calls.add(name)
		}
	}
}

// creation adds the call that makes the thing, and the changes that this call could not make along with it.
func (w writes) creation(calls Calls, lacking []graph.Change, later map[graph.Key]bool) {
	calls.add(w.create)
	w.changes(calls, slices.DeleteFunc(slices.Clone(lacking), func(c graph.Change) bool {
		return !slices.ContainsFunc(w.after, func(field string) bool { return strings.HasPrefix(c.Field, field) }) ||
			slices.Contains(w.given, c.To)
	}), later)
}

// changes adds the calls of changes. Those with one name are made by one call, unless there is one for each, or some
// wait for what comes later.
func (w writes) changes(calls Calls, changes []graph.Change, later map[graph.Key]bool) {
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
		how := w.how(change)
		for _, name := range how.names(change) {
			if how.each || !made[call{name, after}] {
				calls.add(name)
			}
			made[call{name, after}] = true
		}
	}
}

func (w writes) how(c graph.Change) update {
	i := slices.IndexFunc(w.update, func(u update) bool { return strings.HasPrefix(c.Field, u.field) })
	if i < 0 {
		return update{}
	}
	return w.update[i]
}

// names are the operations of a change: to something, to nothing, or from one thing to another.
func (u update) names(c graph.Change) []string {
	switch {
	case c.To == "" && u.clear != "":
		return []string{u.clear}
	case c.From != "" && u.swap != "":
		return []string{u.swap}
	}
	return u.set
}
