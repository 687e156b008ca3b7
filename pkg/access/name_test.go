package access

import (
	"slices"
	"testing"
)

func TestNameOf(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:iam::123456789012:role/provision-web":                    "provision-web",
		"arn:aws:iam::123456789012:instance-profile/division/provision-a": "provision-a",
		"provision-web": "provision-web",
	} {
		if got := nameOf(arn); got != want {
			t.Errorf("%s: got %q, want %q", arn, got, want)
		}
	}
}

// Whatever stacks an account has, no two of their roles have one name.
func TestRoleNamesDoNotCollide(t *testing.T) {
	names := []string{"web"}
	for range 2 {
		for _, name := range names {
			names = append(names, name+"-apply", name+"-plan", name+"-flow-logs")
		}
	}
	slices.Sort(names)
	owner := map[string]string{}
	for _, name := range slices.Compact(names) {
		stack := "provision-" + name
		for _, role := range []string{RoleName(stack), FlowLogRoleName(stack), stack + "-plan", stack + "-apply"} {
			if other, taken := owner[role]; taken {
				t.Errorf("%s is a role of the stacks %s and %s", role, name, other)
			}
			owner[role] = name
		}
	}
	if got := RoleName("provision-web"); got != "provision-web" {
		t.Errorf("got %s", got)
	}
}
