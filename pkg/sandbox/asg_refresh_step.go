package sandbox

import (
	"slices"
	"time"
)

// rolling is the refresh that is not over, nil if there is none.
func (g *scalingGroup) rolling() *refresh {
	for _, f := range g.Refreshes {
		if f.End.IsZero() {
			return f
		}
	}
	return nil
}

// roll takes the next step of a refresh.
func (g *scalingGroup) roll(r *region) {
	f := g.rolling()
	if f == nil {
		return
	}
	switch f.Status {
	case refreshPending:
		f.Status, f.Old = refreshInProgress, g.outdated(r, f)
		f.Total, f.Left, f.Progress = len(f.Old), len(f.Old), r.now
	case refreshCancelling:
		f.Status, f.End = refreshCancelled, r.now
		return
	}
	f.Old = slices.DeleteFunc(f.Old, func(id string) bool {
		m := g.member(id)
		return m == nil || !m.staying()
	})
	ready := g.ready(r, f)
	left := min(f.Total, len(f.Old)+max(0, g.Desired-ready))
	if left != f.Left {
		f.Left, f.Progress = left, r.now
	}
	switch {
	case left == 0 && ready >= g.Desired:
		f.Status, f.Reason, f.End = refreshSuccessful, "", r.now
		if f.Desired != nil {
			g.Template = *f.Desired
		}
		return
	case !r.now.Before(f.Progress.Add(refreshPatience)):
		f.Status, f.Reason, f.End = refreshFailed, "Instances did not become healthy in time.", r.now
		return
	}
	f.Reason = "Waiting for instances to warm up before continuing."
	due := g.willing(f)
	if len(due) == 0 && len(f.Old) > 0 {
		f.Reason = "Waiting for remaining instances to be available. For example: " + f.Old[0] + " is in Standby or protected from scale in."
	}
	for range g.replaceable(f, ready) { // the termination policy decides which goes first
		m := g.pickOf(r, func(m *member) bool { return slices.Contains(due, m.ID) })
		due = slices.DeleteFunc(due, func(id string) bool { return id == m.ID })
		f.Old = slices.DeleteFunc(f.Old, func(id string) bool { return id == m.ID })
		g.takeOut(r, m, "an instance was taken out of service in response to an instance refresh.")
	}
}

// outdated are the instances that a refresh replaces: all, or those that do not match what the group launches.
func (g *scalingGroup) outdated(r *region, f *refresh) []string {
	t, v, err := g.template(r)
	var out []string
	for _, m := range g.Members {
		same := err == nil && m.Template.ID == t.ID && m.Template.number() == v.Number
		if m.staying() && !(isTrue(f.Preferences.SkipMatching) && same) && f.choice(m) != asideIgnore {
			out = append(out, m.ID)
		}
	}
	return out
}

// replaceable is how many more of the old instances may go now.
func (g *scalingGroup) replaceable(f *refresh, ready int) int {
	out := g.Desired * (100 - f.least(g)) / 100
	if g.surge() > 0 {
		out = 0 // the additional instances replace them
	}
	free := ready - (g.Desired - max(out, g.atLeastOne(f)))
	return max(0, min(free, len(g.willing(f))))
}

// atLeastOne is one instance where percentages would let none go and nothing is launched before.
func (g *scalingGroup) atLeastOne(f *refresh) int {
	if f.Preferences.Most != nil && *f.Preferences.Most > 100 {
		return 0
	}
	return 1
}

// surge is how many instances a refresh has launched in addition to those that it replaces.
func (g *scalingGroup) surge() int {
	f := g.rolling()
	if f == nil || f.Status != refreshInProgress || len(g.willing(f)) == 0 || g.atLeastOne(f) == 1 {
		return 0
	}
	return min(len(g.willing(f)), max(1, g.Desired*(*f.Preferences.Most-100)/100))
}

// ready is how many members are in service, healthy and warm.
func (g *scalingGroup) ready(r *region, f *refresh) int {
	n := 0
	for _, m := range g.Members {
		if m.State == memberInService && !m.Unhealthy && g.targetState(r, m) == targetHealthy &&
			(slices.Contains(f.Old, m.ID) || !r.now.Before(m.InService.Add(f.warmup(g)))) {
			n++
		}
	}
	return n
}

func (f *refresh) least(g *scalingGroup) int {
	switch {
	case f.Preferences.Least != nil:
		return *f.Preferences.Least
	case g.Maintenance != nil && g.Maintenance.Least != nil:
		return *g.Maintenance.Least
	default:
		return 90
	}
}

// warmup is how long a new instance is not yet counted.
func (f *refresh) warmup(g *scalingGroup) time.Duration {
	switch {
	case f.Preferences.Warmup != nil:
		return time.Duration(*f.Preferences.Warmup) * time.Second
	case g.Warmup != nil:
		return time.Duration(*g.Warmup) * time.Second
	default:
		return time.Duration(g.Grace) * time.Second
	}
}
