package performance

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/clock"
	"provision/pkg/sandbox"
)

// latency is a usual round trip to a region on another continent and back.
const latency = 100 * time.Millisecond

// seeds are as many draws of AWS's durations.
const seeds = 3

// impatient is a clock that wakes sleepers almost at once: who waits looks all the time. A run by it takes as long as
// AWS's own waits take, one after the other where they depend on each other, and no look longer.
type impatient struct{ clock.Clock }

const impatience = 200 * time.Millisecond

// Sleep implements [clock.Clock].
func (c impatient) Sleep(ctx context.Context, d time.Duration) error {
	return c.Clock.Sleep(ctx, min(d, impatience))
}

// makespans are how long the commands take, in virtual time at AWS's durations.
type makespans struct{ up, down time.Duration }

// lifeOf brings a stack up and takes it down.
func lifeOf(t *testing.T, o sandbox.Options, clock clock.Clock, regions ...string) (m makespans) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, o, regions...)
		w.clock = clock
		m.up = w.measure(t, "up", w.up).took
		m.down = w.measure(t, "down", w.down).took
	})
	return m
}

// A run takes hardly longer than what AWS itself takes.
func TestMakespanIsTheCriticalPathOfAWS(t *testing.T) {
	skipWithDetector(t)
	var up, down float64
	for seed := range uint64(seeds) {
		o := sandbox.Options{Seed: seed, Latency: latency}
		run, least := lifeOf(t, o, nil, "eu-west-1"), lifeOf(t, o, impatient{clock.Real{}}, "eu-west-1")
		upRatio, downRatio := ratio(run.up, least.up), ratio(run.down, least.down)
		t.Logf("seed %d: up %s, %.3f × %s; down %s, %.3f × %s",
			seed, run.up, upRatio, least.up, run.down, downRatio, least.down)
		up, down = max(up, upRatio), max(down, downRatio)
	}
	const most = 1.10
	if up > most || down > most {
		t.Errorf("up takes up to %.3f of AWS's own waits, and down %.3f; want %.2f at most", up, down, most)
	}
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
