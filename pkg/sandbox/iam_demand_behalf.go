package sandbox

// lookups are what load balancing looks up in EC2 on behalf of its caller. See "Elastic Load Balancing API permissions".
var lookups = map[string][]string{
	"CreateLoadBalancer": {
		"ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeInternetGateways",
		"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
	},
	"CreateTargetGroup": {"ec2:DescribeInternetGateways", "ec2:DescribeVpcs"},
	"RegisterTargets": {
		"ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
	},
	"SetIpAddressType": {"ec2:DescribeSubnets"},
	"SetSubnets":       {"ec2:DescribeSubnets"},
}

// behalf is what AWS does on behalf of the caller with things that the caller has not named.
func (c *call) behalf() (all []demand) {
	actions := lookups[c.action]
	if c.action == "CreateVpcEndpoint" && c.Str("PrivateDnsEnabled") == "true" {
		actions = []string{"route53:AssociateVPCWithHostedZone"}
	}
	for _, action := range actions {
		d := c.demand("*")
		d.action = action
		all = append(all, d)
	}
	return all
}

// linkedRole is a role that AWS makes for a service in an account, on behalf of who makes the first thing of it.
type linkedRole struct{ service, name string }

func (l linkedRole) arn(account string) string {
	return iamARN(account, "role", "/aws-service-role/"+l.service+"/", l.name)
}

var (
	balancingRole = linkedRole{"elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"}
	groupsRole    = linkedRole{"autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"}
	natRole       = linkedRole{"ec2-nat-gateway.amazonaws.com", "AWSServiceRoleForNATGateway"} // of regional ones only
)

// makesRole is the demand of the role that the call makes, if any: in each region the first thing of its service asks for
// it, though an account has the role once. So no order of regions hides that the caller can't create it.
func (c *call) makesRole() []demand {
	var role linkedRole
	switch {
	case c.action == "CreateAutoScalingGroup" && scalingGroups.count(c.region) == 0:
		role = groupsRole
	case c.action == "CreateLoadBalancer" && loadBalancerKind.count(c.region) == 0,
		c.action == "CreateTargetGroup" && targetGroups.count(c.region) == 0:
		role = balancingRole
	case c.action == "CreateNatGateway" && c.Str("AvailabilityMode") == natRegional && !nats.any(c.region, (*natGateway).regional):
		role = natRole
	default:
		return nil
	}
	d := c.demand(role.arn(c.account.id))
	d.action = "iam:CreateServiceLinkedRole"
	return []demand{d.with("iam:AWSServiceName", role.service)}
}
