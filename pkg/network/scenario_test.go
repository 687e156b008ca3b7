package network

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

// Making and removing the whole takes no more calls than there are things to make, join and delete.
func TestUpAndDownScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{ReadLag: 1})
		s.up(s.network)
		made := map[string]int{
			"CreateVpc": 1, "ModifyVpcAttribute": 1, "CreateInternetGateway": 1, "AttachInternetGateway": 1,
			"CreateSubnet": 2, "AllocateAddress": 1, "CreateNatGateway": 1, "CreateVpcEndpoint": 2,
			"CreateRouteTable": 2, "AssociateRouteTable": 2, "CreateRoute": 2,
			"CreateSecurityGroup": 3, "AuthorizeSecurityGroupIngress": 3,
		}
		if diff := cmp.Diff(made, s.writes()); diff != "" {
			t.Errorf("calls of up (-want +got):\n%s", diff)
		}

		before := len(s.sandbox.Calls())
		if err := s.down(); err != nil {
			t.Fatal(err)
		}
		if left := s.left(); len(left) > 0 {
			t.Errorf("left after down: %v", left)
		}
		deleted := map[string]int{
			"DeleteVpc": 1, "DetachInternetGateway": 1, "DeleteInternetGateway": 1, "DeleteSubnet": 2, "ReleaseAddress": 1,
			"DeleteNatGateway": 1, "DeleteVpcEndpoints": 2, "DeleteRouteTable": 2, "DeleteSecurityGroup": 3,
		}
		got := map[string]int{}
		for _, c := range s.sandbox.Calls()[before:] {
			if c.Mutating {
				got[c.Action]++
			}
		}
		if diff := cmp.Diff(deleted, got); diff != "" {
			t.Errorf("calls of down (-want +got):\n%s", diff)
		}
	})
}

// Whatever is changed by hand is seen, and put right without touching anything else.
func TestDriftScenario(t *testing.T) {
	anywhere := []types.IpPermission{{
		IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22),
		IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
	}}
	everything := []types.IpPermission{{
		IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
	}}
	for name, tc := range map[string]struct {
		drift func(s *stage) error
		want  []string // what the plan says
	}{
		"DNS hostnames off": {
			func(s *stage) error {
				_, err := s.ec2.ModifyVpcAttribute(s.Context(), &ec2.ModifyVpcAttributeInput{
					VpcId: aws.String(s.id("vpc")), EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(false)},
				})
				return err
			},
			[]string{"update vpc; enableDnsHostnames"},
		},
		"a tag of each": {
			func(s *stage) error {
				var ids []string
				for _, e := range s.engine.Journal.Entries() {
					ids = append(ids, e.ID)
				}
				_, err := s.ec2.DeleteTags(s.Context(), &ec2.DeleteTagsInput{
					Resources: ids, Tags: []types.Tag{{Key: aws.String(graph.TagName)}},
				})
				return err
			},
			[]string{
				"update vpc; tag Name", "update internet-gateway; tag Name", "update subnet/public-a; tag Name",
				"update subnet/private-a; tag Name", "update elastic-ip/a; tag Name", "update nat-gateway/a; tag Name",
				"update route-table/public; tag Name", "update route-table/private-a; tag Name",
				"update security-group/alb; tag Name", "update security-group/app; tag Name",
				"update security-group/endpoint; tag Name", "update vpc-endpoint/s3; tag Name",
				"update vpc-endpoint/ssm; tag Name",
			},
		},
		"public addresses on": {
			func(s *stage) error {
				_, err := s.ec2.ModifySubnetAttribute(s.Context(), &ec2.ModifySubnetAttributeInput{
					SubnetId:            aws.String(s.id("subnet/private-a")),
					MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)},
				})
				return err
			},
			[]string{"update subnet/private-a; mapPublicIpOnLaunch"},
		},
		"default route deleted": {
			func(s *stage) error {
				_, err := s.ec2.DeleteRoute(s.Context(), &ec2.DeleteRouteInput{
					RouteTableId: aws.String(s.id("route-table/private-a")), DestinationCidrBlock: aws.String("0.0.0.0/0"),
				})
				return err
			},
			[]string{"update route-table/private-a; route 0.0.0.0/0"},
		},
		"private subnet opened to the internet": {
			func(s *stage) error {
				_, err := s.ec2.ReplaceRoute(s.Context(), &ec2.ReplaceRouteInput{
					RouteTableId: aws.String(s.id("route-table/private-a")), DestinationCidrBlock: aws.String("0.0.0.0/0"),
					GatewayId: aws.String(s.id("internet-gateway")),
				})
				return err
			},
			[]string{"update route-table/private-a; route 0.0.0.0/0"},
		},
		"private subnet moved to the public table": {
			func(s *stage) error {
				public := aws.String(s.id("route-table/public"))
				id, err := RouteTable{RouteTables: RouteTables{s.ec2}}.association(s.Context(), s.id("subnet/private-a"))
				if err != nil {
					return err
				}
				_, err = s.ec2.ReplaceRouteTableAssociation(s.Context(), &ec2.ReplaceRouteTableAssociationInput{
					AssociationId: aws.String(id), RouteTableId: public,
				})
				return err
			},
			[]string{"update route-table/private-a; association subnet/private-a"},
		},
		"a door opened, another closed": {
			func(s *stage) error {
				_, err := s.ec2.AuthorizeSecurityGroupIngress(s.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
					GroupId: aws.String(s.id("security-group/alb")), IpPermissions: anywhere,
				})
				if err != nil {
					return err
				}
				_, err = s.ec2.RevokeSecurityGroupIngress(s.Context(), &ec2.RevokeSecurityGroupIngressInput{
					GroupId: aws.String(s.id("security-group/app")), IpPermissions: []types.IpPermission{{
						IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
						UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: aws.String(s.id("security-group/alb"))}},
					}},
				})
				return err
			},
			[]string{
				"update security-group/alb; ingress tcp 22 from 0.0.0.0/0",
				"update security-group/app; ingress tcp 80 from security-group/alb",
			},
		},
		"egress closed": {
			func(s *stage) error {
				_, err := s.ec2.RevokeSecurityGroupEgress(s.Context(), &ec2.RevokeSecurityGroupEgressInput{
					GroupId: aws.String(s.id("security-group/app")), IpPermissions: everything,
				})
				return err
			},
			[]string{"update security-group/app; egress all to 0.0.0.0/0"},
		},
		"NAT gateway deleted": {
			func(s *stage) error {
				_, err := s.ec2.DeleteNatGateway(s.Context(), &ec2.DeleteNatGatewayInput{
					NatGatewayId: aws.String(s.id("nat-gateway/a")),
				})
				time.Sleep(5 * time.Minute)
				return err
			},
			[]string{"create nat-gateway/a", "update route-table/private-a; route 0.0.0.0/0"},
		},
		"NAT gateway on its way out": {
			func(s *stage) error {
				_, err := s.ec2.DeleteNatGateway(s.Context(), &ec2.DeleteNatGatewayInput{
					NatGatewayId: aws.String(s.id("nat-gateway/a")),
				})
				return err
			},
			[]string{"replace nat-gateway/a", "update route-table/private-a; route 0.0.0.0/0"},
		},
		"endpoint deleted": {
			func(s *stage) error {
				_, err := s.ec2.DeleteVpcEndpoints(s.Context(), &ec2.DeleteVpcEndpointsInput{
					VpcEndpointIds: []string{s.id("vpc-endpoint/ssm"), s.id("vpc-endpoint/s3")},
				})
				time.Sleep(5 * time.Minute)
				return err
			},
			[]string{"create vpc-endpoint/s3", "create vpc-endpoint/ssm"},
		},
		"endpoint without its routes, DNS and group": {
			func(s *stage) error {
				_, err := s.ec2.ModifyVpcEndpoint(s.Context(), &ec2.ModifyVpcEndpointInput{
					VpcEndpointId:       aws.String(s.id("vpc-endpoint/s3")),
					RemoveRouteTableIds: []string{s.id("route-table/private-a")},
					AddRouteTableIds:    []string{s.id("route-table/public")},
				})
				if err != nil {
					return err
				}
				_, err = s.ec2.ModifyVpcEndpoint(s.Context(), &ec2.ModifyVpcEndpointInput{
					VpcEndpointId: aws.String(s.id("vpc-endpoint/ssm")), PrivateDnsEnabled: aws.Bool(false),
					AddSecurityGroupIds:    []string{s.id("security-group/alb")},
					RemoveSecurityGroupIds: []string{s.id("security-group/endpoint")},
				})
				time.Sleep(5 * time.Minute)
				return err
			},
			[]string{"update vpc-endpoint/s3; routeTableIds", "update vpc-endpoint/ssm; securityGroupIds; privateDnsEnabled"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.up(s.network)
				if err := tc.drift(s); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, differences(s.plan(s.network))); diff != "" {
					t.Errorf("plan (-want +got):\n%s", diff)
				}
				s.up(s.network)
				if err := s.down(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A create whose answer is lost is looked for and never made twice.
func TestLostAnswersScenario(t *testing.T) {
	for _, action := range []string{
		"CreateVpc", "CreateSubnet", "CreateInternetGateway", "AllocateAddress", "CreateNatGateway", "CreateRouteTable",
		"CreateSecurityGroup", "CreateVpcEndpoint", "AttachInternetGateway", "AssociateRouteTable", "CreateRoute",
		"AuthorizeSecurityGroupIngress", "ModifyVpcAttribute",
		"DeleteVpc", "DeleteSubnet", "DetachInternetGateway", "DeleteInternetGateway", "ReleaseAddress",
		"DeleteNatGateway", "DeleteRouteTable", "DeleteSecurityGroup", "DeleteVpcEndpoints",
	} {
		t.Run(action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault, err := sandbox.ParseFault("*/ec2:" + action + "#1/lost-response")
				if err != nil {
					t.Fatal(err)
				}
				s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{fault}, ReadLag: 1})
				s.up(s.network)
				var want []string
				for _, key := range s.graph(s.network).Keys() {
					want = append(want, string(key))
				}
				slices.Sort(want)
				if diff := cmp.Diff(want, s.left()); diff != "" {
					t.Errorf("there after up (-want +got):\n%s", diff)
				}
				if err := s.down(); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff([]string{}, s.left(), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("left after down (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Groups that name each other, through a rule made by hand, can't wait for one another.
func TestCircleOfGroupsScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.up(s.network)
		_, err := s.ec2.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: aws.String(s.id("security-group/alb")), IpPermissions: permissions([]RuleState{
				{Protocol: "tcp", From: 80, To: 80, Source: s.id("security-group/endpoint")},
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.down(); err != nil {
			t.Error(err)
		}
	})
}

// What others have in the VPC is named and left alone; once it is gone, down finishes.
func TestStrangersScenario(t *testing.T) {
	theirTags := []types.Tag{{Key: aws.String("Name"), Value: aws.String("theirs")}}
	for name, tc := range map[string]struct {
		make   func(s *stage) (id string, err error)
		remove func(s *stage, id string) error
		want   string // in the error
	}{
		"network interface": {
			func(s *stage) (string, error) {
				out, err := s.ec2.CreateNetworkInterface(s.Context(), &ec2.CreateNetworkInterfaceInput{
					SubnetId: aws.String(s.id("subnet/private-a")), Groups: []string{s.id("security-group/app")},
					TagSpecifications: []types.TagSpecification{{
						ResourceType: types.ResourceTypeNetworkInterface, Tags: theirTags,
					}},
				})
				if err != nil {
					return "", err
				}
				return *out.NetworkInterface.NetworkInterfaceId, nil
			},
			func(s *stage, id string) error {
				_, err := s.ec2.DeleteNetworkInterface(s.Context(), &ec2.DeleteNetworkInterfaceInput{
					NetworkInterfaceId: aws.String(id),
				})
				return err
			},
			`delete subnet/private-a: held by network interface ID ("theirs", account 123456789012)`,
		},
		"security group": {
			func(s *stage) (string, error) {
				out, err := s.ec2.CreateSecurityGroup(s.Context(), &ec2.CreateSecurityGroupInput{
					VpcId: aws.String(s.id("vpc")), GroupName: aws.String("theirs"), Description: aws.String("theirs"),
				})
				if err != nil {
					return "", err
				}
				_, err = s.ec2.AuthorizeSecurityGroupIngress(s.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
					GroupId: out.GroupId, IpPermissions: permissions([]RuleState{
						{Protocol: "tcp", From: 5432, To: 5432, Source: s.id("security-group/app")},
					}),
				})
				return *out.GroupId, err
			},
			func(s *stage, id string) error {
				_, err := s.ec2.DeleteSecurityGroup(s.Context(), &ec2.DeleteSecurityGroupInput{GroupId: aws.String(id)})
				return err
			},
			`delete security-group/app: held by rule of security group ID (account 123456789012)`,
		},
		"subnet": {
			func(s *stage) (string, error) {
				out, err := s.ec2.CreateSubnet(s.Context(), &ec2.CreateSubnetInput{
					VpcId: aws.String(s.id("vpc")), CidrBlock: aws.String("10.1.200.0/24"),
					TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeSubnet, Tags: theirTags}},
				})
				if err != nil {
					return "", err
				}
				return *out.Subnet.SubnetId, nil
			},
			func(s *stage, id string) error {
				_, err := s.ec2.DeleteSubnet(s.Context(), &ec2.DeleteSubnetInput{SubnetId: aws.String(id)})
				return err
			},
			`delete vpc: held by subnet ID ("theirs", account 123456789012)`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.up(s.network)
				id, err := tc.make(s)
				if err != nil {
					t.Fatal(err)
				}
				err = s.down()
				if want := strings.ReplaceAll(tc.want, "ID", id); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("down: %v\nwant: … %s …", err, want)
				}
				if err := tc.remove(s, id); err != nil {
					t.Fatalf("what is theirs was touched: %v", err)
				}
				if err := s.down(); err != nil {
					t.Errorf("down once it is gone: %v", err)
				}
				if left := s.left(); len(left) > 0 {
					t.Errorf("left after down: %v", left)
				}
			})
		})
	}
}

// A subnet that goes to another table is moved without a moment in which it has none.
func TestRouteTableTakesOverScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.up(s.network)
		single := func(g *graph.Graph) {
			s.network(g)
			graph.Add(g, RouteTable{
				RouteTables{s.ec2}, meta("route-table/private"), g.Ref("vpc"), []graph.Ref{g.Ref("subnet/private-a")},
				g.Ref("nat-gateway/a"),
			})
		}
		// Both tables want the subnet now, so the plan can't come out even: only the new one is looked at.
		plan := s.plan(single)
		if err := s.engine.Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		out, err := s.ec2.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{
			RouteTableIds: []string{s.id("route-table/private")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := observeRouteTable(out.RouteTables[0]).Associations[s.id("subnet/private-a")]; got == "" {
			t.Errorf("the subnet is not with the new table: %+v", out.RouteTables[0].Associations)
		}
		if writes := s.writes(); writes["ReplaceRouteTableAssociation"] != 1 || writes["DisassociateRouteTable"] != 0 {
			t.Errorf("calls: %v", writes)
		}
	})
}

// AWS takes a NAT gateway without an internet gateway and lets it fail later. It is replaced, its address used again.
func TestFailedNATGatewayScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.up(func(g *graph.Graph) {
			vpc := graph.Add(g, VPC{VPCs{s.ec2}, meta("vpc"), netip.MustParsePrefix("10.1.0.0/16")})
			graph.Add(g, Subnet{
				Subnets{s.ec2}, meta("subnet/public-a"), vpc, "euw1-az1", netip.MustParsePrefix("10.1.0.0/24"),
			})
			graph.Add(g, ElasticIP{ElasticIPs{s.ec2}, meta("elastic-ip/a")})
		})
		address := s.id("elastic-ip/a")
		_, err := s.ec2.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{
			SubnetId: aws.String(s.id("subnet/public-a")), AllocationId: aws.String(address),
			TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeNatgateway, ownTags("nat-gateway/a")),
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		if got := differences(s.plan(s.network)); !slices.Contains(got, "replace nat-gateway/a") {
			t.Errorf("plan: %v", got)
		}
		s.up(s.network)
		if got := s.id("elastic-ip/a"); got != address {
			t.Errorf("the address was %s and is %s", address, got)
		}
	})
}

// A regional NAT gateway serves every zone and takes its own addresses.
func TestRegionalNATGatewayScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.up(func(g *graph.Graph) {
			vpc := graph.Add(g, VPC{VPCs{s.ec2}, meta("vpc"), netip.MustParsePrefix("10.1.0.0/16")})
			igw := graph.Add(g, InternetGateway{InternetGateways{s.ec2}, meta("internet-gateway"), vpc})
			private := graph.Add(g, Subnet{
				Subnets{s.ec2}, meta("subnet/private-a"), vpc, "euw1-az1", netip.MustParsePrefix("10.1.16.0/20"),
			})
			nat := graph.Add(g, RegionalNATGateway{NATGateways{s.ec2}, meta("nat-gateway/regional"), vpc, igw})
			graph.Add(g, RouteTable{RouteTables{s.ec2}, meta("route-table/private"), vpc, []graph.Ref{private}, nat})
		})
		if err := s.down(); err != nil {
			t.Error(err)
		}
		if left := s.left(); len(left) > 0 {
			t.Errorf("left after down: %v", left)
		}
	})
}
