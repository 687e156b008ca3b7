package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"provision/pkg/ui"
)

func newStatus(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what is there, and each difference from what is wanted",
		Long: "status reads AWS, not only the state: every resource with its ID and phase, the instances with their health,\n" +
			"each region's URL, and each difference from the settings.",
		Example: "  provision status\n  provision status --regions eu-west-1 -o json",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return status(cmd.Context(), t, f) },
	}
	cmd.Flags().BoolVar(&f.detailedExitCode, "detailed-exitcode", false, "exit 2 if anything differs")
	return cmd
}

func status(ctx context.Context, t terminal, f *flags) (err error) {
	s, err := open(ctx, t, f, purpose{command: "status", regions: f.present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx, f)
	defer stop()

	found := s.stack.Status(ctx)
	show := func() error { ui.Status(t.out, found); return nil }
	if f.output == "json" {
		show = func() error { return ui.StatusJSON(t.out, found) }
	}
	if err := show(); err != nil {
		return err
	}
	var all []error
	for _, part := range found.Parts {
		all = append(all, part.Err)
	}
	if err := errors.Join(all...); err != nil {
		return err
	}
	if found.Differs() && f.detailedExitCode {
		return errChanges
	}
	return nil
}
