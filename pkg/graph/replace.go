package graph

import (
	"context"
	"fmt"
	"slices"
)

// A replacement that creates first is a claim like any other, which also names the generation that it replaces. What
// depends on the resource finds the new ID in its Diff, and is updated, or replaced in turn; when everything that is
// wanted is ready, the generations that were replaced are deleted like what is no longer wanted. The journal knows both
// generations from before the first call until the old one is gone.
//
// A replacement that deletes first goes the other way: first the old ones of those go that can't exist without it, then
// its own; and it is created, and they are, as if they had never been there.

// start is what a node converges from: nothing, where it is replaced.
func (n *convergence) start(ctx context.Context, o Observed) (Observed, error) {
	s := n.steps[n.Key()]
	switch {
	case s.CreateFirst:
		return nil, nil
	case s.goesFirst():
		return nil, n.makeWay(ctx, o, s)
	}
	return o, nil
}

// makeWay deletes what is there as late as can be: when everything is there that the new one needs, unless that waits
// for this deletion itself.
func (n *convergence) makeWay(ctx context.Context, o Observed, s Step) (err error) {
	n.isAbsent()
	going := n.going[n.Key()]
	defer func() { going.finish(err) }()
	lives := s.Phase != Failed && s.Phase != Leaving
	if lives && !n.plan.standsOnWhatGoesFirst(n.wish) {
		if err := n.awaitNeeds(ctx); err != nil {
			return err
		}
	}
	for _, other := range n.goBefore(n.Key()) {
		if err := other.await(ctx); err != nil {
			return err
		}
	}
	return n.discard(ctx, o, s.Why)
}

// goBefore are the removals that the deletion of a resource waits for.
func (r *run) goBefore(key Key) []removing {
	var all []removing
	for _, w := range r.graph.wishes {
		stands := slices.ContainsFunc(w.needs(), func(need Need) bool { return !need.Update && need.Key == key })
		if going := r.going[w.Key()]; going != nil && stands {
			all = append(all, removing{w.Key(), going})
		}
	}
	for _, thing := range r.early {
		if r.graph.goesBefore(thing.kind.kindName(), key.Kind()) {
			all = append(all, r.removals[named{thing.kind.kindName(), thing.o.Ident().ID}])
		}
	}
	return all
}

func (r removing) await(ctx context.Context) error {
	select {
	case <-r.done:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if r.err != nil {
		return &BlockedError{By: r.key}
	}
	return nil
}

// splitRemovals takes out what has to go while the wanted resources converge: what is unwanted, and of a kind that must
// be gone before one can be deleted that is deleted first; and earlier generations of what is itself deleted first. The
// rest goes when everything that is wanted is ready.
func (r *run) splitRemovals(things []doomed) (early, rest []doomed) {
	for _, thing := range things {
		inTheWay := slices.ContainsFunc(r.plan.Steps, func(s Step) bool {
			return s.goesFirst() && r.graph.goesBefore(thing.kind.kindName(), s.Key.Kind())
		})
		if wanted, ok := r.steps[thing.key]; ok {
			inTheWay = inTheWay && wanted.goesFirst()
		}
		if inTheWay {
			early = append(early, thing)
		} else {
			rest = append(rest, thing)
		}
	}
	return early, rest
}

// mustBeNew makes sure that a claim did not lead to what it was to replace.
func (c Claim) mustBeNew(o Observed) error {
	if id := o.Ident().ID; slices.Contains(c.Former, id) {
		return fmt.Errorf("its creation led to %s, which it was to replace: two of its kind can't exist side by side", id)
	}
	return nil
}

// replaceLater is for a change that only came up while the graph converged, as what something refers to was created
// anew: a further plan replaces the resource. What was created a moment ago would differ for ever.
func (n *convergence) replaceLater(why string) error {
	if n.created {
		return fmt.Errorf("the new one differs as well, and can't be changed in place: %s", why)
	}
	n.unfinished.Store(true)
	return nil
}
