package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"provision/pkg/state"
	"provision/pkg/ui"
)

func newState(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Look at the state, go back to an earlier one, move it, unlock it",
		Args:  commandNeeded,
		RunE:  showHelp,
	}
	cmd.AddCommand(
		newStateList(t, f), newStateShow(t, f), newStateHistory(t, f), newStateRestore(t, f),
		newStateInit(t, f), newStateMigrate(t, f), newStateUnlock(t, f),
	)
	return cmd
}

func newStateList(t terminal, f *flags) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List what the state knows, with the ID of each",
		Example: "  provision state list\n  provision state list --regions eu-west-1 -o json",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withState(cmd.Context(), t, f, func(s *session, d state.Document) error {
				rows := ui.Records(d, "", s.onlyRegions(f)...)
				return f.show(t, rows, func() error { ui.RecordTable(t.out, rows); return nil })
			})
		},
	}
}

func newStateShow(t terminal, f *flags) *cobra.Command {
	return &cobra.Command{
		Use:               "show [KEY]",
		Short:             "Show whose state it is and what it decided, or one resource in each region",
		Example:           "  provision state show\n  provision state show nat-gateway/a\n  provision state show -o json",
		Args:              atMostOneArgument("one resource's key"),
		ValidArgsFunction: f.completeKeys,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withState(cmd.Context(), t, f, func(s *session, d state.Document) error {
				if len(args) == 0 {
					return f.show(t, d, func() error { ui.State(t.out, s.store.Location(), d); return nil })
				}
				rows := ui.Records(d, args[0], s.onlyRegions(f)...)
				if len(rows) == 0 {
					return fmt.Errorf("the state %s knows no %s; `provision state list` lists what it knows", s.store.Location(), args[0])
				}
				return f.show(t, rows, func() error { ui.RecordTable(t.out, rows); return nil })
			})
		},
	}
}

// onlyRegions are those that were asked for; none means all.
func (s *session) onlyRegions(f *flags) []string {
	if f.regionsGiven() {
		return s.config.Regions
	}
	return nil
}

// withState reads the state for a command that wants nothing of AWS.
func withState(ctx context.Context, t terminal, f *flags, do func(*session, state.Document) error) error {
	return withStore(ctx, t, f, func(s *session) error {
		d, err := s.store.Load(ctx)
		if err != nil {
			return err
		}
		if d.Fresh() {
			return refusedError{fmt.Errorf("there is no state at %s; --name, --state and the folder say which is meant", s.store.Location())}
		}
		return do(s, d)
	})
}

// withStore opens the place where the state is kept, and nothing else.
func withStore(ctx context.Context, t terminal, f *flags, do func(*session) error) (err error) {
	s := &session{}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	if s.config, err = f.loadConfig(); err != nil {
		return err
	}
	if s.store, err = s.storeAt(ctx, t, f, s.config.State); err != nil {
		return err
	}
	return do(s)
}
