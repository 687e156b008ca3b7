package performance

import (
	"testing"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/sandbox"
)

// someRegions are the first n regions of the commercial partition, by name.
func someRegions(n int) []string {
	var names []string
	for _, name := range config.KnownRegions() {
		if cloud.Partition(name) == "aws" && len(names) < n {
			names = append(names, name)
		}
	}
	return names
}

// Regions are free: many take as long as the slowest of them alone, with AWS's limits of the rate of calls on.
func TestManyRegionsTakeAsLongAsTheSlowest(t *testing.T) {
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
