package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"provision/pkg/stack"
	"provision/pkg/ui"
)

func newPlan(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what up would do; change nothing",
		Example: "  provision plan --regions us-east-1,eu-west-1\n  provision plan --detailed-exitcode\n" +
			"  provision plan --out plan.json -o markdown",
		Args:        noArguments,
		Annotations: alsoMarkdown,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.checkPlan(); err != nil {
				return err
			}
			work := fleetWork{command: "plan", do: plan}
			if f.out != "" {
				work.alone = "--out"
			}
			return f.eachTarget(cmd.Context(), t, work)
		},
	}
	f.fleet.add(cmd.Flags(), false)
	cmd.Flags().BoolVar(&f.detailedExitCode, "detailed-exitcode", false, "exit 2 if there are changes")
	cmd.Flags().BoolVar(&f.refreshAMI, "refresh-ami", false, "plan with the newest image instead of the one that is pinned")
	cmd.Flags().BoolVar(&f.destroy, "destroy", false, "show what down would do")
	cmd.Flags().StringVar(&f.out, "out", "", "save the plan in a file, for `provision up FILE`")
	cmd.Flags().BoolVar(&f.calls, "calls", false, "also show the API calls that change something")
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
	ctx, stop := s.bounded(ctx)
	defer stop()

	p := s.stack.Plan(ctx)
	if err := f.showPlan(t, p); err != nil {
		return err
	}
	if err := s.stack.Refusal(p); err != nil {
		return refusedError{err}
	}
	if err := p.Err(); err != nil {
		return err
	}
	if f.out != "" {
		if err := s.save(ctx, t, f, p); err != nil {
			return err
		}
	}
	if p.Changed() && f.detailedExitCode {
		return errChanges
	}
	return nil
}

func (f *flags) showPlan(t terminal, p *stack.Plan) error {
	if f.output == markdown {
		return ui.PlanMarkdown(t.out, p, f.calls)
	}
	return f.showAs(t, func(w io.Writer) error { return ui.PlanJSON(w, p) }, func() error {
		ui.Plan(t.out, p)
		if f.calls {
			ui.Calls(t.out, p)
		}
		return nil
	})
}

func planRemoval(ctx context.Context, t terminal, f *flags) (err error) {
	s, err := open(ctx, t, f, purpose{command: "plan", regions: f.present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	removal := s.stack.PlanRemoval(ctx, s.lastRegions())
	if err := f.showRemoval(t, removal); err != nil {
		return err
	}
	if removal.Count() > 0 && f.detailedExitCode {
		return errors.Join(removal.Err(), errChanges)
	}
	return removal.Err()
}

func (f *flags) showRemoval(t terminal, removal *stack.Removal) error {
	return f.showAs(t, func(w io.Writer) error { return ui.RemovalJSON(w, removal) }, func() error {
		ui.Removal(t.out, removal)
		if f.calls {
			ui.RemovalCalls(t.out, removal)
		}
		return nil
	})
}
