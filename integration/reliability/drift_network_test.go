package reliability

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

const everywhere = "0.0.0.0/0"

var networkDrifts = map[string]drift{
	"rule revoked": {by: func(h *hand) {
		do(h, h.EC2.RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{
			GroupId: h.id("security-group/alb"), IpPermissions: open(80),
		})
	}, wants: []string{"update security-group/alb; ingress tcp 80 from 0.0.0.0/0:  → allowed"}},
	"SSH opened to everybody": {by: func(h *hand) {
		do(h, h.EC2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: h.id("security-group/app"), IpPermissions: open(22),
		})
	}, wants: []string{"update security-group/app; ingress tcp 22 from 0.0.0.0/0: allowed → "}},
	"way out closed": {by: func(h *hand) {
		do(h, h.EC2.RevokeSecurityGroupEgress, &ec2.RevokeSecurityGroupEgressInput{
			GroupId: h.id("security-group/app"), IpPermissions: []types.IpPermission{{
				IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: aws.String(everywhere)}},
			}},
		})
	}, wants: []string{"update security-group/app; egress all to 0.0.0.0/0:  → allowed"}},
	"default route deleted": {by: func(h *hand) {
		do(h, h.EC2.DeleteRoute, &ec2.DeleteRouteInput{
			RouteTableId: h.id("route-table/private-a"), DestinationCidrBlock: aws.String(everywhere),
		})
	}, wants: []string{"update route-table/private-a; route 0.0.0.0/0:  → nat-gateway/a"}},
	"private subnet routed to the internet": {by: func(h *hand) {
		do(h, h.EC2.ReplaceRoute, &ec2.ReplaceRouteInput{
			RouteTableId: h.id("route-table/private-b"), DestinationCidrBlock: aws.String(everywhere),
			GatewayId: h.id("internet-gateway"),
		})
	}, wants: []string{"update route-table/private-b; route 0.0.0.0/0: internet-gateway → nat-gateway/a"}},
	"association removed": {by: func(h *hand) {
		do(h, h.EC2.DisassociateRouteTable, &ec2.DisassociateRouteTableInput{
			AssociationId: h.association("route-table/private-a"),
		})
	}, wants: []string{"update route-table/private-a; association subnet/private-a:  → subnet/private-a"}},
	"subnet moved to another route table": {by: func(h *hand) {
		do(h, h.EC2.ReplaceRouteTableAssociation, &ec2.ReplaceRouteTableAssociationInput{
			AssociationId: h.association("route-table/private-a"), RouteTableId: h.id("route-table/public"),
		})
	}, wants: []string{"update route-table/private-a; association subnet/private-a:  → subnet/private-a"}},
	"tag removed": {by: func(h *hand) {
		do(h, h.EC2.DeleteTags, &ec2.DeleteTagsInput{
			Resources: []string{*h.id("vpc")}, Tags: []types.Tag{{Key: aws.String(graph.TagName)}},
		})
	}, wants: []string{"update vpc; tag Name:  → web-vpc"}},
	"owner's tag removed": {by: func(h *hand) {
		do(h, h.EC2.DeleteTags, &ec2.DeleteTagsInput{
			Resources: []string{*h.id("subnet/public-a")}, Tags: []types.Tag{{Key: aws.String(graph.TagOwner)}},
		})
	}, wants: []string{"update subnet/public-a; tag provision:owner:  → OWNER"}},
	"DNS host names off": {by: func(h *hand) {
		do(h, h.EC2.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{
			VpcId: h.id("vpc"), EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(false)},
		})
	}, wants: []string{"update vpc; enableDnsHostnames: false → true"}},
	"DNS off": {by: func(h *hand) {
		do(h, h.EC2.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{
			VpcId: h.id("vpc"), EnableDnsSupport: &types.AttributeBooleanValue{Value: aws.Bool(false)},
		})
	}, wants: []string{"update vpc; enableDnsSupport: false → true"}},
	"routes added": {by: func(h *hand) {
		for _, to := range []string{"10.99.0.0/16", "10.98.0.0/16"} {
			do(h, h.EC2.CreateRoute, &ec2.CreateRouteInput{
				RouteTableId: h.id("route-table/private-a"), DestinationCidrBlock: aws.String(to),
				NatGatewayId: h.id("nat-gateway/a"),
			})
		}
	}, wants: []string{
		"update route-table/private-a; route 10.98.0.0/16: nat-gateway/a → ; route 10.99.0.0/16: nat-gateway/a →",
	}},
	"public addresses in a private subnet": {by: func(h *hand) {
		do(h, h.EC2.ModifySubnetAttribute, &ec2.ModifySubnetAttributeInput{
			SubnetId: h.id("subnet/private-b"), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)},
		})
	}, wants: []string{"update subnet/private-b; mapPublicIpOnLaunch: true → false"}},
	"NAT gateway deleted a moment ago": {by: deleteNAT, wants: []string{
		"replace nat-gateway/a",
		"update route-table/private-a; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
		"update route-table/private-b; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
	}},
	"NAT gateway a tombstone": {by: deleteNAT, later: 10 * time.Minute, wants: []string{
		"create nat-gateway/a",
		"update route-table/private-a; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
		"update route-table/private-b; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
	}},
	"NAT gateway gone": {by: deleteNAT, later: 2 * time.Hour, wants: []string{
		"create nat-gateway/a",
		"update route-table/private-a; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
		"update route-table/private-b; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
	}},
	"elastic IP released": {by: func(h *hand) {
		deleteNAT(h)
		h.world.wait(h.T, 10*time.Minute)
		do(h, h.EC2.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: h.id("elastic-ip/a")})
	}, wants: []string{
		"create elastic-ip/a",
		"create nat-gateway/a",
		"update route-table/private-a; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
		"update route-table/private-b; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
	}},
	"interface endpoint gone": {
		by: func(h *hand) {
			do(h, h.EC2.DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{*h.id("vpc-endpoint/ssm")}})
		},
		later: 10 * time.Minute,
		wants: []string{"create vpc-endpoint/ssm"},
	},
	"gateway endpoint off a route table": {by: func(h *hand) {
		do(h, h.EC2.ModifyVpcEndpoint, &ec2.ModifyVpcEndpointInput{
			VpcEndpointId: h.id("vpc-endpoint/s3"), RemoveRouteTableIds: []string{*h.id("route-table/private-a")},
		})
	}, wants: []string{
		"update vpc-endpoint/s3; routeTableIds: route-table/private-b → route-table/private-b,route-table/private-a",
	}},
}

func open(port int32) []types.IpPermission {
	return []types.IpPermission{{
		IpProtocol: aws.String("tcp"), FromPort: aws.Int32(port), ToPort: aws.Int32(port),
		IpRanges: []types.IpRange{{CidrIp: aws.String(everywhere)}},
	}}
}

// association is that of a route table with its subnet.
func (h *hand) association(table graph.Key) *string {
	out := do(h, h.EC2.DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{*h.id(table)}})
	return out.RouteTables[0].Associations[0].RouteTableAssociationId
}

func deleteNAT(h *hand) {
	do(h, h.EC2.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: h.id("nat-gateway/a")})
}
