package state

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
)

// newS3Lock is a lock that renews itself only when a test says so.
func newS3Lock(t *testing.T, s *S3, regions ...string) *s3Lock {
	t.Helper()
	lock := mustAcquire(t, s, regions...).(*s3Lock)
	lock.stop()
	<-lock.done
	return lock
}

// leaseOf reads a region's lease.
func leaseOf(t *testing.T, s *S3, region string) (lease, string) {
	t.Helper()
	o, err := s.get(t.Context(), s.lockKey(region))
	mustDo(t, err)
	l, err := readLease(o)
	mustDo(t, err)
	return l, o.etag
}

// Each renewal is another object of the same lock, so that a run that read the one before can't take it.
func TestARenewalChangesTheObjectAndKeepsTheLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := newS3Lock(t, s, someRegion)
		taken, before := leaseOf(t, s, someRegion)
		for n := range uint64(3) {
			mustDo(t, lock.renew(t.Context(), someRegion))
			now, etag := leaseOf(t, s, someRegion)
			if etag == before || lock.held[someRegion].etag != etag {
				t.Errorf("renewal %d: the tag is %s after %s, and the lock knows %s", n, etag, before, lock.held[someRegion].etag)
			}
			taken.Renewal = n + 1
			if now != taken {
				t.Errorf("renewal %d wrote %v, want %v", n, now, taken)
			}
			before = etag
		}
	})
}

// A renewal that is refused is an error, and the lock still knows the object that is there: the next one succeeds.
func TestARenewalThatFailsIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := newBucket(t, sandbox.Options{})
		s := newS3(box)
		lock := newS3Lock(t, s, someRegion)
		before := lock.held[someRegion]
		fault, err := sandbox.ParseFault("*/s3:PutObject#1/code=AccessDenied")
		mustDo(t, err)
		box.AddFaults(fault)
		if err := lock.renew(t.Context(), someRegion); !cloud.IsDenied(err) || lock.held[someRegion] != before {
			t.Errorf("%v, and the lock has %v", err, lock.held[someRegion])
		}
		mustDo(t, lock.renew(t.Context(), someRegion))
		_, err = s.Unlock(t.Context())
		mustDo(t, err)
		if err := lock.renew(t.Context(), someRegion); !errors.Is(err, ErrStale) {
			t.Errorf("renewed a broken lock: %v", err)
		}
	})
}

// steadyBy moves a time's monotonic reading by d and leaves its wall clock alone. No function of package time does so: the
// reading is the field after the 64 bits of the wall clock.
func steadyBy(t *testing.T, at time.Time, d time.Duration) time.Time {
	t.Helper()
	moved := at
	*(*int64)(unsafe.Add(unsafe.Pointer(&moved), unsafe.Sizeof(uint64(0)))) += int64(d)
	if moved.Sub(at) != d || !moved.Round(0).Equal(at.Round(0)) {
		t.Fatalf("%v, moved by %v, is %v", at, d, moved)
	}
	return moved
}

// While a machine sleeps its monotonic clock may stand still, and a user may turn its wall clock back: a lease that has ended by
// either clock has ended.
func TestALeaseEndsByWhicheverClockIsAhead(t *testing.T) {
	now := time.Now() // outside of a bubble, where a time has both
	for name, c := range map[string]struct {
		until time.Time
		ended bool
	}{
		"neither":           {now.Add(time.Hour), false},
		"both":              {now.Add(-time.Hour), true},
		"the wall clock":    {steadyBy(t, now.Add(-time.Hour), 2*time.Hour), true},
		"the steady clock":  {steadyBy(t, now.Add(time.Hour), -2*time.Hour), true},
		"neither, far away": {steadyBy(t, now.Add(time.Hour), time.Hour), false},
	} {
		if lock := (&s3Lock{until: c.until}); lock.ended() != c.ended {
			t.Errorf("ended by %s: %v", name, !c.ended)
		}
	}
}

// What was lost first is what every later caller is told, and what ends the work under the lock.
func TestALockIsLostOnceAndForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lock := newS3Lock(t, newS3(newBucket(t, sandbox.Options{})), someRegion)
		mustDo(t, lock.Err())
		first := lock.lose(errors.New("it was broken"))
		again := lock.lose(errors.New("its lease ran out"))
		<-lock.Lost()
		for _, err := range []error{first, again, lock.Err(), context.Cause(lock.ctx)} {
			if _, ok := errors.AsType[*LostError](err); !ok || !strings.Contains(err.Error(), "it was broken") {
				t.Errorf("got %v", err)
			}
		}
	})
}
