package network

import (
	"maps"
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

func TestSubnetDiff(t *testing.T) {
	ref := existing(t, map[graph.Key]string{"vpc": "vpc-1"})
	wish := Subnet{
		Meta: meta("subnet/private-a"), VPC: ref("vpc"), ZoneID: "euw1-az1", CIDR: netip.MustParsePrefix("10.1.0.0/20"),
	}
	good := SubnetState{
		Identity: graph.Identity{ID: "subnet-1", Tags: ownTags("subnet/private-a")},
		VPCID:    "vpc-1", CIDR: "10.1.0.0/20", ZoneID: "euw1-az1", State: types.SubnetStateAvailable,
	}
	checkDiffs(t, map[string]diffCase[SubnetState]{
		"as wanted": {wish, good, nil},
		"gives public addresses": {
			wish, but(good, func(o *SubnetState) { o.PublicIPs = true }),
			[]graph.Change{{Field: "mapPublicIpOnLaunch", From: "true", To: "false"}},
		},
		"another zone, block and VPC": {
			wish, but(good, func(o *SubnetState) { o.ZoneID, o.CIDR, o.VPCID = "euw1-az2", "10.1.16.0/20", "vpc-2" }),
			[]graph.Change{
				{Field: "vpcId", From: "vpc-2", To: "vpc-1", Fixed: "fixed"},
				{Field: "availabilityZoneId", From: "euw1-az2", To: "euw1-az1", Fixed: "fixed"},
				{Field: "cidrBlock", From: "10.1.16.0/20", To: "10.1.0.0/20", Fixed: "fixed"},
			},
		},
		"a tag lost": {
			wish, but(good, func(o *SubnetState) {
				o.Tags = maps.Clone(o.Tags)
				delete(o.Tags, graph.TagStack)
			}),
			[]graph.Change{{Field: "tag provision:stack", To: "web"}},
		},
	})
}
