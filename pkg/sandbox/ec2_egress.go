package sandbox

// egressWorks says whether something in a subnet reaches the internet: over the internet gateway if it has a public
// address, or over a NAT gateway that itself does.
func (r *region) egressWorks(subnetID string, publicIP bool) bool {
	out := r.defaultRoute(subnetID)
	if out == nil {
		return false
	}
	if out.NATGatewayID == "" {
		return publicIP && gateways.get(r, out.GatewayID) != nil
	}
	n := nats.get(r, out.NATGatewayID)
	if n.AvailabilityMode == natRegional {
		return r.hasGateway(n.VPCID)
	}
	return r.internetRoute(n.SubnetID)
}

// internetRoute says whether a subnet is public: its default route leads to an internet gateway that is attached.
func (r *region) internetRoute(subnetID string) bool {
	out := r.defaultRoute(subnetID)
	return out != nil && gateways.get(r, out.GatewayID) != nil
}

// reachesS3 says whether a subnet has a way to S3 without the internet: a gateway endpoint in its route table.
func (r *region) reachesS3(subnetID string) bool {
	s := subnets.get(r, subnetID)
	if s == nil {
		return false
	}
	t := r.tableOf(s)
	return t != nil && t.route(r.prefixListID("s3")) != nil
}

// defaultRoute is a subnet's active route to everywhere, nil if it has none.
func (r *region) defaultRoute(subnetID string) *route {
	s := subnets.get(r, subnetID)
	if s == nil {
		return nil
	}
	t := r.tableOf(s)
	if t == nil {
		return nil
	}
	if out := t.route("0.0.0.0/0"); out != nil && r.routeState(t, out) == "active" {
		return out
	}
	return nil
}
