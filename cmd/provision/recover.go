package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"provision/pkg/config"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui"
)

func newRecover(t terminal, f *flags) *cobra.Command {
	owner := ""
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Rebuild a lost or damaged state from the tags of what exists",
		Long: "recover finds what carries the stack's tags, in the regions of --regions or the settings, or else in every\n" +
			"region that the account has enabled, and writes the state that a run would have left. It changes nothing in AWS.\n" +
			"A damaged state is kept beside the new one.",
		Example: "  provision recover\n  provision recover --regions us-east-1,eu-west-1\n" +
			"  provision recover --owner 01JD3K8Q6ZB0C2W4M6N8P0R2T4",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return rebuild(cmd.Context(), t, f, owner) },
	}
	f.addYes(cmd.Flags())
	cmd.Flags().StringVar(&owner, "owner", "", "whose things to take, where two stacks of this name exist")
	return cmd
}

func rebuild(ctx context.Context, t terminal, f *flags, owner string) (err error) {
	s := &session{}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	old, err := s.openRecovery(ctx, t, f, owner)
	if err != nil {
		return err
	}
	ctx, stop := s.bounded(ctx)
	defer stop()

	found, err := s.stack.Recover(ctx)
	if err != nil {
		return fmt.Errorf("recover the stack %s in account %s from its tags: %w", s.config.Name, s.identity.Account, err)
	}
	if owner == "" && !old.Empty() && old.Owner != found.Owner {
		return refusedError{fmt.Errorf("the state %s is of another stack %s, with owner %s in account %s: keep the new one "+
			"elsewhere with --state, or replace this one with --owner %s",
			s.store.Location(), old.Stack, old.Owner, old.Account, found.Owner)}
	}
	if old.Owner == found.Owner {
		for region, known := range old.Regions {
			if _, looked := found.Regions[region]; !looked && !slices.Contains(s.stack.Regions, region) && region != state.Global {
				found.Regions[region] = known
			}
		}
	}
	ui.Recovered(t.err, found)
	if !old.Empty() {
		if err := confirm(ctx, t, f, "Replace the state "+s.store.Location()+"?", yes); err != nil {
			return err
		}
	}
	if err := s.lock.Replace(ctx, found); err != nil {
		return err
	}
	return f.show(t, found, func() error {
		_, err := fmt.Fprintf(t.out, "%s is written: `provision plan` shows how it differs from what is wanted.\n",
			s.store.Location())
		return err
	})
}

// openRecovery opens a session without what a state says, and returns what could be read of it.
func (s *session) openRecovery(ctx context.Context, t terminal, f *flags, owner string) (state.Document, error) {
	old, err := s.openLost(ctx, t, f)
	if err != nil {
		return old, err
	}
	regions := s.config.Regions
	if len(regions) == 0 {
		if regions, err = s.enabledRegions(ctx, f); err != nil {
			return old, err
		}
	}
	locked := slices.Compact(slices.Sorted(slices.Values(slices.Concat(regions, old.RegionNames()))))
	if err := s.acquire(ctx, t, f, purpose{command: "recover"}, locked); err != nil {
		return old, err
	}
	head := s.head()
	head.Owner = owner
	s.useStack(f, stack.ReadOnly{Read: state.Document{Schema: state.Schema, Head: head}}, regions)
	return old, nil
}

// openLost is open for a state that may not be there, or not be readable.
func (s *session) openLost(ctx context.Context, t terminal, f *flags) (old state.Document, err error) {
	if s.config, err = f.loadConfig(); err != nil {
		return old, err
	}
	if err := f.guard(s.config).CheckRegions(s.config.Regions); err != nil {
		return old, err
	}
	if err := s.connect(ctx, t, f); err != nil {
		return old, err
	}
	if s.store, err = s.openStore(ctx, t, f); err != nil {
		return old, err
	}
	if err := s.store.CheckWritable(ctx); err != nil {
		return old, err
	}
	if err := s.identify(ctx, f, s.anyRegion()); err != nil {
		return old, err
	}
	old, err = s.store.Load(ctx)
	if is[*state.CorruptError](err) || is[*state.NewerError](err) {
		fmt.Fprintln(t.err, err)
		return state.Document{}, nil
	}
	return old, err
}

// anyRegion is where AWS is asked what has no region.
func (s *session) anyRegion() string {
	if len(s.config.Regions) > 0 {
		return s.config.Regions[0]
	}
	return s.cloud.DefaultRegion()
}

// enabledRegions are the account's regions that a stack can be in and that the guard allows.
func (s *session) enabledRegions(ctx context.Context, f *flags) ([]string, error) {
	all, err := s.cloud.EnabledRegions(ctx, s.anyRegion())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(region string) bool {
		return f.guard(s.config).CheckRegions([]string{region}) != nil || !slices.Contains(config.KnownRegions(), region)
	}), nil
}
