package stack_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
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

// A target group keeps no VPC from being deleted, and is of no use without it: a removal that died in between leaves such
// a one, and so do people in the console.
func TestUpWhereOnlyTheTargetGroupIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "us-east-1")
		if _, err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.run(t.Context(), func(s *stack.Stack) error {
			removal := s.PlanRemoval(t.Context(), true)
			removal.Regions[0].Removal.Only(func(step graph.Step) bool { return step.Key != "target-group" })
			return s.Remove(t.Context(), removal).Err()
		}); err != nil {
			t.Fatal(err)
		}
		plan, err := w.plan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"its VPC is gone"}, reasons(plan, graph.Replace)); diff != "" {
			t.Errorf("why something is replaced (-want +got):\n%s", diff)
		}
		outcome, err := w.up(t.Context())
		if err != nil || outcome.Results[1].Healthy < 2 {
			t.Errorf("up: %v, %d healthy targets", err, outcome.Results[1].Healthy)
		}
	})
}

// reasons are the reasons of the steps with one action.
func reasons(p *stack.Plan, action graph.Action) (all []string) {
	for _, part := range p.Parts() {
		for _, step := range part.Plan.Steps {
			if step.Action == action {
				all = append(all, step.Why)
			}
		}
	}
	return all
}
