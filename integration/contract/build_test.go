package contract

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// These functions create the resources that the behaviours are about, with only the parameters that their creation
// requires.

func (w *world) vpc() *string {
	return do(w, w.ec2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}).Vpc.VpcId
}

// subnet is the n-th /24 of a VPC, in zone a, b or c.
func (w *world) subnet(vpc *string, n int, zone string) *string {
	return do(w, w.ec2.CreateSubnet, &ec2.CreateSubnetInput{
		VpcId: vpc, CidrBlock: aws.String(fmt.Sprintf("10.0.%d.0/24", n)),
		AvailabilityZone: aws.String(w.config.Region + zone),
	}).Subnet.SubnetId
}

// gateway is an internet gateway, attached.
func (w *world) gateway(vpc *string) *string {
	id := do(w, w.ec2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{}).InternetGateway.InternetGatewayId
	do(w, w.ec2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{VpcId: vpc, InternetGatewayId: id})
	return id
}

func (w *world) address() *string {
	return do(w, w.ec2.AllocateAddress, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc}).AllocationId
}

func (w *world) nat(subnet, address *string) *string {
	return do(w, w.ec2.CreateNatGateway, &ec2.CreateNatGatewayInput{SubnetId: subnet, AllocationId: address}).
		NatGateway.NatGatewayId
}

func (w *world) table(vpc *string) *string {
	return do(w, w.ec2.CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: vpc}).RouteTable.RouteTableId
}

func (w *world) group(vpc *string, name string) *string {
	return do(w, w.ec2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
		VpcId: vpc, GroupName: aws.String(name), Description: aws.String("made by a contract test"),
	}).GroupId
}

// public is a VPC with an attached internet gateway, and public subnets in the given zones.
type public struct {
	vpc, gateway *string
	subnets      []string
}

func (w *world) public(zones ...string) public {
	p := public{vpc: w.vpc()}
	p.gateway = w.gateway(p.vpc)
	table := w.table(p.vpc)
	do(w, w.ec2.CreateRoute, &ec2.CreateRouteInput{
		RouteTableId: table, GatewayId: p.gateway, DestinationCidrBlock: aws.String("0.0.0.0/0"),
	})
	for n, zone := range zones {
		subnet := w.subnet(p.vpc, n, zone)
		do(w, w.ec2.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: table, SubnetId: subnet})
		p.subnets = append(p.subnets, *subnet)
	}
	return p
}

// image is a public image of the region.
func (w *world) image() *string {
	return do(w, w.ssm.GetParameter, &ssm.GetParameterInput{
		Name: aws.String("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"),
	}).Parameter.Value
}

func (w *world) instanceInput(subnet *string, groups ...string) *ec2.RunInstancesInput {
	return &ec2.RunInstancesInput{
		ImageId: w.image(), InstanceType: types.InstanceTypeT3Micro, SubnetId: subnet, SecurityGroupIds: groups,
		MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
	}
}

func (w *world) instance(subnet *string, groups ...string) *string {
	return do(w, w.ec2.RunInstances, w.instanceInput(subnet, groups...)).Instances[0].InstanceId
}

func (w *world) template(name string) *string {
	return do(w, w.ec2.CreateLaunchTemplate, w.templateInput(name)).LaunchTemplate.LaunchTemplateId
}

func (w *world) templateInput(name string) *ec2.CreateLaunchTemplateInput {
	return &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String(name), LaunchTemplateData: &types.RequestLaunchTemplateData{
			ImageId: w.image(), InstanceType: types.InstanceTypeT3Micro,
		},
	}
}

func balancerInput(name string, subnets ...string) *elb.CreateLoadBalancerInput {
	return &elb.CreateLoadBalancerInput{
		Name: aws.String(name), Subnets: subnets, Scheme: elbtypes.LoadBalancerSchemeEnumInternetFacing,
	}
}

func (w *world) balancer(name string, subnets ...string) *string {
	return do(w, w.elb.CreateLoadBalancer, balancerInput(name, subnets...)).LoadBalancers[0].LoadBalancerArn
}

func targetsInput(name string, vpc *string) *elb.CreateTargetGroupInput {
	return &elb.CreateTargetGroupInput{
		Name: aws.String(name), VpcId: vpc, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp,
	}
}

func (w *world) targets(name string, vpc *string) *string {
	return do(w, w.elb.CreateTargetGroup, targetsInput(name, vpc)).TargetGroups[0].TargetGroupArn
}

func listenerInput(balancer, targets *string) *elb.CreateListenerInput {
	return &elb.CreateListenerInput{
		LoadBalancerArn: balancer, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp,
		DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: targets}},
	}
}
