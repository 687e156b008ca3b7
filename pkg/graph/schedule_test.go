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
