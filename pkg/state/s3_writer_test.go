package state

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
)

// A run whose first looks or fences fail has no writer, whichever of the calls it was.
func TestS3OpenFailsWithAnyOfItsCalls(t *testing.T) {
	open := func(t *testing.T, fault string) (calls map[string]int, err error) {
		box := newBucket(t, sandbox.Options{})
		lock := newS3Lock(t, newS3(box), someRegion, Global)
		if fault != "" {
			parsed, err := sandbox.ParseFault(fault)
			mustDo(t, err)
			box.AddFaults(parsed)
		}
		box.ForgetCalls()
		w, err := lock.Open(t.Context(), someHead)
		if (w == nil) != (err != nil) {
			t.Errorf("%s: a writer %v, and %v", fault, w, err)
		}
		return box.CallCounts(), err
	}
	synctest.Test(t, func(t *testing.T) {
		calls, err := open(t, "")
		mustDo(t, err)
		if len(calls) != 3 {
			t.Fatalf("it reads, lists and writes with %v", calls)
		}
		for name, count := range calls {
			for n := range count {
				fault := fmt.Sprintf("%s#%d/code=AccessDenied", name, n+1)
				if _, err := open(t, fault); !cloud.IsDenied(err) {
					t.Errorf("%s of %d: %v", fault, count, err)
				}
			}
		}
	})
}

// theirPart is a region's part of another stack that was, or is, at the same place.
func theirPart(d Document) part {
	d.Owner = owner2
	return part{d, fence{0, "another"}}
}

// A fence over the part of another owner: what holds resources is left as it is, and of what holds none nothing is kept.
func TestAFenceKeepsNoRegionOfAnotherOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := newS3Lock(t, s, "eu-west-1", "us-east-1")
		full, empty := documentOf("eu-west-1"), documentOf("us-east-1")
		facts := empty.Regions["us-east-1"]
		facts.Resources = nil
		empty.Regions["us-east-1"] = facts
		for region, d := range map[string]Document{"eu-west-1": full, "us-east-1": empty} {
			_, err := s.put(t.Context(), s.partKey(region), mustSeal(t, theirPart(d)), "")
			mustDo(t, err)
		}
		if _, err := lock.fence(t.Context(), "eu-west-1", someHead); !errors.Is(err, ErrStale) || !strings.Contains(err.Error(), "eu-west-1") {
			t.Errorf("over another's resources: %v", err)
		}
		left, _, err := s.readPart(t.Context(), s.partKey("eu-west-1"))
		if diff := cmp.Diff(theirPart(full), left); err != nil || diff != "" {
			t.Error("another's resources were changed:", err, diff)
		}
		got, err := lock.fence(t.Context(), "us-east-1", someHead)
		if err != nil || got.Owner != owner1 || len(got.Regions) != 0 || got.Serial != empty.Serial+1 {
			t.Errorf("over another's empty region: %v, %v", got, err)
		}
	})
}

// An older run that writes between the look and the fence is fenced all the same, and what it wrote is kept. If it never
// stops, no fence is claimed to be there.
func TestAFenceKeepsWhatIsWrittenUntilThen(t *testing.T) {
	for writes, want := range map[int]error{0: nil, 1: nil, fenceAttempts - 1: nil, fenceAttempts: ErrStale, 100: ErrStale} {
		synctest.Test(t, func(t *testing.T) {
			s := newS3(newBucket(t, sandbox.Options{}))
			old := newS3Lock(t, s, someRegion)
			_, err := old.fence(t.Context(), someRegion, someHead)
			mustDo(t, err)
			_, err = s.Unlock(t.Context())
			mustDo(t, err)
			lock, written := newS3Lock(t, s, someRegion), 0
			lock.store = overtaken(s, s.partKey(someRegion), func() {
				if written++; written > writes {
					return
				}
				_, o, err := s.readPart(t.Context(), s.partKey(someRegion))
				mustDo(t, err)
				d := documentOf(someRegion)
				d.Serial = uint64(100 + written)
				_, err = s.put(t.Context(), s.partKey(someRegion), mustSeal(t, part{d, fence{old.generations[someRegion], old.id}}), o.etag)
				mustDo(t, err)
			})
			got, err := lock.fence(t.Context(), someRegion, someHead)
			if !errors.Is(err, want) {
				t.Fatalf("%d writes in between: %v", writes, err)
			}
			if kept := len(got.Regions[someRegion].Resources); err == nil && (kept > 0) != (writes > 0) {
				t.Errorf("%d writes in between: %d resources are kept", writes, kept)
			}
		})
	}
}

// A run that lost its lock writes nothing more, nor does one whose document could not be read again.
func TestAWriteNeedsTheLockAndADocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := newS3Lock(t, s, someRegion)
		if _, err := lock.write(t.Context(), someRegion, Document{Schema: Schema}, ""); err == nil {
			t.Error("wrote what can't be read")
		}
		_ = lock.lose(errors.New("it was broken"))
		_, err := lock.write(t.Context(), someRegion, documentOf(someRegion), "")
		if _, ok := errors.AsType[*LostError](err); !ok {
			t.Errorf("without the lock: %v", err)
		}
		if keys, err := s.list(t.Context(), s.base); err != nil || len(keys) != 1 {
			t.Errorf("there is %q, %v", keys, err) // the lock alone
		}
	})
}

// If the lease ends while a write is under way, a write that failed is one of a run without the lock, and one that S3
// confirmed is reported as it is.
func TestALeaseThatEndsDuringAWrite(t *testing.T) {
	for _, refused := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			box := newBucket(t, sandbox.Options{})
			s := newS3(box)
			lock := newS3Lock(t, s, someRegion)
			if refused {
				fault, err := sandbox.ParseFault("*/s3:PutObject#1/code=AccessDenied")
				mustDo(t, err)
				box.AddFaults(fault)
			}
			lock.store = overtaken(s, s.partKey(someRegion), func() { pass(t, s.lease-time.Second) })
			etag, err := lock.write(t.Context(), someRegion, documentOf(someRegion), "")
			_, o, readErr := s.readPart(t.Context(), s.partKey(someRegion))
			mustDo(t, readErr)
			if _, lost := errors.AsType[*LostError](err); lost != refused || etag != o.tag() {
				t.Errorf("refused %v: tag %q where there is %q, %v", refused, etag, o.tag(), err)
			}
		})
	}
}
