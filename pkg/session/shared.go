package session

import (
	"context"
	"errors"
	"time"

	"provision/pkg/stack"
	"provision/pkg/state"
)

// sharedPatience is how long a run waits for another one that works on what the stack has once: creating that takes
// seconds, and the lock of a run that died over it ends with its lease.
const sharedPatience = 5 * time.Minute

// locksApart reports whether the resources that a stack has once have a lock of their own, so that runs in different
// regions can work in parallel. A state file has one lock for everything.
func (s *Session) locksApart() bool {
	_, apart := s.Store.(*state.S3)
	return apart
}

// shared locks what the stack has once while it is worked on, and only then.
func (s *Session) shared(p Purpose) stack.Shared {
	return func(ctx context.Context, do func(context.Context, stack.Record) error) (err error) {
		return s.underShared(ctx, p.Command, func(ctx context.Context, _ state.Lock, w *state.Writer) error {
			return do(ctx, w)
		})
	}
}

func (s *Session) underShared(
	ctx context.Context, command string, do func(context.Context, state.Lock, *state.Writer) error,
) (err error) {
	lock, err := s.Store.Acquire(ctx, s.request(command, []string{state.Global}, max(s.options.LockTimeout, sharedPatience)))
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
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go cancelWhenLost(ctx, cancel, lock)
	return do(ctx, lock, writer)
}
