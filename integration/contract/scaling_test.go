package contract

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

var scalingBehaviours = []behaviour{
	{"ASG name taken", "AlreadyExists", func(w *world) string {
		in := w.groupOf(0)
		do(w, w.scaling.CreateAutoScalingGroup, in)
		return try(w, w.scaling.CreateAutoScalingGroup, in)
	}},
	{"ASG of 3 over 3 subnets", "3 subnets", func(w *world) string {
		w.scaled(3)
		used := map[string]bool{}
		for _, i := range w.members() {
			used[*i.AvailabilityZone] = true
		}
		return fmt.Sprintf("%d subnets", len(used))
	}},
	{"ASG instances right after create", "0", func(w *world) string {
		do(w, w.scaling.CreateAutoScalingGroup, w.groupOf(3))
		return fmt.Sprint(len(w.members()))
	}},
	{"ASG with a template that does not exist", "ValidationError", func(w *world) string {
		in := scalingOf("web", 0, w.public("a").subnets, "none")
		return try(w, w.scaling.CreateAutoScalingGroup, in)
	}},
	{"delete ASG with instances, no ForceDelete", "ResourceInUse", func(w *world) string {
		w.scaled(1)
		return w.deleteScaling(false)
	}},
	{"ForceDelete: ASG described next", "Delete in progress", func(w *world) string {
		w.scaled(1)
		if seen := w.deleteScaling(true); seen != accepted {
			return seen
		}
		return w.scalingStatus()
	}},
	{"ForceDelete: ASG described some time later", "gone", func(w *world) string {
		w.scaled(1)
		w.deleteScaling(true)
		return w.until(once("gone"), w.scalingStatus)
	}},
	{"instance killed behind ASG's back", "replaced", func(w *world) string {
		w.scaled(1)
		killed := *w.members()[0].InstanceId
		do(w, w.ec2.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{killed}})
		return w.until(once("replaced"), func() string {
			for _, i := range w.members() {
				if *i.InstanceId != killed && i.LifecycleState == types.LifecycleStateInService {
					return "replaced"
				}
			}
			return "missing"
		})
	}},
	{"delete launch template an ASG uses", accepted, func(w *world) string {
		w.scaled(1)
		return try(w, w.ec2.DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateName: aws.String("web")})
	}},
	{"StartInstanceRefresh", accepted, func(w *world) string {
		w.scaled(1)
		return try(w, w.scaling.StartInstanceRefresh, &autoscaling.StartInstanceRefreshInput{
			AutoScalingGroupName: aws.String("web"),
		})
	}},
	{"DescribeScalingActivities", "3 activities", func(w *world) string {
		w.scaled(3)
		out := do(w, w.scaling.DescribeScalingActivities, &autoscaling.DescribeScalingActivitiesInput{
			AutoScalingGroupName: aws.String("web"),
		})
		return fmt.Sprintf("%d activities", len(out.Activities))
	}},
	{"PutScalingPolicy target tracking", accepted, func(w *world) string {
		do(w, w.scaling.CreateAutoScalingGroup, w.groupOf(0))
		return try(w, w.scaling.PutScalingPolicy, &autoscaling.PutScalingPolicyInput{
			AutoScalingGroupName: aws.String("web"), PolicyName: aws.String("cpu"),
			PolicyType: aws.String("TargetTrackingScaling"),
			TargetTrackingConfiguration: &types.TargetTrackingConfiguration{
				TargetValue: aws.Float64(50), PredefinedMetricSpecification: &types.PredefinedMetricSpecification{
					PredefinedMetricType: types.MetricTypeASGAverageCPUUtilization,
				},
			},
		})
	}},
}

// groupOf is an Auto Scaling group of n instances over three subnets, with all it needs.
func (w *world) groupOf(n int32) *autoscaling.CreateAutoScalingGroupInput {
	w.template("web")
	return scalingOf("web", n, w.public("a", "b", "c").subnets, "web")
}

func scalingOf(name string, n int32, subnets []string, template string) *autoscaling.CreateAutoScalingGroupInput {
	return &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String(name), MinSize: aws.Int32(n), MaxSize: aws.Int32(2*n + 1),
		VPCZoneIdentifier: aws.String(strings.Join(subnets, ",")),
		LaunchTemplate:    &types.LaunchTemplateSpecification{LaunchTemplateName: aws.String(template)},
	}
}

// scaled creates a group and waits until all its instances are in service.
func (w *world) scaled(n int32) {
	do(w, w.scaling.CreateAutoScalingGroup, w.groupOf(n))
	w.until(once(fmt.Sprint(n)), func() string {
		serving := 0
		for _, i := range w.members() {
			if i.LifecycleState == types.LifecycleStateInService {
				serving++
			}
		}
		return fmt.Sprint(serving)
	})
}

func (w *world) described() []types.AutoScalingGroup {
	return do(w, w.scaling.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{
		AutoScalingGroupNames: []string{"web"},
	}).AutoScalingGroups
}

func (w *world) members() []types.Instance { return w.described()[0].Instances }

func (w *world) scalingStatus() string {
	found := w.described()
	if len(found) == 0 {
		return "gone"
	}
	return aws.ToString(found[0].Status)
}

func (w *world) deleteScaling(force bool) string {
	return try(w, w.scaling.DeleteAutoScalingGroup, &autoscaling.DeleteAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), ForceDelete: aws.Bool(force),
	})
}
