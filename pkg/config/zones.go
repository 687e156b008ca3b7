package config

import (
	"regexp"
	"slices"
	"strings"
)

var (
	zoneID   = regexp.MustCompile(`^[a-z0-9-]+-az[0-9]+$`)
	zoneName = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9][a-z]$`)
)

// directions are how the IDs of zones shorten the parts of a region's name ("AWS Availability Zone IDs").
var directions = map[string]string{
	"north": "n", "south": "s", "east": "e", "west": "w", "central": "c", "gov": "g",
	"northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
}

// zonePrefix is the start of the IDs of a region's zones: "use1-az" for us-east-1.
func zonePrefix(region string) string {
	var short strings.Builder
	for part := range strings.SplitSeq(region, "-") {
		if direction, known := directions[part]; known {
			part = direction
		}
		short.WriteString(part)
	}
	return short.String() + "-az"
}

// inRegion says whether a zone may be one of the region's. How the European Sovereign Cloud abbreviates is not known.
func inRegion(zone, region string) bool {
	return strings.HasPrefix(zone, zonePrefix(region)) || Partition(region) == "aws-eusc" && strings.HasPrefix(zone, "eusc")
}

// deriveZones leaves a region those zones of the lists that are its own, and takes the number of zones from the list that
// names them.
func deriveZones(l layer, region string, mistakes *mistakes) {
	zones, avoid := l["network.zones"], l["network.avoid_zones"]
	for _, list := range []value{zones, avoid} {
		validateZoneList(list, region, mistakes)
	}
	zones, avoid = zonesOf(zones, region), zonesOf(avoid, region)
	l["network.zones"], l["network.avoid_zones"] = zones, avoid
	for i, id := range listOf(zones) {
		if slices.Contains(listOf(avoid), id) {
			mistakes.setting(closest(zones.item(i), avoid), "take it out of one of the lists", "zones names %s, and avoid_zones does, too", id)
		}
	}
	const least = 2 // of a load balancer
	azs, count := l["network.azs"], len(listOf(zones))
	switch {
	case count == 0:
		return
	case count < least || count > MaxZones:
		mistakes.setting(zones, "", "must name %d to %d zones of %s, not %d", least, MaxZones, region, count)
		return
	case azs.at.Source != FromDefault && azs.closeness() >= zones.closeness() && azs.data != count:
		mistakes.setting(azs, "remove azs, or name as many zones", "azs is %d, but zones names %d of %s", azs.data, count, region)
		return
	}
	azs.data, azs.at = count, Origin{Source: Derived, Name: "network.zones"}
	l["network.azs"] = azs
}

// validateZoneList checks each zone of a list. A list for all regions may name zones of any; one under overrides only those
// of its region.
func validateZoneList(list value, region string, mistakes *mistakes) {
	isDefault := strings.HasSuffix(list.path, "defaults.network.zones") || strings.HasSuffix(list.path, "defaults.network.avoid_zones")
	for i, id := range listOf(list) {
		at := list.item(i)
		switch {
		case zoneName.MatchString(id):
			mistakes.setting(at, "write the zone's ID, such as use1-az1: "+
				"`aws ec2 describe-availability-zones` shows it", "%q is a zone's name, which means another zone in another account", id)
		case !zoneID.MatchString(id) || !slices.ContainsFunc(KnownRegions(), func(known string) bool { return inRegion(id, known) }):
			mistakes.setting(at, "write a zone's ID, such as use1-az1", "%q is no zone of a known region", id)
		case !isDefault && !inRegion(id, region):
			mistakes.setting(at, "", "%s is not in %s", id, region)
		case slices.Contains(listOf(list)[:i], id):
			mistakes.setting(at, "remove one", "%s is listed twice", id)
		}
	}
}

// zonesOf is a list without the zones of other regions.
func zonesOf(list value, region string) value {
	own := value{path: list.path, at: list.at, bad: list.bad, data: list.data}
	if listOf(list) == nil {
		return own
	}
	var ids []string
	for i, id := range listOf(list) {
		if inRegion(id, region) {
			ids, own.items = append(ids, id), append(own.items, list.item(i).at)
		}
	}
	own.data = ids
	return own
}
