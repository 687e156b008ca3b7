package stack

import (
	"slices"
	"strings"

	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// ZonesOfNew are the zones that the settings ask for in a region that has none of the stack's.
func ZonesOfNew(settings config.Settings) compute.ZoneWish {
	n := settings.Network
	return compute.ZoneWish{
		InstanceType: settings.Compute.Type, Given: n.Zones, Avoid: n.Avoid,
		Least: n.LeastAZs, Most: n.AZs, Slots: config.Slots(n.CIDR),
	}
}

// zoneWish are the zones that a region is to have, in which an earlier run may have chosen some.
func (s *Stack) zoneWish(settings config.Settings, facts state.Facts) compute.ZoneWish {
	wish := ZonesOfNew(settings)
	wish.Recorded = facts.Zones
	resources := s.Record.Document().Regions[settings.Region].Resources
	wish.Serving = resources[groupKey].ID != ""
	wish.Taken = func(slot int) bool {
		for key := range resources {
			if isIn(key, Letter(slot)) {
				return true
			}
		}
		return false
	}
	return wish
}

// isIn says whether a key names a thing of the zone with this letter, such as "subnet/public-b" or "nat-gateway/b".
func isIn(key graph.Key, letter string) bool {
	zonal := []string{"subnet", "route-table", "nat-gateway", "elastic-ip"}
	return slices.Contains(zonal, key.Kind()) && (key.Name() == letter || strings.HasSuffix(key.Name(), "-"+letter))
}
