package main

import (
	"errors"
	"os"
)

// requireAccount is set in the image: what runs unattended must say whom it expects to be before it writes.
const requireAccount = "PROVISION_REQUIRE_ACCOUNT"

// expectsSomebody refuses to write as whoever the credentials at hand happen to be.
func (s *session) expectsSomebody(f *flags) error {
	if value := os.Getenv(requireAccount); value == "" || value == "0" || value == "false" || s.backend.sandbox != nil {
		return nil
	}
	if g := f.guard(s.config); len(g.Accounts) > 0 || len(g.Roles) > 0 || s.config.Target.Account != "" {
		return nil
	}
	return refusedError{errors.New("nothing says which account this may write to, and " + requireAccount +
		" is set: say PROVISION_ACCOUNT, --account, or guard.accounts or a target's account in the settings")}
}
