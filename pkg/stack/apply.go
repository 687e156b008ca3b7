package stack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
	"provision/pkg/state"
)

// Result is how a region ended.
type Result struct {
	Region   string
	URL      string
	Healthy  int // targets behind the load balancer
	Wanted   int // targets that must be healthy
	Spare    []graph.Identity
	Reported []graph.Step // resources with differences that stay, since they are not the program's to change
	Kept     bool         // not removed, since a region that failed needs it
	Err      error
}

// Outcome is how all parts ended, in the order of the plan.
type Outcome struct{ Results []Result }

// Err is nil if every region is done, and a [PartialError] if some are.
func (o Outcome) Err() error {
	var all []error
	done := 0
	for _, r := range o.Results {
		if r.Err != nil {
			all = append(all, r.Err)
		} else if r.Region != state.Global {
			done++
		}
	}
	err := errors.Join(all...)
	if err != nil && done > 0 {
		return &PartialError{Done: done, Err: err}
	}
	return err
}

// PartialError says that some regions are done and others are not.
type PartialError struct {
	Done int
	Err  error
}

func (e *PartialError) Error() string {
	return fmt.Sprintf("%d regions are done, but: %v", e.Done, e.Err)
}

// Unwrap gives what went wrong in the others.
func (e *PartialError) Unwrap() error { return e.Err }

// Apply carries out the plan in all regions in parallel; one region's failure does not stop another that has started.
// The resources that a stack has once are created at the same time: only the instances wait for them.
func (s *Stack) Apply(ctx context.Context, plan *Plan) Outcome {
	global, results := Result{Region: state.Global}, make([]Result, len(plan.Regions))
	var group errgroup.Group
	group.Go(func() error {
		global.Err = s.applyGlobal(ctx, plan.Global)
		global.Reported = reportedIn(plan.Global)
		plan.role.open(global.Err)
		s.tell(global, graph.Event{Region: state.Global, Type: graph.EventReady})
		return nil
	})
	regions := newRollout(len(plan.Regions), s.Concurrent, s.Tolerance)
	for i, part := range plan.Regions {
		regions.Go(part.Region, func() Result { return s.applyRegion(ctx, part) }, func(result Result) {
			s.tell(result, graph.Event{Region: part.Region, Type: graph.EventReady, Detail: result.URL})
			results[i] = result
		})
	}
	regions.Wait()
	_ = group.Wait()
	return Outcome{Results: append([]Result{global}, results...)}
}

// tell tells how a region ended.
func (s *Stack) tell(r Result, well graph.Event) {
	if r.Err != nil {
		well = graph.Event{Region: r.Region, Type: graph.EventFailed, Detail: r.Err.Error(), Err: r.Err}
	}
	if held, ok := errors.AsType[*HeldBackError](r.Err); ok {
		well.Type, well.Detail = graph.EventBlocked, held.Why()
	}
	s.emit(well)
}

func limited(n int) *errgroup.Group {
	group := &errgroup.Group{}
	if n > 0 {
		group.SetLimit(n)
	}
	return group
}

func (s *Stack) applyRegion(ctx context.Context, part *Part) Result {
	result := Result{Region: part.Region, Reported: reportedIn(part)}
	if result.Err = s.applyPart(ctx, part); result.Err != nil {
		return result
	}
	result.URL = s.url(part)
	var proofs errgroup.Group
	proofs.Go(func() (err error) {
		result.Wanted = s.wantedTargets(part)
		if result.Healthy, err = s.awaitHealthy(ctx, part); err != nil {
			return err
		}
		return s.verify(ctx, part.Region, result.URL)
	})
	proofs.Go(func() (err error) {
		if part.changed() { // what did not make anything did not double anything
			result.Spare, err = s.audit(ctx, part.Region)
		}
		return err
	})
	result.Err = proofs.Wait()
	return result
}

func reportedIn(part *Part) []graph.Step {
	if part == nil || part.Plan == nil {
		return nil
	}
	return part.Plan.Reported()
}

// applyPart keeps the tag keys of earlier runs until the new ones are everywhere, so that a crash forgets none; and the
// number of instances that was last set until the new one is, so that a crash forgets no change of it. A group that is
// about to be created starts with the new one.
func (s *Stack) applyPart(ctx context.Context, part *Part) error {
	if part.Err != nil {
		return part.Err
	}
	during, after := part.Facts, part.Facts
	after.TagKeys = s.tagKeys()
	during.TagKeys = union(part.Facts.TagKeys, after.TagKeys)
	after.Desired = s.startsWith(part.Region)
	if _, there := observedGroup(part); !there {
		during.Desired = after.Desired
	}
	if err := s.Record.SetFacts(part.Region, during); err != nil {
		return fmt.Errorf("%s: record the values that were read: %w", part.Region, err)
	}
	if err := s.engine(part.Region).Apply(ctx, part.Plan); err != nil {
		return err
	}
	if err := s.Record.SetFacts(part.Region, after); err != nil {
		return fmt.Errorf("%s: record the tags: %w", part.Region, err)
	}
	return nil
}

// startsWith is the setting of how many instances a region starts with; 0 for what is no region.
func (s *Stack) startsWith(region string) int {
	if region == state.Global {
		return 0
	}
	settings, err := s.Config.Region(region)
	if err != nil {
		return 0
	}
	return settings.Compute.Start
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// gate lets the regions wait for what a stack has once.
type gate struct {
	done chan struct{}
	once sync.Once
	err  error
}

func newGate() *gate { return &gate{done: make(chan struct{})} }

func (g *gate) open(err error) { g.once.Do(func() { g.err = err; close(g.done) }) }

func (g *gate) wait(ctx context.Context) error {
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
