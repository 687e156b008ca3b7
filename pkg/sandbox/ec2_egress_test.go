package sandbox

import (
	"testing"
	"time"
)

// Each case changes a world where a private subnet reaches the internet over a NAT gateway in a public one.
func TestEgress(t *testing.T) {
	for _, test := range []struct {
		name            string
		change          func(r *region, private, public *subnet, nat *natGateway)
		private, public bool // whether they reach the internet, the public one with a public address
	}{
		{"as it should be", func(*region, *subnet, *subnet, *natGateway) {}, true, true},
		{"the NAT gateway is still pending", func(_ *region, _, _ *subnet, n *natGateway) { n.State = natPending }, false, true},
		{"the NAT gateway has failed", func(_ *region, _, _ *subnet, n *natGateway) { n.State = natFailed }, false, true},
		{"no route to the NAT gateway", func(r *region, private, _ *subnet, _ *natGateway) {
			r.tableOf(private).Routes = nil
		}, false, true},
		{"the NAT gateway is in a private subnet", func(r *region, _, public *subnet, _ *natGateway) {
			r.tableOf(public).forget(public.ID)
		}, false, false},
		{"the internet gateway is detached", func(r *region, _, _ *subnet, _ *natGateway) {
			for g := range gateways.all(r) {
				g.Attachments = nil
			}
		}, false, false},
		{"the NAT gateway is regional", func(_ *region, _, _ *subnet, n *natGateway) {
			n.AvailabilityMode, n.SubnetID = natRegional, ""
		}, true, true},
	} {
		clock := &handClock{now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
		r := New(Options{Clock: clock}).account(DefaultAccount).region("eu-west-1")
		v := &vpc{ID: "vpc-1", CIDR: "10.0.0.0/16"}
		vpcs.put(r, v.ID, v)
		private, public := &subnet{ID: "subnet-1", VPCID: v.ID}, &subnet{ID: "subnet-2", VPCID: v.ID}
		nat := &natGateway{ID: "nat-1", VPCID: v.ID, SubnetID: public.ID, State: natAvailable, AvailabilityMode: natZonal}
		nats.put(r, nat.ID, nat)
		gateways.put(r, "igw-1", &internetGateway{ID: "igw-1", Attachments: []gatewayAttachment{{VPCID: v.ID}}})
		for s, out := range map[*subnet]*route{
			private: {CIDR: "0.0.0.0/0", NATGatewayID: nat.ID}, public: {CIDR: "0.0.0.0/0", GatewayID: "igw-1"},
		} {
			subnets.put(r, s.ID, s)
			table := r.newRouteTable(v, tagSet{})
			table.associate(r, s.ID, false)
			table.Routes = append(table.Routes, out)
		}
		test.change(r, private, public, nat)
		if got := r.egressWorks(private.ID, false); got != test.private {
			t.Errorf("%s: out of the private subnet: %v", test.name, got)
		}
		if got := r.egressWorks(public.ID, true); got != test.public {
			t.Errorf("%s: out of the public subnet: %v", test.name, got)
		}
		if r.egressWorks(public.ID, false) {
			t.Errorf("%s: out of the public subnet without a public address", test.name)
		}
	}
}
