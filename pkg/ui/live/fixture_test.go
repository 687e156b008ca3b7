package live

import (
	"time"

	"provision/pkg/graph"
)

// began is the start of the runs in these tests.
var began = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// regionTasks are the steps of a region with one zone: enough for every stage.
func regionTasks() []graph.Outlook {
	return []graph.Outlook{
		{Key: "vpc"},
		{Key: "internet-gateway", After: []graph.Key{"vpc"}},
		{Key: "subnet/public-a", After: []graph.Key{"vpc"}},
		{Key: "subnet/private-a", After: []graph.Key{"vpc"}},
		{Key: "route-table/public", After: []graph.Key{"internet-gateway"}},
		{Key: "elastic-ip/a"},
		{Key: "elastic-ip/b"},
		{Key: "nat-gateway/a", Usual: 90 * time.Second, After: []graph.Key{"subnet/public-a", "elastic-ip/a"}},
		{Key: "nat-gateway/b", Usual: 90 * time.Second, After: []graph.Key{"subnet/public-a", "elastic-ip/b"}},
		{Key: "route-table/private-a", After: []graph.Key{"nat-gateway/a"}},
		{Key: "load-balancer", Usual: 2 * time.Minute, After: []graph.Key{"subnet/public-a"}},
		{Key: "listener/http", After: []graph.Key{"load-balancer"}},
		{Key: "launch-template"},
		{Key: "auto-scaling-group", Usual: time.Minute, After: []graph.Key{"launch-template", "route-table/private-a"}},
		{Key: "targets", Usual: 50 * time.Second, After: []graph.Key{"auto-scaling-group", "listener/http", "load-balancer"}},
		{Key: "url", After: []graph.Key{"targets"}},
	}
}

func upRun(regions ...string) Run {
	run := Run{Command: "up", Stack: "web", Note: "sandbox 60×"}
	for _, region := range regions {
		run.Parts = append(run.Parts, Part{Region: region, Tasks: regionTasks()})
	}
	return run
}

// script feeds a model with events at times of the run.
type script struct{ *Model }

func (s script) at(after time.Duration, region string, what graph.EventType, detail string, keys ...graph.Key) {
	for _, key := range keys {
		s.Event(graph.Event{Time: began.Add(after), Region: region, Key: key, Type: what, Detail: detail})
	}
}

// networkUp is the first two seconds of a region: all that takes no time is there, the rest is under way.
func (s script) networkUp(region string) {
	quick := []graph.Key{
		"vpc", "internet-gateway", "subnet/public-a", "subnet/private-a", "route-table/public", "elastic-ip/a", "elastic-ip/b",
		"launch-template",
	}
	s.at(time.Second, region, graph.Creating, "", quick...)
	s.at(2*time.Second, region, graph.EventReady, "", quick...)
	slow := []graph.Key{"nat-gateway/a", "nat-gateway/b", "load-balancer"}
	s.at(2*time.Second, region, graph.Creating, "", slow...)
	s.at(3*time.Second, region, graph.Waiting, "pending", slow[:2]...)
	s.at(3*time.Second, region, graph.Waiting, "provisioning", slow[2])
	s.at(3*time.Second, region, graph.Created, "", "route-table/private-a")
}

// instancesUp continues to instances that are in service at 180 s.
func (s script) instancesUp(region string) {
	s.networkUp(region)
	s.at(100*time.Second, region, graph.EventReady, "", "nat-gateway/a", "nat-gateway/b", "route-table/private-a")
	s.at(101*time.Second, region, graph.Creating, "", "auto-scaling-group")
	s.at(125*time.Second, region, graph.EventReady, "", "load-balancer", "listener/http")
	s.at(180*time.Second, region, graph.EventReady, "", "auto-scaling-group")
	s.at(181*time.Second, region, graph.Waiting, "0 of 2 healthy", "targets")
}

// ready is all of it, at 215 s.
func (s script) ready(region, url string) {
	s.instancesUp(region)
	s.at(214*time.Second, region, graph.EventReady, "2 of 2 healthy", "targets")
	s.at(215*time.Second, region, graph.EventReady, url, "url")
	s.Event(graph.Event{Time: began.Add(215 * time.Second), Region: region, Type: graph.EventReady, Detail: url})
}
