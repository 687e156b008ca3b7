package lb

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

func TestLoadBalancerDiff(t *testing.T) {
	ref := known(t)
	r := LoadBalancer{
		Meta: meta("load-balancer"), Subnets: []graph.Ref{ref("subnet/a"), ref("subnet/b")},
		SecurityGroup: ref("security-group/alb"), Internet: ref("internet-gateway"),
	}
	for name, tc := range map[string]struct {
		wish func(*LoadBalancer)
		have func(*LoadBalancerState)
		want []graph.Change
	}{
		"as wanted": {},
		"a tag lost, one to drop": {
			have: func(o *LoadBalancerState) { o.Tags = map[string]string{"old": "x"} },
			want: []graph.Change{{Field: "tag team", To: "platform"}, {Field: "tag old", From: "x"}},
		},
		"others' tags stay": {have: func(o *LoadBalancerState) { o.Tags["theirs"] = "x" }},
		"internal": {
			have: func(o *LoadBalancerState) { o.Scheme = types.LoadBalancerSchemeEnumInternal },
			want: []graph.Change{{
				Field: "scheme", From: "internal", To: "internet-facing",
				Fixed: "AWS can't change the scheme of a load balancer",
			}},
		},
		"another group": {
			have: func(o *LoadBalancerState) { o.Groups = []string{"sg-2"} },
			want: []graph.Change{{Field: "securityGroups", From: "sg-2", To: "sg-1"}},
		},
		"a zone more, which is not made yet": {
			wish: func(r *LoadBalancer) { r.Subnets = append(r.Subnets, ref("subnet/c")) },
			want: []graph.Change{{
				Field: "subnets", From: "subnet-1,subnet-2", To: "subnet-1,subnet-2,subnet/c", After: "subnet/c",
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := r
			o := LoadBalancerState{
				Identity: graph.Identity{ID: "arn:balancer", Tags: labels()},
				Scheme:   types.LoadBalancerSchemeEnumInternetFacing,
				Subnets:  []string{"subnet-1", "subnet-2"},
				Groups:   []string{"sg-1"},
			}
			if tc.wish != nil {
				tc.wish(&r)
			}
			if tc.have != nil {
				tc.have(&o)
			}
			if diff := cmp.Diff(tc.want, r.Diff(o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every change that waits for something names one of the needs.
func TestLoadBalancerNeeds(t *testing.T) {
	ref := known(t)
	r := LoadBalancer{
		Subnets: []graph.Ref{ref("subnet/a")}, SecurityGroup: ref("security-group/alb"), Internet: ref("internet-gateway"),
	}
	want := []graph.Need{
		{Key: "internet-gateway"},
		{Key: "subnet/a", Made: true},
		{Key: "subnet/a", Made: true, Update: true},
		{Key: "security-group/alb", Made: true},
		{Key: "security-group/alb", Made: true, Update: true},
	}
	if diff := cmp.Diff(want, r.Needs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadBalancerPhase(t *testing.T) {
	for state, want := range map[types.LoadBalancerStateEnum]struct {
		phase graph.Phase
		why   string
	}{
		types.LoadBalancerStateEnumProvisioning:   {graph.Pending, "provisioning"},
		types.LoadBalancerStateEnumActive:         {graph.Ready, ""},
		types.LoadBalancerStateEnumActiveImpaired: {graph.Ready, "active, but it can't scale: few addresses"},
		types.LoadBalancerStateEnumFailed:         {graph.Failed, "few addresses"},
	} {
		phase, why := LoadBalancers{}.Phase(LoadBalancerState{State: state, Reason: "few addresses"})
		if phase != want.phase || why != want.why {
			t.Errorf("%s: got %s, %q; want %s, %q", state, phase, why, want.phase, want.why)
		}
	}
}

func TestObserveLoadBalancer(t *testing.T) {
	got := observeLoadBalancer(types.LoadBalancer{
		LoadBalancerArn: aws.String("arn:balancer"),
		DNSName:         aws.String("web.elb.amazonaws.com"),
		VpcId:           aws.String("vpc-1"),
		Scheme:          types.LoadBalancerSchemeEnumInternetFacing,
		State:           &types.LoadBalancerState{Code: types.LoadBalancerStateEnumFailed, Reason: aws.String("why")},
		SecurityGroups:  []string{"sg-2", "sg-1"},
		AvailabilityZones: []types.AvailabilityZone{
			{SubnetId: aws.String("subnet-2")}, {SubnetId: aws.String("subnet-1")},
		},
	})
	want := LoadBalancerState{
		Identity: graph.Identity{ID: "arn:balancer"}, DNSName: "web.elb.amazonaws.com", VPCID: "vpc-1",
		Scheme: types.LoadBalancerSchemeEnumInternetFacing, State: types.LoadBalancerStateEnumFailed, Reason: "why",
		Subnets: []string{"subnet-1", "subnet-2"}, Groups: []string{"sg-1", "sg-2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if name := got.Outputs()[OutputDNSName]; name != "web.elb.amazonaws.com" {
		t.Errorf("its name for others is %q", name)
	}
	if diff := cmp.Diff(LoadBalancerState{}, observeLoadBalancer(types.LoadBalancer{})); diff != "" {
		t.Errorf("an empty answer (-want +got):\n%s", diff)
	}
}
