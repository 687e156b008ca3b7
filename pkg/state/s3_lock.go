package state

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
	"golang.org/x/sync/errgroup"

	"provision/pkg/clock"
)

const lockPoll = time.Second // between two tries to get a lock, and up to as much again

// s3Lock holds the leases of some regions, and renews them.
type s3Lock struct {
	store       *S3
	id          string // a ULID
	regions     []string
	generations map[string]uint64

	ctx    context.Context // of what is done under the lock; ends when it is lost
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when nothing renews it any more
	stop   context.CancelFunc

	mu     sync.Mutex
	held   map[string]heldLease
	until  time.Time // when the leases end unless they are renewed
	reason error
}

type heldLease struct {
	lease
	etag string
}

// Acquire implements [Store].
func (s *S3) Acquire(ctx context.Context, r Request) (Lock, error) {
	if len(r.Regions) == 0 {
		return nil, fmt.Errorf("lock the state %s: no region is named, and each has a lock of its own", s.Location())
	}
	deadline, seen := time.Now().Add(r.Timeout), &sightings{first: map[string]sighting{}}
	for told := false; ; told = true {
		began := time.Now()
		l, err := s.tryLock(ctx, r, seen)
		if err == nil {
			l.start(ctx, began)
			return l, nil
		}
		locked, held := errors.AsType[*LockedError](err)
		if !held || !time.Now().Before(deadline) {
			return nil, err
		}
		if !told && r.Waiting != nil {
			r.Waiting(locked.Holder)
		}
		// Two runs that wait for each other's regions must not keep trying in step.
		if err := clock.Sleep(ctx, min(lockPoll+s.jitter(lockPoll), time.Until(deadline))); err != nil {
			return nil, errors.Join(err, locked)
		}
	}
}

// tryLock takes the leases of all regions, or of none.
func (s *S3) tryLock(ctx context.Context, r Request, seen *sightings) (*s3Lock, error) {
	l := &s3Lock{
		store: s, id: ulid.Make().String(), regions: slices.Compact(slices.Sorted(slices.Values(r.Regions))),
		generations: map[string]uint64{}, held: map[string]heldLease{},
	}
	var group errgroup.Group
	for _, region := range l.regions {
		group.Go(func() error {
			holder := r.Holder
			holder.Region = region
			mine := lease{Holder: holder, Run: l.id, Seconds: s.lease.Seconds()}
			got, err := s.take(ctx, region, mine, seen)
			if err != nil {
				return err
			}
			l.mu.Lock()
			defer l.mu.Unlock()
			l.held[region], l.generations[region] = got, got.Generation
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, errors.Join(err, l.giveBack(context.WithoutCancel(ctx)))
	}
	return l, nil
}

// giveBack releases what is held.
func (l *s3Lock) giveBack(ctx context.Context) error {
	var group errgroup.Group
	for region := range l.held {
		group.Go(func() error { return l.store.giveBack(ctx, l.store.lockKey(region), l.id) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("release the lock of %s, which expires after %v: %w",
			l.store.Location(), l.store.lease, err)
	}
	return nil
}
