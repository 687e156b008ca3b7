package performance

import (
	"testing"
	"testing/synctest"

	"provision/pkg/sandbox"
)

// Looks are cheap but not free: at AWS's durations, most of a run's calls are looks, and there must be few.
func TestLooksAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Latency: latency}, "eu-west-1")
		up := w.measure(t, "up", w.up).regional()
		down := w.measure(t, "down", w.down).regional()
		t.Logf("up: %d calls\n%sdown: %d calls\n%s", len(up), table(up), len(down), table(down))
		const most = 100
		atMost(t, "reads of up", len(up)-writes(up), most)
		atMost(t, "reads of down", len(down)-writes(down), most)
	})
}
