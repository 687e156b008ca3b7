package sandbox_test

import (
	"encoding/base64"
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

// refreshed describes the latest refresh of a group.
func (s site) refreshed(group string) asgtypes.InstanceRefresh {
	s.Helper()
	return do(s.T, s.asg.DescribeInstanceRefreshes, &autoscaling.DescribeInstanceRefreshesInput{
		AutoScalingGroupName: &group,
	}).InstanceRefreshes[0]
}

// withSecondVersion runs a test in a site with a group of two instances of the first of two versions.
func withSecondVersion(t *testing.T, test func(s site, template string)) {
	t.Helper()
	inSite(t, sandbox.Options{}, func(s site) {
		template := s.launchTemplate("web")
		in := s.groupInput("web", template, "")
		in.HealthCheckGracePeriod = aws.Int32(30)
		do(s.T, s.asg.CreateAutoScalingGroup, in)
		time.Sleep(time.Minute)
		do(s.T, s.CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
			LaunchTemplateId: &template, SourceVersion: aws.String("1"),
			LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Small},
		})
		test(s, template)
	})
}

func TestInstanceRefresh(t *testing.T) {
	for name, test := range map[string]struct {
		preferences asgtypes.RefreshPreferences
		least, most int // instances in service meanwhile
	}{
		"one at a time": {asgtypes.RefreshPreferences{MinHealthyPercentage: aws.Int32(90)}, 1, 2},
		"launch before": {asgtypes.RefreshPreferences{
			MinHealthyPercentage: aws.Int32(100), MaxHealthyPercentage: aws.Int32(150),
		}, 2, 3},
		"all at once":       {asgtypes.RefreshPreferences{MinHealthyPercentage: aws.Int32(0)}, 0, 2},
		"with its own time": {asgtypes.RefreshPreferences{InstanceWarmup: aws.Int32(5)}, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			withSecondVersion(t, func(s site, template string) {
				start := &autoscaling.StartInstanceRefreshInput{
					AutoScalingGroupName: aws.String("web"), Preferences: &test.preferences,
					DesiredConfiguration: &asgtypes.DesiredConfiguration{LaunchTemplate: &asgtypes.LaunchTemplateSpecification{
						LaunchTemplateId: &template, Version: aws.String("2"),
					}},
				}
				do(s.T, s.asg.StartInstanceRefresh, start)
				refused(s.T, "InstanceRefreshInProgress", s.asg.StartInstanceRefresh, start)
				least, most := 2, 2
				for range 200 {
					time.Sleep(5 * time.Second)
					n := len(s.instances("web"))
					least, most = min(least, n), max(most, n)
					if s.refreshed("web").Status == asgtypes.InstanceRefreshStatusSuccessful {
						break
					}
				}
				got := s.refreshed("web")
				if got.Status != asgtypes.InstanceRefreshStatusSuccessful || *got.PercentageComplete != 100 {
					s.Errorf("refresh: %s, %d %%", got.Status, *got.PercentageComplete)
				}
				if least != test.least || most > test.most+1 { // one that ends is still running while its successor starts
					s.Errorf("between %d and %d instances", least, most)
				}
				s.allOf("2")
			})
		})
	}
}

// allOf checks that the group and its instances are of a version.
func (s site) allOf(version string) {
	s.Helper()
	group := s.groupNow("web")
	got := []string{*group.LaunchTemplate.Version}
	for _, i := range group.Instances {
		if i.LifecycleState == asgtypes.LifecycleStateInService {
			got = append(got, *i.LaunchTemplate.Version)
		}
	}
	if diff := cmp.Diff([]string{version, version, version}, got); diff != "" {
		s.Errorf("versions of the group and its two instances (-want +got):\n%s", diff)
	}
}

func TestInstanceRefreshSkipsWhatMatches(t *testing.T) {
	withSecondVersion(t, func(s site, _ string) {
		do(s.T, s.asg.StartInstanceRefresh, &autoscaling.StartInstanceRefreshInput{
			AutoScalingGroupName: aws.String("web"), Preferences: &asgtypes.RefreshPreferences{SkipMatching: aws.Bool(true)},
		})
		before := s.instances("web")
		time.Sleep(2 * time.Minute)
		after := s.instances("web")
		if got := s.refreshed("web").Status; got != asgtypes.InstanceRefreshStatusSuccessful {
			s.Errorf("refresh: %s", got)
		}
		if *before[0].InstanceId != *after[0].InstanceId || *before[1].InstanceId != *after[1].InstanceId {
			s.Error("instances were replaced that match already")
		}
	})
}

func TestInstanceRefreshCancelled(t *testing.T) {
	withSecondVersion(t, func(s site, _ string) {
		cancel := &autoscaling.CancelInstanceRefreshInput{AutoScalingGroupName: aws.String("web")}
		refused(s.T, "ActiveInstanceRefreshNotFound", s.asg.CancelInstanceRefresh, cancel)
		do(s.T, s.asg.StartInstanceRefresh, &autoscaling.StartInstanceRefreshInput{AutoScalingGroupName: aws.String("web")})
		time.Sleep(20 * time.Second)
		do(s.T, s.asg.CancelInstanceRefresh, cancel)
		time.Sleep(20 * time.Second)
		got := s.refreshed("web")
		if got.Status != asgtypes.InstanceRefreshStatusCancelled || *got.PercentageComplete == 100 {
			s.Errorf("refresh: %s, %d %%", got.Status, *got.PercentageComplete)
		}
	})
}

// TestInstanceRefreshGivesUp shows that new instances which never become healthy end a refresh, and that the old ones
// stay meanwhile.
func TestInstanceRefreshGivesUp(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		s.nats()
		balancer, targets := s.loadBalancer("web"), s.targetGroup("web")
		do(s.T, s.elb.CreateListener, listenerInput(*balancer.LoadBalancerArn, targets))
		template := s.launchTemplate("web")
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", template, targets))
		time.Sleep(10 * time.Minute)
		do(s.T, s.CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
			LaunchTemplateId: &template, SourceVersion: aws.String("1"), LaunchTemplateData: &types.RequestLaunchTemplateData{
				UserData: aws.String(base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nexit 1\n"))),
			},
		})
		do(s.T, s.asg.StartInstanceRefresh, &autoscaling.StartInstanceRefreshInput{
			AutoScalingGroupName: aws.String("web"), Preferences: &asgtypes.RefreshPreferences{
				MinHealthyPercentage: aws.Int32(100), MaxHealthyPercentage: aws.Int32(150),
			},
			DesiredConfiguration: &asgtypes.DesiredConfiguration{LaunchTemplate: &asgtypes.LaunchTemplateSpecification{
				LaunchTemplateId: &template, Version: aws.String("2"),
			}},
		})
		time.Sleep(2 * time.Hour)
		if got := s.refreshed("web").Status; got != asgtypes.InstanceRefreshStatusFailed {
			s.Errorf("refresh: %s", got)
		}
		if got := *s.groupNow("web").LaunchTemplate.Version; got != "1" {
			s.Errorf("the group launches version %s", got)
		}
		if status, _, err := s.get("http://" + *balancer.DNSName); err != nil || status != 200 {
			s.Errorf("GET / = %d %v", status, err)
		}
	})
}
