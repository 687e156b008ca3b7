package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"provision/pkg/stack"
	"provision/pkg/ui"
)

// alsoWide marks commands whose tables can tell more.
var alsoWide = map[string]string{"output": "wide"}

func newStatus(t terminal, f *flags) *cobra.Command {
	watch := time.Duration(0)
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what is there, and each difference from what is wanted",
		Long: "status reads AWS, not only the state: every resource with its ID and phase, the instances with their health,\n" +
			"each difference from the settings, and at the end each region in a line, with its URL.",
		Example: "  provision status\n  provision status --regions eu-west-1 -o json\n  provision status --watch",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if watch < 0 {
				return usageError{errors.New("--watch: the time between two looks can't be negative")}
			}
			work := fleetWork{command: "status", do: func(ctx context.Context, t terminal, f *flags) error {
				return status(ctx, t, f, watch)
			}}
			if watch > 0 {
				work.alone = "--watch"
			}
			return f.eachTarget(cmd.Context(), t, work)
		},
		Annotations: alsoWide,
	}
	f.fleet.add(cmd.Flags(), false)
	cmd.Flags().BoolVar(&f.detailedExitCode, "detailed-exitcode", false, "exit 2 if anything differs")
	cmd.Flags().DurationVar(&watch, "watch", 0, "look again and again, this often, until Ctrl-C")
	cmd.Flags().Lookup("watch").NoOptDefVal = "10s"
	return cmd
}

func status(ctx context.Context, t terminal, f *flags, watch time.Duration) (err error) {
	s, err := open(ctx, t, f, purpose{command: "status", regions: f.present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx)
	defer stop()
	if watch > 0 {
		return s.watchStatus(ctx, t, f, watch)
	}
	found := s.stack.Status(ctx)
	if err := f.showStatus(t, found); err != nil {
		return err
	}
	if err := found.Err(); err != nil {
		return err
	}
	if found.Differs() && f.detailedExitCode {
		return errChanges
	}
	return nil
}

func (f *flags) showStatus(t terminal, found *stack.Status) error {
	return f.showAs(t, func(w io.Writer) error { return ui.StatusJSON(w, found) }, func() error {
		if f.output == "wide" {
			ui.StatusWide(t.out, found)
		} else {
			ui.Status(t.out, found)
		}
		return nil
	})
}
