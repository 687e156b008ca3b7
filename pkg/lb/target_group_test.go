package lb

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

func targetGroup(t *testing.T) (TargetGroup, TargetGroupState) {
	t.Helper()
	check := HealthCheck{Path: "/", Interval: 10 * time.Second, Healthy: 2, Unhealthy: 3}
	r := TargetGroup{
		Meta: meta("target-group"), VPC: known(t)("vpc"), Port: 80, Health: check, Drain: 30 * time.Second,
	}
	o := TargetGroupState{
		Identity: graph.Identity{ID: "arn:targets", Tags: labels()}, VPCID: "vpc-1",
		Protocol: types.ProtocolEnumHttp, Port: 80, Health: check.complete(), Drain: 30 * time.Second,
	}
	return r, o
}

func TestTargetGroupDiff(t *testing.T) {
	for name, tc := range map[string]struct {
		have func(*TargetGroupState)
		want []graph.Change
	}{
		"as wanted": {func(*TargetGroupState) {}, nil},
		"just made": {
			func(o *TargetGroupState) { o.Drain = awsDrain },
			[]graph.Change{{Field: "deregistration delay", From: "5m0s", To: "30s"}},
		},
		"another health check": {
			func(o *TargetGroupState) { o.Health.Path, o.Health.Interval = "/up", 30*time.Second },
			[]graph.Change{
				{Field: "health check path", From: "/up", To: "/"},
				{Field: "health check interval", From: "30s", To: "10s"},
			},
		},
		"what AWS can't change": {
			func(o *TargetGroupState) { o.VPCID, o.Protocol, o.Port = "vpc-2", types.ProtocolEnumHttps, 443 },
			[]graph.Change{
				{Field: "vpcId", From: "vpc-2", To: "vpc-1", Useless: "its VPC is gone"},
				{Field: "protocol", From: "HTTPS", To: "HTTP", Fixed: fixedTargets},
				{Field: "port", From: "443", To: "80", Fixed: fixedTargets},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, o := targetGroup(t)
			tc.have(&o)
			if diff := cmp.Diff(tc.want, r.Diff(o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
