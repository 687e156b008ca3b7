package diagram

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/network"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/verdict"
)

func found(key graph.Key, id string, o graph.Observed) graph.Step {
	return graph.Step{Key: key, ID: id, Action: graph.Keep, Phase: graph.Ready, Observed: o}
}

// drifted is a region of two zones with one thing of each way to be wrong.
func drifted() *stack.StatusPart {
	subnet := func(name, zone string) graph.Step {
		return found(graph.Join("subnet", name), "subnet-"+name, network.SubnetState{Zone: zone, ZoneID: "z-" + zone, CIDR: "10.0.0.0/20"})
	}
	table := func(name, target string) graph.Step {
		return found(graph.Join("route-table", name), "rtb-"+name, network.RouteTableState{Default: network.Route{Target: target}})
	}
	group := found("security-group/app", "sg-app", network.SecurityGroupState{})
	group.Action, group.Changes = graph.Update, []graph.Change{{Field: "ingress", To: "tcp 80 from sg-alb"}}
	pending := found("load-balancer", "arn:lb", lb.LoadBalancerState{})
	pending.Action, pending.Phase, pending.Why = graph.Wait, graph.Pending, "provisioning"
	failed := found("nat-gateway/b", "nat-b", network.NATGatewayState{})
	failed.Action, failed.Phase, failed.Why = graph.Replace, graph.Failed, "InsufficientFreeAddressesInSubnet"
	unwanted := found("elastic-ip/z", "eip-z", network.ElasticIPState{PublicIP: "192.0.2.1"})
	unwanted.Action = graph.Delete
	return &stack.StatusPart{
		Region: "eu-west-1",
		Plan: &graph.Plan{Steps: []graph.Step{
			found("vpc", "vpc-1", network.VPCState{CIDR: "10.0.0.0/16"}), found("internet-gateway", "igw-1", network.InternetGatewayState{}),
			subnet("public-a", "a"), subnet("private-a", "a"), subnet("public-b", "b"), subnet("private-b", "b"),
			found("nat-gateway/a", "nat-a", network.NATGatewayState{}), failed, group, pending,
			table("private-a", "nat-a"), table("private-b", "nat-a"), table("public", "igw-1"),
			{Key: "auto-scaling-group", Action: graph.Create, Phase: graph.Gone},
			unwanted,
		}},
		Health: stack.Health{
			Asked: true, Wanted: 3,
			Members: []compute.Member{{ID: "i-1", Zone: "a", Type: "t3.micro"}, {ID: "i-2", Zone: "b"}, {ID: "i-3", Zone: "b", Lifecycle: "Pending"}},
			Targets: []lb.Target{
				{ID: "i-1", State: "healthy"}, {ID: "i-2", State: "unhealthy", Description: "Request timed out"},
			},
		},
	}
}

func TestBuildJudgesEachThing(t *testing.T) {
	p := Build("web", &stack.Status{Regions: []*stack.StatusPart{drifted()}}, time.Time{})
	got := map[graph.Key]State{}
	for _, n := range p.Regions[0].Nodes() {
		if n.State != Ready {
			got[n.Key] = n.State
		}
	}
	want := map[graph.Key]State{
		"security-group/app": Differs, "load-balancer": Busy, "nat-gateway/b": Replaced, "auto-scaling-group": Missing,
		"elastic-ip/z": Unwanted, "instance/i-2": Failed, "instance/i-3": Busy,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is not ready (-want +got):\n%s", diff)
	}
}

func TestBuildPutsEachThingInItsPlace(t *testing.T) {
	r := Build("web", &stack.Status{Regions: []*stack.StatusPart{drifted()}}, time.Time{}).Regions[0]
	if len(r.Zones) != 2 {
		t.Fatalf("%d zones", len(r.Zones))
	}
	b := r.Zones[1]
	if b.Name != "b (z-b)" || b.Public.ID != "subnet-public-b" || b.Table.ID != "rtb-private-b" || len(b.Instances) != 2 {
		t.Errorf("zone b is %+v", b)
	}
	if r.Zones[0].Exit != 0 || b.Exit != 0 {
		t.Errorf("both zones are routed to NAT gateway a, but drawn to %d and %d", r.Zones[0].Exit, b.Exit)
	}
	if len(r.Others) != 1 || r.Others[0].Key != "elastic-ip/z" {
		t.Errorf("elsewhere is %+v", r.Others)
	}
	if want := []string{"ingress: none → tcp 80 from sg-alb"}; !cmp.Equal(want, r.Security[0].Changes) {
		t.Errorf("the changes are %q", r.Security[0].Changes)
	}
	if n := len(drifted().Plan.Steps) + len(drifted().Members); len(r.Nodes()) != n {
		t.Errorf("%d things are drawn instead of %d", len(r.Nodes()), n)
	}
}

func TestBuildWhereNothingIsThereYet(t *testing.T) {
	part := &stack.StatusPart{Region: "eu-west-1", Health: stack.Health{Asked: true}, Facts: state.Facts{Zones: []string{"euw1-az1", "euw1-az2"}, CIDR: "10.9.0.0/16"}}
	part.Plan = &graph.Plan{}
	for _, key := range []graph.Key{
		"vpc", "subnet/public-a", "subnet/private-a", "subnet/public-b", "subnet/private-b", "nat-gateway/a",
		"route-table/private-a", "route-table/private-b",
	} {
		part.Plan.Steps = append(part.Plan.Steps, graph.Step{Key: key, Action: graph.Create, Phase: graph.Gone})
	}
	r := Build("web", &stack.Status{Regions: []*stack.StatusPart{part}}, time.Time{}).Regions[0]
	if r.Verdict != verdict.NotThere || r.Zones[1].Name != "euw1-az2" || r.VPC.Facts[0] != "10.9.0.0/16" {
		t.Errorf("the region is %+v", r)
	}
	if r.Zones[0].Exit != 0 || r.Zones[1].Exit != 0 {
		t.Errorf("with a single NAT gateway the ways lead to %d and %d", r.Zones[0].Exit, r.Zones[1].Exit)
	}
}

func TestBuildOfARegionThatCantBeRead(t *testing.T) {
	part := &stack.StatusPart{Region: "eu-west-1", Err: errors.New("eu-west-1: read eu-west-1: no credentials")}
	p := Build("web", &stack.Status{Regions: []*stack.StatusPart{part}}, time.Time{})
	if got, want := p.Regions[0].Err, "read eu-west-1: no credentials"; got != want {
		t.Errorf("the error is %q", got)
	}
	all := document(t, p)
	if count(all, func(e *element) bool { return e.attributes["class"] == "problem" }) != 1 {
		t.Error("the page does not show it")
	}
}
