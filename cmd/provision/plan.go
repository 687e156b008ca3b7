package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"provision/pkg/ui"
)

func newPlan(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "plan",
		Short:   "Show what up would do; change nothing",
		Example: "  provision plan --regions us-east-1,eu-west-1\n  provision plan --detailed-exitcode",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return plan(cmd.Context(), t, f) },
	}
	cmd.Flags().BoolVar(&f.detailedExitCode, "detailed-exitcode", false, "exit 2 if there are changes")
	cmd.Flags().BoolVar(&f.refreshAMI, "refresh-ami", false, "plan with the newest image instead of the one that is pinned")
	cmd.Flags().BoolVar(&f.destroy, "destroy", false, "show what down would do")
	return cmd
}

func plan(ctx context.Context, t terminal, f *flags) (err error) {
	if f.destroy {
		return planRemoval(ctx, t, f)
	}
	s, err := open(ctx, t, f, purpose{command: "plan", regions: wanted})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx, f)
	defer stop()

	p := s.stack.Plan(ctx)
	if f.output == "json" {
		if err := ui.PlanJSON(t.out, p); err != nil {
			return err
		}
	} else {
		ui.Plan(t.out, p)
	}
	if err := s.stack.Refusal(p); err != nil {
		return refusedError{err}
	}
	if err := p.Err(); err != nil {
		return err
	}
	if p.Changed() && f.detailedExitCode {
		return errChanges
	}
	return nil
}

func planRemoval(ctx context.Context, t terminal, f *flags) (err error) {
	s, err := open(ctx, t, f, purpose{command: "plan", regions: f.present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	removal := s.stack.PlanRemoval(ctx, s.lastRegions())
	if f.output == "json" {
		if err := ui.RemovalJSON(t.out, removal); err != nil {
			return err
		}
	} else {
		ui.Removal(t.out, removal)
	}
	if removal.Count() > 0 && f.detailedExitCode {
		return errors.Join(removal.Err(), errChanges)
	}
	return removal.Err()
}
