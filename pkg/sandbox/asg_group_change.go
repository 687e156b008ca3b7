package sandbox

import (
	"errors"
	"regexp"
	"slices"
	"time"
)

// How long Auto Scaling takes to act.
const (
	scalingSoonLow, scalingSoonHigh     = 2 * time.Second, 6 * time.Second    // after a call
	scalingDeleteLow, scalingDeleteHigh = 60 * time.Second, 120 * time.Second // with ForceDelete
)

var scalingGroupName = regexp.MustCompile(`^[^:\r\n]{1,255}$`)

func createScalingGroup(c *call) (any, error) {
	g := &scalingGroup{
		Name: c.Str("AutoScalingGroupName"), Created: c.region.now, Min: -1, Max: -1, Desired: -1, Cooldown: 300,
		HealthCheck: "EC2", Termination: []string{"Default"},
	}
	if !scalingGroupName.MatchString(g.Name) {
		return nil, invalid("Value '%s' at 'autoScalingGroupName' failed to satisfy constraint: "+
			"Member must have a length of 1 to 255 and no colon", g.Name)
	}
	if known := scalingGroups.get(c.region, g.Name); known != nil {
		return nil, known.taken()
	}
	if err := g.read(c); err != nil {
		return nil, err
	}
	if g.Desired < 0 {
		g.Desired = g.Min
	}
	g.TargetGroups = c.List("TargetGroupARNs")
	var err error
	if g.Tags, err = readScalingTags(c, g.Name); err != nil {
		return nil, err
	}
	if err := errors.Join(g.check(), g.checkTargets(c.region)); err != nil {
		return nil, err
	}
	if err := g.checkPlaces(c.region); err != nil {
		return nil, err
	}
	g.ARN = "arn:aws:autoscaling:" + c.region.name + ":" + c.account.id + ":autoScalingGroup:" + c.region.uuid() +
		":autoScalingGroupName/" + g.Name
	scalingGroups.put(c.region, g.Name, g)
	g.soon(c.region)
	return nil, nil
}

func (g *scalingGroup) taken() error {
	if g.Deleting {
		return fail("AlreadyExists", "AutoScalingGroup by this name already exists - A group with the name %s already "+
			"exists and is pending delete", g.Name)
	}
	return fail("AlreadyExists", "AutoScalingGroup by this name already exists - A group with the name %s already exists",
		g.Name)
}

// soon plans that the group notices what has changed.
func (g *scalingGroup) soon(r *region) {
	g.wake(r, r.between("asg/soon", scalingSoonLow, scalingSoonHigh))
	r.touch()
}

func updateScalingGroup(c *call) (any, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, err
	}
	changed := *g
	if err := changed.read(c); err != nil {
		return nil, err
	}
	if !c.Has("DesiredCapacity") {
		changed.Desired = min(max(changed.Desired, changed.Min), max(changed.Max, changed.Min))
	}
	if err := changed.check(); err != nil {
		return nil, err
	}
	if c.Has("VPCZoneIdentifier") || changed.Template != g.Template {
		if err := changed.checkPlaces(c.region); err != nil {
			return nil, err
		}
	}
	*g = changed
	g.soon(c.region)
	return nil, nil
}

func setDesiredCapacity(c *call) (any, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, err
	}
	wanted, err := c.Num("DesiredCapacity", -1)
	switch {
	case err != nil || wanted < 0:
		return nil, invalid("Value '%s' at 'desiredCapacity' failed to satisfy constraint", c.Str("DesiredCapacity"))
	case wanted > g.Max:
		return nil, invalid("New SetDesiredCapacity value %d is above max value %d for the AutoScalingGroup.", wanted, g.Max)
	case wanted < g.Min:
		return nil, invalid("New SetDesiredCapacity value %d is below min value %d for the AutoScalingGroup.", wanted, g.Min)
	}
	g.Desired = wanted
	g.soon(c.region)
	return nil, nil
}

// deleteScalingGroup ends an empty group at once. With ForceDelete, the instances of others are terminated first.
func deleteScalingGroup(c *call) (any, error) {
	g, err := c.anyScalingGroup()
	if err != nil {
		return nil, err
	}
	if g.Deleting {
		return nil, nil
	}
	force := c.Flag("ForceDelete")
	switch {
	// "Configure deletion protection for your Amazon EC2 Auto Scaling resources": a ValidationError, and nothing changes. The
	// words are the sandbox's.
	case g.Deletion == "prevent-all-deletion" || g.Deletion == "prevent-force-deletion" && force:
		return nil, invalid("The Auto Scaling group %s can't be deleted: its deletion protection is %s", g.Name, g.Deletion)
	case len(g.Members) == 0 && g.Desired == 0:
		scalingGroups.drop(c.region, g.Name)
		return nil, nil
	case force:
	case slices.ContainsFunc(g.Members, func(m *member) bool { return m.State != memberTerminating }):
		return nil, fail("ResourceInUse", "You cannot delete an AutoScalingGroup while there are instances or pending Spot "+
			"instance request(s) still in the group.")
	default:
		return nil, fail("ScalingActivityInProgress",
			"You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.")
	}
	g.Deleting, g.Desired, g.Min, g.Max = true, 0, 0, 0
	for _, m := range g.Members {
		g.takeOut(c.region, m, "a user request force-deleted AutoScalingGroup changing the desired capacity to 0.")
		c.region.endMember(g, m)
	}
	g.Wake = time.Time{}
	g.wake(c.region, c.region.between("asg/delete", scalingDeleteLow, scalingDeleteHigh))
	c.region.touch()
	return nil, nil
}
