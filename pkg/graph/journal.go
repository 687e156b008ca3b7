package graph

import (
	"context"
	"time"
)

// Claim is the right to make one thing: recorded before the call, found by its nonce after a crash.
type Claim struct {
	Key   Key
	Nonce string            // 26 characters; also the API's client token where it has one
	Tags  map[string]string // everything to tag the thing with, the nonce included
}

// Entry is what the journal knows of a resource.
type Entry struct {
	Key   Key
	ID    string // empty: claimed, and perhaps made
	Nonce string
	Since time.Time // of the claim, or of the ID once there is one
}

// Journal is what survives a crash. Its methods are called from many goroutines.
type Journal interface {
	// Entries are all that the journal knows of the region.
	Entries() []Entry

	// Claim is durable when it returns.
	Claim(ctx context.Context, claims []Claim) error

	// Bind records the ID that a claim, or a look, led to. It may become durable a moment later; an error means
	// that the journal can't be written any more and that nothing new may be made.
	Bind(key Key, id string) error

	// Forget records that a resource is gone.
	Forget(key Key) error

	// Flush returns when everything is durable.
	Flush(ctx context.Context) error
}
