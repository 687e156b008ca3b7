package state

import (
	"context"
	"fmt"
)

// Replace implements [Lock]. Regions that the lock does not cover are left alone.
func (l *s3Lock) Replace(ctx context.Context, d Document) error {
	s := l.store
	for region := range d.Regions {
		if _, locked := l.generations[region]; !locked {
			return errNotLocked(region)
		}
	}
	head, o, err := s.readPart(ctx, s.headKey())
	if err != nil && o == nil {
		return err
	}
	for _, region := range l.regions {
		if err := l.replacePart(ctx, region, d); err != nil {
			return err
		}
	}
	if err != nil || o == nil || head.Owner != d.Owner {
		if _, err := l.write(ctx, "", Document{Schema: Schema, Head: d.Head, Updated: stamp(s.now())}, o.tag()); err != nil {
			return err
		}
	}
	there, err := s.Load(ctx)
	if err != nil {
		return err
	}
	if !l.covered(d).sameAs(l.covered(there)) {
		return fmt.Errorf("%s does not hold what was just written to it", s.Location())
	}
	return nil
}

func (l *s3Lock) replacePart(ctx context.Context, region string, d Document) error {
	there, o, err := l.store.readPart(ctx, l.store.partKey(region))
	if err != nil && o == nil {
		return err
	}
	only := Document{
		Schema: Schema, Head: d.Head, Serial: max(there.Serial, d.Serial) + 1, Updated: stamp(l.store.now()),
	}
	if r, ok := d.Regions[region]; ok {
		only.Regions = map[string]Region{region: r}
	}
	_, err = l.write(ctx, region, only, o.tag())
	return err
}

// covered is what a document says of the lock's regions.
func (l *s3Lock) covered(d Document) Document {
	all := d.Regions
	d.Regions = map[string]Region{}
	for _, region := range l.regions {
		if r, ok := all[region]; ok {
			d.Regions[region] = r
		}
	}
	return d
}

// Discard implements [Lock]. The bucket's versions of what is deleted stay. The head goes with the last region.
func (l *s3Lock) Discard(ctx context.Context) error {
	s := l.store
	if err := l.Err(); err != nil {
		return err
	}
	for _, region := range l.regions {
		p, o, err := s.readPart(ctx, s.partKey(region))
		switch {
		case err != nil:
			return err
		case o == nil:
			continue
		case !p.Empty():
			return fmt.Errorf("%s still holds resources: it is kept", s.url(s.partKey(region)))
		}
		if err := s.remove(ctx, s.partKey(region), o.etag); err != nil {
			return err
		}
	}
	left, err := s.list(ctx, s.partsPrefix())
	if err != nil || len(left) > 0 {
		return err
	}
	_, head, err := s.readPart(ctx, s.headKey())
	if err != nil || head == nil {
		return err
	}
	return s.remove(ctx, s.headKey(), head.etag)
}
