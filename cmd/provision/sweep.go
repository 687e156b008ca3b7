package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"provision/pkg/ui"
)

func newSweep(t terminal, f *flags) *cobra.Command {
	remove := false
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "List, and remove, what is the stack's but in no state",
		Long: "sweep looks in the regions of --regions, or else in every region that the account has enabled, for what carries\n" +
			"this stack's tags and is in no state, and for what is there twice. With --delete it removes that, after asking.\n" +
			"What has another owner's tag, or none, is never touched.",
		Example: "  provision sweep\n  provision sweep --regions eu-west-1 --delete",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return sweep(cmd.Context(), t, f, remove) },
	}
	f.addYes(cmd.Flags())
	cmd.Flags().BoolVar(&remove, "delete", false, "remove what is found, after asking")
	return cmd
}

func sweep(ctx context.Context, t terminal, f *flags, remove bool) (err error) {
	s, err := open(ctx, t, f, purpose{command: "sweep", writes: remove, regions: f.present, broad: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	if document := s.stack.Record.Document(); document.Empty() {
		return refusedError{fmt.Errorf("there is no state at %s, so that everything would be in no state; if there is a "+
			"stack, `provision recover` rebuilds it", s.store.Location())}
	}
	ctx, stop := s.bounded(ctx)
	defer stop()

	found := s.stack.PlanSweep(ctx)
	if !remove || found.Count() == 0 {
		err := f.showAs(t, func(w io.Writer) error { return ui.RemovalJSON(w, found) }, func() error {
			ui.Sweep(t.out, found)
			return nil
		})
		return errors.Join(err, found.Err())
	}
	ui.Sweep(t.err, found)
	if err := confirm(ctx, t, f, "Remove all this, for good?", s.config.Name); err != nil {
		return err
	}
	outcome := s.stack.Sweep(ctx, found)
	err = f.showAs(t, func(w io.Writer) error { return ui.OutcomeJSON(w, "sweep", outcome) }, func() error {
		if done := outcome.Err() == nil; done {
			fmt.Fprintf(t.out, "%d things are removed.\n", found.Count())
		}
		return nil
	})
	return errors.Join(err, outcome.Err())
}
