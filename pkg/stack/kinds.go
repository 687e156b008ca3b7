package stack

import (
	"slices"

	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
	"provision/pkg/state"
)

// kindsOf are the kinds that are looked for in a region, in the order of removal: what is slow to go and waits for
// nothing comes first. AWS deletes the network interfaces of those some minutes later, which subnets, groups and the
// internet gateway wait for.
func (s *Stack) kindsOf(region string) []kind.Registration {
	return slices.DeleteFunc(kinds.All(), func(r kind.Registration) bool {
		return r.Global != (region == state.Global) || r.Launched
	})
}

// graphOf is a graph that knows the kinds, and no resource yet.
func (s *Stack) graphOf(region string, known []kind.Registration) *graph.Graph {
	g := graph.New(region)
	clients := s.Cloud.Region(s.home(region))
	for i, r := range known {
		earlier := func(name string) bool {
			return slices.ContainsFunc(known[:i], func(k kind.Registration) bool { return k.Name() == name })
		}
		r.AddTo(g, clients, s.Name(), slices.DeleteFunc(slices.Clone(r.After), func(name string) bool { return !earlier(name) })...)
	}
	return g
}

// home is the region whose clients are asked: any will do for what has no region.
func (s *Stack) home(region string) string {
	if region == state.Global {
		return s.Regions[0]
	}
	return region
}

func (s *Stack) regionGraph(region string) *graph.Graph { return s.graphOf(region, s.kindsOf(region)) }

// globalGraph is what a stack has once: the role that its instances have, for Session Manager. Removal needs the kinds
// only.
func (s *Stack) globalGraph() *graph.Graph { return s.graphOf(state.Global, s.kindsOf(state.Global)) }
