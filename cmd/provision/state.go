package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/state"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

func newState(t terminal.Terminal, c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Show the state, restore an earlier one, move it, unlock it",
		Args:  cli.CommandNeeded,
		RunE:  cli.ShowHelp,
	}
	cmd.AddCommand(
		newStateList(t, c), newStateShow(t, c), newStateHistory(t, c), newStateRestore(t, c),
		newStateInit(t, c), newStateMigrate(t, c), newStateUnlock(t, c),
	)
	return cmd
}

func newStateList(t terminal.Terminal, c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the resources in the state, with their IDs",
		Example: "  provision state list\n  provision state list --regions eu-west-1 -o json",
		Args:    cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withState(cmd.Context(), t, *c, func(s *opened, d state.Document) error {
				rows := ui.Records(d, "", onlyRegions(s.Config)...)
				return t.Show(c.form, rows, func() error { ui.RecordTable(t.Out, rows); return nil })
			})
		},
	}
}

func newStateShow(t terminal.Terminal, c *common) *cobra.Command {
	return &cobra.Command{
		Use:               "show [KEY]",
		Short:             "Show the state's owner and decisions, or one resource in each region",
		Example:           "  provision state show\n  provision state show nat-gateway/a\n  provision state show -o json",
		Args:              cli.AtMostOne("one resource's key"),
		ValidArgsFunction: c.completeKeys,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withState(cmd.Context(), t, *c, func(s *opened, d state.Document) error {
				if len(args) == 0 {
					return t.Show(c.form, d, func() error { ui.State(t.Out, s.Store.Location(), d); return nil })
				}
				rows := ui.Records(d, args[0], onlyRegions(s.Config)...)
				if len(rows) == 0 {
					return fmt.Errorf("the state %s has no %s; `provision state list` lists what it has", s.Store.Location(), args[0])
				}
				return t.Show(c.form, rows, func() error { ui.RecordTable(t.Out, rows); return nil })
			})
		},
	}
}

// onlyRegions are those that were asked for; none means all.
func onlyRegions(cfg *config.Config) []string {
	if cfg.RegionsGiven() {
		return cfg.Regions
	}
	return nil
}

// withState reads the state for a command that wants nothing of AWS.
func withState(ctx context.Context, t terminal.Terminal, c common, do func(*opened, state.Document) error) error {
	return withStore(ctx, t, c, func(s *opened) error {
		d, err := s.Store.Load(ctx)
		if err != nil {
			return err
		}
		if d.Fresh() {
			return ending.Refusedf("there is no state at %s; --name, --state and the current folder choose it", s.Store.Location())
		}
		return do(s, d)
	})
}

// withStore opens the place where the state is kept, and nothing else.
func withStore(ctx context.Context, t terminal.Terminal, c common, do func(*opened) error) (err error) {
	cfg, err := c.settings.told(t).ofPresent().forStack()
	if err != nil {
		return err
	}
	s := unopened(t, c, cfg)
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	if err := s.OpenStore(ctx); err != nil {
		return err
	}
	return do(s)
}
