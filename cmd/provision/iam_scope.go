package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/policy"
	"provision/pkg/terminal"
)

// scopeOptions are what the commands about roles take besides the settings to limit them.
type scopeOptions struct {
	writes     bool // to the account
	parameters bool // of the account itself may be read
}

func (o *scopeOptions) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.parameters, "image-parameters", false,
		"let the roles read the SSM parameters of this account that the settings\nname for images; they can always read the public ones of AWS")
}

// withScope finds the account and the names to which policies are limited. With --account that needs no credentials.
func withScope(ctx context.Context, t terminal.Terminal, c common, o scopeOptions, do func(*opened, policy.Scope) error) (err error) {
	cfg, err := c.settings.told(t).forStack()
	if err != nil {
		return err
	}
	s := unopened(t, c, cfg)
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	if err := s.Connect(ctx); err != nil {
		return err
	}
	if o.writes {
		if err := s.CheckExpected(); err != nil {
			return err
		}
	}
	scope, err := s.Scope(ctx)
	if err != nil {
		return err
	}
	// The author of the settings names the parameters, and a parameter may be a secret of others.
	if len(scope.Images) > 0 && !o.parameters {
		t.Notef("note: no permission for %s, which the settings name for images: --image-parameters grants it, provided %s no secret",
			strings.Join(scope.Images, ", "), holds(len(scope.Images)))
		scope.Images = nil
	}
	return do(s, scope)
}

func holds(parameters int) string {
	if parameters == 1 {
		return "it is"
	}
	return "they are"
}
