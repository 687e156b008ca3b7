package stack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/network"
	"provision/pkg/state"
)

// Removal is what `down` would delete.
type Removal struct {
	Regions []*RemovalPart // in the order of [Stack.Regions]
	Global  *RemovalPart   // nil: what a stack has once stays
}

// Parts are all of them: the regions, then what a stack has once, if it goes too.
func (r *Removal) Parts() []*RemovalPart {
	if r.Global == nil {
		return r.Regions
	}
	return append(slices.Clip(r.Regions), r.Global)
}

// WithoutGlobal leaves what a stack has once out.
func (r *Removal) WithoutGlobal() *Removal { return &Removal{Regions: r.Regions} }

// removalOf is an empty removal of these regions.
func removalOf(regions []string, global bool) *Removal {
	r := &Removal{}
	for _, region := range regions {
		r.Regions = append(r.Regions, &RemovalPart{Region: region})
	}
	if global {
		r.Global = &RemovalPart{Region: state.Global}
	}
	return r
}

// RemovalPart is what of the stack is in a region, or why that could not be found out.
type RemovalPart struct {
	Region  string
	Removal *graph.Removal
	Err     error
}

// PlanRemoval finds the existing resources, by tags and by the state, whatever the settings are. The resources that a
// stack has once are removed with the last region.
func (s *Stack) PlanRemoval(ctx context.Context, last bool) *Removal {
	plan := removalOf(s.Regions, last)
	var group errgroup.Group
	for _, part := range plan.Parts() {
		group.Go(func() error {
			part.Removal, part.Err = s.engine(part.Region).PlanRemoval(ctx, s.graphFor(part.Region))
			return nil
		})
	}
	_ = group.Wait() // each part carries its own error
	return plan
}

func (s *Stack) graphFor(region string) *graph.Graph {
	if region == state.Global {
		return s.globalGraph()
	}
	return s.regionGraph(region)
}

// Count is how many things would be deleted.
func (r *Removal) Count() int {
	n := 0
	for _, part := range r.Parts() {
		if part.Removal != nil {
			n += len(part.Removal.Steps)
		}
	}
	return n
}

// Err joins what kept parts from being looked at.
func (r *Removal) Err() error {
	var all []error
	for _, part := range r.Parts() {
		all = append(all, part.Err)
	}
	return errors.Join(all...)
}

// RefusalOfRemoval is why nothing may be deleted, and why "nothing is there" would be untrue: in a region that the state
// does not know, something has the stack's name and another owner, as it has where this stack's state is missing.
func (s *Stack) RefusalOfRemoval(r *Removal) error {
	var all []error
	for _, part := range r.Regions {
		if part.Removal != nil && len(part.Removal.Steps) == 0 {
			all = append(all, s.foreignIn(part.Region, part.Removal.Foreign))
		}
	}
	return errors.Join(all...)
}

// knows says whether the state holds anything of a region.
func (s *Stack) knows(region string) bool {
	return len(s.Record.Document().Regions[region].Resources) > 0
}

// LeftError says that something of the stack is still there after its removal.
type LeftError struct {
	Region string
	Things []graph.Step
}

func (e *LeftError) Error() string {
	text := fmt.Sprintf("%s: %d left:", e.Region, len(e.Things))
	for _, s := range e.Things {
		text += fmt.Sprintf(" %s %s", s.Key, s.ID)
		if s.Why != "" {
			text += " (" + s.Why + ")"
		}
	}
	return text
}

// Remove deletes what was planned, all regions in parallel, then looks again and proves that nothing is left. The
// role goes when the instances of every region are gone.
func (s *Stack) Remove(ctx context.Context, plan *Removal) Outcome {
	outcome := Outcome{Results: make([]Result, len(plan.Regions))}
	regions := limited(s.Concurrent)
	for i, part := range plan.Regions {
		regions.Go(func() error {
			outcome.Results[i] = s.removeAndTell(ctx, part)
			return nil
		})
	}
	_ = regions.Wait() // each result carries its own error
	switch {
	case plan.Global == nil:
	case slices.ContainsFunc(outcome.Results, func(r Result) bool { return r.Err != nil }):
		outcome.Results = append(outcome.Results, Result{Region: state.Global, Kept: true}) // instances may still need the role
	default:
		outcome.Results = append(outcome.Results, s.removeShared(ctx, plan.Global))
	}
	return outcome
}

func (s *Stack) removeAndTell(ctx context.Context, part *RemovalPart) Result {
	result := Result{Region: part.Region, Err: s.removePart(ctx, part)}
	s.tell(result, graph.Event{Region: part.Region, Type: graph.Deleted})
	return result
}

func (s *Stack) removePart(ctx context.Context, part *RemovalPart) error {
	if part.Err != nil {
		return part.Err
	}
	if err := s.removeGuardDuty(ctx, part); err != nil {
		return err
	}
	if err := s.engine(part.Region).Remove(ctx, part.Removal); err != nil {
		return err
	}
	left, err := s.left(ctx, part.Region, part.Removal)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return &LeftError{Region: part.Region, Things: left}
	}
	return nil
}

// removeGuardDuty removes GuardDuty's endpoints and groups first, since they hold subnets and VPC. A group goes when the network
// interfaces of its endpoint are gone, some minutes after the endpoint.
func (s *Stack) removeGuardDuty(ctx context.Context, part *RemovalPart) error {
	if !s.RemoveGuardDuty || part.Region == state.Global {
		return nil
	}
	api := s.Cloud.Region(part.Region).EC2
	for _, step := range part.Removal.Steps {
		if step.Key.Kind() != (network.VPCs{}).Kind() {
			continue
		}
		err := network.RemoveGuardDutyEndpoints(ctx, api, step.ID)
		for tries := 0; err == nil; tries++ {
			err = network.RemoveGuardDutyGroups(ctx, api, step.ID)
			if cloud.Classify(err) != graph.Held || tries == guardDutyTries {
				break
			}
			err = s.clock().Sleep(ctx, guardDutyPause)
		}
		if err != nil {
			return fmt.Errorf("%s: remove what GuardDuty put into %s: %w", part.Region, step.ID, err)
		}
	}
	return nil
}

// guardDutyPause and guardDutyTries make ten minutes.
const (
	guardDutyPause = 10 * time.Second
	guardDutyTries = 60
)
