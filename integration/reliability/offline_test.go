package reliability

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/sandbox"
)

var errOffline = errors.New("the network is unreachable")

// The network goes away for good in the middle of a run, at any call, before or after its effect. The run says so in
// bounded time, with all it was told in the state, and the next run makes it good.
func TestNetworkGoesAwayAtEveryCall(t *testing.T) {
	c := undisturbed(t)
	for _, moment := range []sandbox.Moment{sandbox.Before, sandbox.After} {
		for _, n := range some(24, upTo(c.calls)) {
			runCase(t, fmt.Sprintf("%s call %d", when(moment), n), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, sandbox.Options{ReadLag: n % 4, Intercept: func(call sandbox.Call, at sandbox.Moment) error {
						if call.Seq > int64(n) || call.Seq == int64(n) && at == moment {
							return errOffline
						}
						return nil
					}})
					start := time.Now()
					err := w.up(t.Context())
					if err == nil && len(w.box.Calls()) >= n {
						t.Error("up did not notice")
					}
					if took := time.Since(start); took > time.Hour {
						t.Errorf("up took %s to notice", took)
					}
					if err != nil {
						mustTell(t, err)
					}
					w.calm(t)
					must(t, w.up(t.Context()))
					w.mustSettle(t)
					w.mustBeUp(t, account{}, c.count)
				})
			})
		}
	}
}

// One list of AWS's answers with errors for good, once what it lists is being made. The run says so in bounded time:
// which resource in which region, and AWS's words. The next run makes it good.
func TestAListThatFailsForGood(t *testing.T) {
	c := undisturbed(t)
	for name, tc := range map[string]struct{ made, list, waits string }{
		"NAT gateways": {"ec2:CreateNatGateway", "ec2:DescribeNatGateways", "wait for nat-gateway/a: "},
		"load balancers": {
			"elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:DescribeLoadBalancers", "wait for load-balancer: ",
		},
		"groups": {
			"autoscaling:CreateAutoScalingGroup", "autoscaling:DescribeAutoScalingGroups", "wait for auto-scaling-group: ",
		},
	} {
		for mode, says := range map[string]string{"5xx": "InternalError", "throttle": "xceeded"} {
			runCase(t, name+", "+mode, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var box *sandbox.Sandbox
					fails := faults(t, region+"/"+tc.list+"/"+mode)
					w := newWorld(t, sandbox.Options{Intercept: func(call sandbox.Call, at sandbox.Moment) error {
						if at == sandbox.After && call.Name() == region+"/"+tc.made {
							box.AddFaults(fails...)
						}
						return nil
					}})
					box = w.box
					start := time.Now()
					err := w.up(t.Context())
					if err == nil {
						t.Fatal("up did not notice")
					}
					_, operation, _ := strings.Cut(tc.list, ":")
					for _, word := range []string{region + ": " + tc.waits, operation, says} {
						if !strings.Contains(err.Error(), word) {
							t.Errorf("up does not say %q: %v", word, err)
						}
					}
					mustTell(t, err)
					if took := time.Since(start); took > 20*time.Minute {
						t.Errorf("up took %s to say so", took)
					}
					w.mustKnowAll(t)
					w.calm(t)
					must(t, w.up(t.Context()))
					w.mustSettle(t)
					w.mustBeUp(t, account{}, c.count)
				})
			})
		}
	}
}
