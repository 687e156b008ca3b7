package sandbox

import (
	"slices"
	"time"

	"provision/pkg/sandbox/wire"
)

// refresh is the replacement of a group's instances, some at a time.
type refresh struct {
	ID          string
	Status      string
	Reason      string
	Start       time.Time
	End         time.Time
	Preferences refreshPreferences
	Desired     *templateReference // what the group launches from afterwards; nil: what it does already
	Old         []string           // instances that are still to be taken out
	Total       int                // how many had to be replaced
	Left        int                // how many of them still are, or were when it ended
	Progress    time.Time          // when that number changed last
}

type refreshPreferences struct {
	Least        *int  `wire:"MinHealthyPercentage"`
	Most         *int  `wire:"MaxHealthyPercentage"`
	Warmup       *int  `wire:"InstanceWarmup"` // seconds
	SkipMatching *bool `wire:"SkipMatching"`

	// The choices for instances that people have set aside; Wait by default.
	Protected string `wire:"ScaleInProtectedInstances"`
	Standby   string `wire:"StandbyInstances"`
}

// The states of a refresh.
const (
	refreshPending    = "Pending"
	refreshInProgress = "InProgress"
	refreshSuccessful = "Successful"
	refreshCancelling = "Cancelling"
	refreshCancelled  = "Cancelled"
	refreshFailed     = "Failed"
)

// refreshPatience is how long a refresh continues without progress.
const refreshPatience = time.Hour

func scalingRefreshOperations(reg *registry) {
	reg.asg("StartInstanceRefresh", mutates, startInstanceRefresh)
	reg.asg("DescribeInstanceRefreshes", reads, describeInstanceRefreshes)
	reg.asg("CancelInstanceRefresh", mutates, cancelInstanceRefresh)
}

type refreshAnswer struct {
	ID string `wire:"InstanceRefreshId"`
}

func startInstanceRefresh(c *call) (any, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, err
	}
	if strategy := c.Str("Strategy"); strategy != "" && strategy != "Rolling" {
		return nil, fail("UnsupportedOperation", "The sandbox does not implement the strategy %s", strategy)
	}
	started := &refresh{Status: refreshPending, Start: c.region.now}
	if started.Preferences, err = readPreferences(c.In("Preferences")); err != nil {
		return nil, err
	}
	if p := c.In("DesiredConfiguration.LaunchTemplate"); p.Has("LaunchTemplateId") || p.Has("LaunchTemplateName") {
		desired, err := readTemplateReference(c.region, p)
		if err != nil {
			return nil, err
		}
		started.Desired = &desired
	}
	if g.rolling() != nil {
		return nil, fail("InstanceRefreshInProgress",
			"An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.")
	}
	started.ID = c.region.uuid()
	g.Refreshes = append(g.Refreshes, started)
	g.soon(c.region)
	return refreshAnswer{started.ID}, nil
}

func readPreferences(p wire.Params) (refreshPreferences, error) {
	out := refreshPreferences{
		SkipMatching: p.OptionalFlag("SkipMatching"),
		Protected:    orElse(p.Str("ScaleInProtectedInstances"), asideWait),
		Standby:      orElse(p.Str("StandbyInstances"), asideWait),
	}
	if !slices.Contains([]string{asideWait, asideIgnore, "Refresh"}, out.Protected) {
		return out, invalid("Value '%s' at 'preferences.scaleInProtectedInstances' failed to satisfy constraint", out.Protected)
	}
	if !slices.Contains([]string{asideWait, asideIgnore, "Terminate"}, out.Standby) {
		return out, invalid("Value '%s' at 'preferences.standbyInstances' failed to satisfy constraint", out.Standby)
	}
	if p.Flag("AutoRollback") {
		return out, fail("UnsupportedOperation", "The sandbox does not roll a refresh back")
	}
	for _, number := range []struct {
		parameter   string
		least, most int
		at          **int
	}{
		{"MinHealthyPercentage", 0, 100, &out.Least},
		{"MaxHealthyPercentage", 100, 200, &out.Most},
		{"InstanceWarmup", 0, 86400, &out.Warmup},
	} {
		n, err := p.OptionalNum(number.parameter)
		if err != nil || n != nil && (*n < number.least || *n > number.most) {
			return out, invalid("%s must be between %d and %d", number.parameter, number.least, number.most)
		}
		*number.at = n
	}
	return out, nil
}

func cancelInstanceRefresh(c *call) (any, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, err
	}
	rolling := g.rolling()
	if rolling == nil {
		return nil, fail("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found for "+
			"Auto Scaling group %s", g.Name)
	}
	rolling.Status = refreshCancelling
	g.soon(c.region)
	return refreshAnswer{rolling.ID}, nil
}

type refreshView struct {
	ID          string             `wire:"InstanceRefreshId"`
	Group       string             `wire:"AutoScalingGroupName"`
	Status      string             `wire:"Status"`
	Reason      string             `wire:"StatusReason"`
	Start       time.Time          `wire:"StartTime"`
	End         time.Time          `wire:"EndTime"`
	Percentage  int                `wire:"PercentageComplete"`
	ToUpdate    int                `wire:"InstancesToUpdate"`
	Preferences refreshPreferences `wire:"Preferences"`
	Desired     *desiredView       `wire:"DesiredConfiguration"`
}

type desiredView struct {
	Template templateView `wire:"LaunchTemplate"`
}

// describeInstanceRefreshes answers the latest first.
func describeInstanceRefreshes(c *call) (any, error) {
	g, err := c.anyScalingGroup()
	if err != nil {
		return nil, err
	}
	ids := c.List("InstanceRefreshIds")
	var views []refreshView
	for _, found := range slices.Backward(g.Refreshes) {
		if len(ids) == 0 || slices.Contains(ids, found.ID) {
			views = append(views, found.view(g))
		}
	}
	page, next, err := scalingPage(c, views)
	return struct {
		Refreshes []refreshView `wire:"InstanceRefreshes>member"`
		NextToken string        `wire:"NextToken"`
	}{page, next}, err
}

func (f *refresh) view(g *scalingGroup) refreshView {
	v := refreshView{
		ID: f.ID, Group: g.Name, Status: f.Status, Reason: f.Reason, Start: f.Start, End: f.End,
		ToUpdate: f.Left, Preferences: f.Preferences,
	}
	if f.Desired != nil {
		v.Desired = &desiredView{f.Desired.view()}
	}
	switch {
	case f.Status == refreshSuccessful:
		v.Percentage = 100
	case f.Total > 0:
		v.Percentage = 100 * (f.Total - f.Left) / f.Total
	}
	return v
}
