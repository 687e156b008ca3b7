package stack

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/state"
	"provision/pkg/verdict"
)

// Health is what load balancing says of a region's targets, and Auto Scaling of the group that keeps them. The zero
// value is one of which nothing was asked.
type Health struct {
	Asked     bool        // load balancing was asked, or there is nothing to ask about
	Targets   []lb.Target // all of the target group's
	Members   []compute.Member
	Wanted    int      // instances that must be healthy now
	Suspended []string // the group's suspended processes
	Err       error    // why it could not be asked
}

// Healthy is how many targets get requests.
func (h Health) Healthy() int {
	n := 0
	for _, t := range h.Targets {
		if t.Healthy() {
			n++
		}
	}
	return n
}

// starting is how many instances are on their way: launched, or in the first checks of their target.
func (h Health) starting() int {
	n := 0
	known := map[string]bool{}
	for _, t := range h.Targets {
		known[t.ID] = true
		if t.Starting() {
			n++
		}
	}
	for _, m := range h.Members {
		if m.Starting() && !known[m.ID] {
			n++
		}
	}
	return n
}

// HealthOf asks load balancing about each of a plan's regions, in parallel: one call in each. Healthy is what it says,
// and never what follows from the group's own count: an instance is in service before load balancing has found it
// healthy, and stays so for ever while the process that would tell is suspended.
func (s *Stack) HealthOf(ctx context.Context, plan *Plan) []Health {
	all := make([]Health, len(plan.Regions))
	var group errgroup.Group
	for i, part := range plan.Regions {
		group.Go(func() error { all[i] = s.healthOf(ctx, part); return nil })
	}
	_ = group.Wait() // each carries its own error
	return all
}

func (s *Stack) healthOf(ctx context.Context, part *Part) Health {
	if part.Err != nil {
		return Health{Err: part.Err}
	}
	return s.healthOfGroup(ctx, part, part.Plan.Ref(targetsKey).ID())
}

// healthOfGroup asks about a target group; empty: there is none.
func (s *Stack) healthOfGroup(ctx context.Context, part *Part, arn string) Health {
	h := Health{Wanted: s.wantedNow(part)}
	if group, ok := observedGroup(part); ok {
		h.Members, h.Suspended = group.Members, group.Suspended
	}
	if arn == "" {
		h.Asked = true
		return h
	}
	if h.Targets, h.Err = s.targets(ctx, part, arn); h.Err != nil {
		h.Err = fmt.Errorf("%s: read the health of the targets: %w", part.Region, h.Err)
		return h
	}
	h.Asked = true
	return h
}

// targetLook is one look at the health of a target group.
type targetLook struct {
	arn     string    // empty: not read
	at      time.Time // of the answer
	targets []lb.Target
	err     error
}

// fresh is for how long a look tells how the targets are.
const fresh = 10 * time.Second

// lookAtTargets asks for the health of the target group that the state knows, while a plan is being made: so it costs a
// call, and no round trip of its own.
func (s *Stack) lookAtTargets(ctx context.Context, region string) targetLook {
	for _, entry := range s.Record.Journal(region).Entries() {
		if entry.Key == targetsKey && entry.ID != "" {
			targets, err := lb.Health(ctx, s.Cloud.Region(region).ELB, entry.ID)
			return targetLook{entry.ID, s.clock().Now(), targets, err}
		}
	}
	return targetLook{}
}

// targets are those of a target group: as the plan saw them a moment ago, or as they are now.
func (s *Stack) targets(ctx context.Context, part *Part, arn string) ([]lb.Target, error) {
	if look := part.look; look.arn == arn && look.err == nil && s.clock().Now().Sub(look.at) < fresh {
		return look.targets, nil
	}
	return lb.Health(ctx, s.Cloud.Region(part.Region).ELB, arn)
}

// observedGroup is the region's Auto Scaling group, if it is there.
func observedGroup(part *Part) (compute.AutoScalingGroupState, bool) {
	if part.Plan != nil {
		for _, step := range part.Plan.Steps {
			if group, ok := step.Observed.(compute.AutoScalingGroupState); ok && step.Action != graph.Delete {
				return group, true
			}
		}
	}
	return compute.AutoScalingGroupState{}, false
}

// wantedNow is how many targets must be healthy before anything is changed: as many as the group wants now.
func (s *Stack) wantedNow(part *Part) int {
	if group, there := observedGroup(part); there {
		return max(1, int(group.Desired))
	}
	return s.wantedTargets(part)
}

// wantedTargets is how many targets must be healthy: as many as the group wants, once the plan is applied. A group may
// be scaled between its limits by hand.
func (s *Stack) wantedTargets(part *Part) int {
	settings, err := s.Config.Region(part.Region)
	if err != nil {
		return 1
	}
	group, there := observedGroup(part)
	if !there {
		return settings.Compute.Desired
	}
	wanted := int(group.Desired)
	for _, step := range part.Plan.Steps {
		if step.Key.Kind() == (compute.AutoScalingGroups{}).Kind() && step.Action == graph.Update {
			wanted += compute.Growth(step.Changes)
		}
	}
	return max(wanted, settings.Compute.Min)
}

// Judge is the verdict on a part: of a region with the health of its targets, of what a stack has once without.
func Judge(part *Part, h Health) verdict.Verdict {
	seen := verdict.Seen{Compared: part.Plan != nil && part.Err == nil}
	if seen.Compared {
		known := false
		for _, step := range part.Plan.Steps {
			if step.Action != graph.Delete {
				seen.Resource++
			}
			known = known || step.Action != graph.Create
		}
		seen.Missing = part.Plan.Count(graph.Create)
		if known {
			seen.Missing = min(seen.Missing, seen.Resource-1) // something of it is there, be it unwanted
		}
		seen.Changes, seen.Pending = len(part.Plan.Changed()), part.Plan.Count(graph.Wait)
		seen.Reported = len(part.Plan.Reported())
		seen.Foreign = !known && len(part.Plan.Foreign) > 0
	}
	if part.Region != state.Global {
		seen.Serves, seen.Asked, seen.Wanted = true, h.Asked, h.Wanted
		seen.Healthy, seen.Starting, seen.Suspended = h.Healthy(), h.starting(), len(h.Suspended) > 0
	}
	return verdict.Judge(seen)
}

// Verdicts are those of a plan's parts: what a stack has once, if the plan is about that, then the regions.
func Verdicts(plan *Plan, health []Health) []verdict.Verdict {
	var all []verdict.Verdict
	if plan.Global != nil {
		all = append(all, Judge(plan.Global, Health{}))
	}
	for i, part := range plan.Regions {
		all = append(all, Judge(part, health[i]))
	}
	return all
}
