package compute

import (
	"context"
	"slices"
	"time"
)

// How long a group usually needs: until instances that were asked for are listed, and until they are in service. Activities
// are read only for a group that takes longer.
const (
	listedSoon = time.Minute
	startsSoon = 2 * time.Minute
)

// launchClock is when things happened to a group, by AWS's clock; zero times are not known.
type launchClock struct {
	now, created, since time.Time
	known               bool // since is when this run changed the group, or started to wait for it
}

// age is for how long the group could launch what it is to launch now.
func (c launchClock) age() time.Duration {
	start := c.created
	if c.known && c.since.After(start) {
		start = c.since
	}
	return c.now.Sub(start) // a very long time where neither is known
}

// from is the time of the oldest activity that tells something; zero: the newest ones do.
func (c launchClock) from() time.Time {
	if c.known {
		return c.since
	}
	return time.Time{}
}

// explain reads what the list does not tell, for groups that are not as they should be.
func (k AutoScalingGroups) explain(ctx context.Context, o, before AutoScalingGroupState, at launchClock) AutoScalingGroupState {
	if o.mixed() {
		o.Refresh = latestRefresh(ctx, k.API, o.ID).after(before.Refresh)
	}
	if o.Status == "" && o.overdue(at.age()) {
		o.Trouble = latestTrouble(ctx, k.API, o.ID, o.Zones, at.from())
	}
	return o
}

// overdue says whether instances should be there by now that are not, or that do not live long enough to serve.
func (o AutoScalingGroupState) overdue(age time.Duration) bool {
	if short, _ := o.short(); short {
		return len(o.Members) < int(o.Desired) && age >= listedSoon || age >= startsSoon
	}
	fresh := func(m Member) bool { return m.Version == o.TemplateVersion }
	listed := slices.ContainsFunc(o.Members, fresh)
	serves := slices.ContainsFunc(o.Members, func(m Member) bool { return fresh(m) && m.InService() })
	return o.Refresh.Active() && (!listed && age >= listedSoon || !serves && age >= startsSoon)
}

// Stuck implements [graph.Stuck]: launches that fail for a reason that does not pass, and a refresh that a person or AWS
// ended while this run waited for it. The same run does not start another one: it was ended for a reason.
func (k AutoScalingGroups) Stuck(o AutoScalingGroupState) error {
	if o.Trouble.Next != "" {
		return &LaunchError{Group: o.ID, Why: o.Trouble.Why, Next: o.Trouble.Next}
	}
	if o.Refresh.Watched && o.Refresh.ended() {
		return &RefreshError{Group: o.ID, Status: o.Refresh.Status, Reason: o.Refresh.Reason}
	}
	return nil
}
