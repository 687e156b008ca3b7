package state

import (
	"context"
	"maps"
	"time"

	"provision/pkg/graph"
)

// ledger holds what is kept in one place, the whole state or one region's part, and what of it is not durable yet.
// Its committer makes it durable.
type ledger struct {
	committer
	now func() time.Time

	// Guarded by the committer's mutex.
	doc     Document
	touched map[entryRef]uint64 // which change last touched what is not durable
}

// entryRef names a resource, or with an empty key a region's facts.
type entryRef struct {
	region string
	key    graph.Key
}

// newLedger keeps doc by save, which gets a copy of its own.
func newLedger(ctx context.Context, location string, doc Document, o ledgerOptions, save saveFunc) *ledger {
	l := &ledger{now: o.now, doc: doc.clone(), touched: map[entryRef]uint64{}}
	l.committer = newCommitter(ctx, location, o.linger, l, save)
	return l
}

type ledgerOptions struct {
	now    func() time.Time
	linger time.Duration
}

// edit changes one region, unless the function says that nothing differs, and returns the change's number.
func (l *ledger) edit(region string, keys []graph.Key, change func(*Region) bool) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.doc.Regions[region].clone()
	if r.Resources == nil {
		r.Resources = map[graph.Key]Resource{}
	}
	if !change(&r) {
		return l.latest, l.broken
	}
	if r.empty() {
		delete(l.doc.Regions, region)
	} else {
		l.doc.Regions[region] = r
	}
	n := l.changed()
	for _, key := range keys {
		l.touched[entryRef{region, key}] = n
	}
	return n, l.broken
}

// take copies what must be saved. The caller holds the mutex.
func (l *ledger) take() Document {
	l.doc.Serial++
	l.doc.Updated = stamp(l.now())
	for ref := range l.touched {
		if r, ok := l.doc.Regions[ref.region]; ok {
			r.Serial = l.doc.Serial
			l.doc.Regions[ref.region] = r
		}
	}
	return l.doc.clone()
}

// saved forgets what is durable. The mutex is held.
func (l *ledger) saved(n uint64) {
	maps.DeleteFunc(l.touched, func(_ entryRef, touched uint64) bool { return touched <= n })
}

// snapshot is a copy of what is known.
func (l *ledger) snapshot() Document {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.doc.clone()
}

// entries are a region's.
func (l *ledger) entries(region string) []graph.Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.doc.Regions[region].entries()
}

// unsaved are the entries that are not durable, in no order.
func (l *ledger) unsaved() []Unsaved {
	l.mu.Lock()
	defer l.mu.Unlock()
	var missing []Unsaved
	for ref := range l.touched {
		if resource, ok := l.doc.Regions[ref.region].Resources[ref.key]; ok {
			missing = append(missing, Unsaved{Region: ref.region, Entry: resource.entry(ref.key)})
		}
	}
	return missing
}
