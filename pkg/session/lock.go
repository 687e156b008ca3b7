package session

import (
	"context"
	"slices"
	"time"

	"provision/pkg/cloud"
	"provision/pkg/ending"
	"provision/pkg/state"
)

// Acquire locks these regions of the state, and what the stack has once, for a command that opens no stack.
func (s *Session) Acquire(ctx context.Context, command string, regions []string) error {
	return s.acquire(ctx, Purpose{Command: command}, regions)
}

func (s *Session) acquire(ctx context.Context, p Purpose, regions []string) error {
	if err := s.CheckExpected(); err != nil {
		return err
	}
	parts := slices.Clone(regions)
	if !p.LocksSharedLate || !s.locksApart() {
		parts = append(parts, state.Global)
	}
	lock, err := s.Store.Acquire(ctx, s.request(p.Command, parts, s.options.LockTimeout))
	if cloud.IsDenied(err) {
		return ending.RefusedError{Err: err}
	}
	if err != nil {
		return err
	}
	s.lock = lock
	s.close = append(s.close, lock.Release)
	return nil
}

// AcquireAt locks these parts of another store than the session's own, until the session is closed.
func (s *Session) AcquireAt(ctx context.Context, store state.Store, command string, parts []string) (state.Lock, error) {
	lock, err := store.Acquire(ctx, state.Request{
		Regions: slices.Clone(parts), Timeout: s.options.LockTimeout, Holder: state.Self(command, time.Now()),
	})
	if err == nil {
		s.close = append(s.close, lock.Release)
	}
	return lock, err
}

// Lock is what [Session.Acquire] locked.
func (s *Session) Lock() state.Lock { return s.lock }

func (s *Session) request(command string, parts []string, timeout time.Duration) state.Request {
	return state.Request{
		Regions: parts,
		Timeout: timeout,
		Holder:  state.Self(command, time.Now()),
		Waiting: func(h state.Holder) { s.host.Tell("waiting for " + h.String()) },
	}
}

// Bound ends when the run must start nothing new: its lock is lost, or its log can't be written any more.
func (s *Session) Bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := s.log.whenLost(cancel)
	if s.lock != nil {
		go cancelWhenLost(ctx, cancel, s.lock)
	}
	return ctx, func() { stop(); cancel(nil) }
}

func cancelWhenLost(ctx context.Context, cancel context.CancelCauseFunc, lock state.Lock) {
	select {
	case <-lock.Lost():
		cancel(lock.Err())
	case <-ctx.Done():
	}
}
