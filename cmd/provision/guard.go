package main

import (
	"fmt"
	"time"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/ui/live"
)

// guard is what the settings allow, or the flags in their place.
func (f *flags) guard(cfg *config.Config) cloud.Guard {
	g := cloud.Guard{Accounts: cfg.Guard.Accounts, Roles: cfg.Guard.Roles, Regions: cfg.Guard.Regions}
	if f.account != "" {
		g.Accounts = []string{f.account}
	}
	if f.role != "" {
		g.Roles = []string{f.role}
	}
	return g
}

// checkIdentity refuses whom the guard does not name, and in a target whoever is not in its account.
func (f *flags) checkIdentity(cfg *config.Config, i cloud.Identity) error {
	if err := f.guard(cfg).Check(i); err != nil {
		return err
	}
	target := cloud.Guard{}
	if cfg.Target.Account != "" {
		target.Accounts = []string{cfg.Target.Account}
	}
	return target.Check(i)
}

// tooMany refuses an up that deletes more than guard.max_destroy or --max-destroy allows.
func (s *session) tooMany(f *flags, plan *stack.Plan) error {
	limit, limited := s.config.Guard.MaxDestroy, s.config.Guard.MaxDestroy > 0
	from := "guard.max_destroy"
	if f.maxDestroyTyped { // none is something to say, too
		limit, limited, from = f.maxDestroy, true, "--max-destroy"
	}
	deleted := plan.Count(graph.Delete) + plan.Count(graph.Replace)
	if !limited || deleted <= limit {
		return nil
	}
	return refusedError{fmt.Errorf("this would delete %d resources, and %s allows %d: raise it, or say "+
		"--max-destroy %d", deleted, from, limit, deleted)}
}

// warnOfExpiry names credentials that end before the run does, before anybody agrees to it: one can still log in again.
func (s *session) warnOfExpiry(t terminal, run live.Run) {
	takes := run.Takes()
	if s.identity.EndsBefore(time.Now().Add(takes)) {
		fmt.Fprintf(t.err, "warning: the credentials (%s) end at %s, and this takes about %s as a rule: log in again "+
			"first, or run the command again after they ended; it goes on\n",
			s.identity.Source, s.identity.Expires.Format(time.TimeOnly), takes.Round(time.Minute))
	}
}

// askMFA asks for the code of a device that a profile's role wants; nil where there is nobody to ask.
func (t terminal) askMFA() func() (string, error) {
	if !t.answers() {
		return nil
	}
	return func() (code string, err error) {
		fmt.Fprint(t.err, "Code of the MFA device: ")
		_, err = fmt.Fscanln(t.in, &code)
		return code, err
	}
}
