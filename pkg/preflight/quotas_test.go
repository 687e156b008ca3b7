package preflight

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
	"provision/pkg/stack"
)

// making is a part of a plan that makes the given things, and has one of each other kind already.
func making(keys ...graph.Key) *stack.Part {
	part := &stack.Part{Region: sandboxtest.Region, Plan: &graph.Plan{}}
	for _, key := range []graph.Key{"vpc", "elastic-ip/z", "nat-gateway/z", "load-balancer", "auto-scaling-group"} {
		part.Plan.Steps = append(part.Plan.Steps, graph.Step{Key: key, Action: graph.Update})
	}
	for _, key := range keys {
		part.Plan.Steps = append(part.Plan.Steps, graph.Step{Key: key, Action: graph.Create})
	}
	return part
}

func TestQuotasAddUpWhatThePlanMakes(t *testing.T) {
	const (
		vpcs, addresses, gateways = "VPCs per Region", "EC2-VPC Elastic IPs", "NAT gateways per Availability Zone"
		balancers, instances      = "Application Load Balancers per Region", "Running On-Demand Standard instances"
	)
	for name, tc := range map[string]struct {
		part         *stack.Part
		instanceType string
		want         map[string]int
	}{
		"nothing is made":                {making(), "t3.micro", map[string]int{}},
		"a region that can't be planned": {&stack.Part{Err: errors.New("no")}, "t3.micro", map[string]int{}},
		"addresses are summed, gateways are in a zone each": {
			making("vpc", "elastic-ip/a", "elastic-ip/b", "elastic-ip/c", "nat-gateway/a", "nat-gateway/b", "nat-gateway/c"),
			"t3.micro",
			map[string]int{vpcs: 1, addresses: 3, gateways: 1},
		},
		"a new group starts what is desired":   {making("load-balancer", "auto-scaling-group"), "m7g.large", map[string]int{balancers: 1, instances: 3}},
		"a type that counts for another quota": {making("auto-scaling-group"), "inf2.xlarge", map[string]int{}},
		"kinds that no quota of these limits":  {making("subnet/public-a", "security-group/app"), "t3.micro", map[string]int{}},
	} {
		t.Run(name, func(t *testing.T) {
			settings := config.Defaults()
			settings.Compute.Type, settings.Compute.Desired = tc.instanceType, 3
			got := map[string]int{}
			for _, q := range quotas {
				if adds := q.adds(tc.part, settings); adds > 0 {
					got[q.name] = adds
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestStandardInstanceTypes(t *testing.T) {
	for instanceType, want := range map[string]bool{
		"t3.micro": true, "t4g.small": true, "m7i-flex.large": true, "c8g.medium": true, "r6in.large": true, "im4gn.large": true,
		"is4gen.large": true, "a1.medium": true, "d3en.xlarge": true, "h1.2xlarge": true, "i7ie.large": true, "z1d.large": true,
		"inf2.xlarge": false, "dl1.24xlarge": false, "hpc7a.12xlarge": false, "mac2.metal": false, "trn1.2xlarge": false,
		"u-6tb1.metal": false, "g5.xlarge": false, "p5.48xlarge": false, "x2gd.large": false, "f2.6xlarge": false, "vt1.3xlarge": false,
	} {
		if got := isStandard(instanceType); got != want {
			t.Errorf("%s: %t", instanceType, got)
		}
	}
}

// The sandbox's limit of this quota is AWS's default: five addresses.
func TestQuotaCheck(t *testing.T) {
	counts := func(n int, err error) func(context.Context, *cloud.Region, config.Settings) (int, error) {
		return func(context.Context, *cloud.Region, config.Settings) (int, error) { return n, err }
	}
	for name, tc := range map[string]struct {
		used, each, adds int
		code             string
		err              error
		level            Level
		detail           string
	}{
		"just enough":          {used: 3, adds: 2, level: OK, detail: "3 of 5 are used, and 2 more are needed"},
		"one too many":         {used: 4, adds: 2, level: Failed, detail: "4 of 5 are used, and 2 more are needed"},
		"each is two":          {used: 0, adds: 3, each: 2, level: Failed, detail: "0 of 5 are used, and 6 more are needed"},
		"more than allowed":    {used: 9, adds: 1, level: Failed, detail: "9 of 5 are used"},
		"uses can't be listed": {err: errors.New("access denied"), adds: 1, level: Warning, detail: "not known: access denied"},
		"no such quota":        {code: "L-00000000", adds: 1, level: Warning, detail: "read the quota L-00000000"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.New(t, sandbox.Options{})
				q := quota{name: "some", service: "ec2", code: "L-0263D0A3", used: counts(tc.used, tc.err)}
				if tc.code != "" {
					q.code = tc.code
				}
				if tc.each > 0 {
					q.adding = counts(tc.each, nil)
				}
				got := q.check(t.Context(), s.Region, config.Defaults(), tc.adds)
				if got.Region != sandboxtest.Region || got.Check != "quota: some" || got.Level != tc.level ||
					!strings.Contains(got.Detail, tc.detail) {
					t.Errorf("got %+v", got)
				}
				if got.Level == Failed && !strings.Contains(got.Next, "L-0263D0A3") {
					t.Errorf("%q does not say which quota to raise", got.Next)
				}
			})
		})
	}
}

// The quota of NAT gateways is a zone's: the fullest counts, and those of one zone's subnets together.
func TestUsedNATGatewaysAreThoseOfTheFullestZone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.New(t, sandbox.Options{})
		if n, err := usedNATGateways(t.Context(), s.Region, config.Settings{}); n != 0 || err != nil {
			t.Fatalf("an empty account: %d, %v", n, err)
		}
		vpc, err := s.EC2.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
		if err != nil {
			t.Fatal(err)
		}
		for cidr, zone := range map[string]string{"10.0.0.0/24": "a", "10.0.1.0/24": "a", "10.0.2.0/24": "b"} {
			subnet, err := s.EC2.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
				VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String(cidr), AvailabilityZone: aws.String(sandboxtest.Region + zone),
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.EC2.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{
				SubnetId: subnet.Subnet.SubnetId, ConnectivityType: "private",
			}); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := usedNATGateways(t.Context(), s.Region, config.Settings{}); n != 2 || err != nil {
			t.Errorf("got %d, %v, wanted the two of zone a", n, err)
		}
	})
}
