package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// unwanted are the resources that the plan removes, and the generations that it replaces.
func (r *run) unwanted(plan *Plan) []doomed {
	var things []doomed
	for _, s := range plan.Steps {
		if s.Action == Delete || s.CreateFirst {
			things = append(things, doomed{r.graph.kind(s.Key.Kind()), s.Key, s.Observed})
		}
	}
	return things
}

// removeAll removes all of the resources.
func (r *run) removeAll(ctx context.Context, things []doomed) error {
	return r.startRemovals(ctx, things)()
}

// startRemovals starts a goroutine for each resource, which waits for the deletion of all resources of the kinds that
// must be deleted first. The function that it returns waits for all of them.
func (r *run) startRemovals(ctx context.Context, things []doomed) (wait func() error) {
	r.gather(things)
	nodes := make([]*progress, len(things))
	for i, thing := range things {
		nodes[i] = newProgress()
		r.removals[named{thing.kind.kindName(), thing.o.Ident().ID}] = removing{thing.key, nodes[i]}
	}
	var group sync.WaitGroup
	for i, thing := range things {
		group.Go(func() {
			err := r.removeInTurn(ctx, thing, r.before(thing, things), goesWithAnother(thing, things))
			if err == nil && r.graph.byKey[thing.key] != nil && r.steps[thing.key].Key != "" { // it has a successor
				r.emit(r.graph.Region, thing.key, EventReady, r.graph.ids.id(thing.key), "")
			}
			nodes[i].finish(r.removalError(thing, err))
		})
	}
	return func() error {
		group.Wait()
		var all []error
		for _, node := range nodes {
			all = append(all, node.err)
		}
		return errors.Join(all...)
	}
}

// before are the removals of all resources that must be deleted before the given one.
func (r *run) before(thing doomed, things []doomed) []removing {
	var all []removing
	for _, other := range things {
		if slices.Contains(r.graph.after[thing.kind.kindName()], other.kind.kindName()) {
			all = append(all, r.removals[named{other.kind.kindName(), other.o.Ident().ID}])
		}
	}
	return all
}

// removeInTurn removes the resource once those that must be deleted first are deleted, or no longer hold it while their
// deletion is in progress.
func (r *run) removeInTurn(ctx context.Context, thing doomed, before []removing, gone bool) error {
	released := len(before) > 0 && r.releasedEarly(ctx, thing, before)
	for _, other := range before {
		if !released {
			<-other.done
		}
		if other.failed() {
			return &BlockedError{By: other.key}
		}
	}
	return r.removeOne(ctx, thing, gone, released)
}

func (r *run) removalError(thing doomed, err error) error {
	if err == nil {
		return nil
	}
	what := EventFailed
	if _, blocked := errors.AsType[*BlockedError](err); blocked {
		what = EventBlocked
	}
	r.send(Event{
		Region: r.graph.Region, Key: thing.key, Type: what, ID: thing.o.Ident().ID, Detail: err.Error(), Err: err,
	})
	return &NodeError{Region: r.graph.Region, Key: thing.key, Tried: "delete", Err: err}
}

// goesWithAnother reports whether the cloud deletes the resource together with one of the others; the order of kinds
// makes the run wait for that one.
func goesWithAnother(thing doomed, things []doomed) bool {
	other := thing.kind.goesWith()
	return other != "" && slices.ContainsFunc(things, func(d doomed) bool { return d.kind.kindName() == other })
}

func (r *run) removeOne(ctx context.Context, thing doomed, gone, released bool) error {
	if gone {
		r.emit(r.graph.Region, thing.key, Deleted, thing.o.Ident().ID, "")
		return r.Journal.Forget(thing.key, thing.o.Ident().ID)
	}
	if i := thing.o.Ident(); !r.Owner.Owns(i) {
		return fmt.Errorf("%s lacks this stack's %s tag, so it is left alone", i.ID, TagOwner)
	}
	if err := r.deleteAndWait(ctx, thing.kind, thing.key, thing.o, released); err != nil {
		return err
	}
	return r.Journal.Forget(thing.key, thing.o.Ident().ID)
}

// deleteAndWait deletes one resource as soon as none holds it, and returns when it no longer exists. If an early look
// found it released, there is no second one. A kind's Delete succeeds if the resource itself no longer exists: a
// [NotFound] is about another resource, and is tried again.
func (r *run) deleteAndWait(ctx context.Context, k kind, key Key, o Observed, released bool) error {
	wait := r.backoff(firstRetry, longestRetry)
	var started, unknown time.Time
	phase, _ := k.phase(o)
	for deleted := phase == Leaving || phase == Gone; !deleted; {
		var theirs []Blocker
		var err error
		if !released {
			if theirs, err = r.awaitRelease(ctx, k, key, o); err != nil {
				return err
			}
		}
		released = false
		tried := r.clock().Now()
		if started.IsZero() { // the wait for what held it has a limit of its own
			started = tried
		}
		r.emit(r.graph.Region, key, Deleting, o.Ident().ID, "")
		_, err = call(ctx, r, key, func(ctx context.Context) (struct{}, error) { return struct{}{}, r.remove(ctx, k, o) })
		switch class := r.classify(err); {
		case !r.patientWithUnknown(err, &unknown):
			return err
		case err == nil:
			deleted = true
		case class == Held && len(theirs) > 0:
			return &HeldError{By: theirs}
		case class == Fatal || class == Exists || limit(started, tried, k.paceFor(o), "") != nil:
			return err
		default:
			r.emit(r.graph.Region, key, Retrying, o.Ident().ID, err.Error())
			if err := r.clock().Sleep(ctx, wait.next()); err != nil {
				return err
			}
		}
	}
	if node, ok := r.removals[named{k.kindName(), o.Ident().ID}]; ok {
		node.exists() // no more: it is on its way
	}
	if err := r.awaitGone(ctx, k, key, o); err != nil {
		return err
	}
	r.emit(r.graph.Region, key, Deleted, o.Ident().ID, "")
	return nil
}

// unknownLimit is how long a blocker is looked for that no list names.
const unknownLimit = 2 * time.Minute

// patientWithUnknown is false when a blocker that no list names has kept the thing for too long. since is when the first
// such refusal came without another answer in between.
func (r *run) patientWithUnknown(err error, since *time.Time) bool {
	if _, unknown := errors.AsType[*UnknownBlockerError](err); !unknown {
		*since = time.Time{}
		return true
	}
	if since.IsZero() {
		*since = r.clock().Now()
	}
	return r.clock().Now().Sub(*since) < unknownLimit
}

// awaitGone waits for kinds that take a while to delete; the others no longer exist once the call returns.
func (r *run) awaitGone(ctx context.Context, k kind, key Key, o Observed) error {
	pace := k.pace()
	if pace.Leave == 0 {
		return nil
	}
	since := r.clock().Now()
	when := schedule{since: since, usual: pace.Leave, slack: r.slacks[key], known: o}
	return r.watch.until(ctx, k.kindName(), when, func(ctx context.Context, s *Look) (bool, error) {
		all, err := k.list(ctx, s)
		if err != nil {
			return false, err
		}
		for _, found := range all {
			if k.fades(found) && k.fades(o) {
				continue
			}
			if phase, why := k.phase(found); found.Ident().ID == o.Ident().ID && phase != Gone {
				return false, limit(since, s.began, k.paceFor(o), why)
			}
		}
		return true, nil
	})
}
