package session

import (
	"context"
	"errors"
	"slices"

	"provision/pkg/stack"
	"provision/pkg/state"
)

// OpenRecovery opens the session without relying on a state, and returns the readable part of it. It looks for
// resources of the given owner; empty: of any owner.
func (s *Session) OpenRecovery(ctx context.Context, owner string) (state.Document, error) {
	old, err := s.openLost(ctx)
	if err != nil {
		return old, err
	}
	regions := s.Config.Regions
	if len(regions) == 0 {
		if regions, err = s.enabledRegions(ctx); err != nil {
			return old, err
		}
	}
	locked := slices.Compact(slices.Sorted(slices.Values(slices.Concat(regions, old.RegionNames()))))
	if err := s.Acquire(ctx, "recover", locked); err != nil {
		return old, err
	}
	head := s.head()
	head.Owner = owner
	s.useStack(stack.ReadOnly{Read: state.Document{Schema: state.Schema, Head: head}}, regions)
	return old, nil
}

// openLost opens a state that may be missing or unreadable.
func (s *Session) openLost(ctx context.Context) (old state.Document, err error) {
	if err := s.guard().CheckRegions(s.Config.Regions); err != nil {
		return old, err
	}
	if err := s.Connect(ctx); err != nil {
		return old, err
	}
	if err := s.OpenStore(ctx); err != nil {
		return old, err
	}
	if err := s.Store.CheckWritable(ctx); err != nil {
		return old, err
	}
	if err := s.Identify(ctx, s.AnyRegion()); err != nil {
		return old, err
	}
	old, err = s.Store.Load(ctx)
	if unreadable(err) {
		s.host.Tell(err.Error())
		return state.Document{}, nil
	}
	return old, err
}

func unreadable(err error) bool {
	_, corrupt := errors.AsType[*state.CorruptError](err)
	_, newer := errors.AsType[*state.NewerError](err)
	return corrupt || newer
}
