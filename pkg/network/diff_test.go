package network

import (
	"maps"
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/graph"
)

// diffCase is one observed state of a resource, and what is to change about it.
type diffCase[O graph.Observed] struct {
	wish interface{ Diff(o O) []graph.Change }
	o    O
	want []graph.Change
}

// checkDiffs compares the changes; of why a change can't be made in place, only whether it can.
func checkDiffs[O graph.Observed](t *testing.T, cases map[string]diffCase[O]) {
	t.Helper()
	const fixed = "fixed"
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := tc.wish.Diff(tc.o)
			for i := range got {
				if got[i].Fixed != "" {
					got[i].Fixed = fixed
				}
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("Diff() (-want +got):\n%s", diff)
			}
		})
	}
}

// but is a copy of a state with something else about it.
func but[O any](o O, change func(*O)) O {
	change(&o)
	return o
}

func TestSubnetDiff(t *testing.T) {
	g := existing(t, map[graph.Key]string{"vpc": "vpc-1"})
	wish := Subnet{
		Meta: meta("subnet/private-a"), VPC: g.Ref("vpc"), ZoneID: "euw1-az1", CIDR: netip.MustParsePrefix("10.1.0.0/20"),
	}
	good := SubnetState{
		Identity: graph.Identity{ID: "subnet-1", Tags: ownTags("subnet/private-a")},
		VPCID:    "vpc-1", CIDR: "10.1.0.0/20", ZoneID: "euw1-az1", State: types.SubnetStateAvailable,
	}
	checkDiffs(t, map[string]diffCase[SubnetState]{
		"as wanted": {wish, good, nil},
		"gives public addresses": {
			wish, but(good, func(o *SubnetState) { o.PublicIPs = true }),
			[]graph.Change{{Field: "mapPublicIpOnLaunch", From: "true", To: "false"}},
		},
		"another zone, block and VPC": {
			wish, but(good, func(o *SubnetState) { o.ZoneID, o.CIDR, o.VPCID = "euw1-az2", "10.1.16.0/20", "vpc-2" }),
			[]graph.Change{
				{Field: "vpcId", From: "vpc-2", To: "vpc-1", Fixed: "fixed"},
				{Field: "availabilityZoneId", From: "euw1-az2", To: "euw1-az1", Fixed: "fixed"},
				{Field: "cidrBlock", From: "10.1.16.0/20", To: "10.1.0.0/20", Fixed: "fixed"},
			},
		},
		"a tag lost": {
			wish, but(good, func(o *SubnetState) {
				o.Tags = maps.Clone(o.Tags)
				delete(o.Tags, graph.TagStack)
			}),
			[]graph.Change{{Field: "tag provision:stack", To: "web"}},
		},
	})
}

func TestInternetGatewayDiff(t *testing.T) {
	there := existing(t, map[graph.Key]string{"vpc": "vpc-1"})
	absent := existing(t, map[graph.Key]string{"vpc": ""})
	wish := InternetGateway{Meta: meta("internet-gateway"), VPC: there.Ref("vpc")}
	good := InternetGatewayState{
		Identity: graph.Identity{ID: "igw-1", Tags: ownTags("internet-gateway")}, VPCID: "vpc-1",
	}
	checkDiffs(t, map[string]diffCase[InternetGatewayState]{
		"as wanted": {wish, good, nil},
		"detached": {
			wish, but(good, func(o *InternetGatewayState) { o.VPCID = "" }),
			[]graph.Change{{Field: "attachment", To: "vpc-1", After: "vpc"}},
		},
		"before the VPC is there": {
			InternetGateway{Meta: wish.Meta, VPC: absent.Ref("vpc")}, but(good, func(o *InternetGatewayState) { o.VPCID = "" }),
			[]graph.Change{{Field: "attachment", To: "vpc", After: "vpc"}},
		},
		"attached to somebody else's VPC": {
			wish, but(good, func(o *InternetGatewayState) { o.VPCID = "vpc-2" }),
			[]graph.Change{{Field: "attachment", From: "vpc-2", To: "vpc-1", Fixed: "fixed"}},
		},
	})
}

func TestNATGatewayDiff(t *testing.T) {
	g := existing(t, map[graph.Key]string{
		"vpc": "vpc-1", "subnet/public-a": "subnet-1", "elastic-ip/a": "eipalloc-1", "internet-gateway": "igw-1",
	})
	zonal := NATGateway{
		Meta: meta("nat-gateway/a"), Subnet: g.Ref("subnet/public-a"), Address: g.Ref("elastic-ip/a"),
		Internet: g.Ref("internet-gateway"),
	}
	regional := RegionalNATGateway{Meta: meta("nat-gateway/a"), VPC: g.Ref("vpc"), Internet: g.Ref("internet-gateway")}
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

func TestRouteTableDiff(t *testing.T) {
	g := existing(t, map[graph.Key]string{
		"vpc": "vpc-1", "subnet/a": "subnet-1", "subnet/b": "", "nat-gateway/a": "nat-1", "nat-gateway/b": "",
	})
	wish := RouteTable{
		Meta: meta("route-table/a"), VPC: g.Ref("vpc"), Subnets: []graph.Ref{g.Ref("subnet/a")},
		Default: g.Ref("nat-gateway/a"),
	}
	isolated := but(wish, func(r *RouteTable) { r.Default = graph.Ref{} })
	replaced := but(wish, func(r *RouteTable) { r.Default = g.Ref("nat-gateway/b") })
	more := but(wish, func(r *RouteTable) { r.Subnets = []graph.Ref{g.Ref("subnet/a"), g.Ref("subnet/b")} })
	good := RouteTableState{
		Identity: graph.Identity{ID: "rtb-1", Tags: ownTags("route-table/a")}, VPCID: "vpc-1",
		Associations: map[string]string{"subnet-1": "rtbassoc-1"}, Default: Route{Target: "nat-1"},
	}
	checkDiffs(t, map[string]diffCase[RouteTableState]{
		"as wanted": {wish, good, nil},
		"somebody's subnet is associated, too": {
			wish, but(good, func(o *RouteTableState) {
				o.Associations = map[string]string{"subnet-1": "rtbassoc-1", "subnet-9": "rtbassoc-9"}
			}), nil,
		},
		"new": {
			wish, but(good, func(o *RouteTableState) { o.Associations, o.Default = nil, Route{} }),
			[]graph.Change{
				{Field: "association subnet/a", To: "subnet-1", After: "subnet/a"},
				{Field: "route 0.0.0.0/0", To: "nat-1", After: "nat-gateway/a"},
			},
		},
		"another subnet wanted": {
			more, good, []graph.Change{{Field: "association subnet/b", To: "subnet/b", After: "subnet/b"}},
		},
		"black hole": {
			wish, but(good, func(o *RouteTableState) { o.Default.Blackhole = true }),
			[]graph.Change{
				{Field: "route 0.0.0.0/0", From: "nat-1 (blackhole)", To: "nat-1", After: "nat-gateway/a"},
			},
		},
		"NAT gateway made anew": {
			replaced, good, []graph.Change{
				{Field: "route 0.0.0.0/0", From: "nat-1", To: "nat-gateway/b", After: "nat-gateway/b"},
			},
		},
		"no way out wanted": {
			isolated, good, []graph.Change{{Field: "route 0.0.0.0/0", From: "nat-1"}},
		},
		"no way out, as wanted": {
			isolated, but(good, func(o *RouteTableState) { o.Default = Route{} }), nil,
		},
	})
}

func TestSecurityGroupDiff(t *testing.T) {
	g := existing(t, map[graph.Key]string{
		"vpc": "vpc-1", "security-group/alb": "sg-alb", "security-group/app": "sg-app", "security-group/none": "",
	})
	alb := SecurityGroup{
		Meta: meta("security-group/alb"), VPC: g.Ref("vpc"), GroupName: "web-alb", Description: "load balancer",
		Ingress: []Rule{{Port: 80, CIDR: netip.MustParsePrefix("0.0.0.0/0")}},
	}
	app := but(alb, func(r *SecurityGroup) { r.Ingress = []Rule{{Port: 80, Group: g.Ref("security-group/alb")}} })
	early := but(alb, func(r *SecurityGroup) { r.Ingress = []Rule{{Port: 80, Group: g.Ref("security-group/none")}} })
	good := SecurityGroupState{
		Identity: graph.Identity{ID: "sg-1", Tags: ownTags("security-group/alb")}, VPCID: "vpc-1",
		GroupName: "web-alb", Description: "load balancer", Egress: []RuleState{allowAll},
		Ingress: []RuleState{{Protocol: "tcp", From: 80, To: 80, Source: "0.0.0.0/0"}},
	}
	fromALB := RuleState{Protocol: "tcp", From: 80, To: 80, Source: "sg-alb", Account: "123456789012"}
	checkDiffs(t, map[string]diffCase[SecurityGroupState]{
		"addresses, as wanted": {alb, good, nil},
		"group, as wanted": {
			app, but(good, func(o *SecurityGroupState) { o.Ingress = []RuleState{fromALB} }), nil,
		},
		"opened by hand": {
			alb, but(good, func(o *SecurityGroupState) {
				o.Ingress = append([]RuleState{
					{Protocol: "tcp", From: 22, To: 22, Source: "0.0.0.0/0"}, {Protocol: "-1", Source: "::/0"},
				}, o.Ingress...)
			}),
			[]graph.Change{
				{Field: "ingress tcp 22 from 0.0.0.0/0", From: "allowed"},
				{Field: "ingress all from ::/0", From: "allowed"},
			},
		},
		"a wider range is another rule": {
			alb, but(good, func(o *SecurityGroupState) {
				o.Ingress = []RuleState{{Protocol: "tcp", From: 80, To: 90, Source: "0.0.0.0/0"}}
			}),
			[]graph.Change{
				{Field: "ingress tcp 80 from 0.0.0.0/0", To: "allowed"},
				{Field: "ingress tcp 80-90 from 0.0.0.0/0", From: "allowed"},
			},
		},
		"group that is not there yet": {
			early, but(good, func(o *SecurityGroupState) { o.Ingress = nil }),
			[]graph.Change{
				{Field: "ingress tcp 80 from security-group/none", To: "allowed", After: "security-group/none"},
			},
		},
		"egress closed": {
			alb, but(good, func(o *SecurityGroupState) { o.Egress = nil }),
			[]graph.Change{{Field: "egress all to 0.0.0.0/0", To: "allowed"}},
		},
		"named otherwise": {
			alb, but(good, func(o *SecurityGroupState) { o.GroupName, o.Description = "x", "y" }),
			[]graph.Change{
				{Field: "groupName", From: "x", To: "web-alb", Fixed: "fixed"},
				{Field: "description", From: "y", To: "load balancer", Fixed: "fixed"},
			},
		},
	})
}

func TestEndpointDiff(t *testing.T) {
	g := existing(t, map[graph.Key]string{
		"vpc": "vpc-1", "route-table/a": "rtb-1", "route-table/b": "",
		"subnet/a": "subnet-1", "subnet/b": "subnet-2", "security-group/endpoint": "sg-1",
	})
	s3 := GatewayEndpoint{
		Meta: meta("vpc-endpoint/s3"), VPC: g.Ref("vpc"), Service: ServiceName("eu-west-1", "s3"),
		RouteTables: []graph.Ref{g.Ref("route-table/a")},
	}
	more := but(s3, func(r *GatewayEndpoint) {
		r.RouteTables = []graph.Ref{g.Ref("route-table/a"), g.Ref("route-table/b")}
	})
	ssm := InterfaceEndpoint{
		Meta: meta("vpc-endpoint/ssm"), VPC: g.Ref("vpc"), Service: ServiceName("eu-west-1", "ssm"),
		Subnets: []graph.Ref{g.Ref("subnet/a"), g.Ref("subnet/b")}, SecurityGroup: g.Ref("security-group/endpoint"),
	}
	gateway := VPCEndpointState{
		Identity: graph.Identity{ID: "vpce-1", Tags: ownTags("vpc-endpoint/s3")}, VPCID: "vpc-1",
		Service: "com.amazonaws.eu-west-1.s3", Type: types.VpcEndpointTypeGateway, State: "available",
		RouteTables: []string{"rtb-1"},
	}
	private := VPCEndpointState{
		Identity: graph.Identity{ID: "vpce-2", Tags: ownTags("vpc-endpoint/ssm")}, VPCID: "vpc-1",
		Service: "com.amazonaws.eu-west-1.ssm", Type: types.VpcEndpointTypeInterface, State: "pending",
		Subnets: []string{"subnet-2", "subnet-1"}, Groups: []string{"sg-1"}, PrivateDNS: true,
	}
	checkDiffs(t, map[string]diffCase[VPCEndpointState]{
		"gateway as wanted":   {s3, gateway, nil},
		"interface as wanted": {ssm, private, nil},
		"a table that is not there yet": {
			more, gateway,
			[]graph.Change{{Field: "routeTableIds", From: "rtb-1", To: "route-table/b,rtb-1", After: "route-table/b"}},
		},
		"subnet lost, group added, DNS off": {
			ssm, but(private, func(o *VPCEndpointState) {
				o.Subnets, o.Groups, o.PrivateDNS = []string{"subnet-1"}, []string{"sg-1", "sg-9"}, false
			}),
			[]graph.Change{
				{Field: "subnetIds", From: "subnet-1", To: "subnet-1,subnet-2"},
				{Field: "securityGroupIds", From: "sg-1,sg-9", To: "sg-1"},
				{Field: "privateDnsEnabled", From: "false", To: "true"},
			},
		},
		"of another service and kind": {
			s3, but(gateway, func(o *VPCEndpointState) {
				o.Service, o.Type = "com.amazonaws.eu-west-1.dynamodb", types.VpcEndpointTypeInterface
			}),
			[]graph.Change{
				{
					Field: "serviceName", From: "com.amazonaws.eu-west-1.dynamodb", To: "com.amazonaws.eu-west-1.s3",
					Fixed: "fixed",
				},
				{Field: "vpcEndpointType", From: "Interface", To: "Gateway", Fixed: "fixed"},
			},
		},
	})
}
