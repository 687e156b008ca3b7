package sandbox

import (
	"maps"
	"path"
	"slices"

	"provision/pkg/sandbox/policy"
)

type managedPolicy struct {
	Name string `wire:"PolicyName"`
	ARN  string `wire:"Arn"`
}

// listPolicies answers AWS's own: customers' managed policies the sandbox does not have.
func listPolicies(c *call) (any, error) {
	var all []managedPolicy
	if c.Str("Scope") != "Local" {
		for _, arn := range slices.Sorted(maps.Keys(policy.Managed)) {
			all = append(all, managedPolicy{path.Base(arn), arn})
		}
	}
	policies, next, err := pageOf(c.Params, all)
	return struct {
		Policies []managedPolicy `wire:"Policies>member"`
		iamPage
	}{policies, next}, err
}
