package sandbox

// deleteLoadBalancer takes the listeners along. One that is not there is no error.
func deleteLoadBalancer(c *call) (any, error) {
	arn := c.Str("LoadBalancerArn")
	if arn == "" {
		return nil, invalid("A load balancer ARN must be specified")
	}
	lb := loadBalancerKind.get(c.region, arn)
	if lb == nil {
		return nil, nil
	}
	if loadBalancerDefaults.of(lb.Attributes, "deletion_protection.enabled") == "true" {
		return nil, fail("OperationNotPermitted",
			"Load balancer '%s' cannot be deleted because deletion protection is enabled", arn)
	}
	for l := range listeners.all(c.region) {
		if l.LoadBalancerARN == arn {
			listeners.drop(c.region, l.ARN)
		}
	}
	for _, z := range lb.Zones {
		c.region.leave(z)
	}
	loadBalancerKind.drop(c.region, arn)
	c.region.countUses()
	return nil, nil
}

func setSecurityGroups(c *call) (any, error) {
	lb, err := c.loadBalancer()
	if err != nil {
		return nil, err
	}
	if lb.Groups, err = c.loadBalancerGroups(lb.VPCID); err != nil {
		return nil, err
	}
	for _, z := range lb.Zones {
		if e := enis.get(c.region, z.ENI); e != nil {
			e.Groups = c.region.groupIDs(lb.Groups)
		}
	}
	c.region.touch()
	return struct {
		Groups []string `wire:"SecurityGroupIds>member"`
	}{lb.Groups}, nil
}

// groupIDs are security groups as others refer to them.
func (r *region) groupIDs(ids []string) []groupID {
	var out []groupID
	for _, id := range ids {
		if g := groups.get(r, id); g != nil {
			out = append(out, groupID{g.ID, g.Name})
		}
	}
	return out
}

func setSubnets(c *call) (any, error) {
	lb, err := c.loadBalancer()
	if err != nil {
		return nil, err
	}
	at, err := c.loadBalancerSubnets(lb.Scheme)
	if err != nil {
		return nil, err
	}
	if at[0].VPCID != lb.VPCID {
		return nil, fail("InvalidConfigurationRequest", "The subnets must be in the VPC of the load balancer")
	}
	if err := c.region.enter(lb, at); err != nil {
		return nil, err
	}
	c.region.touch()
	return struct {
		Zones     []elbZone `wire:"AvailabilityZones>member"`
		IPAddress string    `wire:"IpAddressType"`
	}{lb.Zones, lb.IPAddress}, nil
}

func describeLoadBalancerAttributes(c *call) (any, error) {
	lb, err := c.loadBalancer()
	if err != nil {
		return nil, err
	}
	return attributeList{loadBalancerDefaults.all(lb.Attributes)}, nil
}

func modifyLoadBalancerAttributes(c *call) (any, error) {
	lb, err := c.loadBalancer()
	if err != nil {
		return nil, err
	}
	if err := loadBalancerDefaults.change(c, "Load balancer", lb.Attributes); err != nil {
		return nil, err
	}
	return attributeList{loadBalancerDefaults.all(lb.Attributes)}, nil
}
