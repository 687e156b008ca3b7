package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/session"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// sweepOptions are what `sweep` takes.
type sweepOptions struct {
	common
	remove bool
}

func newSweep(t terminal.Terminal, c *common, run command[sweepOptions]) *cobra.Command {
	o, yes := sweepOptions{}, false
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "List, and delete, the stack's resources that are in no state",
		Long: "sweep searches the regions of --regions, or else every region that the account has enabled, for resources that carry\n" +
			"this stack's tags and are in no state, and for duplicates. With --delete it deletes them, after asking.\n" +
			"It never touches a resource with another owner's tag, or with none.",
		Example: "  provision sweep\n  provision sweep --regions eu-west-1 --delete",
		Args:    cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o := o
			o.common = c.asked(yes)
			return run(cmd.Context(), t, o)
		},
	}
	addYes(cmd.Flags(), &yes)
	cmd.Flags().BoolVar(&o.remove, "delete", false, "delete the orphans, after asking")
	return cmd
}

func runSweep(ctx context.Context, t terminal.Terminal, o sweepOptions) (err error) {
	cfg, err := o.settings.told(t).forStack()
	if err != nil {
		return err
	}
	s, err := open(ctx, t, o.common, cfg, session.Purpose{
		Command: "sweep", Regions: session.Present, TakesLock: o.remove, SearchesAll: true,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	if document := s.Stack.Record.Document(); document.Empty() {
		return ending.Refusedf("there is no state at %s, so that everything would be in no state; if there is a "+
			"stack, `provision recover` rebuilds it", s.Store.Location())
	}
	ctx, stop := s.Bound(ctx)
	defer stop()

	found := s.Stack.PlanSweep(ctx)
	if !o.remove || found.Count() == 0 {
		err := t.ShowAs(o.form, func(w io.Writer) error { return ui.RemovalJSON(w, found) }, func() error {
			ui.Sweep(t.Out, found)
			return nil
		})
		return errors.Join(err, found.Err())
	}
	ui.Sweep(t.Err, found)
	if err := t.Confirm(ctx, o.question("Remove all this, for good?", cfg.Name)); err != nil {
		return err
	}
	outcome := s.Stack.Sweep(ctx, found)
	err = t.ShowAs(o.form, func(w io.Writer) error { return ui.OutcomeJSON(w, "sweep", outcome) }, func() error {
		if done := outcome.Err() == nil; done {
			fmt.Fprintf(t.Out, "%d resources are deleted.\n", found.Count())
		}
		return nil
	})
	return errors.Join(err, outcome.Err())
}
