package session

import (
	"context"
	"fmt"
	"slices"

	"provision/pkg/stack"
	"provision/pkg/state"
)

// LastRegions says whether the regions of this run are all that the state knows, so that the role may go too.
func (s *Session) LastRegions() bool {
	return !slices.ContainsFunc(s.Stack.Record.Document().RegionNames(), s.leavesAlone)
}

// OtherRegions are those of the state that this run leaves alone.
func (s *Session) OtherRegions() []string {
	return slices.DeleteFunc(s.Stack.Record.Document().RegionNames(), func(region string) bool { return !s.leavesAlone(region) })
}

func (s *Session) leavesAlone(region string) bool { return !slices.Contains(s.Stack.Regions, region) }

// Remove deletes what was planned and drops it from the state. Where locks are apart, what the stack has once goes under
// its own, after those of the regions were given back: so of two runs that remove the last regions one sees that it is the
// last.
func (s *Session) Remove(ctx context.Context, command string, plan *stack.Removal) (stack.Outcome, error) {
	if !s.locksApart() {
		outcome := s.Stack.Remove(ctx, plan)
		return outcome, s.forget(ctx, outcome.Err())
	}
	outcome := s.Stack.Remove(ctx, plan.WithoutGlobal())
	if err := s.forget(ctx, outcome.Err()); err != nil || outcome.Err() != nil {
		return outcome, err
	}
	if err := s.lock.Release(context.WithoutCancel(ctx)); err != nil {
		return outcome, err
	}
	err := s.underShared(ctx, command, func(ctx context.Context, lock state.Lock, w *state.Writer) error {
		result, last, err := s.removeShared(ctx, lock, w)
		if last {
			outcome.Results = append(outcome.Results, result)
		}
		return err
	})
	return outcome, err
}

// removeShared deletes what the stack has once, unless another run still needs it: the last of them deletes it.
func (s *Session) removeShared(ctx context.Context, lock state.Lock, w *state.Writer) (result stack.Result, last bool, err error) {
	if others, err := s.othersWork(ctx); err != nil || others {
		return result, false, err
	}
	under := *s.Stack
	under.Record = w
	result, last = under.RemoveGlobalIfUnused(ctx)
	if !last || result.Err != nil {
		return result, last, nil //nolint:nilerr // the result says why
	}
	if err := w.Drop(state.Global); err != nil {
		return result, true, err
	}
	return result, true, putAway(ctx, lock, w)
}

// othersWork says whether a run holds the lock of any region.
func (s *Session) othersWork(ctx context.Context) (bool, error) {
	holders, err := s.Store.Holders(ctx)
	return slices.ContainsFunc(holders, func(h state.Holder) bool { return h.Region != state.Global }), err
}

// forget drops regions of which nothing is left, and with the last of them all that this run's lock covers.
func (s *Session) forget(ctx context.Context, failed error) error {
	for region, known := range s.Writer.Document().Regions {
		locked := !s.locksApart() || slices.Contains(s.Stack.Regions, region)
		if locked && len(known.Resources) == 0 {
			if err := s.Writer.Drop(region); err != nil {
				return err
			}
		}
	}
	if failed == nil && (s.locksApart() || s.Writer.Document().Empty()) {
		return putAway(ctx, s.lock, s.Writer)
	}
	return nil
}

// putAway ends what is kept of a stack that is gone.
func putAway(ctx context.Context, lock state.Lock, w *state.Writer) error {
	if err := w.Close(ctx); err != nil {
		return err
	}
	if err := lock.Discard(ctx); err != nil {
		return fmt.Errorf("nothing is left, but the state could not be deleted: %w", err)
	}
	return nil
}
