package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/state"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// recoverOptions are what `recover` takes.
type recoverOptions struct {
	common
	owner string
}

func newRecover(t terminal.Terminal, c *common, run command[recoverOptions]) *cobra.Command {
	o, yes := recoverOptions{}, false
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Rebuild a lost or damaged state from the tags of the resources",
		Long: "recover finds the resources with the stack's tags, in the regions of --regions or the settings, or else in every\n" +
			"region that the account has enabled, and writes the state that a run would have left. It changes nothing in AWS.\n" +
			"A damaged state is kept next to the new one.",
		Example: "  provision recover\n  provision recover --regions us-east-1,eu-west-1\n" +
			"  provision recover --owner 01JD3K8Q6ZB0C2W4M6N8P0R2T4",
		Args: cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o := o
			o.common = c.asked(yes)
			return run(cmd.Context(), t, o)
		},
	}
	addYes(cmd.Flags(), &yes)
	cmd.Flags().StringVar(&o.owner, "owner", "", "owner to recover, where two stacks of this name exist")
	return cmd
}

func runRecover(ctx context.Context, t terminal.Terminal, o recoverOptions) (err error) {
	cfg, err := o.settings.told(t).forStack()
	if err != nil {
		return err
	}
	s := unopened(t, o.common, cfg)
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	old, err := s.OpenRecovery(ctx, o.owner)
	if err != nil {
		return err
	}
	ctx, stop := s.Bound(ctx)
	defer stop()

	found, err := s.Stack.Recover(ctx)
	if err != nil {
		return fmt.Errorf("recover the stack %s in account %s from its tags: %w", cfg.Name, s.Identity.Account, err)
	}
	if o.owner == "" && !old.Empty() && old.Owner != found.Owner {
		return ending.Refusedf("the state %s is of another stack %s, with owner %s in account %s: keep the new one "+
			"elsewhere with --state, or replace this one with --owner %s",
			s.Store.Location(), old.Stack, old.Owner, old.Account, found.Owner)
	}
	if old.Owner == found.Owner {
		for region, known := range old.Regions {
			if _, looked := found.Regions[region]; !looked && !slices.Contains(s.Stack.Regions, region) && region != state.Global {
				found.Regions[region] = known
			}
		}
	}
	ui.Recovered(t.Err, found)
	if !old.Empty() {
		if err := t.Confirm(ctx, o.question("Replace the state "+s.Store.Location()+"?", terminal.Yes)); err != nil {
			return err
		}
	}
	if err := s.Lock().Replace(ctx, found); err != nil {
		return err
	}
	return t.Show(o.form, found, func() error {
		_, err := fmt.Fprintf(t.Out, "%s is written: `provision plan` shows how it differs from the settings.\n",
			s.Store.Location())
		return err
	})
}
