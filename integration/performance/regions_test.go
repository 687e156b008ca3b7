package performance

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"provision/pkg/config"
	"provision/pkg/sandbox"
)

// allRegions is how many regions AWS has in its commercial partition.
const allRegions = 36

// someRegions are n regions of the commercial partition, by name.
func someRegions(n int) []string {
	other := func(name string) bool { return config.Partition(name) != "aws" }
	return slices.DeleteFunc(config.KnownRegions(), other)[:n]
}

// Regions are free: many take as long as the slowest of them alone, with AWS's limits of the rate of calls on.
func TestManyRegionsTakeAsLongAsTheSlowest(t *testing.T) {
	skipWithDetector(t)
	regions := someRegions(17)
	o := sandbox.Options{Latency: latency, Throttling: true}
	var alone makespans
	for _, region := range regions {
		one := lifeOf(t, o, nil, region)
		alone = makespans{max(alone.up, one.up), max(alone.down, one.down)}
	}
	all := lifeOf(t, o, nil, regions...)
	t.Logf("up %s, alone %s; down %s, alone %s", all.up, alone.up, all.down, alone.down)
	const most = 1.05
	if r := ratio(all.up, alone.up); r > most {
		t.Errorf("up of %d regions takes %.3f times as long as that of the slowest alone", len(regions), r)
	}
	if r := ratio(all.down, alone.down); r > most {
		t.Errorf("down of %d regions takes %.3f times as long as that of the slowest alone", len(regions), r)
	}
}

// Six stacks in one region of an account call as often as AWS lets them, all together, and none fails or waits long.
func TestStacksShareAnAccount(t *testing.T) {
	const stacks = 6
	o := sandbox.Options{Latency: latency, Throttling: true, Quotas: map[sandbox.Quota]int{
		sandbox.QuotaVPCs: stacks, sandbox.QuotaGateways: stacks, sandbox.QuotaElasticIPs: 3 * stacks,
		sandbox.QuotaNATGateways: stacks,
	}}
	alone := lifeOf(t, o, nil, "eu-west-1")
	synctest.Test(t, func(t *testing.T) {
		first := newWorld(t, o, "eu-west-1")
		var group errgroup.Group
		start := time.Now()
		for i := range stacks {
			w := *first // the same account, and a process of its own
			w.name = fmt.Sprintf("stack-%d", i)
			group.Go(func() error { return w.up(t.Context()) })
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
		took, calls := time.Since(start), first.calls.take()
		refused := 0
		for _, c := range calls {
			if c.Throttled() {
				refused++
			}
		}
		t.Logf("%d of %d calls were refused; %s, alone %s", refused, len(calls), took, alone.up)
		atMost(t, "calls that AWS refused", refused, len(calls)/20)
		if took > alone.up*3/2 {
			t.Errorf("%d stacks took %s, and one alone %s", stacks, took, alone.up)
		}
	})
}
