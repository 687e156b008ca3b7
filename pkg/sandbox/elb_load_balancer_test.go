package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

func TestLoadBalancerRefusals(t *testing.T) {
	inSite(t, sandbox.Options{Quotas: map[sandbox.Quota]int{sandbox.QuotaLoadBalancer: 1}}, func(s site) {
		island := s.vpc("10.2.0.0/16")
		far := []string{s.subnet(island, "10.2.0.0/24", "a"), s.subnet(island, "10.2.1.0/24", "b")}
		twin := s.subnet(s.vpcID, "10.1.20.0/24", "a")
		foreign := s.group(island, "foreign")
		type input = elbv2.CreateLoadBalancerInput
		for name, test := range map[string]struct {
			in   input
			want string
		}{
			"one subnet":        {input{Subnets: s.public[:1]}, "ValidationError"},
			"one zone twice":    {input{Subnets: []string{s.public[0], twin}}, "InvalidConfigurationRequest"},
			"no gateway":        {input{Subnets: far}, "InvalidSubnet"},
			"two VPCs":          {input{Subnets: []string{s.public[0], far[1]}}, "InvalidConfigurationRequest"},
			"no such subnet":    {input{Subnets: []string{s.public[0], "subnet-0"}}, "SubnetNotFound"},
			"no such group":     {input{Subnets: s.public, SecurityGroups: []string{"sg-0"}}, "InvalidSecurityGroup"},
			"a group elsewhere": {input{Subnets: s.public, SecurityGroups: []string{foreign}}, "InvalidConfigurationRequest"},
			"a long name":       {input{Subnets: s.public, Name: aws.String(strings.Repeat("a", 33))}, "ValidationError"},
			"a dash at the end": {input{Subnets: s.public, Name: aws.String("web-")}, "ValidationError"},
			"a dot in the name": {input{Subnets: s.public, Name: aws.String("web.site")}, "ValidationError"},
			"a reserved name":   {input{Subnets: s.public, Name: aws.String("internal-web")}, "ValidationError"},
		} {
			s.Log(name)
			if test.in.Name == nil {
				test.in.Name = aws.String("web")
			}
			refused(s.T, test.want, s.elb.CreateLoadBalancer, &test.in)
		}
		s.loadBalancer("web")
		refused(s.T, "TooManyLoadBalancers", s.elb.CreateLoadBalancer, &input{Name: aws.String("more"), Subnets: s.public})
	})
}

func TestLoadBalancerLife(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		made := s.loadBalancer("web")
		if again := s.loadBalancer("web"); *again.LoadBalancerArn != *made.LoadBalancerArn {
			s.Error("the same again made a second one")
		}
		refused(s.T, "DuplicateLoadBalancerName", s.elb.CreateLoadBalancer, &elbv2.CreateLoadBalancerInput{
			Name: aws.String("web"), Subnets: s.private, SecurityGroups: []string{s.albGroup},
		})
		byName := &elbv2.DescribeLoadBalancersInput{Names: []string{"web"}}
		for _, test := range []struct {
			after time.Duration
			want  elbtypes.LoadBalancerStateEnum
		}{
			{0, elbtypes.LoadBalancerStateEnumProvisioning},
			{89 * time.Second, elbtypes.LoadBalancerStateEnumProvisioning},
			{92 * time.Second, elbtypes.LoadBalancerStateEnumActive},
		} {
			time.Sleep(test.after)
			if got := do(s.T, s.elb.DescribeLoadBalancers, byName).LoadBalancers[0].State.Code; got != test.want {
				s.Errorf("%s later it is %s", test.after, got)
			}
		}
		s.protect(made, "true")
		end := &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: made.LoadBalancerArn}
		refused(s.T, "OperationNotPermitted", s.elb.DeleteLoadBalancer, end)
		s.protect(made, "false")
		do(s.T, s.elb.DeleteLoadBalancer, end)
		refused(s.T, "LoadBalancerNotFound", s.elb.DescribeLoadBalancers, byName)
		do(s.T, s.elb.DeleteLoadBalancer, end)
	})
}

func (s site) protect(lb elbtypes.LoadBalancer, value string) {
	s.Helper()
	do(s.T, s.elb.ModifyLoadBalancerAttributes, &elbv2.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: lb.LoadBalancerArn,
		Attributes:      []elbtypes.LoadBalancerAttribute{{Key: aws.String("deletion_protection.enabled"), Value: &value}},
	})
}

// TestLoadBalancerHoldsItsNetwork also after its end, for as long as its interfaces linger.
func TestLoadBalancerHoldsItsNetwork(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		made := s.loadBalancer("web")
		found := do(s.T, s.DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{
			Filters: []types.Filter{{Name: aws.String("group-id"), Values: []string{s.albGroup}}},
		}).NetworkInterfaces
		for _, e := range found {
			if !*e.RequesterManaged || !strings.HasPrefix(*e.Description, "ELB app/web/") {
				s.Errorf("interface: %+v", e)
			}
		}
		if len(found) != 2 {
			s.Errorf("%d interfaces", len(found))
		}
		s.shut(s.appGroup, types.IpPermission{UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &s.albGroup}}})
		do(s.T, s.elb.DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: made.LoadBalancerArn})
		time.Sleep(29 * time.Second)
		subnet, group := &ec2.DeleteSubnetInput{SubnetId: &s.public[0]}, &ec2.DeleteSecurityGroupInput{GroupId: &s.albGroup}
		refused(s.T, "DependencyViolation", s.DeleteSubnet, subnet)
		refused(s.T, "DependencyViolation", s.DeleteSecurityGroup, group)
		time.Sleep(272 * time.Second)
		do(s.T, s.DeleteSubnet, subnet)
		do(s.T, s.DeleteSecurityGroup, group)
	})
}

func TestLoadBalancerMoves(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		made := s.loadBalancer("web")
		moved := do(s.T, s.elb.SetSubnets, &elbv2.SetSubnetsInput{
			LoadBalancerArn: made.LoadBalancerArn, Subnets: []string{s.public[1], s.private[0]},
		})
		got := map[string]string{}
		for _, z := range moved.AvailabilityZones {
			got[*z.ZoneName] = *z.SubnetId
		}
		if diff := cmp.Diff(map[string]string{"eu-west-1a": s.private[0], "eu-west-1b": s.public[1]}, got); diff != "" {
			s.Errorf("zones (-want +got):\n%s", diff)
		}
		do(s.T, s.elb.SetSecurityGroups, &elbv2.SetSecurityGroupsInput{
			LoadBalancerArn: made.LoadBalancerArn, SecurityGroups: []string{s.appGroup},
		})
		time.Sleep(10 * time.Minute)
		do(s.T, s.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &s.public[0]})
		refused(s.T, "DependencyViolation", s.DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: &s.appGroup})
	})
}

func TestLoadBalancerTags(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		arn := *s.loadBalancer("web").LoadBalancerArn
		do(s.T, s.elb.AddTags, &elbv2.AddTagsInput{ResourceArns: []string{arn}, Tags: []elbtypes.Tag{
			{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("")},
		}})
		do(s.T, s.elb.RemoveTags, &elbv2.RemoveTagsInput{ResourceArns: []string{arn}, TagKeys: []string{"a"}})
		described := do(s.T, s.elb.DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: []string{arn}})
		tags := described.TagDescriptions[0].Tags
		if len(tags) != 1 || *tags[0].Key != "b" || *tags[0].Value != "" {
			s.Errorf("tags: %+v", tags)
		}
		refused(s.T, "LoadBalancerNotFound", s.elb.DescribeTags,
			&elbv2.DescribeTagsInput{ResourceArns: []string{arn + "0"}})
	})
}
