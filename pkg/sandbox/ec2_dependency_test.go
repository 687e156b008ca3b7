package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

// Each case sets something up in a VPC and returns a deletion that AWS refuses.
func TestDependencies(t *testing.T) {
	const violation = "DependencyViolation"
	deleteVPC := func(w world, vpc string) error {
		_, err := w.DeleteVpc(w.Context(), &ec2.DeleteVpcInput{VpcId: &vpc})
		return err
	}
	deleteSubnet := func(w world, subnet string) error {
		_, err := w.DeleteSubnet(w.Context(), &ec2.DeleteSubnetInput{SubnetId: &subnet})
		return err
	}
	deleteGroup := func(w world, group string) error {
		_, err := w.DeleteSecurityGroup(w.Context(), &ec2.DeleteSecurityGroupInput{GroupId: &group})
		return err
	}
	for _, test := range []struct {
		name, code string
		run        func(w world, vpc string) error
	}{
		{"VPC with a subnet", violation, func(w world, vpc string) error {
			w.subnet(vpc, "10.0.0.0/24", "a")
			return deleteVPC(w, vpc)
		}},
		{"VPC with an internet gateway", violation, func(w world, vpc string) error {
			w.gateway(vpc)
			return deleteVPC(w, vpc)
		}},
		{"VPC with its own security group", violation, func(w world, vpc string) error {
			w.group(vpc, "app")
			return deleteVPC(w, vpc)
		}},
		{"VPC with its own route table", violation, func(w world, vpc string) error {
			w.table(vpc)
			return deleteVPC(w, vpc)
		}},
		{"VPC with a gateway endpoint", violation, func(w world, vpc string) error {
			w.endpoint(ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.s3")})
			return deleteVPC(w, vpc)
		}},
		{"VPC with a regional NAT gateway", violation, func(w world, vpc string) error {
			w.gateway(vpc)
			_, err := w.CreateNatGateway(w.Context(), &ec2.CreateNatGatewayInput{
				VpcId: &vpc, AvailabilityMode: types.AvailabilityModeRegional,
			})
			w.check(err)
			return deleteVPC(w, vpc)
		}},
		{"subnet with a NAT gateway", violation, func(w world, vpc string) error {
			subnet := w.subnet(vpc, "10.0.0.0/24", "a")
			w.nat(subnet, w.address())
			return deleteSubnet(w, subnet)
		}},
		{"subnet with a NAT gateway that is going", violation, func(w world, vpc string) error {
			subnet := w.subnet(vpc, "10.0.0.0/24", "a")
			nat := w.nat(subnet, w.address())
			_, err := w.DeleteNatGateway(w.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: &nat})
			w.check(err)
			time.Sleep(25 * time.Second)
			return deleteSubnet(w, subnet)
		}},
		{"subnet with a network interface", violation, func(w world, vpc string) error {
			subnet := w.subnet(vpc, "10.0.0.0/24", "a")
			w.interfaceIn(subnet)
			return deleteSubnet(w, subnet)
		}},
		{"subnet with an interface endpoint", violation, func(w world, vpc string) error {
			subnet := w.subnet(vpc, "10.0.0.0/24", "a")
			w.names(vpc)
			w.endpoint(ec2.CreateVpcEndpointInput{
				VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.ssm"),
				VpcEndpointType: types.VpcEndpointTypeInterface, SubnetIds: []string{subnet},
			})
			return deleteSubnet(w, subnet)
		}},
		{"subnet with an interface endpoint that is going", violation, func(w world, vpc string) error {
			subnet := w.subnet(vpc, "10.0.0.0/24", "a")
			w.names(vpc)
			id := w.endpoint(ec2.CreateVpcEndpointInput{
				VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.ssm"),
				VpcEndpointType: types.VpcEndpointTypeInterface, SubnetIds: []string{subnet},
			})
			_, err := w.DeleteVpcEndpoints(w.Context(), &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{id}})
			w.check(err)
			time.Sleep(20 * time.Second)
			return deleteSubnet(w, subnet)
		}},
		{"internet gateway that is attached", violation, func(w world, vpc string) error {
			_, err := w.DeleteInternetGateway(w.Context(), &ec2.DeleteInternetGatewayInput{InternetGatewayId: aws.String(w.gateway(vpc))})
			return err
		}},
		{"detach with a NAT gateway's public address", violation, func(w world, vpc string) error {
			gateway := w.gateway(vpc)
			w.nat(w.subnet(vpc, "10.0.0.0/24", "a"), w.address())
			_, err := w.DetachInternetGateway(w.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &vpc})
			return err
		}},
		{"detach with a regional NAT gateway", violation, func(w world, vpc string) error {
			gateway := w.gateway(vpc)
			_, err := w.CreateNatGateway(w.Context(), &ec2.CreateNatGatewayInput{
				VpcId: &vpc, AvailabilityMode: types.AvailabilityModeRegional,
			})
			w.check(err)
			_, err = w.DetachInternetGateway(w.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &vpc})
			return err
		}},
		{"security group that another's rule names", violation, func(w world, vpc string) error {
			app, alb := w.group(vpc, "app"), w.group(vpc, "alb")
			_, err := w.AuthorizeSecurityGroupIngress(w.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
				GroupId: &app, IpPermissions: []types.IpPermission{{
					IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
					UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &alb}},
				}},
			})
			w.check(err)
			return deleteGroup(w, alb)
		}},
		{"security group of a network interface", violation, func(w world, vpc string) error {
			app := w.group(vpc, "app")
			w.interfaceIn(w.subnet(vpc, "10.0.0.0/24", "a"), app)
			return deleteGroup(w, app)
		}},
		{"default security group", "CannotDelete", func(w world, vpc string) error {
			out, err := w.DescribeSecurityGroups(w.Context(), &ec2.DescribeSecurityGroupsInput{Filters: filter("vpc-id", vpc)})
			w.check(err)
			return deleteGroup(w, *out.SecurityGroups[0].GroupId)
		}},
		{"route table with an association", violation, func(w world, vpc string) error {
			table := w.table(vpc)
			_, err := w.AssociateRouteTable(w.Context(), &ec2.AssociateRouteTableInput{
				RouteTableId: &table, SubnetId: aws.String(w.subnet(vpc, "10.0.0.0/24", "a")),
			})
			w.check(err)
			_, err = w.DeleteRouteTable(w.Context(), &ec2.DeleteRouteTableInput{RouteTableId: &table})
			return err
		}},
		{"main route table", violation, func(w world, vpc string) error {
			out, err := w.DescribeRouteTables(w.Context(), &ec2.DescribeRouteTablesInput{Filters: filter("association.main", "true")})
			w.check(err)
			_, err = w.DeleteRouteTable(w.Context(), &ec2.DeleteRouteTableInput{RouteTableId: out.RouteTables[0].RouteTableId})
			return err
		}},
		{"elastic IP of a NAT gateway", "InvalidIPAddress.InUse", func(w world, vpc string) error {
			address := w.address()
			w.nat(w.subnet(vpc, "10.0.0.0/24", "a"), address)
			_, err := w.ReleaseAddress(w.Context(), &ec2.ReleaseAddressInput{AllocationId: &address})
			return err
		}},
		{"elastic IP of an interface", "InvalidIPAddress.InUse", func(w world, vpc string) error {
			address := w.address()
			w.gateway(vpc)
			_, err := w.AssociateAddress(w.Context(), &ec2.AssociateAddressInput{
				AllocationId: &address, NetworkInterfaceId: aws.String(w.interfaceIn(w.subnet(vpc, "10.0.0.0/24", "a"))),
			})
			w.check(err)
			_, err = w.ReleaseAddress(w.Context(), &ec2.ReleaseAddressInput{AllocationId: &address})
			return err
		}},
		{"network interface of a NAT gateway", "InvalidParameterValue", func(w world, vpc string) error {
			nat := w.nat(w.subnet(vpc, "10.0.0.0/24", "a"), w.address())
			_, err := w.DeleteNetworkInterface(w.Context(), &ec2.DeleteNetworkInterfaceInput{
				NetworkInterfaceId: w.natNow(nat).NatGatewayAddresses[0].NetworkInterfaceId,
			})
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, sandbox.Options{}, func(w world) {
				w.refused(test.run(w, w.vpc("10.0.0.0/16")), test.code)
			})
		})
	}
}

func filter(name string, values ...string) []types.Filter {
	return []types.Filter{{Name: &name, Values: values}}
}

// A VPC takes with it what came with it, and nothing is left.
func TestDeleteVPCTakesItsDefaults(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		acls, err := w.DescribeNetworkAcls(w.Context(), &ec2.DescribeNetworkAclsInput{Filters: filter("vpc-id", vpc)})
		w.check(err)
		if len(acls.NetworkAcls) != 1 || !*acls.NetworkAcls[0].IsDefault {
			t.Errorf("network ACLs of a new VPC: %v", acls.NetworkAcls)
		}
		_, err = w.DeleteVpc(w.Context(), &ec2.DeleteVpcInput{VpcId: &vpc})
		w.check(err)
		left, err := w.sandbox.Dump(sandbox.DefaultAccount, true)
		w.check(err)
		if string(left) != "{}" {
			t.Errorf("left after the VPC: %s", left)
		}
	})
}
