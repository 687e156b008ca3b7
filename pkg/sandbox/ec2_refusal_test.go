package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

// Each case is a call that AWS refuses for what it asks for, or for what is there already.
func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		name, code string
		run        func(w world, vpc string) error
	}{
		{"VPC's block too wide", "InvalidVpc.Range", func(w world, _ string) error {
			_, err := w.CreateVpc(w.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/8")})
			return err
		}},
		{"VPC without a block", "MissingParameter", func(w world, _ string) error {
			_, err := w.CreateVpc(w.Context(), &ec2.CreateVpcInput{})
			return err
		}},
		{"subnet's block outside of the VPC", "InvalidSubnet.Range", func(w world, vpc string) error {
			return w.trySubnet(vpc, "10.1.0.0/24", "a")
		}},
		{"subnet's block overlaps", "InvalidSubnet.Conflict", func(w world, vpc string) error {
			w.subnet(vpc, "10.0.0.0/20", "a")
			return w.trySubnet(vpc, "10.0.8.0/24", "b")
		}},
		{"subnet in a zone that is not there", "InvalidParameterValue", func(w world, vpc string) error {
			return w.trySubnet(vpc, "10.0.0.0/24", "z")
		}},
		{"subnet in a VPC that is not there", "InvalidVpcID.NotFound", func(w world, _ string) error {
			return w.trySubnet("vpc-1", "10.0.0.0/24", "a")
		}},
		{"gateway attached twice", "Resource.AlreadyAssociated", func(w world, vpc string) error {
			return w.tryAttach(w.gateway(vpc), vpc)
		}},
		{"second gateway for a VPC", "InvalidParameterValue", func(w world, vpc string) error {
			w.gateway(vpc)
			out, err := w.CreateInternetGateway(w.Context(), &ec2.CreateInternetGatewayInput{})
			w.check(err)
			return w.tryAttach(*out.InternetGateway.InternetGatewayId, vpc)
		}},
		{"gateway detached from another VPC", "Gateway.NotAttached", func(w world, vpc string) error {
			_, err := w.DetachInternetGateway(w.Context(), &ec2.DetachInternetGatewayInput{
				InternetGatewayId: aws.String(w.gateway(vpc)), VpcId: aws.String(w.vpc("10.1.0.0/16")),
			})
			return err
		}},
		{"subnet with a second route table", "Resource.AlreadyAssociated", func(w world, vpc string) error {
			subnet := w.subnet(vpc, "10.0.0.0/24", "a")
			w.check(w.tryAssociate(w.table(vpc), subnet))
			return w.tryAssociate(w.table(vpc), subnet)
		}},
		{"route table of another VPC", "InvalidParameterValue", func(w world, vpc string) error {
			return w.tryAssociate(w.table(w.vpc("10.1.0.0/16")), w.subnet(vpc, "10.0.0.0/24", "a"))
		}},
		{"group name taken", "InvalidGroup.Duplicate", func(w world, vpc string) error {
			w.group(vpc, "app")
			return w.tryGroup(vpc, "app")
		}},
		{"group name reserved", "InvalidParameterValue", func(w world, vpc string) error { return w.tryGroup(vpc, "default") }},
		{"group name like an ID", "InvalidParameterValue", func(w world, vpc string) error { return w.tryGroup(vpc, "sg-a") }},
		{"group name with an odd character", "InvalidParameterValue", func(w world, vpc string) error { return w.tryGroup(vpc, "äpp") }},
		{"group without a VPC", "VPCIdNotSpecified", func(w world, _ string) error {
			_, err := w.CreateSecurityGroup(w.Context(), &ec2.CreateSecurityGroupInput{GroupName: aws.String("a"), Description: aws.String("a")})
			return err
		}},
		{"address that is not there", "InvalidAllocationID.NotFound", func(w world, _ string) error {
			_, err := w.ReleaseAddress(w.Context(), &ec2.ReleaseAddressInput{AllocationId: aws.String("eipalloc-1")})
			return err
		}},
		{"address where there is no internet gateway", "Gateway.NotAttached", func(w world, vpc string) error {
			_, err := w.AssociateAddress(w.Context(), &ec2.AssociateAddressInput{
				AllocationId: aws.String(w.address()), NetworkInterfaceId: aws.String(w.interfaceIn(w.subnet(vpc, "10.0.0.0/24", "a"))),
			})
			return err
		}},
		{"two attributes at a time", "InvalidParameterCombination", func(w world, vpc string) error {
			on := &types.AttributeBooleanValue{Value: aws.Bool(true)}
			_, err := w.ModifyVpcAttribute(w.Context(), &ec2.ModifyVpcAttributeInput{
				VpcId: &vpc, EnableDnsSupport: on, EnableDnsHostnames: on,
			})
			return err
		}},
		{"instance type that is not there", "InvalidInstanceType", func(w world, _ string) error {
			_, err := w.DescribeInstanceTypes(w.Context(), &ec2.DescribeInstanceTypesInput{InstanceTypes: []types.InstanceType{"z9.huge"}})
			return err
		}},
		{"filter that is not there", "InvalidParameterValue", func(w world, _ string) error {
			_, err := w.DescribeVpcs(w.Context(), &ec2.DescribeVpcsInput{Filters: filter("color", "red")})
			return err
		}},
		{"tag of AWS's own", "InvalidParameterValue", func(w world, vpc string) error { return w.tryTag(vpc, "aws:name") }},
		{"tag on something that is not there", "InvalidSubnetID.NotFound", func(w world, _ string) error { return w.tryTag("subnet-1", "a") }},
		{"tag on what is no ID", "InvalidID", func(w world, _ string) error { return w.tryTag("nonsense", "a") }},
		{"more than 50 tags", "TagLimitExceeded", func(w world, vpc string) error {
			for i := range 50 {
				w.check(w.tryTag(vpc, fmt.Sprint("k", i)))
			}
			return w.tryTag(vpc, "k50")
		}},
		{"tags for another type", "InvalidParameterValue", func(w world, _ string) error {
			_, err := w.CreateVpc(w.Context(), &ec2.CreateVpcInput{
				CidrBlock: aws.String("10.9.0.0/16"), TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeSubnet}},
			})
			return err
		}},
		{"dry run", "DryRunOperation", func(w world, vpc string) error {
			_, err := w.DeleteVpc(w.Context(), &ec2.DeleteVpcInput{VpcId: &vpc, DryRun: aws.Bool(true)})
			return err
		}},
		{"operation that the sandbox lacks", "NotImplemented", func(w world, _ string) error {
			_, err := w.CreateDhcpOptions(w.Context(), &ec2.CreateDhcpOptionsInput{DhcpConfigurations: []types.NewDhcpConfiguration{{Key: aws.String("domain-name")}}})
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, sandbox.Options{}, func(w world) {
				vpc := w.vpc("10.0.0.0/16")
				w.refused(test.run(w, vpc), test.code)
			})
		})
	}
}

func (w world) trySubnet(vpc, cidr, zone string) error {
	_, err := w.CreateSubnet(w.Context(), &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: &cidr, AvailabilityZone: aws.String("eu-west-1" + zone)})
	return err
}

func (w world) tryAttach(gateway, vpc string) error {
	_, err := w.AttachInternetGateway(w.Context(), &ec2.AttachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &vpc})
	return err
}

func (w world) tryAssociate(table, subnet string) error {
	_, err := w.AssociateRouteTable(w.Context(), &ec2.AssociateRouteTableInput{RouteTableId: &table, SubnetId: &subnet})
	return err
}

func (w world) tryGroup(vpc, name string) error {
	_, err := w.CreateSecurityGroup(w.Context(), &ec2.CreateSecurityGroupInput{VpcId: &vpc, GroupName: &name, Description: aws.String("a")})
	return err
}

func (w world) tryTag(id, key string) error {
	_, err := w.CreateTags(w.Context(), &ec2.CreateTagsInput{
		Resources: []string{id}, Tags: []types.Tag{{Key: &key, Value: aws.String("v")}},
	})
	return err
}

func TestQuotas(t *testing.T) {
	for _, test := range []struct {
		name, code string
		make       func(w world, n int) error
	}{
		{"VPCs", "VpcLimitExceeded", func(w world, n int) error {
			_, err := w.CreateVpc(w.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String(fmt.Sprintf("10.%d.0.0/16", n))})
			return err
		}},
		{"elastic IPs", "AddressLimitExceeded", func(w world, _ int) error {
			_, err := w.AllocateAddress(w.Context(), &ec2.AllocateAddressInput{})
			return err
		}},
		{"internet gateways", "InternetGatewayLimitExceeded", func(w world, _ int) error {
			_, err := w.CreateInternetGateway(w.Context(), &ec2.CreateInternetGatewayInput{})
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, sandbox.Options{}, func(w world) {
				for n := range 5 {
					w.check(test.make(w, n))
				}
				w.refused(test.make(w, 5), test.code)
				w.check(test.make(world{w.T, ec2Client(w.sandbox, "us-east-1"), w.sandbox}, 0)) // each region has its own
			})
			inWorld(t, sandbox.Options{Quotas: map[sandbox.Quota]int{
				sandbox.QuotaVPCs: 9, sandbox.QuotaElasticIPs: 9, sandbox.QuotaGateways: 9,
			}}, func(w world) {
				for n := range 9 {
					w.check(test.make(w, n))
				}
			})
		})
	}
}
