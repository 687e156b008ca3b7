package preflight

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// Preflight is a stack before a run, with what the command knows already.
type Preflight struct {
	Stack    *stack.Stack
	Identity cloud.Identity
	Store    state.Store
	Now      func() time.Time // this machine's clock
}

// Run looks at everything and returns what it found: first what has no region, then region by region in the stack's
// order. What can't be looked at is a finding, too.
func (p Preflight) Run(ctx context.Context) []Finding {
	var plan *stack.Plan
	var enabled []string
	var account []Finding
	var group errgroup.Group
	group.Go(func() error { plan = p.Stack.Plan(ctx); return nil })
	group.Go(func() error { account = p.account(ctx); return nil })
	group.Go(func() error {
		enabled, _ = p.Stack.Cloud.EnabledRegions(ctx, cloud.Home(p.Stack.Regions[0])) // unknown: each region answers for itself
		return nil
	})
	_ = group.Wait() // what fails is a finding

	regions := make([][]Finding, len(p.Stack.Regions))
	for i, region := range p.Stack.Regions {
		group.Go(func() error {
			if enabled != nil && !slices.Contains(enabled, region) {
				regions[i] = []Finding{notEnabled(region)}
				return nil
			}
			regions[i] = p.region(ctx, plan.Parts[i+1])
			return nil
		})
	}
	var rights []Finding
	group.Go(func() error { rights = p.permissions(ctx, plan); return nil })
	_ = group.Wait()
	return slices.Concat(account, rights, slices.Concat(regions...))
}

// Of looks at what a plan needs and does not say itself: the quotas of each region that could be planned, and the permissions.
func (p Preflight) Of(ctx context.Context, plan *stack.Plan) []Finding {
	found := make([][]Finding, len(plan.Parts)) // the first part has no region, and so no quotas
	var group errgroup.Group
	group.Go(func() error { found[0] = p.permissions(ctx, plan); return nil })
	for i, part := range plan.Parts[1:] {
		if part.Err == nil {
			group.Go(func() error { found[i+1] = p.quotas(ctx, part); return nil })
		}
	}
	_ = group.Wait() // what fails is a finding
	return slices.Concat(found...)
}

func notEnabled(region string) Finding {
	return failed(region, "region", "opt in to it: AWS console, Account, AWS Regions; or leave it out of --regions",
		"the account has not enabled it")
}

// region looks at one region; its checks do not wait for each other.
func (p Preflight) region(ctx context.Context, part *stack.Part) []Finding {
	checks := []func(context.Context, *stack.Part) []Finding{p.plan, p.zones, p.image, p.quotas}
	found := make([][]Finding, len(checks))
	var group errgroup.Group
	for i, check := range checks {
		group.Go(func() error { found[i] = check(ctx, part); return nil })
	}
	_ = group.Wait() // what fails is a finding
	return slices.Concat(found...)
}
