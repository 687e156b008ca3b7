package main

import (
	"strings"
	"testing"
	"testing/synctest"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// A watch looks at once and then at its interval, and that its time is up is how it is meant to end.
func TestStatusIsWatchedUntilItsTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack)
		w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
		got := w.must(ending.Done, w.run("status", "--watch=10s", "--timeout", "38s"))
		if looks := strings.Count(got.out, "eu-west-1  ✓ as wanted"); looks != 4 {
			t.Errorf("%d looks in 38 s, want 4:\n%s", looks, got.out)
		}
	})
}
