package sandbox

import "slices"

type internetGateway struct {
	ID          string              `wire:"internetGatewayId"`
	OwnerID     string              `wire:"ownerId"`
	Attachments []gatewayAttachment `wire:"attachmentSet>item"`
	tagSet
}

type gatewayAttachment struct {
	VPCID string `wire:"vpcId"`
	State string `wire:"state"`
}

var gateways = newKind[internetGateway]("internet-gateway", "igw")

var gatewayListing = listing[internetGateway]{
	of: gateways, ids: "InternetGatewayId", unknown: noGateway,
	fields: fields[internetGateway]{
		"internet-gateway-id": one(func(g *internetGateway) string { return g.ID }),
		"owner-id":            one(func(g *internetGateway) string { return g.OwnerID }),
		"attachment.vpc-id":   one(func(g *internetGateway) string { return g.vpc() }),
		"attachment.state": func(g *internetGateway) []string {
			if len(g.Attachments) == 0 {
				return nil
			}
			return []string{g.Attachments[0].State}
		},
	},
}

func gatewayArea(reg *registry) {
	reg.ec2("CreateInternetGateway", mutates, createGateway)
	reg.ec2("DescribeInternetGateways", reads, describeGateways)
	reg.ec2("AttachInternetGateway", mutates, attachGateway)
	reg.ec2("DetachInternetGateway", mutates, detachGateway)
	reg.ec2("DeleteInternetGateway", mutates, deleteGateway)
}

func noGateway(id string) *Error {
	return fail("InvalidInternetGatewayID.NotFound", "The internetGateway ID '%s' does not exist", id)
}

// vpc is what the gateway is attached to, or empty.
func (g *internetGateway) vpc() string {
	if len(g.Attachments) == 0 {
		return ""
	}
	return g.Attachments[0].VPCID
}

// hasGateway says whether a VPC has an internet gateway attached.
func (r *region) hasGateway(vpcID string) bool {
	return gateways.any(r, func(g *internetGateway) bool { return g.vpc() == vpcID })
}

func (c *call) gateway() (*internetGateway, error) {
	id, err := c.Need("InternetGatewayId")
	if err != nil {
		return nil, err
	}
	if g := gateways.get(c.region, id); g != nil {
		return g, nil
	}
	return nil, noGateway(id)
}

func createGateway(c *call) (any, error) {
	tags, err := c.newTags(gateways.name)
	if err != nil {
		return nil, err
	}
	if gateways.count(c.region) >= c.region.quota(QuotaGateways) {
		return nil, fail("InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.")
	}
	g := &internetGateway{ID: c.region.newID("igw"), OwnerID: c.account.id, tagSet: tags}
	gateways.put(c.region, g.ID, g)
	return struct {
		Gateway *internetGateway `wire:"internetGateway"`
	}{g}, nil
}

func describeGateways(c *call) (any, error) {
	found, next, err := gatewayListing.describe(c)
	return struct {
		Gateways []*internetGateway `wire:"internetGatewaySet>item"`
		page
	}{found, next}, err
}

func attachGateway(c *call) (any, error) {
	g, err := c.gateway()
	if err != nil {
		return nil, err
	}
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	if g.vpc() != "" {
		return nil, fail("Resource.AlreadyAssociated", "resource %s is already attached to network %s", g.ID, g.vpc())
	}
	if c.region.hasGateway(v.ID) {
		return nil, fail("InvalidParameterValue", "Network %s already has an internet gateway attached", v.ID)
	}
	g.Attachments = []gatewayAttachment{{v.ID, "available"}}
	c.region.announce(gatewayOf(v.ID))
	return nil, nil
}

func detachGateway(c *call) (any, error) {
	g, err := c.gateway()
	if err != nil {
		return nil, err
	}
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	if g.vpc() != v.ID {
		return nil, fail("Gateway.NotAttached", "resource %s is not attached to network %s", g.ID, v.ID)
	}
	mapped := enis.any(c.region, func(e *eni) bool { return e.VPCID == v.ID && e.Association != nil })
	regional := nats.any(c.region, func(n *natGateway) bool {
		return n.VPCID == v.ID && n.AvailabilityMode == natRegional && n.holds()
	})
	if mapped || regional {
		return nil, fail("DependencyViolation", "Network %s has some mapped public address(es). "+
			"Please unmap those public address(es) before detaching the gateway.", v.ID)
	}
	g.Attachments = slices.Delete(g.Attachments, 0, 1)
	return nil, nil
}

func deleteGateway(c *call) (any, error) {
	g, err := c.gateway()
	if err != nil {
		return nil, err
	}
	if g.vpc() != "" {
		return nil, held("internetGateway", g.ID)
	}
	gateways.drop(c.region, g.ID)
	return nil, nil
}
