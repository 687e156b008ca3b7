package compute_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/clock"
	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

// calls are those of this package.
var calls = []string{
	"autoscaling:", "ec2:CreateLaunchTemplate", "ec2:ModifyLaunchTemplate", "ec2:DeleteLaunchTemplate",
	"ec2:DescribeLaunchTemplate", "ec2:CreateTags", "ec2:DeleteTags",
}

// Making and removing takes no more calls than there are things.
func TestUpAndDownScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{ReadLag: 1})
		s.Sandbox.ForgetCalls()
		s.Up(s.build)
		want := map[string]int{"CreateLaunchTemplate": 1, "CreateAutoScalingGroup": 1}
		if diff := cmp.Diff(want, s.Writes(calls...)); diff != "" {
			t.Errorf("calls of up (-want +got):\n%s", diff)
		}
		if got := s.versions(); !slices.Equal(got, []string{"1", "1"}) {
			t.Errorf("the instances run the versions %v", got)
		}
		s.Sandbox.ForgetCalls()
		s.Down()
		want = map[string]int{"DeleteAutoScalingGroup": 1, "DeleteLaunchTemplate": 1}
		if diff := cmp.Diff(want, s.Writes(calls...)); diff != "" {
			t.Errorf("calls of down (-want +got):\n%s", diff)
		}
	})
}

// A look is one call a kind.
func TestPlanReadsOnceScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		s.Sandbox.ForgetCalls()
		s.Plan(s.build)
		want := map[string]int{"DescribeLaunchTemplates": 1, "DescribeAutoScalingGroups": 1}
		if diff := cmp.Diff(want, s.Calls(calls...)); diff != "" {
			t.Errorf("calls of plan (-want +got):\n%s", diff)
		}
	})
}

// Instances and their volumes carry the group's tags from the start, but not its nonce.
func TestInstancesAreTaggedScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		want := s.meta("auto-scaling-group").Labels.Want
		look := &graph.Look{Owner: sandboxtest.Owner}
		instances, err := compute.Instances{API: s.EC2}.List(t.Context(), look)
		if err != nil || len(instances) != 2 {
			t.Fatalf("want two instances, got %v, %v", instances, err)
		}
		volumes, err := compute.Volumes{API: s.EC2}.List(t.Context(), look)
		if err != nil || len(volumes) != 2 {
			t.Fatalf("want two volumes, got %v, %v", volumes, err)
		}
		for _, identity := range []graph.Identity{
			instances[0].Identity, instances[1].Identity, volumes[0].Identity, volumes[1].Identity,
		} {
			got := map[string]string{}
			for key, value := range identity.Tags {
				if !strings.HasPrefix(key, "aws:") {
					got[key] = value
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("tags of %s (-want +got):\n%s", identity.ID, diff)
			}
		}
	})
}

// Sizes and zones change in place; what the template holds makes a version, and replaces the instances.
func TestWishesChangeScenario(t *testing.T) {
	for name, tc := range map[string]struct {
		change   func(*stage)
		want     map[string]int
		versions []string
	}{
		"sizes": {
			func(s *stage) { s.min, s.max, s.desired = 3, 6, 3 },
			map[string]int{"UpdateAutoScalingGroup": 1},
			[]string{"1", "1", "1"},
		},
		"a zone more": {
			func(s *stage) { s.zones = 3 },
			map[string]int{"UpdateAutoScalingGroup": 1},
			[]string{"1", "1"},
		},
		"instance type": {
			func(s *stage) { s.instanceType = "t3.small" },
			map[string]int{
				"CreateLaunchTemplateVersion": 1, "ModifyLaunchTemplate": 1, "CreateTags": 1, "UpdateAutoScalingGroup": 1,
				"StartInstanceRefresh": 1,
			},
			[]string{"2", "2"},
		},
		"a tag": {
			func(s *stage) { s.team = "platform" },
			map[string]int{
				"CreateLaunchTemplateVersion": 1, "ModifyLaunchTemplate": 1, "CreateTags": 1, "UpdateAutoScalingGroup": 1,
				"CreateOrUpdateTags": 1,
			},
			[]string{"1", "1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Up(s.build)
				s.Sandbox.ForgetCalls()
				tc.change(s)
				s.Up(s.build)
				if diff := cmp.Diff(tc.want, s.Writes(calls...)); diff != "" {
					t.Errorf("calls of up (-want +got):\n%s", diff)
				}
				if got := s.versions(); !slices.Equal(got, tc.versions) {
					t.Errorf("the instances run the versions %v, want %v", got, tc.versions)
				}
				s.Down()
			})
		})
	}
}

// The way back is a step like any other: a version of its own.
func TestTypeThereAndBackScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		s.instanceType = "t3.small"
		s.Up(s.build)
		s.instanceType = "t3.micro"
		s.Up(s.build)
		if got := s.versions(); !slices.Equal(got, []string{"3", "3"}) {
			t.Errorf("the instances run the versions %v", got)
		}
	})
}

// Changes by hand are seen and repaired.
func TestDriftScenario(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*stage) error
		want  []string
	}{
		"size": {func(s *stage) error {
			_, err := s.AutoScaling.UpdateAutoScalingGroup(s.Context(), &autoscaling.UpdateAutoScalingGroupInput{
				AutoScalingGroupName: aws.String("provision-web"), MinSize: aws.Int32(0), DesiredCapacity: aws.Int32(1),
			})
			return err
		}, []string{"update auto-scaling-group; group minSize; group desiredCapacity"}},
		"tag of the group": {func(s *stage) error {
			_, err := s.AutoScaling.DeleteTags(s.Context(), &autoscaling.DeleteTagsInput{Tags: []types.Tag{{
				ResourceId: aws.String("provision-web"), ResourceType: aws.String("auto-scaling-group"), Key: aws.String("team"),
			}}})
			return err
		}, []string{"update auto-scaling-group; tag team"}},
		"tag of the template": {func(s *stage) error {
			_, err := s.EC2.DeleteTags(s.Context(), &ec2.DeleteTagsInput{
				Resources: []string{s.Journal.ID("launch-template")}, Tags: []ec2types.Tag{{Key: aws.String("team")}},
			})
			return err
		}, []string{"update launch-template; tag team"}},
		"target group detached": {func(s *stage) error {
			_, err := s.AutoScaling.DetachLoadBalancerTargetGroups(s.Context(),
				&autoscaling.DetachLoadBalancerTargetGroupsInput{
					AutoScalingGroupName: aws.String("provision-web"), TargetGroupARNs: []string{s.Journal.ID("target-group")},
				})
			return err
		}, []string{"update auto-scaling-group; targetGroups"}},
		"another version is the default": {func(s *stage) error {
			id := aws.String(s.Journal.ID("launch-template"))
			_, err := s.EC2.CreateLaunchTemplateVersion(s.Context(), &ec2.CreateLaunchTemplateVersionInput{
				LaunchTemplateId: id, LaunchTemplateData: &ec2types.RequestLaunchTemplateData{InstanceType: "t3.nano"},
			})
			if err != nil {
				return err
			}
			in := &ec2.ModifyLaunchTemplateInput{LaunchTemplateId: id, DefaultVersion: aws.String("2")}
			_, err = s.EC2.ModifyLaunchTemplate(s.Context(), in)
			return err
		}, []string{"update launch-template; defaultVersion"}},
		"template deleted": {func(s *stage) error {
			in := &ec2.DeleteLaunchTemplateInput{LaunchTemplateId: aws.String(s.Journal.ID("launch-template"))}
			_, err := s.EC2.DeleteLaunchTemplate(s.Context(), in)
			return err
		}, []string{"create launch-template", "update auto-scaling-group; group launchTemplate"}},
		"group deleted": {func(s *stage) error {
			_, err := s.AutoScaling.DeleteAutoScalingGroup(s.Context(), &autoscaling.DeleteAutoScalingGroupInput{
				AutoScalingGroupName: aws.String("provision-web"), ForceDelete: aws.Bool(true),
			})
			return err
		}, []string{"replace auto-scaling-group; group minSize; group maxSize; group desiredCapacity"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Repairs(s.build, func() error { return tc.spoil(s) }, tc.want)
			})
		})
	}
}

// A run that ended between a version and its note leaves nothing to do: the version tells itself what it holds.
func TestNoteLostScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		before := s.note()
		s.instanceType = "t3.small"
		s.Up(s.build)
		_, err := s.EC2.CreateTags(t.Context(), &ec2.CreateTagsInput{
			Resources: []string{s.Journal.ID("launch-template")},
			Tags:      []ec2types.Tag{{Key: aws.String(compute.TagNote), Value: aws.String(before)}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := sandboxtest.Differences(s.Plan(s.build)); len(got) > 0 {
			t.Errorf("differs: %v", got)
		}
	})
}

// A create whose answer is lost is never made twice.
func TestLostAnswersScenario(t *testing.T) {
	for _, call := range []string{
		"ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate",
		"autoscaling:CreateAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup", "autoscaling:StartInstanceRefresh",
		"autoscaling:DeleteAutoScalingGroup", "ec2:DeleteLaunchTemplate",
	} {
		t.Run(call, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault := sandboxtest.Fault(t, "*/"+call+"#1/lost-response")
				s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{fault}, ReadLag: 1})
				s.Up(s.build)
				s.instanceType = "t3.small"
				s.Up(s.build)
				s.OneOfEach(s.build)
				if got := s.versions(); !slices.Equal(got, []string{"2", "2"}) {
					t.Errorf("the instances run the versions %v", got)
				}
				s.Down()
			})
		})
	}
}

// A group that can't launch says why, in AWS's words.
func TestTroubleScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fault := sandboxtest.Fault(t, "*/ec2:RunInstances/code=InsufficientInstanceCapacity,message=No room for t3.micro.")
		s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{fault}})
		err := s.Apply(s.build)
		if err == nil || !strings.Contains(err.Error(), "0 of 2 instances in service: No room for t3.micro.") {
			t.Errorf("got %v, want the number of instances and why there are no more", err)
		}
		s.Down()
	})
}

// A template of the same name of another owner is never touched.
func TestForeignTemplateScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		theirs, err := s.EC2.CreateLaunchTemplate(t.Context(), &ec2.CreateLaunchTemplateInput{
			LaunchTemplateName: aws.String(name),
			LaunchTemplateData: &ec2types.RequestLaunchTemplateData{InstanceType: "t3.nano"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Apply(s.build); err == nil || !strings.Contains(err.Error(), "create launch-template") {
			t.Errorf("got %v, want an error about the launch template", err)
		}
		s.Down()
		in := &ec2.DescribeLaunchTemplatesInput{LaunchTemplateIds: []string{*theirs.LaunchTemplate.LaunchTemplateId}}
		left, err := s.EC2.DescribeLaunchTemplates(t.Context(), in)
		if err != nil || *left.LaunchTemplates[0].LatestVersionNumber != 1 || len(left.LaunchTemplates[0].Tags) != 0 {
			t.Errorf("their template is %+v now, %v", left, err)
		}
	})
}

// patience is how long a test waits for AWS to do something on its own.
const patience = 10 * time.Minute

// An instance that is terminated behind the group's back is the group's to replace, and no difference.
func TestInstanceTerminatedScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		in := &ec2.TerminateInstancesInput{InstanceIds: []string{aws.ToString(s.group().Instances[0].InstanceId)}}
		if _, err := s.EC2.TerminateInstances(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if err := clock.Sleep(t.Context(), patience); err != nil {
			t.Fatal(err)
		}
		plan := s.Plan(s.build)
		if n := plan.Count(graph.Keep); n != len(plan.Steps) {
			t.Errorf("%d of %d are kept: %+v", n, len(plan.Steps), plan.Steps)
		}
	})
}
