package performance

import (
	"slices"

	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// The floor is the least that AWS's API makes possible, computed from the graph: from its keys and edges,
// and from what the registrations of its kinds say of the API. How the engine goes about it is not asked.

// followUps are the calls that a resource needs besides the one that makes it, since AWS's API has no room for them
// there. Each is given by the resource that it has to wait for; the empty key is none.
func followUps(key graph.Key, needs []graph.Need) []graph.Key {
	var later []graph.Key // what only changes wait for
	for _, need := range needs {
		if need.Update {
			later = append(later, need.Key)
		}
	}
	switch kinds.Named(key.Kind()).Least.Follow {
	case kind.OneCall:
		return []graph.Key{""}
	case kind.OneForEach:
		return later
	case kind.OneForAll:
		return append(later, "")[:1]
	}
	return nil
}

// Reads that no other call's answer replaces, in addition to one list for each kind.
const (
	// On the first up: what is listed through its load balancer need not be listed, but the zones, what they offer and
	// the image are looked up; then one look at what each wait is for, at the health of the targets, and at the tags of
	// everything there is.
	zonesOffersImage, health, audit = 3, 1, 1
)

// before any other call: who are we, and what is there?
const identityAndLook = 2

// upFloor is that of the first up of a region.
func upFloor(plan *stack.Plan) Floor {
	f := Floor{Chain: identityAndLook}
	ready := map[graph.Key]int{}
	for _, part := range plan.Parts() {
		rows := newRows(part.Plan, ready)
		for _, key := range part.Plan.Keys() {
			rows.until(key)
		}
		if part.Region == state.Global {
			ready = rows.ready // regions wait for it through a gate
			continue
		}
		f.Chain += rows.longest() + 1 // and the health of the targets
		f.Writes = rows.calls
		f.Reads = unnested(part.Plan.Kinds()) + zonesOffersImage + rows.looks() + health + audit
	}
	return f
}

// idleFloor is that of a plan, and of an up, where everything is as wanted: "ready" is what load balancing says of the
// targets, which is asked in parallel with the lists.
func idleFloor(plan *stack.Plan) Floor {
	names := plan.Regions[0].Plan.Kinds()
	return Floor{Reads: len(names) + attributes(names) + planned(names) + health, Chain: identityAndLook}
}

// attributes are the reads of what lists leave out: the DNS attributes of the VPC, the attributes of the target group, and
// the tags of what Elastic Load Balancing has.
func attributes(names []string) int {
	n := 0
	for _, name := range names {
		n += kinds.Named(name).Least.Reads
	}
	return n
}

// planned are the reads that a plan makes and no other look: the attributes of the load balancer, the network ACLs.
func planned(names []string) int {
	n := 0
	for _, name := range names {
		n += kinds.Named(name).Least.Plans
	}
	return n
}

// unnested are how many kinds are listed though there is nothing yet that they belong to.
func unnested(names []string) int {
	n := 0
	for _, name := range names {
		if !kinds.Named(name).Least.Nested {
			n++
		}
	}
	return n
}

func kindsOf(keys []graph.Key) []string {
	var names []string
	for _, key := range keys {
		names = append(names, key.Kind())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// rows are the lengths of the longest rows of round trips that end with a resource.
type rows struct {
	plan        *graph.Plan
	made, ready map[graph.Key]int
	calls       int
}

// newRows takes what is ready elsewhere, by key.
func newRows(plan *graph.Plan, elsewhere map[graph.Key]int) *rows {
	r := &rows{plan: plan, made: map[graph.Key]int{}, ready: map[graph.Key]int{}}
	for key, row := range elsewhere {
		r.made[key], r.ready[key] = row, row
	}
	return r
}

func (r *rows) until(key graph.Key) {
	if _, known := r.ready[key]; known {
		return
	}
	needs := r.plan.Needs(key)
	for _, need := range needs {
		if !need.Update {
			r.made[key] = max(r.made[key], r.met(need))
		}
	}
	r.made[key]++
	r.calls++
	row := r.made[key]
	for _, after := range followUps(key, needs) {
		begin := r.made[key]
		for _, need := range needs {
			if need.Update && need.Key == after {
				begin = max(begin, r.met(need))
			}
		}
		r.calls++
		row = max(row, begin+1)
	}
	if kinds.Named(key.Kind()).Least.Waits {
		row++
	}
	r.ready[key] = row
}

// met is the row until a need is met.
func (r *rows) met(need graph.Need) int {
	r.until(need.Key)
	if need.Made {
		return r.made[need.Key]
	}
	return r.ready[need.Key]
}

func (r *rows) longest() int {
	longest := 0
	for _, key := range r.plan.Keys() {
		longest = max(longest, r.ready[key])
	}
	return longest
}

// looks are one for each kind that takes its time.
func (r *rows) looks() int {
	n := 0
	for _, name := range kindsOf(r.plan.Keys()) {
		if kinds.Named(name).Least.Waits {
			n++
		}
	}
	return n
}

// deletions are how many calls in a row delete a thing: none if it goes with another.
func deletions(key graph.Key) int {
	of := kinds.Named(key.Kind())
	if of.GoesWith() != "" {
		return 0
	}
	return len(of.Writes.Delete)
}

// downFloor is that of a removal of the whole stack, which looked for these kinds.
func downFloor(removal *stack.Removal, names []string) Floor {
	outlook := removal.Regions[0].Removal.Outlook()
	after := map[graph.Key][]graph.Key{}
	f := Floor{Reads: len(names) + attributes(names) + audit}
	there := map[string]bool{}
	for _, o := range outlook {
		after[o.Key] = o.After
		if of := kinds.Named(o.Key.Kind()); !of.Together() || !there[of.Name()] {
			f.Writes += deletions(o.Key)
		}
		there[o.Key.Kind()] = true
	}
	for name := range there {
		if kinds.Named(name).Least.Lingers {
			f.Reads++
		}
	}
	row := map[graph.Key]int{}
	var until func(graph.Key) int
	until = func(key graph.Key) int {
		if known, ok := row[key]; ok {
			return known
		}
		begin := 0
		for _, before := range after[key] {
			gone := until(before)
			if kinds.Named(before.Kind()).Least.Lingers {
				gone++ // one look
			}
			begin = max(begin, gone)
		}
		row[key] = begin + deletions(key)
		return row[key]
	}
	longest := 0
	for _, o := range outlook {
		longest = max(longest, until(o.Key))
	}
	f.Chain = identityAndLook + longest + 1 // and a look at what is left
	return f
}
