package preflight

import (
	"testing"
	"time"
)

// AWS's clock is off by what it lies outside of the time in which it was asked, however long that was.
func TestAnAnswerThatTakesLongIsNoSkew(t *testing.T) {
	from := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct{ theirs, took, want time.Duration }{
		{0, 0, 0},
		{time.Second, 2 * time.Second, 0},
		{time.Minute, 3 * time.Minute, 0},
		{3 * time.Minute, 3 * time.Minute, 0},
		{4 * time.Minute, 3 * time.Minute, time.Minute},
		{-2 * time.Minute, 3 * time.Minute, 2 * time.Minute},
	} {
		if got := outside(from.Add(tc.theirs), from, from.Add(tc.took)); got != tc.want {
			t.Errorf("%s after a call that took %s: %s, want %s", tc.theirs, tc.took, got, tc.want)
		}
	}
}
