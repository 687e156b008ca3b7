package sandbox

// groupVPC is the association of a security group with a VPC that is not its own.
type groupVPC struct {
	GroupID      string `wire:"groupId"`
	VPCID        string `wire:"vpcId"`
	VPCOwnerID   string `wire:"vpcOwnerId"`
	GroupOwnerID string `wire:"groupOwnerId"`
	State        string `wire:"state"`
}

var groupVPCs = newKind[groupVPC]("security-group-vpc-association", "")

var groupVPCListing = listing[groupVPC]{
	of: groupVPCs,
	fields: fields[groupVPC]{
		"group-id":     one(func(a *groupVPC) string { return a.GroupID }),
		"vpc-id":       one(func(a *groupVPC) string { return a.VPCID }),
		"vpc-owner-id": one(func(a *groupVPC) string { return a.VPCOwnerID }),
		"state":        one(func(a *groupVPC) string { return a.State }),
	},
}

func groupVPCArea(reg *registry) {
	reg.ec2("AssociateSecurityGroupVpc", mutates, associateGroupVPC)
	reg.ec2("DisassociateSecurityGroupVpc", mutates, disassociateGroupVPC)
	reg.ec2("DescribeSecurityGroupVpcAssociations", reads, func(c *call) (any, error) {
		found, next, err := groupVPCListing.describe(c)
		return struct {
			Associations []*groupVPC `wire:"securityGroupVpcAssociationSet>item"`
			page
		}{found, next}, err
	})
}

type groupVPCAnswer struct {
	State string `wire:"state"`
}

func associateGroupVPC(c *call) (any, error) {
	g, err := c.group()
	if err != nil {
		return nil, err
	}
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	if g.VPCID == v.ID {
		return nil, fail("InvalidParameterValue", "The security group '%s' is already in VPC '%s'", g.ID, v.ID)
	}
	groupVPCs.put(c.region, g.ID+v.ID, &groupVPC{g.ID, v.ID, c.account.id, c.account.id, "associated"})
	return groupVPCAnswer{"associated"}, nil
}

func disassociateGroupVPC(c *call) (any, error) {
	id := c.Str("GroupId") + c.Str("VpcId")
	if groupVPCs.get(c.region, id) == nil {
		return nil, fail("InvalidSecurityGroupVpcAssociation.NotFound", "There is no such association")
	}
	groupVPCs.drop(c.region, id)
	return groupVPCAnswer{"disassociated"}, nil
}
