package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/state"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

func newStateHistory(t terminal.Terminal, c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "history",
		Short:   "List the versions of the state that you can restore, newest first",
		Example: "  provision state history",
		Args:    cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd.Context(), t, *c, func(s *opened) error {
				versions, err := s.Store.History(cmd.Context())
				if is[*state.CorruptError](err) { // it lists no earlier copy
					return ending.AdvisedError{Err: err, Step: "`provision recover` rebuilds it from the existing resources"}
				}
				if err != nil {
					return err
				}
				return t.Show(c.form, ui.Versions(versions), func() error {
					if len(versions) == 0 {
						_, err := fmt.Fprintf(t.Out, "There is no state at %s, and no version to restore.\n", s.Store.Location())
						return err
					}
					ui.VersionTable(t.Out, versions)
					return nil
				})
			})
		},
	}
}

func newStateRestore(t terminal.Terminal, c *common) *cobra.Command {
	yes := false
	cmd := &cobra.Command{
		Use:   "restore VERSION",
		Short: "Restore an earlier state; on S3, of one region",
		Long: "restore replaces the current state by a version that `provision state history` lists. It does not touch AWS:\n" +
			"`provision up` finds newer resources that the settings ask for by their tags, and `provision sweep` the others.",
		Example:           "  provision state restore backup\n  provision state restore eu-west-1@3sL4kqtJlcpXroDTDmJ",
		Args:              cli.One("a version of `provision state history`"),
		ValidArgsFunction: c.completeVersions,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd.Context(), t, c.asked(yes), func(s *opened) error { return s.restore(cmd.Context(), args[0]) })
		},
	}
	addYes(cmd.Flags(), &yes)
	return cmd
}

func (s *opened) restore(ctx context.Context, id string) error {
	t, c := s.host.terminal, s.host.common
	version, err := s.Store.LoadVersion(ctx, id)
	if err != nil {
		return err
	}
	ui.Recovered(t.Err, version)
	question := fmt.Sprintf("Replace the state %s by its version %s?", s.Store.Location(), id)
	if err := t.Confirm(ctx, c.question(question, terminal.Yes)); err != nil {
		return err
	}
	if err := s.Acquire(ctx, "state restore", version.RegionNames()); err != nil {
		return err
	}
	if err := state.Restore(ctx, s.Store, s.Lock(), id); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.Out, "The state %s is version %s again.\n", s.Store.Location(), id)
	return err
}
