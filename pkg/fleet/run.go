package fleet

import (
	"context"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"provision/pkg/clock"
)

// Run is one runner's part of the work on a fleet.
type Run struct {
	Targets    []string // of the whole fleet
	Shard      Shard    // what this runner is for
	Concurrent int      // targets worked on at once

	// Work does the run's work on one target.
	Work func(ctx context.Context, target string) error
	// Locked reports whether an error of Work means that another run works on the target now. The runner tries it again
	// after the others, for as long as Patience lasts.
	Locked   func(error) bool
	Patience time.Duration

	Board Board             // nil: this runner neither sees others nor takes over for them
	Tell  func(news string) // what a person would want to know
}

// Result is how the work on a target ended.
type Result struct {
	Target    string
	TakenOver bool // from a runner that died
	Err       error
}

// retry is how long a runner waits, and up to as much again, before it looks once more at a target that another run has
// locked.
const retry = 5 * time.Second

// Do works on the runner's share, then on those of runners that died meanwhile. The error is the reason why the runner
// could not start on its share at all.
func (r Run) Do(ctx context.Context) ([]Result, error) {
	if r.Board == nil {
		return r.share(ctx, r.Shard, false), nil
	}
	began := time.Now()
	results, err := r.leased(ctx, r.Shard, r.Patience, false)
	if err != nil {
		return nil, err
	}
	return append(results, r.takeOver(ctx, began)...), nil
}

// share works on the targets of a shard, and returns to those that another run had locked.
func (r Run) share(ctx context.Context, shard Shard, taken bool) []Result {
	targets := shard.Of(r.Targets)
	results, open, first := make([]Result, len(targets)), make([]int, len(targets)), make([]time.Time, len(targets))
	for i, target := range targets {
		results[i], open[i] = Result{Target: target, TakenOver: taken}, i
	}
	for {
		r.each(ctx, results, open)
		open = r.locked(results, first)
		if len(open) == 0 || pause(ctx, retry) != nil {
			return results
		}
	}
}

// each works on some of the targets, in parallel.
func (r Run) each(ctx context.Context, results []Result, which []int) {
	var group errgroup.Group
	group.SetLimit(max(1, r.Concurrent))
	for _, i := range which {
		group.Go(func() error {
			if ctx.Err() != nil {
				results[i].Err = context.Cause(ctx)
			} else {
				results[i].Err = r.Work(ctx, results[i].Target)
			}
			return nil
		})
	}
	_ = group.Wait() // each result has its own error
}

// locked are the targets to come back to; first remembers since when each has been locked.
func (r Run) locked(results []Result, first []time.Time) []int {
	var open []int
	for i, result := range results {
		if result.Err == nil || !r.Locked(result.Err) {
			continue
		}
		if first[i].IsZero() {
			first[i] = time.Now()
		}
		if time.Since(first[i]) < r.Patience {
			open = append(open, i)
		}
	}
	return open
}

func pause(ctx context.Context, d time.Duration) error { return clock.Sleep(ctx, d+rand.N(d)) }
