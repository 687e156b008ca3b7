package state

import (
	"context"
	"time"
)

// Lease is a lock that was not released.
type Lease struct {
	Holder Holder
	Left   time.Duration // until another run may take it; negative: since when
}

// Leases are those of all locks that were not given back, whether their holders live or not.
func (s *S3) Leases(ctx context.Context) ([]Lease, error) {
	keys, err := s.list(ctx, s.locksPrefix())
	if err != nil {
		return nil, err
	}
	var all []Lease
	for _, key := range keys {
		o, err := s.get(ctx, key)
		if err != nil {
			return nil, err
		}
		if o == nil {
			continue
		}
		l, err := readLease(o)
		switch {
		case err != nil: // no run can take a lock that can't be read
			all = append(all, Lease{l.Holder, s.lease})
		case !l.Released:
			all = append(all, Lease{l.Holder, l.lasts() - o.age})
		}
	}
	return all, nil
}

// Holders implements [Store].
func (s *S3) Holders(ctx context.Context) ([]Holder, error) {
	leases, err := s.Leases(ctx)
	var all []Holder
	for _, lease := range leases {
		if lease.Left >= 0 {
			all = append(all, lease.Holder)
		}
	}
	return all, err
}

// Breakable implements [Store]: a lease can always be broken.
func (s *S3) Breakable(context.Context) error { return nil }

// Unlock implements [Store]. A run that still lives notices when it next renews its lease, or writes.
func (s *S3) Unlock(ctx context.Context, regions ...string) ([]Holder, error) {
	var keys []string
	for _, region := range regions {
		keys = append(keys, s.lockKey(region))
	}
	if len(regions) == 0 {
		var err error
		if keys, err = s.list(ctx, s.locksPrefix()); err != nil {
			return nil, err
		}
	}
	var broken []Holder
	for _, key := range keys {
		h, err := s.breakLease(ctx, key)
		if err != nil {
			return broken, err
		}
		broken = append(broken, h...)
	}
	return broken, nil
}

func (s *S3) breakLease(ctx context.Context, key string) ([]Holder, error) {
	o, err := s.get(ctx, key)
	if err != nil || o == nil {
		return nil, err
	}
	l, err := readLease(o)
	if err != nil { // it can't be told which generation it was: the next taker asks the region's part
		return []Holder{l.Holder}, s.remove(ctx, key, o.etag)
	}
	if l.Released {
		return nil, nil
	}
	l.Released = true
	_, err = s.putLease(ctx, key, l, o.etag)
	return []Holder{l.Holder}, err
}
