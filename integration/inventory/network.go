package inventory

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func networkKinds(api *ec2.Client) []kind {
	return []kind{
		{"vpc", func(ctx context.Context) ([]item, error) { return vpcs(ctx, api) }},
		{"subnet", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeSubnetsPaginator(api, &ec2.DescribeSubnetsInput{}),
				func(o *ec2.DescribeSubnetsOutput) []types.Subnet { return o.Subnets },
				func(s types.Subnet) *string { return s.SubnetId })
		}},
		{"internet-gateway", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeInternetGatewaysPaginator(api, &ec2.DescribeInternetGatewaysInput{}),
				func(o *ec2.DescribeInternetGatewaysOutput) []types.InternetGateway { return o.InternetGateways },
				func(g types.InternetGateway) *string { return g.InternetGatewayId })
		}},
		{"elastic-ip", func(ctx context.Context) ([]item, error) {
			out, err := api.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
			if err != nil {
				return nil, err
			}
			return items(out.Addresses, func(a types.Address) *string { return a.AllocationId }), nil
		}},
		{"nat-gateway", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeNatGatewaysPaginator(api, &ec2.DescribeNatGatewaysInput{}), livingNATs,
				func(g types.NatGateway) *string { return g.NatGatewayId })
		}},
		{"route-table", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeRouteTablesPaginator(api, &ec2.DescribeRouteTablesInput{}),
				func(o *ec2.DescribeRouteTablesOutput) []types.RouteTable { return o.RouteTables },
				func(t types.RouteTable) *string { return t.RouteTableId })
		}},
		{"network-acl", func(ctx context.Context) ([]item, error) { return networkACLs(ctx, api) }},
		{"security-group", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeSecurityGroupsPaginator(api, &ec2.DescribeSecurityGroupsInput{}),
				func(o *ec2.DescribeSecurityGroupsOutput) []types.SecurityGroup { return o.SecurityGroups },
				func(g types.SecurityGroup) *string { return g.GroupId })
		}},
		{"vpc-endpoint", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeVpcEndpointsPaginator(api, &ec2.DescribeVpcEndpointsInput{}), livingEndpoints,
				func(e types.VpcEndpoint) *string { return e.VpcEndpointId })
		}},
		{"flow-log", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeFlowLogsPaginator(api, &ec2.DescribeFlowLogsInput{}),
				func(o *ec2.DescribeFlowLogsOutput) []types.FlowLog { return o.FlowLogs },
				func(f types.FlowLog) *string { return f.FlowLogId })
		}},
		{"network-interface", func(ctx context.Context) ([]item, error) { return networkInterfaces(ctx, api) }},
	}
}

func describeVPCs(ctx context.Context, api *ec2.Client) ([]item, error) {
	return collect(ctx, ec2.NewDescribeVpcsPaginator(api, &ec2.DescribeVpcsInput{}),
		func(o *ec2.DescribeVpcsOutput) []types.Vpc { return o.Vpcs },
		func(v types.Vpc) *string { return v.VpcId })
}

// vpcs adds to each VPC its DNS attribute, which its description lacks.
func vpcs(ctx context.Context, api *ec2.Client) ([]item, error) {
	found, err := describeVPCs(ctx, api)
	if err != nil {
		return nil, err
	}
	for i := range found {
		out, err := api.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{
			VpcId: aws.String(found[i].id), Attribute: types.VpcAttributeNameEnableDnsHostnames,
		})
		if err != nil {
			return nil, err
		}
		found[i].value = map[string]any{"Vpc": found[i].value, "EnableDnsHostnames": out.EnableDnsHostnames}
	}
	return found, nil
}

func networkACLs(ctx context.Context, api *ec2.Client) ([]item, error) {
	known, err := describeVPCs(ctx, api)
	if err != nil {
		return nil, err
	}
	return collect(ctx, ec2.NewDescribeNetworkAclsPaginator(api, &ec2.DescribeNetworkAclsInput{}),
		func(o *ec2.DescribeNetworkAclsOutput) []types.NetworkAcl {
			return without(o.NetworkAcls, func(a types.NetworkAcl) bool { return !has(known, a.VpcId) })
		},
		func(a types.NetworkAcl) *string { return a.NetworkAclId })
}

func networkInterfaces(ctx context.Context, api *ec2.Client) ([]item, error) {
	known, err := describeVPCs(ctx, api)
	if err != nil {
		return nil, err
	}
	return collect(ctx, ec2.NewDescribeNetworkInterfacesPaginator(api, &ec2.DescribeNetworkInterfacesInput{}),
		func(o *ec2.DescribeNetworkInterfacesOutput) []types.NetworkInterface {
			return without(o.NetworkInterfaces, func(i types.NetworkInterface) bool { return !has(known, i.VpcId) })
		},
		func(i types.NetworkInterface) *string { return i.NetworkInterfaceId })
}

// has tells what can be from what Moto forgot to remove: it keeps the default network ACL of a VPC and the network
// interfaces of NAT gateways after their VPC has gone. On AWS a VPC can't go before them.
func has(vpcs []item, id *string) bool {
	return slices.ContainsFunc(vpcs, func(vpc item) bool { return vpc.id == aws.ToString(id) })
}

func livingNATs(o *ec2.DescribeNatGatewaysOutput) []types.NatGateway {
	return without(o.NatGateways, func(g types.NatGateway) bool { return g.State == types.NatGatewayStateDeleted })
}

// livingEndpoints reads the state as it comes over the wire, in small letters, and as the SDK writes it, in capitals.
func livingEndpoints(o *ec2.DescribeVpcEndpointsOutput) []types.VpcEndpoint {
	return without(o.VpcEndpoints, func(e types.VpcEndpoint) bool {
		return strings.EqualFold(string(e.State), string(types.StateDeleted))
	})
}
