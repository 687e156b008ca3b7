package graph

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// looks are when a schedule looks, until the end of a wait and once after it.
func looks(s schedule, end time.Duration) []time.Duration {
	at := []time.Duration{firstLook}
	for at[len(at)-1] < end {
		now := at[len(at)-1]
		at = append(at, now+s.next(s.since.Add(now), SeededJitter(1)))
	}
	return at
}

func TestAScheduleOvershootsByLittleAndLooksSeldom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		usual := time.Duration(rapid.IntRange(0, 90).Draw(rt, "usual, s")) * time.Second
		end := usual + time.Duration(rapid.IntRange(0, 300_000).Draw(rt, "then, ms"))*time.Millisecond
		s := schedule{since: time.Now(), usual: usual}
		at := looks(s, end)
		if over := at[len(at)-1] - end; over > max(2*time.Second, end/share) {
			rt.Errorf("a wait of %s was overshot by %s", end, over)
		}
		if len(at) > 120 {
			rt.Errorf("a wait of %s took %d looks", end, len(at))
		}
	})
}

func TestWhatNobodyWaitsForIsLookedAtSeldom(t *testing.T) {
	busy, idle := schedule{usual: time.Minute}, schedule{usual: time.Minute, slack: time.Minute}
	end := 2 * time.Minute
	often, seldom := len(looks(busy, end)), len(looks(idle, end))
	if seldom*2 > often {
		t.Errorf("%d looks with a minute's slack, %d with none", seldom, often)
	}
}

// A schedule looks early, then not before the usual time, then by the share of what was waited.
func TestWhenAScheduleLooks(t *testing.T) {
	none := func(time.Duration) time.Duration { return 0 }
	const ms = time.Millisecond
	for _, c := range []struct{ usual, slack, elapsed, want time.Duration }{
		{0, 0, 0, firstLook},
		{0, 0, 40 * ms, 40 * ms},
		{0, 0, early - ms, early - ms},
		{0, 0, early, time.Second},
		{0, 0, time.Minute, 2 * time.Second},
		{0, 0, time.Hour, longest},
		{time.Minute, 0, 0, firstLook},
		{time.Minute, 0, 100 * ms, 400 * ms},
		{time.Minute, 0, early - ms, 4 * (early - ms)},
		{time.Minute, 0, early, 58 * time.Second},
		{time.Minute, 0, 59 * time.Second, time.Second},
		{time.Minute, 0, time.Minute, 2 * time.Second},
		{time.Second, 0, 900 * ms, 100 * ms},
		{time.Second, 0, time.Second, time.Second},
		{time.Second, 0, 1500 * ms, time.Second},
		{time.Second, time.Minute, time.Second, 15 * time.Second},
		{time.Second, time.Hour, time.Second, leisure},
		{time.Second, 2 * time.Second, time.Minute, 2 * time.Second},
	} {
		s := schedule{usual: c.usual, slack: c.slack}
		if got := s.next(s.since.Add(c.elapsed), none); got != c.want {
			t.Errorf("usually %s, slack %s, after %s: %s, want %s", c.usual, c.slack, c.elapsed, got, c.want)
		}
	}
}
