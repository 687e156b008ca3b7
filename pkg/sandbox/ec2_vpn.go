package sandbox

// vpnGateway is the VPC's end of a VPN. A VPC with one attached can't be deleted.
type vpnGateway struct {
	ID          string              `wire:"vpnGatewayId"`
	State       string              `wire:"state"`
	Type        string              `wire:"type"`
	Attachments []gatewayAttachment `wire:"attachments>item"`
	tagSet
}

var vpnGateways = newKind[vpnGateway]("vpn-gateway", "vgw")

var vpnListing = listing[vpnGateway]{
	of: vpnGateways, ids: "VpnGatewayId", unknown: noVPNGateway,
	fields: fields[vpnGateway]{
		"vpn-gateway-id":    one(func(g *vpnGateway) string { return g.ID }),
		"state":             one(func(g *vpnGateway) string { return g.State }),
		"type":              one(func(g *vpnGateway) string { return g.Type }),
		"attachment.vpc-id": one(func(g *vpnGateway) string { return g.vpc() }),
	},
}

func vpnArea(reg *registry) {
	reg.ec2("CreateVpnGateway", mutates, createVPNGateway)
	reg.ec2("DescribeVpnGateways", reads, describeVPNGateways)
	reg.ec2("AttachVpnGateway", mutates, attachVPNGateway)
	reg.ec2("DetachVpnGateway", mutates, detachVPNGateway)
	reg.ec2("DeleteVpnGateway", mutates, deleteVPNGateway)
}

func noVPNGateway(id string) *Error {
	return fail("InvalidVpnGatewayID.NotFound", "The vpnGateway ID '%s' does not exist", id)
}

func (g *vpnGateway) vpc() string {
	if len(g.Attachments) == 0 {
		return ""
	}
	return g.Attachments[0].VPCID
}

func (c *call) vpnGateway() (*vpnGateway, error) {
	id, err := c.Need("VpnGatewayId")
	if err != nil {
		return nil, err
	}
	if g := vpnGateways.get(c.region, id); g != nil {
		return g, nil
	}
	return nil, noVPNGateway(id)
}

func createVPNGateway(c *call) (any, error) {
	kind, err := c.Need("Type")
	if err != nil {
		return nil, err
	}
	if kind != "ipsec.1" {
		return nil, badValue("type", kind)
	}
	tags, err := c.newTags(vpnGateways.name)
	if err != nil {
		return nil, err
	}
	g := &vpnGateway{ID: c.region.newID("vgw"), State: "available", Type: kind, tagSet: tags}
	vpnGateways.put(c.region, g.ID, g)
	return struct {
		Gateway *vpnGateway `wire:"vpnGateway"`
	}{g}, nil
}

func describeVPNGateways(c *call) (any, error) {
	found, next, err := vpnListing.describe(c)
	return struct {
		Gateways []*vpnGateway `wire:"vpnGatewaySet>item"`
		page
	}{found, next}, err
}

func attachVPNGateway(c *call) (any, error) {
	g, err := c.vpnGateway()
	if err != nil {
		return nil, err
	}
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	if g.vpc() != "" {
		return nil, fail("VpnGatewayAttachmentLimitExceeded", "The maximum number of VPCs are attached to %s.", g.ID)
	}
	g.Attachments = []gatewayAttachment{{v.ID, "attached"}}
	return struct {
		Attachment gatewayAttachment `wire:"attachment"`
	}{g.Attachments[0]}, nil
}

func detachVPNGateway(c *call) (any, error) {
	g, err := c.vpnGateway()
	if err != nil {
		return nil, err
	}
	if v := c.Str("VpcId"); g.vpc() == "" || g.vpc() != v {
		return nil, fail("InvalidVpnGatewayAttachment.NotFound", "The attachment with vpn gateway ID '%s' and vpc ID '%s' "+
			"does not exist", g.ID, v)
	}
	g.Attachments = nil
	return nil, nil
}

func deleteVPNGateway(c *call) (any, error) {
	g, err := c.vpnGateway()
	if err != nil {
		return nil, err
	}
	if g.vpc() != "" {
		return nil, fail("IncorrectState", "The vpnGateway '%s' has an attachment.", g.ID)
	}
	vpnGateways.drop(c.region, g.ID)
	return nil, nil
}
