package graph

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Look is one look at a region: it makes each list call at most once, however many resources need it.
type Look struct {
	Owner Owner

	// Only limits List to these IDs of a kind, tagged or not; nil means everything with the stack's tag.
	Only []string

	// Bound are the IDs that the journal knows, by kind, so that a read that needs an ID can start at once.
	Bound map[string][]string

	// Known are the awaited resources by ID, as they were when the wait started: a check takes from here the values
	// that no wait changes and that a list would need a further call for.
	Known map[string]Observed

	// Thorough is set for a plan, which also reads what only a [Reporting] resource tells of; a removal and a wait need none
	// of it.
	Thorough bool

	// Before are resources by ID as this run saw or left them last. Their values may be outdated: a kind takes from here
	// only what the run itself did.
	Before map[string]Observed

	// Again is set where all that wait have looked before: a read that can wait for the answer of another, which most
	// likely suffices, should do so.
	Again bool

	// Going are the IDs of what a removal deletes, where the look is for obstacles to it.
	Going []string

	began time.Time // of a look that waits for something

	mu    sync.Mutex
	reads map[string]any // each a *read[T]
}

type read[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// Once runs fetch for the first caller of this name in the look; the others wait and share its answer. A name stands
// for one call: with answers of two types it panics, since one of its callers would see an empty list.
func Once[T any](ctx context.Context, s *Look, name string, fetch func(context.Context) (T, error)) (T, error) {
	r, first := readOf[T](s, name)
	if first {
		r.value, r.err = fetch(ctx)
		close(r.done)
	}
	select {
	case <-r.done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

func readOf[T any](s *Look, name string) (r *read[T], first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	started, ok := s.reads[name]
	if !ok {
		if s.reads == nil {
			s.reads = map[string]any{}
		}
		r = &read[T]{done: make(chan struct{})}
		s.reads[name] = r
		return r, true
	}
	if r, ok = started.(*read[T]); !ok {
		panic(fmt.Sprintf("graph: %q is read once as %T, and once as %T", name, started, r))
	}
	return r, false
}
