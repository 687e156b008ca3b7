package stack

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
	"provision/pkg/state"
)

// Removal is what `down` would delete.
type Removal struct {
	Parts []*RemovalPart // the regions in their order, then [state.Global] if it goes too
}

// RemovalPart is what of the stack is in a region, or why that could not be found out.
type RemovalPart struct {
	Region  string
	Removal *graph.Removal
	Err     error
}

// PlanRemoval finds what is there, by tags and by the state, whatever the settings say. What a stack has once goes
// with the last region.
func (s *Stack) PlanRemoval(ctx context.Context, last bool) *Removal {
	plan := &Removal{}
	for _, region := range s.Regions {
		plan.Parts = append(plan.Parts, &RemovalPart{Region: region})
	}
	if last {
		plan.Parts = append(plan.Parts, &RemovalPart{Region: state.Global})
	}
	var group errgroup.Group
	for _, part := range plan.Parts {
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
	for _, part := range r.Parts {
		if part.Removal != nil {
			n += len(part.Removal.Steps)
		}
	}
	return n
}

// Err joins what kept parts from being looked at.
func (r *Removal) Err() error {
	var all []error
	for _, part := range r.Parts {
		all = append(all, part.Err)
	}
	return errors.Join(all...)
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
	}
	return text
}

// Remove deletes what was planned, all regions side by side, then looks again and proves that nothing is left. The
// role goes when the instances of every region are gone.
func (s *Stack) Remove(ctx context.Context, plan *Removal) Outcome {
	outcome := Outcome{Results: make([]Result, len(plan.Parts))}
	regions := limited(s.Concurrent)
	for i, part := range plan.Parts {
		if part.Region != state.Global {
			regions.Go(func() error {
				outcome.Results[i] = s.removeAndTell(ctx, part)
				return nil
			})
		}
	}
	_ = regions.Wait() // each result carries its own error
	for i, part := range plan.Parts {
		if part.Region == state.Global {
			outcome.Results[i] = s.removeGlobal(ctx, part, outcome)
		}
	}
	return outcome
}

func (s *Stack) removeGlobal(ctx context.Context, part *RemovalPart, regions Outcome) Result {
	for _, r := range regions.Results {
		if r.Err != nil {
			return Result{Region: part.Region, Kept: true} // that region's instances still need the role
		}
	}
	return s.removeAndTell(ctx, part)
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
