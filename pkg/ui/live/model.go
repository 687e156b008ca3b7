package live

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"provision/pkg/graph"
	"provision/pkg/ui/paint"
)

// Model is a run as far as it went. It is not safe for use by many goroutines at once.
type Model struct {
	run     Run
	start   time.Time
	regions []*region
	byName  map[string]*region
	calls   Calls
	notice  string

	page  int  // the first region that is shown
	fit   int  // how many were shown last
	brief bool // one line a region
	help  bool
}

// Calls are how many API calls there were.
type Calls struct{ All, Mutating, Throttled int64 }

// String is "91 API calls, 49 of them writes".
func (c Calls) String() string {
	switch {
	case c.All == 1 && c.Mutating == 1:
		return "1 API call, a write"
	case c.All == 1:
		return "1 API call, no write"
	case c.Mutating == 1:
		return fmt.Sprintf("%d API calls, 1 of them a write", c.All)
	}
	return fmt.Sprintf("%d API calls, %d of them writes", c.All, c.Mutating)
}

// region is one row.
type region struct {
	name   string
	global bool // no region, but what the stack has once
	tasks  []*task
	byKey  map[graph.Key]*task
	stages []*progress
	status status
	ended  time.Time
	detail string // the URL, or why it failed
}

// progress is a region's part of a stage.
type progress struct {
	stage
	tasks []*task
}

// New is the model of a run that starts now.
func New(run Run, now time.Time) *Model {
	m := &Model{run: run, start: now, byName: map[string]*region{}}
	for _, part := range run.Parts {
		r := &region{name: part.Region, global: part.Global, byKey: map[graph.Key]*task{}}
		for _, s := range run.stages() {
			r.stages = append(r.stages, &progress{stage: s})
		}
		for _, o := range part.Tasks {
			t := r.add(o)
			if o.Idle {
				t.status = done
			}
		}
		r.rank()
		if part.Err != nil {
			r.status, r.ended, r.detail = failed, now, paint.Brief(strings.TrimPrefix(part.Err.Error(), r.name+": "))
		}
		m.regions = append(m.regions, r)
		m.byName[r.name] = r
	}
	return m
}

func (r *region) add(o graph.Outlook) *task {
	t := &task{Outlook: o}
	r.tasks = append(r.tasks, t)
	r.byKey[o.Key] = t
	for _, p := range r.stages {
		if p.holds(o.Key) {
			p.tasks = append(p.tasks, t)
			break
		}
	}
	return t
}

// Event takes one event of the run. Those of other regions than the run's are left out.
func (m *Model) Event(e graph.Event) {
	r := m.byName[e.Region]
	if r == nil {
		return
	}
	e.Detail = paint.Brief(strings.TrimPrefix(e.Detail, r.name+": "))
	if e.Key == "" {
		r.end(e)
		return
	}
	t := r.byKey[e.Key]
	if t == nil {
		t = r.add(graph.Outlook{Key: e.Key})
	}
	t.take(e)
}

func (r *region) end(e graph.Event) {
	r.ended, r.detail, r.status = e.Time, e.Detail, done
	switch e.Type {
	case graph.EventFailed:
		r.status = failed
		return
	case graph.EventBlocked:
		r.status = blocked
		return
	}
	for _, t := range r.tasks {
		if !t.settled() {
			t.status, t.finished = done, e.Time
		}
	}
}

// SetCalls sets the number of API calls so far.
func (m *Model) SetCalls(c Calls) { m.calls = c }

// Notice sets a line that stays in view until the end, e.g. that the run is stopping.
func (m *Model) Notice(text string) { m.notice = paint.Brief(text) }

// failures are the tasks that failed, in the order in which they did.
func (r *region) failures() []*task {
	var all []*task
	for _, t := range r.tasks {
		if t.status == failed {
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b *task) int { return a.finished.Compare(b.finished) })
	return all
}

// tally counts the regions by status.
func (m *Model) tally() (all int, by map[status]int) {
	by = map[status]int{}
	for _, r := range m.regions {
		if !r.global {
			all++
			by[r.status]++
		}
	}
	return all, by
}
