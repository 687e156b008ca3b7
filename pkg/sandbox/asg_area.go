package sandbox

import (
	"slices"
	"time"
)

// EC2 Auto Scaling. Codes and messages are those of the API reference "Amazon EC2 Auto Scaling", where it has them;
// most of what a caller does wrong is a ValidationError.

// asgArea registers the operations of EC2 Auto Scaling.
func asgArea(reg *registry) {
	reg.asg("CreateAutoScalingGroup", mutates, createScalingGroup)
	reg.asg("UpdateAutoScalingGroup", mutates, updateScalingGroup)
	reg.asg("DeleteAutoScalingGroup", mutates, deleteScalingGroup)
	reg.asg("DescribeAutoScalingGroups", reads, describeScalingGroups)
	reg.asg("DescribeAutoScalingInstances", reads, describeScalingInstances)
	reg.asg("SetDesiredCapacity", mutates, setDesiredCapacity)
	reg.asg("TerminateInstanceInAutoScalingGroup", mutates, terminateMember)
	reg.asg("DescribeScalingActivities", reads, describeScalingActivities)
	scalingRefreshOperations(reg)
	scalingStandbyOperations(reg)
	scalingTagOperations(reg)
	scalingPolicyOperations(reg)
	scalingProcessOperations(reg)
	scalingTargetOperations(reg)
	reg.effect("scaling-group-wakes", func(r *region, name string) {
		if g := scalingGroups.get(r, name); g != nil && !r.now.Before(g.Wake) && !g.Wake.IsZero() {
			g.Wake = time.Time{}
			g.reconcile(r)
		}
	})
}

func (reg *registry) asg(action string, traits trait, handle handler) {
	reg.add("autoscaling", action, traits, handle)
}

// scalingGroup is the group that the call names, to be changed: one that is being deleted can't be.
func (c *call) scalingGroup() (*scalingGroup, error) {
	g, err := c.anyScalingGroup()
	if err != nil {
		return nil, err
	}
	if g.Deleting {
		return nil, invalid("The AutoScaling group may not be modified while it is pending delete")
	}
	return g, nil
}

// anyScalingGroup is the group that the call names, even if it is being deleted.
func (c *call) anyScalingGroup() (*scalingGroup, error) {
	name := c.Str("AutoScalingGroupName")
	if g := scalingGroups.get(c.region, name); g != nil {
		return g, nil
	}
	return nil, invalid("AutoScalingGroup name not found - AutoScalingGroup '%s' not found", name)
}

// scalingPage is the paging of Auto Scaling.
func scalingPage[T any](c *call, all []T) ([]T, string, error) {
	return paged(c.Params, "MaxRecords", "NextToken", 50, 100, all)
}

type scalingGroupList struct {
	Groups    []scalingGroupView `wire:"AutoScalingGroups>member"`
	NextToken string             `wire:"NextToken"`
}

// describeScalingGroups answers nothing for names that are not there.
func describeScalingGroups(c *call) (any, error) {
	names := c.List("AutoScalingGroupNames")
	by, err := scalingSelectors(c)
	if err != nil {
		return nil, err
	}
	var views []scalingGroupView
	for _, found := range scalingGroups.seen(c.region) {
		g := found.Thing
		if (len(names) == 0 || slices.Contains(names, g.Name)) && selected(g, by) {
			view := g.view(c.region)
			if c.Has("IncludeInstances") && !c.Flag("IncludeInstances") {
				view.Members = nil
			}
			views = append(views, view)
		}
	}
	page, next, err := scalingPage(c, views)
	return scalingGroupList{page, next}, err
}

type scalingInstanceView struct {
	Group string `wire:"AutoScalingGroupName"`
	memberView
}

func describeScalingInstances(c *call) (any, error) {
	ids := c.List("InstanceIds")
	var views []scalingInstanceView
	for g := range scalingGroups.all(c.region) {
		for _, m := range g.Members {
			if len(ids) == 0 || slices.Contains(ids, m.ID) {
				view := m.view()
				view.Health = map[bool]string{true: "UNHEALTHY", false: "HEALTHY"}[m.Unhealthy]
				views = append(views, scalingInstanceView{g.Name, view})
			}
		}
	}
	page, next, err := scalingPage(c, views)
	return struct {
		Instances []scalingInstanceView `wire:"AutoScalingInstances>member"`
		NextToken string                `wire:"NextToken"`
	}{page, next}, err
}
