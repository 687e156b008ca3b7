package reliability

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/sandbox"
	"provision/pkg/state"
)

// Two users work on one stack at the same time, starting at any moments of each other's runs: up and up, or up and
// down. One waits for the other or is refused, with the holder's name. Then one more run finds nothing odd.
func TestTwoRunsAtOnce(t *testing.T) {
	c := undisturbed(t)
	for _, seed := range seeds(t, 25, 50) {
		runCase(t, fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			replayable(t, "TestTwoRunsAtOnce", seed)
			random := rand.New(rand.NewPCG(seed, 0))
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{Seed: seed, Latency: latency})
				var runs sync.WaitGroup
				for range 2 + random.IntN(3) {
					another, start := *w, time.Duration(random.IntN(240))*time.Second
					another.patience = time.Duration(random.IntN(2)*random.IntN(600)) * time.Second
					run := another.up
					if random.IntN(3) == 0 {
						run = another.down
					}
					runs.Go(func() {
						another.wait(t, start)
						mustBeDoneOrLocked(t, run(t.Context()))
					})
				}
				runs.Wait()
				must(t, w.up(t.Context()))
				w.wait(t, time.Hour)
				w.mustBeUp(t, account{}, c.count)
				must(t, w.down(t.Context()))
				w.wait(t, time.Hour)
				w.mustBeDown(t, account{})
			})
		})
	}
}

// mustBeDoneOrLocked checks that a run that failed was locked out, and knows by whom.
func mustBeDoneOrLocked(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	locked, ok := errors.AsType[*state.LockedError](err)
	if !ok {
		t.Errorf("a run that should wait or be refused says: %v", err)
		return
	}
	mustTell(t, err)
	host, err := os.Hostname()
	must(t, err)
	since := locked.Holder.Since.Format(time.RFC3339)
	for _, word := range []string{"test", host, strconv.Itoa(os.Getpid()), since[:len("2000-01-01T")]} {
		if !strings.Contains(locked.Error(), word) {
			t.Errorf("%q does not name %s", locked, word)
		}
	}
}

// A user breaks the lock of a live run and starts another. The first run creates and writes nothing from then on; the
// second finds the resources of the first's calls under way by their tags.
func TestARunThatLosesItsLockStops(t *testing.T) {
	c := undisturbed(t)
	for _, after := range []time.Duration{latency, 4 * latency, 6 * latency, 10 * latency, 10 * time.Second, 150 * time.Second} {
		runCase(t, after.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{Latency: latency})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				first := make(chan error, 1)
				go func() { first <- w.up(ctx) }()
				w.wait(t, after+latency/2)
				must(t, os.Remove(w.path+".lock")) // as people do
				must(t, w.up(t.Context()))
				lost := <-first
				if _, is := errors.AsType[*state.LostError](lost); !is && lost != nil {
					t.Errorf("the first run says: %v", lost)
				}
				if lost != nil {
					mustTell(t, lost)
				}
				must(t, w.up(t.Context()))
				w.wait(t, time.Hour)
				w.mustBeUp(t, account{}, c.count)
			})
		})
	}
}
