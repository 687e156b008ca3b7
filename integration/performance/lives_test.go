package performance

import (
	"testing"
	"testing/synctest"

	"provision/integration/golden"
	"provision/pkg/sandbox"
)

// Runs over many regions are measured for docs/performance.md; their limits are asserted elsewhere.
func TestMeasureLives(t *testing.T) {
	if !golden.Update() {
		t.Skip("writes what `make bench` shows; -update does so")
	}
	var lives []Life
	for _, n := range []int{1, 3, 8, 17, allRegions} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, sandbox.Options{Latency: latency, Throttling: true}, someRegions(n)...)
			lives = append(lives, Life{
				Regions: n,
				Up:      w.measure(t, "up", w.up).command(),
				Idle:    w.measure(t, "idle up", w.up).command(),
				Down:    w.measure(t, "down", w.down).command(),
			})
		})
	}
	golden.File(t, "testdata/"+LivesFile, toJSON(t, lives))
}

func (m measured) command() Command {
	c := Command{Calls: len(m.calls), Took: m.took}
	for _, call := range m.calls {
		if call.Throttled() {
			c.Refused++
		}
	}
	return c
}
