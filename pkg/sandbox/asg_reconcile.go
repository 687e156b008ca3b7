package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// How often a group looks at what it has.
const (
	scalingBusy  = 5 * time.Second  // while something is in progress
	scalingCalm  = 60 * time.Second // while all is well
	scalingRetry = 15 * time.Second // after a failed launch
)

// reconcile brings a group closer to its settings. It is all that ever happens in a group.
func (g *scalingGroup) reconcile(r *region) {
	g.notice(r)
	if g.Deleting {
		if len(g.Members) == 0 {
			scalingGroups.drop(r, g.Name)
			return
		}
		g.wake(r, scalingBusy)
		return
	}
	if !g.isSuspended("HealthCheck") && !g.isSuspended("ReplaceUnhealthy") {
		g.heal(r)
	}
	g.roll(r)
	g.scale(r)
	if g.busy() {
		g.wake(r, scalingBusy)
		return
	}
	g.wake(r, scalingCalm)
}

func (g *scalingGroup) busy() bool {
	return g.count() != g.Desired || g.rolling() != nil ||
		slices.ContainsFunc(g.Members, func(m *member) bool {
			return m.State != memberInService && m.State != memberStandby
		})
}

// notice takes over what has become of the instances.
func (g *scalingGroup) notice(r *region) {
	g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(m *member) bool {
		i := instances.get(r, m.ID)
		gone := i == nil || i.State == instanceTerminated
		if gone && !m.staying() {
			g.finish(r, m.Activity)
		}
		return gone && !m.staying()
	})
	for _, m := range g.Members {
		i := instances.get(r, m.ID)
		switch {
		case m.State == memberPending && i != nil && i.State == instanceRunning:
			g.serve(r, m)
		case !m.staying() && !r.now.Before(m.Drained):
			r.endMember(g, m)
		}
	}
}

// heal takes out the members that are not healthy.
func (g *scalingGroup) heal(r *region) {
	for _, m := range g.Members {
		if !m.counts() {
			continue
		}
		if i := instances.get(r, m.ID); i == nil || !i.alive() {
			m.Unhealthy = true
			g.takeOut(r, m, "an instance was taken out of service in response to an EC2 health check indicating it has been "+
				"terminated or stopped.")
			continue
		}
		grace := m.InService.Add(time.Duration(g.Grace) * time.Second)
		if m.State != memberInService || r.now.Before(grace) || !strings.Contains(g.HealthCheck, "ELB") {
			continue
		}
		if g.targetState(r, m) == targetUnhealthy {
			m.Unhealthy = true
			g.takeOut(r, m, "an instance was taken out of service in response to an ELB system health check failure.")
		}
	}
}

// targetState is the worst that a target group says about a member, healthy if there is none.
func (g *scalingGroup) targetState(r *region, m *member) string {
	worst := targetHealthy
	for _, arn := range g.TargetGroups {
		to := targetGroups.get(r, arn)
		if to == nil {
			continue
		}
		t := to.target(m.ID, to.Port)
		if t == nil {
			return targetUnused
		}
		switch state := r.health(to, t).State; state {
		case targetUnhealthy:
			return state
		case targetHealthy:
		default:
			worst = state
		}
	}
	return worst
}

// scale launches what is missing and takes out what is too much.
func (g *scalingGroup) scale(r *region) {
	wanted := g.Desired + g.surge()
	have := g.count()
	if have < wanted && !r.now.Before(g.Retry) && !g.isSuspended("Launch") {
		cause := fmt.Sprintf("an instance was started in response to a difference between desired and actual capacity, "+
			"increasing the capacity from %d to %d.", have, wanted)
		for range wanted - have {
			if g.launch(r, cause) == nil {
				g.Retry = r.now.Add(scalingRetry)
				break
			}
		}
	}
	if m := g.member(g.Balancing); m != nil && m.State == memberPending {
		return // what it replaces stays until then
	}
	for have > wanted && !g.isSuspended("Terminate") {
		m := g.pick(r)
		if m == nil {
			return
		}
		g.takeOut(r, m, fmt.Sprintf("an instance was taken out of service in response to a difference between desired and "+
			"actual capacity, shrinking the capacity from %d to %d.", have, have-1))
		have--
	}
	g.rebalance(r)
}

// rebalance launches one more in a zone that has too few; then scaling in takes one where there are too many, or where
// the group no longer spans.
func (g *scalingGroup) rebalance(r *region) {
	if g.busy() || g.isSuspended("AZRebalance") || g.even(r) {
		return
	}
	if m := g.launch(r, "an instance was launched to aid in balancing the group's zones."); m != nil {
		g.Balancing = m.ID
	}
}

// even says whether no zone of the group has two members more than another, and there are none elsewhere.
func (g *scalingGroup) even(r *region) bool {
	perZone := map[string]int{}
	for _, at := range g.places(r) {
		perZone[at.Zone] = 0
	}
	for _, m := range g.Members {
		if !m.counts() {
			continue
		}
		if _, known := perZone[m.Zone]; !known {
			return len(perZone) == 0 // and nowhere to go
		}
		perZone[m.Zone]++
	}
	counts := slices.Sorted(maps.Values(perZone))
	return len(counts) == 0 || counts[len(counts)-1]-counts[0] < 2
}
