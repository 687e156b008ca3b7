package graph

import (
	"maps"
	"slices"

	"provision/pkg/clock"
)

// Engine plans, applies and removes one region's graph for an owner.
//
// A context that ends means: start nothing new. Calls in flight that change something are not cut off, since
// a cut call may have had its effect; they end by their own time limits and are recorded.
type Engine struct {
	Owner    Owner
	Journal  Journal
	Classify func(error) Class // the class of a resource's error; nil treats every error as Fatal
	Events   func(Event)       // may be nil; called from many goroutines
	Clock    clock.Clock       // nil: real time
	NewNonce func() string     // 26 characters, never the same twice
	Jitter   Jitter            // nil: at random

	// Parallelism is how many resources may have calls in flight at once; 0 means no limit. Those on the longest path
	// go first.
	Parallelism int
}

// Class is what an error means for what to do next.
type Class int

// The classes of errors.
const (
	Fatal     Class = iota // permanent
	Ambiguous              // whether the call had its effect is unknown: look
	Throttled              // certainly no effect: wait and repeat
	NotYet                 // something it needs has not spread yet: wait and repeat
	Exists                 // one exists already: look whether it belongs to the stack
	Held                   // something still depends on it
	NotFound               // it is not there
)

func (e *Engine) clock() clock.Clock {
	if e.Clock == nil {
		return clock.Real{}
	}
	return e.Clock
}

func (e *Engine) classify(err error) Class {
	if e.Classify == nil {
		return Fatal
	}
	return e.Classify(err)
}

// newLook starts a new look at the region.
func (e *Engine) newLook() *Look {
	bound := map[string][]string{}
	for _, entry := range e.Journal.Entries() {
		if entry.ID != "" {
			bound[entry.Key.Kind()] = append(bound[entry.Key.Kind()], entry.ID)
		}
		bound[entry.Key.Kind()] = append(bound[entry.Key.Kind()], entry.Former...)
	}
	return &Look{Owner: e.Owner, Bound: bound}
}

// claim makes the claim for a resource, or resumes an open one of an earlier run with its nonce. It keeps the entry's
// earlier generations.
func (e *Engine) claim(w wish, open Entry) Claim {
	nonce := open.Nonce
	if nonce == "" || open.ID != "" {
		nonce = e.NewNonce()
	}
	tags := maps.Clone(w.tags().Want)
	if tags == nil {
		tags = map[string]string{}
	}
	tags[TagNonce] = nonce
	return Claim{Key: w.Key(), Nonce: nonce, Tags: tags, Former: slices.Clone(open.Former)}
}
