package sandbox

import "time"

type natGateway struct {
	ID               string       `wire:"natGatewayId"`
	SubnetID         string       `wire:"subnetId"`
	VPCID            string       `wire:"vpcId"`
	State            string       `wire:"state"`
	CreateTime       time.Time    `wire:"createTime"`
	DeleteTime       time.Time    `wire:"deleteTime"`
	FailureCode      string       `wire:"failureCode"`
	FailureMessage   string       `wire:"failureMessage"`
	ConnectivityType string       `wire:"connectivityType"`
	AvailabilityMode string       `wire:"availabilityMode"`
	AutoProvision    string       `wire:"autoProvisionZones"`
	AutoScaling      string       `wire:"autoScalingIps"`
	RouteTableID     string       `wire:"routeTableId"`
	Addresses        []natAddress `wire:"natGatewayAddressSet>item"`
	tagSet
}

type natAddress struct {
	AllocationID  string `wire:"allocationId"`
	AssociationID string `wire:"associationId"`
	Zone          string `wire:"availabilityZone"`
	ZoneID        string `wire:"availabilityZoneId"`
	InterfaceID   string `wire:"networkInterfaceId"`
	PrivateIP     string `wire:"privateIp"`
	PublicIP      string `wire:"publicIp"`
	IsPrimary     bool   `wire:"isPrimary"`
	Status        string `wire:"status"`
}

const (
	natPending   = "pending"
	natAvailable = "available"
	natFailed    = "failed"
	natDeleting  = "deleting"
	natDeleted   = "deleted"

	natZonal    = "zonal"
	natRegional = "regional"
)

// natTombstone is how long a NAT gateway is still listed after its end.
const natTombstone = time.Hour

var nats = newKind[natGateway]("natgateway", "nat")

var natListing = listing[natGateway]{
	of: nats, ids: "NatGatewayId", unknown: noNAT,
	fields: fields[natGateway]{
		"nat-gateway-id": one(func(n *natGateway) string { return n.ID }),
		"state":          one(func(n *natGateway) string { return n.State }),
		"subnet-id":      one(func(n *natGateway) string { return n.SubnetID }),
		"vpc-id":         one(func(n *natGateway) string { return n.VPCID }),
	},
}

func natArea(reg *registry) {
	reg.ec2("CreateNatGateway", mutates|tokened, createNAT)
	reg.ec2("DescribeNatGateways", reads, describeNATs)
	reg.ec2("DeleteNatGateway", mutates, deleteNAT)
	reg.effect("nat-settles", settleNAT)
	reg.effect("nat-deleted", func(r *region, id string) { endNAT(r, id, natDeleted) })
	reg.effect("nat-forgotten", func(r *region, id string) { nats.drop(r, id) })
}

func noNAT(id string) *Error {
	return fail("NatGatewayNotFound", "NatGateway %s was not found", id)
}

func createNAT(c *call) (any, error) {
	tags, err := c.newTags(nats.name)
	if err != nil {
		return nil, err
	}
	n := &natGateway{
		State: natPending, CreateTime: c.region.now, ConnectivityType: "public", AvailabilityMode: natZonal, tagSet: tags,
	}
	if kind := c.Str("ConnectivityType"); kind != "" {
		n.ConnectivityType = kind
	}
	if n.ConnectivityType != "public" && n.ConnectivityType != "private" {
		return nil, badValue("connectivityType", n.ConnectivityType)
	}
	switch mode := c.Str("AvailabilityMode"); mode {
	case "", natZonal:
		err = c.placeZonalNAT(n)
	case natRegional:
		n.AvailabilityMode = natRegional
		err = c.placeRegionalNAT(n)
	default:
		err = badValue("availabilityMode", mode)
	}
	if err != nil {
		return nil, err
	}
	nats.put(c.region, n.ID, n)
	c.region.after(c.region.between("nat-settles", 60*time.Second, 120*time.Second), "nat-settles", n.ID)
	return struct {
		ClientToken string      `wire:"clientToken"`
		NAT         *natGateway `wire:"natGateway"`
	}{c.Str("ClientToken"), n}, nil
}

// placeZonalNAT puts a NAT gateway into its subnet, with its elastic IP if it is a public one.
func (c *call) placeZonalNAT(n *natGateway) error {
	if c.Has("VpcId") {
		return fail("InvalidParameterCombination", "VpcId can only be specified for regional NAT gateways")
	}
	s, err := c.subnet("SubnetId")
	if err != nil {
		return err
	}
	if c.constrained(s) { // "Troubleshoot NAT gateways"; the words: sysdiglabs/terraform-aws-secure-for-cloud#52
		return fail("NotAvailableInZone", "Nat Gateway is not available in this availability zone")
	}
	a, err := c.natAllocation(n)
	if err != nil {
		return err
	}
	if c.region.natsIn(s.Zone) >= c.region.quota(QuotaNATGateways) {
		return fail("NatGatewayLimitExceeded", "Performing this operation would exceed the limit of %d NAT gateways",
			c.region.quota(QuotaNATGateways))
	}
	id := c.region.newID("nat")
	e, err := c.region.newENI(eniSpec{
		Subnet: s, Type: "nat_gateway", Requester: "amazon-vpc", Description: "Interface for NAT Gateway " + id,
	})
	if err != nil {
		return err
	}
	n.ID, n.SubnetID, n.VPCID = id, s.ID, s.VPCID
	at := natAddress{InterfaceID: e.ID, PrivateIP: e.PrivateIP, IsPrimary: true, Status: "succeeded"}
	if a != nil {
		c.region.associate(a, e)
		at.AllocationID, at.AssociationID, at.PublicIP = a.AllocationID, a.AssociationID, a.PublicIP
	}
	n.Addresses = []natAddress{at}
	return nil
}

// natAllocation is the elastic IP for a zonal NAT gateway, nil for a private one.
func (c *call) natAllocation(n *natGateway) (*address, error) {
	if n.ConnectivityType == "private" {
		if c.Has("AllocationId") {
			return nil, fail("InvalidParameterCombination", "Private NAT gateways can't have an elastic IP address")
		}
		return nil, nil
	}
	a, err := c.allocation()
	if err != nil {
		return nil, err
	}
	if a.AssociationID != "" {
		return nil, fail("Resource.AlreadyAssociated", "resource %s is already associated with associate-id %s",
			a.AllocationID, a.AssociationID)
	}
	return a, nil
}

// natsIn is how many NAT gateways count against a zone's quota.
func (r *region) natsIn(zone string) int {
	return len(nats.where(r, func(n *natGateway) bool {
		s := subnets.get(r, n.SubnetID)
		return n.holds() && s != nil && s.Zone == zone
	}))
}

func describeNATs(c *call) (any, error) {
	found, next, err := natListing.describe(c)
	return struct {
		NATs []*natGateway `wire:"natGatewaySet>item"`
		page
	}{found, next}, err
}

func deleteNAT(c *call) (any, error) {
	id, err := c.Need("NatGatewayId")
	if err != nil {
		return nil, err
	}
	n := nats.get(c.region, id)
	if n == nil || n.State == natDeleted {
		return nil, noNAT(id)
	}
	if n.State != natDeleting && n.State != natFailed { // a failed one stays listed as that until AWS removes it
		n.State, n.DeleteTime = natDeleting, c.region.now
		c.region.after(c.region.between("nat-deleted", 30*time.Second, 60*time.Second), "nat-deleted", id)
	}
	return struct {
		ID string `wire:"natGatewayId"`
	}{id}, nil
}

// settleNAT is the end of pending.
func settleNAT(r *region, id string) {
	n := nats.get(r, id)
	if n == nil || n.State != natPending {
		return
	}
	if n.ConnectivityType == "public" && !r.hasGateway(n.VPCID) {
		n.FailureCode, n.FailureMessage = "Gateway.NotAttached", "Network "+n.VPCID+" has no Internet gateway attached"
		endNAT(r, id, natFailed)
		return
	}
	if happens := r.mishap("ec2", "NatGatewayAvailable"); happens != nil {
		n.FailureCode, n.FailureMessage = happens.code, happens.message
		endNAT(r, id, natFailed)
		return
	}
	n.State = natAvailable
	if n.AvailabilityMode == natRegional {
		r.spreadNAT(n)
	}
}

// endNAT takes away what a NAT gateway held. Its elastic IP stays allocated, and routes at it turn into black holes.
func endNAT(r *region, id, state string) {
	n := nats.get(r, id)
	if n == nil || n.State == natDeleted {
		return
	}
	for _, a := range n.Addresses {
		r.dropENI(a.InterfaceID)
	}
	r.releaseRegional(n)
	n.State, n.DeleteTime = state, r.now
	r.after(natTombstone, "nat-forgotten", id)
}

func (n *natGateway) regional() bool { return n.AvailabilityMode == natRegional }

// holds says whether a NAT gateway still is in its VPC's way.
func (n *natGateway) holds() bool { return n.State != natFailed && n.State != natDeleted }
