package stack

// writes are the operations of a kind that change something.
type writes struct {
	create   string
	after    []string // what fields begin with that the creation can't set
	given    []string // values that a new thing has by itself
	update   []update // the first whose field fits
	delete   []string
	goesWith string // the kind with which AWS removes this one
	together bool   // one call deletes all of the kind
}

// update is how changes of fields that begin so are made.
type update struct {
	field       string
	set         []string
	clear, swap string // instead of set; empty: the same
	each        bool   // one call for each change
}

// tagging is what all kinds of a service have in common.
func tagging(set, remove string) update {
	return update{field: "tag ", set: []string{set}, clear: remove}
}

var (
	ec2Tags  = tagging("ec2:CreateTags", "ec2:DeleteTags")
	elbTags  = tagging("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")
	roleTags = tagging("iam:TagRole", "iam:UntagRole")
)

// newVersion is what a change of a launch template's data takes. What the version holds is noted in the tags. The group
// then replaces its instances, unless only their tags are others.
var newVersion = []string{"ec2:CreateLaunchTemplateVersion", "ec2:CreateTags", "ec2:ModifyLaunchTemplate"}

// operations is what the kinds' files call. A test holds it against the calls that are really made.
var operations = map[string]writes{
	"vpc": {
		create: "ec2:CreateVpc", after: []string{"enableDnsHostnames"}, delete: []string{"ec2:DeleteVpc"},
		update: []update{ec2Tags, {field: "enableDnsHostnames", set: []string{"ec2:ModifyVpcAttribute"}}},
	},
	"subnet": {
		create: "ec2:CreateSubnet", delete: []string{"ec2:DeleteSubnet"},
		update: []update{ec2Tags, {field: "mapPublicIpOnLaunch", set: []string{"ec2:ModifySubnetAttribute"}}},
	},
	"internet-gateway": {
		create: "ec2:CreateInternetGateway", after: []string{"attachment"},
		update: []update{ec2Tags, {field: "attachment", set: []string{"ec2:AttachInternetGateway"}}},
		delete: []string{"ec2:DetachInternetGateway", "ec2:DeleteInternetGateway"},
	},
	"elastic-ip": {
		create: "ec2:AllocateAddress", update: []update{ec2Tags}, delete: []string{"ec2:ReleaseAddress"},
	},
	"nat-gateway": {
		create: "ec2:CreateNatGateway", update: []update{ec2Tags}, delete: []string{"ec2:DeleteNatGateway"},
	},
	"route-table": {
		create: "ec2:CreateRouteTable", after: []string{"association ", "route "},
		update: []update{
			ec2Tags,
			{field: "association ", set: []string{"ec2:AssociateRouteTable"}, each: true},
			{field: "route ", set: []string{"ec2:CreateRoute"}, swap: "ec2:ReplaceRoute", clear: "ec2:DeleteRoute", each: true},
		},
		delete: []string{"ec2:DeleteRouteTable"},
	},
	"security-group": {
		create: "ec2:CreateSecurityGroup", after: []string{"ingress "},
		update: []update{
			ec2Tags,
			{
				field: "ingress ", set: []string{"ec2:AuthorizeSecurityGroupIngress"},
				clear: "ec2:RevokeSecurityGroupIngress",
			},
			{field: "egress ", set: []string{"ec2:AuthorizeSecurityGroupEgress"}},
		},
		delete: []string{"ec2:DeleteSecurityGroup"},
	},
	"vpc-endpoint": {
		create: "ec2:CreateVpcEndpoint", delete: []string{"ec2:DeleteVpcEndpoints"}, together: true,
		update: []update{ec2Tags, {field: "", set: []string{"ec2:ModifyVpcEndpoint"}}},
	},
	"launch-template": {
		create: "ec2:CreateLaunchTemplate", delete: []string{"ec2:DeleteLaunchTemplate"},
		update: []update{
			ec2Tags,
			{field: "launch tags", set: newVersion},
			{field: "launch ", set: append(newVersion, "autoscaling:StartInstanceRefresh")},
			{field: "defaultVersion", set: []string{"ec2:ModifyLaunchTemplate"}},
		},
	},
	"auto-scaling-group": {
		create: "autoscaling:CreateAutoScalingGroup", delete: []string{"autoscaling:DeleteAutoScalingGroup"},
		update: []update{
			tagging("autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"),
			{field: "group ", set: []string{"autoscaling:UpdateAutoScalingGroup"}},
			{
				field: "targetGroups", set: []string{"autoscaling:AttachLoadBalancerTargetGroups"},
				clear: "autoscaling:DetachLoadBalancerTargetGroups",
			},
			{field: "instances", set: []string{"autoscaling:StartInstanceRefresh"}},
		},
	},
	"load-balancer": {
		create: "elasticloadbalancing:CreateLoadBalancer",
		update: []update{
			elbTags,
			{field: "subnets", set: []string{"elasticloadbalancing:SetSubnets"}},
			{field: "securityGroups", set: []string{"elasticloadbalancing:SetSecurityGroups"}},
		},
		delete: []string{"elasticloadbalancing:DeleteLoadBalancer"},
	},
	"target-group": {
		create: "elasticloadbalancing:CreateTargetGroup",
		after:  []string{"deregistration delay"}, given: []string{"5m0s"},
		update: []update{
			elbTags,
			{field: "health check ", set: []string{"elasticloadbalancing:ModifyTargetGroup"}},
			{field: "deregistration delay", set: []string{"elasticloadbalancing:ModifyTargetGroupAttributes"}},
		},
		delete: []string{"elasticloadbalancing:DeleteTargetGroup"},
	},
	"listener": {
		create: "elasticloadbalancing:CreateListener", delete: []string{"elasticloadbalancing:DeleteListener"},
		update:   []update{elbTags, {field: "", set: []string{"elasticloadbalancing:ModifyListener"}}},
		goesWith: "load-balancer",
	},
	"iam-role": {
		create: "iam:CreateRole", after: []string{"policy"},
		update: []update{
			roleTags,
			{field: "assumeRolePolicy", set: []string{"iam:UpdateAssumeRolePolicy"}},
			{field: "policy", set: []string{"iam:AttachRolePolicy"}},
		},
		delete: []string{"iam:DetachRolePolicy", "iam:DeleteRole"},
	},
	"instance-profile": {
		create: "iam:CreateInstanceProfile", after: []string{"role"},
		update: []update{
			tagging("iam:TagInstanceProfile", "iam:UntagInstanceProfile"),
			{field: "role", set: []string{"iam:AddRoleToInstanceProfile"}},
		},
		delete: []string{"iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"},
	},
}
