package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

var vpcBehaviours = []behaviour{
	{"delete VPC with a subnet", dependency, func(w *world) string {
		vpc := w.vpc()
		w.subnet(vpc, 0, "a")
		return w.deleteVPC(vpc)
	}},
	{"delete VPC with IGW attached", dependency, func(w *world) string {
		vpc := w.vpc()
		w.gateway(vpc)
		return w.deleteVPC(vpc)
	}},
	{"delete VPC with own SG", dependency, func(w *world) string {
		vpc := w.vpc()
		w.group(vpc, "web")
		return w.deleteVPC(vpc)
	}},
	{"delete VPC with own route table", dependency, func(w *world) string {
		vpc := w.vpc()
		w.table(vpc)
		return w.deleteVPC(vpc)
	}},
	{"delete VPC with a gateway endpoint", dependency, func(w *world) string {
		vpc := w.vpc()
		w.gatewayEndpoint(vpc)
		return w.deleteVPC(vpc)
	}},
	{"delete VPC with its default group, table and ACL", accepted, func(w *world) string { return w.deleteVPC(w.vpc()) }},
	{"create VPC twice", "SECOND", func(w *world) string {
		first := w.vpc()
		return sameID(first, w.vpc())
	}},
	{"DryRun=True on create VPC", "DryRunOperation", func(w *world) string {
		return try(w, w.ec2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), DryRun: aws.Bool(true)})
	}},
	{"describe a VPC from another region", "InvalidVpcID.NotFound", func(w *world) string {
		return try(w, w.elsewhere().ec2.DescribeVpcs, &ec2.DescribeVpcsInput{VpcIds: []string{*w.vpc()}})
	}},
	{"delete a VPC twice", "InvalidVpcID.NotFound", func(w *world) string {
		vpc := w.vpc()
		do(w, w.ec2.DeleteVpc, &ec2.DeleteVpcInput{VpcId: vpc})
		return w.deleteVPC(vpc)
	}},
	{"6th VPC in a region (quota 5)", "VpcLimitExceeded", func(w *world) string {
		for range 5 {
			if seen := try(w, w.ec2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}); seen != accepted {
				return seen
			}
		}
		return try(w, w.ec2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	}},
}

func (w *world) deleteVPC(vpc *string) string {
	return try(w, w.ec2.DeleteVpc, &ec2.DeleteVpcInput{VpcId: vpc})
}
