package sandbox

import (
	"slices"
	"time"
)

// newInterfaceEndpoint puts a network interface into each subnet, pending for a while.
func (c *call) newInterfaceEndpoint(e *vpcEndpoint, v *vpc) error {
	if len(c.List("RouteTableId")) > 0 {
		return fail("InvalidParameter", "Route tables can't be specified for an endpoint of type Interface")
	}
	places, err := c.endpointSubnets(e, c.List("SubnetId"))
	if err != nil {
		return err
	}
	groupIDs, err := c.groupsOrDefault("SecurityGroupId", v.ID)
	if err != nil {
		return err
	}
	e.PrivateDNS = !c.Has("PrivateDnsEnabled") || c.Flag("PrivateDnsEnabled")
	if e.PrivateDNS {
		if err := c.region.mayNameServices(e, v); err != nil {
			return err
		}
	}
	used := endpoints.where(c.region, func(o *vpcEndpoint) bool { return o.VPCID == v.ID && o.Type == endpointInterface })
	if len(used) >= c.region.quota(QuotaEndpoints) {
		return fail("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")
	}
	e.ID, e.State = c.region.newID("vpce"), "pending"
	e.setGroups(c.region, groupIDs)
	if err := c.region.enterSubnets(e, places); err != nil {
		return err
	}
	e.DNS = c.region.endpointNames(e)
	c.region.after(c.region.between("endpoint-available", 30*time.Second, 60*time.Second), "endpoint-available", e.ID)
	return nil
}

// endpointSubnets are subnets that an endpoint can enter: its VPC's, with free addresses, one a zone.
func (c *call) endpointSubnets(e *vpcEndpoint, ids []string) ([]*subnet, error) {
	zones := map[string]bool{}
	for _, id := range e.Subnets {
		zones[subnets.get(c.region, id).Zone] = true
	}
	var out []*subnet
	for _, id := range ids {
		s := subnets.get(c.region, id)
		switch {
		case s == nil:
			return nil, fail("InvalidSubnetId.NotFound", "The subnet ID '%s' does not exist", id)
		case s.VPCID != e.VPCID:
			return nil, fail("InvalidParameter", "Subnet %s does not belong to VPC %s", id, e.VPCID)
		case zones[s.Zone]:
			return nil, fail("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone of %s. "+
				"VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.", id)
		case s.Free < 1:
			return nil, fail("InsufficientFreeAddressesInSubnet",
				"The specified subnet does not have enough free addresses to satisfy the request.")
		}
		zones[s.Zone] = true
		out = append(out, s)
	}
	return out, nil
}

func (r *region) enterSubnets(e *vpcEndpoint, places []*subnet) error {
	var ids []string
	for _, g := range e.Groups {
		ids = append(ids, g.ID)
	}
	for _, s := range places {
		made, err := r.newENI(eniSpec{
			Subnet: s, Groups: ids, Type: "vpc_endpoint", Requester: "amazon-vpc", Description: "VPC Endpoint Interface " + e.ID,
		})
		if err != nil {
			return err
		}
		e.Subnets = append(e.Subnets, s.ID)
		e.Interfaces = append(e.Interfaces, made.ID)
	}
	return nil
}

// leaveSubnet takes an endpoint's interface out of a subnet.
func (r *region) leaveSubnet(e *vpcEndpoint, subnetID string) {
	for _, id := range slices.Clone(e.Interfaces) {
		if found := enis.get(r, id); found == nil || found.SubnetID == subnetID {
			r.releaseENI(id, 30*time.Second)
			e.Interfaces = slices.DeleteFunc(e.Interfaces, func(other string) bool { return other == id })
		}
	}
	e.Subnets = slices.DeleteFunc(e.Subnets, func(id string) bool { return id == subnetID })
}

// setGroups puts an endpoint and its interfaces into security groups.
func (e *vpcEndpoint) setGroups(r *region, ids []string) {
	e.Groups = nil
	for _, id := range ids {
		if g := groups.get(r, id); g != nil {
			e.Groups = append(e.Groups, groupID{g.ID, g.Name})
		}
	}
	for _, id := range e.Interfaces {
		if found := enis.get(r, id); found != nil {
			found.Groups = slices.Clone(e.Groups)
		}
	}
}

// mayNameServices checks what private DNS needs: DNS names in the VPC, and no other endpoint with this one.
func (r *region) mayNameServices(e *vpcEndpoint, v *vpc) error {
	if !v.DNSSupport || !v.DNSHostnames || !r.heard(hostnamesOf(v.ID)) {
		return fail("InvalidParameter", "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames "+
			"VPC attributes set to true for %s", v.ID)
	}
	if endpoints.any(r, func(o *vpcEndpoint) bool {
		return o.ID != e.ID && o.VPCID == e.VPCID && o.PrivateDNS && o.ServiceName == e.ServiceName
	}) {
		return fail("InvalidParameter", "private-dns-enabled cannot be set because there is already a conflicting DNS "+
			"domain for %s.%s.amazonaws.com in the VPC %s", serviceOf(e.ServiceName), r.name, v.ID)
	}
	return nil
}

func (r *region) endpointNames(e *vpcEndpoint) []dnsEntry {
	const zone = "Z7HUB22UULQXV"
	service := serviceOf(e.ServiceName)
	out := []dnsEntry{{e.ID + "-" + e.ID[len(e.ID)-8:] + "." + service + "." + r.name + ".vpce.amazonaws.com", zone}}
	if e.PrivateDNS {
		out = append(out, dnsEntry{service + "." + r.name + ".amazonaws.com", "ZONEIDPENDING"})
	}
	return out
}

func modifyEndpoint(c *call) (any, error) {
	id, err := c.Need("VpcEndpointId")
	if err != nil {
		return nil, err
	}
	e := endpoints.get(c.region, id)
	if e == nil || e.State == endpointDeleting {
		return nil, noEndpoint(id)
	}
	tables, err := c.endpointTables(e, c.List("AddRouteTableId"))
	if err != nil {
		return nil, err
	}
	places, err := c.endpointSubnets(e, c.List("AddSubnetId"))
	if err != nil {
		return nil, err
	}
	groupIDs, err := c.changedGroups(e)
	if err != nil {
		return nil, err
	}
	if dns := c.Has("PrivateDnsEnabled"); dns {
		if c.Flag("PrivateDnsEnabled") {
			if err := c.region.mayNameServices(e, vpcs.get(c.region, e.VPCID)); err != nil {
				return nil, err
			}
		}
		e.PrivateDNS = c.Flag("PrivateDnsEnabled")
	}
	if err := c.region.enterSubnets(e, places); err != nil {
		return nil, err
	}
	c.region.routeTo(e, tables)
	for _, id := range c.List("RemoveRouteTableId") {
		c.region.unroute(e, id)
	}
	for _, id := range c.List("RemoveSubnetId") {
		c.region.leaveSubnet(e, id)
	}
	e.setGroups(c.region, groupIDs)
	if policy := c.Str("PolicyDocument"); policy != "" {
		e.PolicyDocument = policy
	} else if c.Flag("ResetPolicy") {
		e.PolicyDocument = fullAccess
	}
	return nil, nil
}

// changedGroups are the groups that an endpoint is to have.
func (c *call) changedGroups(e *vpcEndpoint) ([]string, error) {
	var ids []string
	for _, g := range e.Groups {
		ids = append(ids, g.ID)
	}
	add, remove := c.List("AddSecurityGroupId"), c.List("RemoveSecurityGroupId")
	for _, id := range add {
		if g := groups.get(c.region, id); g == nil || g.VPCID != e.VPCID {
			return nil, noGroup(id)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(remove, id) })
	if len(ids) == 0 && e.Type == endpointInterface {
		return nil, fail("InvalidParameter", "An endpoint of type Interface needs a security group")
	}
	return ids, nil
}
