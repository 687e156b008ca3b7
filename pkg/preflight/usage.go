package preflight

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/stack"
)

// Every resource counts, of any owner: a quota is the account's.

func usedVPCs(ctx context.Context, c *cloud.Region, _ *stack.Part) (n int, err error) {
	for pages := ec2.NewDescribeVpcsPaginator(c.EC2, &ec2.DescribeVpcsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, fmt.Errorf("count the VPCs: %w", err)
		}
		n += len(page.Vpcs)
	}
	return n, nil
}

func usedAddresses(ctx context.Context, c *cloud.Region, _ *stack.Part) (int, error) {
	out, err := c.EC2.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	if err != nil {
		return 0, fmt.Errorf("count the elastic IPs: %w", err)
	}
	n := 0
	for _, address := range out.Addresses {
		if address.ServiceManaged == "" { // a service's own, such as a load balancer's, count for no quota of the account's
			n++
		}
	}
	return n, nil
}

// usedNATGateways is the most that any of the zones has to which new ones come.
func usedNATGateways(ctx context.Context, c *cloud.Region, part *stack.Part) (int, error) {
	subnets := map[string]int{}
	pages := ec2.NewDescribeNatGatewaysPaginator(c.EC2, &ec2.DescribeNatGatewaysInput{Filter: []types.Filter{
		{Name: aws.String("state"), Values: []string{"pending", "available", "deleting"}},
	}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, fmt.Errorf("count the NAT gateways: %w", err)
		}
		for _, nat := range page.NatGateways {
			subnets[aws.ToString(nat.SubnetId)]++
		}
	}
	zones, err := zonesOf(ctx, c, subnets)
	most := 0
	for _, zone := range zonesOfNewGateways(part) {
		most = max(most, zones[zone])
	}
	return most, err
}

// zonesOfNewGateways are the IDs of zones. A regional gateway comes to all of the stack's.
func zonesOfNewGateways(part *stack.Part) []string {
	var zones []string
	for slot, zone := range part.Facts.Zones {
		if makes(part, graph.Join("nat-gateway", stack.Letter(slot))) || makes(part, "nat-gateway/regional") {
			zones = append(zones, zone)
		}
	}
	return zones
}

func makes(part *stack.Part, key graph.Key) bool {
	return slices.ContainsFunc(part.Plan.Steps, func(s graph.Step) bool { return s.Action == graph.Create && s.Key == key })
}

// zonesOf adds up by zone what is counted by subnet.
func zonesOf(ctx context.Context, c *cloud.Region, subnets map[string]int) (map[string]int, error) {
	zones := map[string]int{}
	if len(subnets) == 0 {
		return zones, nil
	}
	for pages := ec2.NewDescribeSubnetsPaginator(c.EC2, &ec2.DescribeSubnetsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("find the zones of the NAT gateways: %w", err)
		}
		for _, subnet := range page.Subnets {
			zones[aws.ToString(subnet.AvailabilityZoneId)] += subnets[aws.ToString(subnet.SubnetId)]
		}
	}
	return zones, nil
}

func usedLoadBalancers(ctx context.Context, c *cloud.Region, _ *stack.Part) (n int, err error) {
	for pages := elb.NewDescribeLoadBalancersPaginator(c.ELB, &elb.DescribeLoadBalancersInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, fmt.Errorf("count the load balancers: %w", err)
		}
		for _, balancer := range page.LoadBalancers {
			if balancer.Type == elbtypes.LoadBalancerTypeEnumApplication {
				n++
			}
		}
	}
	return n, nil
}

// standard are the families that share one quota, by the letters before the generation's digit: A, C, D, H, I, M, R, T
// and Z, with their variants after the first letter ("im4gn"), but none of the others that start with the same letters
// ("inf2", "dl1", "hpc7a", "mac2", "trn1", "u-6tb1").
var standard = regexp.MustCompile(`^(a|c|d|h|i|im|is|m|r|t|z)\d`)

func isStandard(instanceType string) bool { return standard.MatchString(instanceType) }

// usedVCPUs counts the running on-demand instances of the standard families.
func usedVCPUs(ctx context.Context, c *cloud.Region, _ *stack.Part) (int, error) {
	running := map[types.InstanceType]int{}
	pages := ec2.NewDescribeInstancesPaginator(c.EC2, &ec2.DescribeInstancesInput{Filters: []types.Filter{
		{Name: aws.String("instance-state-name"), Values: []string{"pending", "running"}},
	}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, fmt.Errorf("count the instances: %w", err)
		}
		for _, reservation := range page.Reservations {
			for _, instance := range reservation.Instances {
				if isStandard(string(instance.InstanceType)) && instance.InstanceLifecycle == "" {
					running[instance.InstanceType]++
				}
			}
		}
	}
	n := 0
	for instanceType, count := range running {
		each, err := vcpus(ctx, c, instanceType)
		if err != nil {
			return 0, err
		}
		n += count * each
	}
	return n, nil
}

func vcpusOfOne(ctx context.Context, c *cloud.Region, s config.Settings) (int, error) {
	return vcpus(ctx, c, types.InstanceType(s.Compute.Type))
}

func vcpus(ctx context.Context, c *cloud.Region, instanceType types.InstanceType) (int, error) {
	out, err := c.EC2.DescribeInstanceTypes(ctx, &ec2.DescribeInstanceTypesInput{
		InstanceTypes: []types.InstanceType{instanceType},
	})
	if err != nil {
		return 0, fmt.Errorf("read the size of %s: %w", instanceType, err)
	}
	for _, info := range out.InstanceTypes {
		if info.VCpuInfo != nil {
			return int(aws.ToInt32(info.VCpuInfo.DefaultVCpus)), nil
		}
	}
	return 0, fmt.Errorf("EC2 reports no size for %s", instanceType)
}
