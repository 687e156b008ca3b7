package stack

import (
	"slices"

	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
	"provision/pkg/state"
)

// kindsOf are the kinds that are looked for in a region, in the order of removal: those that are slow to go and wait for
// nothing come first. AWS deletes the network interfaces of those some minutes later, which subnets, groups and the
// internet gateway wait for.
func (s *Stack) kindsOf(region string) []kind.Registration {
	return slices.DeleteFunc(s.kindsThere(region), func(r kind.Registration) bool { return r.Launched })
}

// kindsThere are those that can be in a region, created by this program or not. A kind that a setting brings with it is looked for
// if the settings want it or the state knows one: what neither knows of costs no call, and needs no permission.
func (s *Stack) kindsThere(region string) []kind.Registration {
	wanted := Wanted(s.Config, s.regionsOf(region)...)
	return slices.DeleteFunc(kinds.All(), func(r kind.Registration) bool {
		optional := r.Setting != "" && !slices.Contains(wanted, r.Setting) && !s.recorded(region, r)
		return r.Global != (region == state.Global) || optional
	})
}

// regionsOf are the regions whose settings decide what there is: all of them for what a stack has once.
func (s *Stack) regionsOf(region string) []string {
	if region == state.Global {
		return s.Config.Regions
	}
	return []string{region}
}

func (s *Stack) recorded(region string, r kind.Registration) bool {
	for key := range s.Record.Document().Regions[region].Resources {
		if key.Kind() == r.Name() {
			return true
		}
	}
	return false
}

// Wanted are the settings that bring kinds with them and are on in one of the regions.
func Wanted(c *config.Config, regions ...string) []string {
	var on []string
	for _, r := range kinds.All() {
		wants := func(region string) bool {
			settings, err := c.Region(region)
			return err == nil && settings.On(r.Setting) // who needs the settings tells of the error
		}
		if r.Setting != "" && slices.ContainsFunc(regions, wants) {
			on = append(on, r.Setting)
		}
	}
	slices.Sort(on)
	return slices.Compact(on)
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
