package sandbox

import "slices"

// A refresh waits for an hour for people to release instances that are in Standby, or protected from scaling in, and fails
// otherwise; or it leaves them as they are; other choices replace them ("RefreshPreferences").
const (
	asideWait   = "Wait"
	asideIgnore = "Ignore"
)

// choice is what a refresh does to a member that people have set aside; empty for the others.
func (f *refresh) choice(m *member) string {
	switch {
	case m.State == memberStandby:
		return f.Preferences.Standby
	case m.Protected:
		return f.Preferences.Protected
	}
	return ""
}

// willing are the old members that a refresh need not wait for.
func (g *scalingGroup) willing(f *refresh) []string {
	return slices.DeleteFunc(slices.Clone(f.Old), func(id string) bool {
		m := g.member(id)
		return m == nil || f.choice(m) == asideWait
	})
}

func scalingStandbyOperations(reg *registry) {
	reg.asg("EnterStandby", mutates, enterStandby)
	reg.asg("ExitStandby", mutates, exitStandby)
	reg.asg("SetInstanceProtection", mutates, setInstanceProtection)
}

// members are those that a call names, which must all be in one of the states.
func (c *call) members(states ...string) (*scalingGroup, []*member, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, nil, err
	}
	var found []*member
	for _, id := range c.List("InstanceIds") {
		m := g.member(id)
		switch {
		case m == nil:
			return nil, nil, invalid("The instance %s is not part of Auto Scaling group %s.", id, g.Name)
		case !slices.Contains(states, m.State):
			return nil, nil, invalid("The instance %s is not in %s.", id, states[0])
		}
		found = append(found, m)
	}
	return g, found, nil
}

type activitiesAnswer struct {
	Activities []activityView `wire:"Activities>member"`
}

// enterStandby takes members out of service without ending them ("Temporarily remove instances from your Auto Scaling group").
// The group launches others in their place, unless its size shrinks with them.
func enterStandby(c *call) (any, error) {
	g, found, err := c.members(memberInService)
	if err != nil {
		return nil, err
	}
	if c.Flag("ShouldDecrementDesiredCapacity") {
		if g.Desired-len(found) < g.Min {
			return nil, invalid("AutoScalingGroup '%s' has min-size=%d, max-size=%d, and desired-size=%d. To place into standby %d "+
				"instance, please update the AutoScalingGroup sizes appropriately.", g.Name, g.Min, g.Max, g.Desired, len(found))
		}
		g.Desired -= len(found)
	}
	var out activitiesAnswer
	for _, m := range found {
		for _, arn := range g.TargetGroups {
			if from := targetGroups.get(c.region, arn); from != nil {
				from.deregister(c.region, m.ID, from.Port)
			}
		}
		m.State = memberStandby
		id := g.begin(c.region, "Moving EC2 instance to Standby: "+m.ID, "instance "+m.ID+" was moved to standby in response to a user "+
			"request.", m.Zone, "InProgress")
		g.finish(c.region, id)
		out.Activities = append(out.Activities, g.Activities[len(g.Activities)-1].view(g))
	}
	g.soon(c.region)
	return out, nil
}

// exitStandby puts members back into service, and the group grows by them.
func exitStandby(c *call) (any, error) {
	g, found, err := c.members(memberStandby)
	if err != nil {
		return nil, err
	}
	if g.Desired+len(found) > g.Max {
		return nil, invalid("AutoScalingGroup '%s' has min-size=%d, max-size=%d, and desired-size=%d. To remove from standby %d "+
			"instance, please update the AutoScalingGroup sizes appropriately.", g.Name, g.Min, g.Max, g.Desired, len(found))
	}
	g.Desired += len(found)
	var out activitiesAnswer
	for _, m := range found {
		m.Activity = g.begin(c.region, "Moving EC2 instance out of Standby: "+m.ID, "instance "+m.ID+" was moved out of standby in "+
			"response to a user request.", m.Zone, "PreInService")
		out.Activities = append(out.Activities, g.Activities[len(g.Activities)-1].view(g))
		m.State = memberPending
	}
	g.soon(c.region)
	return out, nil
}

// setInstanceProtection protects members from scaling in, or no longer does.
func setInstanceProtection(c *call) (any, error) {
	_, found, err := c.members(memberInService, memberStandby, memberPending)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		m.Protected = c.Flag("ProtectedFromScaleIn")
	}
	c.region.touch()
	return nil, nil
}
