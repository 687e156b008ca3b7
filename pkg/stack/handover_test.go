package stack_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"provision/integration/witness"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// What serves is given up only when what takes over serves: at no event are fewer targets healthy than the plan announces,
// and no private subnet loses its way out while an instance runs in it. Each change takes several settings at once; those
// of one are the rows of TestChanges.
func TestMakeBeforeBreak(t *testing.T) {
	for name, tc := range map[string]struct{ before, after string }{
		"a zone less, with few instances": {"network: {azs: 3}, compute: {min: 2, max: 4}", "network: {azs: 2}, compute: {min: 2, max: 4}"},
		"a zone less, and fewer instances": {
			"network: {azs: 3}, compute: {min: 3, max: 6}", "network: {azs: 2}, compute: {min: 2, max: 2}",
		},
		"a zone less, with a single NAT gateway": {
			"network: {azs: 3, nat: single}, compute: {min: 3, max: 6}", "network: {azs: 2, nat: single}, compute: {min: 3, max: 6}",
		},
		"a zone less, and another type": {
			"network: {azs: 3}, compute: {min: 3, max: 6}", "network: {azs: 2}, compute: {min: 3, max: 6, type: t3.small}",
		},
		"a zone more, and another NAT mode": {
			"network: {azs: 2, nat: single}, compute: {min: 3, max: 6}", "network: {azs: 3, nat: per-az}, compute: {min: 3, max: 6}",
		},
		"a zone more, and another type": {
			"network: {azs: 2}, compute: {min: 3, max: 6}", "network: {azs: 3}, compute: {min: 3, max: 6, type: t3.small}",
		},
		"a zone less, and a regional NAT gateway": {"network: {azs: 3}", "network: {azs: 2, nat: regional}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := witness.New("provision-web")
				w := newWorld(t, sandbox.Options{Watch: seen.Watch}, "eu-west-1")
				w.file = filepath.Join(t.TempDir(), "provision.yaml")
				set := func(defaults string) {
					must(t, os.WriteFile(w.file, []byte("version: 1\ndefaults: {"+defaults+"}\n"), 0o600))
				}
				set(tc.before)
				_, err := w.up(t.Context())
				must(t, err)
				time.Sleep(settle)

				set(tc.after)
				var promise witness.Promise
				must(t, w.run(t.Context(), func(s *stack.Stack) error {
					plan := s.Plan(t.Context())
					promise = witness.Announced(plan.Regions[0].Effects)
					seen.Start()
					return s.Apply(t.Context(), plan).Err()
				}))
				time.Sleep(settle)
				_, err = w.plan(t.Context()) // one more look of the witness
				must(t, err)
				for _, breach := range seen.Breaches("eu-west-1", promise) {
					t.Error(breach)
				}
			})
		})
	}
}

// A redirect that waits for HTTPS is made, too, where the listener's tags are changed at once, and waits together with a
// change of the port.
func TestRedirectWaitsWithAllElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := witness.New("provision-web")
		w := newWorld(t, sandbox.Options{Watch: seen.Watch}, "eu-west-1")
		w.mustUp(t, "version: 1\n")
		time.Sleep(settle)
		seen.Start()
		w.mustUp(t, "version: 1\ntags: {team: web}\noverrides: {eu-west-1: {lb: {port: 8080, tls: {certificate_arn: "+oneCert+"}}}}\n")
		for _, breach := range seen.Breaches("eu-west-1", witness.Promise{Closed: []string{"80"}}) {
			t.Error(breach)
		}
		plan, err := w.plan(t.Context())
		must(t, err)
		if left := differences(plan); len(left) > 0 {
			t.Errorf("another up would do something: %q", left)
		}
		if p := w.photograph(t); len(p.redirects) != 1 || p.redirects[0] != "8080" {
			t.Errorf("the ports that redirect are %q", p.redirects)
		}
	})
}
