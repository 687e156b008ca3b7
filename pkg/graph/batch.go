package graph

import (
	"context"
	"slices"
	"sync"
)

// batch is the set of resources that one call deletes: the first caller deletes for all of them.
type batch struct {
	things []Observed
	mu     sync.Mutex
	asked  map[string]bool // an ID that is passed again is deleted with a call of its own

	answered chan struct{} // the rest may be read once it is closed
	failed   map[string]error
	err      error
}

// gather creates a batch for each kind whose resources are deleted together and wait for no other resource.
func (r *run) gather(things []doomed) {
	r.batches = map[string]*batch{}
	for _, thing := range things {
		k := thing.kind
		if !k.together() || k.holding() || len(r.graph.after[k.kindName()]) > 0 || !r.Owner.Owns(thing.o.Ident()) {
			continue
		}
		if phase, _ := k.phase(thing.o); phase == Leaving || phase == Gone {
			continue
		}
		if r.batches[k.kindName()] == nil {
			r.batches[k.kindName()] = &batch{asked: map[string]bool{}, answered: make(chan struct{})}
		}
		b := r.batches[k.kindName()]
		b.things = append(b.things, thing.o)
	}
}

// remove starts the deletion of a resource, and of its whole batch.
func (r *run) remove(ctx context.Context, k kind, o Observed) error {
	if b := r.batches[k.kindName()]; b != nil {
		if done, err := b.remove(ctx, k, o); done {
			return err
		}
	}
	return k.remove(ctx, o)
}

// remove reports as done that the batch's call covered the resource; err is then the resource's own.
func (b *batch) remove(ctx context.Context, k kind, o Observed) (done bool, err error) {
	id := o.Ident().ID
	first, again := b.ask(id)
	if again || !slices.ContainsFunc(b.things, func(t Observed) bool { return t.Ident().ID == id }) {
		return false, nil
	}
	if first {
		b.failed, b.err = k.removeTogether(ctx, b.things)
		close(b.answered)
	}
	<-b.answered
	return b.err == nil, b.failed[id]
}

func (b *batch) ask(id string) (first, again bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	first, again = len(b.asked) == 0, b.asked[id]
	b.asked[id] = true
	return first, again
}
