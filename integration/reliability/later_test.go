package reliability

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/sandbox"
)

// A resource fails a minute after AWS accepted it. The same run replaces it, once or twice, and the account is as after
// an undisturbed run.
func TestWhatFailsLaterIsReplaced(t *testing.T) {
	c := undisturbed(t)
	for name, tc := range map[string]struct{ fault, kind string }{
		"NAT gateway":         {"ec2:NatGatewayAvailable#1/code=InternalError,message=try again", "elastic-ip"},
		"load balancer":       {"elasticloadbalancing:LoadBalancerActive#1/code=internal_error,message=try again", ""},
		"launch of instances": {"ec2:RunInstances#1/code=InsufficientInstanceCapacity", ""},
	} {
		runCase(t, name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{Faults: faults(t, region+"/"+tc.fault)})
				if err := w.up(t.Context()); err != nil {
					t.Fatalf("up: %v", err)
				}
				if n := w.box.CallCounts()[region+"/ec2:AllocateAddress"]; n != 1 {
					t.Errorf("%d elastic IPs were allocated: that of the failed gateway was not used again", n)
				}
				w.wait(t, time.Hour) // until what was deleted is gone
				w.mustBeUp(t, account{}, c.count)
			})
		})
	}
}

// A run gives up a resource that keeps failing in bounded time, with AWS's reason.
func TestWhatKeepsFailingIsReported(t *testing.T) {
	for name, tc := range map[string]struct {
		fault, says string
		limit       time.Duration
	}{
		"NAT gateway": {
			"ec2:NatGatewayAvailable/code=Gateway.NotAttached,message=Network vpc-1 has no Internet gateway attached",
			"nat-gateway/a: failed 3 times: Gateway.NotAttached: Network vpc-1 has no Internet gateway attached", 20 * time.Minute,
		},
		"load balancer": {
			"elasticloadbalancing:LoadBalancerActive/code=internal_error,message=no luck today",
			"load-balancer: failed 3 times: internal_error: no luck today", 20 * time.Minute,
		},
		"launch of instances": {
			"ec2:RunInstances/code=InsufficientInstanceCapacity",
			"We currently do not have sufficient t3.micro capacity", 30 * time.Minute,
		},
	} {
		runCase(t, name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{Faults: faults(t, region+"/"+tc.fault)})
				start := time.Now()
				err := w.up(t.Context())
				if err == nil || !strings.Contains(err.Error(), tc.says) {
					t.Fatalf("up: %v\nwant: … %s …", err, tc.says)
				}
				mustTell(t, err)
				if took := time.Since(start); took > tc.limit {
					t.Errorf("up took %s to say so", took)
				}
				w.mustKnowAll(t)
				if err := w.down(t.Context()); err != nil {
					t.Fatalf("down: %v", err)
				}
				w.mustBeDown(t, account{})
			})
		})
	}
}
