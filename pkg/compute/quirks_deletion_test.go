package compute_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

func (s *stage) protect(level types.DeletionProtection) {
	s.Helper()
	_, err := s.AutoScaling.UpdateAutoScalingGroup(s.Context(), &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String(name), DeletionProtection: level,
	})
	if err != nil {
		s.Fatal(err)
	}
}

// A group that can't be deleted by force is emptied, and deleted without.
func TestQuirksGroupThatMayNotBeForced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		s.protect(types.DeletionProtectionPreventForceDeletion)
		s.Sandbox.ForgetCalls()
		s.Down()
		if n := s.Writes()["UpdateAutoScalingGroup"]; n != 1 {
			t.Errorf("the group was changed %d times", n)
		}
	})
}

// Where protection forbids the deletion, or instances are set aside that the group then would not end, the error names the
// command that allows it, and nothing is waited for.
func TestQuirksGroupThatMayNotBeDeleted(t *testing.T) {
	for name, tc := range map[string]struct {
		level   types.DeletionProtection
		spoil   func(*stage, string) error
		command string
	}{
		"at all": {types.DeletionProtectionPreventAllDeletion, nil, "--deletion-protection none"},
		"with a protected instance": {types.DeletionProtectionPreventForceDeletion, func(s *stage, id string) error {
			_, err := s.AutoScaling.SetInstanceProtection(s.Context(), &autoscaling.SetInstanceProtectionInput{
				AutoScalingGroupName: aws.String("provision-web"), InstanceIds: []string{id}, ProtectedFromScaleIn: aws.Bool(true),
			})
			return err
		}, "--no-protected-from-scale-in --instance-ids "},
		"with an instance in Standby": {types.DeletionProtectionPreventForceDeletion, func(s *stage, id string) error {
			_, err := s.AutoScaling.EnterStandby(s.Context(), &autoscaling.EnterStandbyInput{
				AutoScalingGroupName: aws.String("provision-web"), InstanceIds: []string{id}, ShouldDecrementDesiredCapacity: aws.Bool(false),
			})
			return err
		}, "exit-standby --instance-ids "},
		"with its process suspended": {types.DeletionProtectionPreventForceDeletion, func(s *stage, _ string) error {
			_, err := s.AutoScaling.SuspendProcesses(s.Context(), &autoscaling.SuspendProcessesInput{
				AutoScalingGroupName: aws.String("provision-web"), ScalingProcesses: []string{"Terminate"},
			})
			return err
		}, "resume-processes --scaling-processes Terminate"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Up(s.build)
				if tc.spoil != nil {
					if err := tc.spoil(s, *s.group().Instances[0].InstanceId); err != nil {
						t.Fatal(err)
					}
				}
				s.protect(tc.level)
				start := s.Sandbox.Clock().Now()
				err := s.Remove()
				held, ok := errors.AsType[*graph.HeldError](err)
				if !ok || len(held.By) != 1 || held.By[0].Kind != graph.Protection || !strings.Contains(held.By[0].Remove, tc.command) {
					t.Errorf("got %v, %+v", err, held)
				}
				if took := s.Sandbox.Clock().Now().Sub(start); took.Minutes() > 15 { // the load balancer's interfaces
					t.Errorf("it took %s", took)
				}
				kind := compute.AutoScalingGroups{API: s.AutoScaling, Name: "provision-web", Region: "eu-west-1"}
				found, err := kind.List(t.Context(), &graph.Look{})
				if err != nil || len(found) != 1 || len(found[0].Members) < 2 {
					t.Fatalf("the group is %+v now, %v", found, err)
				}
				if by, err := kind.Obstacles(t.Context(), nil, found[0]); err != nil || len(by) != 1 {
					t.Errorf("a look before finds %+v, %v", by, err)
				}
			})
		})
	}
}
