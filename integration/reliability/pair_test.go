package reliability

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/integration/witness"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// A stack with random settings gets other random settings, after up to three changes by hand. While the run changes it,
// users notice no more than its plan announced (I7). Then there is what an undisturbed run of the other settings creates,
// the state knows it, other owners' resources are unchanged, and another run writes nothing.
func TestRandomChanges(t *testing.T) {
	for _, seed := range seeds(t, 6, 240) {
		runCase(t, fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			replayable(t, "TestRandomChanges", seed)
			random := rand.New(rand.NewPCG(seed, 7))
			from, to := drawPair(t, random)
			byHand, crowded := drawForeign(t, random, from), random.IntN(4) == 0
			t.Logf("from %s\nto   %s", from, to)
			var want map[string]int
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{Seed: seed})
				w.settings = to.file(t)
				must(t, w.up(t.Context()))
				want = lasting(w.account(t).count(), to)
			})
			synctest.Test(t, func(t *testing.T) {
				seen := witness.New(stackName)
				w := newWorld(t, sandbox.Options{Seed: seed, Watch: seen.Watch})
				others := account{}
				if crowded {
					others = w.furnish(t)
				}
				w.settings = from.file(t)
				must(t, w.up(t.Context()))
				happen(t, w, byHand)
				w.settings = to.file(t)
				w.changes(t, seen)
				w.isAs(t, others, want, to)
				must(t, w.down(t.Context()))
				w.mustBeDown(t, others)
			})
		})
	}
}

// changes runs `up` under the eyes of the witness.
func (w *world) changes(t *testing.T, seen *witness.Witness) {
	t.Helper()
	var promise witness.Promise
	w.planned = func(plan *stack.Plan) {
		promise = witness.Announced(plan.Regions[0].Effects)
		seen.Start()
	}
	must(t, w.up(t.Context()))
	w.planned = nil
	w.wait(t, 20*time.Minute)
	w.mustConverge(t)
	for _, breach := range seen.Breaches(region, promise) {
		t.Error(breach)
	}
}

// isAs checks that there is as much of everything that lasts as is wanted, and that another `up` writes nothing.
func (w *world) isAs(t *testing.T, others account, want map[string]int, settings drawn) {
	t.Helper()
	now := w.account(t)
	if diff := cmp.Diff(want, lasting(now.without(others).count(), settings)); diff != "" {
		t.Errorf("what there is of each kind (-after an undisturbed up +now):\n%s", diff)
	}
	w.mustKnow(t, now)
	mustBeUntouched(t, others, now)
	w.box.ForgetCalls()
	must(t, w.up(t.Context()))
	if wrote := writes(w.box); len(wrote) > 0 {
		t.Errorf("another up calls %v", wrote)
	}
}

// lasting leaves out what is not the stack's to count: what the group launches, of which scaling decides between min and
// max, and the addresses that AWS gives to a regional NAT gateway when it sees fit.
func lasting(count map[string]int, settings drawn) map[string]int {
	maps.DeleteFunc(count, func(kind string, _ int) bool {
		_, name, _ := strings.Cut(kind, " ")
		return launched[name] || name == "elastic-ip" && settings["network.nat"] == "regional"
	})
	return count
}
