package sandbox

// oddGateway is an egress-only internet gateway or a carrier gateway: each is made in its VPC, and holds it.
type oddGateway struct {
	ID          string              `wire:"egressOnlyInternetGatewayId"`
	CarrierID   string              `wire:"carrierGatewayId"`
	VPCID       string              `wire:"vpcId"`
	State       string              `wire:"state"`
	OwnerID     string              `wire:"ownerId"`
	Attachments []gatewayAttachment `wire:"attachmentSet>item"`
	tagSet
}

var (
	egressGateways  = newKind[oddGateway]("egress-only-internet-gateway", "eigw")
	carrierGateways = newKind[oddGateway]("carrier-gateway", "cagw")
)

var egressListing = listing[oddGateway]{
	of: egressGateways, ids: "EgressOnlyInternetGatewayId",
	unknown: func(id string) *Error {
		return fail("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", id)
	},
}

var carrierListing = listing[oddGateway]{
	of: carrierGateways, ids: "CarrierGatewayId",
	unknown: func(id string) *Error {
		return fail("InvalidCarrierGatewayID.NotFound", "The carrier gateway ID '%s' does not exist", id)
	},
	fields: fields[oddGateway]{
		"carrier-gateway-id": one(func(g *oddGateway) string { return g.CarrierID }),
		"state":              one(func(g *oddGateway) string { return g.State }),
		"owner-id":           one(func(g *oddGateway) string { return g.OwnerID }),
		"vpc-id":             one(func(g *oddGateway) string { return g.VPCID }),
	},
}

func oddGatewayArea(reg *registry) {
	reg.ec2("CreateEgressOnlyInternetGateway", mutates|tokened, func(c *call) (any, error) {
		g, err := c.newOddGateway(egressGateways, func(g *oddGateway, id, vpcID string) {
			g.ID, g.Attachments = id, []gatewayAttachment{{vpcID, "attached"}}
		})
		return struct {
			Gateway *oddGateway `wire:"egressOnlyInternetGateway"`
		}{g}, err
	})
	reg.ec2("CreateCarrierGateway", mutates|tokened, func(c *call) (any, error) {
		g, err := c.newOddGateway(carrierGateways, func(g *oddGateway, id, vpcID string) {
			g.CarrierID, g.VPCID, g.State, g.OwnerID = id, vpcID, "available", c.account.id
		})
		return struct {
			Gateway *oddGateway `wire:"carrierGateway"`
		}{g}, err
	})
	reg.ec2("DescribeEgressOnlyInternetGateways", reads, func(c *call) (any, error) {
		found, next, err := egressListing.describe(c)
		return struct {
			Gateways []*oddGateway `wire:"egressOnlyInternetGatewaySet>item"`
			page
		}{found, next}, err
	})
	reg.ec2("DescribeCarrierGateways", reads, func(c *call) (any, error) {
		found, next, err := carrierListing.describe(c)
		return struct {
			Gateways []*oddGateway `wire:"carrierGatewaySet>item"`
			page
		}{found, next}, err
	})
	reg.ec2("DeleteEgressOnlyInternetGateway", mutates, func(c *call) (any, error) {
		id, err := c.dropOddGateway(egressListing)
		return struct {
			Return bool `wire:"returnCode"`
		}{id != ""}, err
	})
	reg.ec2("DeleteCarrierGateway", mutates, func(c *call) (any, error) {
		id, err := c.dropOddGateway(carrierListing)
		return struct {
			Gateway oddGateway `wire:"carrierGateway"`
		}{oddGateway{CarrierID: id, State: "deleting"}}, err
	})
}

func (c *call) newOddGateway(of kind[oddGateway], fill func(g *oddGateway, id, vpcID string)) (*oddGateway, error) {
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(of.name)
	if err != nil {
		return nil, err
	}
	g, id := &oddGateway{tagSet: tags}, c.region.newID(of.prefix)
	fill(g, id, v.ID)
	of.put(c.region, id, g)
	return g, nil
}

func (c *call) dropOddGateway(l listing[oddGateway]) (string, error) {
	id, err := c.Need(l.ids)
	if err != nil {
		return "", err
	}
	if l.of.get(c.region, id) == nil {
		return "", l.unknown(id)
	}
	l.of.drop(c.region, id)
	return id, nil
}

// in says whether the gateway is of the VPC.
func (g *oddGateway) in(vpcID string) bool {
	return g.VPCID == vpcID || len(g.Attachments) > 0 && g.Attachments[0].VPCID == vpcID
}
