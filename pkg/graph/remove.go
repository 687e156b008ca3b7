package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// doomed is one thing to delete.
type doomed struct {
	kind kind
	key  Key
	o    Observed
}

// Removal is what of an owner's is in a region, in no order; made by PlanRemoval from what is found, not from a wish.
type Removal struct {
	Region string
	Steps  []Step

	things []doomed
	graph  *Graph
}

// PlanRemoval finds everything that is the owner's: by its tags, and by what the journal knows.
func (e *Engine) PlanRemoval(ctx context.Context, g *Graph) (*Removal, error) {
	seen, err := e.look(ctx, g, true)
	if err != nil {
		return nil, err
	}
	removal := &Removal{Region: g.Region, graph: g}
	keys := map[named]Key{}
	for _, entry := range e.Journal.Entries() {
		keys[named{entry.Key.Kind(), entry.ID}] = entry.Key
	}
	for _, k := range g.kinds {
		for _, o := range seen[k.kindName()] {
			i := o.Ident()
			key, known := keys[named{k.kindName(), i.ID}]
			switch {
			case known:
			case e.Owner.Owns(i):
				key = i.Key()
			default:
				continue
			}
			phase, why := k.phase(o)
			removal.things = append(removal.things, doomed{k, key, o})
			removal.Steps = append(removal.Steps, Step{Key: key, Action: Delete, ID: i.ID, Observed: o, Phase: phase, Why: why})
		}
	}
	return removal, nil
}

// Only leaves the other things out of the removal.
func (r *Removal) Only(wanted func(Step) bool) {
	var things []doomed
	var steps []Step
	for i, step := range r.Steps {
		if wanted(step) {
			things, steps = append(things, r.things[i]), append(steps, step)
		}
	}
	r.things, r.Steps = things, steps
}

// Remove deletes what the plan lists, as much side by side as the order of kinds allows, and waits until it is gone.
// What can't be deleted blocks only what can't go before it.
func (e *Engine) Remove(ctx context.Context, removal *Removal) error {
	r := e.newRun(removal.graph)
	r.slacks = leaveSlacks(removal.things)
	err := r.removeAll(ctx, removal.things)
	if err == nil {
		err = r.forgetRest()
	}
	return errors.Join(err, e.Journal.Flush(context.WithoutCancel(ctx)))
}

// forgetRest drops what the journal still claims: PlanRemoval looked for it long enough, and it is not there.
func (r *run) forgetRest() error {
	for _, entry := range r.Journal.Entries() {
		if err := r.Journal.Forget(entry.Key); err != nil {
			return err
		}
	}
	return nil
}

// unwanted are the plan's removals as things.
func (r *run) unwanted(plan *Plan) []doomed {
	var things []doomed
	for _, s := range plan.Steps {
		if s.Action == Delete {
			things = append(things, doomed{r.graph.kind(s.Key.Kind()), s.Key, s.Observed})
		}
	}
	return things
}

// removeAll gives each thing a goroutine, which waits for all things of the kinds that must be gone before it.
func (r *run) removeAll(ctx context.Context, things []doomed) error {
	nodes := make([]*progress, len(things))
	for i, thing := range things {
		nodes[i] = &progress{made: make(chan struct{}), done: make(chan struct{})}
		r.removals[named{thing.kind.kindName(), thing.o.Ident().ID}] = removing{thing.key, nodes[i]}
	}
	var group sync.WaitGroup
	for i, thing := range things {
		group.Go(func() {
			for j, before := range things {
				if !slices.Contains(r.graph.after[thing.kind.kindName()], before.kind.kindName()) {
					continue
				}
				<-nodes[j].done
				if nodes[j].err != nil {
					nodes[i].finish(r.removalError(thing, &BlockedError{By: before.key}))
					return
				}
			}
			nodes[i].finish(r.removalError(thing, r.removeOne(ctx, thing, goesWithAnother(thing, things))))
		})
	}
	group.Wait()
	var all []error
	for _, node := range nodes {
		all = append(all, node.err)
	}
	return errors.Join(all...)
}

func (r *run) removalError(thing doomed, err error) error {
	if err == nil {
		return nil
	}
	what := Broken
	if _, blocked := errors.AsType[*BlockedError](err); blocked {
		what = Skipped
	}
	r.send(Event{
		Region: r.graph.Region, Key: thing.key, Type: what, ID: thing.o.Ident().ID, Detail: err.Error(), Err: err,
	})
	return &NodeError{Region: r.graph.Region, Key: thing.key, Tried: "delete", Err: err}
}

// goesWithAnother says whether the cloud deletes the thing together with one of the others; it is waited for by the
// order of kinds.
func goesWithAnother(thing doomed, things []doomed) bool {
	other := thing.kind.goesWith()
	return other != "" && slices.ContainsFunc(things, func(d doomed) bool { return d.kind.kindName() == other })
}

func (r *run) removeOne(ctx context.Context, thing doomed, gone bool) error {
	if gone {
		r.emit(r.graph.Region, thing.key, Deleted, thing.o.Ident().ID, "")
		return r.Journal.Forget(thing.key)
	}
	if i := thing.o.Ident(); !r.Owner.Owns(i) {
		return fmt.Errorf("%s lacks this stack's %s tag, so it is left alone", i.ID, TagOwner)
	}
	if err := r.deleteAndWait(ctx, thing.kind, thing.key, thing.o); err != nil {
		return err
	}
	return r.Journal.Forget(thing.key)
}

// deleteAndWait deletes one thing as soon as nothing holds it, and returns when it is gone. A kind takes it for no error
// that the thing itself is not there: [NotFound] is about another thing, and says nothing of this one.
func (r *run) deleteAndWait(ctx context.Context, k kind, key Key, o Observed) error {
	wait := newBackoff(firstRetry, longestRetry)
	var started time.Time
	phase, _ := k.phase(o)
	for deleted := phase == Leaving || phase == Gone; !deleted; {
		theirs, err := r.awaitRelease(ctx, k, key, o)
		if err != nil {
			return err
		}
		if started.IsZero() { // the wait for what held it has a limit of its own
			started = r.clock().Now()
		}
		r.emit(r.graph.Region, key, Deleting, o.Ident().ID, "")
		_, err = call(ctx, r, key, func(ctx context.Context) (struct{}, error) { return struct{}{}, k.remove(ctx, o) })
		switch class := r.classify(err); {
		case err == nil:
			deleted = true
		case class == Held && len(theirs) > 0:
			return &HeldError{By: theirs}
		case class == Fatal || class == Exists || r.watch.limit(started, k.pace(), "") != nil:
			return err
		default:
			r.emit(r.graph.Region, key, Retrying, o.Ident().ID, err.Error())
			if err := r.clock().Sleep(ctx, wait.next()); err != nil {
				return err
			}
		}
	}
	if err := r.awaitGone(ctx, k, key, o); err != nil {
		return err
	}
	r.emit(r.graph.Region, key, Deleted, o.Ident().ID, "")
	return nil
}

// awaitRelease looks who holds the thing before it is deleted: what the cloud takes away soon is waited for, and so is
// what this run deletes itself, without further looks. Anything else is somebody's and returned. Whether that really
// keeps the thing from being deleted, the cloud decides.
func (r *run) awaitRelease(ctx context.Context, k kind, key Key, o Observed) (theirs []Holder, err error) {
	if !k.holding() {
		return nil, nil
	}
	since, told := r.clock().Now(), ""
	var ours []removing
	err = r.watch.until(ctx, "holders", schedule{since: r.started}, func(ctx context.Context, s *Sweep) (bool, error) {
		holders, err := k.holders(ctx, s, o)
		if err != nil {
			return false, err
		}
		theirs = slices.DeleteFunc(slices.Clone(holders), func(h Holder) bool { return h.Passing })
		ours = r.deletedHere(k, holders)
		if len(theirs) > 0 || len(ours) == len(holders) {
			return true, nil
		}
		held := (&HeldError{By: holders}).Error()
		if held != told {
			told = held
			r.emit(r.graph.Region, key, Waiting, o.Ident().ID, held)
		}
		return false, r.watch.limit(since, Pace{}, held)
	})
	if err != nil {
		return nil, err // theirs may be written still
	}
	if len(theirs) > 0 {
		return theirs, nil
	}
	return nil, r.allGone(ctx, ours)
}

// removing is a removal of this run that others may wait for.
type removing struct {
	key Key
	*progress
}

// deletedHere are the removals of those holders that are of the kind itself and are being removed in this run.
func (r *run) deletedHere(k kind, holders []Holder) []removing {
	var all []removing
	for _, h := range holders {
		if node, ok := r.removals[named{k.kindName(), h.ID}]; ok {
			all = append(all, node)
		}
	}
	return all
}

// standoff is when removals that wait for each other give up; none that is under way takes that long.
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

// awaitGone waits for kinds that leave slowly; the others are gone when their deletion is answered.
func (r *run) awaitGone(ctx context.Context, k kind, key Key, o Observed) error {
	pace := k.pace()
	if pace.Leave == 0 {
		return nil
	}
	since := r.clock().Now()
	when := schedule{since: since, usual: pace.Leave, slack: r.slacks[key], known: o}
	return r.watch.until(ctx, k.kindName(), when, func(ctx context.Context, s *Sweep) (bool, error) {
		all, err := k.list(ctx, s)
		if err != nil {
			return false, err
		}
		for _, found := range all {
			if phase, why := k.phase(found); found.Ident().ID == o.Ident().ID && phase != Gone {
				return false, r.watch.limit(since, pace, why)
			}
		}
		return true, nil
	})
}
