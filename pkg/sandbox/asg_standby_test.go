package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asgtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/sandbox"
)

// TestStandby shows that an instance in Standby is outside the group's capacity, and comes back.
func TestStandby(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), ""))
		time.Sleep(time.Minute)
		id := *s.groupNow("web").Instances[0].InstanceId
		enter := &autoscaling.EnterStandbyInput{
			AutoScalingGroupName: aws.String("web"), InstanceIds: []string{id}, ShouldDecrementDesiredCapacity: aws.Bool(false),
		}
		do(s.T, s.asg.EnterStandby, enter)
		refused(s.T, "ValidationError", s.asg.EnterStandby, enter)
		time.Sleep(2 * time.Minute)
		states := map[asgtypes.LifecycleState]int{}
		for _, i := range s.groupNow("web").Instances {
			states[i.LifecycleState]++
		}
		if states[asgtypes.LifecycleStateStandby] != 1 || states[asgtypes.LifecycleStateInService] != 2 {
			s.Errorf("states: %v", states)
		}
		do(s.T, s.asg.ExitStandby, &autoscaling.ExitStandbyInput{AutoScalingGroupName: aws.String("web"), InstanceIds: []string{id}})
		time.Sleep(time.Minute)
		if group := s.groupNow("web"); *group.DesiredCapacity != 3 || len(group.Instances) != 3 {
			s.Errorf("%d instances of %d", len(group.Instances), *group.DesiredCapacity)
		}
	})
}

// TestRefreshWaitsForInstancesSetAside shows what a refresh does to a protected instance, by its preference.
func TestRefreshWaitsForInstancesSetAside(t *testing.T) {
	for choice, want := range map[asgtypes.ScaleInProtectedInstances]struct {
		status asgtypes.InstanceRefreshStatus
		stays  bool
	}{
		"":                                       {asgtypes.InstanceRefreshStatusFailed, true},
		asgtypes.ScaleInProtectedInstancesWait:   {asgtypes.InstanceRefreshStatusFailed, true},
		asgtypes.ScaleInProtectedInstancesIgnore: {asgtypes.InstanceRefreshStatusSuccessful, true},
		asgtypes.ScaleInProtectedInstancesRefresh: {asgtypes.InstanceRefreshStatusSuccessful, false},
	} {
		withSecondVersion(t, func(s site, _ string) {
			id := *s.groupNow("web").Instances[0].InstanceId
			do(s.T, s.asg.SetInstanceProtection, &autoscaling.SetInstanceProtectionInput{
				AutoScalingGroupName: aws.String("web"), InstanceIds: []string{id}, ProtectedFromScaleIn: aws.Bool(true),
			})
			do(s.T, s.asg.StartInstanceRefresh, &autoscaling.StartInstanceRefreshInput{
				AutoScalingGroupName: aws.String("web"), Preferences: &asgtypes.RefreshPreferences{ScaleInProtectedInstances: choice},
			})
			time.Sleep(30 * time.Minute)
			if want.status == asgtypes.InstanceRefreshStatusFailed && !strings.Contains(*s.refreshed("web").StatusReason, id) {
				s.Errorf("%q: the reason is %q", choice, *s.refreshed("web").StatusReason)
			}
			time.Sleep(time.Hour)
			if got := s.refreshed("web").Status; got != want.status {
				s.Errorf("%q: %s", choice, got)
			}
			stays := false
			for _, i := range s.groupNow("web").Instances {
				stays = stays || *i.InstanceId == id
			}
			if stays != want.stays {
				s.Errorf("%q: the protected instance is there: %t", choice, stays)
			}
		})
	}
}
