package network

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// gatewayBlockerAPI lists what others attach to a VPC: this program makes none of it.
type gatewayBlockerAPI interface {
	ec2.DescribeNetworkAclsAPIClient
	ec2.DescribeEgressOnlyInternetGatewaysAPIClient
	ec2.DescribeCarrierGatewaysAPIClient
	ec2.DescribeVpcPeeringConnectionsAPIClient
	ec2.DescribeSecurityGroupVpcAssociationsAPIClient
	DescribeVpnGateways(context.Context, *ec2.DescribeVpnGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeVpnGatewaysOutput, error)
}

func gatewayLists(api gatewayBlockerAPI, vpcID string) []residentList {
	filter := func(name string) []types.Filter {
		return []types.Filter{{Name: aws.String(name), Values: []string{vpcID}}}
	}
	return []residentList{
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			pages := ec2.NewDescribeNetworkAclsPaginator(api, &ec2.DescribeNetworkAclsInput{Filters: inVPC(vpcID)})
			items := func(page *ec2.DescribeNetworkAclsOutput) []types.NetworkAcl { return page.NetworkAcls }
			return list(ctx, s, "network ACLs", pages, items, func(i types.NetworkAcl) resident {
				if aws.ToBool(i.IsDefault) {
					return resident{}
				}
				return resident{
					Identity: cloud.EC2Identity(i.NetworkAclId, i.Tags), kind: "network ACL", account: aws.ToString(i.OwnerId),
					remove: "aws ec2 delete-network-acl --network-acl-id",
				}
			})
		},
		func(ctx context.Context, _ *graph.Look) ([]resident, error) {
			out, err := api.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{Filters: filter("attachment.vpc-id")})
			if err != nil {
				return nil, err
			}
			return vpnGateways(out.VpnGateways, vpcID), nil
		},
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			// The API has no filter for the VPC.
			pages := ec2.NewDescribeEgressOnlyInternetGatewaysPaginator(api, &ec2.DescribeEgressOnlyInternetGatewaysInput{})
			items := func(page *ec2.DescribeEgressOnlyInternetGatewaysOutput) []types.EgressOnlyInternetGateway {
				return page.EgressOnlyInternetGateways
			}
			return list(ctx, s, "egress-only gateways", pages, items, func(i types.EgressOnlyInternetGateway) resident {
				for _, a := range i.Attachments {
					if aws.ToString(a.VpcId) == vpcID {
						return resident{
							Identity: cloud.EC2Identity(i.EgressOnlyInternetGatewayId, i.Tags), kind: "egress-only internet gateway", account: "",
							remove: "aws ec2 delete-egress-only-internet-gateway --egress-only-internet-gateway-id",
						}
					}
				}
				return resident{}
			})
		},
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			pages := ec2.NewDescribeCarrierGatewaysPaginator(api, &ec2.DescribeCarrierGatewaysInput{Filters: filter("vpc-id")})
			items := func(page *ec2.DescribeCarrierGatewaysOutput) []types.CarrierGateway { return page.CarrierGateways }
			return list(ctx, s, "carrier gateways", pages, items, func(i types.CarrierGateway) resident {
				if i.State == types.CarrierGatewayStateDeleted {
					return resident{}
				}
				return resident{
					Identity: cloud.EC2Identity(i.CarrierGatewayId, i.Tags), kind: "carrier gateway", account: aws.ToString(i.OwnerId),
					remove: "aws ec2 delete-carrier-gateway --carrier-gateway-id",
				}
			})
		},
		peeringList(api, filter("requester-vpc-info.vpc-id")),
		peeringList(api, filter("accepter-vpc-info.vpc-id")),
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			pages := ec2.NewDescribeSecurityGroupVpcAssociationsPaginator(api, &ec2.DescribeSecurityGroupVpcAssociationsInput{
				Filters: filter("vpc-id"),
			})
			items := func(page *ec2.DescribeSecurityGroupVpcAssociationsOutput) []types.SecurityGroupVpcAssociation {
				return page.SecurityGroupVpcAssociations
			}
			return list(ctx, s, "group associations", pages, items, func(i types.SecurityGroupVpcAssociation) resident {
				if i.State != types.SecurityGroupVpcAssociationStateAssociated {
					return resident{}
				}
				return resident{
					Identity: cloud.EC2Identity(i.GroupId, nil), kind: "security group of another VPC", account: aws.ToString(i.GroupOwnerId),
					remove: "aws ec2 disassociate-security-group-vpc --vpc-id " + vpcID + " --group-id",
				}
			})
		},
	}
}

// vpnGateways are those that are attached to the VPC still.
func vpnGateways(all []types.VpnGateway, vpcID string) []resident {
	var found []resident
	for _, i := range all {
		for _, a := range i.VpcAttachments {
			if aws.ToString(a.VpcId) == vpcID && a.State != types.AttachmentStatusDetached {
				found = append(found, resident{
					Identity: cloud.EC2Identity(i.VpnGatewayId, i.Tags), kind: "VPN gateway", account: "",
					remove: "aws ec2 detach-vpn-gateway --vpc-id " + vpcID + " --vpn-gateway-id",
				})
			}
		}
	}
	return found
}

// peeringList lists the connections of one side: a filter for both would have to fit both.
func peeringList(api gatewayBlockerAPI, filters []types.Filter) residentList {
	return func(ctx context.Context, s *graph.Look) ([]resident, error) {
		pages := ec2.NewDescribeVpcPeeringConnectionsPaginator(api, &ec2.DescribeVpcPeeringConnectionsInput{Filters: filters})
		items := func(page *ec2.DescribeVpcPeeringConnectionsOutput) []types.VpcPeeringConnection {
			return page.VpcPeeringConnections
		}
		return list(ctx, s, "peerings", pages, items, func(i types.VpcPeeringConnection) resident {
			if i.Status == nil || i.Status.Code != types.VpcPeeringConnectionStateReasonCodeActive &&
				i.Status.Code != types.VpcPeeringConnectionStateReasonCodePendingAcceptance &&
				i.Status.Code != types.VpcPeeringConnectionStateReasonCodeProvisioning {
				return resident{}
			}
			account := ""
			if i.RequesterVpcInfo != nil {
				account = aws.ToString(i.RequesterVpcInfo.OwnerId)
			}
			return resident{
				Identity: cloud.EC2Identity(i.VpcPeeringConnectionId, i.Tags), kind: "peering connection", account: account,
				remove: "aws ec2 delete-vpc-peering-connection --vpc-peering-connection-id",
			}
		})
	}
}
