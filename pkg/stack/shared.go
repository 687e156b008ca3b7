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

// applyGlobal makes what a stack has once. Where that has a lock of its own, it is taken only if something is to be
// done, and what is to be done is asked again under it: another run may have done it meanwhile.
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

// settled says whether nothing is to be done: neither in the account, nor in the record, which lacks the IDs of what a
// run made that died before it wrote them down.
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
