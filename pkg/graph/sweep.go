package graph

import (
	"context"
	"sync"
)

// Sweep is one look at a region: each list call is made at most once in it, however many resources ask.
type Sweep struct {
	Owner Owner

	// Only limits List to these IDs of a kind, tagged or not; nil means everything with the stack's tag.
	Only []string

	// Bound are the IDs that the journal knows, by kind, so that a read that needs an ID can start at once.
	Bound map[string][]string

	// Known are the things that are waited for, by ID, as they were when the wait began: what no wait changes, and a
	// list would need a further call for, is taken from here.
	Known map[string]Observed

	// Again is set where everybody who waits has looked before: a read that can wait for the answer of another, which
	// most likely says enough, is to do so.
	Again bool

	mu    sync.Mutex
	reads map[string]*read
}

type read struct {
	done  chan struct{}
	value any
	err   error
}

// Once runs fetch for the first caller of this name in the sweep; the others wait and share its answer.
func Once[T any](ctx context.Context, s *Sweep, name string, fetch func(context.Context) (T, error)) (T, error) {
	s.mu.Lock()
	if s.reads == nil {
		s.reads = map[string]*read{}
	}
	r, started := s.reads[name]
	if !started {
		r = &read{done: make(chan struct{})}
		s.reads[name] = r
	}
	s.mu.Unlock()

	if !started {
		r.value, r.err = fetch(ctx)
		close(r.done)
	}
	select {
	case <-r.done:
		value, _ := r.value.(T)
		return value, r.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}
