package sandbox

import "time"

// checksTake is how long the status checks of a running instance are initializing.
const checksTake = 2 * time.Minute

type instanceStatus struct {
	ID     string            `wire:"instanceId"`
	Zone   string            `wire:"availabilityZone"`
	State  instanceStateView `wire:"instanceState"`
	System statusSummary     `wire:"systemStatus"`
	Own    statusSummary     `wire:"instanceStatus"`
}

type statusSummary struct {
	Status  string         `wire:"status"`
	Details []statusDetail `wire:"details>item"`
}

type statusDetail struct {
	Name   string `wire:"name"`
	Status string `wire:"status"`
}

// describeInstanceStatus answers for running instances, and for others if asked to.
func describeInstanceStatus(c *call) (any, error) {
	found, next, err := instanceListing.describe(c)
	var out []instanceStatus
	for _, i := range found {
		if i.State == instanceRunning || c.Flag("IncludeAllInstances") {
			checks := i.checks(c.region.now)
			out = append(out, instanceStatus{i.ID, i.Zone, i.stateView(), checks, checks})
		}
	}
	return struct {
		Statuses []instanceStatus `wire:"instanceStatusSet>item"`
		page
	}{out, next}, err
}

func (i *instance) checks(now time.Time) statusSummary {
	switch {
	case i.State != instanceRunning:
		return statusSummary{Status: "not-applicable"}
	case now.Sub(i.Launched) < checksTake:
		return statusSummary{"initializing", []statusDetail{{"reachability", "initializing"}}}
	default:
		return statusSummary{"ok", []statusDetail{{"reachability", "passed"}}}
	}
}
