package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"provision/pkg/stack"
	"provision/pkg/state"
)

// sharedPatience is how long a run waits for another one that works on what the stack has once: making that takes
// seconds, and the lock of a run that died over it ends with its lease.
const sharedPatience = 5 * time.Minute

// locksApart says whether what a stack has once has a lock of its own, so that runs in different regions can go on
// side by side. A state file has one lock for everything.
func (s *session) locksApart() bool {
	_, apart := s.store.(*state.S3)
	return apart
}

// shared locks what the stack has once while it is worked on, and only then.
func (s *session) shared(t terminal, f *flags, p purpose) stack.Shared {
	return func(ctx context.Context, do func(context.Context, stack.Record) error) (err error) {
		return s.underShared(ctx, t, f, p, func(ctx context.Context, _ state.Lock, w *state.Writer) error {
			return do(ctx, w)
		})
	}
}

func (s *session) underShared(
	ctx context.Context, t terminal, f *flags, p purpose, do func(context.Context, state.Lock, *state.Writer) error,
) (err error) {
	lock, err := s.store.Acquire(ctx, request(t, p, []string{state.Global}, max(f.lockTimeout, sharedPatience)))
	if err != nil {
		return err
	}
	end := context.WithoutCancel(ctx)
	defer func() { err = errors.Join(err, lock.Release(end)) }()
	writer, err := lock.Open(ctx, s.head())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close(end)) }()
	ctx, stop := untilLost(ctx, lock)
	defer stop()
	return do(ctx, lock, writer)
}

// untilLost ends with the lock: then nothing new is started.
func untilLost(ctx context.Context, lock state.Lock) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-lock.Lost():
			cancel(lock.Err())
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// remove removes what was planned and forgets it. Where locks are apart, what the stack has once goes under its own,
// after those of the regions were given back: so of two runs that remove the last regions one sees that it is the last.
func (s *session) remove(
	ctx context.Context, t terminal, f *flags, p purpose, plan *stack.Removal,
) (stack.Outcome, error) {
	if !s.locksApart() {
		outcome := s.stack.Remove(ctx, plan)
		return outcome, s.forget(ctx, outcome.Err())
	}
	outcome := s.stack.Remove(ctx, plan.Regions())
	if err := s.forget(ctx, outcome.Err()); err != nil || outcome.Err() != nil {
		return outcome, err
	}
	if err := s.lock.Release(context.WithoutCancel(ctx)); err != nil {
		return outcome, err
	}
	err := s.underShared(ctx, t, f, p, func(ctx context.Context, lock state.Lock, w *state.Writer) error {
		if others, err := s.othersWork(ctx); err != nil || others {
			return err // the last of them removes it
		}
		under := *s.stack
		under.Record = w
		result, last := under.RemoveGlobal(ctx)
		if !last {
			return nil
		}
		outcome.Results = append(outcome.Results, result)
		if result.Err != nil {
			return nil //nolint:nilerr // the outcome says why
		}
		if err := w.Drop(state.Global); err != nil {
			return err
		}
		return putAway(ctx, lock, w)
	})
	return outcome, err
}

// othersWork says whether a run holds the lock of any region.
func (s *session) othersWork(ctx context.Context) (bool, error) {
	holders, err := s.store.Holders(ctx)
	return slices.ContainsFunc(holders, func(h state.Holder) bool { return h.Region != state.Global }), err
}

// forget drops regions of which nothing is left, and with the last of them all that this run's lock covers.
func (s *session) forget(ctx context.Context, failed error) error {
	for region, known := range s.writer.Document().Regions {
		locked := !s.locksApart() || slices.Contains(s.stack.Regions, region)
		if locked && len(known.Resources) == 0 {
			if err := s.writer.Drop(region); err != nil {
				return err
			}
		}
	}
	if failed == nil && (s.locksApart() || s.writer.Document().Empty()) {
		return putAway(ctx, s.lock, s.writer)
	}
	return nil
}

// putAway ends what is kept of a stack that is gone.
func putAway(ctx context.Context, lock state.Lock, w *state.Writer) error {
	if err := w.Close(ctx); err != nil {
		return err
	}
	if err := lock.Discard(ctx); err != nil {
		return fmt.Errorf("nothing is left, but the state could not be put away: %w", err)
	}
	return nil
}
