package graph

import (
	"context"
	"slices"
	"time"
)

// Claim is the right to make one thing: recorded before the call, found by its nonce after a crash.
type Claim struct {
	Key   Key
	Nonce string            // 26 characters; also the API's client token where it has one
	Tags  map[string]string // everything to tag the thing with, the nonce included

	// Former are the IDs of earlier generations that are still there: the one that is to be made replaces them.
	Former []string
}

// Entry is what the journal knows of a resource.
type Entry struct {
	Key   Key
	ID    string // empty: claimed, and perhaps made
	Nonce string
	Since time.Time // of the claim, or of the ID once there is one

	// Former are the IDs of generations that were replaced, or are being replaced, and that are not deleted yet.
	Former []string
}

// Claimed is the entry once a claim is recorded: earlier generations stay known.
func (e Entry) Claimed(c Claim, since time.Time) Entry {
	former := slices.Clone(e.Former)
	for _, id := range c.Former {
		if !slices.Contains(former, id) {
			former = append(former, id)
		}
	}
	return Entry{Key: c.Key, Nonce: c.Nonce, Since: since, Former: former}
}

// Bound is the entry once it is known which thing is the resource. An earlier generation that is taken back changes
// places with the one that was to replace it.
func (e Entry) Bound(id string, since time.Time) Entry {
	if slices.Contains(e.Former, id) {
		e.Former = without(e.Former, id)
		if e.ID != "" {
			e.Former = append(e.Former, e.ID)
		}
	}
	e.ID, e.Since = id, since
	return e
}

// Without is the entry once the thing with the ID is gone, and whether anything is left to know: no ID stands for
// everything.
func (e Entry) Without(id string) (left Entry, known bool) {
	switch {
	case id == "":
		return Entry{}, false
	case slices.Contains(e.Former, id):
		e.Former = without(e.Former, id)
	case e.ID == "" || e.ID == id:
		e.ID, e.Nonce = "", ""
	}
	return e, e.ID != "" || e.Nonce != "" || len(e.Former) > 0
}

// Knows says whether the thing with the ID is the resource, or an earlier generation of it.
func (e Entry) Knows(id string) bool { return e.ID == id || slices.Contains(e.Former, id) }

// open says whether there is a claim that may have made something.
func (e Entry) open() bool { return e.ID == "" && e.Nonce != "" }

func without(ids []string, id string) (rest []string) {
	for _, other := range ids {
		if other != id {
			rest = append(rest, other)
		}
	}
	return rest
}

// Journal is what survives a crash. Its methods are called from many goroutines.
type Journal interface {
	// Entries are all that the journal knows of the region.
	Entries() []Entry

	// Claim is durable when it returns. See [Entry.Claimed].
	Claim(ctx context.Context, claims []Claim) error

	// Bind records the ID that a claim, or a look, led to; see [Entry.Bound]. It may become durable a moment later; an error means
	// that the journal can't be written any more and that nothing new may be made.
	Bind(key Key, id string) error

	// Forget records that the thing with the ID is gone, which is the resource or an earlier generation of it; see
	// [Entry.Without].
	Forget(key Key, id string) error

	// Flush returns when everything is durable.
	Flush(ctx context.Context) error
}
