package state

import (
	"context"
	"errors"
	"fmt"

	"provision/pkg/graph"
)

// errReadOnly is what a journal answers that belongs to no lock.
var errReadOnly = errors.New("the state was opened for reading only")

// journal is one region's part of a ledger, as the engine sees it.
type journal struct {
	*ledger
	region string
}

// Entries implements [graph.Journal].
func (j journal) Entries() []graph.Entry { return j.entries(j.region) }

// Claim implements [graph.Journal]. A resumed claim is as fresh as a new one, since its creation may happen now.
func (j journal) Claim(ctx context.Context, claims []graph.Claim) error {
	if len(claims) == 0 {
		return nil
	}
	if err := j.writable(); err != nil {
		return err
	}
	keys := make([]graph.Key, 0, len(claims))
	for _, c := range claims {
		keys = append(keys, c.Key)
	}
	since := stamp(j.now())
	n, err := j.edit(j.region, keys, func(r *Region) bool {
		for _, c := range claims {
			r.Resources[c.Key] = resourceOf(r.Resources[c.Key].entry(c.Key).Claimed(c, since))
		}
		return true
	})
	if err != nil {
		return err
	}
	return j.wait(ctx, n)
}

// Bind implements [graph.Journal]. It remembers an ID even if it can't write it, for [Writer.Unsaved] to list.
func (j journal) Bind(key graph.Key, id string) error {
	since := stamp(j.now())
	_, err := j.edit(j.region, []graph.Key{key}, func(r *Region) bool {
		had := r.Resources[key]
		now := resourceOf(had.entry(key).Bound(id, since))
		r.Resources[key] = now
		return had.ID != id || len(had.Former) != len(now.Former)
	})
	return err
}

// Forget implements [graph.Journal].
func (j journal) Forget(key graph.Key, id string) error {
	_, err := j.edit(j.region, []graph.Key{key}, func(r *Region) bool {
		had, ok := r.Resources[key]
		left, known := had.entry(key).Without(id)
		if known {
			r.Resources[key] = resourceOf(left)
		} else {
			delete(r.Resources, key)
		}
		return ok && (!known || had.ID != left.ID || len(had.Former) != len(left.Former))
	})
	return err
}

// Flush implements [graph.Journal].
func (j journal) Flush(ctx context.Context) error { return j.flush(ctx) }

// readJournal is a region of a document that this run must not change.
type readJournal struct {
	entries []graph.Entry
	why     error
}

// Journal is a region as the engine reads it. It refuses every write.
func (d Document) Journal(region string) graph.Journal {
	return readJournal{d.Regions[region].entries(), errReadOnly}
}

// Entries implements [graph.Journal].
func (j readJournal) Entries() []graph.Entry { return j.entries }

// Claim implements [graph.Journal].
func (j readJournal) Claim(_ context.Context, claims []graph.Claim) error {
	if len(claims) == 0 {
		return nil
	}
	return fmt.Errorf("claim %s: %w", claims[0].Key, j.why)
}

// Bind implements [graph.Journal].
func (j readJournal) Bind(key graph.Key, id string) error {
	return fmt.Errorf("record that %s is %s: %w", key, id, j.why)
}

// Forget implements [graph.Journal].
func (j readJournal) Forget(key graph.Key, id string) error {
	return fmt.Errorf("record that %s %s is gone: %w", key, id, j.why)
}

// Flush implements [graph.Journal].
func (readJournal) Flush(context.Context) error { return nil }
