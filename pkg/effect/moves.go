package effect

import (
	"slices"
	"strings"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/network"
)

// rebalancing is the process that keeps the zones of a group even.
const rebalancing = "AZRebalance"

// moves are how many instances Auto Scaling moves to other zones: those in zones that the stack leaves, and as many as it
// takes until no zone has two instances more than another ("Rebalancing activities").
func (r region) moves(group compute.AutoScalingGroupState) int {
	if _, changes := change(r.step["auto-scaling-group"], "group subnets"); !changes {
		return 0
	}
	left, created := r.zonesThatChange()
	leaving := 0
	perZone := map[string]int{}
	for _, zone := range group.Zones {
		if !left[zone] {
			perZone[zone] = 0
		}
	}
	for _, m := range group.Members {
		if left[m.Zone] {
			leaving++
		} else {
			perZone[m.Zone]++
		}
	}
	counts := make([]int, created, created+len(perZone)) // nothing runs in a new zone yet
	for _, n := range perZone {
		counts = append(counts, n)
	}
	if slices.Contains(group.Suspended, rebalancing) || len(counts) == 0 {
		return leaving
	}
	for range leaving + max(0, compute.Growth(r.step["auto-scaling-group"].Changes)) {
		slices.Sort(counts)
		counts[0]++
	}
	return leaving + untilEven(counts)
}

// untilEven is how many must move from the fullest zone to the emptiest.
func untilEven(counts []int) int {
	for moves := 0; ; moves++ {
		slices.Sort(counts)
		if counts[len(counts)-1]-counts[0] < 2 {
			return moves
		}
		counts[0]++
		counts[len(counts)-1]--
	}
}

// zonesThatChange are the zones that the stack leaves, by name, and how many it moves into, whose names it does not know
// yet.
func (r region) zonesThatChange() (left map[string]bool, created int) {
	left = map[string]bool{}
	for _, step := range r.of(network.Subnets{}.Kind()) {
		if !strings.HasPrefix(step.Key.Name(), "private-") {
			continue
		}
		if subnet, ok := step.Observed.(network.SubnetState); ok && step.Action == graph.Delete {
			left[subnet.Zone] = true
		}
		if step.Action == graph.Create {
			created++
		}
	}
	return left, created
}
