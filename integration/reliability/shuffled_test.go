package reliability

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/sandbox"
)

// Deletions start in a random order: each call that changes something is held up for up to a minute. AWS then refuses
// those on which another resource still depends, and yet the account ends up empty.
func TestShuffledDeletions(t *testing.T) {
	var account []byte
	var files map[string][]byte
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{})
		must(t, w.up(t.Context()))
		var err error
		account, files, err = w.instant()
		must(t, err)
	})
	var orders sync.Map
	all := seeds(t, 50, 500)
	t.Run("seeds", func(t *testing.T) {
		for _, seed := range all {
			runCase(t, fmt.Sprintf("seed %d", seed), func(t *testing.T) {
				t.Parallel()
				replayable(t, "TestShuffledDeletions", seed)
				synctest.Test(t, func(t *testing.T) {
					orders.Store(deleteShuffled(t, seed, account, files), true)
				})
			})
		}
	})
	different := 0
	orders.Range(func(any, any) bool { different++; return true })
	if t.Logf("%d different orders of deletions", different); different < min(len(all)/2, 100) { // many draws repeat each other
		t.Errorf("of %d", len(all))
	}
}

// deleteShuffled takes down what was up, and says in which order.
func deleteShuffled(t *testing.T, seed uint64, account []byte, files map[string][]byte) (order string) {
	w := newWorld(t, sandbox.Options{Seed: seed, Intercept: holdUp(seed, time.Minute)})
	time.Sleep(time.Hour) // a bubble's time starts before the existing resources were created
	must(t, w.box.Restore(account))
	must(t, writeFolder(filepath.Dir(w.path), files))
	w.box.ForgetCalls()
	if err := w.down(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, call := range w.box.Calls() {
		if call.Mutating {
			order += call.Action + " "
		}
	}
	time.Sleep(time.Hour) // until instances that have ended are no longer listed
	w.mustBeDown(t, nil)
	return order
}

// holdUp delays each call that changes something, by what is drawn for it.
func holdUp(seed uint64, most time.Duration) func(sandbox.Call, sandbox.Moment) error {
	var mu sync.Mutex
	times := map[string]uint64{}
	return func(call sandbox.Call, at sandbox.Moment) error {
		if !call.Mutating || at != sandbox.Before {
			return nil
		}
		mu.Lock()
		times[call.Name()]++
		name := fnv.New64a()
		fmt.Fprint(name, call.Name(), times[call.Name()])
		mu.Unlock()
		time.Sleep(time.Duration(rand.New(rand.NewPCG(seed, name.Sum64())).Int64N(int64(most))))
		return nil
	}
}
