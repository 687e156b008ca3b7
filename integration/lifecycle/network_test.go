package lifecycle

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// checkNetwork checks which parts of a region's network a visitor can reach and which not.
func checkNetwork(w *world, region string) {
	w.t.Helper()
	public := publicSubnets(w, region)
	subnets := subnetsOf(w, region)
	zones := map[string]int{}
	for _, s := range subnets {
		zones[*s.AvailabilityZone]++
	}
	if len(public) != 3 || len(subnets) != 6 || len(zones) != 3 {
		w.t.Errorf("%s: %d subnets, %d of them public, in %d zones; want 6, 3, 3", region, len(subnets), len(public), len(zones))
	}
	for _, i := range instancesOf(w, region) {
		if i.PublicIpAddress != nil || slices.Contains(public, *i.SubnetId) {
			w.t.Errorf("%s: instance %s is in subnet %s with public address %q", region, *i.InstanceId, *i.SubnetId,
				aws.ToString(i.PublicIpAddress))
		}
	}
	checkRules(w, region)
}

// checkRules: no way to port 22, to TLS from anywhere, or to the instances but through the load balancer.
func checkRules(w *world, region string) {
	w.t.Helper()
	groups := securityGroups(w, region)
	for name, group := range groups {
		for _, rule := range group.IpPermissions {
			open := len(rule.IpRanges)+len(rule.Ipv6Ranges) > 0
			if covers(rule, 22) || covers(rule, 443) && open || open && name != "provision-web-alb" {
				w.t.Errorf("%s: security group %s lets in %+v", region, name, rule)
			}
		}
	}
	alb, app := groups["provision-web-alb"], groups["provision-web-app"]
	if len(alb.IpPermissions) != 1 || !covers(alb.IpPermissions[0], 80) || aws.ToString(alb.IpPermissions[0].IpRanges[0].CidrIp) != "0.0.0.0/0" {
		w.t.Errorf("%s: the load balancer's group lets in %+v, want just port 80 from anywhere", region, alb.IpPermissions)
	}
	if len(app.IpPermissions) != 1 || !covers(app.IpPermissions[0], 80) || *app.IpPermissions[0].UserIdGroupPairs[0].GroupId != *alb.GroupId {
		w.t.Errorf("%s: the instances' group lets in %+v, want just port 80 from the load balancer", region, app.IpPermissions)
	}
}

func covers(rule types.IpPermission, port int32) bool {
	all := rule.FromPort == nil || rule.ToPort == nil || aws.ToString(rule.IpProtocol) == "-1"
	return all || *rule.FromPort <= port && port <= *rule.ToPort
}

// securityGroups are those of the stack's VPC but its default one, by name.
func securityGroups(w *world, region string) map[string]types.SecurityGroup {
	w.t.Helper()
	out, err := w.ec2(region).DescribeSecurityGroups(w.t.Context(), &ec2.DescribeSecurityGroupsInput{Filters: inVPC(w, region)})
	byName := map[string]types.SecurityGroup{}
	for _, group := range must(w, out, err).SecurityGroups {
		if *group.GroupName != "default" {
			byName[*group.GroupName] = group
		}
	}
	return byName
}

func subnetsOf(w *world, region string) []types.Subnet {
	w.t.Helper()
	out, err := w.ec2(region).DescribeSubnets(w.t.Context(), &ec2.DescribeSubnetsInput{Filters: inVPC(w, region)})
	return must(w, out, err).Subnets
}

// publicSubnets are those that a route to an internet gateway makes public, whatever they are called.
func publicSubnets(w *world, region string) []string {
	w.t.Helper()
	var public []string
	for _, table := range routeTables(w, region) {
		if slices.ContainsFunc(table.Routes, func(r types.Route) bool {
			gateway := aws.ToString(r.GatewayId)
			return len(gateway) > 4 && gateway[:4] == "igw-"
		}) {
			for _, a := range table.Associations {
				public = append(public, aws.ToString(a.SubnetId))
			}
		}
	}
	return public
}

func routeTables(w *world, region string) []types.RouteTable {
	w.t.Helper()
	out, err := w.ec2(region).DescribeRouteTables(w.t.Context(), &ec2.DescribeRouteTablesInput{Filters: inVPC(w, region)})
	return must(w, out, err).RouteTables
}

func instancesOf(w *world, region string) []types.Instance {
	w.t.Helper()
	out, err := w.ec2(region).DescribeInstances(w.t.Context(), &ec2.DescribeInstancesInput{Filters: inVPC(w, region)})
	var all []types.Instance
	for _, reservation := range must(w, out, err).Reservations {
		all = append(all, reservation.Instances...)
	}
	return all
}

func inVPC(w *world, region string) []types.Filter {
	w.t.Helper()
	return []types.Filter{{Name: aws.String("vpc-id"), Values: []string{w.one(region, "vpc")}}}
}
