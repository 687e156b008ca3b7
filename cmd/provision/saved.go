package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/signature"
	"provision/pkg/stack"
)

// planned are the flags that a saved plan answers itself.
var planned = []string{"refresh-ami", "targets"}

// withPlan reads a saved plan, and returns the settings for the stack that it is for. Where the settings say something, they
// decide: a plan for another stack, state or region than theirs is refused; what they leave open the plan says. With trusted, a
// file of public keys, one of them must have signed the plan.
func (s settings) withPlan(cmd *cobra.Command, path, trusted string) (*stack.Saved, settings, error) {
	for _, name := range planned {
		if cmd.Flags().Changed(name) {
			return nil, s, ending.Usagef("--%s and a saved plan exclude each other: the plan contains it", name)
		}
	}
	var verifier signature.Verifier
	if trusted != "" {
		var err error
		if verifier, err = signature.ReadVerifier(trusted); err != nil {
			return nil, s, ending.RefusedError{Err: err}
		}
	}
	saved, err := stack.ReadSaved(cmd.Context(), path, verifier)
	if hint := cli.MeantRegions([]string{path}); hint != "" && errors.Is(err, fs.ErrNotExist) {
		return nil, s, ending.Usagef("there is no saved plan %s%s", path, hint)
	}
	if err != nil {
		return nil, s, ending.RefusedError{Err: err}
	}
	file, err := s.load()
	if err != nil {
		return nil, s, err
	}
	if err := saved.CheckStack(file); err != nil {
		return nil, s, ending.RefusedError{Err: err}
	}
	s.typed.Regions, s.typed.Name = saved.Regions, saved.Stack
	if saved.Target != "" {
		s.targets = []string{saved.Target}
	}
	cfg, err := s.forStack()
	if err != nil {
		return nil, s, err
	}
	if err := saved.CheckState(cfg); err != nil {
		return nil, s, ending.RefusedError{Err: err}
	}
	return &saved, s, nil
}

// same refuses to continue if a new plan differs from the saved one, or could not be made.
func (s *opened) same(saved *stack.Saved, plan *stack.Plan) error {
	if err := plan.Err(); err != nil {
		return ending.RefusedError{Err: fmt.Errorf("the saved plan can't be compared with AWS: %w", err)}
	}
	now, err := s.Stack.Save(plan, version())
	if err != nil {
		return err
	}
	return saved.Same(now)
}

// signer signs with a key of KMS, in the region of its ARN or else the stack's first, or with one in a file.
func (s *opened) signer(key string) (signature.Signer, error) {
	name, ok := signature.KMSKey(key)
	if !ok {
		return signature.ReadSigner(key)
	}
	kms := signature.KMS{Key: name}
	kms.API = s.Cloud.KMS(cmp.Or(kms.Region(), s.AnyRegion()))
	return kms, nil
}

// save keeps a plan that can be applied.
func (s *opened) save(ctx context.Context, plan *stack.Plan, path, key string) error {
	var signer signature.Signer
	if key != "" {
		var err error
		if signer, err = s.signer(key); err != nil {
			return ending.RefusedError{Err: err}
		}
	}
	saved, err := s.Stack.Save(plan, version())
	if err != nil {
		return err
	}
	if err := saved.Write(ctx, path, signer); err != nil {
		return err
	}
	s.host.terminal.Notef("Saved as %s: `provision up %s` applies exactly this plan.", path, path)
	return nil
}
