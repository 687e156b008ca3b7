package graph

import "time"

// schedule says when somebody who waits looks.
type schedule struct {
	since time.Time     // what is waited for began then
	usual time.Duration // from then on, at the earliest
	slack time.Duration // nothing else is held up by a wait that takes so much longer
	known Observed      // what is known of the thing that is waited for; nil: nothing
}

// firstLook is early, since some clouds are ready at once; and after a moment, so that things made together are
// looked at together.
const firstLook = 30 * time.Millisecond

const (
	early   = 2 * time.Second
	share   = 30 // of the time that was waited already
	spare   = 4  // of the slack
	longest = 6 * time.Second
	leisure = 20 * time.Second // the longest where there is slack
)

// next is how long to wait for the next look: a few early ones, then none until it is usually done, then often enough
// that a wait which others wait for is overshot by some three percent at the most. The wait is cut a little, at random:
// things that are begun together, by many runs, are not to be looked at in step.
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
