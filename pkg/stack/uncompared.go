package stack

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// uncompared says why a part could be read and not compared: the settings that say what is wanted have mistakes. It is nil
// for other errors.
func uncompared(part *Part) error {
	if mistakes, ok := errors.AsType[config.Errors](part.Err); ok {
		return mistakes
	}
	return nil
}

// statusUncompared is what is there by tags and state, without a word on what is wanted.
func (s *Stack) statusUncompared(ctx context.Context, part *Part, why error) *StatusPart {
	status := &StatusPart{Region: part.Region, Facts: s.Record.Document().Regions[part.Region].Facts}
	found, err := s.engine(part.Region).PlanRemoval(ctx, s.graphFor(part.Region))
	if err != nil {
		status.Err = err
		return status
	}
	there := &Part{Region: part.Region, Plan: &graph.Plan{Region: part.Region, Foreign: found.Foreign}, look: part.look}
	order := map[string]int{} // the kinds keep theirs
	for i, step := range slices.Backward(found.Steps) {
		order[step.Key.Kind()] = i
	}
	slices.SortFunc(found.Steps, func(a, b graph.Step) int {
		return cmp.Or(cmp.Compare(order[a.Key.Kind()], order[b.Key.Kind()]), cmp.Compare(a.Key, b.Key))
	})
	var targets string
	for _, step := range found.Steps {
		step.Action = graph.Keep
		if step.Key == targetsKey {
			targets = step.ID
		}
		there.Plan.Steps = append(there.Plan.Steps, step)
	}
	part.Plan, status.Plan, status.Uncompared = there.Plan, there.Plan, why
	if part.Region != state.Global {
		status.Health = s.healthOfGroup(ctx, there, targets)
		status.Err = status.Health.Err
	}
	return status
}
