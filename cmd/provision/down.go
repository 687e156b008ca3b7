package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/foreign"
	"provision/pkg/preflight"
	"provision/pkg/session"
	"provision/pkg/stack"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// downOptions are what `down` takes.
type downOptions struct {
	common
	writeOptions
	fleetOptions
	removeGuardDuty bool
	skipCheck       bool
}

func newDown(t terminal.Terminal, c *common, run command[downOptions]) *cobra.Command {
	o := downOptions{}
	cmd := &cobra.Command{
		Use:        "down",
		SuggestFor: []string{"destroy", "delete", "remove"},
		Short:      "Remove the stack and prove that nothing is left",
		Long: "down finds the stack's resources by their tags and the state, shows them, asks for the stack's name, deletes them,\n" +
			"and checks again. Without --regions it works on every region in the state.\n\n" +
			"Before the first deletion it looks for what would stop it half-way, and refuses to start: deletion protection,\n" +
			"resources of others in the VPC, and permissions that are denied. --yes does not skip this.",
		Example: "  provision down\n  provision down --regions eu-west-1 --yes",
		Args:    cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := o.parsed(*c)
			if err != nil {
				return err
			}
			return run(cmd.Context(), t, o)
		},
	}
	o.writeOptions.add(cmd.Flags())
	o.fleetOptions.add(cmd.Flags(), true)
	cmd.Flags().BoolVar(&o.skipCheck, "skip-check", false,
		"do not look for deletion protection, resources of others and denied permissions before the first deletion")
	cmd.Flags().BoolVar(&o.removeGuardDuty, "remove-guardduty-endpoint", false,
		"also remove the VPC endpoint and security group that Amazon GuardDuty put into the stack's VPCs")
	return cmd
}

// parsed are the options of this command line, checked.
func (o downOptions) parsed(c common) (downOptions, error) {
	o.common = o.writeOptions.on(o.fleetOptions.on(c))
	return o, errors.Join(o.fleetOptions.check(), o.writeOptions.check())
}

// runDown is `down` for the stack of the settings, or for each target of a fleet.
func runDown(ctx context.Context, t terminal.Terminal, o downOptions) error {
	return onTargets(ctx, t, o.common, o.fleetOptions, fleetWork{
		command: "down", writes: true, present: true, ask: "Type the stack's name to remove all of it in these %d targets: %s:",
		do: func(ctx context.Context, one place) error { return down(ctx, one, o) },
	})
}

func down(ctx context.Context, at place, o downOptions) (err error) {
	s, err := at.open(ctx, session.Purpose{
		Command: "down", Regions: session.Present, TakesLock: true, DeletesStack: true, LocksSharedLate: true,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	ctx, stop := s.Bound(ctx)
	defer stop()

	s.Stack.RemoveGuardDuty = o.removeGuardDuty
	removal := s.Stack.PlanRemoval(ctx, s.LastRegions())
	if err := errors.Join(s.Stack.RefusalOfRemoval(removal), s.NeverMade(removal.Count())); err != nil {
		return ending.RefusedError{Err: err}
	}
	if err := s.refuseStuck(ctx, o, removal); err != nil {
		return err
	}
	run := terminal.DownRun(s.Stack, removal, s.note())
	s.warnOfExpiry(run)
	if removal.Count() > 0 {
		notes := s.host.progress.Notes(!at.agreed)
		ui.Removal(notes, removal)
		if at.agreed {
			fmt.Fprintln(notes)
		}
		if err := at.Confirm(ctx, at.question("Remove all this, for good?", s.Config.Name)); err != nil {
			return err
		}
	}
	end := s.host.progress.Begin(run, removal.Count() > 0)
	report := s.reportOf("down")
	outcome, failed := s.Remove(ctx, "down", removal)
	end(outcome)
	err = at.ShowAs(at.form, func(w io.Writer) error { return ui.OutcomeJSON(w, "down", outcome) }, func() error {
		ui.Removed(at.Out, outcome)
		s.host.progress.Tally(at.Err)
		return nil
	})
	return errors.Join(err, s.writeReport(o.report, report, outcome), outcome.Err(), failed)
}

// refuseStuck refuses a removal that would end half-way: the stack would no longer serve, and still cost. A check
// without an answer stops nothing; it is shown.
func (s *opened) refuseStuck(ctx context.Context, o downOptions, removal *stack.Removal) error {
	if o.skipCheck || removal.Count() == 0 {
		return nil
	}
	found := s.preflight().OfRemoval(ctx, removal)
	if stops := preflight.Stops(found); stops != nil {
		return ending.RefusedError{Err: stops}
	}
	for _, f := range found {
		if f.Level == preflight.Warning {
			fmt.Fprintf(s.host.progress.Notes(!o.agreed), "%s: %s: %s\n", f.Region, f.Check, foreign.Line(f.Detail))
		}
	}
	return nil
}
