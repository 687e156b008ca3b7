package config

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// MaxZones is how many Availability Zones of a region a stack can use.
const MaxZones = 6

// A load balancer needs a /27 in each zone (Elastic Load Balancing guide, "Subnets for your load balancer"), and no
// subnet of the plan is smaller.
const smallestSubnet = 27

// The sizes that a VPC can have.
const (
	largestVPC  = 16
	smallestVPC = 24
)

// Slots is how many zones have a place in a VPC of this size: [MaxZones], but 4 in a /24, and none outside /16 to /24.
func Slots(vpc netip.Prefix) int {
	if vpc.Bits() < largestVPC || vpc.Bits() > smallestVPC {
		return 0
	}
	return min(MaxZones, 1<<(smallestSubnet-vpc.Bits()-1))
}

// Subnets are the address blocks of the zone with this index (from 0) in a VPC of /16 to /24. They depend on nothing
// else, so a stack that grows by a zone moves no subnet.
//
// The lower half of the VPC holds the private subnets, the upper half the public ones, in order of the zone. A /16
// has private subnets of /20 and public ones of /24; both shrink with the VPC, but not below /27. In a /20 or larger,
// most of the upper half stays free.
func Subnets(vpc netip.Prefix, zoneIndex int) (public, private netip.Prefix, err error) {
	if zoneIndex < 0 || zoneIndex >= Slots(vpc) {
		return public, private, fmt.Errorf("zone number %d has no place in %s, which holds %d", zoneIndex+1, vpc, Slots(vpc))
	}
	half := nth(vpc, vpc.Bits()+1, 1)
	public = nth(half, min(vpc.Bits()+8, smallestSubnet), zoneIndex)
	private = nth(vpc, min(vpc.Bits()+4, smallestSubnet), zoneIndex)
	return public, private, nil
}

// regionCIDR is the block of a region's VPC: the one with the region's index in the supernet.
func regionCIDR(supernet netip.Prefix, bits int, region string) (netip.Prefix, error) {
	index, blocks := regionIndex[region], 1<<max(bits-supernet.Bits(), 0)
	if index >= blocks {
		return netip.Prefix{}, fmt.Errorf("%s has no room for a /%d of %s, the region number %d: it holds numbers 0 to %d",
			supernet, bits, region, index, blocks-1)
	}
	return nth(supernet, bits, index), nil
}

// nth is the i-th block of this size in an IPv4 block.
func nth(block netip.Prefix, bits, i int) netip.Prefix {
	addr := block.Masked().Addr().As4()
	offset := uint32(i) << (32 - bits)
	binary.BigEndian.PutUint32(addr[:], binary.BigEndian.Uint32(addr[:])+offset)
	return netip.PrefixFrom(netip.AddrFrom4(addr), bits)
}
