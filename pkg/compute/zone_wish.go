package compute

import "slices"

// ZoneWish is which zones of a region a stack is to have.
type ZoneWish struct {
	InstanceType string   // which they must offer
	Recorded     []string // what an earlier run chose, by slot; the ID of a slot that was left is empty
	Given        []string // these and no others; none: as many as are wanted
	Avoid        []string
	Least, Most  int
	Slots        int                 // that the VPC has
	Taken        func(slot int) bool // says whether a slot that was left still has resources; nil: none has
	Serving      bool                // instances may serve from the recorded zones
}

// constrained are zones in which AWS no longer expands: many accounts get no NAT gateway, load balancer or control plane there
// (eksctl, pkg/az; sysdiglabs/terraform-aws-secure-for-cloud#52; widdix/mastodon-on-aws#13). They are taken last.
var constrained = []string{"use1-az3", "usw1-az2", "cac1-az3", "apne1-az3"}

// InUse are the zones of those slots that have not been left.
func InUse(slots []string) []string {
	return slices.DeleteFunc(slices.Clone(slots), func(id string) bool { return id == "" })
}

// kept are the recorded slots without the zones that must go, and how many zones the stack should have.
func (w ZoneWish) kept() (slots []string, want int) {
	before := len(InUse(w.Recorded))
	for _, id := range w.Recorded {
		stays := !slices.Contains(w.Avoid, id) && (len(w.Given) == 0 || slices.Contains(w.Given, id))
		if !stays || len(InUse(slots)) == w.Most {
			id = ""
		}
		slots = append(slots, id)
	}
	switch {
	case before < w.Least || len(w.Given) > 0:
		want = w.Most
	default: // a stack that leaves a zone is to have as many as before
		want = min(before, w.Most)
	}
	return trimmed(slots), want
}

// moved are the zones that would be left and entered at the same time. A load balancer swaps its zones in one call, so that
// the instances of the zone that it leaves would get no requests before those of the new one do.
func (w ZoneWish) moved(slots []string) (left, entered []string) {
	left, entered = without(InUse(w.Recorded), slots), without(InUse(slots), w.Recorded)
	if !w.Serving || len(left) == 0 || len(entered) == 0 {
		return nil, nil
	}
	return left, entered
}

// fill puts further zones into free slots.
func (w ZoneWish) fill(slots []string, want int, usable []string) []string {
	for _, id := range w.candidates(usable) {
		enough := want
		if slices.Contains(constrained, id) && len(w.Given) == 0 {
			enough = w.Least
		}
		slot := w.free(slots)
		if slices.Contains(slots, id) || len(InUse(slots)) >= enough || slot < 0 {
			continue
		}
		for len(slots) <= slot {
			slots = append(slots, "")
		}
		slots[slot] = id
	}
	return slots
}

// candidates are the zones that may be taken, the best first.
func (w ZoneWish) candidates(usable []string) []string {
	if len(w.Given) > 0 {
		return slices.DeleteFunc(slices.Clone(w.Given), func(id string) bool { return !slices.Contains(usable, id) })
	}
	open := without(usable, w.Avoid)
	good := without(open, constrained)
	return append(good, without(open, good)...)
}

// free is the first slot that has no zone and no resources of one; -1 if there is none. One that is left now still has
// them: its subnets can't move, and their addresses are free only when they are gone.
func (w ZoneWish) free(slots []string) int {
	for slot := range w.Slots {
		left := slot < len(w.Recorded) && w.Recorded[slot] != "" || w.Taken != nil && w.Taken(slot)
		if inUse := slot < len(slots) && slots[slot] != ""; !inUse && !left {
			return slot
		}
	}
	return -1
}

func trimmed(slots []string) []string {
	for len(slots) > 0 && slots[len(slots)-1] == "" {
		slots = slots[:len(slots)-1]
	}
	return slots
}
