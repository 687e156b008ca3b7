package reliability

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

var threeRegions = []string{"us-east-1", region, "ap-southeast-2"}

// Of 100 calls 30 are throttled and 5 end with a 500, in three regions: the run completes, with at most twice the calls
// that it makes in peace.
func TestThrottlesAndServerErrors(t *testing.T) {
	var peace int
	var count map[string]int
	synctest.Test(t, func(t *testing.T) {
		w := inThreeRegions(t, sandbox.Options{})
		if err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		peace, count = len(w.box.Calls()), w.account(t).count()
	})
	for _, seed := range seeds(t, 60, 200) {
		runCase(t, fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			replayable(t, "TestThrottlesAndServerErrors", seed)
			synctest.Test(t, func(t *testing.T) {
				w := inThreeRegions(t, sandbox.Options{Seed: seed, Chaos: sandbox.Chaos{Throttle: 0.3, ServerError: 0.05}})
				if err := w.up(t.Context()); err != nil {
					t.Fatalf("up: %v", err)
				}
				if calls := len(w.box.Calls()); calls > 2*peace {
					t.Errorf("%d calls, where peace takes %d", calls, peace)
				}
				w.calm(t)
				w.mustBeUp(t, account{}, count)
			})
		})
	}
}

func inThreeRegions(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	w := newWorld(t, o)
	w.regions = threeRegions
	return w
}

// calm continues with the same account and no more faults: the credentials are new, the quota was raised.
func (w *world) calm(t testing.TB) {
	t.Helper()
	account, err := w.box.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	w.box = sandbox.New(sandbox.Options{Seed: 1})
	if err := w.box.Restore(account); err != nil {
		t.Fatal(err)
	}
}

// If one region lacks a right, a quota, an opt-in or capacity, the run names it and does not keep retrying; the other
// regions finish. Once it is granted, the next run completes.
func TestTroubleInOneRegion(t *testing.T) {
	for name, tc := range map[string]struct {
		fault string // of the region
		says  string
		once  string // a call that is made once only
	}{
		"VPC quota": {
			"ec2:CreateVpc/code=VpcLimitExceeded,message=The maximum number of VPCs has been reached.",
			"VPCs per Region", "ec2:CreateVpc",
		},
		"elastic IP quota": {
			"ec2:AllocateAddress/code=AddressLimitExceeded,message=The maximum number of addresses has been reached.",
			"EC2-VPC Elastic IPs", "ec2:AllocateAddress",
		},
		"no opt-in": {"*:*/code=OptInRequired,message=You are not subscribed to this service.", "opt in to the region", ""},
		"no right to": {
			"ec2:CreateNatGateway/code=UnauthorizedOperation,message=You are not authorized to perform this operation.",
			"use the role that may do this", "ec2:CreateNatGateway",
		},
		"no capacity": {
			"ec2:RunInstances/code=InsufficientInstanceCapacity", "We currently do not have sufficient t3.micro capacity", "",
		},
	} {
		runCase(t, name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := inThreeRegions(t, sandbox.Options{Faults: faults(t, region+"/"+tc.fault)})
				err := w.up(t.Context())
				partial := mustFail[*stack.PartialError](t, err)
				if partial.Done != 2 {
					t.Errorf("%d regions are done, want 2: %v", partial.Done, err)
				}
				if text := err.Error() + cloud.Advice(err); !strings.Contains(text, tc.says) || !strings.Contains(text, region) {
					t.Errorf("says neither %q nor the region: %s", tc.says, text)
				}
				if n := w.box.CallCounts()[region+"/"+tc.once]; tc.once != "" && n != 1 {
					t.Errorf("%s was called %d times", tc.once, n)
				}
				w.calm(t)
				if err := w.up(t.Context()); err != nil {
					t.Fatalf("up after the trouble is over: %v", err)
				}
				w.mustConverge(t)
			})
		})
	}
}
