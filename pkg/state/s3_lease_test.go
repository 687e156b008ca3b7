package state

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
)

func TestALeaseIsFreeOnceItIsReleasedOrOver(t *testing.T) {
	minute := lease{Seconds: 60}
	for name, c := range map[string]struct {
		lease lease
		age   time.Duration
		want  bool
	}{
		"new":                  {minute, 0, false},
		"at its end":           {minute, time.Minute + clockSlack, false},
		"after its end":        {minute, time.Minute + clockSlack + 1, true},
		"released":             {lease{Seconds: 60, Released: true}, 0, true},
		"released and over":    {lease{Seconds: 60, Released: true}, time.Hour, true},
		"of a part of seconds": {lease{Seconds: 0.5}, clockSlack + time.Second, true},
	} {
		if got := c.lease.free(c.age); got != c.want {
			t.Errorf("%s: free is %v", name, got)
		}
	}
}

// A lock that can't be read names no holder, and no run takes it, however old it is: it can only be broken.
func TestADamagedLeaseIsNeverTaken(t *testing.T) {
	good := `{"holder":{"command":"up"},"run":"r","generation":1,"renewal":0,"leaseSeconds":60,"released":true}`
	for name, text := range map[string]string{
		"empty": "", "cut off": good[:len(good)/2], "unknown field": `{"color":1,` + good[1:],
		"more after its end": good + "\n{}", "text after its end": good + "x", "another type": `{"generation":"1"}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newS3(newBucket(t, sandbox.Options{}))
			_, err := s.put(t.Context(), s.lockKey(someRegion), []byte(text), "")
			mustDo(t, err)
			pass(t, time.Hour)
			_, err = s.Acquire(t.Context(), Request{Regions: []string{someRegion}})
			if _, ok := errors.AsType[*LockedError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	if _, err := readLease(&object{data: []byte(good + "\n")}); err != nil {
		t.Errorf("a good one: %v", err)
	}
}

// Any lease is read back as it was written, and with anything but white space after it not at all.
func TestALeaseIsReadWholeOrNotAtAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := lease{
			Holder: Holder{Command: rapid.String().Draw(t, "command"), PID: rapid.Int().Draw(t, "pid"), Since: someTime},
			Run:    rapid.StringMatching(`[0-9A-Z]{26}`).Draw(t, "run"), Generation: rapid.Uint64().Draw(t, "generation"),
			Renewal: rapid.Uint64().Draw(t, "renewal"), Seconds: rapid.Float64Range(0, 1e6).Draw(t, "seconds"),
			Released: rapid.Bool().Draw(t, "released"),
		}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := readLease(&object{data: append(text, '\n')}); err != nil || got != want {
			t.Fatalf("read %v, %v of %s", got, err, text)
		}
		more := rapid.StringMatching(`[ \n]{0,3}[^ \t\r\n].{0,5}`).Draw(t, "more")
		if got, err := readLease(&object{data: append(text, more...)}); err == nil {
			t.Fatalf("read %v of %s%s", got, text, more)
		}
	})
}

// Each time a lock is taken its generation rises, also after a user has removed its object: then it continues from the
// fence in the region's part, so that what an older run writes late still fails.
func TestGenerationsRiseWhateverBecomesOfTheLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		last := uint64(0)
		for n := range 5 {
			lock, err := s.Acquire(t.Context(), Request{Regions: []string{someRegion}, Holder: Self("test", someTime)})
			mustDo(t, err)
			if got := lock.(*s3Lock).generations[someRegion]; got <= last {
				t.Fatalf("take %d has generation %d after %d", n, got, last)
			}
			last = lock.(*s3Lock).generations[someRegion]
			mustDo(t, mustOpen(t, lock).Close(t.Context()))
			p, _, err := s.readPart(t.Context(), s.partKey(someRegion))
			mustDo(t, err, lock.Release(t.Context()))
			if p.Fence.Generation != last {
				t.Errorf("take %d with generation %d wrote the fence %d", n, last, p.Fence.Generation)
			}
			if o, err := s.get(t.Context(), s.lockKey(someRegion)); n >= 2 {
				mustDo(t, err, s.remove(t.Context(), s.lockKey(someRegion), o.etag))
			}
		}
	})
}

// Where the lock's object and the part's content are both gone, the lock can be taken to recover the state.
func TestALockOverADamagedPartCanBeTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		_, err := s.put(t.Context(), s.partKey(someRegion), []byte("{"), "")
		mustDo(t, err)
		mustDo(t, mustAcquire(t, s, someRegion).Replace(t.Context(), documentOf(someRegion)))
	})
}

// A run that can't read the lock, or what it continues from, or can't write it, has no lock and has changed none.
func TestALockIsTakenOnlyIfEachCallSucceeds(t *testing.T) {
	for _, call := range []string{"GetObject#1", "GetObject#2", "PutObject#1"} {
		synctest.Test(t, func(t *testing.T) {
			box := newBucket(t, sandbox.Options{})
			fault, err := sandbox.ParseFault("*/s3:" + call + "/code=AccessDenied")
			mustDo(t, err)
			box.AddFaults(fault)
			s := newS3(box)
			_, err = s.Acquire(t.Context(), Request{Regions: []string{someRegion}})
			if !cloud.IsDenied(err) {
				t.Errorf("%s is refused: %v", call, err)
			}
			if keys, err := s.list(t.Context(), s.locksPrefix()); err != nil || len(keys) > 0 {
				t.Errorf("%s is refused, and there is %q, %v", call, keys, err)
			}
		})
	}
}

// Of two runs that find a lock free, one gets it, and the other is told who has it.
func TestOneOfTwoThatFindALockFreeGetsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		var winner Lock
		first := sync.OnceFunc(func() { winner = mustAcquire(t, s, someRegion) })
		_, err := overtaken(s, s.lockKey(someRegion), first).Acquire(t.Context(), Request{Regions: []string{someRegion}})
		locked, ok := errors.AsType[*LockedError](err)
		if !ok || locked.Holder.Command != "test" || !strings.Contains(locked.Location, someRegion) {
			t.Errorf("got %v", err)
		}
		mustDo(t, winner.Err())
	})
}
