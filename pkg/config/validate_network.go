package config

import (
	"net/netip"
	"slices"
	"time"
)

// The blocks of RFC 1918.
var privateBlocks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"),
}

func validateNetwork(s Settings, l layer, mistakes *mistakes) {
	cidr, supernet, zones := l["network.cidr"], l["network.supernet"], l["network.azs"]
	for _, block := range []value{cidr, supernet} {
		if p, ok := block.data.(netip.Prefix); ok && p.IsValid() && block.at.Source != Derived && !isPrivate(p) {
			mistakes.setting(block, "use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16", "%s is not private", p)
		}
	}
	if !s.Network.CIDR.IsValid() {
		return // already reported
	}
	bits, slots := s.Network.CIDR.Bits(), Slots(s.Network.CIDR)
	switch {
	case slots == 0:
		mistakes.setting(cidr, "", "%s is a /%d, but a VPC here has /%d to /%d", s.Network.CIDR, bits, largestVPC, smallestVPC)
	case s.Network.AZs > slots:
		mistakes.setting(closest(zones, l["network.prefix"]), "use a larger VPC or fewer zones",
			"%s has room for %d zones, not %d", s.Network.CIDR, slots, s.Network.AZs)
	}
	if d := s.Network.FlowLogs.Interval; d != time.Minute && d != 10*time.Minute {
		mistakes.setting(l["network.flow_logs.interval"], "", "must be 1m or 10m, not %s", formatDuration(d))
	}
	if s.Network.NAT == NATRegional && Partition(s.Region) != "aws" {
		mistakes.setting(l["network.nat"], "use per-az", "%s has no regional NAT gateways", s.Region)
	}
}

func isPrivate(p netip.Prefix) bool {
	return slices.ContainsFunc(privateBlocks, func(block netip.Prefix) bool {
		return block.Bits() <= p.Bits() && block.Contains(p.Addr())
	})
}

// validateOverlap finds regions whose VPCs could never be connected, since their addresses overlap.
func validateOverlap(regions []Settings, layers []layer, mistakes *mistakes) {
	for i, b := range regions {
		for j, a := range regions[:i] {
			if a.Network.CIDR.IsValid() && b.Network.CIDR.IsValid() && a.Network.CIDR.Overlaps(b.Network.CIDR) {
				mistakes.setting(blame(layers[j], layers[i]), "", "%s of %s overlaps %s of %s",
					b.Network.CIDR, b.Region, a.Network.CIDR, a.Region)
			}
		}
	}
}

// blame is the network setting of two regions that departs most from the fixed table.
func blame(a, b layer) value {
	for _, path := range []string{"network.cidr", "network.prefix", "network.supernet"} {
		for _, v := range []value{b[path], a[path]} {
			if v.at.Source == FromFile && v.closeness() >= 2 {
				return v
			}
		}
	}
	return closest(b["network.cidr"], b["network.prefix"], b["network.supernet"])
}
