package network

import (
	"net/netip"
	"testing"

	"provision/pkg/graph"
)

func TestVPCDiff(t *testing.T) {
	wish := VPC{Meta: meta("vpc"), CIDR: netip.MustParsePrefix("10.1.0.0/16")}
	good := VPCState{
		Identity: graph.Identity{ID: "vpc-1", Tags: ownTags("vpc")}, CIDR: "10.1.0.0/16",
		DNSHostnames: true,
		DNSSupport:   true,
	}
	checkDiffs(t, map[string]diffCase[VPCState]{
		"as wanted": {wish, good, nil},
		"DNS hostnames off": {
			wish, but(good, func(o *VPCState) { o.DNSHostnames = false }),
			[]graph.Change{{Field: "enableDnsHostnames", From: "false", To: "true"}},
		},
		"another block": {
			wish, but(good, func(o *VPCState) { o.CIDR = "10.2.0.0/16" }),
			[]graph.Change{{Field: "cidrBlock", From: "10.2.0.0/16", To: "10.1.0.0/16", Fixed: "fixed"}},
		},
	})
}
