package sandbox

// A regional NAT gateway belongs to a VPC instead of a subnet. In automatic mode, the only one here, it takes its own
// addresses in the zones where the VPC has subnets ("Regional NAT gateways for automatic multi-AZ expansion").

func (c *call) placeRegionalNAT(n *natGateway) error {
	v, err := c.vpc("VpcId")
	if err != nil {
		return err
	}
	switch {
	case c.Has("SubnetId"):
		return fail("InvalidParameterCombination", "SubnetId can't be specified for regional NAT gateways")
	case c.Has("AllocationId"):
		return fail("InvalidParameterCombination", "AllocationId can't be specified for regional NAT gateways")
	case n.ConnectivityType != "public":
		return fail("InvalidParameterCombination", "Regional NAT gateways can't be private")
	}
	n.ID, n.VPCID = c.region.newID("nat"), v.ID
	n.AutoProvision, n.AutoScaling = "enabled", "enabled"
	return nil
}

// spreadNAT gives an available regional NAT gateway its addresses and its route table, which is AWS's.
func (r *region) spreadNAT(n *natGateway) {
	done := map[string]bool{}
	for s := range subnets.all(r) {
		if s.VPCID != n.VPCID || done[s.ZoneID] {
			continue
		}
		done[s.ZoneID] = true
		a := r.newAddress(tagSet{})
		a.ServiceManaged, a.AssociationID = "rnat", r.newID("eipassoc")
		n.Addresses = append(n.Addresses, natAddress{
			AllocationID: a.AllocationID, AssociationID: a.AssociationID, PublicIP: a.PublicIP, Zone: s.Zone, ZoneID: s.ZoneID,
			IsPrimary: len(n.Addresses) == 0, Status: "succeeded",
		})
	}
	t := r.newRouteTable(vpcs.get(r, n.VPCID), tagSet{})
	t.AWSManaged = true
	for g := range gateways.all(r) {
		if g.vpc() == n.VPCID {
			t.Routes = append(t.Routes, &route{CIDR: "0.0.0.0/0", GatewayID: g.ID, State: "active", Origin: "CreateRoute"})
		}
	}
	n.RouteTableID = t.ID
}

// releaseRegional gives back what spreadNAT took.
func (r *region) releaseRegional(n *natGateway) {
	if n.AvailabilityMode != natRegional {
		return
	}
	for _, a := range n.Addresses {
		addresses.drop(r, a.AllocationID)
	}
	routeTables.drop(r, n.RouteTableID)
}
