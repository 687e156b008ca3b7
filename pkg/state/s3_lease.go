package state

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"
)

const clockSlack = 2 * time.Second // S3's times are whole seconds

// lease is what a lock's object holds. The object is never deleted, so that its generation only rises.
type lease struct {
	Holder     Holder  `json:"holder"`
	Run        string  `json:"run"`
	Generation uint64  `json:"generation"`
	Renewal    uint64  `json:"renewal"` // makes each renewal another object, so that a taker's If-Match fails
	Seconds    float64 `json:"leaseSeconds"`
	Released   bool    `json:"released"`
}

// take takes one region's lease if it is free, was given back or has run out.
func (s *S3) take(ctx context.Context, region string, mine lease, seen *sightings) (heldLease, error) {
	key := s.lockKey(region)
	o, err := s.get(ctx, key)
	if err != nil {
		return heldLease{}, err
	}
	if o == nil {
		// A user may have removed the lock's object; generations continue from the region's part.
		p, _, err := s.readPart(ctx, s.partKey(region))
		if err != nil && !unreadable(err) {
			return heldLease{}, err
		}
		mine.Generation = p.Fence.Generation + 1
	} else {
		there, err := readLease(o)
		if err != nil || !there.free(max(o.age, seen.unchanged(region, o.etag))) {
			return heldLease{}, &LockedError{Location: s.url(s.partKey(region)), Holder: there.Holder}
		}
		mine.Generation = there.Generation + 1
	}
	etag, err := s.putLease(ctx, key, mine, o.tag())
	if errors.Is(err, ErrStale) {
		return heldLease{}, &LockedError{Location: s.url(s.partKey(region)), Holder: s.holder(ctx, key)}
	}
	return heldLease{mine, etag}, err
}

// unreadable says that something is there that can't be read, which recovery replaces under the lock.
func unreadable(err error) bool {
	_, corrupt := errors.AsType[*CorruptError](err)
	_, newer := errors.AsType[*NewerError](err)
	return corrupt || newer
}

// free says whether a lease that was written so long ago may be taken.
func (l lease) free(age time.Duration) bool {
	return l.Released || age > l.lasts()
}

// lasts is how long no other run may take a lease after it was written.
func (l lease) lasts() time.Duration {
	return time.Duration(l.Seconds*float64(time.Second)) + clockSlack
}

// sightings remember since when a waiting run has seen the same leases. S3's clock tells the age of a lease at once; if
// that clock is wrong, a lease that was not renewed while this run watched is free all the same.
type sightings struct {
	mu    sync.Mutex
	first map[string]sighting
}

type sighting struct {
	etag string
	at   time.Time
}

// unchanged is for how long a region's lease has been the same.
func (s *sightings) unchanged(region, etag string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first[region].etag != etag {
		s.first[region] = sighting{etag, time.Now()}
	}
	return time.Since(s.first[region].at)
}

func readLease(o *object) (lease, error) {
	var l lease
	err := decodeStrictly(o.data, &l)
	return l, err
}

func (s *S3) putLease(ctx context.Context, key string, l lease, etag string) (string, error) {
	data, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return "", err
	}
	return s.put(ctx, key, append(data, '\n'), etag)
}

// holder is who holds a lock as far as can be told.
func (s *S3) holder(ctx context.Context, key string) Holder {
	o, err := s.get(ctx, key)
	if err != nil || o == nil {
		return Holder{}
	}
	l, _ := readLease(o)
	return l.Holder
}

// giveBack releases the lease at a key if it is the given run's. It asks the object, since the answer to the last
// renewal may have been lost.
func (s *S3) giveBack(ctx context.Context, key, run string) error {
	o, err := s.get(ctx, key)
	if err != nil || o == nil {
		return err
	}
	there, err := readLease(o)
	if err != nil || there.Run != run || there.Released {
		return err
	}
	there.Released = true
	if _, err = s.putLease(ctx, key, there, o.etag); errors.Is(err, ErrStale) {
		return nil // another run has taken it
	}
	return err
}

func (s *S3) lockKey(region string) string { return s.locksPrefix() + region + ".json" }
func (s *S3) locksPrefix() string          { return s.base + "/locks/" }
