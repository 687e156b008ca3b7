package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"provision/pkg/sandbox"
)

func TestTargetGroupNamesAndUse(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		arn := s.targetGroup("web")
		if again := s.targetGroup("web"); again != arn {
			s.Error("the same again made a second one")
		}
		other := s.targetGroupInput("web")
		other.Port = aws.Int32(8080)
		refused(s.T, "DuplicateTargetGroupName", s.elb.CreateTargetGroup, other)

		balancer := *s.loadBalancer("web").LoadBalancerArn
		do(s.T, s.elb.CreateListener, listenerInput(balancer, arn))
		end := &elbv2.DeleteTargetGroupInput{TargetGroupArn: &arn}
		refused(s.T, "ResourceInUse", s.elb.DeleteTargetGroup, end)
		used := do(s.T, s.elb.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{LoadBalancerArn: &balancer})
		if len(used.TargetGroups) != 1 || used.TargetGroups[0].LoadBalancerArns[0] != balancer {
			s.Errorf("target groups of the load balancer: %+v", used.TargetGroups)
		}
		do(s.T, s.elb.DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: &balancer})
		do(s.T, s.elb.DeleteTargetGroup, end)
		refused(s.T, "TargetGroupNotFound", s.elb.DeleteTargetGroup, end)
	})
}

func TestTargetGroupChanges(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		arn := s.targetGroup("web")
		changed := do(s.T, s.elb.ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{
			TargetGroupArn: &arn, HealthCheckPath: aws.String("/up"),
			Matcher: &elbtypes.Matcher{HttpCode: aws.String("200-299")},
		}).TargetGroups[0]
		if *changed.HealthCheckPath != "/up" || *changed.Matcher.HttpCode != "200-299" ||
			*changed.HealthCheckIntervalSeconds != 10 {
			s.Errorf("after a change of path and codes: %+v", changed)
		}
		for _, wrong := range []elbv2.ModifyTargetGroupInput{
			{HealthCheckTimeoutSeconds: aws.Int32(10)}, // as long as the interval
			{HealthyThresholdCount: aws.Int32(11)},
			{HealthCheckPath: aws.String("up")},
		} {
			wrong.TargetGroupArn = &arn
			refused(s.T, "ValidationError", s.elb.ModifyTargetGroup, &wrong)
		}

		attributes := []elbtypes.TargetGroupAttribute{{
			Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String("30"),
		}}
		do(s.T, s.elb.ModifyTargetGroupAttributes, &elbv2.ModifyTargetGroupAttributesInput{
			TargetGroupArn: &arn, Attributes: attributes,
		})
		found := do(s.T, s.elb.DescribeTargetGroupAttributes, &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: &arn})
		for _, a := range found.Attributes {
			if *a.Key == "deregistration_delay.timeout_seconds" && *a.Value != "30" {
				s.Errorf("delay %s", *a.Value)
			}
		}
		attributes[0].Key = aws.String("deregistration.delay")
		refused(s.T, "ValidationError", s.elb.ModifyTargetGroupAttributes, &elbv2.ModifyTargetGroupAttributesInput{
			TargetGroupArn: &arn, Attributes: attributes,
		})
	})
}

// TestTargetsUnusedInitialDraining follows targets that no listener uses yet, that one does, and that are taken out.
func TestTargetsUnusedInitialDraining(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		s.nats()
		balancer, targets := s.loadBalancer("web"), s.targetGroup("web")
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), targets))
		time.Sleep(10 * time.Minute)
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumUnused] != 2 {
			s.Errorf("without a listener: %v", got)
		}
		do(s.T, s.elb.CreateListener, listenerInput(*balancer.LoadBalancerArn, targets))
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumInitial] != 2 {
			s.Errorf("with a new listener: %v", got)
		}
		time.Sleep(20 * time.Second)
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumHealthy] != 2 {
			s.Errorf("after two checks: %v", got)
		}
		do(s.T, s.asg.SetDesiredCapacity, &autoscaling.SetDesiredCapacityInput{
			AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(3),
		})
		do(s.T, s.asg.TerminateInstanceInAutoScalingGroup, &autoscaling.TerminateInstanceInAutoScalingGroupInput{
			InstanceId: s.groupNow("web").Instances[0].InstanceId, ShouldDecrementDesiredCapacity: aws.Bool(true),
		})
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumDraining] != 1 {
			s.Errorf("while one is terminated: %v", got)
		}
		time.Sleep(6 * time.Minute)
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumHealthy] != 2 || len(got) != 1 {
			s.Errorf("once it is gone: %v", got)
		}
	})
}
