package stack_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
	"provision/pkg/stack"
)

// The second of three regions fails. One at a time, the tolerance decides whether the third is started.
func TestRolloutEndsWhenTooManyFail(t *testing.T) {
	for name, tc := range map[string]struct {
		concurrent, tolerance int
		want                  []string // how each region ended
	}{
		"none may fail":  {1, 0, []string{"made", "failed", "not started"}},
		"one may fail":   {1, 1, []string{"made", "failed", "made"}},
		"all at once":    {0, 0, []string{"made", "failed", "made"}},
		"as many as are": {3, 0, []string{"made", "failed", "made"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault := sandboxtest.Fault(t, threeRegions[1]+"/ec2:CreateVpc/code=VpcLimitExceeded")
				w := newWorld(t, sandbox.Options{Faults: []sandbox.Fault{fault}}, threeRegions...)
				var ended []string
				err := w.run(t.Context(), func(s *stack.Stack) error {
					s.Concurrent, s.Tolerance = tc.concurrent, tc.tolerance
					outcome := s.Apply(t.Context(), s.Plan(t.Context()))
					for _, r := range outcome.Results[1:] {
						ended = append(ended, ending(r.Err))
					}
					if causes := graph.Causes(errors.Join(outcome.Results[1].Err, outcome.Results[2].Err, outcome.Results[3].Err)); len(causes) != 1 {
						t.Errorf("want one cause, what is held back being none: %v", causes)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				told := slices.ContainsFunc(w.calls.events, func(e string) bool {
					return strings.HasPrefix(e, threeRegions[2]+" "+string(graph.EventBlocked)) && strings.HasSuffix(e, "not started because eu-west-1 failed")
				})
				if held := tc.want[2] == "not started"; told != held {
					t.Errorf("an event says that the third region is not begun: %t, want %t; events: %q", told, held, w.calls.events)
				}
				if diff := cmp.Diff(tc.want, ended); diff != "" {
					t.Errorf("regions (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func ending(err error) string {
	held := new(stack.HeldBackError)
	switch {
	case err == nil:
		return "made"
	case errors.As(err, &held):
		return "not started"
	}
	return "failed"
}
