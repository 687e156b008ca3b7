package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"provision/pkg/state"
	"provision/pkg/ui"
)

func newStateHistory(t terminal, f *flags) *cobra.Command {
	return &cobra.Command{
		Use:     "history",
		Short:   "List the states that can be gone back to, newest first",
		Example: "  provision state history",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd.Context(), t, f, func(s *session) error {
				versions, err := s.store.History(cmd.Context())
				if err != nil {
					return err
				}
				return f.show(t, ui.Versions(versions), func() error {
					if len(versions) == 0 {
						_, err := fmt.Fprintf(t.out, "There is no state at %s, and none to go back to.\n", s.store.Location())
						return err
					}
					ui.VersionTable(t.out, versions)
					return nil
				})
			})
		},
	}
}

func newStateRestore(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore VERSION",
		Short: "Go back to an earlier state; on S3, of one region",
		Long: "restore writes a version that `provision state history` lists over the current state. AWS is not touched: what\n" +
			"was made since then is found by its tags, by `provision up` where it is wanted and by `provision sweep` where not.",
		Example:           "  provision state restore backup\n  provision state restore eu-west-1@3sL4kqtJlcpXroDTDmJ",
		Args:              oneArgument("a version of `provision state history`"),
		ValidArgsFunction: f.completeVersions,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd.Context(), t, f, func(s *session) error { return s.restore(cmd.Context(), t, f, args[0]) })
		},
	}
	f.addYes(cmd.Flags())
	return cmd
}

func (s *session) restore(ctx context.Context, t terminal, f *flags, id string) error {
	version, err := s.store.LoadVersion(ctx, id)
	if err != nil {
		return err
	}
	ui.Recovered(t.err, version)
	if err := confirm(ctx, t, f, fmt.Sprintf("Replace the state %s by its version %s?", s.store.Location(), id), yes); err != nil {
		return err
	}
	if err := s.acquire(ctx, t, f, purpose{command: "state restore"}, version.RegionNames()); err != nil {
		return err
	}
	if err := state.Restore(ctx, s.store, s.lock, id); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "The state %s is version %s again.\n", s.store.Location(), id)
	return err
}
