package graph

import (
	"context"
	"fmt"
	"slices"
)

// A replacement that creates first is a claim like any other, which also names the generation that it replaces. A
// dependent finds the new ID in its Diff, and is updated, or replaced in turn. When all desired resources are ready,
// the engine deletes the replaced generations like any resource that is no longer desired. The journal has both
// generations from before the first call until the old one is deleted.
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

// makeWay deletes the existing resource as late as possible: when all resources that the new one needs exist, unless
// one of them waits for this deletion.
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

// splitRemovals returns as early the resources that must be deleted while the desired ones converge: those that must be
// deleted before a resource that is itself deleted first, and earlier generations of the latter. The rest is deleted
// when all desired resources are ready.
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

// mustBeNew makes sure that a claim did not find the resource that it was meant to replace.
func (c Claim) mustBeNew(o Observed) error {
	if id := o.Ident().ID; slices.Contains(c.Former, id) {
		return fmt.Errorf("its creation returned %s, which it had to replace: two of its kind can't exist at the same time", id)
	}
	return nil
}

// replaceLater is for a change that only appears during convergence, because a resource that this one refers to was
// recreated: a further plan replaces this one. It fails for a resource that was just created, since that would differ
// forever.
func (n *convergence) replaceLater(why string) error {
	if n.created {
		return fmt.Errorf("the new one differs as well, and can't be changed in place: %s", why)
	}
	n.unfinished.Store(true)
	return nil
}
