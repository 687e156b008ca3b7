package compute_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"provision/pkg/compute"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

// A large group has more instances than Systems Manager takes in one question.
func TestReachableAmongManyInstancesScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.New(t, sandbox.Options{})
		var ids []string
		for i := range 250 {
			ids = append(ids, fmt.Sprintf("i-%017x", i))
		}
		reachable, err := compute.Reachable(t.Context(), s.SSM, ids)
		if err != nil || len(reachable) > 0 {
			t.Errorf("of instances that are not there: %v, %v", reachable, err)
		}
		if calls := len(s.Sandbox.Calls()); calls != 3 {
			t.Errorf("%d calls, want 3", calls)
		}
		if _, err := compute.Reachable(t.Context(), s.SSM, nil); err != nil {
			t.Errorf("none at all: %v", err)
		}
		if calls := len(s.Sandbox.Calls()); calls != 3 {
			t.Errorf("a call was made for no instance")
		}
	})
}
