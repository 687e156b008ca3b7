package stack_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

// One service hears late of what another has just made, and of what was attached or switched on: the calls that build on
// it are repeated until it has.
func TestUpWaitsUntilNewThingsAreKnown(t *testing.T) {
	for _, nat := range []string{"per-az", "regional", "none"} {
		t.Run(nat, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{UseLag: 4 * time.Second, ReadLag: 2}, "us-east-1")
				w.settings(t, "version: 1\ndefaults: {network: {nat: "+nat+"}}\n")
				outcome, err := w.up(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if spare := outcome.Results[1].Spare; len(spare) > 0 {
					t.Errorf("made twice: %v", spare)
				}
				plan, err := w.plan(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string(nil), differences(plan)); diff != "" {
					t.Errorf("the second plan differs (-want +got):\n%s", diff)
				}
				w.settings(t, "version: 1\ndefaults: {network: {nat: "+nat+"}, compute: {volume_gb: 9}}\n")
				if _, err := w.up(t.Context()); err != nil {
					t.Errorf("a change: %v", err)
				}
			})
		})
	}
}
