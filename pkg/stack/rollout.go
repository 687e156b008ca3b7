package stack

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
)

// HeldBackError reports that a region was not started because others failed.
type HeldBackError struct {
	Region string
	Failed []string // the regions
}

func (e *HeldBackError) Error() string { return e.Region + ": " + e.Why() }

// Why says it without the region.
func (e *HeldBackError) Why() string {
	return fmt.Sprintf("not started because %s failed", strings.Join(e.Failed, " and "))
}

// Unwrap makes it a consequence of what went wrong, and no cause of its own.
func (e *HeldBackError) Unwrap() error { return &graph.BlockedError{By: graph.Key(e.Failed[0])} }

// rollout works on regions, a few at a time, and starts no further one once more have failed than the tolerance allows.
type rollout struct {
	regions   *errgroup.Group
	tolerance int
	together  bool // all are worked on at once: none waits for another, and so none is held back

	mu     sync.Mutex
	failed []string
}

func newRollout(regions, concurrent, tolerance int) *rollout {
	return &rollout{
		regions: limited(concurrent), tolerance: tolerance, together: concurrent == 0 || concurrent >= regions,
	}
}

// Go waits until it is the region's turn.
func (r *rollout) Go(region string, work func() Result, ended func(Result)) {
	r.regions.Go(func() error {
		result := Result{Region: region, Err: r.hold(region)}
		if result.Err == nil {
			result = work()
			r.note(result)
		}
		ended(result)
		return nil
	})
}

// Wait returns when all have ended; each result carries its own error.
func (r *rollout) Wait() { _ = r.regions.Wait() }

func (r *rollout) hold(region string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.together || len(r.failed) <= r.tolerance {
		return nil
	}
	return &HeldBackError{Region: region, Failed: slices.Clone(r.failed)}
}

func (r *rollout) note(result Result) {
	if result.Err == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, result.Region)
}
