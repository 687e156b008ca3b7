package sandbox

// peering connects two VPCs of one account and region; the other side has to accept it.
type peering struct {
	ID        string      `wire:"vpcPeeringConnectionId"`
	Requester peeringSide `wire:"requesterVpcInfo"`
	Accepter  peeringSide `wire:"accepterVpcInfo"`
	Status    struct {
		Code    string `wire:"code"`
		Message string `wire:"message"`
	} `wire:"status"`
	tagSet
}

type peeringSide struct {
	VPCID   string `wire:"vpcId"`
	OwnerID string `wire:"ownerId"`
	CIDR    string `wire:"cidrBlock"`
	Region  string `wire:"region"`
}

var peerings = newKind[peering]("vpc-peering-connection", "pcx")

var peeringListing = listing[peering]{
	of: peerings, ids: "VpcPeeringConnectionId", unknown: noPeering,
	fields: fields[peering]{
		"vpc-peering-connection-id": one(func(p *peering) string { return p.ID }),
		"requester-vpc-info.vpc-id": one(func(p *peering) string { return p.Requester.VPCID }),
		"accepter-vpc-info.vpc-id":  one(func(p *peering) string { return p.Accepter.VPCID }),
		"status-code":               one(func(p *peering) string { return p.Status.Code }),
	},
}

func peeringArea(reg *registry) {
	reg.ec2("CreateVpcPeeringConnection", mutates, createPeering)
	reg.ec2("AcceptVpcPeeringConnection", mutates, acceptPeering)
	reg.ec2("DescribeVpcPeeringConnections", reads, describePeerings)
	reg.ec2("DeleteVpcPeeringConnection", mutates, deletePeering)
}

func noPeering(id string) *Error {
	return fail("InvalidVpcPeeringConnectionID.NotFound", "The vpcPeeringConnection ID '%s' does not exist", id)
}

// holds says whether the connection keeps a VPC from being deleted.
func (p *peering) holds(vpcID string) bool {
	return p.Status.Code != "deleted" && (p.Requester.VPCID == vpcID || p.Accepter.VPCID == vpcID)
}

func createPeering(c *call) (any, error) {
	from, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	to, err := c.vpc("PeerVpcId")
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(peerings.name)
	if err != nil {
		return nil, err
	}
	side := func(v *vpc) peeringSide { return peeringSide{v.ID, c.account.id, v.CIDR, c.region.name} }
	p := &peering{ID: c.region.newID("pcx"), Requester: side(from), Accepter: side(to), tagSet: tags}
	p.Status.Code, p.Status.Message = "pending-acceptance", "Pending Acceptance by "+c.account.id
	peerings.put(c.region, p.ID, p)
	return peeringAnswer{p}, nil
}

type peeringAnswer struct {
	Peering *peering `wire:"vpcPeeringConnection"`
}

func (c *call) peering() (*peering, error) {
	id, err := c.Need("VpcPeeringConnectionId")
	if err != nil {
		return nil, err
	}
	if p := peerings.get(c.region, id); p != nil {
		return p, nil
	}
	return nil, noPeering(id)
}

func acceptPeering(c *call) (any, error) {
	p, err := c.peering()
	if err != nil {
		return nil, err
	}
	p.Status.Code, p.Status.Message = "active", "Active"
	return peeringAnswer{p}, nil
}

func describePeerings(c *call) (any, error) {
	found, next, err := peeringListing.describe(c)
	return struct {
		Peerings []*peering `wire:"vpcPeeringConnectionSet>item"`
		page
	}{found, next}, err
}

// deletePeering leaves the connection listed as deleted, as AWS does for a while.
func deletePeering(c *call) (any, error) {
	p, err := c.peering()
	if err != nil {
		return nil, err
	}
	p.Status.Code, p.Status.Message = "deleted", "Deleted by "+c.account.id
	return struct {
		Return bool `wire:"return"`
	}{true}, nil
}
