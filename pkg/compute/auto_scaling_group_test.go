package compute

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

func member(version string, lifecycle types.LifecycleState) Member {
	return Member{ID: "i-1", Lifecycle: lifecycle, Health: "Healthy", Version: version}
}

// group is a wish for a group with a template in version 2 that holds what is wanted, and the group as wanted.
func group(t *testing.T) (AutoScalingGroup, AutoScalingGroupState, func(graph.Key) graph.Ref) {
	t.Helper()
	ref := known(t, map[string]string{
		OutputVersion: "2", OutputSince: "2", OutputData: launchTemplate(known(t, nil)).contents(),
	})
	r := AutoScalingGroup{
		Meta: meta("auto-scaling-group"), Template: ref("launch-template"), Launch: launchTemplate(ref),
		Subnets: []graph.Ref{ref("subnet/a"), ref("subnet/b")}, TargetGroup: ref("target-group"),
		Min: 2, Max: 4, Desired: 2, Grace: 2 * time.Minute,
		After: []graph.Need{{Key: "route-table/private-a"}},
	}
	r.Name = "provision-web"
	o := AutoScalingGroupState{
		Identity: graph.Identity{ID: "provision-web", Tags: labels()}, TemplateID: "lt-1", TemplateVersion: "2",
		Subnets: []string{"subnet-1", "subnet-2"}, TargetGroups: []string{"arn:targets"},
		Min: 2, Max: 4, Desired: 2, HealthCheck: "ELB", Grace: 2 * time.Minute,
		Members: []Member{member("2", types.LifecycleStateInService), member("2", types.LifecycleStateInService)},
	}
	return r, o, ref
}

func TestAutoScalingGroupDiff(t *testing.T) {
	for name, tc := range map[string]struct {
		wish func(*AutoScalingGroup, func(graph.Key) graph.Ref)
		have func(*AutoScalingGroupState)
		want []graph.Change
	}{
		"as wanted": {},
		"sizes": {
			have: func(o *AutoScalingGroupState) { o.Min, o.Max, o.Desired = 0, 1, 0 },
			want: []graph.Change{
				{Field: "group minSize", From: "0", To: "2"},
				{Field: "group maxSize", From: "1", To: "4"},
				{Field: "group desiredCapacity", From: "0", To: "2"},
			},
		},
		"scaled between the limits": {
			have: func(o *AutoScalingGroupState) { o.Desired = 4 },
		},
		"scaled, and the setting changed": {
			wish: func(r *AutoScalingGroup, _ func(graph.Key) graph.Ref) { r.Desired, r.Resize = 3, true },
			have: func(o *AutoScalingGroupState) { o.Desired = 4 },
			want: []graph.Change{{Field: "group desiredCapacity", From: "4", To: "3"}},
		},
		"a max below what was scaled": {
			wish: func(r *AutoScalingGroup, _ func(graph.Key) graph.Ref) { r.Max = 3 },
			have: func(o *AutoScalingGroupState) { o.Desired = 4 },
			want: []graph.Change{
				{Field: "group maxSize", From: "4", To: "3"},
				{Field: "group desiredCapacity", From: "4", To: "3"},
			},
		},
		"a min above what was scaled": {
			wish: func(r *AutoScalingGroup, _ func(graph.Key) graph.Ref) { r.Min = 3 },
			want: []graph.Change{
				{Field: "group minSize", From: "2", To: "3"},
				{Field: "group desiredCapacity", From: "2", To: "3"},
			},
		},
		"health": {
			have: func(o *AutoScalingGroupState) { o.HealthCheck, o.Grace = "EC2", 0 },
			want: []graph.Change{
				{Field: "group healthCheckType", From: "EC2", To: "ELB"},
				{Field: "group healthCheckGracePeriod", From: "0s", To: "2m0s"},
			},
		},
		"a zone more": {
			wish: func(r *AutoScalingGroup, ref func(graph.Key) graph.Ref) {
				r.Subnets = append(r.Subnets, ref("subnet/c"))
			},
			want: []graph.Change{{
				Field: "group subnets", From: "subnet-1,subnet-2", To: "subnet-1,subnet-2,subnet/c", After: "subnet/c",
			}},
		},
		"a zone more, with a way out": {
			wish: func(r *AutoScalingGroup, ref func(graph.Key) graph.Ref) {
				r.Subnets = append(r.Subnets, ref("subnet/c"))
				r.Egress = []graph.Ref{ref("route-table/a"), ref("route-table/b"), ref("route-table/c")}
			},
			want: []graph.Change{{
				Field: "group subnets", From: "subnet-1,subnet-2", To: "subnet-1,subnet-2,subnet/c", After: "subnet/c",
				Also: []graph.Key{"route-table/c"},
			}},
		},
		"a zone more that has its subnet, and members of an older version": {
			wish: func(r *AutoScalingGroup, ref func(graph.Key) graph.Ref) {
				r.Egress = []graph.Ref{ref("route-table/a"), ref("route-table/b")}
			},
			have: func(o *AutoScalingGroupState) {
				o.Subnets, o.Members = []string{"subnet-1"}, []Member{member("1", types.LifecycleStateInService)}
			},
			want: []graph.Change{
				{Field: "group subnets", From: "subnet-1", To: "subnet-1,subnet-2", After: "route-table/b"},
				{Field: "instances", From: "1 of 1 instances from version 1", To: "all from version 2", After: "route-table/b"},
			},
		},
		"no target group": {
			have: func(o *AutoScalingGroupState) { o.TargetGroups = nil },
			want: []graph.Change{{Field: "targetGroups", To: "arn:targets"}},
		},
		"an older version": {
			have: func(o *AutoScalingGroupState) { o.TemplateVersion = "1" },
			want: []graph.Change{{
				Field: "group launchTemplate", From: "lt-1 version 1", To: "lt-1 version 2", After: "launch-template",
			}},
		},
		"a version that is about to create": {
			wish: func(r *AutoScalingGroup, _ func(graph.Key) graph.Ref) { r.Launch.InstanceType = "t3.small" },
			want: []graph.Change{{
				Field: "group launchTemplate", From: "lt-1 version 2", To: "lt-1 next version", After: "launch-template",
			}},
		},
		"a template that is about to create": {
			wish: func(r *AutoScalingGroup, ref func(graph.Key) graph.Ref) { r.Template = ref("launch-template/new") },
			want: []graph.Change{{
				Field: "group launchTemplate", From: "lt-1 version 2", To: "launch-template/new next version",
				After: "launch-template/new",
			}},
		},
		"instances of an older version": {
			have: func(o *AutoScalingGroupState) { o.Members[1].Version = "1" },
			want: []graph.Change{{
				Field: "instances", From: "1 of 2 instances from version 1", To: "all from version 2",
			}},
		},
		"an instance of an older version that is going": {
			have: func(o *AutoScalingGroupState) {
				o.Members = append(o.Members, member("1", types.LifecycleStateTerminatingWait))
			},
		},
		"instances that are being replaced": {
			have: func(o *AutoScalingGroupState) {
				o.Members[1].Version = "1"
				o.Refresh.Status = types.InstanceRefreshStatusInProgress
			},
		},
		"instances whose replacement failed": {
			have: func(o *AutoScalingGroupState) {
				o.Members[0].Version, o.Members[1].Version = "1", "1"
				o.Refresh.Status = types.InstanceRefreshStatusFailed
			},
			want: []graph.Change{{
				Field: "instances", From: "2 of 2 instances from version 1", To: "all from version 2",
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, o, ref := group(t)
			if tc.wish != nil {
				tc.wish(&r, ref)
			}
			if tc.have != nil {
				tc.have(&o)
			}
			if diff := cmp.Diff(tc.want, r.Diff(o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, c := range r.Diff(o) {
				if c.After != "" && !waitsFor(r.Needs(), c.After) {
					t.Errorf("%s waits for %s, which is not among the needs of an update", c.Field, c.After)
				}
			}
		})
	}
}

func waitsFor(needs []graph.Need, key graph.Key) bool {
	for _, need := range needs {
		if need.Key == key && need.Update {
			return true
		}
	}
	return false
}

// AWS moves the instances of a zone that the group leaves, and the group waits for that; no emulator does.
func TestAnEmulatorsInstancesStay(t *testing.T) {
	for emulated, want := range map[bool]graph.Phase{false: graph.Pending, true: graph.Ready} {
		_, o, _ := group(t)
		o.Zones, o.Members[0].Zone, o.Members[1].Zone = []string{"eu-west-1a"}, "eu-west-1a", "eu-west-1b"
		kind := AutoScalingGroupKind.In(&cloud.Region{Emulated: emulated}, "web")
		if phase, why := kind.Phase(o); phase != want {
			t.Errorf("emulated %v: %s, %q; want %s", emulated, phase, why, want)
		}
	}
}

func TestAutoScalingGroupPhase(t *testing.T) {
	serving, starting := types.LifecycleStateInService, types.LifecycleStatePending
	for name, tc := range map[string]struct {
		have  func(*AutoScalingGroupState)
		phase graph.Phase
		why   string
	}{
		"all in service": {func(*AutoScalingGroupState) {}, graph.Ready, ""},
		"just made":      {func(o *AutoScalingGroupState) { o.Members = nil }, graph.Pending, "0 of 2 instances in service"},
		"one starting": {
			func(o *AutoScalingGroupState) { o.Members = []Member{member("2", serving), member("2", starting)} },
			graph.Pending, "1 of 2 instances in service",
		},
		"one unhealthy": {
			func(o *AutoScalingGroupState) { o.Members[0].Health = "Unhealthy" },
			graph.Pending, "1 of 2 instances in service",
		},
		"can't launch": {
			func(o *AutoScalingGroupState) { o.Members, o.Trouble.Why = nil, "no capacity in eu-west-1a" },
			graph.Pending, "0 of 2 instances in service: no capacity in eu-west-1a",
		},
		"being replaced": {
			func(o *AutoScalingGroupState) {
				o.Refresh = Refresh{Status: types.InstanceRefreshStatusInProgress, Percent: 50, Reason: "waiting for warm-up"}
			},
			graph.Pending, "instance refresh: 50 % replaced: waiting for warm-up",
		},
		"one in a zone that it leaves": {
			func(o *AutoScalingGroupState) {
				o.Zones, o.Members[1].Zone = []string{"eu-west-1a", "eu-west-1b"}, "eu-west-1c"
				o.Members[0].Zone = "eu-west-1a"
			},
			graph.Pending, "1 of 2 instances in zones that the group leaves",
		},
		"one that drains there, and nothing moves the others": {
			func(o *AutoScalingGroupState) {
				o.Zones, o.Suspended = []string{"eu-west-1a"}, []string{"AZRebalance"}
				o.Members = append(o.Members, member("2", types.LifecycleStateTerminating))
				o.Members[0].Zone, o.Members[1].Zone, o.Members[2].Zone = "eu-west-1a", "eu-west-1a", "eu-west-1c"
			},
			graph.Pending, "1 of 3 instances in zones that the group leaves; its process AZRebalance is suspended",
		},
		"replacement failed": {
			func(o *AutoScalingGroupState) { o.Refresh.Status = types.InstanceRefreshStatusFailed }, graph.Ready, "",
		},
		"being deleted": {
			func(o *AutoScalingGroupState) { o.Status = "Delete in progress" }, graph.Leaving, "Delete in progress",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, o, _ := group(t)
			tc.have(&o)
			if phase, why := (AutoScalingGroups{}).Phase(o); phase != tc.phase || why != tc.why {
				t.Errorf("got %s, %q; want %s, %q", phase, why, tc.phase, tc.why)
			}
		})
	}
}

func TestObserveAutoScalingGroup(t *testing.T) {
	template := &types.LaunchTemplateSpecification{LaunchTemplateId: aws.String("lt-1"), Version: aws.String("2")}
	got := observeAutoScalingGroup(types.AutoScalingGroup{
		AutoScalingGroupName:   aws.String("provision-web"),
		LaunchTemplate:         template,
		VPCZoneIdentifier:      aws.String("subnet-2,subnet-1"),
		TargetGroupARNs:        []string{"arn:targets"},
		MinSize:                aws.Int32(2),
		MaxSize:                aws.Int32(4),
		DesiredCapacity:        aws.Int32(2),
		HealthCheckType:        aws.String("ELB"),
		HealthCheckGracePeriod: aws.Int32(120),
		Tags:                   []types.TagDescription{{Key: aws.String("team"), Value: aws.String("platform")}},
		Instances: []types.Instance{{
			InstanceId: aws.String("i-1"), AvailabilityZone: aws.String("eu-west-1a"), InstanceType: aws.String("t3.micro"),
			LifecycleState: types.LifecycleStateInService, HealthStatus: aws.String("Healthy"), LaunchTemplate: template,
		}},
	})
	_, want, _ := group(t)
	want.Members = []Member{{
		ID: "i-1", Zone: "eu-west-1a", Type: "t3.micro", Lifecycle: types.LifecycleStateInService, Health: "Healthy",
		Version: "2",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Instances get the group's tags, but not the nonce, which would make them look like things made twice.
func TestTagsOf(t *testing.T) {
	propagated := map[string]bool{}
	for _, tag := range tagsOf("provision-web", map[string]string{"team": "web", graph.TagNonce: "n"}) {
		propagated[aws.ToString(tag.Key)] = aws.ToBool(tag.PropagateAtLaunch)
	}
	if diff := cmp.Diff(map[string]bool{"team": true, graph.TagNonce: false}, propagated); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
