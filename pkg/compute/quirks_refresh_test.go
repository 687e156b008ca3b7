package compute_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

// A refresh that a person cancels is not started again by the run that waits for it; the next run starts another one.
func TestQuirksRefreshThatAPersonCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		s.instanceType = "t3.small"
		s.Engine.Events = func(e graph.Event) {
			if e.Key == "auto-scaling-group" && e.Type == graph.Waiting && strings.HasPrefix(e.Detail, "instance refresh") {
				s.Engine.Events = nil
				_, err := s.AutoScaling.CancelInstanceRefresh(s.Context(), &autoscaling.CancelInstanceRefreshInput{
					AutoScalingGroupName: aws.String(name),
				})
				if err != nil {
					t.Error(err)
				}
			}
		}
		s.Sandbox.ForgetCalls()
		err := s.Apply(s.build)
		ended, ok := errors.AsType[*compute.RefreshError](err)
		if !ok || ended.Status != types.InstanceRefreshStatusCancelled {
			t.Errorf("got %v", err)
		}
		if n := s.Writes()["StartInstanceRefresh"]; n != 1 {
			t.Errorf("%d refreshes were started", n)
		}
		s.Up(s.build)
		if got := s.versions(); !slices.Equal(got, []string{"2", "2"}) {
			t.Errorf("the instances run the versions %v", got)
		}
	})
}

// A refresh that AWS fails while the run waits for it ends the run with AWS's reason, and is not started again. Here it is
// another program's, and waits for an instance in vain.
func TestQuirksRefreshThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.grace = time.Hour // which makes the run more patient than AWS
		s.Up(s.build)
		group := aws.String(name)
		id := *s.group().Instances[0].InstanceId
		if _, err := s.AutoScaling.SetInstanceProtection(t.Context(), &autoscaling.SetInstanceProtectionInput{
			AutoScalingGroupName: group, InstanceIds: []string{id}, ProtectedFromScaleIn: aws.Bool(true),
		}); err != nil {
			t.Fatal(err)
		}
		s.instanceType = "t3.small"
		s.Engine.Events = func(e graph.Event) {
			if e.Key != "auto-scaling-group" || e.Type != graph.Updating || !strings.Contains(e.Detail, "instances") {
				return
			}
			if _, err := s.AutoScaling.StartInstanceRefresh(s.Context(), &autoscaling.StartInstanceRefreshInput{
				AutoScalingGroupName: group, Preferences: &types.RefreshPreferences{SkipMatching: aws.Bool(true), InstanceWarmup: aws.Int32(0)},
			}); err != nil {
				t.Error(err)
			}
		}
		s.Sandbox.ForgetCalls()
		err := s.Apply(s.build)
		ended, ok := errors.AsType[*compute.RefreshError](err)
		if !ok || ended.Status != types.InstanceRefreshStatusFailed || !strings.Contains(err.Error(), ended.Reason) || ended.Reason == "" {
			t.Errorf("got %v", err)
		}
		if n := s.Writes()["StartInstanceRefresh"]; n != 2 { // the other program's, and the run's, which AWS refused
			t.Errorf("%d starts of a refresh", n)
		}
	})
}

// A refresh leaves instances alone that a person put into Standby or protected, says so, and is done without them. Until they
// are released, a plan reports them.
func TestQuirksRefreshLeavesInstancesThatPeopleSetAside(t *testing.T) {
	for name, tc := range map[string]struct {
		aside func(*stage, string) error
		why   string
	}{
		"standby": {func(s *stage, id string) error {
			_, err := s.AutoScaling.EnterStandby(s.Context(), &autoscaling.EnterStandbyInput{
				AutoScalingGroupName: aws.String("provision-web"), InstanceIds: []string{id}, ShouldDecrementDesiredCapacity: aws.Bool(false),
			})
			return err
		}, "in Standby"},
		"protected": {func(s *stage, id string) error {
			_, err := s.AutoScaling.SetInstanceProtection(s.Context(), &autoscaling.SetInstanceProtectionInput{
				AutoScalingGroupName: aws.String("provision-web"), InstanceIds: []string{id}, ProtectedFromScaleIn: aws.Bool(true),
			})
			return err
		}, "protected from scaling in"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Up(s.build)
				id := *s.group().Instances[0].InstanceId
				if err := tc.aside(s, id); err != nil {
					t.Fatal(err)
				}
				time.Sleep(5 * time.Minute)
				s.instanceType = "t3.small"
				told := ""
				s.Engine.Events = func(e graph.Event) {
					if e.Type == graph.Waiting && strings.Contains(e.Detail, "left as they are: "+id+" "+tc.why) {
						told = e.Detail
					}
				}
				s.Sandbox.ForgetCalls()
				s.Up(s.build)
				if n := s.Writes()["StartInstanceRefresh"]; told == "" || n != 1 {
					t.Errorf("said %q; %d refreshes", told, n)
				}
				for _, instance := range s.group().Instances {
					if instance.LifecycleState == types.LifecycleStateTerminating {
						continue
					}
					want := map[bool]string{true: "1", false: "2"}[*instance.InstanceId == id]
					if got := *instance.LaunchTemplate.Version; got != want {
						t.Errorf("%s runs version %s, want %s", *instance.InstanceId, got, want)
					}
				}
				var reported []graph.Change
				for _, step := range s.Plan(s.build).Reported() {
					reported = append(reported, step.Reported...)
				}
				want := []graph.Change{{Field: "instance " + id, From: "version 1, " + tc.why, To: "version 2"}}
				if diff := cmp.Diff(want, reported); diff != "" {
					t.Errorf("reported (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A refresh of slow instances takes longer than a group that is made, and has the time.
func TestQuirksRefreshHasTimeForItsInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.desired, s.min, s.grace = 3, 3, 8*time.Minute
		s.Up(s.build)
		s.instanceType = "t3.small"
		start := s.Sandbox.Clock().Now()
		s.Up(s.build)
		if took := s.Sandbox.Clock().Now().Sub(start); took < 15*time.Minute {
			t.Errorf("it took only %s, which proves nothing", took)
		}
	})
}
