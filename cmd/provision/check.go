package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"provision/pkg/preflight"
	"provision/pkg/stack"
	"provision/pkg/ui"
)

func newCheck(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Find what would stop an up, before it starts",
		Long: "check looks, in all regions side by side, at the identity, the clock, the state and its lock, the regions that\n" +
			"the account has enabled, the zones that offer the instance type, the image, the quotas against what is used and\n" +
			"what the plan adds, and the permissions. It changes nothing, and exits 4 if an up would fail.",
		Example: "  provision check --regions us-east-1,eu-west-1\n  provision check -o json",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.eachTarget(cmd.Context(), t, fleetWork{command: "check", do: check})
		},
	}
	f.fleet.add(cmd.Flags(), false)
	return cmd
}

func check(ctx context.Context, t terminal, f *flags) (err error) {
	s, err := open(ctx, t, f, purpose{command: "check", regions: wanted, afar: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx)
	defer stop()

	found := s.preflight().Run(ctx)
	stops := preflight.Stops(found)
	document := ui.FindingsDocument{Version: 1, OK: stops == nil, Findings: found}
	if err := f.show(t, document, func() error { ui.Findings(t.out, found); return nil }); err != nil {
		return err
	}
	if stops != nil {
		return refusedError{errors.New("an up would fail")}
	}
	return nil
}

func (s *session) preflight() preflight.Preflight {
	return preflight.Preflight{Stack: s.stack, Identity: s.identity, Store: s.store, Now: s.backend.clock.Now}
}

// refuseHopeless refuses a plan that quotas or permissions would stop half-way. What is not known stops nothing: the run itself
// will tell.
func (s *session) refuseHopeless(ctx context.Context, f *flags, plan *stack.Plan) error {
	if f.skipCheck || !plan.Changed() && plan.Err() == nil {
		return nil
	}
	found := s.preflight().Of(ctx, plan)
	if stops := preflight.Stops(found); stops != nil {
		return refusedError{stops}
	}
	if slices.ContainsFunc(found, func(f preflight.Finding) bool { return f.Level == preflight.Warning }) {
		fmt.Fprintln(s.progress.notes(f), "Whether all quotas and permissions suffice is not known: `provision check` says more.")
	}
	return nil
}
