package state

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/clock"
	"provision/pkg/sandbox"
)

var errCut = errors.New("the connection was cut")

// s3Faults cuts calls of a sandbox as a test wants it. The zero value cuts none.
type s3Faults struct {
	before, after atomic.Pointer[func(sandbox.Call) bool]
}

func (f *s3Faults) intercept(c sandbox.Call, at sandbox.Moment) error {
	chosen := f.before.Load()
	if at == sandbox.After {
		chosen = f.after.Load()
	}
	if chosen != nil && (*chosen)(c) {
		return errCut
	}
	return nil
}

func every(action string) *func(sandbox.Call) bool {
	f := func(c sandbox.Call) bool { return c.Action == action }
	return &f
}

// once cuts the nth call of an action, from 0 on.
func once(action string, n int64) *func(sandbox.Call) bool {
	var seen atomic.Int64
	f := func(c sandbox.Call) bool { return c.Action == action && seen.Add(1) == n+1 }
	return &f
}

func TestS3LockIsHeldAsLongAsItIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := mustAcquire(t, s, "eu-west-1", Global)
		pass(t, time.Hour)
		_, err := s.Acquire(t.Context(), Request{Regions: []string{"eu-west-1", "us-east-1"}, Holder: Self("down", someTime)})
		locked, ok := errors.AsType[*LockedError](err)
		if !ok || locked.Holder.Command != "test" || locked.Holder.Region != "eu-west-1" || locked.Holder.PID == 0 {
			t.Fatalf("got %v", err)
		}
		if holders, err := s.Holders(t.Context()); err != nil || len(holders) != 2 {
			t.Errorf("holders: %v, %v", holders, err)
		}
		mustDo(t, lock.Err(), lock.Release(t.Context()))
		if holders, err := s.Holders(t.Context()); err != nil || len(holders) != 0 {
			t.Errorf("holders after the release: %v, %v", holders, err)
		}
		select {
		case <-lock.Lost():
			t.Error("a lock that was released counts as lost")
		default:
		}
	})
}

func TestS3LockWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		first := mustAcquire(t, s, "eu-west-1")
		told := 0
		go func() {
			_ = clock.Sleep(t.Context(), 10*time.Minute)
			_ = first.Release(t.Context())
		}()
		began := time.Now()
		second, err := s.Acquire(t.Context(), Request{
			Regions: []string{"eu-west-1"}, Timeout: time.Hour, Waiting: func(Holder) { told++ },
		})
		mustDo(t, err, second.Release(t.Context()))
		if waited := time.Since(began); told != 1 || waited < 10*time.Minute || waited > 11*time.Minute {
			t.Errorf("waited %v, told %d times", waited, told)
		}
	})
}

// A runner that was killed renews nothing: here its bucket is gone for it, as for one that lost its network.
func TestS3LeaseEndsWithItsRunner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var faults s3Faults
		box := newBucket(t, sandbox.Options{Intercept: faults.intercept})
		s := newS3(box)
		began := time.Now()
		dead := mustAcquire(t, s, "eu-west-1")
		w := mustOpen(t, dead)
		faults.before.Store(every("PutObject"))
		<-dead.Lost()
		if lost := time.Since(began); lost >= time.Minute {
			t.Errorf("it was only lost after %v, when another could have it", lost)
		}
		err := w.Journal("eu-west-1").Claim(t.Context(), claims("vpc"))
		if _, ok := errors.AsType[*LostError](err); !ok {
			t.Errorf("claim: %v", err)
		}
		faults.before.Store(nil)
		next, err := s.Acquire(t.Context(), Request{Regions: []string{"eu-west-1"}, Timeout: 10 * time.Minute})
		mustDo(t, err, next.Release(t.Context()))
		if taken := time.Since(began); taken <= time.Minute || taken > 2*time.Minute {
			t.Errorf("the next runner had it after %v", taken)
		}
	})
}

// fastClock is a day ahead of the others'.
type fastClock struct{ clock.Real }

func (fastClock) Now() time.Time { return time.Now().Add(24 * time.Hour) }

func TestS3LeaseEndsWhateverTheClocksSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{Clock: fastClock{}}))
		held := mustAcquire(t, s, "eu-west-1")
		pass(t, time.Hour)
		if _, err := s.Acquire(t.Context(), Request{Regions: []string{"eu-west-1"}, Timeout: time.Hour}); err == nil {
			t.Error("took a lease that is renewed")
		}
		mustDo(t, held.Err())
		held.(*s3Lock).stop() // it renews nothing more
		began := time.Now()
		next, err := s.Acquire(t.Context(), Request{Regions: []string{"eu-west-1"}, Timeout: time.Hour})
		mustDo(t, err, next.Release(t.Context()))
		if waited := time.Since(began); waited < 40*time.Second || waited > 2*time.Minute {
			t.Errorf("took it after %v", waited)
		}
	})
}

func TestS3StaleWriterIsFenced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		old := mustAcquire(t, s, "eu-west-1")
		w := mustOpen(t, old)
		mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("vpc")))
		if broken, err := s.Unlock(t.Context(), "eu-west-1", "us-east-1"); err != nil || len(broken) != 1 {
			t.Fatalf("unlock: %v, %v", broken, err)
		}
		next := mustOpen(t, mustAcquire(t, s, "eu-west-1"))
		if err := w.Journal("eu-west-1").Claim(t.Context(), claims("igw")); !errors.Is(err, ErrStale) {
			t.Errorf("claim of the stale writer: %v", err)
		}
		if _, err := old.Open(t.Context(), someHead); err == nil {
			t.Error("a lock that another took opens again")
		}
		mustDo(t, next.Journal("eu-west-1").Claim(t.Context(), claims("subnet/a")))
		if got := mustLoad(t, s).Regions["eu-west-1"].Resources; len(got) != 2 {
			t.Errorf("got %v", got)
		}
	})
}

func TestS3UnlockStopsALiveRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := mustAcquire(t, s, "eu-west-1")
		broken, err := s.Unlock(t.Context())
		if err != nil || len(broken) != 1 || broken[0].Command != "test" {
			t.Fatalf("unlock: %v, %v", broken, err)
		}
		<-lock.Lost()
		if err := lock.Err(); err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("got %v", err)
		}
		if again, err := s.Unlock(t.Context()); err != nil || again != nil {
			t.Errorf("unlock again: %v, %v", again, err)
		}
	})
}

func TestS3DamagedLockIsOnlyBroken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		mustDo(t, mustOpen(t, mustAcquire(t, s, "eu-west-1")).Close(t.Context()))
		o, err := s.get(t.Context(), s.lockKey("eu-west-1"))
		mustDo(t, err)
		_, err = s.put(t.Context(), s.lockKey("eu-west-1"), []byte("{"), o.etag)
		mustDo(t, err)
		_, err = s.Acquire(t.Context(), Request{Regions: []string{"eu-west-1"}})
		if _, ok := errors.AsType[*LockedError](err); !ok {
			t.Errorf("acquire: %v", err)
		}
		if broken, err := s.Unlock(t.Context()); err != nil || len(broken) != 1 {
			t.Errorf("unlock: %v, %v", broken, err)
		}
		mustOpen(t, mustAcquire(t, s, "eu-west-1"))
	})
}

// If any answer to a write is lost, or the write never sent, a run ends as if the answer had come.
func TestS3LostAnswers(t *testing.T) {
	for _, cut := range []string{"before", "after"} {
		for n := range int64(8) {
			synctest.Test(t, func(t *testing.T) {
				var faults s3Faults
				s := newS3(newBucket(t, sandbox.Options{Intercept: faults.intercept}))
				if cut == "before" {
					faults.before.Store(once("PutObject", n))
				} else {
					faults.after.Store(once("PutObject", n))
				}
				lock := mustAcquire(t, s, "eu-west-1")
				w := mustOpen(t, lock)
				mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("vpc")))
				pass(t, time.Minute) // and three renewals
				mustDo(t, w.Journal("eu-west-1").Bind("vpc", "vpc-1"), w.Close(t.Context()), lock.Err(),
					lock.Release(t.Context()))
				if got := mustLoad(t, s).Regions["eu-west-1"].Resources["vpc"].ID; got != "vpc-1" {
					t.Errorf("%s put %d: the VPC is %q", cut, n, got)
				}
				if holders, err := s.Holders(t.Context()); err != nil || len(holders) != 0 {
					t.Errorf("%s put %d: holders %v, %v", cut, n, holders, err)
				}
			})
		}
	}
}

func TestS3RefusedWriteStopsClaims(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var faults s3Faults
		s := newS3(newBucket(t, sandbox.Options{Intercept: faults.intercept}))
		w := mustOpen(t, mustAcquire(t, s, "eu-west-1"))
		faults.before.Store(every("PutObject"))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		err := w.Journal("eu-west-1").Claim(ctx, claims("vpc"))
		if _, ok := errors.AsType[*WriteError](err); !ok || !strings.Contains(err.Error(), "the run creates nothing more") {
			t.Errorf("claim: %v", err)
		}
		if missing := w.Unsaved(); len(missing) != 1 || missing[0].Region != "eu-west-1" {
			t.Errorf("unsaved: %v", missing)
		}
		faults.before.Store(nil)
		mustDo(t, w.Close(t.Context()))
		if got := mustLoad(t, s).Regions["eu-west-1"].Resources; len(got) != 1 {
			t.Errorf("after the bucket came back: %v", got)
		}
	})
}

func TestS3LockNeedsARegion(t *testing.T) {
	s := newS3(newBucket(t, sandbox.Options{}))
	if _, err := s.Acquire(t.Context(), Request{}); err == nil {
		t.Error("locked nothing")
	}
}
