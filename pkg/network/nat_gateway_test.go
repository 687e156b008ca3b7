package network

import (
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

func TestNATGatewayDiff(t *testing.T) {
	ref := existing(t, map[graph.Key]string{
		"vpc": "vpc-1", "subnet/public-a": "subnet-1", "elastic-ip/a": "eipalloc-1", "internet-gateway": "igw-1",
	})
	zonal := NATGateway{
		Meta: meta("nat-gateway/a"), Subnet: ref("subnet/public-a"), Address: ref("elastic-ip/a"),
		Internet: ref("internet-gateway"),
	}
	regional := RegionalNATGateway{Meta: meta("nat-gateway/a"), VPC: ref("vpc"), Internet: ref("internet-gateway")}
	good := NATGatewayState{
		Identity: graph.Identity{ID: "nat-1", Tags: ownTags("nat-gateway/a")}, VPCID: "vpc-1", SubnetID: "subnet-1",
		Mode: types.AvailabilityModeZonal, Allocations: []string{"eipalloc-1"}, State: types.NatGatewayStateAvailable,
	}
	goodRegional := but(good, func(o *NATGatewayState) {
		o.Mode, o.SubnetID, o.Allocations = types.AvailabilityModeRegional, "", []string{"eipalloc-7", "eipalloc-8"}
	})
	checkDiffs(t, map[string]diffCase[NATGatewayState]{
		"zonal as wanted":    {zonal, good, nil},
		"regional as wanted": {regional, goodRegional, nil},
		"address not known yet": {
			zonal, but(good, func(o *NATGatewayState) { o.Allocations = nil }), nil,
		},
		"another address and subnet": {
			zonal, but(good, func(o *NATGatewayState) { o.SubnetID, o.Allocations = "subnet-2", []string{"eipalloc-2"} }),
			[]graph.Change{
				{Field: "subnetId", From: "subnet-2", To: "subnet-1", Fixed: "fixed"},
				{Field: "allocationId", From: "eipalloc-2", To: "eipalloc-1", Fixed: "fixed"},
			},
		},
		"regional where zonal is wanted": {
			zonal, but(good, func(o *NATGatewayState) { o.Mode = types.AvailabilityModeRegional }),
			[]graph.Change{{Field: "availabilityMode", From: "regional", To: "zonal", Fixed: "fixed"}},
		},
	})
}

// AWS takes a NAT gateway without an internet gateway and lets it fail later. It is replaced, its address used again.
func TestFailedNATGatewayScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(func(g *graph.Graph) {
			vpc := graph.Add(g, VPC{VPCs{API: s.EC2, Keepers: s.keepers}, meta("vpc"), netip.MustParsePrefix("10.1.0.0/16")})
			graph.Add(g, Subnet{
				Subnets{API: s.EC2, Keepers: s.keepers}, meta("subnet/public-a"), vpc, "euw1-az1", netip.MustParsePrefix("10.1.0.0/24"),
			})
			graph.Add(g, ElasticIP{ElasticIPs{s.EC2}, meta("elastic-ip/a")})
		})
		address := s.id("elastic-ip/a")
		_, err := s.EC2.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{
			SubnetId: aws.String(s.id("subnet/public-a")), AllocationId: aws.String(address),
			TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeNatgateway, ownTags("nat-gateway/a")),
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		if got := sandboxtest.Differences(s.Plan(s.network)); !slices.Contains(got, "replace nat-gateway/a") {
			t.Errorf("plan: %v", got)
		}
		s.Up(s.network)
		if got := s.id("elastic-ip/a"); got != address {
			t.Errorf("the address was %s and is %s", address, got)
		}
	})
}

// AWS lists a failed NAT gateway for about an hour, whatever is done about it: it is replaced without waiting for that, and
// a removal does not wait for it either, then or later.
func TestQuirksFailedNATGatewayIsListedForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{
			sandboxtest.Fault(t, "*/ec2:NatGatewayAvailable#1/code=InternalError"),
		}})
		started := time.Now()
		s.Up(s.network)
		if took := time.Since(started); took > 15*time.Minute {
			t.Errorf("up took %s", took)
		}
		s.Down()
	})
}

// A regional NAT gateway serves every zone and takes its own addresses.
func TestRegionalNATGatewayScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(func(g *graph.Graph) {
			vpc := graph.Add(g, VPC{VPCs{API: s.EC2, Keepers: s.keepers}, meta("vpc"), netip.MustParsePrefix("10.1.0.0/16")})
			igw := graph.Add(g, InternetGateway{InternetGateways{API: s.EC2, Keepers: s.keepers}, meta("internet-gateway"), vpc})
			private := graph.Add(g, Subnet{
				Subnets{API: s.EC2, Keepers: s.keepers}, meta("subnet/private-a"), vpc, "euw1-az1", netip.MustParsePrefix("10.1.16.0/20"),
			})
			nat := graph.Add(g, RegionalNATGateway{NATGateways{s.EC2}, meta("nat-gateway/regional"), vpc, igw})
			graph.Add(g, RouteTable{RouteTables{s.EC2}, meta("route-table/private"), vpc, []graph.Ref{private}, nat})
		})
		s.Down()
	})
}
