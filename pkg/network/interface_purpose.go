package network

import (
	"regexp"
	"strings"
)

// purpose is what AWS made a network interface for, as far as the interface itself tells: no service but EC2 is asked
// about it, and many can't be asked by an interface at all.
type purpose struct {
	kind, id string // of what the interface belongs to; id is empty where the interface does not name it
	service  string
	remove   string // the command that removes it, or finds it
}

// The purposes that this package can ask AWS about, see [Keepers].
const (
	keeperBalancer = "load balancer"
	keeperEndpoint = "VPC endpoint"
	keeperNAT      = "NAT gateway"
)

// purposes read the descriptions that AWS gives to the interfaces of its services. They are no contract of AWS's: what
// matches none of them is described in AWS's own words. $1 and $2 are what the expression captures. Sources: "Requester-
// managed network interfaces" in the EC2 guide, aws-nuke, cloud-nuke, and terraform-provider-aws#10347, #9495.
var purposes = []struct {
	description *regexp.Regexp
	purpose
}{
	{regexp.MustCompile(`^ELB ((?:app|net|gwy)/.+)$`), purpose{
		keeperBalancer, "$1", "Elastic Load Balancing", "aws elbv2 delete-load-balancer --load-balancer-arn ARN-OF-$1",
	}},
	{regexp.MustCompile(`^ELB (.+)$`), purpose{
		"classic load balancer", "$1", "Elastic Load Balancing", "aws elb delete-load-balancer --load-balancer-name $1",
	}},
	{regexp.MustCompile(`^VPC Endpoint Interface (vpce-\w+)`), purpose{
		keeperEndpoint, "$1", "Amazon VPC", "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids $1",
	}},
	{regexp.MustCompile(`^Interface for NAT Gateway (nat-\w+)`), purpose{
		keeperNAT, "$1", "Amazon VPC", "aws ec2 delete-nat-gateway --nat-gateway-id $1",
	}},
	{regexp.MustCompile(`^AWS Lambda VPC ENI-(.+?)(?:-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$`), purpose{
		"function", "$1", "AWS Lambda, which takes up to 45 minutes to remove the interfaces of a deleted function",
		"aws lambda delete-function --function-name $1",
	}},
	{regexp.MustCompile(`^RDSNetworkInterface$`), purpose{
		"database", "", "Amazon RDS", "aws rds describe-db-instances",
	}},
	{regexp.MustCompile(`^EFS mount target for (fs-\w+) \((fsmt-\w+)\)`), purpose{
		"mount target", "$2", "Amazon EFS", "aws efs delete-mount-target --mount-target-id $2",
	}},
	{regexp.MustCompile(`^ElastiCache (.+)$`), purpose{
		"cache", "$1", "Amazon ElastiCache", "aws elasticache describe-cache-clusters",
	}},
	{regexp.MustCompile(`^arn:aws[\w-]*:ecs:.+:attachment/(.+)$`), purpose{
		"task attachment", "$1", "Amazon ECS", "aws ecs list-tasks",
	}},
	{regexp.MustCompile(`^Amazon EKS (.+)$`), purpose{
		"cluster", "$1", "Amazon EKS", "aws eks delete-cluster --name $1",
	}},
	{regexp.MustCompile(`^Network Interface for Transit Gateway Attachment (tgw-attach-\w+)`), purpose{
		"transit gateway attachment", "$1", "AWS Transit Gateway",
		"aws ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id $1",
	}},
	{regexp.MustCompile(`^Route 53 Resolver: (rslvr-(?:in|out)-\w+)`), purpose{
		"resolver endpoint", "$1", "Amazon Route 53",
		"aws route53resolver delete-resolver-endpoint --resolver-endpoint-id $1",
	}},
	{regexp.MustCompile(`(eice-\w+)`), purpose{
		"instance connect endpoint", "$1", "Amazon EC2",
		"aws ec2 delete-instance-connect-endpoint --instance-connect-endpoint-id $1",
	}},
	{regexp.MustCompile(`^AWS created network interface for directory (d-\w+)`), purpose{
		"directory", "$1", "AWS Directory Service", "aws ds delete-directory --directory-id $1",
	}},
	{regexp.MustCompile(`^RedshiftNetworkInterface$`), purpose{
		"data warehouse", "", "Amazon Redshift", "aws redshift describe-clusters",
	}},
}

// purposeOf is empty for an interface that AWS does not manage, or whose purpose its description does not tell.
func purposeOf(i networkInterface) purpose {
	if !i.managed {
		return purpose{}
	}
	for _, p := range purposes {
		match := p.description.FindStringSubmatchIndex(i.description)
		if match == nil {
			continue
		}
		fill := func(template string) string {
			return string(p.description.ExpandString(nil, braced(template), i.description, match))
		}
		return purpose{p.kind, fill(p.id), p.service, fill(p.remove)}
	}
	return purpose{}
}

// braced keeps what follows a number in a template from being read as a part of it.
func braced(template string) string {
	return strings.NewReplacer("$1", "${1}", "$2", "${2}").Replace(template)
}
