package lifecycle

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"provision/integration/proxy"
)

// A run that is killed (SIGKILL, so that it can't clean up) at some call leaves a stack that the next run resumes. Each
// seed is one stack's life with four kills in it: before the call, after AWS executed it, or during it.
const (
	seeds   = 5
	kills   = 4 // in each life: two of up, two of down
	mostFor = 48
)

func TestKilledRuns(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, home)
			random := rand.New(rand.NewPCG(seed, seed))
			killAll(w, random, kills/2, "up", "--yes", "--regions", home)
			w.up().ends(done)
			w.plan().ends(done).writesNothing()
			w.isWhole()

			killAll(w, random, kills/2, "down", "--yes")
			w.down("--regions", home).ends(done)
			w.isEmpty()
		})
	}
}

// killAll kills that many runs of a command, each at a mutating call of its own.
func killAll(w *world, random *rand.Rand, times int, command ...string) {
	w.t.Helper()
	for range times {
		nth := 1 + random.IntN(mostFor/times)
		mode := []proxy.Mode{proxy.DropRequest, proxy.LoseAnswer, proxy.Pass}[random.IntN(3)]
		killAt(w, nth, mode, command...).ends(killed)
	}
}

func killAt(w *world, nth int, mode proxy.Mode, command ...string) result {
	w.t.Helper()
	w.proxy.Reset()
	defer w.proxy.Reset()
	started := make(chan *process, 1)
	w.proxy.Inject(proxy.Fault{Writes: true, Nth: nth, Mode: mode, Then: func() {
		p := <-started
		if err := p.Process.Kill(); err != nil {
			w.t.Errorf("kill: %v", err)
		}
	}})
	p := start(w.t, w.folder, w.environment, "", command...)
	started <- p
	w.t.Logf("provision %v: to be killed at mutating call %d, mode %d", command, nth, mode)
	return p.result(w.t)
}
