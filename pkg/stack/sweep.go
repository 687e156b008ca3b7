package stack

import (
	"context"

	"golang.org/x/sync/errgroup"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// PlanSweep finds, in each of the stack's regions, the resources that carry the owner's tags and are in no state: those
// that a crash left, and duplicates. It ignores those of other owners.
func (s *Stack) PlanSweep(ctx context.Context) *Removal {
	plan := removalOf(s.Regions, true)
	var group errgroup.Group
	for _, part := range plan.Parts() {
		group.Go(func() error {
			part.Removal, part.Err = s.sweepEngine(part.Region).PlanRemoval(ctx, s.sweepGraph(part.Region))
			if part.Err == nil {
				part.Removal.Only(s.unknownIn(part.Region))
				nameLaunched(part.Removal.Steps)
			}
			return nil
		})
	}
	_ = group.Wait() // each part carries its own error
	return plan
}

// Sweep deletes what was planned, all regions in parallel. The state is not touched: it knows nothing of it.
func (s *Stack) Sweep(ctx context.Context, plan *Removal) Outcome {
	outcome := Outcome{Results: make([]Result, len(plan.Parts()))}
	regions := limited(s.Concurrent)
	for i, part := range plan.Parts() {
		regions.Go(func() error {
			outcome.Results[i] = Result{Region: part.Region, Err: part.Err}
			if part.Err == nil {
				outcome.Results[i].Err = s.sweepEngine(part.Region).Remove(ctx, part.Removal)
			}
			return nil
		})
	}
	_ = regions.Wait() // each result carries its own error
	return outcome
}

// unknownIn says whether a thing is in no state: neither by its ID nor by the nonce of a claim that has none yet.
func (s *Stack) unknownIn(region string) func(graph.Step) bool {
	known := map[string]bool{}
	for _, entry := range s.Record.Journal(region).Entries() {
		if entry.ID == "" {
			known[entry.Nonce] = true
		}
		known[entry.ID] = true
		for _, id := range entry.Former {
			known[id] = true
		}
	}
	return func(step graph.Step) bool {
		return !known[step.ID] && !known[step.Observed.Ident().Nonce()] && step.Phase != graph.Leaving
	}
}

// nameLaunched shows what a group launched as what it is: its tags are those of the group.
func nameLaunched(steps []graph.Step) {
	for i := range steps {
		switch steps[i].Observed.(type) {
		case compute.InstanceState:
			steps[i].Key = "instance"
		case compute.VolumeState:
			steps[i].Key = "volume"
		}
	}
}

// sweepGraph also has the instances, unless they belong to a group that the state knows.
func (s *Stack) sweepGraph(region string) *graph.Graph {
	group := graph.Key(compute.AutoScalingGroupKind.Name())
	if _, known := s.Record.Document().Regions[region].Resources[group]; known || region == state.Global {
		return s.graphFor(region)
	}
	return s.graphOf(region, s.kindsThere(region))
}

// sweepEngine has a journal that is asked and not told: a thing that is there twice has the key of the one that stays.
func (s *Stack) sweepEngine(region string) *graph.Engine {
	e := s.engine(region)
	e.Journal = asked{e.Journal}
	return e
}

type asked struct{ graph.Journal }

// Forget implements [graph.Journal].
func (asked) Forget(graph.Key, string) error { return nil }

// Flush implements [graph.Journal].
func (asked) Flush(context.Context) error { return nil }
