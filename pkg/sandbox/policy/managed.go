package policy

// Managed are AWS's own policies that can be attached, with the actions which each allows on everything.
// Those of Systems Manager and CloudWatch are shortened to what an instance calls. See "AWS managed policies".
var Managed = map[string][]string{
	"arn:aws:iam::aws:policy/AdministratorAccess": {"*"},
	"arn:aws:iam::aws:policy/PowerUserAccess": {
		"ec2:*", "elasticloadbalancing:*", "autoscaling:*", "ssm:*", "s3:*",
		"servicequotas:*", "cloudwatch:*", "logs:*", "sts:GetCallerIdentity",
	},
	"arn:aws:iam::aws:policy/ReadOnlyAccess": {
		"ec2:Describe*", "ec2:Get*", "elasticloadbalancing:Describe*",
		"autoscaling:Describe*", "ssm:Get*", "ssm:Describe*", "s3:Get*", "s3:List*", "iam:Get*", "iam:List*",
		"servicequotas:Get*", "servicequotas:List*",
	},
	"arn:aws:iam::aws:policy/AmazonEC2FullAccess": {
		"ec2:*", "elasticloadbalancing:*", "autoscaling:*",
		"cloudwatch:*",
	},
	"arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess": {
		"ec2:Describe*", "elasticloadbalancing:Describe*",
		"autoscaling:Describe*",
	},
	"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess": {"s3:Get*", "s3:List*"},
	"arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs": {
		"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
		"logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents",
	},
	"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore": {
		"ssm:DescribeAssociation", "ssm:GetDocument",
		"ssm:GetParameter", "ssm:GetParameters", "ssm:PutInventory", "ssm:UpdateInstanceInformation",
		"ssmmessages:*", "ec2messages:*",
	},
	"arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy": { // which reads no parameters
		"ssm:DescribeAssociation", "ssm:DescribeDocument", "ssm:GetDocument", "ssm:ListAssociations",
		"ssm:PutInventory", "ssm:UpdateInstanceInformation", "ssmmessages:*", "ec2messages:*",
	},
	"arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy": {
		"cloudwatch:PutMetricData", "ec2:DescribeTags", "logs:*",
		"ssm:GetParameter",
	},
}

// ManagedAllows says whether an AWS managed policy allows an action.
func ManagedAllows(arn, action string) bool { return Matches(Managed[arn], action) }
