package live

import (
	"time"

	"provision/pkg/graph"
)

// status is how far a task is.
type status int

const (
	ahead   status = iota // not started
	busy                  // a call is in flight, or the task waits for something
	done                  // as wanted, or gone
	blocked               // something it needs failed
	failed
)

// task is one resource, or one of a region's last steps.
type task struct {
	graph.Outlook
	reach    time.Duration // see rank
	status   status
	doing    graph.EventType // while busy: the last event
	detail   string
	since    time.Time // while busy: of its first event
	finished time.Time
}

// slow is how long a call may take until it is worth telling.
const slow = 3 * time.Second

func (t *task) take(e graph.Event) {
	switch e.Type {
	case graph.EventReady, graph.Deleted:
		t.status, t.finished = done, e.Time
	case graph.EventFailed:
		t.status, t.finished = failed, e.Time
	case graph.EventBlocked:
		t.status, t.finished = blocked, e.Time
	case graph.Creating, graph.Created, graph.Found, graph.Updating, graph.Waiting, graph.Deleting, graph.Retrying:
		if t.status != busy {
			t.status, t.since = busy, e.Time
		}
	}
	if usual := max(e.Pace.Usual, e.Pace.Typical); usual > 0 {
		t.Usual = usual
	}
	t.doing, t.detail = e.Type, e.Detail
}

// settled says whether nothing more is to come.
func (t *task) settled() bool { return t.status >= done }

// tells says whether the task is what people wait for: not one whose call will be answered in a moment.
func (t *task) tells(now time.Time) bool {
	switch {
	case t.status != busy:
		return false
	case t.doing == graph.Waiting || t.doing == graph.Retrying:
		return true
	}
	return now.Sub(t.since) >= slow
}

// left is the task's usual remaining time. A task that takes longer than usual may finish at any moment.
func (t *task) left(now time.Time) time.Duration {
	const soon = 5 * time.Second
	switch t.status {
	case ahead:
		return t.Usual
	case busy:
		if t.Usual == 0 {
			return 0
		}
		return max(t.Usual-now.Sub(t.since), soon)
	case done, blocked, failed:
	}
	return 0
}

// weight and share are for the bars: how much of a stage the task is, and how much of that is behind it.
func (t *task) weight() float64 { return 1 + t.Usual.Seconds() }

func (t *task) share(now time.Time) float64 {
	const nearly = 0.95
	switch {
	case t.settled():
		return 1
	case t.status == ahead:
		return 0
	case t.Usual == 0:
		return 0.5
	}
	return min(nearly, now.Sub(t.since).Seconds()/t.Usual.Seconds())
}
