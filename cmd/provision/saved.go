package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"provision/pkg/stack"
)

// planned are the flags that a saved plan answers itself.
var planned = []string{"refresh-ami", "targets"}

// adopt reads a saved plan and takes from it what the settings leave open. Where they say something, they decide: a plan for
// another stack, state or region than theirs is refused.
func (f *flags) adopt(cmd *cobra.Command, path string) (*stack.Saved, error) {
	for _, name := range planned {
		if cmd.Flags().Changed(name) {
			return nil, usageError{fmt.Errorf("--%s and a saved plan exclude each other: the plan says it", name)}
		}
	}
	saved, err := stack.ReadSaved(cmd.Context(), path, nil)
	if hint := meantRegions([]string{path}); hint != "" && errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("there is no saved plan %s%s", path, hint)}
	}
	if err != nil {
		return nil, refusedError{err}
	}
	file, err := f.loadFile()
	if err != nil {
		return nil, err
	}
	if err := saved.CheckStack(file); err != nil {
		return nil, refusedError{err}
	}
	f.regions, f.name, f.refreshAMI = saved.Regions, saved.Stack, saved.RefreshAMI
	if saved.Target != "" {
		f.fleet.targets = []string{saved.Target}
	}
	cfg, err := f.loadConfig()
	if err != nil {
		return nil, err
	}
	if err := saved.CheckState(cfg); err != nil {
		return nil, refusedError{err}
	}
	return &saved, nil
}

// same refuses to go on if what would be done now is not what was saved, or could not be found out.
func (s *session) same(saved *stack.Saved, plan *stack.Plan) error {
	if err := plan.Err(); err != nil {
		return refusedError{fmt.Errorf("the saved plan can't be compared with what is there: %w", err)}
	}
	now, err := s.stack.Save(plan, version())
	if err != nil {
		return err
	}
	return saved.Same(now)
}

// save keeps a plan that can be applied.
func (s *session) save(ctx context.Context, t terminal, f *flags, plan *stack.Plan) error {
	saved, err := s.stack.Save(plan, version())
	if err != nil {
		return err
	}
	if err := saved.Write(ctx, f.out, nil); err != nil {
		return err
	}
	fmt.Fprintf(t.err, "Saved as %s: `provision up %s` applies exactly this plan.\n", f.out, f.out)
	return nil
}

// checkPlan refuses what `plan` can't do with what is to be removed.
func (f *flags) checkPlan() error {
	if f.destroy && (f.out != "" || f.output == markdown) {
		return usageError{errors.New("--out and --output markdown are for what `up` does, and exclude --destroy")}
	}
	return nil
}
