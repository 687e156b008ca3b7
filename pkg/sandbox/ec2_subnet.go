package sandbox

import (
	"net/netip"
	"time"
)

type subnet struct {
	ID          string `wire:"subnetId"`
	ARN         string `wire:"subnetArn"`
	State       string `wire:"state"`
	VPCID       string `wire:"vpcId"`
	CIDR        string `wire:"cidrBlock"`
	Free        int    `wire:"availableIpAddressCount"`
	Zone        string `wire:"availabilityZone"`
	ZoneID      string `wire:"availabilityZoneId"`
	DefaultForZ bool   `wire:"defaultForAz"`
	MapPublicIP bool   `wire:"mapPublicIpOnLaunch"`
	AssignIPv6  bool   `wire:"assignIpv6AddressOnCreation"`
	OwnerID     string `wire:"ownerId"`
	ACLID       string // of the network ACL that it is associated with; empty: the VPC's own
	tagSet
}

var subnets = newKind[subnet]("subnet", "subnet")

var subnetListing = listing[subnet]{
	of: subnets, ids: "SubnetId", unknown: noSubnet,
	fields: fields[subnet]{
		"subnet-id":               one(func(s *subnet) string { return s.ID }),
		"vpc-id":                  one(func(s *subnet) string { return s.VPCID }),
		"state":                   one(func(s *subnet) string { return s.State }),
		"cidr":                    one(func(s *subnet) string { return s.CIDR }),
		"cidr-block":              one(func(s *subnet) string { return s.CIDR }),
		"cidrBlock":               one(func(s *subnet) string { return s.CIDR }),
		"availability-zone":       one(func(s *subnet) string { return s.Zone }),
		"availabilityZone":        one(func(s *subnet) string { return s.Zone }),
		"availability-zone-id":    one(func(s *subnet) string { return s.ZoneID }),
		"map-public-ip-on-launch": yes(func(s *subnet) bool { return s.MapPublicIP }),
		"default-for-az":          yes(func(s *subnet) bool { return s.DefaultForZ }),
		"owner-id":                one(func(s *subnet) string { return s.OwnerID }),
	},
}

const subnetBecomesAvailable = 500 * time.Millisecond

func subnetArea(reg *registry) {
	reg.ec2("CreateSubnet", mutates, createSubnet)
	reg.ec2("DescribeSubnets", reads, describeSubnets)
	reg.ec2("ModifySubnetAttribute", mutates, modifySubnetAttribute)
	reg.ec2("DeleteSubnet", mutates, deleteSubnet)
	reg.effect("subnet-available", func(r *region, id string) {
		if s := subnets.get(r, id); s != nil {
			s.State = "available"
		}
	})
}

func noSubnet(id string) *Error {
	return fail("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist", id)
}

// subnet is the one that a parameter names.
func (c *call) subnet(parameter string) (*subnet, error) {
	id, err := c.Need(parameter)
	if err != nil {
		return nil, err
	}
	if s := subnets.get(c.region, id); s != nil {
		return s, nil
	}
	return nil, noSubnet(id)
}

func createSubnet(c *call) (any, error) {
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	block, err := c.cidr("CidrBlock", 16, 28, "InvalidSubnet.Range")
	if err != nil {
		return nil, err
	}
	if err := fits(c.region, v, block); err != nil {
		return nil, err
	}
	z, err := c.zone()
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(subnets.name)
	if err != nil {
		return nil, err
	}
	s := &subnet{
		ID: c.region.newID("subnet"), State: "pending", VPCID: v.ID, CIDR: block.String(), Zone: z.name, ZoneID: z.id,
		OwnerID: c.account.id, tagSet: tags, Free: 1<<(32-block.Bits()) - reservedAddresses,
	}
	s.ARN = c.region.arn("ec2", "subnet/"+s.ID)
	subnets.put(c.region, s.ID, s)
	c.region.after(subnetBecomesAvailable, "subnet-available", s.ID)
	return struct {
		Subnet *subnet `wire:"subnet"`
	}{s}, nil
}

// fits checks a new subnet's block and number against its VPC.
func fits(r *region, v *vpc, block netip.Prefix) error {
	whole := netip.MustParsePrefix(v.CIDR)
	if block.Bits() < whole.Bits() || !whole.Contains(block.Addr()) {
		return fail("InvalidSubnet.Range", "The CIDR '%s' is invalid.", block)
	}
	siblings := subnets.where(r, func(s *subnet) bool { return s.VPCID == v.ID })
	for _, s := range siblings {
		if block.Overlaps(netip.MustParsePrefix(s.CIDR)) {
			return fail("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", block)
		}
	}
	if len(siblings) >= r.quota(QuotaSubnets) {
		return fail("SubnetLimitExceeded", "The maximum number of subnets has been reached.")
	}
	return nil
}

// zone is the availability zone that a call names, or one that AWS picks.
func (c *call) zone() (zone, error) {
	name, id := c.Str("AvailabilityZone"), c.Str("AvailabilityZoneId")
	switch {
	case name != "" && id != "":
		return zone{}, fail("InvalidParameterCombination",
			"The parameters availabilityZone and availabilityZoneId cannot be used together")
	case name+id == "":
		return c.region.zones()[0], nil
	}
	for _, z := range c.region.zones() {
		if z.name == name || z.id == id {
			return z, nil
		}
	}
	return zone{}, fail("InvalidParameterValue", "Value (%s) for parameter availabilityZone is invalid. "+
		"Subnets can currently only be created in the following availability zones: %s.", name+id, c.region.zoneNames())
}

func describeSubnets(c *call) (any, error) {
	found, next, err := subnetListing.describe(c)
	return struct {
		Subnets []*subnet `wire:"subnetSet>item"`
		page
	}{found, next}, err
}

func modifySubnetAttribute(c *call) (any, error) {
	s, err := c.subnet("SubnetId")
	if err != nil {
		return nil, err
	}
	switch {
	case c.Has("MapPublicIpOnLaunch.Value"):
		s.MapPublicIP = c.Flag("MapPublicIpOnLaunch.Value")
	default:
		return nil, fail("InvalidParameterCombination", "No attributes were specified that the sandbox can modify.")
	}
	return nil, nil
}

func deleteSubnet(c *call) (any, error) {
	s, err := c.subnet("SubnetId")
	if err != nil {
		return nil, err
	}
	if enis.any(c.region, func(e *eni) bool { return e.SubnetID == s.ID }) {
		return nil, held("subnet", s.ID)
	}
	for table := range routeTables.all(c.region) {
		table.forget(s.ID)
	}
	subnets.drop(c.region, s.ID)
	return nil, nil
}
