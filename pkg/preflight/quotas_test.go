package preflight

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
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

// growing is a part of a plan that changes how many instances there are.
func growing(from, to string) *stack.Part {
	part := making()
	last := &part.Plan.Steps[len(part.Plan.Steps)-1]
	last.Changes = []graph.Change{{Field: "group minSize", From: "1", To: "2"}, {Field: "group desiredCapacity", From: from, To: to}}
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
		"a group that grows":                   {growing("2", "50"), "t3.micro", map[string]int{instances: 48}},
		"a group that shrinks":                 {growing("6", "3"), "t3.micro", map[string]int{}},
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
	counts := func(n int) func(context.Context, *cloud.Region, config.Settings) (int, error) {
		return func(context.Context, *cloud.Region, config.Settings) (int, error) { return n, nil }
	}
	for name, tc := range map[string]struct {
		used, each, adds int
		code             string
		err              error
		level            Level
		detail           string
	}{
		"just enough":          {used: 3, adds: 2, level: OK, detail: "3 of 5 used, 2 more needed"},
		"one too many":         {used: 4, adds: 2, level: Failed, detail: "4 of 5 used, 2 more needed"},
		"each is two":          {used: 0, adds: 3, each: 2, level: Failed, detail: "0 of 5 used, 6 more needed"},
		"more than allowed":    {used: 9, adds: 1, level: Failed, detail: "9 of 5 used"},
		"uses can't be listed": {err: errors.New("access denied"), adds: 1, level: Warning, detail: "not known: access denied"},
		"no such quota":        {code: "L-00000000", adds: 1, level: Warning, detail: "read the quota L-00000000"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.New(t, sandbox.Options{})
				q := quota{name: "some", service: "ec2", code: "L-0263D0A3", refusal: "AddressLimitExceeded"}
				q.used = func(context.Context, *cloud.Region, *stack.Part) (int, error) { return tc.used, tc.err }
				if tc.code != "" {
					q.code = tc.code
				}
				if tc.each > 0 {
					q.adding = counts(tc.each)
				}
				got := q.check(t.Context(), s.Region, nil, config.Defaults(), tc.adds)
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

// The quota of NAT gateways is a zone's: of those that new ones come to the fullest counts, with all of its subnets.
func TestUsedNATGatewaysAreThoseOfTheFullestZone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.New(t, sandbox.Options{})
		part := making("nat-gateway/a", "nat-gateway/b")
		zones, err := s.EC2.DescribeAvailabilityZones(t.Context(), &ec2.DescribeAvailabilityZonesInput{})
		if err != nil {
			t.Fatal(err)
		}
		for _, zone := range zones.AvailabilityZones {
			part.Facts.Zones = append(part.Facts.Zones, *zone.ZoneId)
		}
		uses := func(part *stack.Part, want int) {
			t.Helper()
			if n, err := usedNATGateways(t.Context(), s.Region, part); n != want || err != nil {
				t.Errorf("got %d, %v, want %d", n, err, want)
			}
		}
		uses(part, 0)
		vpc, err := s.EC2.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
		if err != nil {
			t.Fatal(err)
		}
		for slot, zone := range []int{0, 1, 1, 2, 2, 2} {
			subnet, err := s.EC2.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
				VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String(fmt.Sprintf("10.0.%d.0/24", slot)),
				AvailabilityZoneId: zones.AvailabilityZones[zone].ZoneId,
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
		uses(part, 2)
		part.Plan.Steps = making("nat-gateway/regional").Plan.Steps
		uses(part, 3)
	})
}

// An address that a service allocated, and releases on its own, does not count against the account.
func TestUsedAddressesAreTheAccountsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.New(t, sandbox.Options{})
		vpc, err := s.EC2.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
		if err != nil {
			t.Fatal(err)
		}
		gateway, err := s.EC2.CreateInternetGateway(t.Context(), &ec2.CreateInternetGatewayInput{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.EC2.AttachInternetGateway(t.Context(), &ec2.AttachInternetGatewayInput{
			VpcId: vpc.Vpc.VpcId, InternetGatewayId: gateway.InternetGateway.InternetGatewayId,
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.EC2.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.0.0.0/24"),
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.EC2.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{
			VpcId: vpc.Vpc.VpcId, AvailabilityMode: types.AvailabilityModeRegional,
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.EC2.AllocateAddress(t.Context(), &ec2.AllocateAddressInput{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) // of the bubble's: the gateway takes its address when it is available
		listed, err := s.EC2.DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{})
		if err != nil || len(listed.Addresses) != 2 {
			t.Fatalf("%d are listed, %v", len(listed.Addresses), err)
		}
		if n, err := usedAddresses(t.Context(), s.Region, nil); n != 1 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
	})
}
