package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/state"
)

func newStateUnlock(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "unlock [REGION...]",
		Short: "Break the locks of a run that is gone for good",
		Long: "unlock shows who holds the state's locks and breaks them, after asking. A run that still lives stops writing, and\n" +
			"what it has under way is not recorded; a local lock of a process that is gone needs no unlocking.",
		Example:           "  provision state unlock\n  provision state unlock eu-west-1",
		ValidArgsFunction: completeRegions,
		RunE: func(cmd *cobra.Command, regions []string) error {
			return withStore(cmd.Context(), t, f, func(s *session) error { return s.unlock(cmd.Context(), t, f, regions) })
		},
	}
	f.addYes(cmd.Flags())
	return cmd
}

func (s *session) unlock(ctx context.Context, t terminal, f *flags, regions []string) error {
	for _, region := range regions {
		if err := checkRegion(region); err != nil && region != state.Global {
			return err
		}
	}
	holders, err := s.store.Holders(ctx)
	if err != nil {
		return err
	}
	holders = slices.DeleteFunc(holders, func(h state.Holder) bool { // one without a region holds all of them
		return len(regions) > 0 && h.Region != "" && !slices.Contains(regions, h.Region)
	})
	if len(holders) == 0 {
		of := "the state " + s.store.Location()
		if len(regions) > 0 {
			of = strings.Join(regions, ", ") + " in " + of
		}
		_, err := fmt.Fprintf(t.out, "Nobody holds a lock of %s.\n", of)
		return err
	}
	for _, holder := range holders {
		fmt.Fprintf(t.err, "held by %s\n", holder)
	}
	if err := s.store.Breakable(ctx); err != nil {
		return err
	}
	if err := confirm(ctx, t, f, "Break the lock? Do so only if that run is gone for good.", yes); err != nil {
		return err
	}
	broken, err := s.store.Unlock(ctx, regions...)
	for _, holder := range broken {
		fmt.Fprintf(t.out, "The lock of %s is broken.\n", holder)
	}
	return err
}
