package effect

import (
	"testing"
	"time"

	autoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/network"
)

// No client notices what is done in a region without a VPC, nor in one that can't be planned.
func TestNothingIsTheEffectOfCreation(t *testing.T) {
	fresh := plan(graph.Step{Key: "vpc", Action: graph.Create}, graph.Step{Key: "elastic-ip/a", Action: graph.Create})
	if got := Of(fresh, config.Settings{}); got != nil {
		t.Errorf("a new region: %+v", got)
	}
	if got := Of(nil, config.Settings{}); got != nil {
		t.Errorf("no plan: %+v", got)
	}
}

func TestEffects(t *testing.T) {
	settings := config.Settings{}
	settings.LB.Drain = 30 * time.Second
	for name, c := range map[string]struct {
		steps []graph.Step
		want  []Effect
	}{
		"flow logs are turned off": {
			[]graph.Step{
				{Key: "log-group", ID: "/provision-web/flow-logs", Action: graph.Delete},
				{Key: "flow-log", ID: "fl-1", Action: graph.Delete},
			},
			[]Effect{{
				Kind: RecordsLost, Text: "the flow logs recorded so far are deleted with the log group /provision-web/flow-logs",
			}},
		},
		"a flow log is replaced, the old one first": {
			[]graph.Step{
				{Key: "log-group", ID: "/provision-web/flow-logs", Action: graph.Keep},
				{Key: "flow-log", ID: "fl-1", Action: graph.Replace},
			},
			[]Effect{{Kind: RecordsLost, Text: "traffic is not recorded for some seconds, until the new flow log is there"}},
		},
		"a flow log is replaced, the new one first": {
			[]graph.Step{{Key: "flow-log", ID: "fl-1", Action: graph.Replace, CreateFirst: true}}, nil,
		},
		"nothing changes": {[]graph.Step{group(graph.Keep, 2)}, nil},
		"another tag of the instances replaces none": {
			[]graph.Step{group(graph.Update, 2), template(graph.Change{Field: "launch tags", From: "1", To: "2"})}, nil,
		},
		"another type replaces all, one after the other": {
			[]graph.Step{group(graph.Update, 2), template(graph.Change{Field: "launch type", From: "t3.micro", To: "t3.small"})},
			[]Effect{{
				Kind: Replaced, Instances: 2, Of: 2, Takes: 8 * time.Minute,
				Text: "2 of 2 instances replaced, rolling, about 8 min",
			}},
		},
		"a template that is lost replaces all": {
			[]graph.Step{group(graph.Update, 1), {Key: "launch-template", Action: graph.Create}},
			[]Effect{{
				Kind: Replaced, Instances: 1, Of: 1, Takes: 4 * time.Minute,
				Text: "1 of 1 instance replaced, rolling, about 4 min",
			}},
		},
		"half may start at once": {
			[]graph.Step{group(graph.Update, 4), template(graph.Change{Field: "launch script", From: "1", To: "2"})},
			[]Effect{{
				Kind: Replaced, Instances: 4, Of: 4, Takes: 8 * time.Minute,
				Text: "4 of 4 instances replaced, rolling, about 8 min",
			}},
		},
		"instances of an older version": {
			[]graph.Step{
				group(graph.Update, 3),
				{Key: "launch-template", Action: graph.Keep, Observed: compute.LaunchTemplateState{Note: compute.Note{Version: 3, Since: 2}}},
			},
			[]Effect{{
				Kind: Replaced, Instances: 3, Of: 3, Takes: 12 * time.Minute,
				Text: "3 of 3 instances replaced, rolling, about 12 min",
			}},
		},
		"fewer instances": {
			[]graph.Step{group(graph.Update, 4, graph.Change{Field: "group desiredCapacity", From: "4", To: "2"})},
			[]Effect{{
				Kind: Capacity, Instances: 2, Of: 4, Fewer: 2, From: "4", To: "2",
				Text: "2 of 4 instances end: the group shrinks from 4 to 2",
			}},
		},
		"a group that must go first": {
			[]graph.Step{group(graph.Replace, 2)},
			[]Effect{{
				Kind: Outage, Instances: 2, Of: 2, Fewer: 2,
				Text: "all 2 instances end before new ones start: no requests are served meanwhile",
			}},
		},
		"a zone less": {
			[]graph.Step{
				group(graph.Update, 2, graph.Change{Field: "group subnets", From: "subnet-1,subnet-2,subnet-3", To: "subnet-1,subnet-2"}),
				nat("a", graph.Keep), nat("b", graph.Keep), nat("c", graph.Delete), address("c", graph.Delete, "203.0.113.3"),
				address("a", graph.Keep, "203.0.113.1"),
			},
			[]Effect{
				{
					Kind: Addresses, From: "203.0.113.3", To: "203.0.113.1",
					Text: "source addresses are released, and firewalls that allow them stop matching: 203.0.113.3",
				},
				{Kind: Redundancy, From: "3", To: "2", Text: "instances run in 2 zones instead of 3"},
				{Kind: Redundancy, From: "3", To: "2", Text: "NAT gateways in 2 zones instead of 3"},
			},
		},
		"a zone less, with an instance in it": {
			[]graph.Step{
				{
					Key: "auto-scaling-group", ID: "provision-web", Action: graph.Update, Changes: spread("1,2,3", "1,2"),
					Observed: inZones("eu-west-1a", "eu-west-1c"),
				},
				{Key: "subnet/private-c", ID: "subnet-3", Action: graph.Delete, Observed: network.SubnetState{Zone: "eu-west-1c"}},
			},
			[]Effect{
				{Kind: Redundancy, From: "3", To: "2", Text: "instances run in 2 zones instead of 3"},
				{
					Kind: Replaced, Instances: 1, Of: 2, Fewer: 1, Takes: 3*time.Minute + 30*time.Second,
					Text: "1 of 2 instances replaced in other zones: up to 1 fewer serve until the new ones are healthy, about 4 min",
				},
			},
		},
		"a zone more, into which an instance moves": {
			[]graph.Step{
				{
					Key: "auto-scaling-group", ID: "provision-web", Action: graph.Update, Changes: spread("1,2", "1,2,3"),
					Observed: inZones("eu-west-1a", "eu-west-1a", "eu-west-1b"),
				},
				{Key: "subnet/private-c", Action: graph.Create},
			},
			[]Effect{{
				Kind: Replaced, Instances: 1, Of: 3, Fewer: 1, Takes: 3*time.Minute + 30*time.Second,
				Text: "1 of 3 instances replaced in other zones: up to 1 fewer serve until the new ones are healthy, about 4 min",
			}},
		},
		"a zone more, and none moves": {
			[]graph.Step{
				{
					Key: "auto-scaling-group", ID: "provision-web", Action: graph.Update, Changes: spread("1,2", "1,2,3"),
					Observed: inZones("eu-west-1a", "eu-west-1b"),
				},
				{Key: "subnet/private-c", Action: graph.Create},
			},
			nil,
		},
		"a zone less, and another type": {
			[]graph.Step{
				{
					Key: "auto-scaling-group", ID: "provision-web", Action: graph.Update, Changes: spread("1,2,3", "1,2"),
					Observed: inZones("eu-west-1a", "eu-west-1c"),
				},
				template(graph.Change{Field: "launch type", From: "t3.micro", To: "t3.small"}),
				{Key: "subnet/private-c", ID: "subnet-3", Action: graph.Delete, Observed: network.SubnetState{Zone: "eu-west-1c"}},
			},
			[]Effect{
				{Kind: Redundancy, From: "3", To: "2", Text: "instances run in 2 zones instead of 3"},
				{
					Kind: Replaced, Instances: 2, Of: 2, Fewer: 1, Takes: 8 * time.Minute,
					Text: "2 of 2 instances replaced, rolling, about 8 min; up to 1 fewer serve while the zones change",
				},
			},
		},
		"a regional NAT gateway instead of others": {
			[]graph.Step{
				private("a"), private("b"), nat("a", graph.Delete), nat("b", graph.Delete),
				{Key: "nat-gateway/regional", Action: graph.Create},
				address("a", graph.Delete, "203.0.113.1"), address("b", graph.Delete, "203.0.113.2"),
			},
			[]Effect{{
				Kind: Addresses, From: "203.0.113.1, 203.0.113.2",
				Text: "source addresses are released, and firewalls that allow them stop matching: 203.0.113.1, 203.0.113.2",
			}},
		},
		"one NAT gateway instead of a regional one": {
			[]graph.Step{
				private("a"), private("b"),
				{Key: "nat-gateway/a", Action: graph.Create},
				{Key: "elastic-ip/a", Action: graph.Create},
				{
					Key: "nat-gateway/regional", ID: "nat-1", Action: graph.Delete, Phase: graph.Ready,
					Observed: network.NATGatewayState{Mode: types.AvailabilityModeRegional, Addresses: []string{"203.0.113.1", "203.0.113.2"}},
				},
			},
			[]Effect{
				{
					Kind: Addresses, From: "203.0.113.1, 203.0.113.2",
					Text: "source addresses are released, and firewalls that allow them stop matching: 203.0.113.1, 203.0.113.2",
				},
				{
					Kind: Redundancy, From: "2", To: "1",
					Text: "NAT gateways in 1 zone instead of 2: the loss of that zone cuts off all instances from the internet",
				},
			},
		},
		"a regional NAT gateway where there was none": {
			[]graph.Step{private("a"), private("b"), {Key: "nat-gateway/regional", Action: graph.Create}},
			[]Effect{{Kind: Addresses, Text: "2 source addresses more, from which requests will come"}},
		},
		"records kept for less time": {
			[]graph.Step{{
				Key: "log-group", ID: "/provision-web/flow-logs", Action: graph.Update,
				Changes: []graph.Change{{Field: "retentionInDays", From: "14", To: "7"}},
			}},
			[]Effect{{
				Kind: RecordsLost, From: "14", To: "7",
				Text: "flow logs older than 7 days are deleted from the log group /provision-web/flow-logs",
			}},
		},
		"records kept for more time": {
			[]graph.Step{{
				Key: "log-group", ID: "/provision-web/flow-logs", Action: graph.Update,
				Changes: []graph.Change{{Field: "retentionInDays", From: "14", To: "30"}},
			}},
			nil,
		},
		"no way out": {
			[]graph.Step{route("private-a", "nat-1", ""), route("private-b", "nat-2", "")},
			[]Effect{{Kind: EgressLost, Text: "instances in zones a, b lose their route to the internet"}},
		},
		"another way out": {
			[]graph.Step{route("private-b", "nat-2", "nat-1")},
			[]Effect{{Kind: Addresses, Text: "requests from instances in zone b come from other addresses, and their connections break"}},
		},
		"a repaired way out":              {[]graph.Step{route("private-b", "nat-2 (blackhole)", "nat-gateway/b")}, nil},
		"a way out where there was none":  {[]graph.Step{route("private-b", "", "nat-1")}, nil},
		"a change of the public way only": {[]graph.Step{route("public", "igw-1", "igw-2")}, nil},
		"one more zone": {
			[]graph.Step{address("a", graph.Keep, "203.0.113.1"), {Key: "elastic-ip/c", Action: graph.Create}},
			[]Effect{{Kind: Addresses, Text: "1 source address more, from which requests will come"}},
		},
		"the load balancer is replaced": {
			[]graph.Step{{Key: "load-balancer", Action: graph.Replace, ID: "arn", Phase: graph.Failed}},
			[]Effect{{Kind: NameLost, Text: "the load balancer is replaced: it answers under another name, and not before it is ready"}},
		},
		"another port": {
			[]graph.Step{listener(80, graph.Update, graph.Change{Field: "port", From: "80", To: "8080"})},
			[]Effect{{Kind: PortClosed, From: "80", Text: "port 80 is closed: requests to it fail"}},
		},
		"TLS": {
			[]graph.Step{
				listener(80, graph.Update, graph.Change{Field: "defaultActions", From: "forward arn", To: "redirect HTTPS:443 HTTP_301"}),
				{
					Key: "security-group/lb", ID: "sg-1", Action: graph.Update, Phase: graph.Ready,
					Changes: []graph.Change{{Field: "ingress tcp 443 from 0.0.0.0/0", To: "allowed"}},
				},
				{
					Key: "security-group/app", ID: "sg-2", Action: graph.Update, Phase: graph.Ready,
					Changes: []graph.Change{{Field: "ingress tcp 80 from security-group/lb", To: "allowed"}},
				},
			},
			[]Effect{
				{Kind: Redirect, Text: "port 80 answers with a redirect to HTTPS"},
				{Kind: Opened, To: "tcp 443 from 0.0.0.0/0", Text: "security-group/lb lets in tcp 443 from 0.0.0.0/0"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := Of(plan(append([]graph.Step{{Key: "vpc", ID: "vpc-1", Action: graph.Keep}}, c.steps...)...), settings)
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			n := 0
			for _, e := range c.want {
				n += e.Instances
			}
			if Replacements(got) != n {
				t.Errorf("%d instances end, want %d", Replacements(got), n)
			}
		})
	}
}

func plan(steps ...graph.Step) *graph.Plan { return &graph.Plan{Region: "eu-west-1", Steps: steps} }

func group(action graph.Action, members int, changes ...graph.Change) graph.Step {
	o := compute.AutoScalingGroupState{Desired: int32(members), Grace: 3 * time.Minute}
	for range members {
		o.Members = append(o.Members, compute.Member{Version: "1", Lifecycle: autoscaling.LifecycleStateInService})
	}
	return graph.Step{Key: "auto-scaling-group", ID: "provision-web", Action: action, Observed: o, Changes: changes}
}

// inZones is a group with a member in each of the zones.
func inZones(zones ...string) compute.AutoScalingGroupState {
	o := compute.AutoScalingGroupState{Desired: int32(len(zones)), Grace: 3 * time.Minute}
	for _, zone := range zones {
		o.Zones = append(o.Zones, zone)
		o.Members = append(o.Members, compute.Member{Zone: zone, Version: "1", Lifecycle: autoscaling.LifecycleStateInService})
	}
	return o
}

// spread is a change of the group's subnets.
func spread(from, to string) []graph.Change {
	return []graph.Change{{Field: "group subnets", From: from, To: to}}
}

func private(zone string) graph.Step {
	return graph.Step{
		Key: graph.Join("subnet", "private-"+zone), ID: "subnet-" + zone, Action: graph.Keep, Phase: graph.Ready,
		Observed: network.SubnetState{Zone: "eu-west-1" + zone},
	}
}

func template(changes ...graph.Change) graph.Step {
	return graph.Step{
		Key: "launch-template", ID: "lt-1", Action: graph.Update, Changes: changes,
		Observed: compute.LaunchTemplateState{Note: compute.Note{Version: 1, Since: 1}},
	}
}

func nat(zone string, action graph.Action) graph.Step {
	return graph.Step{
		Key: graph.Join("nat-gateway", zone), ID: "nat-" + zone, Action: action, Phase: graph.Ready, Observed: network.NATGatewayState{},
	}
}

func address(zone string, action graph.Action, ip string) graph.Step {
	return graph.Step{
		Key: graph.Join("elastic-ip", zone), ID: "eipalloc-" + zone, Action: action, Phase: graph.Ready,
		Observed: network.ElasticIPState{PublicIP: ip},
	}
}

func route(table, from, to string) graph.Step {
	return graph.Step{
		Key: graph.Join("route-table", table), ID: "rtb-" + table, Action: graph.Update, Phase: graph.Ready,
		Changes: []graph.Change{{Field: "route 0.0.0.0/0", From: from, To: to}},
	}
}

func listener(port int32, action graph.Action, changes ...graph.Change) graph.Step {
	return graph.Step{
		Key: "listener/http", ID: "arn:listener", Action: action, Phase: graph.Ready, Changes: changes,
		Observed: lb.ListenerState{Port: port},
	}
}
