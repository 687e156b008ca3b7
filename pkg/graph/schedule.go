package graph

import "time"

// schedule is when a waiting node looks.
type schedule struct {
	since time.Time     // when the awaited operation started
	usual time.Duration // from then on, at the earliest
	slack time.Duration // no other node waits for this one until it takes so much longer
	known Observed      // the last known state of the awaited resource; nil: none
}

// firstLook is early, since some clouds are ready at once; and not immediate, so that one look serves resources that
// were created together.
const firstLook = 30 * time.Millisecond

const (
	early   = 2 * time.Second
	share   = 30 // of the time that was waited already
	spare   = 4  // of the slack
	longest = 6 * time.Second
	leisure = 20 * time.Second // the longest where there is slack
)

// next is how long to wait for the next look: a few early ones, then none until the usual time, then often enough that
// a wait which others depend on overshoots by three percent at most. The wait is shortened a little, at random, so that
// many runs do not look in step at resources that they started together.
func (s schedule) next(now time.Time, jitter Jitter) time.Duration {
	elapsed := now.Sub(s.since)
	switch {
	case elapsed < early && elapsed < s.usual:
		return min(max(4*elapsed, firstLook), s.usual-elapsed)
	case elapsed < s.usual:
		return s.usual - elapsed
	case s.usual == 0 && elapsed < early:
		return max(elapsed, firstLook)
	}
	wait := min(max(elapsed/share, time.Second), longest)
	wait = max(wait, min(s.slack/spare, leisure))
	return wait - jitter(wait/10+1)
}
