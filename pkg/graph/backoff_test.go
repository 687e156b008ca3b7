package graph

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestABackoffDoublesGiveOrTakeAQuarter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		waits := func(seed uint64) (all []time.Duration) {
			b := (&Engine{Jitter: SeededJitter(seed)}).backoff(time.Second, 8*time.Second)
			for range 6 {
				all = append(all, b.next())
			}
			return all
		}
		for i, wait := range waits(seed) {
			mean := min(time.Second<<i, 8*time.Second)
			if wait < mean*3/4 || wait >= mean*5/4 {
				rt.Errorf("wait %d is %s, want %s give or take a quarter", i, wait, mean)
			}
		}
		if !slices.Equal(waits(seed), waits(seed)) {
			rt.Error("the same seed gives other waits")
		}
		if slices.Equal(waits(seed), waits(seed+1)) {
			rt.Error("two runs wait in step")
		}
	})
}

func TestWithoutASeedWaitsDiffer(t *testing.T) {
	waits := map[time.Duration]bool{}
	for range 100 {
		wait := (&Engine{}).backoff(time.Hour, time.Hour).next()
		if wait < 45*time.Minute || wait >= 75*time.Minute {
			t.Errorf("a wait of %s, want an hour give or take a quarter", wait)
		}
		waits[wait] = true
	}
	if len(waits) < 90 {
		t.Errorf("100 runs have %d different waits", len(waits))
	}
}

func TestNoJitterOfNothing(t *testing.T) {
	if got := (&Engine{Jitter: SeededJitter(1)}).jitter(0); got != 0 {
		t.Errorf("jitter(0) = %s", got)
	}
}
