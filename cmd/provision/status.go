package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/session"
	"provision/pkg/stack"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// statusOptions are what `status` takes.
type statusOptions struct {
	common
	fleetOptions

	detailedExitCode bool
	watch            time.Duration // between two looks; 0: one look
}

func newStatus(t terminal.Terminal, c *common, run command[statusOptions]) *cobra.Command {
	o := statusOptions{}
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show every resource, and each difference from the settings",
		Long: "status reads AWS, not only the state: every resource with its ID and phase, the instances with their health,\n" +
			"each difference from the settings, and at the end each region in a line, with its URL.",
		Example: "  provision status\n  provision status --regions eu-west-1 -o json\n  provision status --watch",
		Args:    cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := o.parsed(*c)
			if err != nil {
				return err
			}
			return run(cmd.Context(), t, o)
		},
		Annotations: alsoWide,
	}
	o.fleetOptions.add(cmd.Flags(), false)
	cmd.Flags().BoolVar(&o.detailedExitCode, "detailed-exitcode", false, "exit 2 if anything differs, 7 if a region is not healthy")
	cmd.Flags().DurationVar(&o.watch, "watch", 0, "refresh this often, until Ctrl-C")
	cmd.Flags().Lookup("watch").NoOptDefVal = "10s"
	return cmd
}

// parsed are the options of this command line, checked.
func (o statusOptions) parsed(c common) (statusOptions, error) {
	o.common = o.fleetOptions.on(c)
	if o.watch < 0 {
		return o, ending.Usagef("--watch: the interval can't be negative")
	}
	return o, o.fleetOptions.check()
}

// runStatus is `status` for the stack of the settings, or for each target of a fleet.
func runStatus(ctx context.Context, t terminal.Terminal, o statusOptions) error {
	work := fleetWork{command: "status", present: true, do: func(ctx context.Context, one place) error { return status(ctx, one, o) }}
	if o.watch > 0 {
		work.alone = "--watch"
	}
	return onTargets(ctx, t, o.common, o.fleetOptions, work)
}

func status(ctx context.Context, at place, o statusOptions) (err error) {
	s, err := at.open(ctx, session.Purpose{Command: "status", Regions: session.Present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	ctx, stop := s.Bound(ctx)
	defer stop()
	if o.watch > 0 {
		return s.watchStatus(ctx, at, o.watch)
	}
	found := s.Stack.Status(ctx)
	if err := at.showStatus(found); err != nil {
		return err
	}
	if err := s.Stack.Unknown(found.Plan); err != nil {
		return ending.RefusedError{Err: err}
	}
	if err := found.Err(); err != nil || !o.detailedExitCode {
		return err
	}
	return ending.ErrorOf(found.Verdicts()...)
}

func (at place) showStatus(found *stack.Status) error {
	return at.ShowAs(at.form, func(w io.Writer) error { return ui.StatusJSON(w, found) }, func() error {
		if at.form == terminal.Wide {
			ui.StatusWide(at.Out, found)
		} else {
			ui.Status(at.Out, found)
		}
		return nil
	})
}
