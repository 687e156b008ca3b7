package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Warnings are what in the settings has no effect and was likely meant to have one: overrides of a region that the file
// does not list. Without a list in the file, regions come from the command line or the state, and nothing is wrong.
func (c *Config) Warnings() []string {
	listed := slices.Clone(listOf(c.regions))
	for _, name := range c.Targets {
		listed = append(listed, listOf(c.targetRegions(name))...)
	}
	if len(listed) == 0 {
		return nil
	}
	listed = append(listed, c.Regions...)
	idle := map[string]Origin{}
	for path, v := range c.merged.under("overrides") {
		region, _, _ := strings.Cut(path, ".")
		if at, known := idle[region]; !slices.Contains(listed, region) && (!known || v.at.Line < at.Line) {
			idle[region] = v.at
		}
	}
	var all []string
	for _, region := range slices.Sorted(maps.Keys(idle)) {
		all = append(all, fmt.Sprintf("%s: overrides.%s has no effect: %s is not among the regions", idle[region], region, region))
	}
	return all
}
