package fleet

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Board is where the runners of a fleet see each other: each holds a lease on its share while it works on it.
type Board interface {
	// Lease takes a share, or returns an error that names its holder. It waits for the holder up to the given patience.
	Lease(ctx context.Context, shard Shard, patience time.Duration) (Lease, error)
	// Look lists the shares of a fleet of so many, except those that no runner has taken and those that were
	// released.
	Look(ctx context.Context, count int) ([]Seen, error)
}

// Lease is a runner's hold on its share.
type Lease interface {
	Lost() <-chan struct{} // closed when another runner may have it
	Err() error            // why
	Release(ctx context.Context) error
}

// Seen is a share that a runner took and did not give back.
type Seen struct {
	Shard  Shard
	Holder string        // who it is, for people
	Ended  time.Duration // how long ago its lease ended; negative: it lasts
}

// leased works on a share that no other runner has. It starts nothing new when its lease is lost.
func (r Run) leased(ctx context.Context, shard Shard, patience time.Duration, taken bool) ([]Result, error) {
	lease, err := r.Board.Lease(ctx, shard, patience)
	if err != nil {
		return nil, err
	}
	during, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		select {
		case <-lease.Lost():
			stop(lease.Err())
		case <-during.Done():
		}
	}()
	results := r.share(during, shard, taken)
	if err := lease.Release(context.WithoutCancel(ctx)); err != nil {
		r.Tell(fmt.Sprintf("share %s could not be given back, and ends with its lease: %v", shard, err))
	}
	return results, nil
}

// takeOver stays until no other runner is at work, and takes over the share of each whose lease ended while this runner
// watched. It leaves the shares of runners that died earlier.
func (r Run) takeOver(ctx context.Context, began time.Time) []Result {
	var all []Result
	for told := false; ; told = true {
		others, err := r.Board.Look(ctx, r.Shard.Count)
		took, beaten := []Result(nil), false
		if err == nil {
			took, beaten, err = r.takeDead(ctx, others, time.Since(began))
			all = append(all, took...)
		}
		if ctx.Err() != nil {
			return all
		}
		if err != nil {
			r.Tell(fmt.Sprintf("no further share can be taken over from other runners: %v", err))
			return all
		}
		busy := beaten || slices.ContainsFunc(others, func(s Seen) bool { return s.Ended < 0 })
		switch {
		case len(took) > 0:
			continue
		case !busy:
			return all
		case !told:
			r.Tell(fmt.Sprintf("done with share %s; staying until the other runners are, in case one dies", r.Shard))
		}
		if pause(ctx, retry) != nil {
			return all
		}
	}
}

// takeDead works on the shares of those that died within the given time. Another runner may have been faster.
func (r Run) takeDead(ctx context.Context, others []Seen, within time.Duration) (all []Result, beaten bool, err error) {
	for _, other := range others {
		if other.Ended < 0 || other.Ended > within {
			continue
		}
		r.Tell(fmt.Sprintf("the lease of share %s ended, which %s had: taking it over", other.Shard, other.Holder))
		results, err := r.leased(ctx, other.Shard, 0, true)
		switch {
		case err != nil && r.Locked(err):
			beaten = true
		case err != nil:
			return all, beaten, err
		}
		all = append(all, results...)
	}
	return all, beaten, nil
}
