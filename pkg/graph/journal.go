package graph

import (
	"context"
	"slices"
	"time"
)

// Claim is the right to create one resource: recorded before the call, and found by its nonce after a crash.
type Claim struct {
	Key   Key
	Nonce string            // 26 characters; also the API's client token where it has one
	Tags  map[string]string // all tags of the resource, the nonce included

	// Former are the IDs of earlier generations that still exist: the new one replaces them.
	Former []string
}

// Entry is what the journal knows of a resource.
type Entry struct {
	Key   Key
	ID    string // empty: claimed, and perhaps created
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

// Bound is the entry once the resource's ID is known. An earlier generation that is restored changes places with the
// one that was meant to replace it.
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

// Without is the entry after the resource with the ID was deleted, and whether it still has content. An empty ID stands
// for all of them.
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

// Knows reports whether the ID is that of the resource, or of an earlier generation of it.
func (e Entry) Knows(id string) bool { return e.ID == id || slices.Contains(e.Former, id) }

// open reports whether the entry has a claim that may have created a resource.
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

	// Bind records the ID of the resource that a claim, or a look, found; see [Entry.Bound]. It may become durable a
	// moment later. An error means that the journal can't be written any more: then the engine must not create anything
	// else.
	Bind(key Key, id string) error

	// Forget records that the resource with the ID no longer exists, whether the ID is the current generation's or an
	// earlier one's; see [Entry.Without].
	Forget(key Key, id string) error

	// Flush returns when everything is durable.
	Flush(ctx context.Context) error
}
