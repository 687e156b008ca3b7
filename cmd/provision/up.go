package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"provision/pkg/stack"
	"provision/pkg/ui"
)

func newUp(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Make every region as the settings say, and repair what drifted",
		Long: "up compares each region with the settings, shows the plan, asks, and carries it out in all regions side by\n" +
			"side. Run it again after anything went wrong: it goes on where it ended.",
		Example: "  provision up --regions us-east-1,eu-west-1\n  provision up --sandbox --regions eu-west-1 --yes",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return up(cmd.Context(), t, f) },
	}
	f.addWrite(cmd.Flags())
	cmd.Flags().BoolVar(&f.skipVerify, "skip-verify", false, "do not fetch the URLs at the end")
	cmd.Flags().BoolVar(&f.refreshAMI, "refresh-ami", false, "take the newest image instead of the one that is pinned")
	return cmd
}

func up(ctx context.Context, t terminal, f *flags) (err error) {
	s, err := open(ctx, t, f, purpose{command: "up", writes: true, regions: wanted})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx, f)
	defer stop()

	plan := s.stack.Plan(ctx)
	if err := s.stack.Refusal(plan); err != nil {
		ui.Plan(t.err, plan)
		return refusedError{err}
	}
	if err := allFailed(plan); err != nil {
		return err
	}
	if plan.Changed() {
		ui.Plan(s.progress.notes(f), plan)
		if err := confirm(ctx, t, f, "Apply this plan?", yes); err != nil {
			return err
		}
	}
	end := s.progress.begin(s.upRun(plan), plan.Changed())
	outcome := s.stack.Apply(ctx, plan)
	end(outcome)
	if err := s.showOutcome(t, f, outcome); err != nil {
		return err
	}
	return outcome.Err()
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
	if f.output == "json" {
		return ui.OutcomeJSON(t.out, o)
	}
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
}
