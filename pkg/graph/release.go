package graph

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// awaitRelease lists the blockers of a resource before its deletion. It waits for those that the cloud deletes soon,
// and, without further looks, for those that this run deletes itself. It returns the others. Whether they really
// prevent the deletion, the cloud decides.
func (r *run) awaitRelease(ctx context.Context, k kind, key Key, o Observed) (theirs []Blocker, err error) {
	if !k.holding() {
		return nil, nil
	}
	since, told := r.clock().Now(), ""
	var ours []removing
	err = r.watch.until(ctx, "blockers", schedule{since: r.started}, func(ctx context.Context, s *Look) (bool, error) {
		blockers, err := k.blockers(ctx, s, o)
		if err != nil {
			return false, err
		}
		theirs = slices.DeleteFunc(slices.Clone(blockers), func(h Blocker) bool { return h.Passing })
		ours = r.deletedHere(k, blockers)
		if len(theirs) > 0 || len(ours) == len(blockers) {
			return true, nil
		}
		held := (&HeldError{By: blockers}).Error()
		if held != told {
			told = held
			r.emit(r.graph.Region, key, Waiting, o.Ident().ID, held)
		}
		return false, limit(since, s.began, Pace{Limit: releaseLimit}, held)
	})
	if err != nil {
		return nil, err // a late look may still write theirs
	}
	if len(theirs) > 0 {
		return theirs, nil
	}
	return nil, r.allGone(ctx, ours)
}

// releaseLimit is how long something may hold a thing that the cloud is taking away. It is much longer than what is usual,
// some minutes: terraform-provider-aws waits up to 35 minutes for the interfaces of a load balancer, and up to 45 for those
// of a function.
const releaseLimit = 45 * time.Minute

// releasedEarly reports whether the deletions that must come first have released the resource already. It looks once,
// as soon as they are in progress: some clouds are done at once, and then this saves a round trip. Without a clear answer
// it is false.
func (r *run) releasedEarly(ctx context.Context, thing doomed, before []removing) bool {
	if !thing.kind.holding() {
		return false
	}
	for _, other := range before {
		<-other.made
		if other.failed() {
			return false
		}
	}
	var blockers []Blocker
	err := r.watch.until(ctx, "blockers", schedule{since: r.started}, func(ctx context.Context, s *Look) (_ bool, err error) {
		blockers, err = thing.kind.blockers(ctx, s, thing.o)
		return true, err
	})
	if err != nil {
		return false
	}
	ours := r.deletedHere(thing.kind, blockers)
	return len(ours) == len(blockers) && r.allGone(ctx, ours) == nil
}

// removing is a removal of this run that others may wait for.
type removing struct {
	key Key
	*progress
}

// failed reports whether the removal has failed by now.
func (r removing) failed() bool {
	return closed(r.done) && r.err != nil
}

// deletedHere are the removals of those blockers that are of the kind itself and are being removed in this run.
func (r *run) deletedHere(k kind, blockers []Blocker) []removing {
	var all []removing
	for _, h := range blockers {
		if node, ok := r.removals[named{k.kindName(), h.ID}]; ok {
			all = append(all, node)
		}
	}
	return all
}

// standoff is how long removals that wait for each other do so before they give up; no running removal takes that long.
const standoff = 30 * time.Minute

// allGone waits for other removals. Two that wait for each other would do so for ever, but for the limit.
func (r *run) allGone(ctx context.Context, others []removing) error {
	if len(others) == 0 {
		return nil
	}
	limited, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		for since := r.clock().Now(); r.clock().Now().Sub(since) < standoff; {
			if r.clock().Sleep(limited, standoff) != nil {
				return
			}
		}
		stop(fmt.Errorf("still held by %s after %s", others[0].key, standoff))
	}()
	for _, other := range others {
		select {
		case <-other.done:
		case <-limited.Done():
			return context.Cause(limited)
		}
		if other.err != nil {
			return &BlockedError{By: other.key}
		}
	}
	return nil
}
