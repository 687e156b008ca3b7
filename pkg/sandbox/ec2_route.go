package sandbox

import (
	"net/netip"
	"slices"
)

type route struct {
	CIDR         string `wire:"destinationCidrBlock"`
	IPv6CIDR     string `wire:"destinationIpv6CidrBlock"`
	PrefixListID string `wire:"destinationPrefixListId"`
	GatewayID    string `wire:"gatewayId"` // of an internet gateway or a gateway endpoint, or "local"
	NATGatewayID string `wire:"natGatewayId"`
	InterfaceID  string `wire:"networkInterfaceId"`
	State        string `wire:"state" json:"-"` // found out for each answer
	Origin       string `wire:"origin"`
}

func routeArea(reg *registry) {
	reg.ec2("CreateRoute", mutates, createRoute)
	reg.ec2("ReplaceRoute", mutates, replaceRoute)
	reg.ec2("DeleteRoute", mutates, deleteRoute)
}

func (r *route) destination() string { return r.CIDR + r.IPv6CIDR + r.PrefixListID }

// parameter is how error messages call a route's destination.
func (r *route) parameter() string {
	switch {
	case r.PrefixListID != "":
		return "destination-prefix-list-id"
	case r.IPv6CIDR != "":
		return "destination-ipv6-cidr-block"
	default:
		return "destination-cidr-block"
	}
}

func (t *routeTable) route(destination string) *route {
	i := slices.IndexFunc(t.Routes, func(r *route) bool { return r.destination() == destination })
	if i < 0 {
		return nil
	}
	return t.Routes[i]
}

// destination reads where a route is to lead.
func (c *call) destination() (*route, error) {
	to := &route{State: "active", Origin: "CreateRoute"}
	v4, v6, list := c.Str("DestinationCidrBlock"), c.Str("DestinationIpv6CidrBlock"), c.Str("DestinationPrefixListId")
	block, err := netip.ParsePrefix(v4 + v6)
	switch {
	case v4 != "" && v6 == "" && list == "" && err == nil && block.Addr().Is4():
		to.CIDR = block.Masked().String()
	case v6 != "" && v4 == "" && list == "" && err == nil && block.Addr().Is6():
		to.IPv6CIDR = block.Masked().String()
	case list != "" && v4+v6 == "":
		to.PrefixListID = list
	case v4+v6+list == "":
		return nil, missing("destinationCidrBlock")
	default:
		return nil, fail("InvalidParameterValue",
			"Value (%s) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.", v4+v6+list)
	}
	return to, nil
}

// aim sets the route's target from a call's parameters.
func (c *call) aim(t *routeTable, to *route) error {
	to.GatewayID, to.NATGatewayID, to.InterfaceID = c.Str("GatewayId"), c.Str("NatGatewayId"), c.Str("NetworkInterfaceId")
	switch {
	case to.GatewayID != "" && to.NATGatewayID == "" && to.InterfaceID == "":
		return c.aimAtGateway(t, to)
	case to.NATGatewayID != "" && to.GatewayID == "" && to.InterfaceID == "":
		return c.aimAtNAT(t, to)
	case to.InterfaceID != "" && to.GatewayID+to.NATGatewayID == "":
		e := enis.get(c.region, to.InterfaceID)
		if e == nil {
			return noENI(to.InterfaceID)
		}
		return sameNetwork(t, "network interface", e.ID, e.VPCID)
	case to.GatewayID+to.NATGatewayID+to.InterfaceID == "":
		return missing("gatewayId")
	default:
		return fail("InvalidParameterCombination", "Exactly one route target has to be specified")
	}
}

func (c *call) aimAtGateway(t *routeTable, to *route) error {
	g := gateways.get(c.region, to.GatewayID)
	if g == nil {
		return fail("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", to.GatewayID)
	}
	vpcID := g.vpc()
	if !c.region.heard(gatewayOf(vpcID)) {
		vpcID = ""
	}
	return sameNetwork(t, "network gateway", g.ID, vpcID)
}

// aimAtNAT takes only a NAT gateway that is available: to AWS's routing a pending one is not there yet.
func (c *call) aimAtNAT(t *routeTable, to *route) error {
	n := nats.get(c.region, to.NATGatewayID)
	if n == nil || n.State != natAvailable {
		return fail("InvalidNatGatewayID.NotFound", "The natGateway ID '%s' does not exist", to.NATGatewayID)
	}
	return sameNetwork(t, "nat gateway", n.ID, n.VPCID)
}

func sameNetwork(t *routeTable, kind, id, vpcID string) error {
	if t.VPCID != vpcID {
		return fail("InvalidParameterValue", "route table %s and %s %s belong to different networks", t.ID, kind, id)
	}
	return nil
}

func createRoute(c *call) (any, error) {
	t, err := c.routeTable()
	if err != nil {
		return nil, err
	}
	to, err := c.destination()
	if err != nil {
		return nil, err
	}
	if err := c.aim(t, to); err != nil {
		return nil, err
	}
	switch {
	case t.route(to.destination()) != nil:
		return nil, fail("RouteAlreadyExists", "The route identified by %s already exists.", to.destination())
	case insideVPC(c.region, t, to):
		return nil, fail("InvalidParameterValue", "The destination CIDR block %s is equal to or more specific than one of "+
			"this VPC's CIDR blocks. This route can target only an interface or an instance.", to.CIDR)
	case len(t.Routes) >= c.region.quota(QuotaRoutes):
		return nil, fail("RouteLimitExceeded", "The maximum number of routes has been reached.")
	}
	t.Routes = append(t.Routes, to)
	return nil, nil
}

func insideVPC(r *region, t *routeTable, to *route) bool {
	if to.CIDR == "" || to.InterfaceID != "" {
		return false
	}
	v := vpcs.get(r, t.VPCID)
	whole, block := netip.MustParsePrefix(v.CIDR), netip.MustParsePrefix(to.CIDR)
	return block.Bits() >= whole.Bits() && whole.Contains(block.Addr())
}

func replaceRoute(c *call) (any, error) {
	t, err := c.routeTable()
	if err != nil {
		return nil, err
	}
	to, err := c.destination()
	if err != nil {
		return nil, err
	}
	old := t.route(to.destination())
	if old == nil {
		return nil, fail("InvalidParameterValue",
			"There is no route defined for '%s' in the route table. Use CreateRoute instead.", to.destination())
	}
	if err := c.aim(t, to); err != nil {
		return nil, err
	}
	*old = *to
	return nil, nil
}

func deleteRoute(c *call) (any, error) {
	t, err := c.routeTable()
	if err != nil {
		return nil, err
	}
	to, err := c.destination()
	if err != nil {
		return nil, err
	}
	old := t.route(to.destination())
	switch {
	case old == nil:
		return nil, fail("InvalidRoute.NotFound", "no route with %s %s in route table %s",
			to.parameter(), to.destination(), t.ID)
	case old.GatewayID == "local":
		return nil, fail("InvalidParameterValue", "cannot remove local route %s in route table %s", old.destination(), t.ID)
	case old.PrefixListID != "":
		return nil, fail("InvalidParameterValue", "cannot remove VPC endpoint route %s in route table %s",
			old.GatewayID, t.ID)
	}
	t.Routes = slices.DeleteFunc(t.Routes, func(r *route) bool { return r == old })
	return nil, nil
}

// routeState is active while the route's target can take what is sent to it.
func (r *region) routeState(t *routeTable, to *route) string {
	n, g, e := nats.get(r, to.NATGatewayID), gateways.get(r, to.GatewayID), enis.get(r, to.InterfaceID)
	switch {
	case to.GatewayID == "local",
		to.PrefixListID != "",
		n != nil && n.State == natAvailable,
		g != nil && g.vpc() == t.VPCID,
		e != nil && e.Status == "in-use":
		return "active"
	default:
		return "blackhole"
	}
}
