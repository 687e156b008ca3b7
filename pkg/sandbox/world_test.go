package sandbox_test

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

// world is an account in one region, with short ways to make what tests need. Its creations must succeed.
type world struct {
	*testing.T
	*ec2.Client
	sandbox *sandbox.Sandbox
}

// inWorld runs a test in virtual time in a new world.
func inWorld(t *testing.T, o sandbox.Options, test func(w world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(o)
		test(world{t, ec2Client(s, "eu-west-1"), s})
	})
}

func (w world) vpc(cidr string) string {
	w.Helper()
	out, err := w.CreateVpc(w.Context(), &ec2.CreateVpcInput{CidrBlock: &cidr})
	w.check(err)
	return *out.Vpc.VpcId
}

func (w world) subnet(vpc, cidr, zone string) string {
	w.Helper()
	out, err := w.CreateSubnet(w.Context(), &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: &cidr, AvailabilityZone: aws.String("eu-west-1" + zone)})
	w.check(err)
	return *out.Subnet.SubnetId
}

// gateway makes an internet gateway, attached to the VPC.
func (w world) gateway(vpc string) string {
	w.Helper()
	out, err := w.CreateInternetGateway(w.Context(), &ec2.CreateInternetGatewayInput{})
	w.check(err)
	_, err = w.AttachInternetGateway(w.Context(), &ec2.AttachInternetGatewayInput{
		InternetGatewayId: out.InternetGateway.InternetGatewayId, VpcId: &vpc,
	})
	w.check(err)
	return *out.InternetGateway.InternetGatewayId
}

func (w world) address() string {
	w.Helper()
	out, err := w.AllocateAddress(w.Context(), &ec2.AllocateAddressInput{})
	w.check(err)
	return *out.AllocationId
}

func (w world) nat(subnet, allocation string) string {
	w.Helper()
	out, err := w.CreateNatGateway(w.Context(), &ec2.CreateNatGatewayInput{SubnetId: &subnet, AllocationId: &allocation})
	w.check(err)
	return *out.NatGateway.NatGatewayId
}

// natNow describes a NAT gateway.
func (w world) natNow(id string) types.NatGateway {
	w.Helper()
	out, err := w.DescribeNatGateways(w.Context(), &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{id}})
	w.check(err)
	return out.NatGateways[0]
}

func (w world) table(vpc string) string {
	w.Helper()
	out, err := w.CreateRouteTable(w.Context(), &ec2.CreateRouteTableInput{VpcId: &vpc})
	w.check(err)
	return *out.RouteTable.RouteTableId
}

func (w world) group(vpc, name string) string {
	w.Helper()
	out, err := w.CreateSecurityGroup(w.Context(), &ec2.CreateSecurityGroupInput{VpcId: &vpc, GroupName: &name, Description: &name})
	w.check(err)
	return *out.GroupId
}

func (w world) interfaceIn(subnet string, groups ...string) string {
	w.Helper()
	out, err := w.CreateNetworkInterface(w.Context(), &ec2.CreateNetworkInterfaceInput{SubnetId: &subnet, Groups: groups})
	w.check(err)
	return *out.NetworkInterface.NetworkInterfaceId
}

func (w world) names(vpc string) {
	w.Helper()
	_, err := w.ModifyVpcAttribute(w.Context(), &ec2.ModifyVpcAttributeInput{
		VpcId: &vpc, EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	w.check(err)
}

func (w world) endpoint(in ec2.CreateVpcEndpointInput) string {
	w.Helper()
	out, err := w.CreateVpcEndpoint(w.Context(), &in)
	w.check(err)
	return *out.VpcEndpoint.VpcEndpointId
}

func (w world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused checks the AWS error code of err.
func (w world) refused(err error, want string) {
	w.Helper()
	if got := code(w.T, err); got != want {
		w.Errorf("got error %q (%v), want %q", got, err, want)
	}
}
