package lb

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"provision/pkg/graph"
)

func TestHealthCheckDefaults(t *testing.T) {
	for interval, want := range map[time.Duration]time.Duration{
		5 * time.Second:  4 * time.Second, // AWS wants the timeout to be the shorter one
		6 * time.Second:  5 * time.Second,
		30 * time.Second: 5 * time.Second,
	} {
		got := HealthCheck{Path: "/", Interval: interval}.complete()
		expected := HealthCheck{
			Path: "/", Interval: interval, Timeout: want, Status: "200", Protocol: types.ProtocolEnumHttp, Port: "traffic-port",
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("every %s (-want +got):\n%s", interval, diff)
		}
	}
}

// The values that the modification sends are observed then, and leave no difference.
func TestHealthCheckModification(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := HealthCheck{
			Path:      "/" + rapid.StringMatching(`[a-z]{0,8}`).Draw(t, "path"),
			Interval:  time.Duration(rapid.IntRange(5, 300).Draw(t, "interval")) * time.Second,
			Healthy:   rapid.Int32Range(2, 10).Draw(t, "healthy"),
			Unhealthy: rapid.Int32Range(2, 10).Draw(t, "unhealthy"),
			Status:    rapid.SampledFrom([]string{"", "200", "200-299"}).Draw(t, "status"),
		}
		in := h.modification()
		observed := observeHealthCheck(types.TargetGroup{
			HealthCheckProtocol:        in.HealthCheckProtocol,
			HealthCheckPort:            in.HealthCheckPort,
			HealthCheckPath:            in.HealthCheckPath,
			HealthCheckIntervalSeconds: in.HealthCheckIntervalSeconds,
			HealthCheckTimeoutSeconds:  in.HealthCheckTimeoutSeconds,
			HealthyThresholdCount:      in.HealthyThresholdCount,
			UnhealthyThresholdCount:    in.UnhealthyThresholdCount,
			Matcher:                    in.Matcher,
		})
		if diff := cmp.Diff([]graph.Change(nil), h.diff(observed)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if observed.Timeout >= observed.Interval {
			t.Errorf("the timeout %s is not below the interval %s", observed.Timeout, observed.Interval)
		}
	})
}
