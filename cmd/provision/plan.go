package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/session"
	"provision/pkg/stack"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// planOptions are what `plan` takes.
type planOptions struct {
	common
	fleetOptions

	detailedExitCode bool
	refreshAMI       bool
	destroy          bool
	out              string // where to save the plan
	sign             string // a file with the key to sign the saved plan with
	calls            bool
}

func newPlan(t terminal.Terminal, c *common, run command[planOptions]) *cobra.Command {
	o := planOptions{}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what up would do; change nothing",
		Example: "  provision plan --regions us-east-1,eu-west-1\n  provision plan --detailed-exitcode\n" +
			"  provision plan --out plan.json -o markdown",
		Args:        cli.NoArguments,
		Annotations: alsoMarkdown,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := o.parsed(*c)
			if err != nil {
				return err
			}
			return run(cmd.Context(), t, o)
		},
	}
	o.fleetOptions.add(cmd.Flags(), false)
	cmd.Flags().BoolVar(&o.detailedExitCode, "detailed-exitcode", false, "exit 2 if there are changes, 7 if a region is not healthy")
	cmd.Flags().BoolVar(&o.refreshAMI, "refresh-ami", false, "plan with the newest image instead of the pinned one")
	cmd.Flags().BoolVar(&o.destroy, "destroy", false, "show what down would do")
	cmd.Flags().StringVar(&o.out, "out", "", "save the plan in this file; provision up FILE applies it")
	cmd.Flags().StringVar(&o.sign, "sign", "", "sign the saved plan with this private key: a file with an Ed25519 key in PEM,\n"+
		"or kms: and the ID, ARN or alias of a key of AWS KMS of the spec ECC_NIST_P256")
	cmd.Flags().BoolVar(&o.calls, "calls", false, "also show the API calls that change something")
	return cmd
}

// parsed are the options of this command line, checked.
func (o planOptions) parsed(c common) (planOptions, error) {
	o.common = o.fleetOptions.on(c)
	o.session.Run.RefreshAMI = o.refreshAMI
	if err := o.fleetOptions.check(); err != nil {
		return o, err
	}
	if o.destroy && (o.out != "" || o.form == terminal.Markdown) {
		return o, ending.Usagef("--out and --output markdown are for plans of `up`, and exclude --destroy")
	}
	if o.sign != "" && o.out == "" {
		return o, ending.Usagef("--sign signs a saved plan: pass --out FILE as well")
	}
	return o, terminal.CheckWritable("--out", o.out, stack.SavedKind)
}

// runPlan is `plan` for the stack of the settings, or for each target of a fleet.
func runPlan(ctx context.Context, t terminal.Terminal, o planOptions) error {
	work := fleetWork{command: "plan", present: o.destroy, do: func(ctx context.Context, one place) error {
		if o.destroy {
			return planRemoval(ctx, one, o)
		}
		return plan(ctx, one, o)
	}}
	if o.out != "" {
		work.alone = "--out"
	}
	return onTargets(ctx, t, o.common, o.fleetOptions, work)
}

func plan(ctx context.Context, at place, o planOptions) (err error) {
	s, err := at.open(ctx, session.Purpose{Command: "plan", Regions: session.Wanted})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	ctx, stop := s.Bound(ctx)
	defer stop()

	s.noteNeighbours()
	p := s.Stack.Plan(ctx)
	if err := at.showPlan(p, o.calls); err != nil {
		return err
	}
	if err := s.Stack.Refusal(p); err != nil {
		return errors.Join(ending.RefusedError{Err: err}, p.Err())
	}
	if err := p.Err(); err != nil {
		return err
	}
	if refused := (limit{settings: s.Config.Guard.MaxDestroy}).refuse(p); refused != nil {
		at.Notef("provision up will refuse this plan: %v", refused)
	}
	if o.out != "" {
		if err := s.save(ctx, p, o.out, o.sign); err != nil {
			return err
		}
	}
	if !o.detailedExitCode {
		return nil
	}
	health := s.Stack.HealthOf(ctx, p)
	var all []error
	for _, h := range health {
		all = append(all, h.Err)
	}
	if err := errors.Join(all...); err != nil {
		return err
	}
	return ending.ErrorOf(stack.Verdicts(p, health)...)
}

func (at place) showPlan(p *stack.Plan, calls bool) error {
	if at.form == terminal.Markdown {
		return ui.PlanMarkdown(at.Out, p, calls)
	}
	return at.ShowAs(at.form, func(w io.Writer) error { return ui.PlanJSON(w, p) }, func() error {
		ui.Plan(at.Out, p)
		if calls {
			ui.Calls(at.Out, p)
		}
		return nil
	})
}

// planRemoval is `plan --destroy`.
func planRemoval(ctx context.Context, at place, o planOptions) (err error) {
	s, err := at.open(ctx, session.Purpose{Command: "plan", Regions: session.Present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	removal := s.Stack.PlanRemoval(ctx, s.LastRegions())
	if err := s.Stack.RefusalOfRemoval(removal); err != nil {
		return ending.RefusedError{Err: err}
	}
	err = at.ShowAs(at.form, func(w io.Writer) error { return ui.RemovalJSON(w, removal) }, func() error {
		ui.Removal(at.Out, removal)
		if o.calls {
			ui.RemovalCalls(at.Out, removal)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if removal.Count() > 0 && o.detailedExitCode {
		return errors.Join(removal.Err(), ending.ErrChanges)
	}
	return removal.Err()
}
