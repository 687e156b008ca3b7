package sandbox

import "slices"

func scalingTargetOperations(reg *registry) {
	reg.asg("AttachLoadBalancerTargetGroups", mutates, attachTargetGroups)
	reg.asg("DetachLoadBalancerTargetGroups", mutates, detachTargetGroups)
	reg.asg("DescribeLoadBalancerTargetGroups", reads, describeScalingTargetGroups)
}

// attachTargetGroups registers the members that are in service. A group that is attached already stays so.
func attachTargetGroups(c *call) (any, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, err
	}
	arns := c.List("TargetGroupARNs")
	for _, arn := range arns {
		if targetGroups.get(c.region, arn) == nil {
			return nil, invalid("Provided Target Groups may not be valid. Please ensure they exist and try again.")
		}
	}
	for _, arn := range arns {
		if slices.Contains(g.TargetGroups, arn) {
			continue
		}
		g.TargetGroups = append(g.TargetGroups, arn)
		to := targetGroups.get(c.region, arn)
		for _, m := range g.Members {
			if m.State == memberInService {
				to.register(c.region, m.ID, to.Port)
			}
		}
	}
	c.region.touch()
	return nil, nil
}

// detachTargetGroups deregisters the members.
func detachTargetGroups(c *call) (any, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, err
	}
	arns := c.List("TargetGroupARNs")
	for _, arn := range arns {
		if !slices.Contains(g.TargetGroups, arn) {
			return nil, invalid("Trying to remove Target Groups that are not part of the group: %s", arn)
		}
	}
	g.TargetGroups = slices.DeleteFunc(slices.Clone(g.TargetGroups), func(arn string) bool {
		return slices.Contains(arns, arn)
	})
	for _, arn := range arns {
		from := targetGroups.get(c.region, arn)
		for _, m := range g.Members {
			if from != nil {
				from.deregister(c.region, m.ID, from.Port)
			}
		}
	}
	c.region.touch()
	return nil, nil
}

type attachedTargetGroup struct {
	ARN   string `wire:"LoadBalancerTargetGroupARN"`
	State string `wire:"State"`
}

func describeScalingTargetGroups(c *call) (any, error) {
	g, err := c.anyScalingGroup()
	if err != nil {
		return nil, err
	}
	var views []attachedTargetGroup
	for _, arn := range g.TargetGroups {
		views = append(views, attachedTargetGroup{arn, g.attachment(c.region, arn)})
	}
	page, next, err := scalingPage(c, views)
	return struct {
		Groups    []attachedTargetGroup `wire:"LoadBalancerTargetGroups>member"`
		NextToken string                `wire:"NextToken"`
	}{page, next}, err
}

// attachment is InService once a registered member passes its health check, Added until then.
func (g *scalingGroup) attachment(r *region, arn string) string {
	to := targetGroups.get(r, arn)
	state := "Added"
	for _, m := range g.Members {
		if to == nil || m.State != memberInService {
			continue
		}
		if t := to.target(m.ID, to.Port); t != nil && r.health(to, t).State == targetHealthy {
			state = "InService"
		}
	}
	return state
}
