package state

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"provision/pkg/graph"
)

// errClosed is why a writer no longer writes.
var errClosed = errors.New("the run's writer is closed")

// Writer is the one way in which a run changes a state. It is safe for many goroutines.
type Writer struct {
	base    Document           // the head, and the regions that this run may only read
	ledgers map[string]*ledger // by region; a ledger under "" holds every region
}

// Unsaved is an entry that a journal could not make durable: the resource may exist, and the state does not have it.
type Unsaved struct {
	Region string
	graph.Entry
}

// Document is a copy of what is known now, durable or not.
func (w *Writer) Document() Document {
	d := w.base.clone()
	for _, l := range w.ledgers {
		part := l.snapshot()
		d.Serial += part.Serial
		if part.Updated.After(d.Updated) {
			d.Updated = part.Updated
		}
		maps.Copy(d.Regions, part.Regions)
	}
	return d
}

// Journal is a region's, for the engine. One of a region that the lock does not cover can only be read.
func (w *Writer) Journal(region string) graph.Journal {
	if l := w.ledger(region); l != nil {
		return journal{l, region}
	}
	return readJournal{w.base.Regions[region].entries(), errNotLocked(region)}
}

// SetFacts records what was decided for a region. It is durable before the next claim is.
func (w *Writer) SetFacts(region string, f Facts) error {
	l := w.ledger(region)
	if l == nil {
		return errNotLocked(region)
	}
	_, err := l.edit(region, []graph.Key{""}, func(r *Region) bool {
		differs := !r.equal(f)
		r.Facts = Region{Facts: f}.clone().Facts
		return differs
	})
	return err
}

// Drop forgets a region that holds no resource any more.
func (w *Writer) Drop(region string) error {
	l := w.ledger(region)
	if l == nil {
		return errNotLocked(region)
	}
	left := 0
	_, err := l.edit(region, []graph.Key{""}, func(r *Region) bool {
		if left = len(r.Resources); left > 0 || r.empty() {
			return false
		}
		r.Facts = Facts{}
		return true
	})
	if left > 0 {
		return fmt.Errorf("%s still holds %d resources in the state", region, left)
	}
	return err
}

// Unsaved is what the state lacks after a write failed, by region and key.
func (w *Writer) Unsaved() []Unsaved {
	var all []Unsaved
	for _, l := range w.ledgers {
		all = append(all, l.unsaved()...)
	}
	slices.SortFunc(all, func(a, b Unsaved) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Key, b.Key))
	})
	return all
}

// Flush returns when everything is durable. Where a write failed it tries once more.
func (w *Writer) Flush(ctx context.Context) error {
	names := slices.Sorted(maps.Keys(w.ledgers))
	errs := make([]error, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() { errs[i] = w.ledgers[name].flush(ctx) })
	}
	group.Wait()
	return errors.Join(errs...)
}

// Close flushes, and ends the writing: later changes are refused.
func (w *Writer) Close(ctx context.Context) error {
	err := w.Flush(ctx)
	for _, l := range w.ledgers {
		l.close()
	}
	return err
}

// ledger is the ledger that holds a region; nil if this run must not write it.
func (w *Writer) ledger(region string) *ledger {
	if whole := w.ledgers[""]; whole != nil {
		return whole
	}
	return w.ledgers[region]
}

func errNotLocked(region string) error {
	return fmt.Errorf("this run did not lock the state of %s", region)
}
