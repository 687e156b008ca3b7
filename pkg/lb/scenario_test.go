package lb_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

const service = "elasticloadbalancing:"

// Making and removing takes no more calls than there are things to make, set and delete.
func TestUpAndDownScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{ReadLag: 1})
		s.Up(s.build)
		want := map[string]int{
			"CreateLoadBalancer": 1, "CreateTargetGroup": 1, "ModifyTargetGroupAttributes": 1, "CreateListener": 1,
		}
		if diff := cmp.Diff(want, s.Writes(service)); diff != "" {
			t.Errorf("calls of up (-want +got):\n%s", diff)
		}
		s.Sandbox.ForgetCalls()
		s.Down()
		want = map[string]int{"DeleteLoadBalancer": 1, "DeleteTargetGroup": 1}
		if diff := cmp.Diff(want, s.Writes(service)); diff != "" {
			t.Errorf("calls of down (-want +got):\n%s", diff)
		}
	})
}

// A look is one call a kind, one for an attribute, and one for the tags of all.
func TestPlanReadsOnceScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		s.Sandbox.ForgetCalls()
		s.Plan(s.build)
		want := map[string]int{
			"DescribeLoadBalancers": 1, "DescribeTargetGroups": 1, "DescribeTargetGroupAttributes": 1,
			"DescribeListeners": 1, "DescribeTags": 1, "DescribeLoadBalancerAttributes": 1,
		}
		if diff := cmp.Diff(want, s.Calls(service)); diff != "" {
			t.Errorf("calls of plan (-want +got):\n%s", diff)
		}
	})
}

// Without a state everything is found by name and tags.
func TestFoundWithoutJournalScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		s.OneOfEach(s.build)
	})
}

// Wishes change in place.
func TestWishesChangeScenario(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*stage)
		want   map[string]int
	}{
		"health check": {
			func(s *stage) { s.health.Path, s.health.Interval = "/up", 20*time.Second },
			map[string]int{"ModifyTargetGroup": 1},
		},
		"drain":       {func(s *stage) { s.drain = time.Minute }, map[string]int{"ModifyTargetGroupAttributes": 1}},
		"a zone more": {func(s *stage) { s.zones = 3 }, map[string]int{"SetSubnets": 1}},
		"redirect":    {func(s *stage) { s.redirect = true }, map[string]int{"ModifyListener": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Up(s.build)
				s.Sandbox.ForgetCalls()
				tc.change(s)
				s.Up(s.build)
				if diff := cmp.Diff(tc.want, s.Writes(service)); diff != "" {
					t.Errorf("calls of up (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Changes by hand are seen and repaired.
func TestDriftScenario(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*stage) error
		want  []string
	}{
		"tag removed": {func(s *stage) error {
			_, err := s.ELB.RemoveTags(s.Context(), &elb.RemoveTagsInput{
				ResourceArns: []string{s.Journal.ID("target-group")}, TagKeys: []string{graph.TagStack, graph.TagName},
			})
			return err
		}, []string{"update target-group; tag Name; tag provision:stack"}},
		"listener deleted": {func(s *stage) error {
			in := &elb.DeleteListenerInput{ListenerArn: aws.String(s.Journal.ID("listener/http"))}
			_, err := s.ELB.DeleteListener(s.Context(), in)
			return err
		}, []string{"create listener/http"}},
		"load balancer deleted": {func(s *stage) error {
			in := &elb.DeleteLoadBalancerInput{LoadBalancerArn: aws.String(s.Journal.ID("load-balancer"))}
			_, err := s.ELB.DeleteLoadBalancer(s.Context(), in)
			return err
		}, []string{"create load-balancer", "create listener/http"}},
		"listener answers by itself": {func(s *stage) error {
			_, err := s.ELB.ModifyListener(s.Context(), &elb.ModifyListenerInput{
				ListenerArn: aws.String(s.Journal.ID("listener/http")),
				DefaultActions: []types.Action{{
					Type:                types.ActionTypeEnumFixedResponse,
					FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String("503")},
				}},
			})
			return err
		}, []string{"update listener/http; defaultActions"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Repairs(s.build, func() error { return tc.spoil(s) }, tc.want)
			})
		})
	}
}

// A create whose answer is lost is never made twice.
func TestLostAnswersScenario(t *testing.T) {
	for _, action := range []string{
		"CreateLoadBalancer", "CreateTargetGroup", "ModifyTargetGroupAttributes", "CreateListener", "DeleteLoadBalancer",
		"DeleteTargetGroup",
	} {
		t.Run(action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault := sandboxtest.Fault(t, "*/"+service+action+"#1/lost-response")
				s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{fault}, ReadLag: 1})
				s.Up(s.build)
				s.OneOfEach(s.build)
				s.Down()
			})
		})
	}
}

// A target group of the same name of another owner is never touched, and nothing of it is taken for the stack's.
func TestForeignNameScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		theirs, err := s.ELB.CreateTargetGroup(t.Context(), &elb.CreateTargetGroupInput{
			Name: aws.String(name), Protocol: types.ProtocolEnumHttp, Port: aws.Int32(8080), TargetType: types.TargetTypeEnumInstance,
			VpcId: aws.String(s.theirVPC()),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Apply(s.build); err == nil || !strings.Contains(err.Error(), "target-group") {
			t.Errorf("got %v, want an error about the target group", err)
		}
		s.Down()
		left, err := s.ELB.DescribeTargetGroups(t.Context(), &elb.DescribeTargetGroupsInput{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(theirs.TargetGroups, left.TargetGroups, ignoreUnexported()); diff != "" {
			t.Errorf("their target group (-before +after):\n%s", diff)
		}
	})
}

func TestHealthScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		targets, err := lb.Health(t.Context(), s.ELB, s.Journal.ID("target-group"))
		if err != nil || len(targets) != 0 {
			t.Errorf("a new target group has the targets %v, %v", targets, err)
		}
		arn := s.Journal.ID("target-group")
		s.Down()
		if targets, err := lb.Health(t.Context(), s.ELB, arn); err != nil || len(targets) != 0 {
			t.Errorf("a target group that is gone has the targets %v, %v", targets, err)
		}
	})
}
