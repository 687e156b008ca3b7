package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/preflight"
	"provision/pkg/session"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// checkOptions are what `check` takes.
type checkOptions struct {
	common
	fleetOptions
}

func newCheck(t terminal.Terminal, c *common, run command[checkOptions]) *cobra.Command {
	o := checkOptions{}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Find what would stop an up, before it starts",
		Long: "check verifies, in all regions in parallel, the identity, the clock, the state and its lock, the regions that\n" +
			"the account has enabled, the zones that offer the instance type, the image, the quotas against what is used and\n" +
			"what the plan adds, and the permissions. It changes nothing, and exits 4 if an up would fail.",
		Example: "  provision check --regions us-east-1,eu-west-1\n  provision check -o json",
		Args:    cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o := o
			o.common = o.fleetOptions.on(*c)
			if err := o.fleetOptions.check(); err != nil {
				return err
			}
			return run(cmd.Context(), t, o)
		},
	}
	o.fleetOptions.add(cmd.Flags(), false)
	return cmd
}

// runCheck is `check` for the stack of the settings, or for each target of a fleet.
func runCheck(ctx context.Context, t terminal.Terminal, o checkOptions) error {
	return onTargets(ctx, t, o.common, o.fleetOptions, fleetWork{command: "check", do: check})
}

func check(ctx context.Context, at place) (err error) {
	s, err := at.open(ctx, session.Purpose{Command: "check", Regions: session.Wanted, IdentifiesHome: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	ctx, stop := s.Bound(ctx)
	defer stop()

	found := s.preflight().Run(ctx)
	stops := preflight.Stops(found)
	document := ui.FindingsDocument{Version: 1, OK: stops == nil, Findings: found}
	if err := at.Show(at.form, document, func() error { ui.Findings(at.Out, found); return nil }); err != nil {
		return err
	}
	if stops != nil {
		return ending.Refusedf("an up would fail")
	}
	return nil
}

func (s *opened) preflight() preflight.Preflight {
	return preflight.Preflight{Stack: s.Stack, Identity: s.Identity, Store: s.Store, Now: s.Backend.Clock.Now}
}
