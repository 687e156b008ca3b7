package compute

import "provision/pkg/kind"

// onGroup is short for autoScalingGroup:*:autoScalingGroupName/{name}: a policy has a limit of length.
const onGroup = "autoscaling:*:{account}:*/{name}"

var (
	ownTargets = kind.Limit{
		Operator: "ForAllValues:ArnLike", Key: "autoscaling:TargetGroupARNs",
		Values: []string{"elasticloadbalancing:*:{account}:targetgroup/{name}/*"},
	}
	fromTemplate = kind.Limit{Operator: "Null", Key: "ec2:LaunchTemplate", Values: []string{"false"}}
)

// launching is what a group does on behalf of its creator: it launches from a template, tags what it launches, and hands
// the instances their role. Auto Scaling asks for these rights of the caller who creates the group, changes its template, or names one
// for a refresh; the launches are those of its own role. So a group launches from a numbered version, which never changes
// its contents, and its subnets change only along with a template: both are then checked together.
//
// Each thing of a launch is limited by the keys that it has, see RunInstances in "Actions, resources, and condition keys
// for Amazon EC2": what it makes by the tags of the template, and what it takes by its own tags, like all that is there. An
// image has no tags here, and a snapshot no owner: no statement allows that.
var launching = []kind.Allowance{
	{
		Sid: "Group", On: []string{onGroup}, Limits: []kind.Limit{ownTargets},
		Actions: []string{
			"autoscaling:AttachLoadBalancerTargetGroups", "autoscaling:CreateOrUpdateTags", "autoscaling:DeleteAutoScalingGroup",
			"autoscaling:DeleteTags", "autoscaling:DetachLoadBalancerTargetGroups", "autoscaling:StartInstanceRefresh",
		},
	},
	{
		Sid: "GroupFromTemplate", On: []string{onGroup},
		Actions: []string{"autoscaling:CreateAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup"},
		Limits: []kind.Limit{
			{Operator: "Bool", Key: "autoscaling:LaunchTemplateVersionSpecified", Values: []string{"true"}}, ownTargets,
		},
	},
	{
		Sid: "GroupInPlace", On: []string{onGroup}, Actions: []string{"autoscaling:UpdateAutoScalingGroup"},
		Limits: []kind.Limit{
			{Operator: "Null", Key: "autoscaling:LaunchTemplateVersionSpecified", Values: []string{"true"}},
			{Operator: "Null", Key: "autoscaling:LaunchConfigurationName", Values: []string{"true"}},
			{Operator: "Null", Key: "autoscaling:VPCZoneIdentifiers", Values: []string{"true"}},
		},
	},
	{
		Sid: "Launch", Actions: []string{"ec2:RunInstances"}, Implied: true, Limits: []kind.Limit{fromTemplate, kind.IntoStack()},
		On: []string{
			"ec2:*:{account}:instance/*", "ec2:*:{account}:network-interface/*", "ec2:*:{account}:volume/*",
		},
	},
	{
		Sid: "LaunchImage", Actions: []string{"ec2:RunInstances"}, Implied: true, On: []string{"ec2:*::image/*"},
		Limits: []kind.Limit{kind.Equals("ec2:Owner", "{owners}")},
	},
	{
		Sid: "LaunchNamedImage", Actions: []string{"ec2:RunInstances"}, Implied: true, On: []string{"ec2:*::image/{ami}"},
	},
	{
		Sid: "PassRole", Actions: []string{"iam:PassRole"}, On: []string{"iam::{account}:role/{role}"}, Implied: true,
		Limits: []kind.Limit{kind.Equals("iam:PassedToService", "ec2.amazonaws.com", "ec2.amazonaws.com.cn")}, // China's own name for it
	},
}
