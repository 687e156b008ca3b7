package state

import "context"

// Holders implements [Store].
func (s *S3) Holders(ctx context.Context) ([]Holder, error) {
	keys, err := s.list(ctx, s.locksPrefix())
	if err != nil {
		return nil, err
	}
	var all []Holder
	for _, key := range keys {
		o, err := s.get(ctx, key)
		if err != nil {
			return nil, err
		}
		if o == nil {
			continue
		}
		if l, err := readLease(o); err != nil || !l.free(o.age) {
			all = append(all, l.Holder)
		}
	}
	return all, nil
}

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
