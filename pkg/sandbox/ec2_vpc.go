package sandbox

import (
	"maps"
	"net/netip"
	"time"
)

type vpc struct {
	ID              string           `wire:"vpcId"`
	State           string           `wire:"state"`
	CIDR            string           `wire:"cidrBlock"`
	Associations    []vpcAssociation `wire:"cidrBlockAssociationSet>item"`
	DHCPOptionsID   string           `wire:"dhcpOptionsId"`
	InstanceTenancy string           `wire:"instanceTenancy"`
	IsDefault       bool             `wire:"isDefault"`
	OwnerID         string           `wire:"ownerId"`
	tagSet

	Secret       bool // is held by something that no list names
	DNSSupport   bool
	DNSHostnames bool
	UsageMetrics bool
}

type vpcAssociation struct {
	ID    string `wire:"associationId"`
	CIDR  string `wire:"cidrBlock"`
	State struct {
		State string `wire:"state"`
	} `wire:"cidrBlockState"`
}

var vpcs = newKind[vpc]("vpc", "vpc")

var vpcListing = listing[vpc]{
	of: vpcs, ids: "VpcId", unknown: noVPC,
	fields: fields[vpc]{
		"vpc-id":                            one(func(v *vpc) string { return v.ID }),
		"state":                             one(func(v *vpc) string { return v.State }),
		"cidr":                              one(func(v *vpc) string { return v.CIDR }),
		"cidr-block-association.cidr-block": one(func(v *vpc) string { return v.CIDR }),
		"is-default":                        yes(func(v *vpc) bool { return v.IsDefault }),
		"owner-id":                          one(func(v *vpc) string { return v.OwnerID }),
		"dhcp-options-id":                   one(func(v *vpc) string { return v.DHCPOptionsID }),
	},
}

// vpcBecomesAvailable is how long a VPC is pending.
const vpcBecomesAvailable = 500 * time.Millisecond

func vpcArea(reg *registry) {
	reg.ec2("CreateVpc", mutates, createVPC)
	reg.ec2("DescribeVpcs", reads, describeVPCs)
	reg.ec2("DescribeVpcAttribute", reads, describeVPCAttribute)
	reg.ec2("ModifyVpcAttribute", mutates, modifyVPCAttribute)
	reg.ec2("DeleteVpc", mutates, deleteVPC)
	reg.effect("vpc-available", func(r *region, id string) {
		if v := vpcs.get(r, id); v != nil {
			v.State = "available"
		}
	})
}

func noVPC(id string) *Error {
	return fail("InvalidVpcID.NotFound", "The vpc ID '%s' does not exist", id)
}

// vpc is the VPC that a parameter names.
func (c *call) vpc(parameter string) (*vpc, error) {
	id, err := c.Need(parameter)
	if err != nil {
		return nil, err
	}
	if v := vpcs.get(c.region, id); v != nil {
		return v, nil
	}
	return nil, noVPC(id)
}

func createVPC(c *call) (any, error) {
	block, err := c.cidr("CidrBlock", 16, 28, "InvalidVpc.Range")
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(vpcs.name)
	if err != nil {
		return nil, err
	}
	if vpcs.count(c.region) >= c.region.quota(QuotaVPCs) {
		return nil, fail("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
	}
	v := &vpc{
		ID: c.region.newID("vpc"), State: "pending", CIDR: block.String(), InstanceTenancy: "default",
		DHCPOptionsID: "dopt-0" + c.account.id + "0000", OwnerID: c.account.id, tagSet: tags, DNSSupport: true,
	}
	association := vpcAssociation{ID: c.region.newID("vpc-cidr-assoc"), CIDR: v.CIDR}
	association.State.State = "associated"
	v.Associations = []vpcAssociation{association}
	vpcs.put(c.region, v.ID, v)
	c.region.newRouteTable(v, tagSet{}).associate(c.region, "", true)
	c.region.newDefaultGroup(v.ID)
	c.region.newDefaultACL(v.ID)
	c.region.after(vpcBecomesAvailable, "vpc-available", v.ID)
	return struct {
		VPC *vpc `wire:"vpc"`
	}{v}, nil
}

// cidr is an IPv4 block whose prefix is between two lengths. Bits of the host are cleared, as AWS does.
func (c *call) cidr(parameter string, shortest, longest int, outOfRange string) (netip.Prefix, error) {
	text, err := c.Need(parameter)
	if err != nil {
		return netip.Prefix{}, err
	}
	block, bad := netip.ParsePrefix(text)
	if bad != nil || !block.Addr().Is4() {
		return block, fail("InvalidParameterValue",
			"Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", text)
	}
	if block.Bits() < shortest || block.Bits() > longest {
		return block, fail(outOfRange, "The CIDR '%s' is invalid.", text)
	}
	return block.Masked(), nil
}

func describeVPCs(c *call) (any, error) {
	found, next, err := vpcListing.describe(c)
	return struct {
		VPCs []*vpc `wire:"vpcSet>item"`
		page
	}{found, next}, err
}

type vpcAttribute struct {
	Value bool `wire:"value"`
}

func describeVPCAttribute(c *call) (any, error) {
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	out := struct {
		VPCID        string        `wire:"vpcId"`
		DNSSupport   *vpcAttribute `wire:"enableDnsSupport"`
		DNSHostnames *vpcAttribute `wire:"enableDnsHostnames"`
		UsageMetrics *vpcAttribute `wire:"enableNetworkAddressUsageMetrics"`
	}{VPCID: v.ID}
	switch attribute := c.Str("Attribute"); attribute {
	case "enableDnsSupport":
		out.DNSSupport = &vpcAttribute{v.DNSSupport}
	case "enableDnsHostnames":
		out.DNSHostnames = &vpcAttribute{v.DNSHostnames}
	case "enableNetworkAddressUsageMetrics":
		out.UsageMetrics = &vpcAttribute{v.UsageMetrics}
	default:
		return nil, badValue("attribute", attribute)
	}
	return out, nil
}

func modifyVPCAttribute(c *call) (any, error) {
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	fields := map[string]*bool{
		"EnableDnsSupport.Value": &v.DNSSupport, "EnableDnsHostnames.Value": &v.DNSHostnames,
		"EnableNetworkAddressUsageMetrics.Value": &v.UsageMetrics,
	}
	maps.DeleteFunc(fields, func(parameter string, _ *bool) bool { return !c.Has(parameter) })
	if len(fields) != 1 {
		return nil, fail("InvalidParameterCombination", "Exactly one attribute has to be modified at a time")
	}
	for parameter, field := range fields {
		*field = c.Flag(parameter)
	}
	c.region.announce(hostnamesOf(v.ID))
	return nil, nil
}

// deleteVPC takes the main route table, the default group and the default network ACL with the VPC, and nothing else.
func deleteVPC(c *call) (any, error) {
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	if c.region.inUse(v.ID) {
		return nil, held("vpc", v.ID)
	}
	for t := range routeTables.all(c.region) {
		if t.VPCID == v.ID {
			routeTables.drop(c.region, t.ID)
		}
	}
	for a := range acls.all(c.region) {
		if a.VPCID == v.ID {
			acls.drop(c.region, a.ID)
		}
	}
	c.region.dropGroup(c.region.defaultGroup(v.ID).ID)
	vpcs.drop(c.region, v.ID)
	return nil, nil
}

// inUse says whether there is something in a VPC that did not come with it.
func (r *region) inUse(vpcID string) bool {
	return subnets.any(r, func(s *subnet) bool { return s.VPCID == vpcID }) ||
		enis.any(r, func(e *eni) bool { return e.VPCID == vpcID }) ||
		r.hasGateway(vpcID) ||
		groups.any(r, func(g *securityGroup) bool { return g.VPCID == vpcID && g.Name != defaultGroupName }) ||
		routeTables.any(r, func(t *routeTable) bool { return t.VPCID == vpcID && !t.main() }) ||
		endpoints.any(r, func(e *vpcEndpoint) bool { return e.VPCID == vpcID }) ||
		nats.any(r, func(n *natGateway) bool { return n.VPCID == vpcID && n.holds() }) ||
		acls.any(r, func(a *networkACL) bool { return a.VPCID == vpcID && !a.IsDefault }) ||
		vpnGateways.any(r, func(g *vpnGateway) bool { return g.vpc() == vpcID }) ||
		egressGateways.any(r, func(g *oddGateway) bool { return g.in(vpcID) }) ||
		carrierGateways.any(r, func(g *oddGateway) bool { return g.in(vpcID) }) ||
		peerings.any(r, func(p *peering) bool { return p.holds(vpcID) }) ||
		groupVPCs.any(r, func(a *groupVPC) bool { return a.VPCID == vpcID }) ||
		vpcs.get(r, vpcID).Secret
}
