package network

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// VPCBlockerAPI lists what can keep a VPC from being deleted. Network interfaces and NAT gateways are in a subnet, which
// is named in their place. gateway_holders.go has the rarer ones.
type VPCBlockerAPI interface {
	gatewayBlockerAPI
	ec2.DescribeSubnetsAPIClient
	ec2.DescribeSecurityGroupsAPIClient
	ec2.DescribeRouteTablesAPIClient
	ec2.DescribeInternetGatewaysAPIClient
	ec2.DescribeVpcEndpointsAPIClient
}

// resident is something in a VPC that does not go with it.
type resident struct {
	graph.Identity
	kind, account string
	remove        string // the command that removes it, without the ID
	service       string // of AWS's that put it there; empty: people, or programs of theirs
}

// strangers are the residents of a VPC that are not of the VPC's own stack; empty says that all lists could be read, and that
// there is nothing of the stack's either.
func strangers(
	ctx context.Context, api VPCBlockerAPI, keepers *Keepers, o VPCState,
) (theirs []graph.Blocker, empty bool, err error) {
	own := false
	var missed atomic.Bool // a list
	owner := graph.Owner{Stack: o.Stack(), ID: o.Owner()}
	lists, sure := residentLists(api, o.ID), 0
	sure, lists = len(lists), append(lists, gatewayLists(api, o.ID)...)
	found := make([][]resident, len(lists))
	var calls []func() error
	for i, read := range lists {
		calls = append(calls, func() (err error) {
			found[i], err = read(ctx, &graph.Look{})
			if i >= sure && cannotList(err) {
				missed.Store(true)
				return nil
			}
			return err
		})
	}
	if err := sideBySide(calls...); err != nil {
		return nil, false, fmt.Errorf("list the resources in %s: %w", o.ID, err)
	}
	for _, r := range slices.Concat(found...) {
		switch {
		case r.ID == "":
		case owner.Owns(r.Identity):
			own = true
		default:
			theirs = append(theirs, graph.Blocker{
				ID: r.ID, Kind: r.kind, Owner: joined(r.service, ownerText(r.Identity, r.account)), Remove: keepers.command(r.remove + " " + r.ID),
			})
		}
	}
	return theirs, !missed.Load() && !own && len(theirs) == 0, nil
}

// cannotList says whether a list is out of reach: the caller's policy is from before it was asked for, or the endpoint
// stands in for AWS and does not have it. The resources in its answer stay unknown, and the others are named all the same.
func cannotList(err error) bool {
	switch cloud.Code(err) {
	case "NotImplemented", "InvalidAction", "UnsupportedOperation":
		return true
	}
	return cloud.IsDenied(err)
}

type residentList func(context.Context, *graph.Look) ([]resident, error)

func residentLists(api VPCBlockerAPI, vpcID string) []residentList {
	attached := []types.Filter{{Name: aws.String("attachment.vpc-id"), Values: []string{vpcID}}}
	return []residentList{
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			pages := ec2.NewDescribeSubnetsPaginator(api, &ec2.DescribeSubnetsInput{Filters: inVPC(vpcID)})
			items := func(page *ec2.DescribeSubnetsOutput) []types.Subnet { return page.Subnets }
			return list(ctx, s, "subnets", pages, items, func(i types.Subnet) resident {
				return resident{
					Identity: cloud.EC2Identity(i.SubnetId, i.Tags), kind: "subnet", account: aws.ToString(i.OwnerId),
					remove: "aws ec2 delete-subnet --subnet-id",
				}
			})
		},
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			pages := ec2.NewDescribeSecurityGroupsPaginator(api, &ec2.DescribeSecurityGroupsInput{Filters: inVPC(vpcID)})
			items := func(page *ec2.DescribeSecurityGroupsOutput) []types.SecurityGroup { return page.SecurityGroups }
			return list(ctx, s, "security groups", pages, items, func(i types.SecurityGroup) resident {
				service := ""
				switch name := aws.ToString(i.GroupName); {
				case name == "default":
					return resident{}
				case strings.HasPrefix(name, guardDutyGroup):
					service = GuardDuty
				}
				return resident{
					service:  service,
					Identity: cloud.EC2Identity(i.GroupId, i.Tags), kind: "security group", account: aws.ToString(i.OwnerId),
					remove: "aws ec2 delete-security-group --group-id",
				}
			})
		},
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			pages := ec2.NewDescribeRouteTablesPaginator(api, &ec2.DescribeRouteTablesInput{Filters: inVPC(vpcID)})
			return list(ctx, s, "route tables", pages, routeTables, func(i types.RouteTable) resident {
				for _, a := range i.Associations {
					if aws.ToBool(a.Main) {
						return resident{}
					}
				}
				return resident{
					Identity: cloud.EC2Identity(i.RouteTableId, i.Tags), kind: "route table", account: aws.ToString(i.OwnerId),
					remove: "aws ec2 delete-route-table --route-table-id",
				}
			})
		},
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			pages := ec2.NewDescribeInternetGatewaysPaginator(api, &ec2.DescribeInternetGatewaysInput{Filters: attached})
			items := func(page *ec2.DescribeInternetGatewaysOutput) []types.InternetGateway { return page.InternetGateways }
			return list(ctx, s, "internet gateways", pages, items, func(i types.InternetGateway) resident {
				return resident{
					Identity: cloud.EC2Identity(i.InternetGatewayId, i.Tags), kind: "internet gateway", account: aws.ToString(i.OwnerId),
					remove: "aws ec2 delete-internet-gateway --internet-gateway-id",
				}
			})
		},
		func(ctx context.Context, s *graph.Look) ([]resident, error) {
			pages := ec2.NewDescribeVpcEndpointsPaginator(api, &ec2.DescribeVpcEndpointsInput{Filters: inVPC(vpcID)})
			items := func(page *ec2.DescribeVpcEndpointsOutput) []types.VpcEndpoint { return page.VpcEndpoints }
			return list(ctx, s, "VPC endpoints", pages, items, func(i types.VpcEndpoint) resident {
				if phase, _ := (VPCEndpoints{}).Phase(observeEndpoint(i)); phase == graph.Gone {
					return resident{}
				}
				service := ""
				if isGuardDuty(aws.ToString(i.ServiceName)) {
					service = GuardDuty
				}
				return resident{
					service:  service,
					Identity: cloud.EC2Identity(i.VpcEndpointId, i.Tags), kind: "VPC endpoint", account: aws.ToString(i.OwnerId),
					remove: "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids",
				}
			})
		},
	}
}
