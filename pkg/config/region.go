package config

import (
	"fmt"
	"maps"
	"net/netip"
	"strings"
)

// Region gives the settings of a region's stack: the defaults of the file with the region's overrides on them. The
// region need not be among [Config.Regions]. The error is [Errors] if the settings don't suit this region.
func (c *Config) Region(region string) (Settings, error) {
	if unclear := c.Unclear(region); unclear != nil {
		return Settings{}, unclear
	}
	mistakes := newMistakes(c.source)
	settings, _ := c.region(region, mistakes)
	return settings, mistakes.err()
}

// region also gives the settings as a layer, which remembers where each came from.
func (c *Config) region(region string, mistakes *mistakes) (Settings, layer) {
	if _, known := regionIndex[region]; !known {
		at := Origin{Source: Derived, Name: "the regions of this run"}
		mistakes.add(at, "", DidYouMean(region, KnownRegions()), "unknown region %q", region)
		return Settings{}, nil
	}
	l := merged(c.merged.under("defaults"), c.merged.under("overrides."+region),
		c.merged.under(c.Target.path("defaults")), c.merged.under(c.Target.path("overrides."+region)))
	start := deriveDesired(l)
	deriveZones(l, region, mistakes)
	deriveCIDR(l, c.Target.path("overrides."+region+".network.cidr"), region, mistakes)
	s := Settings{Region: region, Tags: maps.Clone(c.Tags)}
	l.fill(&s)
	s.Network.LeastAZs, s.Compute.Start = leastZones(l["network.azs"]), start
	s.Compute.Script = c.script(s.Compute.UserData, l["compute.user_data"], mistakes)
	validateNetwork(s, l, mistakes)
	validateCompute(s, l, mistakes)
	validateLB(s, l, mistakes)
	return s, l
}

// deriveDesired draws the desired size between a min and a max that are set closer to the region than it: a region
// that overrides min must not repeat desired. It returns the size as it is set.
func deriveDesired(l layer) (start int) {
	desired, least, most := l["compute.desired"], l["compute.min"], l["compute.max"]
	size, lo, hi := desired.data.(int), least.data.(int), most.data.(int)
	switch {
	case lo > hi:
	case size < lo && least.closeness() > desired.closeness():
		desired.data, desired.at = lo, Origin{Source: Derived, Name: "compute.min"}
	case size > hi && most.closeness() > desired.closeness():
		desired.data, desired.at = hi, Origin{Source: Derived, Name: "compute.max"}
	}
	l["compute.desired"] = desired
	return size
}

// leastZones is two unless the user set a number: some regions have no third zone for new accounts.
func leastZones(zones value) int {
	const least = 2
	if n := zones.data.(int); zones.at.Source != FromDefault {
		return n
	}
	return least
}

// deriveCIDR takes the VPC's block from the supernet, unless it is given.
func deriveCIDR(l layer, path, region string, mistakes *mistakes) {
	if !l["network.cidr"].isZero() {
		return
	}
	supernet, bits := l["network.supernet"], l["network.prefix"]
	block, err := regionCIDR(supernet.data.(netip.Prefix), bits.data.(int), region)
	if err != nil {
		mistakes.setting(closest(supernet, bits), "use a larger supernet, a longer prefix, or set "+path, "%v", err)
		return
	}
	l["network.cidr"] = value{data: block, path: path, at: Origin{
		Source: Derived, Name: fmt.Sprintf("network.supernet, region number %d", regionIndex[region]),
	}}
}

// closest is the value that was set closest to the region: where settings contradict each other, it is the one that
// broke the peace.
func closest(first value, others ...value) value {
	for _, v := range others {
		if v.closeness() > first.closeness() {
			first = v
		}
	}
	return first
}

// closeness is how close to the region a setting was made: by the program, for all regions, or for this one; and then
// by a target for all its regions, or for this one.
func (v value) closeness() int {
	target := strings.HasPrefix(v.path, "targets.")
	switch {
	case v.at.Source == FromDefault:
		return 0
	case strings.HasPrefix(v.path, "defaults."):
		return 1
	case !target:
		return 2
	case strings.Contains(v.path, ".defaults."):
		return 3
	}
	return 4
}
