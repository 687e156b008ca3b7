package stack

import (
	"context"
	"slices"

	"provision/pkg/graph"
	"provision/pkg/state"
)

// Shared gives the record of what a stack has once, locked while do runs. The context that do gets ends when the lock
// is lost.
type Shared func(ctx context.Context, do func(context.Context, Record) error) error

// applyGlobal creates the resources that a stack has once. Where they have a lock of their own, it is taken only if
// there is work to do, and the plan is made again under it: another run may have done the work meanwhile.
func (s *Stack) applyGlobal(ctx context.Context, part *Part) error {
	if s.Shared == nil || part.Err != nil {
		return s.applyPart(ctx, part)
	}
	if s.settled(part) {
		return nil
	}
	return s.Shared(ctx, func(ctx context.Context, record Record) error {
		under := *s
		under.Record = record
		fresh := under.planGlobal(ctx)
		if err := under.Refusal(&Plan{Global: fresh}); err != nil {
			return err
		}
		return under.applyPart(ctx, fresh)
	})
}

// settled reports whether there is nothing to do: neither in the account, nor in the record, which lacks the IDs of
// resources whose run died before it wrote them down.
func (s *Stack) settled(part *Part) bool {
	if part.changed() || !slices.Equal(part.Facts.TagKeys, s.tagKeys()) {
		return false
	}
	recorded := map[graph.Key]string{}
	for _, e := range s.Record.Journal(state.Global).Entries() {
		recorded[e.Key] = e.ID
	}
	return !slices.ContainsFunc(part.Plan.Steps, func(step graph.Step) bool { return recorded[step.Key] != step.ID })
}

// RemoveGlobalIfUnused removes what a stack has once, and says whether it did: it stays while the state knows of any region.
func (s *Stack) RemoveGlobalIfUnused(ctx context.Context) (Result, bool) {
	if len(s.Record.Document().RegionNames()) > 0 {
		return Result{}, false
	}
	part := &RemovalPart{Region: state.Global}
	part.Removal, part.Err = s.engine(state.Global).PlanRemoval(ctx, s.globalGraph())
	return s.removeShared(ctx, part), true
}
