package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asgtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

func TestScalingGroupRefusals(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		template := s.launchTemplate("web")
		type input = autoscaling.CreateAutoScalingGroupInput
		for name, change := range map[string]func(*input){
			"no such template": func(in *input) { in.LaunchTemplate.LaunchTemplateId = aws.String("lt-0") },
			"no such version":  func(in *input) { in.LaunchTemplate.Version = aws.String("2") },
			"no template":      func(in *input) { in.LaunchTemplate = nil },
			"no subnets":       func(in *input) { in.VPCZoneIdentifier = nil },
			"no such subnet":   func(in *input) { in.VPCZoneIdentifier = aws.String("subnet-0") },
			"min above max":    func(in *input) { in.MinSize = aws.Int32(5) },
			"desired too high": func(in *input) { in.DesiredCapacity = aws.Int32(5) },
			"no such targets":  func(in *input) { in.TargetGroupARNs = []string{"arn:aws:elasticloadbalancing:x"} },
			"bad health check": func(in *input) { in.HealthCheckType = aws.String("ALB") },
		} {
			s.Log(name)
			in := s.groupInput("web", template, "")
			change(in)
			refused(s.T, "ValidationError", s.asg.CreateAutoScalingGroup, in)
		}
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", template, ""))
		refused(s.T, "AlreadyExists", s.asg.CreateAutoScalingGroup, s.groupInput("web", template, ""))
		refused(s.T, "ValidationError", s.asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("other"), MinSize: aws.Int32(1),
		})
	})
}

// instances are those of a scaling group that EC2 shows as running.
func (s site) instances(group string) []types.Instance {
	s.Helper()
	var out []types.Instance
	for _, r := range do(s.T, s.DescribeInstances, &ec2.DescribeInstancesInput{Filters: []types.Filter{
		{Name: aws.String("tag:aws:autoscaling:groupName"), Values: []string{group}},
		{Name: aws.String("instance-state-name"), Values: []string{"running"}},
	}}).Reservations {
		out = append(out, r.Instances...)
	}
	return out
}

func TestScalingGroupTagsInstancesAndVolumes(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		template := s.launchTemplate("web")
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", template, ""))
		time.Sleep(time.Minute)
		for _, i := range s.instances("web") {
			got := map[string]string{}
			for _, t := range i.Tags {
				got[*t.Key] = *t.Value
			}
			want := map[string]string{
				"team": "web", "aws:autoscaling:groupName": "web", "aws:ec2launchtemplate:id": template,
				"aws:ec2launchtemplate:version": "1",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				s.Errorf("tags (-want +got):\n%s", diff)
			}
			if i.PublicIpAddress != nil || len(i.NetworkInterfaces) != 1 {
				s.Errorf("public address %v, %d interfaces", i.PublicIpAddress, len(i.NetworkInterfaces))
			}
		}
		disks := do(s.T, s.DescribeVolumes, &ec2.DescribeVolumesInput{
			Filters: []types.Filter{{Name: aws.String("tag:disk"), Values: []string{"root"}}},
		}).Volumes
		if len(disks) != 2 || len(disks[0].Attachments) != 1 {
			s.Errorf("volumes: %+v", disks)
		}
	})
}

func TestScalingGroupReplacesAndResizes(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), ""))
		time.Sleep(time.Minute)
		victim := *s.instances("web")[0].InstanceId
		do(s.T, s.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{victim}})
		time.Sleep(3 * time.Minute)
		left := s.instances("web")
		if len(left) != 2 || *left[0].InstanceId == victim || *left[1].InstanceId == victim {
			s.Errorf("%d instances after one was terminated behind the group's back", len(left))
		}
		do(s.T, s.asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(4),
		})
		time.Sleep(time.Minute)
		zones := map[string]int{}
		for _, i := range s.groupNow("web").Instances {
			zones[*i.AvailabilityZone]++
		}
		if diff := cmp.Diff(map[string]int{"eu-west-1a": 2, "eu-west-1b": 2}, zones); diff != "" {
			s.Errorf("instances by zone (-want +got):\n%s", diff)
		}
		do(s.T, s.asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(1), MaxSize: aws.Int32(1),
		})
		time.Sleep(5 * time.Minute)
		if n := len(s.instances("web")); n != 1 {
			s.Errorf("%d instances after the maximum was set to one", n)
		}
		found := do(s.T, s.asg.DescribeScalingActivities, &autoscaling.DescribeScalingActivitiesInput{
			AutoScalingGroupName: aws.String("web"),
		}).Activities
		if len(found) != 9 { // five launches, four terminations
			s.Errorf("%d activities", len(found))
		}
		for _, a := range found {
			if a.StatusCode != asgtypes.ScalingActivityStatusCodeSuccessful {
				s.Errorf("activity: %s %s", a.StatusCode, *a.Description)
			}
		}
	})
}

func TestScalingGroupEnds(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		template := s.launchTemplate("web")
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", template, ""))
		time.Sleep(time.Minute)
		end := &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("web")}
		refused(s.T, "ResourceInUse", s.asg.DeleteAutoScalingGroup, end)
		do(s.T, s.DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateId: &template})
		end.ForceDelete = aws.Bool(true)
		do(s.T, s.asg.DeleteAutoScalingGroup, end)
		if got := s.groupNow("web"); aws.ToString(got.Status) != "Delete in progress" {
			s.Errorf("status %v", got.Status)
		}
		refused(s.T, "ValidationError", s.asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(1),
		})
		refused(s.T, "DependencyViolation", s.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &s.private[0]})
		time.Sleep(59 * time.Second)
		s.groupNow("web")
		time.Sleep(time.Minute)
		found := do(s.T, s.asg.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{})
		if len(found.AutoScalingGroups) != 0 {
			s.Errorf("%d groups are left", len(found.AutoScalingGroups))
		}
		do(s.T, s.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &s.private[0]})
	})
}

func TestScalingGroupWithoutCapacity(t *testing.T) {
	fault, err := sandbox.ParseFault("eu-west-1/ec2:RunInstances#1/code=InsufficientInstanceCapacity")
	if err != nil {
		t.Fatal(err)
	}
	inSite(t, sandbox.Options{Faults: []sandbox.Fault{fault}}, func(s site) {
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), ""))
		time.Sleep(2 * time.Minute)
		if n := len(s.instances("web")); n != 2 {
			s.Errorf("%d instances after another try", n)
		}
		found := do(s.T, s.asg.DescribeScalingActivities, &autoscaling.DescribeScalingActivitiesInput{}).Activities
		first := found[len(found)-1]
		if first.StatusCode != asgtypes.ScalingActivityStatusCodeFailed ||
			!strings.Contains(aws.ToString(first.StatusMessage), "sufficient t3.micro capacity") {
			s.Errorf("first activity: %+v", first)
		}
	})
}

func TestScalingGroupTags(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), ""))
		of := func(key, value string) []asgtypes.Tag {
			return []asgtypes.Tag{{
				Key: &key, Value: &value, ResourceId: aws.String("web"), ResourceType: aws.String("auto-scaling-group"),
				PropagateAtLaunch: aws.Bool(true),
			}}
		}
		do(s.T, s.asg.CreateOrUpdateTags, &autoscaling.CreateOrUpdateTagsInput{Tags: of("team", "ops")})
		do(s.T, s.asg.DeleteTags, &autoscaling.DeleteTagsInput{Tags: of("quiet", "")})
		got := map[string]string{}
		for _, t := range do(s.T, s.asg.DescribeTags, &autoscaling.DescribeTagsInput{Filters: []asgtypes.Filter{
			{Name: aws.String("auto-scaling-group"), Values: []string{"web"}},
		}}).Tags {
			got[*t.Key] = *t.Value
		}
		if diff := cmp.Diff(map[string]string{"team": "ops"}, got); diff != "" {
			s.Errorf("tags (-want +got):\n%s", diff)
		}
		for value, want := range map[string]int{"ops": 1, "web": 0} {
			found := do(s.T, s.asg.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{
				Filters: []asgtypes.Filter{{Name: aws.String("tag:team"), Values: []string{value}}},
			})
			if len(found.AutoScalingGroups) != want {
				s.Errorf("%d groups of team %s", len(found.AutoScalingGroups), value)
			}
		}
	})
}
