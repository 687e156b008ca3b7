package contract

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

var identityBehaviours = []behaviour{
	{"role name taken", "EntityAlreadyExists", func(w *world) string {
		w.role()
		return try(w, w.iam.CreateRole, roleInput())
	}},
	{"role that does not exist", "NoSuchEntity", func(w *world) string {
		return try(w, w.iam.GetRole, &iam.GetRoleInput{RoleName: aws.String("none")})
	}},
	{"trust policy that is no JSON", "MalformedPolicyDocument", func(w *world) string {
		in := roleInput()
		in.AssumeRolePolicyDocument = aws.String("{")
		return try(w, w.iam.CreateRole, in)
	}},
	{"delete role with a policy attached", "DeleteConflict", func(w *world) string {
		w.role()
		do(w, w.iam.AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: web, PolicyArn: aws.String(corePolicy)})
		return w.deleteRole()
	}},
	{"delete role in an instance profile", "DeleteConflict", func(w *world) string {
		w.profile()
		return w.deleteRole()
	}},
	{"delete instance profile with a role", "DeleteConflict", func(w *world) string {
		w.profile()
		return try(w, w.iam.DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: web})
	}},
	{"instance profile name taken", "EntityAlreadyExists", func(w *world) string {
		w.profile()
		return try(w, w.iam.CreateInstanceProfile, &iam.CreateInstanceProfileInput{InstanceProfileName: web})
	}},
	{"a second role in an instance profile", "LimitExceeded", func(w *world) string {
		w.profile()
		in := roleInput()
		in.RoleName = aws.String("other")
		do(w, w.iam.CreateRole, in)
		return try(w, w.iam.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{
			InstanceProfileName: web, RoleName: in.RoleName,
		})
	}},
	{"attach a policy twice", accepted, func(w *world) string {
		w.role()
		in := &iam.AttachRolePolicyInput{RoleName: web, PolicyArn: aws.String(corePolicy)}
		do(w, w.iam.AttachRolePolicy, in)
		return try(w, w.iam.AttachRolePolicy, in)
	}},
	{"attach a policy that does not exist", "NoSuchEntity", func(w *world) string {
		w.role()
		return try(w, w.iam.AttachRolePolicy, &iam.AttachRolePolicyInput{
			RoleName: web, PolicyArn: aws.String("arn:aws:iam::aws:policy/None"),
		})
	}},
	{"detach a policy that is not attached", "NoSuchEntity", func(w *world) string {
		w.role()
		return try(w, w.iam.DetachRolePolicy, &iam.DetachRolePolicyInput{RoleName: web, PolicyArn: aws.String(corePolicy)})
	}},
	{"tags of a role", "kept", func(w *world) string {
		w.role()
		out := do(w, w.iam.ListRoleTags, &iam.ListRoleTagsInput{RoleName: web})
		if len(out.Tags) == 1 && *out.Tags[0].Value == tagValue {
			return "kept"
		}
		return fmt.Sprint(len(out.Tags), " tags")
	}},
	{"12-digit access key = own account, isolated (ec2/elbv2/asg)", "InvalidVpcID.NotFound 0 0", func(w *world) string {
		p := w.public("a", "b")
		w.balancer("web", p.subnets...)
		w.template("web")
		do(w, w.scaling.CreateAutoScalingGroup, scalingOf("web", 0, p.subnets, "web"))
		other := w.stranger()
		vpc := try(other, other.ec2.DescribeVpcs, &ec2.DescribeVpcsInput{VpcIds: []string{*p.vpc}})
		balancers := do(other, other.elb.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{})
		groups := do(other, other.scaling.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{})
		return fmt.Sprint(vpc, " ", len(balancers.LoadBalancers), len(groups.AutoScalingGroups))
	}},
	{"account of the caller", "12 digits", func(w *world) string {
		return fmt.Sprint(len(*do(w, w.sts.GetCallerIdentity, &sts.GetCallerIdentityInput{}).Account), " digits")
	}},
}

const corePolicy = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"

// web names the role and the instance profile that behaviours are about.
var web = aws.String("web")

func roleInput() *iam.CreateRoleInput {
	return &iam.CreateRoleInput{
		RoleName: web, Tags: []types.Tag{{Key: aws.String(tagKey), Value: aws.String(tagValue)}},
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[` +
			`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	}
}

func (w *world) role() { do(w, w.iam.CreateRole, roleInput()) }

func (w *world) deleteRole() string {
	return try(w, w.iam.DeleteRole, &iam.DeleteRoleInput{RoleName: web})
}

// profile is an instance profile with a role.
func (w *world) profile() {
	w.role()
	do(w, w.iam.CreateInstanceProfile, &iam.CreateInstanceProfileInput{InstanceProfileName: web})
	do(w, w.iam.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: web, RoleName: web})
}
