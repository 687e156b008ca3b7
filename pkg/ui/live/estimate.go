package live

import (
	"time"

	"provision/pkg/graph"
)

// left is how long the region will take from now on, if everything takes what it takes as a rule: the longest way
// through what is still to be done.
func (r *region) left(now time.Time) time.Duration {
	if r.status != ahead {
		return 0
	}
	known := map[graph.Key]time.Duration{}
	var walk func(graph.Key) time.Duration
	walk = func(key graph.Key) time.Duration {
		if left, ok := known[key]; ok {
			return left
		}
		t := r.byKey[key]
		if t == nil || t.settled() {
			return 0 // a need outside of the region, or one that is met
		}
		known[key] = 0 // the graph has no circles, but this must end in any case
		var before time.Duration
		for _, need := range t.After {
			before = max(before, walk(need))
		}
		known[key] = before + t.left(now)
		return known[key]
	}
	var longest time.Duration
	for _, t := range r.tasks {
		longest = max(longest, walk(t.Key))
	}
	return longest
}

// left is how long the run will take from now on, as a rule.
func (m *Model) left(now time.Time) time.Duration {
	var longest time.Duration
	for _, r := range m.regions {
		longest = max(longest, r.left(now))
	}
	return longest
}

// rank sets how much of the run comes to depend on each task: its usual time, and that of the tasks that wait for it.
// The task with the longest row of dependents comes first in the view.
func (r *region) rank() {
	dependents := map[graph.Key][]*task{}
	for _, t := range r.tasks {
		for _, need := range t.After {
			dependents[need] = append(dependents[need], t)
		}
	}
	var walk func(*task) time.Duration
	walk = func(t *task) time.Duration {
		if t.reach == 0 {
			t.reach = 1 // the graph has no circles, but this must end in any case
			var after time.Duration
			for _, d := range dependents[t.Key] {
				after = max(after, walk(d))
			}
			t.reach += t.Usual + after
		}
		return t.reach
	}
	for _, t := range r.tasks {
		walk(t)
	}
}
