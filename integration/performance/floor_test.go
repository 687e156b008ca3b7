package performance

import (
	"slices"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// The floor is the least that AWS's API lets anybody get away with, computed from the graph: from its keys and edges,
// and from what the tables below say of the API. How the engine goes about it is not asked.

// waits are the kinds that AWS takes its time for: each of them needs a look before others can rely on it.
var waits = []string{"nat-gateway", "load-balancer", "auto-scaling-group", "vpc-endpoint"}

// lingers are the kinds whose deletion takes its time; a load balancer leaves network interfaces behind.
var lingers = []string{"nat-gateway", "load-balancer", "auto-scaling-group", "vpc-endpoint"}

// followUps are the calls that a resource needs besides the one that makes it, since AWS's API has no room for them
// there. Each is given by the resource that it has to wait for; the empty key is none.
func followUps(key graph.Key, needs []graph.Need) []graph.Key {
	var later []graph.Key // what only changes wait for
	for _, need := range needs {
		if need.Update {
			later = append(later, need.Key)
		}
	}
	switch key.Kind() {
	case "vpc", // ModifyVpcAttribute: DNS hostnames
		"target-group", // ModifyTargetGroupAttributes: the time to drain
		"iam-role":     // AttachRolePolicy
		return []graph.Key{""}
	case "internet-gateway", // AttachInternetGateway
		"route-table",      // AssociateRouteTable for each subnet, CreateRoute
		"instance-profile": // AddRoleToInstanceProfile
		return later
	case "security-group": // AuthorizeSecurityGroupIngress takes all rules at once
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
	// Later: the DNS attribute of the VPC, the attributes of the target group, and the tags of what Elastic Load
	// Balancing has, which lists leave out.
	attributes = 3
)

// before any other call: who are we, and what is there?
const identityAndSweep = 2

// upFloor is that of the first up of a region.
func upFloor(plan *stack.Plan) Floor {
	f := Floor{Chain: identityAndSweep}
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
		f.Reads = len(part.Plan.Kinds()) - 1 + zonesOffersImage + rows.looks() + health + audit
	}
	return f
}

// idleFloor is that of a plan, and of an up, where everything is as wanted.
func idleFloor(plan *stack.Plan) Floor {
	return Floor{Reads: len(plan.Regions[0].Plan.Kinds()) + attributes, Chain: identityAndSweep}
}

func kindsOf(keys []graph.Key) []string {
	var kinds []string
	for _, key := range keys {
		kinds = append(kinds, key.Kind())
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
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
	if slices.Contains(waits, key.Kind()) {
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
	for _, kind := range kindsOf(r.plan.Keys()) {
		if slices.Contains(waits, kind) {
			n++
		}
	}
	return n
}

// together are the kinds of which one call deletes several.
var together = []string{"vpc-endpoint"}

// deletions are how many calls in a row delete a thing.
func deletions(key graph.Key) int {
	switch key.Kind() {
	case "listener": // goes with its load balancer
		return 0
	case "internet-gateway": // DetachInternetGateway, DeleteInternetGateway
		return 2
	}
	return 1
}

// downFloor is that of a removal of the whole stack, which looked for these kinds.
func downFloor(removal *stack.Removal, kinds []string) Floor {
	outlook := removal.Regions[0].Removal.Outlook()
	after := map[graph.Key][]graph.Key{}
	f := Floor{Reads: len(kinds) + attributes + audit}
	there := map[string]bool{}
	for _, o := range outlook {
		after[o.Key] = o.After
		if kind := o.Key.Kind(); !slices.Contains(together, kind) || !there[kind] {
			f.Writes += deletions(o.Key)
		}
		there[o.Key.Kind()] = true
	}
	for _, kind := range lingers {
		if there[kind] {
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
			if slices.Contains(lingers, before.Kind()) {
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
	f.Chain = identityAndSweep + longest + 1 // and a look at what is left
	return f
}
