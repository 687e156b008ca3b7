package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/preflight"
	"provision/pkg/session"
	"provision/pkg/stack"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// upOptions are what `up` takes.
type upOptions struct {
	common
	writeOptions
	fleetOptions

	maxDestroy *int
	tolerance  *int
	skipCheck  bool
	skipVerify bool
	refreshAMI bool
	trusted    string       // a file with the keys one of which must have signed the plan; empty: none needs to
	saved      *stack.Saved // nil: the plan is made now
}

func newUp(t terminal.Terminal, c *common, run command[upOptions]) *cobra.Command {
	o := upOptions{}
	cmd := &cobra.Command{
		Use:        "up [PLANFILE]",
		SuggestFor: []string{"apply", "create", "deploy"},
		Short:      "Bring every region to the settings, and repair drift",
		Long: "up compares each region with the settings, shows the plan, asks, and applies it in all regions in\n" +
			"parallel. Run it again after a failure: it resumes where it stopped.\n\n" +
			"With a file that plan --out wrote, it applies exactly that plan, without asking, or nothing if anything has changed since.",
		Example: "  provision up --regions us-east-1,eu-west-1\n  provision up --sandbox --regions eu-west-1 --yes\n" +
			"  provision plan --out plan.json && provision up plan.json",
		Args: cli.AtMostOne("a saved plan"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := o.parsed(*c, cmd, args)
			if err != nil {
				return err
			}
			return run(cmd.Context(), t, o)
		},
	}
	o.writeOptions.add(cmd.Flags())
	o.fleetOptions.add(cmd.Flags(), true)
	cli.AddNumber(cmd.Flags(), &o.maxDestroy, "max-destroy", "refuse to delete, replace or end more resources and instances than this (default: no limit)")
	cli.AddNumber(cmd.Flags(), &o.tolerance, "failure-tolerance", "regions that may fail before up starts no further one (with --max-concurrent-regions)")
	cmd.Flags().BoolVar(&o.skipCheck, "skip-check", false, "do not check whether quotas and permissions suffice (see check)")
	cmd.Flags().BoolVar(&o.skipVerify, "skip-verify", false, "do not fetch the URLs at the end")
	cmd.Flags().StringVar(&o.trusted, "require-signature", "", "apply only a saved plan that one of the public keys in this file signed")
	cmd.Flags().BoolVar(&o.refreshAMI, "refresh-ami", false, "use the newest image instead of the pinned one")
	return cmd
}

// parsed are the options of this command line, checked.
func (o upOptions) parsed(c common, cmd *cobra.Command, args []string) (upOptions, error) {
	o.common = o.writeOptions.on(o.fleetOptions.on(c))
	o.settings.typed.FailureTolerance, o.settings.typed.MaxDestroy = o.tolerance, cli.Positive(o.maxDestroy)
	o.session.Run.RefreshAMI, o.session.Run.SkipVerify = o.refreshAMI, o.skipVerify
	switch {
	case cli.Negative(o.tolerance):
		return o, errNegative
	case cli.Negative(o.maxDestroy):
		return o, ending.Usagef("--max-destroy can't be negative")
	}
	if o.trusted != "" && len(args) == 0 {
		return o, ending.Refusedf("--require-signature is set, and no saved plan was passed: only a signed plan is applied")
	}
	if err := errors.Join(o.fleetOptions.check(), o.writeOptions.check()); err != nil || len(args) == 0 {
		return o, err
	}
	var err error
	if o.saved, o.settings, err = o.settings.withPlan(cmd, args[0], o.trusted); err != nil {
		return o, err
	}
	o.session.Run.RefreshAMI = o.saved.RefreshAMI
	return o, nil
}

// runUp is `up` for the stack of the settings, or for each target of a fleet.
func runUp(ctx context.Context, t terminal.Terminal, o upOptions) error {
	work := fleetWork{
		command: "up", writes: true, ask: "Bring these %d targets to the settings, without seeing their plans: %s?", word: terminal.Yes,
		do: func(ctx context.Context, one place) error {
			o := o
			o.common = one.common
			return up(ctx, one, o)
		},
	}
	if o.saved != nil {
		work.alone = "a saved plan"
	}
	return onTargets(ctx, t, o.common, o.fleetOptions, work)
}

// up applies what is planned now, after asking; with a saved plan that is the same as what is planned now, without.
func up(ctx context.Context, at place, o upOptions) (err error) {
	s, err := at.open(ctx, session.Purpose{
		Command: "up", Regions: session.Wanted, TakesLock: true, OffersBucket: true, LocksSharedLate: true,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	ctx, stop := s.Bound(ctx)
	defer stop()

	s.noteNeighbours()
	plan := s.Stack.Plan(ctx)
	s.noteOthers(plan)
	if err := s.Stack.Refusal(plan); err != nil {
		return errors.Join(ending.RefusedError{Err: err}, plan.Err())
	}
	if err := s.refuseHopeless(ctx, o, plan); err != nil {
		return err
	}
	run := terminal.UpRun(s.Stack, plan, s.note())
	s.warnOfExpiry(run)
	if err := s.agree(ctx, o, plan); err != nil {
		return err
	}
	end := s.host.progress.Begin(run, plan.Changed())
	report := s.reportOf("up")
	outcome := s.Stack.Apply(ctx, plan)
	end(outcome)
	return errors.Join(s.showOutcome(o.form, outcome), s.writeReport(o.report, report, outcome), outcome.Err())
}

// noteOthers names the regions that the run leaves alone: those that it does not include and, where no plan is shown that
// names them, those that the settings no longer list.
func (s *opened) noteOthers(plan *stack.Plan) {
	dropped := plan.Dropped
	others := slices.DeleteFunc(s.OtherRegions(), func(region string) bool { return slices.Contains(dropped.Regions, region) })
	if len(others) > 0 {
		s.host.terminal.Notef("Left alone, because this run does not include them: %s", strings.Join(others, ", "))
	}
	if text := dropped.String(); text != "" && !plan.Changed() {
		s.host.terminal.Notef("%s", text)
	}
}

// agree shows the plan and asks, or compares it with the one that was agreed to before.
func (s *opened) agree(ctx context.Context, o upOptions, plan *stack.Plan) error {
	t := s.host.terminal
	if err := (limit{s.Config.Guard.MaxDestroy, o.maxDestroy}).refuse(plan); err != nil {
		ui.Plan(t.Err, plan)
		return err
	}
	if o.saved != nil {
		return s.same(o.saved, plan)
	}
	if err := allFailed(plan); err != nil {
		return err
	}
	if !plan.Changed() {
		return nil
	}
	notes := s.host.progress.Notes(!o.agreed)
	ui.Plan(notes, plan)
	if o.agreed {
		fmt.Fprintln(notes)
	}
	return t.Confirm(ctx, o.question("Apply this plan?", terminal.Yes))
}

// allFailed returns the errors of a plan that has nothing to apply; otherwise the regions that can be planned continue.
func allFailed(plan *stack.Plan) error {
	for _, part := range plan.Regions {
		if part.Err == nil {
			return nil
		}
	}
	return plan.Err()
}

// refuseHopeless refuses a plan that quotas or permissions would stop half-way. An unknown quota or permission stops
// nothing: the run itself will find out.
func (s *opened) refuseHopeless(ctx context.Context, o upOptions, plan *stack.Plan) error {
	if o.skipCheck || !plan.Changed() && plan.Err() == nil {
		return nil
	}
	found := s.preflight().Of(ctx, plan)
	if stops := preflight.Stops(found); stops != nil {
		return ending.RefusedError{Err: stops}
	}
	if slices.ContainsFunc(found, func(f preflight.Finding) bool { return f.Level == preflight.Warning }) {
		fmt.Fprintln(s.host.progress.Notes(!o.agreed), "Some quotas or permissions could not be checked: `provision check` shows which.")
	}
	return nil
}

func (s *opened) showOutcome(form terminal.Form, o stack.Outcome) error {
	t := s.host.terminal
	return t.ShowAs(form, func(w io.Writer) error { return ui.OutcomeJSON(w, "up", o) }, func() error {
		ui.Outcome(t.Out, o)
		if s.Cloud.Custom() != "" {
			t.Notef("The URLs were not fetched: behind %s no load balancer answers.", s.Cloud.Custom())
		}
		s.host.progress.Tally(t.Err)
		for _, u := range s.Writer.Unsaved() {
			t.Notef("not in the state: %s %s %s (nonce %s)", u.Region, u.Key, u.ID, u.Nonce)
		}
		return nil
	})
}
