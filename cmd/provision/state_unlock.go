package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/foreign"
	"provision/pkg/state"
	"provision/pkg/terminal"
)

func newStateUnlock(t terminal.Terminal, c *common) *cobra.Command {
	yes := false
	cmd := &cobra.Command{
		Use:   "unlock [REGION...]",
		Short: "Break the locks of a run that is gone for good",
		Long: "unlock shows the holders of the state's locks and breaks the locks, after asking. A run that is still alive stops\n" +
			"writing, and its calls in flight are not recorded. The local lock of a dead process needs no unlocking.",
		Example:           "  provision state unlock\n  provision state unlock eu-west-1",
		ValidArgsFunction: cli.CompleteRegions,
		RunE: func(cmd *cobra.Command, regions []string) error {
			return withStore(cmd.Context(), t, c.asked(yes), func(s *opened) error { return s.unlock(cmd.Context(), regions) })
		},
	}
	addYes(cmd.Flags(), &yes)
	return cmd
}

func (s *opened) unlock(ctx context.Context, regions []string) error {
	t := s.host.terminal
	for _, region := range regions {
		if err := cli.CheckRegion(region); err != nil && region != state.Global {
			return err
		}
	}
	holders, err := s.Store.Holders(ctx)
	if err != nil {
		return err
	}
	holders = slices.DeleteFunc(holders, func(h state.Holder) bool { // one without a region holds all of them
		return len(regions) > 0 && h.Region != "" && !slices.Contains(regions, h.Region)
	})
	if len(holders) == 0 {
		of := "the state " + s.Store.Location()
		if len(regions) > 0 {
			of = strings.Join(regions, ", ") + " in " + of
		}
		_, err := fmt.Fprintf(t.Out, "No run holds a lock of %s.\n", of)
		return err
	}
	for _, holder := range holders {
		t.Notef("held by %s", holder)
	}
	if err := s.Store.Breakable(ctx); err != nil {
		return err
	}
	if err := t.Confirm(ctx, s.host.common.question("Break the lock? Do so only if that run is gone for good.", terminal.Yes)); err != nil {
		return err
	}
	broken, err := s.Store.Unlock(ctx, regions...)
	for _, holder := range broken {
		fmt.Fprintf(t.Out, "The lock of %s is broken.\n", foreign.Line(holder.String()))
	}
	return err
}
