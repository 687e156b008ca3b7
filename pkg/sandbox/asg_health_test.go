package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asgtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"provision/pkg/sandbox"
)

// TestScalingGroupReplacesTheUnhealthy shows that an instance that the load balancer gives up on is replaced, but not
// within the grace period, and not while the process is suspended.
func TestScalingGroupReplacesTheUnhealthy(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		s.nats()
		balancer, targets := s.loadBalancer("web"), s.targetGroup("web")
		do(s.T, s.elb.CreateListener, listenerInput(*balancer.LoadBalancerArn, targets))
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), targets))
		time.Sleep(5 * time.Minute)
		first := *s.groupNow("web").Instances[0].InstanceId
		s.shut(s.appGroup, types.IpPermission{UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &s.albGroup}}})
		suspended := []string{"ReplaceUnhealthy"}
		do(s.T, s.asg.SuspendProcesses, &autoscaling.SuspendProcessesInput{
			AutoScalingGroupName: aws.String("web"), ScalingProcesses: suspended,
		})
		time.Sleep(10 * time.Minute)
		if got := *s.groupNow("web").Instances[0].InstanceId; got != first {
			s.Error("replaced although that was suspended")
		}
		do(s.T, s.asg.ResumeProcesses, &autoscaling.ResumeProcessesInput{
			AutoScalingGroupName: aws.String("web"), ScalingProcesses: suspended,
		})
		time.Sleep(time.Minute)
		found := do(s.T, s.asg.DescribeScalingActivities, &autoscaling.DescribeScalingActivitiesInput{}).Activities
		replaced := 0
		for _, a := range found {
			if strings.Contains(*a.Cause, "ELB system health check failure") {
				replaced++
			}
		}
		if replaced != 2 {
			s.Errorf("%d instances were replaced", replaced)
		}
		s.open(s.appGroup, types.IpPermission{UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &s.albGroup}}})
		time.Sleep(10 * time.Minute)
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumHealthy] != 2 || len(got) != 1 {
			s.Errorf("targets: %v", got)
		}
	})
}

// TestScalingGroupFollowsItsSubnets shows that instances leave a zone that the group has left, after their successors
// have come.
func TestScalingGroupFollowsItsSubnets(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), ""))
		time.Sleep(time.Minute)
		do(s.T, s.asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("web"), VPCZoneIdentifier: &s.private[1],
		})
		for range 60 {
			time.Sleep(5 * time.Second)
			if n := len(s.instances("web")); n < 2 {
				s.Errorf("%d instances meanwhile", n)
			}
		}
		for _, i := range s.groupNow("web").Instances {
			if *i.AvailabilityZone != "eu-west-1b" {
				s.Errorf("instance in %s", *i.AvailabilityZone)
			}
		}
	})
}

func TestScalingPolicies(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), ""))
		in := policyInput(50)
		made := do(s.T, s.asg.PutScalingPolicy, in)
		if again := do(s.T, s.asg.PutScalingPolicy, policyInput(60)); *again.PolicyARN != *made.PolicyARN {
			s.Error("a change of a policy made a second one")
		}
		found := do(s.T, s.asg.DescribePolicies, &autoscaling.DescribePoliciesInput{
			AutoScalingGroupName: aws.String("web"),
		}).ScalingPolicies
		if len(found) != 1 || *found[0].TargetTrackingConfiguration.TargetValue != 60 {
			s.Errorf("policies: %+v", found)
		}
	})
}

func policyInput(percent float64) *autoscaling.PutScalingPolicyInput {
	return &autoscaling.PutScalingPolicyInput{
		AutoScalingGroupName: aws.String("web"), PolicyName: aws.String("cpu"),
		PolicyType: aws.String("TargetTrackingScaling"),
		TargetTrackingConfiguration: &asgtypes.TargetTrackingConfiguration{
			TargetValue: &percent, PredefinedMetricSpecification: &asgtypes.PredefinedMetricSpecification{
				PredefinedMetricType: asgtypes.MetricTypeASGAverageCPUUtilization,
			},
		},
	}
}
