package main

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// onlyAsked checks that STS was asked who we are, and nothing else.
func (w *world) onlyAsked() {
	w.Helper()
	for _, c := range w.box.Calls() {
		if c.Service != "sts" || c.Action != "GetCallerIdentity" {
			w.Errorf("%s was called before the refusal", c.Name())
		}
	}
	w.box.ForgetCalls()
}

func TestGuardRefusesBeforeAnyOtherCall(t *testing.T) {
	const guard = smallStack + "regions: [eu-west-1]\n"
	for _, c := range []struct {
		name, settings string
		args, says     []string
	}{
		{"another account", guard + `guard: {accounts: ["999999999999"]}`, nil, []string{
			"arn:aws:iam::123456789012:user/sandbox", "account 123456789012", "only account 999999999999",
		}},
		{"another account by flag", guard, []string{"--account", "999999999999"}, []string{"only account 999999999999"}},
		{"another role", guard + `guard: {roles: ["arn:aws:iam::*:role/provision-*"]}`, nil, []string{"only role arn:aws:iam::*:role/provision-*"}},
		{"another role by flag", guard, []string{"--role", "arn:aws:iam::*:role/admin"}, []string{"only role arn:aws:iam::*:role/admin"}},
		{"another region", guard + `guard: {regions: ["us-*"]}`, nil, []string{"region eu-west-1 is not among those allowed: us-*"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, c.settings)
				for _, command := range []string{"plan", "up", "status", "down"} {
					got := w.must(ending.Refused, w.run(append([]string{command}, c.args...)...))
					w.says(got, c.says...)
					w.onlyAsked()
				}
			})
		})
	}
}

// Without any guard, a state belongs to the account in which it was created.
func TestAccountOfTheStateIsPinned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack)
		w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
		before := w.things()
		w.box.ForgetCalls()
		other := runner{client: w.box, key: "999999999999"}
		for _, command := range []string{"plan", "up", "status", "down", "sweep"} {
			got := w.must(ending.Refused, other.run(w, command, "--regions", "eu-west-1"))
			w.says(got, "the state is of account 123456789012", "account 999999999999")
			w.onlyAsked()
		}
		if diff := cmp.Diff(before, w.things()); diff != "" {
			t.Error(diff)
		}
		w.must(ending.Done, w.run("down", "--yes"))
	})
}

func TestProtectedStackIsNotRemoved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack+"guard: {protect: true}\n")
		w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
		w.box.ForgetCalls()
		w.says(w.must(ending.Refused, w.run("down", "--yes")), "protected", "guard.protect")
		w.onlyAsked()
		w.must(ending.Done, w.run("up", "--yes"))
		w.settings(smallStack)
		w.must(ending.Done, w.run("down", "--yes"))
	})
}

// The settings no longer want two of the NAT gateways and their addresses.
func TestTooManyDeletions(t *testing.T) {
	t.Parallel()
	const perAZ = "name: web\nregions: [eu-west-1]\ndefaults: {network: {azs: 2, nat: per-az}, endpoints: {s3: none, ssm: none}}\n"
	const single = "name: web\nregions: [eu-west-1]\ndefaults: {network: {azs: 2, nat: single}, endpoints: {s3: none, ssm: none}}\n"
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, perAZ)
		w.must(ending.Done, w.run("up", "--yes"))
		w.mutations()
		for _, c := range []struct {
			settings string
			args     []string
		}{
			{single + "guard: {max_destroy: 1}\n", nil},
			{single, []string{"--max-destroy", "1"}},
			{single + "guard: {max_destroy: 50}\n", []string{"--max-destroy", "1"}},
		} {
			w.settings(c.settings)
			got := w.must(ending.Refused, w.run(append([]string{"up", "--yes"}, c.args...)...))
			w.says(got, "this would delete, replace or end 2 resources and instances", "allows 1", "--max-destroy 2")
			if made := w.mutations(); len(made) > 0 {
				t.Errorf("calls before the refusal: %v", made)
			}
		}
		w.settings(single)
		w.must(ending.Done, w.run("up", "--yes", "--max-destroy", "2"))
		w.must(ending.Done, w.run("down", "--yes"))
		if diff := cmp.Diff(map[string]int{}, w.things()); diff != "" {
			t.Error(diff)
		}
	})
}
