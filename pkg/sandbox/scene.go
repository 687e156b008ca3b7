package sandbox

import (
	"slices"
	"time"
)

// Scene is what users of a region notice at one moment: how many instances serve, and which can't reach the internet.
type Scene struct {
	Account, Region string
	At              time.Time
	Healthy         map[string]int // targets that get requests, by the name of their target group
	Unused          int            // registered targets that run, in zones that the load balancer does not serve
	Dark            []string       // zones with a running instance whose subnet has no way to the internet
}

// watch shows the region to the one who watches, if there is one.
func (r *region) watch() {
	watch := r.account.sandbox.options.Watch
	if watch == nil || r.name == globalRegion {
		return
	}
	scene := Scene{Account: r.account.id, Region: r.name, At: r.now, Healthy: map[string]int{}}
	for g := range targetGroups.all(r) {
		scene.Healthy[g.Name] = r.healthy(g)
		for _, t := range g.Targets {
			i := instances.get(r, t.ID)
			if r.health(g, t).State == targetUnused && i != nil && i.State == instanceRunning {
				scene.Unused++
			}
		}
	}
	for i := range instances.all(r) {
		if i.State == instanceRunning && !r.egressWorks(i.SubnetID, i.publicIP(r) != "") && !slices.Contains(scene.Dark, i.Zone) {
			scene.Dark = append(scene.Dark, i.Zone)
		}
	}
	slices.Sort(scene.Dark)
	watch(scene)
}
