package preflight

import (
	"context"
	"slices"
	"sync"
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

// Run checks everything and returns its findings: first those without a region, then region by region in the stack's
// order. A failed check is a finding, too.
func (p Preflight) Run(ctx context.Context) []Finding {
	var plan *stack.Plan
	var account []Finding
	isOff := p.isOff(ctx)
	var group errgroup.Group
	group.Go(func() error { plan = p.Stack.Plan(ctx); return nil })
	group.Go(func() error { account = p.account(ctx); return nil })
	group.Go(func() error { isOff(p.Stack.Regions[0]); return nil }) // so that the answer is there when the plan is
	_ = group.Wait()                                                 // what fails is a finding

	rights := p.rights(ctx)
	found := make([][]Finding, len(plan.Parts()))
	group.Go(func() error { found[0] = rights.of(ctx, plan.Global); return nil })
	for i, region := range p.Stack.Regions {
		group.Go(func() error {
			if isOff(region) {
				found[i+1] = []Finding{notEnabled(region)}
				return nil
			}
			found[i+1] = p.region(ctx, plan.Regions[i], rights)
			return nil
		})
	}
	_ = group.Wait()
	return slices.Concat(account, slices.Concat(found...))
}

// Of checks the requirements of a plan that the plan does not check itself: the permissions and the quotas of each region.
// A part that can't be planned requires nothing; but the reason can be
// that the account must enable its region.
func (p Preflight) Of(ctx context.Context, plan *stack.Plan) []Finding {
	rights := p.rights(ctx)
	found := make([][]Finding, len(plan.Parts()))
	var group errgroup.Group
	isOff := p.isOff(ctx)
	for i, part := range plan.Parts() {
		switch {
		case part.Err == nil:
			group.Go(func() error {
				found[i] = p.needs(ctx, part, rights)
				return nil
			})
		case part.Region != state.Global:
			group.Go(func() error {
				if isOff(part.Region) {
					found[i] = []Finding{notEnabled(part.Region)}
				}
				return nil
			})
		}
	}
	_ = group.Wait() // what fails is a finding
	return slices.Concat(found...)
}

// isOff says whether the account has not enabled a region. AWS is asked once, when it is first wanted; where it does not
// tell, each region answers for itself.
func (p Preflight) isOff(ctx context.Context) func(region string) bool {
	enabled := sync.OnceValue(func() []string {
		names, _ := p.Stack.Cloud.EnabledRegions(ctx, cloud.Home(p.Stack.Regions[0]))
		return names
	})
	return func(region string) bool { return enabled() != nil && !slices.Contains(enabled(), region) }
}

func notEnabled(region string) Finding {
	return failed(region, "region", "opt in to it: AWS console, Account, AWS Regions; or leave it out of --regions",
		"the account has not enabled it")
}

// region looks at one region.
func (p Preflight) region(ctx context.Context, part *stack.Part, rights *rights) []Finding {
	return sideBySide(ctx, part, p.plan, p.zones, p.image, func(ctx context.Context, part *stack.Part) []Finding {
		return p.needs(ctx, part, rights)
	})
}

// needs looks at what a part's changes take, and whether one of them would end what serves now. The part that has no region has no quotas either.
func (p Preflight) needs(ctx context.Context, part *stack.Part, rights *rights) []Finding {
	if part.Region == state.Global {
		return rights.of(ctx, part)
	}
	return sideBySide(ctx, part, rights.of, p.quotas, p.healthPath)
}

// sideBySide does checks that do not wait for each other, and returns what they found in their order.
func sideBySide(ctx context.Context, part *stack.Part, checks ...func(context.Context, *stack.Part) []Finding) []Finding {
	found := make([][]Finding, len(checks))
	var group errgroup.Group
	for i, check := range checks {
		group.Go(func() error { found[i] = check(ctx, part); return nil })
	}
	_ = group.Wait() // what fails is a finding
	return slices.Concat(found...)
}
