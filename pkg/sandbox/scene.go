package sandbox

import (
	"slices"
	"strconv"
	"time"
)

// Scene is what users of a region notice at one moment: which instances serve, where requests are answered, and what can't
// reach the internet.
type Scene struct {
	Account, Region string
	At              time.Time
	Healthy         map[string]int   // targets that get requests, by the name of their target group
	Answers         map[string][]int // ports at which requests reach an instance, by the name of the load balancer
	Unused          int              // registered targets that run, in zones that the load balancer does not serve
	Dark            []string         // zones with a running instance whose subnet has no way to the internet
	Closed          []string         // zones of groups whose subnets have no way to the internet, with or without an instance
	Recorded        int              // flow logs that record
}

// watch shows the region to the one who watches, if there is one.
func (r *region) watch() {
	watch := r.account.sandbox.options.Watch
	if watch == nil || r.name == globalRegion {
		return
	}
	scene := Scene{Account: r.account.id, Region: r.name, At: r.now, Healthy: map[string]int{}, Answers: map[string][]int{}}
	for g := range targetGroups.all(r) {
		scene.Healthy[g.Name] = r.healthy(g)
		for _, t := range g.Targets {
			i := instances.get(r, t.ID)
			if r.health(g, t).State == targetUnused && i != nil && i.State == instanceRunning {
				scene.Unused++
			}
		}
	}
	for lb := range loadBalancerKind.all(r) {
		scene.Answers[lb.Name] = r.answers(lb)
	}
	for i := range instances.all(r) {
		if i.State == instanceRunning && !r.egressWorks(i.SubnetID, i.publicIP(r) != "") && !slices.Contains(scene.Dark, i.Zone) {
			scene.Dark = append(scene.Dark, i.Zone)
		}
	}
	slices.Sort(scene.Dark)
	for g := range scalingGroups.all(r) {
		for _, at := range g.places(r) {
			if !r.egressWorks(at.ID, false) {
				scene.Closed = append(scene.Closed, at.Zone)
			}
		}
	}
	for range flowLogs.all(r) {
		scene.Recorded++
	}
	watch(scene)
}

// answers are the ports of a load balancer at which a request from the internet reaches a healthy instance, if need be by
// a redirect to another of them.
func (r *region) answers(lb *loadBalancer) []int {
	var ports []int
	for l := range listeners.all(r) {
		if l.LoadBalancerARN == lb.ARN && r.leadsOn(lb, l, l.Port) {
			ports = append(ports, l.Port)
		}
	}
	slices.Sort(ports)
	return ports
}

// leadsOn says whether what a listener does with a request ends at a healthy instance. A redirect may lead to the port of
// another listener, and not to a further redirect.
func (r *region) leadsOn(lb *loadBalancer, l *listener, asked int) bool {
	if lb.Active.IsZero() || !r.public(lb, l.Port) {
		return false
	}
	does := l.Actions[0]
	if does.Redirect != nil {
		port, err := strconv.Atoi(does.Redirect.Port)
		next := listenerOn(r, lb.ARN, port)
		return err == nil && l.Port == asked && next != nil && r.leadsOn(lb, next, asked)
	}
	return does.Forward != nil && slices.ContainsFunc(does.Forward.Groups, func(to weightedGroup) bool {
		g := targetGroups.get(r, to.ARN)
		return g != nil && to.Weight > 0 && r.healthy(g) > 0
	})
}
