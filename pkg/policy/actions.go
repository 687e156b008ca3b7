package policy

import "slices"

// Reads are the actions of `plan`, `status`, `check` and the first half of `up`. Those of EC2, load balancing and Auto Scaling
// take no resource: whoever may list may list everything.
var reads = []string{
	"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeInstanceRefreshes",
	"autoscaling:DescribeScalingActivities",
	"ec2:DescribeAddresses", "ec2:DescribeAvailabilityZones", "ec2:DescribeImages", "ec2:DescribeInstanceTypeOfferings",
	"ec2:DescribeInstanceTypes", "ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplates",
	"ec2:DescribeNatGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRegions", "ec2:DescribeRouteTables",
	"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeTags", "ec2:DescribeVolumes",
	"ec2:DescribeVpcAttribute", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs",
	"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancers",
	"elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTargetGroupAttributes",
	"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
	"servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota",
	"ssm:DescribeInstanceInformation", "sts:GetCallerIdentity",
}

// parameterReads are of the images' public parameters.
var parameterReads = []string{"ssm:GetParameter"}

// simulations tell what a role may do.
var simulations = []string{"iam:SimulatePrincipalPolicy"}

// accessReads are of the stack's own role and instance profile.
var accessReads = []string{
	"iam:GetInstanceProfile", "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole",
	"iam:ListRolePolicies",
}

// creations make things of EC2, by their types in ARNs. Each thing must be given the stack's tag by the same call.
var creations = map[string]string{
	"ec2:AllocateAddress":       "elastic-ip",
	"ec2:CreateInternetGateway": "internet-gateway",
	"ec2:CreateLaunchTemplate":  "launch-template",
	"ec2:CreateNatGateway":      "natgateway",
	"ec2:CreateRouteTable":      "route-table",
	"ec2:CreateSecurityGroup":   "security-group",
	"ec2:CreateSubnet":          "subnet",
	"ec2:CreateVpc":             "vpc",
	"ec2:CreateVpcEndpoint":     "vpc-endpoint",
}

// within are the creations that also name things which exist: those must have the stack's tag.
var within = []string{
	"ec2:CreateNatGateway", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpcEndpoint",
}

// changes are of things of EC2 that have the stack's tag.
var changes = []string{
	"ec2:AssociateRouteTable", "ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroupEgress",
	"ec2:AuthorizeSecurityGroupIngress", "ec2:CreateLaunchTemplateVersion", "ec2:CreateRoute", "ec2:CreateTags",
	"ec2:DeleteInternetGateway", "ec2:DeleteLaunchTemplate", "ec2:DeleteNatGateway", "ec2:DeleteRoute",
	"ec2:DeleteRouteTable", "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:DeleteVolume",
	"ec2:DeleteVpc", "ec2:DeleteVpcEndpoints", "ec2:DetachInternetGateway", "ec2:DisassociateRouteTable",
	"ec2:ModifyLaunchTemplate", "ec2:ModifySubnetAttribute", "ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint",
	"ec2:ReleaseAddress", "ec2:ReplaceRoute", "ec2:ReplaceRouteTableAssociation",
	"ec2:RevokeSecurityGroupIngress", "ec2:TerminateInstances",
}

// balancerCreations and balancerChanges are the same for load balancing, whose listeners are made within what exists.
var (
	balancerCreations = []string{"elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"}
	balancerChanges   = []string{
		"elasticloadbalancing:AddTags", "elasticloadbalancing:CreateListener", "elasticloadbalancing:DeleteListener",
		"elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteTargetGroup",
		"elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyTargetGroup",
		"elasticloadbalancing:ModifyTargetGroupAttributes", "elasticloadbalancing:RemoveTags",
		"elasticloadbalancing:SetSecurityGroups", "elasticloadbalancing:SetSubnets",
	}
)

// scaling is of the one group that has the stack's name.
var scaling = []string{
	"autoscaling:AttachLoadBalancerTargetGroups", "autoscaling:CreateAutoScalingGroup", "autoscaling:CreateOrUpdateTags",
	"autoscaling:DeleteAutoScalingGroup", "autoscaling:DeleteTags", "autoscaling:DetachLoadBalancerTargetGroups",
	"autoscaling:StartInstanceRefresh", "autoscaling:UpdateAutoScalingGroup",
}

// access is of the one role and the one instance profile that have the stack's name.
var access = []string{
	"iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:CreateRole", "iam:DeleteInstanceProfile",
	"iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:RemoveRoleFromInstanceProfile",
	"iam:TagInstanceProfile", "iam:TagRole", "iam:UntagInstanceProfile", "iam:UntagRole", "iam:UpdateAssumeRolePolicy",
}

// attaching gives the role a policy, which may only be the one that Session Manager needs.
var attaching = []string{"iam:AttachRolePolicy"}

// stateReads and stateWrites are of the objects of a state in S3, and of their versions.
var (
	stateReads  = []string{"s3:GetObject", "s3:GetObjectVersion"}
	stateLists  = []string{"s3:ListBucket", "s3:ListBucketVersions"}
	stateWrites = []string{"s3:DeleteObject", "s3:PutObject"}
)

// balancerLooks are what load balancing looks up on behalf of who calls it, beside what [reads] has anyway. See "Elastic
// Load Balancing API permissions".
var balancerLooks = []string{"ec2:DescribeAccountAttributes"}

// privateNames are what an endpoint's private names need: a hosted zone of AWS's is associated with the VPC. It is a dependent
// action of CreateVpcEndpoint in "Actions, resources, and condition keys for Amazon EC2".
var privateNames = []string{"route53:AssociateVPCWithHostedZone"}

// linkedServices make roles of their own in an account: with its first group, its first load balancer and its first
// regional NAT gateway.
var linkedServices = []string{
	"autoscaling.amazonaws.com", "ec2-nat-gateway.amazonaws.com", "elasticloadbalancing.amazonaws.com",
}

// Implied are the actions that AWS asks for though the program does not call them: a group launches from a template on
// behalf of who made it, and so tags what it launches; an instance profile hands its role over; load balancing looks
// around; endpoints get their private names; some services make their roles; and S3 uses the state's key.
var implied = slices.Concat(
	[]string{"ec2:RunInstances", "iam:CreateServiceLinkedRole", "iam:PassRole"}, balancerLooks, privateNames, keyReads, keyWrites,
)

// Administration is what `state init` and `iam bootstrap` call, and `connect`. Neither policy has it: an administrator
// does it once, and a shell is for people and not for pipelines.
var administration = []string{
	"s3:CreateBucket", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning",
	"s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:PutBucketPolicy",
	"s3:PutBucketPublicAccessBlock", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration",
	"s3:PutLifecycleConfiguration",
	"ssm:StartSession",
}
