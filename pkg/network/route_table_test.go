package network

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

func TestRouteTableDiff(t *testing.T) {
	ref := existing(t, map[graph.Key]string{
		"vpc": "vpc-1", "subnet/a": "subnet-1", "nat-gateway/a": "nat-1",
	})
	wish := RouteTable{
		Meta: meta("route-table/a"), VPC: ref("vpc"), Subnets: []graph.Ref{ref("subnet/a")},
		Default: ref("nat-gateway/a"),
	}
	isolated := but(wish, func(r *RouteTable) { r.Default = graph.Ref{} })
	replaced := but(wish, func(r *RouteTable) { r.Default = ref("nat-gateway/b") })
	more := but(wish, func(r *RouteTable) { r.Subnets = []graph.Ref{ref("subnet/a"), ref("subnet/b")} })
	good := RouteTableState{
		Identity: graph.Identity{ID: "rtb-1", Tags: ownTags("route-table/a")}, VPCID: "vpc-1",
		Associations: map[string]string{"subnet-1": "rtbassoc-1"}, Default: Route{Target: "nat-1"},
	}
	checkDiffs(t, map[string]diffCase[RouteTableState]{
		"as wanted": {wish, good, nil},
		"somebody's subnet is associated, too": {
			wish, but(good, func(o *RouteTableState) {
				o.Associations = map[string]string{"subnet-1": "rtbassoc-1", "subnet-9": "rtbassoc-9"}
			}), nil,
		},
		"new": {
			wish, but(good, func(o *RouteTableState) { o.Associations, o.Default = nil, Route{} }),
			[]graph.Change{
				{Field: "association subnet/a", To: "subnet-1", After: "subnet/a"},
				{Field: "route 0.0.0.0/0", To: "nat-1", After: "nat-gateway/a"},
			},
		},
		"another subnet wanted": {
			more, good, []graph.Change{{Field: "association subnet/b", To: "subnet/b", After: "subnet/b"}},
		},
		"black hole": {
			wish, but(good, func(o *RouteTableState) { o.Default.Blackhole = true }),
			[]graph.Change{
				{Field: "route 0.0.0.0/0", From: "nat-1 (blackhole)", To: "nat-1", After: "nat-gateway/a"},
			},
		},
		"NAT gateway created again": {
			replaced, good, []graph.Change{
				{Field: "route 0.0.0.0/0", From: "nat-1", To: "nat-gateway/b", After: "nat-gateway/b"},
			},
		},
		"no way out wanted": {
			isolated, good, []graph.Change{{Field: "route 0.0.0.0/0", From: "nat-1"}},
		},
		"no way out, as wanted": {
			isolated, but(good, func(o *RouteTableState) { o.Default = Route{} }), nil,
		},
	})
}

// A subnet that goes to another table is moved without a moment in which it has none.
func TestRouteTableTakesOverScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.network)
		single := func(g *graph.Graph) {
			s.network(g)
			graph.Add(g, RouteTable{
				RouteTables{s.EC2},
				meta("route-table/private"), g.Ref("vpc"),
				[]graph.Ref{g.Ref("subnet/private-a")},
				g.Ref("nat-gateway/a"),
			})
		}
		// Both tables want the subnet now, so the plan can't come out even: only the new one is looked at.
		plan := s.Plan(single)
		if err := s.Engine.Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		out, err := s.EC2.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{
			RouteTableIds: []string{s.id("route-table/private")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := observeRouteTable(out.RouteTables[0]).Associations[s.id("subnet/private-a")]; got == "" {
			t.Errorf("the subnet is not with the new table: %+v", out.RouteTables[0].Associations)
		}
		if writes := s.Writes(); writes["ReplaceRouteTableAssociation"] != 1 || writes["DisassociateRouteTable"] != 0 {
			t.Errorf("calls: %v", writes)
		}
	})
}

// Usually the subnets go first. A table that must go before them is freed of them.
func TestRouteTableGoesBeforeItsSubnetScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.network)
		kind := RouteTables{s.EC2}
		all, err := kind.List(t.Context(), &graph.Look{Only: []string{s.id("route-table/private-a")}})
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		if err := kind.Delete(t.Context(), all[0]); err != nil {
			t.Error(err)
		}
		if err := kind.Delete(t.Context(), all[0]); err != nil {
			t.Errorf("deleted once more: %v", err)
		}
		want := []string{"create route-table/private-a", "update vpc-endpoint/s3; routeTableIds"}
		if diff := cmp.Diff(want, sandboxtest.Differences(s.Plan(s.network))); diff != "" {
			t.Errorf("plan (-want +got):\n%s", diff)
		}
		s.Up(s.network)
	})
}
