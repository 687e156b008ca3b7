package network

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

// Every change by hand is seen, and repaired without touching anything else.
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
				_, err := s.EC2.ModifyVpcAttribute(s.Context(), &ec2.ModifyVpcAttributeInput{
					VpcId: aws.String(s.id("vpc")), EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(false)},
				})
				return err
			},
			[]string{"update vpc; enableDnsHostnames"},
		},
		"a tag of each": {
			func(s *stage) error {
				var ids []string
				for _, e := range s.Engine.Journal.Entries() {
					ids = append(ids, e.ID)
				}
				_, err := s.EC2.DeleteTags(s.Context(), &ec2.DeleteTagsInput{
					Resources: ids, Tags: []types.Tag{{Key: aws.String(graph.TagName)}},
				})
				return err
			},
			[]string{
				"update vpc; tag Name", "update internet-gateway; tag Name", "update subnet/public-a; tag Name",
				"update subnet/private-a; tag Name", "update elastic-ip/a; tag Name", "update nat-gateway/a; tag Name",
				"update route-table/private-a; tag Name", "update route-table/public; tag Name",
				"update vpc-endpoint/s3; tag Name", "update security-group/alb; tag Name",
				"update security-group/app; tag Name", "update security-group/endpoint; tag Name",
				"update vpc-endpoint/ssm; tag Name",
			},
		},
		"public addresses on": {
			func(s *stage) error {
				_, err := s.EC2.ModifySubnetAttribute(s.Context(), &ec2.ModifySubnetAttributeInput{
					SubnetId:            aws.String(s.id("subnet/private-a")),
					MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)},
				})
				return err
			},
			[]string{"update subnet/private-a; mapPublicIpOnLaunch"},
		},
		"default route deleted": {
			func(s *stage) error {
				_, err := s.EC2.DeleteRoute(s.Context(), &ec2.DeleteRouteInput{
					RouteTableId: aws.String(s.id("route-table/private-a")), DestinationCidrBlock: aws.String("0.0.0.0/0"),
				})
				return err
			},
			[]string{"update route-table/private-a; route 0.0.0.0/0"},
		},
		"private subnet opened to the internet": {
			func(s *stage) error {
				_, err := s.EC2.ReplaceRoute(s.Context(), &ec2.ReplaceRouteInput{
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
				id, err := RouteTable{RouteTables: RouteTables{s.EC2}}.association(s.Context(), s.id("subnet/private-a"))
				if err != nil {
					return err
				}
				_, err = s.EC2.ReplaceRouteTableAssociation(s.Context(), &ec2.ReplaceRouteTableAssociationInput{
					AssociationId: aws.String(id), RouteTableId: public,
				})
				return err
			},
			[]string{"update route-table/private-a; association subnet/private-a"},
		},
		"a door opened, another closed": {
			func(s *stage) error {
				_, err := s.EC2.AuthorizeSecurityGroupIngress(s.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
					GroupId: aws.String(s.id("security-group/alb")), IpPermissions: anywhere,
				})
				if err != nil {
					return err
				}
				_, err = s.EC2.RevokeSecurityGroupIngress(s.Context(), &ec2.RevokeSecurityGroupIngressInput{
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
				_, err := s.EC2.RevokeSecurityGroupEgress(s.Context(), &ec2.RevokeSecurityGroupEgressInput{
					GroupId: aws.String(s.id("security-group/app")), IpPermissions: everything,
				})
				return err
			},
			[]string{"update security-group/app; egress all to 0.0.0.0/0"},
		},
		"NAT gateway deleted": {
			func(s *stage) error {
				_, err := s.EC2.DeleteNatGateway(s.Context(), &ec2.DeleteNatGatewayInput{
					NatGatewayId: aws.String(s.id("nat-gateway/a")),
				})
				time.Sleep(5 * time.Minute)
				return err
			},
			[]string{"create nat-gateway/a", "update route-table/private-a; route 0.0.0.0/0"},
		},
		"NAT gateway on its way out": {
			func(s *stage) error {
				_, err := s.EC2.DeleteNatGateway(s.Context(), &ec2.DeleteNatGatewayInput{
					NatGatewayId: aws.String(s.id("nat-gateway/a")),
				})
				return err
			},
			[]string{"replace nat-gateway/a", "update route-table/private-a; route 0.0.0.0/0"},
		},
		"endpoint deleted": {
			func(s *stage) error {
				_, err := s.EC2.DeleteVpcEndpoints(s.Context(), &ec2.DeleteVpcEndpointsInput{
					VpcEndpointIds: []string{s.id("vpc-endpoint/ssm"), s.id("vpc-endpoint/s3")},
				})
				time.Sleep(5 * time.Minute)
				return err
			},
			[]string{"create vpc-endpoint/s3", "create vpc-endpoint/ssm"},
		},
		"endpoint without its routes, DNS and group": {
			func(s *stage) error {
				_, err := s.EC2.ModifyVpcEndpoint(s.Context(), &ec2.ModifyVpcEndpointInput{
					VpcEndpointId:       aws.String(s.id("vpc-endpoint/s3")),
					RemoveRouteTableIds: []string{s.id("route-table/private-a")},
					AddRouteTableIds:    []string{s.id("route-table/public")},
				})
				if err != nil {
					return err
				}
				_, err = s.EC2.ModifyVpcEndpoint(s.Context(), &ec2.ModifyVpcEndpointInput{
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
				s.Repairs(s.network, func() error { return tc.drift(s) }, tc.want)
			})
		})
	}
}
