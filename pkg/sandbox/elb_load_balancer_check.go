package sandbox

import "strings"

// smallestSubnet is how many free addresses a load balancer wants in each of its subnets.
const smallestSubnet = 8

// readLoadBalancer reads what load balancer a call asks for, and where.
func readLoadBalancer(c *call) (*loadBalancer, []*subnet, error) {
	lb := &loadBalancer{
		Name: c.Str("Name"), Created: c.region.now, Scheme: orElse(c.Str("Scheme"), "internet-facing"),
		State: elbState{Code: elbProvisioning}, Type: orElse(c.Str("Type"), "application"),
		IPAddress: orElse(c.Str("IpAddressType"), "ipv4"), Attributes: map[string]string{},
	}
	if err := checkELBName("load balancer", lb.Name); err != nil {
		return nil, nil, err
	}
	if lb.Type != "application" || lb.IPAddress != "ipv4" {
		return nil, nil, fail("UnsupportedOperation", "The sandbox has application load balancers with IPv4 only")
	}
	if lb.Scheme != "internet-facing" && lb.Scheme != "internal" {
		return nil, nil, invalid("Load balancer scheme '%s' must be one of 'internal, internet-facing'", lb.Scheme)
	}
	at, err := c.loadBalancerSubnets(lb.Scheme)
	if err != nil {
		return nil, nil, err
	}
	lb.VPCID = at[0].VPCID
	if lb.Groups, err = c.loadBalancerGroups(lb.VPCID); err != nil {
		return nil, nil, err
	}
	lb.Tags, err = lb.Tags.with(c.Params)
	return lb, at, err
}

// loadBalancerSubnets are the subnets that a call names: at least two, each in a zone of its own.
func (c *call) loadBalancerSubnets(scheme string) ([]*subnet, error) {
	ids := c.List("Subnets")
	for mapping := range c.Items("SubnetMappings") {
		ids = append(ids, mapping.Str("SubnetId"))
	}
	var out []*subnet
	inZone := map[string]bool{}
	for _, id := range ids {
		s := subnets.get(c.region, id)
		switch {
		case s == nil:
			return nil, fail("SubnetNotFound", "The subnet ID '%s' does not exist", id)
		case c.constrained(s): // the words: widdix/mastodon-on-aws#13
			return nil, invalid("The following Availability Zones %s cannot be associated with a load balancer. "+
				"Please try a different Availability Zone.", s.Zone)
		case inZone[s.Zone]:
			return nil, fail("InvalidConfigurationRequest",
				"A load balancer cannot be attached to multiple subnets in the same Availability Zone")
		case len(out) > 0 && out[0].VPCID != s.VPCID:
			return nil, fail("InvalidConfigurationRequest", "All subnets must belong to the same VPC: '%s'", out[0].VPCID)
		case s.Free < smallestSubnet && !c.region.inSubnet(c.Str("LoadBalancerArn"), id):
			return nil, fail("InvalidSubnet", "Not enough IP space available in %s. ELB requires at least %d free IP "+
				"addresses in each subnet.", id, smallestSubnet)
		}
		inZone[s.Zone] = true
		out = append(out, s)
	}
	if len(out) < 2 {
		return nil, invalid("At least two subnets in two different Availability Zones must be specified")
	}
	vpcID := out[0].VPCID
	if scheme == "internet-facing" && !(c.region.hasGateway(vpcID) && c.region.heard(gatewayOf(vpcID))) {
		return nil, fail("InvalidSubnet", "VPC %s has no internet gateway", vpcID)
	}
	return out, nil
}

func (r *region) inSubnet(arn, subnetID string) bool {
	lb := loadBalancerKind.get(r, arn)
	if lb == nil {
		return false
	}
	for _, z := range lb.Zones {
		if z.SubnetID == subnetID {
			return true
		}
	}
	return false
}

// loadBalancerGroups are the security groups that a call names, or the VPC's default one.
func (c *call) loadBalancerGroups(vpcID string) ([]string, error) {
	ids := c.List("SecurityGroups")
	if len(ids) == 0 {
		return []string{c.region.defaultGroup(vpcID).ID}, nil
	}
	for _, id := range ids {
		g := groups.get(c.region, id)
		if g == nil {
			return nil, fail("InvalidSecurityGroup", "The security group '%s' does not exist", id)
		}
		if g.VPCID != vpcID {
			return nil, fail("InvalidConfigurationRequest", "One or more security groups are invalid")
		}
	}
	return ids, nil
}

// afterSlash is an ARN's path without its first part: app/web/0123456789abcdef.
func afterSlash(arn string) string {
	_, rest, _ := strings.Cut(afterColon(arn), "/")
	return rest
}
