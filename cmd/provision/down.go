package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"provision/pkg/ui"
)

func newDown(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:        "down",
		SuggestFor: []string{"destroy", "delete", "remove"},
		Short:      "Remove all of the stack and prove that nothing is left",
		Long: "down finds what is the stack's by its tags and its state, shows it, asks for the stack's name, removes it,\n" +
			"and looks again. Without --regions it takes every region that the state knows.",
		Example: "  provision down\n  provision down --regions eu-west-1 --yes",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.eachTarget(cmd.Context(), t, fleetWork{
				command: "down", writes: true, ask: "Type the stack's name to remove all of it in these %d targets: %s:", do: down,
			})
		},
	}
	f.addWrite(cmd.Flags())
	f.fleet.add(cmd.Flags(), true)
	return cmd
}

func down(ctx context.Context, t terminal, f *flags) (err error) {
	p := purpose{command: "down", writes: true, removes: true, apart: true, regions: f.present}
	s, err := open(ctx, t, f, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx)
	defer stop()

	removal := s.stack.PlanRemoval(ctx, s.lastRegions())
	run := s.downRun(removal)
	s.warnOfExpiry(t, run)
	if removal.Count() > 0 {
		notes := s.progress.notes(f)
		ui.Removal(notes, removal)
		if f.yes {
			fmt.Fprintln(notes)
		}
		if err := confirm(ctx, t, f, "Remove all this, for good?", s.config.Name); err != nil {
			return err
		}
	}
	end := s.progress.begin(run, removal.Count() > 0)
	report := s.reportOf("down")
	outcome, failed := s.remove(ctx, t, f, p, removal)
	end(outcome)
	err = f.showAs(t, func(w io.Writer) error { return ui.OutcomeJSON(w, "down", outcome) }, func() error {
		ui.Removed(t.out, outcome)
		s.progress.tally(t.err)
		return nil
	})
	return errors.Join(err, s.writeReport(f, report, outcome), outcome.Err(), failed)
}

// lastRegions says whether the regions of this run are all that the state knows, so that the role may go too.
func (s *session) lastRegions() bool {
	for _, region := range s.stack.Record.Document().RegionNames() {
		if !slices.Contains(s.stack.Regions, region) {
			return false
		}
	}
	return true
}
