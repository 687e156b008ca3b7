package stack_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

var threeRegions = []string{"us-east-1", "eu-west-1", "ap-southeast-2"}

// The whole life of a stack at AWS's own durations, in virtual time.
func TestLifecycleInThreeRegions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, threeRegions...)
		empty := w.left(t)

		start := time.Now()
		outcome, err := w.up(t.Context())
		if err != nil {
			t.Fatalf("up: %v", err)
		}
		made := time.Since(start)
		for _, r := range outcome.Results[1:] {
			if r.URL == "" || r.Healthy < 2 || len(r.Spare) > 0 {
				t.Errorf("%s: URL %q, %d healthy, spare %v", r.Region, r.URL, r.Healthy, r.Spare)
			}
		}

		w.calls.reset()
		plan, err := w.plan(t.Context())
		if err != nil {
			t.Fatalf("plan: %v", err)
		}
		if diff := cmp.Diff([]string(nil), differences(plan)); diff != "" {
			t.Errorf("the second plan differs (-want +got):\n%s", diff)
		}
		if _, err := w.up(t.Context()); err != nil {
			t.Fatalf("second up: %v", err)
		}
		if w.calls.writes > 0 {
			_, list := w.calls.in("us-east-1")
			t.Errorf("the second up made %d mutating calls:\n%s", w.calls.writes, list)
		}

		start = time.Now()
		if err := w.down(t.Context()); err != nil {
			t.Fatalf("down: %v", err)
		}
		t.Logf("makespan: up %s, down %s", made, time.Since(start))
		if diff := cmp.Diff(empty, w.left(t)); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
	})
}
