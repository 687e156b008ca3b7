package network

import (
	"testing"

	"provision/pkg/graph"
)

func TestInternetGatewayDiff(t *testing.T) {
	there := existing(t, map[graph.Key]string{"vpc": "vpc-1"})
	absent := existing(t, map[graph.Key]string{})
	wish := InternetGateway{Meta: meta("internet-gateway"), VPC: there("vpc")}
	good := InternetGatewayState{
		Identity: graph.Identity{ID: "igw-1", Tags: ownTags("internet-gateway")}, VPCID: "vpc-1",
	}
	checkDiffs(t, map[string]diffCase[InternetGatewayState]{
		"as wanted": {wish, good, nil},
		"detached": {
			wish, but(good, func(o *InternetGatewayState) { o.VPCID = "" }),
			[]graph.Change{{Field: "attachment", To: "vpc-1", After: "vpc"}},
		},
		"before the VPC is there": {
			InternetGateway{Meta: wish.Meta, VPC: absent("vpc")},
			but(good, func(o *InternetGatewayState) { o.VPCID = "" }),
			[]graph.Change{{Field: "attachment", To: "vpc", After: "vpc"}},
		},
		"attached to somebody else's VPC": {
			wish, but(good, func(o *InternetGatewayState) { o.VPCID = "vpc-2" }),
			[]graph.Change{{Field: "attachment", From: "vpc-2", To: "vpc-1", Fixed: "fixed"}},
		},
	})
}
