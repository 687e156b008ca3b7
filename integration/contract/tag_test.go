package contract

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var tagBehaviours = []behaviour{
	{"tag filter finds just one: vpc subnet rt sg igw eip nat vpce", "1 1 1 1 1 1 1 1", func(w *world) string {
		w.pair(nil)
		w.pair(tagged)
		return w.countTagged()
	}},
	{"filter by the tag of what was deleted", "0", func(w *world) string {
		made := do(w, w.ec2.CreateVpc, &ec2.CreateVpcInput{
			CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: tagged(types.ResourceTypeVpc),
		})
		do(w, w.ec2.DeleteVpc, &ec2.DeleteVpcInput{VpcId: made.Vpc.VpcId})
		return fmt.Sprint(len(do(w, w.ec2.DescribeTags, &ec2.DescribeTagsInput{Filters: []types.Filter{
			{Name: aws.String("resource-id"), Values: []string{*made.Vpc.VpcId}},
		}}).Tags))
	}},
	{"describe in pages of 5", "5, more", func(w *world) string {
		vpc := w.vpc()
		for n := range 6 {
			w.subnet(vpc, n, "a")
		}
		out := do(w, w.ec2.DescribeSubnets, &ec2.DescribeSubnetsInput{MaxResults: aws.Int32(5)})
		if out.NextToken == nil {
			return fmt.Sprintf("%d, no more", len(out.Subnets))
		}
		return fmt.Sprintf("%d, more", len(out.Subnets))
	}},
}

const tagKey, tagValue = "contract", "one of two"

// tagged is the tag specification of a creation.
func tagged(kind types.ResourceType) []types.TagSpecification {
	return []types.TagSpecification{{
		ResourceType: kind, Tags: []types.Tag{{Key: aws.String(tagKey), Value: aws.String(tagValue)}},
	}}
}

func byTag() []types.Filter {
	return []types.Filter{{Name: aws.String("tag:" + tagKey), Values: []string{tagValue}}}
}

// pair makes one of each kind, with or without tags.
func (w *world) pair(tags func(types.ResourceType) []types.TagSpecification) {
	if tags == nil {
		tags = func(types.ResourceType) []types.TagSpecification { return nil }
	}
	vpc := do(w, w.ec2.CreateVpc, &ec2.CreateVpcInput{
		CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: tags(types.ResourceTypeVpc),
	}).Vpc.VpcId
	subnet := do(w, w.ec2.CreateSubnet, &ec2.CreateSubnetInput{
		VpcId: vpc, CidrBlock: aws.String("10.0.0.0/24"), TagSpecifications: tags(types.ResourceTypeSubnet),
	}).Subnet.SubnetId
	table := do(w, w.ec2.CreateRouteTable, &ec2.CreateRouteTableInput{
		VpcId: vpc, TagSpecifications: tags(types.ResourceTypeRouteTable),
	}).RouteTable.RouteTableId
	do(w, w.ec2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
		VpcId: vpc, GroupName: aws.String("web"), Description: aws.String("tagged or not"),
		TagSpecifications: tags(types.ResourceTypeSecurityGroup),
	})
	gateway := do(w, w.ec2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{
		TagSpecifications: tags(types.ResourceTypeInternetGateway),
	}).InternetGateway.InternetGatewayId
	do(w, w.ec2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{VpcId: vpc, InternetGatewayId: gateway})
	address := do(w, w.ec2.AllocateAddress, &ec2.AllocateAddressInput{
		Domain: types.DomainTypeVpc, TagSpecifications: tags(types.ResourceTypeElasticIp),
	}).AllocationId
	do(w, w.ec2.CreateNatGateway, &ec2.CreateNatGatewayInput{
		SubnetId: subnet, AllocationId: address, TagSpecifications: tags(types.ResourceTypeNatgateway),
	})
	do(w, w.ec2.CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
		VpcId: vpc, ServiceName: aws.String("com.amazonaws." + home + ".s3"), RouteTableIds: []string{*table},
		TagSpecifications: tags(types.ResourceTypeVpcEndpoint),
	})
}

// countTagged counts what each describe call finds by the tag.
func (w *world) countTagged() string {
	f := byTag()
	return fmt.Sprint(
		len(do(w, w.ec2.DescribeVpcs, &ec2.DescribeVpcsInput{Filters: f}).Vpcs),
		len(do(w, w.ec2.DescribeSubnets, &ec2.DescribeSubnetsInput{Filters: f}).Subnets),
		len(do(w, w.ec2.DescribeRouteTables, &ec2.DescribeRouteTablesInput{Filters: f}).RouteTables),
		len(do(w, w.ec2.DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{Filters: f}).SecurityGroups),
		len(do(w, w.ec2.DescribeInternetGateways, &ec2.DescribeInternetGatewaysInput{Filters: f}).InternetGateways),
		len(do(w, w.ec2.DescribeAddresses, &ec2.DescribeAddressesInput{Filters: f}).Addresses),
		len(do(w, w.ec2.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{Filter: f}).NatGateways),
		len(do(w, w.ec2.DescribeVpcEndpoints, &ec2.DescribeVpcEndpointsInput{Filters: f}).VpcEndpoints),
	)
}
