package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"provision/pkg/stack"
	"provision/pkg/ui"
)

func newUp(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:        "up [PLANFILE]",
		SuggestFor: []string{"apply", "create", "deploy"},
		Short:      "Make every region as the settings say, and repair what drifted",
		Long: "up compares each region with the settings, shows the plan, asks, and carries it out in all regions side by\n" +
			"side. Run it again after anything went wrong: it goes on where it ended.\n\n" +
			"With a file that plan --out wrote, it applies exactly that plan, without asking, or nothing if anything moved.",
		Example: "  provision up --regions us-east-1,eu-west-1\n  provision up --sandbox --regions eu-west-1 --yes\n" +
			"  provision plan --out plan.json && provision up plan.json",
		Args: atMostOneArgument("a saved plan"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			var saved *stack.Saved
			if len(args) > 0 {
				if saved, err = f.adopt(cmd, args[0]); err != nil {
					return err
				}
			}
			work := fleetWork{
				command: "up", writes: true, ask: "Make these %d targets as the settings say, whatever their plans are: %s?", word: yes,
				do: func(ctx context.Context, t terminal, f *flags) error { return up(ctx, t, f, saved) },
			}
			if saved != nil {
				work.alone = "a saved plan"
			}
			return f.eachTarget(cmd.Context(), t, work)
		},
	}
	f.addWrite(cmd.Flags())
	f.fleet.add(cmd.Flags(), true)
	cmd.Flags().IntVar(&f.maxDestroy, "max-destroy", 0, "refuse to delete more resources than this (default: no limit)")
	cmd.Flags().IntVar(&f.tolerance, "failure-tolerance", 0, "regions that may fail before no further one is begun (with --max-concurrent-regions)")
	cmd.Flags().BoolVar(&f.skipCheck, "skip-check", false, "do not look whether quotas and permissions suffice (see check)")
	cmd.Flags().BoolVar(&f.skipVerify, "skip-verify", false, "do not fetch the URLs at the end")
	cmd.Flags().BoolVar(&f.refreshAMI, "refresh-ami", false, "take the newest image instead of the one that is pinned")
	return cmd
}

// up applies what is planned now, after asking; with a saved plan that is the same as what is planned now, without.
func up(ctx context.Context, t terminal, f *flags, saved *stack.Saved) (err error) {
	s, err := open(ctx, t, f, purpose{command: "up", writes: true, begins: true, apart: true, regions: wanted})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx)
	defer stop()

	s.mentionOthers(t)
	plan := s.stack.Plan(ctx)
	if err := s.stack.Refusal(plan); err != nil {
		return refusedError{err}
	}
	if err := s.refuseHopeless(ctx, f, plan); err != nil {
		return err
	}
	run := s.upRun(plan)
	s.warnOfExpiry(t, run)
	if err := s.agree(ctx, t, f, plan, saved); err != nil {
		return err
	}
	end := s.progress.begin(run, plan.Changed())
	report := s.reportOf("up")
	outcome := s.stack.Apply(ctx, plan)
	end(outcome)
	return errors.Join(s.showOutcome(t, f, outcome), s.writeReport(f, report, outcome), outcome.Err())
}

// agree shows the plan and asks, or compares it with the one that was agreed to before.
func (s *session) agree(ctx context.Context, t terminal, f *flags, plan *stack.Plan, saved *stack.Saved) error {
	if err := s.tooMany(f, plan); err != nil {
		ui.Plan(t.err, plan)
		return err
	}
	if saved != nil {
		return s.same(saved, plan)
	}
	if err := allFailed(plan); err != nil {
		return err
	}
	if !plan.Changed() {
		return nil
	}
	notes := s.progress.notes(f)
	ui.Plan(notes, plan)
	if f.yes {
		fmt.Fprintln(notes)
	}
	return confirm(ctx, t, f, "Apply this plan?", yes)
}

// allFailed is the errors of a plan that has nothing to apply; else the regions that can be planned go on.
func allFailed(plan *stack.Plan) error {
	for _, part := range plan.Parts[1:] {
		if part.Err == nil {
			return nil
		}
	}
	return plan.Err()
}

func (s *session) showOutcome(t terminal, f *flags, o stack.Outcome) error {
	return f.showAs(t, func(w io.Writer) error { return ui.OutcomeJSON(w, "up", o) }, func() error {
		ui.Outcome(t.out, o)
		if s.cloud.Custom() != "" {
			fmt.Fprintf(t.err, "The URLs were not fetched: behind %s no load balancer answers.\n", s.cloud.Custom())
		}
		s.progress.tally(t.err)
		if s.writer != nil {
			for _, u := range s.writer.Unsaved() {
				fmt.Fprintf(t.err, "not in the state: %s %s %s (nonce %s)\n", u.Region, u.Key, u.ID, u.Nonce)
			}
		}
		return nil
	})
}
