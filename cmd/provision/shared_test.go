package main

import (
	"fmt"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

const inS3 = "s3://example-states/prod"

// latency keeps calls under way for a while, so that runs meet each other in the middle of them.
const latency = 80 * time.Millisecond

// sideBySide runs the same command in each region by a process of its own, all at once.
func (w *world) sideBySide(command string, regions ...string) []result {
	results := make([]result, len(regions))
	var group sync.WaitGroup
	for i, region := range regions {
		group.Go(func() { results[i] = w.run(command, "--state", inS3, "--regions", region, "--yes") })
	}
	group.Wait()
	return results
}

func TestBucketIsOffered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack)
		up := []string{"up", "--state", inS3, "--regions", "eu-west-1"}
		w.says(w.must(ending.Refused, w.run("plan", "--state", inS3, "--regions", "eu-west-1")), "the bucket example-states does not exist")
		w.must(ending.Declined, runner{client: w.box, key: sandbox.DefaultAccount, answer: "no\n"}.run(w, up...))
		if made := w.mutations(); len(made) > 0 {
			t.Errorf("calls though it was declined: %v", made)
		}
		w.must(ending.Refused, w.run("down", "--state", inS3, "--yes")) // a misspelt bucket is no stack that is gone
		w.settings(smallStack + "guard: {regions: [us-*]}\n")
		w.must(ending.Refused, w.run(append(up, "--yes")...))
		w.settings(smallStack)
		if made := w.mutations(); len(made) > 0 {
			t.Errorf("calls though it was refused: %v", made)
		}
		w.must(ending.Done, w.run(append(up, "--yes")...))
		w.must(ending.Done, w.run("status", "--state", inS3, "--detailed-exitcode"))
		w.must(ending.Done, w.run("down", "--state", inS3, "--yes"))
		if diff := cmp.Diff(map[string]int{}, w.things()); diff != "" {
			t.Error(diff)
		}
	})
}

// Runs in different regions of one stack work at the same time. The resources that the stack has once are created once,
// and removed with the last region.
func TestRunsSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Latency: latency}, smallStack)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		regions := []string{"eu-west-1", "us-east-1", "ap-southeast-2"}
		began := time.Now()
		for _, r := range w.sideBySide("up", regions...) {
			w.must(ending.Done, r)
		}
		took := time.Since(began)
		w.must(ending.Done, w.run("plan", "--state", inS3, "--detailed-exitcode"))
		together := w.things()
		if got := together["global iam-role"]; got != 1 {
			t.Errorf("%d roles", got)
		}
		for _, r := range w.sideBySide("down", regions...) {
			w.must(ending.Done, r)
		}
		if diff := cmp.Diff(map[string]int{}, w.things()); diff != "" {
			t.Errorf("left after all are down:\n%s", diff)
		}
		w.says(w.must(ending.Refused, w.run("state", "list", "--state", inS3)), "there is no state")

		began = time.Now()
		w.must(ending.Done, w.run("up", "--state", inS3, "--regions", "eu-west-1,us-east-1,ap-southeast-2", "--yes"))
		if diff := cmp.Diff(together, w.things()); diff != "" {
			t.Errorf("three runs made something else than one (-three +one):\n%s", diff)
		}
		if alone := time.Since(began); took > alone+alone/4 {
			t.Errorf("three runs side by side took %s, and one of all three %s", took, alone)
		}
	})
}

// Two runs in one region: the second is refused, and waits if it is told to.
func TestRegionsAreLocked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Latency: latency}, smallStack)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		up := []string{"up", "--state", inS3, "--regions", "eu-west-1", "--yes"}
		first := make(chan result)
		go func() { first <- w.run(up...) }()
		time.Sleep(20 * time.Second)
		w.says(w.must(ending.Locked, w.run(up...)), "locked by `up`", "for eu-west-1", "--lock-timeout")
		w.must(ending.Done, w.run("plan", "--state", inS3, "--regions", "eu-west-1")) // which takes no lock
		w.says(w.must(ending.Done, w.run(append(up, "--lock-timeout", "20m")...)), "waiting for `up`")
		w.must(ending.Done, <-first)
	})
}

// A run that dies at any call leaves its locks behind. Another one waits until their lease has ended, takes them over,
// and makes everything as if nothing had happened, whatever the dead one had not recorded yet.
func TestTakeover(t *testing.T) {
	t.Parallel()
	var whole map[string]int
	calls := 0
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Latency: latency}, smallStack)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		w.box.ForgetCalls()
		w.must(ending.Done, w.run("up", "--state", inS3, "--regions", "eu-west-1", "--yes"))
		whole, calls = w.things(), len(w.box.Calls())
	})
	const cases = 24
	for i := range cases {
		at := 1 + i*calls/cases
		t.Run(fmt.Sprintf("call %d of %d", at, calls), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{Latency: latency, Seed: uint64(at)}, smallStack)
				w.must(ending.Done, w.run("state", "init", "s3://example-states"))
				up := []string{"up", "--state", inS3, "--regions", "eu-west-1", "--yes"}
				dead, gone := newLine(w.box, at), make(chan result)
				go func() { gone <- runner{client: dead, key: sandbox.DefaultAccount}.run(w, up...) }()
				<-dead.ended
				w.must(ending.Done, w.run(append(up, "--lock-timeout", "10m")...))
				if diff := cmp.Diff(whole, w.things()); diff != "" {
					t.Errorf("what there is (-undisturbed +taken over):\n%s", diff)
				}
				if r := <-gone; r.code == ending.Done {
					t.Errorf("the dead run succeeded: %+v", r)
				}
				w.must(ending.Done, w.run("down", "--state", inS3, "--yes", "--lock-timeout", "10m"))
				if diff := cmp.Diff(map[string]int{}, w.things()); diff != "" {
					t.Errorf("left after down:\n%s", diff)
				}
			})
		})
	}
}

// sleeper is a connection of a process that sleeps for a while, as a laptop does that was closed.
type sleeper struct {
	to    aws.HTTPClient
	slept atomic.Pointer[chan struct{}] // closed when it wakes
}

func (s *sleeper) sleep() (wake func()) {
	woken := make(chan struct{})
	s.slept.Store(&woken)
	return func() { close(woken) }
}

// Do waits while the process sleeps.
func (s *sleeper) Do(req *http.Request) (*http.Response, error) {
	if woken := s.slept.Load(); woken != nil {
		<-*woken
	}
	return s.to.Do(req)
}

// A run that sleeps past its lease finds, when it wakes, that another has taken over: it writes nothing any more, and
// says so.
func TestStaleRunIsFencedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Latency: latency}, smallStack)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		up := []string{"up", "--state", inS3, "--regions", "eu-west-1", "--yes"}
		asleep, gone := &sleeper{to: w.box}, make(chan result)
		go func() { gone <- runner{client: asleep, key: sandbox.DefaultAccount}.run(w, up...) }()
		time.Sleep(30 * time.Second)
		wake := asleep.sleep()
		w.must(ending.Done, w.run(append(up, "--lock-timeout", "10m")...))
		before := maps.Clone(w.things())
		wake()
		w.says(w.must(ending.Stale, <-gone), "no longer this run's")
		if diff := cmp.Diff(before, w.things()); diff != "" {
			t.Errorf("the stale run changed what there is:\n%s", diff)
		}
		w.must(ending.Done, w.run("plan", "--state", inS3, "--detailed-exitcode"))
	})
}
