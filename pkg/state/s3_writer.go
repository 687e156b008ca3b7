package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// fenceAttempts is how often a writer whose lease has ended may still write between our look and our fence.
const fenceAttempts = 5

// Open implements [Lock].
func (l *s3Lock) Open(ctx context.Context, run Head) (*Writer, error) {
	d, err := l.begin(ctx, run)
	if err != nil {
		return nil, err
	}
	fenced, err := l.fenceAll(ctx, d.Head)
	if err != nil {
		return nil, err
	}
	// Another run may have ended this state and started a new one between our look at the head and our fences.
	again, err := l.begin(ctx, run)
	if err != nil {
		return nil, err
	}
	if again.Owner != d.Owner {
		return nil, fmt.Errorf("%s: %w", l.store.Location(), ErrStale)
	}
	w := &Writer{base: again, ledgers: map[string]*ledger{}}
	for i, region := range l.regions {
		w.base.Serial -= fenced[i].Serial
		delete(w.base.Regions, region)
		w.ledgers[region] = newLedger(ctx, l.store.Location(), fenced[i].Document,
			ledgerOptions{now: l.store.now, linger: s3Linger}, l.saver(region, fenced[i].etag))
	}
	return w, nil
}

// begin reads the document that a run starts from. It writes its head where there is none, or in place of that of
// another stack that has no resources left.
func (l *s3Lock) begin(ctx context.Context, run Head) (Document, error) {
	s := l.store
	for range fenceAttempts {
		d, head, err := s.load(ctx)
		if err != nil {
			return Document{}, err
		}
		if d, err = begin(d, run, s.now()); err != nil {
			return Document{}, fmt.Errorf("the state %s: %w", s.Location(), err)
		}
		if head.owner == d.Owner {
			return d, nil
		}
		_, err = l.write(ctx, "", Document{Schema: Schema, Head: d.Head, Updated: stamp(s.now())}, head.etag)
		if !errors.Is(err, ErrStale) {
			return d, err
		}
	}
	return Document{}, fmt.Errorf("%s: %w", s.url(s.headKey()), ErrStale)
}

// fencedPart is a region's part under this run's fence.
type fencedPart struct {
	Document
	etag string
}

func (l *s3Lock) fenceAll(ctx context.Context, head Head) ([]fencedPart, error) {
	parts := make([]fencedPart, len(l.regions))
	group, ctx := errgroup.WithContext(ctx)
	for i, region := range l.regions {
		group.Go(func() (err error) {
			parts[i], err = l.fence(ctx, region, head)
			return err
		})
	}
	return parts, group.Wait()
}

// fence writes a region's part again, unchanged, under this run's lock. Writes that an older lock's holder made before
// that are kept; its later ones fail.
func (l *s3Lock) fence(ctx context.Context, region string, head Head) (fencedPart, error) {
	key := l.store.partKey(region)
	for range fenceAttempts {
		p, o, err := l.store.readPart(ctx, key)
		if err != nil {
			return fencedPart{}, err
		}
		switch {
		case p.Fence.Generation > l.generations[region]:
			return fencedPart{}, l.lose(fmt.Errorf("another run took %s over", region))
		case p.Owner != head.Owner && !p.Empty():
			return fencedPart{}, fmt.Errorf("%s: %w", l.store.url(key), ErrStale)
		case p.Owner != head.Owner:
			p.Regions = nil
		}
		d := Document{
			Schema: Schema, Head: head, Serial: p.Serial + 1, Updated: stamp(l.store.now()), Regions: p.Regions,
		}
		etag, err := l.write(ctx, region, d, o.tag())
		if !errors.Is(err, ErrStale) {
			return fencedPart{d, etag}, err
		}
	}
	return fencedPart{}, fmt.Errorf("%s: %w", l.store.url(key), ErrStale)
}

// saver writes a region's part again and again, each time over what it wrote before.
func (l *s3Lock) saver(region, etag string) saveFunc {
	return func(_ context.Context, d Document) error {
		written, err := l.write(l.ctx, region, d, etag)
		if err == nil {
			etag = written
		}
		return err
	}
}

// write writes a region's part, or with an empty region the head, unless the lock is lost.
func (l *s3Lock) write(ctx context.Context, region string, d Document, etag string) (string, error) {
	if err := l.Err(); err != nil {
		return "", err
	}
	data, err := seal(part{d, fence{l.generations[region], l.id}})
	if err != nil {
		return "", err
	}
	key := l.store.headKey()
	if region != "" {
		key = l.store.partKey(region)
	}
	ctx, cancel := context.WithTimeout(ctx, max(l.store.lease, time.Second))
	defer cancel()
	written, err := l.store.put(ctx, key, data, etag)
	if err != nil && l.Err() != nil {
		return "", l.Err()
	}
	return written, err
}
