package graph

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var diamond = shape{nodes: []node{
	{key: "net"},
	{key: "slow", takes: time.Minute, needs: []edge{{to: 0}}},
	{key: "quick", needs: []edge{{to: 0}}},
	{key: "top", takes: time.Second, needs: []edge{{to: 1}, {to: 2}}},
}}

func TestPathsAddUpTheWaits(t *testing.T) {
	want := map[Key]time.Duration{
		"net":   time.Minute + time.Second + 3*callWeight,
		"slow":  time.Minute + time.Second + 2*callWeight,
		"quick": time.Second + 2*callWeight,
		"top":   time.Second + callWeight,
	}
	g := diamond.build(newWorld())
	if diff := cmp.Diff(want, g.paths(g.usual)); diff != "" {
		t.Error(diff)
	}
}

func TestSlackIsTheDistanceFromTheLongestPath(t *testing.T) {
	g := diamond.build(newWorld())
	want := map[Key]time.Duration{"net": 0, "slow": 0, "quick": time.Minute, "top": 0}
	if diff := cmp.Diff(want, g.slacks(g.usual)); diff != "" {
		t.Error(diff)
	}
}

// A node that needs only another's ID does not wait until that one is ready.
func TestNeedsOfIDsAddNoWait(t *testing.T) {
	s := shape{nodes: []node{
		{key: "slow", takes: time.Minute}, {key: "by-id", takes: time.Second, needs: []edge{{to: 0, made: true}}},
	}}
	g := s.build(newWorld())
	want := map[Key]time.Duration{"slow": time.Minute + callWeight, "by-id": time.Second + callWeight}
	if diff := cmp.Diff(want, g.paths(g.usual)); diff != "" {
		t.Error(diff)
	}
}

// When only one resource is missing, all other nodes wait for that one alone.
func TestWhatIsThereGivesNobodySlack(t *testing.T) {
	plan := &Plan{graph: diamond.build(newWorld()), Steps: []Step{
		{Key: "net", Action: Keep}, {Key: "slow", Action: Keep}, {Key: "quick", Action: Create}, {Key: "top", Action: Keep},
	}}
	if slack := plan.graph.slacks(plan.left())["quick"]; slack != 0 {
		t.Errorf("quick has %s of slack, want none", slack)
	}
}
