package session

import (
	"context"
	"errors"

	"provision/pkg/cloud"
	"provision/pkg/ending"
)

// RequireAccount is the variable that is set in the image: what runs unattended must say in which account before it writes.
const RequireAccount = "PROVISION_REQUIRE_ACCOUNT"

// Identify asks AWS who the caller is, once, before any other call, and refuses whom the guard does not name.
func (s *Session) Identify(ctx context.Context, region string) (err error) {
	if s.Identity.Account != "" {
		return nil
	}
	if s.Identity, err = s.Cloud.Identity(ctx, region); err != nil {
		return err
	}
	return s.checkIdentity(s.Identity)
}

// guard is what the settings allow, or the options in their place.
func (s *Session) guard() cloud.Guard {
	settings, options := s.Config.Guard, s.options.AWS
	g := cloud.Guard{Accounts: settings.Accounts, Roles: settings.Roles, Regions: settings.Regions}
	if options.Account != "" {
		g.Accounts = []string{options.Account}
	}
	if options.Role != "" {
		g.Roles = []string{options.Role}
	}
	return g
}

// checkIdentity refuses an identity that the guard does not allow, and in a target one of another account.
func (s *Session) checkIdentity(i cloud.Identity) error {
	if err := s.guard().Check(i); err != nil {
		return err
	}
	target := cloud.Guard{}
	if s.Config.Target.Account != "" {
		target.Accounts = []string{s.Config.Target.Account}
	}
	return target.Check(i)
}

// allow refuses what the settings and the options do not allow. It makes no call.
func (s *Session) allow(p Purpose, regions []string) error {
	if p.DeletesStack && s.Config.Guard.Protect {
		return ending.RefusedError{Err: errors.New("the stack is protected: guard.protect is on in the settings")}
	}
	if err := s.guard().CheckRegions(regions); err != nil {
		return err
	}
	if p.TakesLock {
		return s.CheckExpected()
	}
	return nil
}

// CheckExpected refuses to write with whatever credentials happen to be there, if the account must be named.
func (s *Session) CheckExpected() error {
	if !s.options.RequireAccount || s.Backend.Sandbox != nil {
		return nil
	}
	if g := s.guard(); len(g.Accounts) > 0 || len(g.Roles) > 0 || s.Config.Target.Account != "" {
		return nil
	}
	return ending.RefusedError{Err: errors.New("no account is set that this run may write to, and " + RequireAccount +
		" is set: set PROVISION_ACCOUNT, pass --account, or set guard.accounts or a target's account in the settings")}
}
