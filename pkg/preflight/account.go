package preflight

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/state"
)

// AWS refuses requests that were signed more than five minutes off its own clock ("Troubleshooting Signature Version 4
// signing" in the IAM user guide).
const (
	skewLimit   = 5 * time.Minute
	skewWarning = time.Minute
)

// account looks at what has no region.
func (p Preflight) account(ctx context.Context) []Finding {
	found := []Finding{ok(state.Global, "identity", "%s in account %s", p.Identity.ARN, p.Identity.Account)}
	var clock, lock, writable Finding
	var group errgroup.Group
	group.Go(func() error { clock = p.clock(ctx); return nil })
	group.Go(func() error { lock = p.lock(ctx); return nil })
	group.Go(func() error { writable = p.writable(ctx); return nil })
	_ = group.Wait() // what fails is a finding
	return append(found, clock, writable, lock)
}

func (p Preflight) clock(ctx context.Context) Finding {
	const check = "clock"
	before := p.Now()
	theirs, err := p.Stack.Cloud.Time(ctx, cloud.Home(p.Stack.Regions[0]))
	if err != nil {
		return broken(state.Global, check, err)
	}
	skew := outside(theirs, before, p.Now()).Truncate(time.Second)
	switch next := "set this machine's clock, or keep it right with NTP"; {
	case skew >= skewLimit && p.Stack.Cloud.Custom() == "": // what stands in for AWS may have a time of its own
		return failed(state.Global, check, next, "%s off AWS's, which refuses more than %s", skew, skewLimit)
	case skew >= skewWarning:
		return warning(state.Global, check, next, "%s off AWS's, which refuses more than %s", skew, skewLimit)
	}
	return ok(state.Global, check, "less than a minute off AWS's")
}

// outside is how far a time is before or after a span. AWS read its clock at some moment between a call and its answer: an
// answer that takes long says nothing of either clock.
func outside(t, from, to time.Time) time.Duration {
	return max(0, from.Sub(t), t.Sub(to))
}

func (p Preflight) lock(ctx context.Context) Finding {
	const check = "lock"
	holders, err := p.Store.Holders(ctx)
	if err != nil {
		return broken(state.Global, check, err)
	}
	if len(holders) > 0 {
		return failed(state.Global, check, "wait for it with --lock-timeout, or `provision state unlock` if it is gone for good",
			"held by %s", holders[0])
	}
	return ok(state.Global, check, "free")
}

func (p Preflight) writable(ctx context.Context) Finding {
	const check = "state"
	if err := p.Store.CheckWritable(ctx); err != nil {
		return broken(state.Global, check, err)
	}
	return ok(state.Global, check, "%s can be written", p.Store.Location())
}
