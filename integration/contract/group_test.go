package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var groupBehaviours = []behaviour{
	{"delete SG referenced by another SG's rule", dependency, func(w *world) string {
		vpc := w.vpc()
		one, two := w.group(vpc, "one"), w.group(vpc, "two")
		do(w, w.ec2.AuthorizeSecurityGroupIngress, fromGroup(two, one))
		return w.deleteGroup(one)
	}},
	{"delete SG used by an instance", dependency, func(w *world) string {
		vpc := w.vpc()
		group := w.group(vpc, "web")
		w.instance(w.subnet(vpc, 0, "a"), *group)
		return w.deleteGroup(group)
	}},
	{"delete SG used by an ALB", dependency, func(w *world) string {
		p := w.public("a", "b")
		group := w.group(p.vpc, "web")
		in := balancerInput("web", p.subnets...)
		in.SecurityGroups = []string{*group}
		do(w, w.elb.CreateLoadBalancer, in)
		return w.deleteGroup(group)
	}},
	{"delete the default SG", "CannotDelete", func(w *world) string {
		found := do(w, w.ec2.DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{
			Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: []string{*w.vpc()}}},
		})
		return w.deleteGroup(found.SecurityGroups[0].GroupId)
	}},
	{"SG name taken in VPC", "InvalidGroup.Duplicate", func(w *world) string {
		vpc := w.vpc()
		w.group(vpc, "web")
		return try(w, w.ec2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
			VpcId: vpc, GroupName: aws.String("web"), Description: aws.String("again"),
		})
	}},
	{"SG name taken in another VPC", accepted, func(w *world) string {
		w.group(w.vpc(), "web")
		return try(w, w.ec2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
			VpcId: w.vpc(), GroupName: aws.String("web"), Description: aws.String("again"),
		})
	}},
	{"same SG rule twice", "InvalidPermission.Duplicate", func(w *world) string {
		vpc := w.vpc()
		rule := fromGroup(w.group(vpc, "one"), w.group(vpc, "two"))
		do(w, w.ec2.AuthorizeSecurityGroupIngress, rule)
		return try(w, w.ec2.AuthorizeSecurityGroupIngress, rule)
	}},
}

// fromGroup lets one group's members into another's on port 80.
func fromGroup(to, from *string) *ec2.AuthorizeSecurityGroupIngressInput {
	return &ec2.AuthorizeSecurityGroupIngressInput{GroupId: to, IpPermissions: []types.IpPermission{{
		IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
		UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: from}},
	}}}
}

func (w *world) deleteGroup(group *string) string {
	return try(w, w.ec2.DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: group})
}
